"""Where the boxes of one linked network stand: found by trying, with few crossings and no line through a third box."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from kg.maps.drawing import Point
from kg.maps.geometry import crosses, meets

APART: Final = 16.0
"""Pixels at least between two boxes."""
CLEAR: Final = 10.0
"""Pixels at least between the middle of a line and a third box: four remain beside the widest line."""
NEAR: Final = 26.0
"""A line nearer than this to a third box is allowed, but not liked."""
COLUMN: Final = 60.0
ROW: Final = 32.0
"""Boxes stand on a grid of columns and rows this far apart, so that many share them."""
WIDE: Final = 1040.0
"""The width a network should not exceed; where there are more boxes, it grows with them."""

HOT: Final = 300.0
COLD: Final = 9.0
"""How much worse a place may be that is still taken, on average, at first and at the end."""
SEVERAL: Final = 0.25
"""How often several boxes are moved together."""
FEW: Final = 30
"""So many boxes have time for several beginnings, of which the best is kept, and fit into `WIDE`."""
SPREADS: Final = 3
"""How often boxes are moved apart to clear a way for lines."""
SUMS: Final = 1_500_000
"""Lines and boxes looked at from one beginning: about half a second."""

CROSSING: Final = 700.0
THROUGH: Final = 2000.0
CLOSE: Final = 70.0
CRAMPED: Final = 4.0
SLOPE: Final = 20.0
TILT: Final = 400.0
LINE: Final = 60.0
"""What is bad about a picture, in pixels of line that one would add to be rid of it: a crossing; a line through a
third box; a line close to one; a pixel too little of a line to be seen; a line neither level nor upright; the
same between two hubs; one more row or column in use."""


@dataclass(frozen=True)
class Network:
    """What is arranged: half the width and height of each box, the boxes that are linked (by their number) with the
    number printed on the link, and the boxes that are hubs, the largest first."""

    halves: Sequence[tuple[float, float]]
    links: Sequence[tuple[int, int, int]]
    hubs: Sequence[int]


class Search:
    """A network with places for its boxes that are made better step by step.

    It keeps plain lists because the same sums are done some ten thousand times.
    """

    def __init__(self, network: Network, random: Random, grid: float) -> None:
        self.network = network
        count = len(network.halves)
        self.random = random
        self.wide = WIDE * max(1.0, count / FEW)
        # Two hubs stand level; three cannot.
        self.hubs = frozenset(network.hubs if len(network.hubs) == 2 else ())
        self.x: list[float] = [0.0] * count
        self.y: list[float] = [0.0] * count
        self.placed: list[int] = []
        self.column, self.row = COLUMN * grid, ROW * grid
        self.linked: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        for a, b, weight in network.links:
            self.linked[a].append((b, weight))
            self.linked[b].append((a, weight))
        self.lines: list[tuple[int, int]] = []
        self.is_placed = [False] * count
        # What was last found bad about a box, and after how many moves.
        self.moves = 0
        self.known: list[tuple[int, float]] = [(-1, 0.0)] * count

    def put(self, box: int, place: Point) -> None:
        """Give a box its first place; its lines to those placed before are there from now on."""
        self.x[box], self.y[box] = place
        self.is_placed[box] = True
        self.placed.append(box)
        self.lines += [(box, other) for other, _ in self.linked[box] if self.is_placed[other]]

    def is_free(self, box: int, x: float, y: float) -> bool:
        """Whether a box may stand there, seen from the other boxes."""
        halves = self.network.halves
        half_width, half_height = halves[box][0] + APART, halves[box][1] + APART
        for other in self.placed:
            if (
                abs(self.x[other] - x) < half_width + halves[other][0]
                and abs(self.y[other] - y) < half_height + halves[other][1]
                and other != box
            ):
                return False
        return True

    def cost(self, box: int, limit: float = math.inf) -> float:
        """What is bad about the place of a box; no sum is done to its end that exceeds the limit."""
        total = self._room() + self._lengths(box)
        x, y, halves = self.x, self.y, self.network.halves
        bx, by = x[box], y[box]
        near_width, near_height = halves[box][0] + NEAR, halves[box][1] + NEAR
        # Lines of others at this box.
        for a, b in self.lines:
            if box in (a, b):
                continue
            dx, dy = (x[b] - x[a]) / 2, (y[b] - y[a]) / 2
            mx, my = x[a] + dx - bx, y[a] + dy - by
            adx, ady = abs(dx), abs(dy)
            if abs(mx) > near_width + adx or abs(my) > near_height + ady:
                continue
            across = abs(dx * my - dy * mx)
            if across <= near_height * adx + near_width * ady:
                total += self._nearness((x[a], y[a]), (x[b], y[b]), box)
        for other, _ in self.linked[box]:
            if not self.is_placed[other]:
                continue
            if total > limit:
                return total
            total += self._line(box, other)
        return total

    def cost_now(self, box: int) -> float:
        """What is bad about the place of a box, found anew only after a move."""
        if self.known[box][0] != self.moves:
            self.known[box] = self.moves, self.cost(box)
        return self.known[box][1]

    def move(self, box: int, place: Point) -> None:
        """Give a box another place."""
        self.x[box], self.y[box] = place
        self.moves += 1

    def _nearness(self, start: Point, end: Point, box: int) -> float:
        width, height = self.network.halves[box]
        hit = meets(start, end, (self.x[box], self.y[box]), width + CLEAR, height + CLEAR)
        return THROUGH if hit else CLOSE

    def _line(self, box: int, other: int) -> float:
        """What is bad about the line between two boxes: what it crosses, and what it runs through."""
        x, y, halves = self.x, self.y, self.network.halves
        x0, y0, x1, y1 = x[box], y[box], x[other], y[other]
        ex, ey = x1 - x0, y1 - y0
        total = 0.0
        low_x, high_x = (x0, x1) if x0 < x1 else (x1, x0)
        low_y, high_y = (y0, y1) if y0 < y1 else (y1, y0)
        for a, b in self.lines:
            if a in (box, other) or b in (box, other):
                continue
            xa, ya, xb, yb = x[a], y[a], x[b], y[b]
            if (xa < low_x and xb < low_x) or (xa > high_x and xb > high_x):
                continue
            if (ya < low_y and yb < low_y) or (ya > high_y and yb > high_y):
                continue
            if (ex * (ya - y0) - ey * (xa - x0)) * (ex * (yb - y0) - ey * (xb - x0)) < 0:
                fx, fy = xb - xa, yb - ya
                if (fx * (y0 - ya) - fy * (x0 - xa)) * (fx * (y1 - ya) - fy * (x1 - xa)) < 0:
                    total += CROSSING
        dx, dy = ex / 2, ey / 2
        mx, my, adx, ady = x0 + dx, y0 + dy, abs(dx), abs(dy)
        for third in self.placed:
            px, py = mx - x[third], my - y[third]
            width, height = halves[third][0] + NEAR, halves[third][1] + NEAR
            if abs(px) > width + adx or abs(py) > height + ady or third in (box, other):
                continue
            if abs(dx * py - dy * px) <= height * adx + width * ady:
                total += self._nearness((x0, y0), (x1, y1), third)
        return total

    def _lengths(self, box: int) -> float:
        total = 0.0
        halves = self.network.halves
        for other, weight in self.linked[box]:
            if not self.is_placed[other]:
                continue
            dx, dy = abs(self.x[other] - self.x[box]), abs(self.y[other] - self.y[box])
            length = math.hypot(dx, dy)
            # What of the line is hidden by the boxes at its ends.
            hidden = sum(
                min(half[0] / dx if dx else 9.0, half[1] / dy if dy else 9.0) for half in (halves[box], halves[other])
            )
            wanted = 34.0 if weight > 1 else 22.0
            if dx and dy:
                total += TILT if box in self.hubs and other in self.hubs else SLOPE
            total += length + CRAMPED * max(0.0, wanted - length * (1 - hidden))
        return total

    def _room(self) -> float:
        """What the whole takes, and how many rows and columns its boxes stand in."""
        xs, ys = [self.x[one] for one in self.placed], [self.y[one] for one in self.placed]
        wide = max(xs) - min(xs) + 130
        high = max(ys) - min(ys)
        far = 3.0 * max(0.0, wide - self.wide)
        return 0.3 * wide + 1.2 * high + far + LINE * (len(set(xs)) + len(set(ys)))

    def cost_at(self, box: int, place: Point, limit: float) -> float:
        """What would be bad about another place for a box."""
        before = self.x[box], self.y[box]
        self.x[box], self.y[box] = place
        found = self.cost(box, limit)
        self.x[box], self.y[box] = before
        return found

    # --- first places --------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Put the hubs where they anchor the rest, then each box where it is least bad among those there."""
        for hub, place in zip(self.network.hubs, self._anchors(), strict=True):
            self.put(hub, place)
        for box in self._order():
            self.put(box, self._first(box))

    def _anchors(self) -> list[Point]:
        hubs = len(self.network.hubs)
        if hubs < 3:
            return [(0.0, 0.0)][:hubs] if hubs < 2 else [(4 * self.column, 0.0), (-4 * self.column, 0.0)]
        wide, high = (2 + hubs) * self.column, (2.5 + hubs) * self.row
        turns = [math.tau * number / hubs - math.pi / 2 for number in range(hubs)]
        return [self._slot(wide * math.cos(turn), high * math.sin(turn)) for turn in turns]

    def _order(self) -> list[int]:
        """The boxes that are no hubs: those with most links to what is there come first."""
        left = [box for box in range(len(self.x)) if not self.is_placed[box]]
        there = set(self.placed)
        order = []
        while left:
            best = max(
                left,
                key=lambda box: (sum(other in there for other, _ in self.linked[box]), len(self.linked[box]), -box),
            )
            left.remove(best)
            there.add(best)
            order.append(best)
        return order

    def _slot(self, x: float, y: float) -> Point:
        return round(x / self.column) * self.column, round(y / self.row) * self.row

    def _first(self, box: int) -> Point:
        around = [other for other, _ in self.linked[box] if self.is_placed[other]] or self.placed
        if not around:
            return 0.0, 0.0
        x = sum(self.x[other] for other in around) / len(around)
        y = sum(self.y[other] for other in around) / len(around)
        reach = 0
        best: tuple[float, Point] | None = None
        self.placed.append(box)
        self.is_placed[box] = True
        while best is None or reach < 6:
            reach += 2 if reach < 12 else 6
            for place in self._around(x, y, reach):
                if self.is_free(box, *place):
                    cost = self.cost_at(box, place, best[0] if best else math.inf)
                    if best is None or cost < best[0]:
                        best = cost, place
        self.placed.pop()
        self.is_placed[box] = False
        return best[1]

    def _around(self, x: float, y: float, reach: int) -> list[Point]:
        middle = self._slot(x, y)
        return [
            (middle[0] + column * self.column, middle[1] + row * self.row)
            for row in range(-reach, reach + 1)
            for column in range(-reach, reach + 1)
        ]

    # --- better places -------------------------------------------------------------------------------------------

    def anneal(self, tries: int) -> None:
        """Try other places at random; worse ones are taken at first, and hardly any at the end."""
        random = self.random
        for number in range(tries):
            done = number / tries
            box = int(random.random() * len(self.x))
            allowance = -HOT * (COLD / HOT) ** done * math.log(1 - random.random())
            if random.random() < SEVERAL:
                self._move_together(self._several(box), allowance)
                continue
            place = self._tried(box, 1 - done)
            if place == (self.x[box], self.y[box]) or not self.is_free(box, *place):
                continue
            limit = self.cost_now(box) + allowance
            if self.cost_at(box, place, limit) <= limit:
                self.move(box, place)

    def _tried(self, box: int, loose: float) -> Point:
        """A place to try: in a row or column of another box, near one it is linked to, or near where it is."""
        random = self.random
        kind = random.random()
        if kind < 0.25:
            one, other = (self.placed[int(random.random() * len(self.placed))] for _ in range(2))
            return self.x[one], self.y[other]
        if kind < 0.65:
            near = self.linked[box][int(random.random() * len(self.linked[box]))][0]
            reach = 4.5
        else:
            near, reach = box, 1 + 4 * loose
        return self._slot(
            self.x[near] + random.gauss(0, reach / 1.6) * self.column,
            self.y[near] + random.gauss(0, reach) * self.row,
        )

    def _several(self, box: int) -> dict[int, Point]:
        """Several boxes with places to try: two that change places; one with its leaves; all in its row or column."""
        random, x, y = self.random, self.x, self.y
        other = self.placed[int(random.random() * len(self.placed))]
        kind = random.random()
        if kind < 0.4:
            return {box: (x[other], y[other]), other: (x[box], y[box])}
        across = (int(random.random() * 5) - 2) * self.column
        down = (int(random.random() * 7) - 3) * self.row
        if kind < 0.7:
            group = [box, *(one for one, _ in self.linked[box] if len(self.linked[one]) == 1)]
        elif kind < 0.85:
            group, across, down = [one for one in self.placed if x[one] == x[box]], x[other] - x[box], 0.0
        else:
            group, across, down = [one for one in self.placed if y[one] == y[box]], 0.0, y[other] - y[box]
        return {one: (x[one] + across, y[one] + down) for one in group}

    def _move_together(self, places: dict[int, Point], allowance: float) -> None:
        """Give several boxes other places, unless that is worse than allowed."""
        before = {one: (self.x[one], self.y[one]) for one in places}
        if before == places:
            return
        # What the whole takes is in the cost of each, and counts once.
        limit = sum(map(self.cost_now, places)) - (len(places) - 1) * self._room() + allowance
        self._set(places)
        spare = limit + (len(places) - 1) * self._room()
        for one, place in places.items():
            spare = spare - self.cost(one, spare) if spare >= 0 and self.is_free(one, *place) else -1.0
        if spare < 0:
            self._set(before)
        else:
            self.moves += 1

    def _set(self, places: dict[int, Point]) -> None:
        for one, (x, y) in places.items():
            self.x[one], self.y[one] = x, y

    def polish(self, boxes: Iterable[int], reach: int = 3) -> None:
        """Give each box the best place near its own, a few times or until nothing gets better."""
        for _ in range(4):
            better = False
            for box in boxes:
                best, cost = (self.x[box], self.y[box]), self.cost_now(box) - 0.5
                for place in self._near(box, reach):
                    if self.is_free(box, *place) and (tried := self.cost_at(box, place, cost)) < cost:
                        best, cost = place, tried
                if best != (self.x[box], self.y[box]):
                    self.move(box, best)
                    better = True
            if not better:
                break

    def _near(self, box: int, reach: int) -> list[Point]:
        """The places around a box: those of the grid, and those in rows and columns of other boxes."""
        x, y = self.x[box], self.y[box]
        far_x, far_y = (reach + 2) * self.column, (reach + 5) * self.row
        columns = sorted({other for other in self.x if abs(other - x) < far_x})
        rows = sorted({other for other in self.y if abs(other - y) < far_y})
        return self._around(x, y, reach) + [(column, row) for column in columns for row in rows]

    # --- the whole -----------------------------------------------------------------------------------------------

    def bad(self) -> tuple[int, int]:
        """How many lines run through boxes, and how many cross."""
        points = list(zip(self.x, self.y, strict=True))
        halves = self.network.halves
        hits = sum(
            meets(points[a], points[b], points[c], halves[c][0] + CLEAR, halves[c][1] + CLEAR)
            for a, b in self.lines
            for c in self.placed
            if c not in (a, b)
        )
        crossed = sum(
            crosses(points[a], points[b], points[c], points[d])
            for number, (a, b) in enumerate(self.lines)
            for c, d in self.lines[:number]
            if not {a, b} & {c, d}
        )
        return hits, crossed

    def in_the_way(self) -> list[int]:
        """The boxes that lines of others run through, and those at the ends of such lines."""
        points = list(zip(self.x, self.y, strict=True))
        found = set()
        for a, b in self.lines:
            for c, (width, height) in enumerate(self.network.halves):
                if c not in (a, b) and meets(points[a], points[b], points[c], width + CLEAR, height + CLEAR):
                    found |= {a, b, c}
        return sorted(found)

    def spread(self, times: float) -> None:
        """Move all boxes away from each other."""
        self.x = [x * times for x in self.x]
        self.y = [y * times for y in self.y]
        self.moves += 1

    def whole(self) -> float:
        """What is bad about all of it."""
        hits, crossed = self.bad()
        return (
            THROUGH * hits + CROSSING * crossed + self._room() + sum(self._lengths(box) for box in self.placed) / 2
        )  # fmt: skip


def arrange(network: Network, random: Random) -> list[Point]:
    """The centre of each box. Boxes are apart by `APART`, lines from third boxes by `CLEAR`: always."""
    count, links = len(network.halves), len(network.links)
    if links > 3 * count - 6 > 0:
        # So many cannot be drawn without crossings, and a ring shows best that nearly all are linked.
        return ring(network)
    # A try looks at the lines of one box, each against all lines and boxes.
    sums = (2 * links / count + 1) * (links + count)
    tries = int(min(max(SUMS / sums, 40 * count), 600 * count))
    for grid in (max(1.0, count / FEW) ** 0.5, 1.6, 2.5):
        found = []
        for number in range(3 if count <= FEW else 1):
            search = Search(network, random, grid)
            search.begin()
            search.anneal(tries)
            search.polish(range(count))
            found.append((*search.bad(), search.whole(), number, search))
        *_, best = min(found)
        for _ in range(SPREADS):
            in_the_way = best.in_the_way()
            if not in_the_way:
                return list(zip(best.x, best.y, strict=True))
            best.spread(1.15)
            best.polish(in_the_way)
    return ring(network)


def ring(network: Network) -> list[Point]:
    """The centres on a ring so wide that no line comes near a third box, whatever is linked to what."""
    count = len(network.halves)
    turns = [math.tau * (number + 0.5) / count - math.pi / 2 for number in range(count)]
    size = 100.0
    while True:
        points = [(round(size * math.cos(turn), 1), round(size * 0.7 * math.sin(turn), 1)) for turn in turns]
        if _is_clear(network, points):
            return points
        size *= 1.15


def _is_clear(network: Network, points: Sequence[Point]) -> bool:
    halves = network.halves
    for number, (x, y) in enumerate(points):
        for other in range(number):
            width, height = (halves[number][at] + halves[other][at] + APART for at in (0, 1))
            if abs(points[other][0] - x) < width and abs(points[other][1] - y) < height:
                return False
    return not any(
        meets(points[a], points[b], point, halves[c][0] + CLEAR, halves[c][1] + CLEAR)
        for a, b, _ in network.links
        for c, point in enumerate(points)
        if c not in (a, b)
    )
