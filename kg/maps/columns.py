"""Linked columns: boxes in columns from left to right, lines from each to the next, for dependencies and for traces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kg.maps.drawing import Box, Caption, Drawing, Line, Point
from kg.maps.geometry import on_curve
from kg.maps.ordering import Lane, Ordered, Spot, ordered
from kg.maps.text import LEADING, LONGEST, fitted, width

SIZE: Final = 12
"""The size of all text in boxes."""
PADDING: Final = 7.0
"""What is left free on each side of the words of a box."""
HEIGHT: Final = 18.0
"""The height of a box with one line of text."""
BETWEEN: Final = 4.0
"""Between two boxes of a column."""
BLOCK: Final = 6.0
"""What is added to that between boxes that come from different boxes of the column before."""
LANE: Final = 6.0
"""The height of a row where nothing but a line passes."""
HEAD: Final = 26.0
"""The room for the words above a column, and for one line of those above a group."""
CAPTION: Final = 13
"""The size of those words."""
CAPTION_STEP: Final = 15.0
"""From one line of them to the next."""
NARROWEST: Final = 90.0
"""No column is narrower, so that with many columns the whole may be wider than asked."""
GAP: Final = 56.0
"""Between two columns where few lines cross."""
WIDEST_GAP: Final = 150.0
"""Between two columns where many do: each crossing adds a pixel."""
MOST_LINES: Final = 4
"""A label has no more lines of text."""
PORT: Final = 5.0
"""Between two lines at the side of a box, where there is room."""
ARC: Final = 9.0
"""How much further out an arc stands than one that it goes around."""
EDGE: Final = 1.0
"""What is left free around the whole, for the outlines of boxes."""


@dataclass(frozen=True)
class Item:
    """A box to place: what it stands for, its words, the name of its fill, and the words of the group it belongs to.

    `together`: where the order of its column is free, it stands among its group.
    """

    key: str
    label: str
    kind: str
    group: str = ""
    together: bool = True


@dataclass(frozen=True)
class Edge:
    """A line to draw from box `a` to box `b`: the number it stands for, printed from 2 on, its kind, its direction."""

    a: str
    b: str
    weight: int = 1
    kind: str = ""
    directed: bool = False


def place(
    columns: Sequence[Sequence[Item]],
    edges: Iterable[Edge],
    *,
    heads: Sequence[str] = (),
    free: Collection[int] | None = None,
    widest: float = 1200,
) -> Drawing:
    """Place columns of boxes and the lines between them, `widest` pixels wide if there is room, as high as it takes.

    Columns keep their order, but for the `free` ones, counted from 0 (the last, if not said otherwise): there the boxes
    of a group stand together, in an order in which few lines cross. A line to a column further on passes those between
    in a free row; one within a column is an arc beside it. No line touches a box that is not its own. `heads` are words
    above the columns; an empty column is left out. Keys are unique, and so are the ends of an edge, which are keys.
    """
    free = {len(columns) - 1} if free is None else free
    kept = [number for number, column in enumerate(columns) if column]
    columns, heads = [columns[number] for number in kept], [heads[number] for number in kept if number < len(heads)]
    edges = list(edges)
    items = {item.key: item for column in columns for item in column}
    groups = {item.key: item.group for item in items.values() if item.together}
    keys = [[item.key for item in column] for column in columns]
    movable = [place for place, number in enumerate(kept) if number in free]
    order = ordered(keys, [(one.a, one.b) for one in edges], groups, movable)
    arcs = _arcs(edges, order)
    gaps = [min(WIDEST_GAP, GAP + crossings) for crossings in order.crossings]
    outside = [_outside(arcs, order, *side) for side in ((0, False), (len(columns) - 1, True))]
    words = _words(columns, widest - 2 * EDGE - sum(gaps) - sum(outside))
    sides = _at_sides(edges, arcs, order)
    rows = _rows(order, words, items, sides, bool(heads))
    boxes: dict[str, Box] = {}
    captions: list[Caption] = []
    left = EDGE + outside[0]
    for number, column in enumerate(order.columns):
        wide = words[number].width
        captions += [
            Caption(fitted(head, CAPTION, wide + GAP / 2, 1)[0], left, 14) for head in heads[number : number + 1]
        ]
        for spot, group in zip(column, _captions(column, items, words[number]), strict=True):
            y, height = rows[spot].y, rows[spot].height
            for below, line in zip(reversed(range(len(group))), group, strict=True):
                captions.append(Caption(line, left, y - height / 2 - 7 - below * CAPTION_STEP))
            if not isinstance(spot, Lane):
                told = words[number].lines[spot]
                boxes[spot] = Box(spot, told, left + wide / 2, y, wide, height, SIZE, items[spot].kind, "start")
        left += wide + (gaps[number] if number < len(gaps) else outside[1])
    bottom = max((row.y + row.height / 2 for row in rows.values()), default=0.0)
    lines = _lines(edges, boxes, rows, order, arcs, sides)
    return Drawing(left + EDGE, bottom + EDGE, tuple(boxes.values()), tuple(lines), tuple(captions))


# --- words and widths --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Words:
    """The width of a column, and the lines of text of each of its boxes and of each of its groups."""

    width: float
    lines: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, tuple[str, ...]]


def _words(columns: Sequence[Sequence[Item]], room: float) -> list[_Words]:
    """Break or cut the labels so that the columns fit side by side, and the shorter ones need no more height."""
    tallest = max([*(len(column) * (HEIGHT + BETWEEN) for column in columns), 440.0])
    roomy = [int((tallest / len(column) - BETWEEN - HEIGHT) / (SIZE * LEADING)) + 1 for column in columns]
    # No more lines than it takes to be narrow enough.
    for limit in range(1, MOST_LINES + 1):
        most = [min(limit, max(1, lines)) for lines in roomy]
        wishes = [
            max(_wish(item.label, lines) for item in column) + 2 * PADDING
            for column, lines in zip(columns, most, strict=True)
        ]
        if sum(wishes) <= room:
            break
    widths = _shared(wishes, room)
    found = []
    for column, lines, share in zip(columns, most, widths, strict=True):
        told = {item.key: fitted(item.label, SIZE, share - 2 * PADDING, lines) for item in column}
        taken = max(width(words, SIZE) for lines_ in told.values() for words in lines_)
        taken = min(share, taken + 2 * PADDING)
        groups = {item.group: fitted(item.group, CAPTION, taken, MOST_LINES) for item in column if item.group}
        found.append(_Words(taken, told, groups))
    return found


def _wish(label: str, lines: int) -> float:
    """About how wide a label likes to be in so many lines."""
    words = label[:LONGEST].split()
    longest = max((width(word, SIZE) for word in words), default=0.0)
    whole = width(" ".join(words), SIZE)
    return whole if lines == 1 else max(longest, whole / lines * 1.25)


def _shared(wishes: Sequence[float], room: float) -> list[float]:
    """The room among columns: each has what it wishes, the widest as much as is left."""
    cap, left = 0.0, room
    for number, wish in enumerate(sorted(wishes)):
        cap = left / (len(wishes) - number)
        if wish > cap:
            break
        left -= wish
        cap = wish
    return [max(NARROWEST, min(wish, cap)) for wish in wishes]


# --- heights -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Row:
    """The middle and the height of what stands in a column."""

    y: float
    height: float


def _rows(
    order: Ordered, words: Sequence[_Words], items: Mapping[str, Item], sides: _Sides, headed: bool
) -> dict[Spot, _Row]:
    """Where each box and lane stands: the fullest column close together, the others beside what they are joined to."""
    if not order.columns:
        return {}
    beside = order.beside
    heights: dict[Spot, float] = {}
    for column, told in zip(order.columns, words, strict=True):
        for spot in column:
            if isinstance(spot, Lane):
                heights[spot] = LANE
            else:
                text = HEIGHT + (len(told.lines[spot]) - 1) * SIZE * LEADING
                busiest = max(len(sides.get((spot, right), ())) for right in (False, True))
                heights[spot] = max(text, (busiest + 1) * PORT)
    top = HEAD if headed else EDGE
    captions = [_captions(column, items, told) for column, told in zip(order.columns, words, strict=True)]
    firsts = [top + _room(above[0]) for above in captions]
    apart = [_apart(column, heights, above, order) for column, above in zip(order.columns, captions, strict=True)]
    sizes = [
        first + sum(gaps) + (heights[column[0]] + heights[column[-1]]) / 2
        for column, gaps, first in zip(order.columns, apart, firsts, strict=True)
    ]
    base, bottom = sizes.index(max(sizes)), max(sizes)
    rows: dict[Spot, _Row] = {}
    for number in [base, *range(base - 1, -1, -1), *range(base + 1, len(order.columns))]:
        column = order.columns[number]
        wished: list[float | None] = []
        for spot in column:
            found = [rows[other].y for other in beside[spot][number < base] if other in rows] if spot in beside else []
            wished.append(sum(found) / len(found) if found else None)
        low, high = firsts[number] + heights[column[0]] / 2, bottom - heights[column[-1]] / 2
        middles = _settled(wished, apart[number], low, high)
        rows |= {spot: _Row(y, heights[spot]) for spot, y in zip(column, middles, strict=True)}
    return rows


def _captions(column: Sequence[Spot], items: Mapping[str, Item], words: _Words) -> list[tuple[str, ...]]:
    """The lines of text above each spot of a column: those of its group where one begins, else none."""
    found, before = [], ""
    for spot in column:
        group = before if isinstance(spot, Lane) else items[spot].group
        found.append(words.groups[group] if group not in ("", before) else ())
        before = group
    return found


def _room(caption: Sequence[str]) -> float:
    """The height of the words above a group."""
    return HEAD + (len(caption) - 1) * CAPTION_STEP if caption else 0.0


def _apart(
    column: Sequence[Spot], heights: Mapping[Spot, float], captions: Sequence[tuple[str, ...]], order: Ordered
) -> list[float]:
    """How far each spot of a column must stand below the one before, middle to middle."""
    found = []
    for (above, below), caption in zip(pairwise(column), captions[1:], strict=True):
        parents = [order.beside[spot][0] if spot in order.beside else [] for spot in (above, below)]
        more = BLOCK if len(parents[0]) == len(parents[1]) == 1 and parents[0] != parents[1] else 0.0
        found.append((heights[above] + heights[below]) / 2 + BETWEEN + (_room(caption) or more))
    return found


def _settled(wished: Sequence[float | None], apart: Sequence[float], low: float, high: float) -> list[float]:
    """The places nearest to those wished for, in squares, that keep the order, the distances and the bounds."""
    offsets = [0.0]
    for distance in apart:
        offsets.append(offsets[-1] + distance)
    known = [wish - offset for wish, offset in zip(wished, offsets, strict=True) if wish is not None]
    before = known[0] if known else low
    # Without the distances the places need only not fall: where one would, those concerned share their mean.
    runs: list[tuple[float, int]] = []
    for wish, offset in zip(wished, offsets, strict=True):
        before = before if wish is None else wish - offset
        runs.append((before, 1))
        while len(runs) > 1 and runs[-2][0] > runs[-1][0]:
            (mean, count), (other, more) = runs.pop(), runs.pop()
            runs.append(((mean * count + other * more) / (count + more), count + more))
    places = [mean for mean, count in runs for _ in range(count)]
    highest = max(low, high - offsets[-1])
    return [min(max(place, low), highest) + offset for place, offset in zip(places, offsets, strict=True)]


# --- lines -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Arc:
    """On which side of its column the line within a column stands, and how many others it goes around."""

    right: bool
    level: int

    @property
    def bulge(self) -> float:
        """How far out it reaches."""
        return min(14 + ARC * self.level, GAP - 8)


Ends = tuple[str, str]
_Sides = Mapping[tuple[str, bool], Sequence[tuple[Ends, int]]]
"""The lines at the left (False) and right side of each box, from top to bottom: their ends, and which of them it is."""


def _arcs(edges: Iterable[Edge], order: Ordered) -> dict[Ends, _Arc]:
    """The lines within a column, each on the side where it crosses fewer lines."""
    place = order.place
    ends: dict[tuple[int, bool], list[int]] = defaultdict(list)
    for path in order.paths.values():
        for before, behind in pairwise(path):
            ends[place[before][0], True].append(place[before][1])
            ends[place[behind][0], False].append(place[behind][1])
    found: dict[Ends, _Arc] = {}
    standing: dict[tuple[int, bool], list[tuple[int, int, int]]] = defaultdict(list)
    within = [(place[one.a], place[one.b], (one.a, one.b)) for one in edges if place[one.a][0] == place[one.b][0]]
    # The short ones first: the long ones go around them.
    for (column, start), (_, end), arc in sorted(within, key=lambda one: (abs(one[0][1] - one[1][1]), *one)):
        low, high = sorted((start, end))
        crossed = [sum(low < at < high for at in ends[column, side]) for side in (False, True)]
        right = crossed[True] <= crossed[False]
        around = [level for top, bottom, level in standing[column, right] if top <= high and low <= bottom]
        found[arc] = _Arc(right, max(around, default=-1) + 1)
        standing[column, right].append((low, high, found[arc].level))
    return found


def _outside(arcs: Mapping[Ends, _Arc], order: Ordered, column: int, right: bool) -> float:
    """The room that arcs take at one side of a column."""
    bulges = [arc.bulge for (a, _), arc in arcs.items() if order.place[a][0] == column and arc.right == right]
    return max(bulges, default=0.0) + (8 if bulges else 0)


def _at_sides(edges: Iterable[Edge], arcs: Mapping[Ends, _Arc], order: Ordered) -> _Sides:
    """The lines at each side of each box in such an order that none crosses another there."""
    place = order.place
    wanted: dict[tuple[str, bool], list[tuple[tuple[int, int], Ends, int]]] = defaultdict(list)
    for one in edges:
        ends = (one.a, one.b)
        for number, (own, other) in enumerate((ends, ends[::-1])):
            if ends in arcs:
                far = place[other][1] - place[own][1] or (-1, 1)[number]
                # Arcs upwards begin at the top, the nearest first; those downwards at the bottom, the nearest last.
                wanted[own, arcs[ends].right].append(((-1 if far < 0 else 1, -far), ends, number))
            else:
                path = order.paths[ends]
                right = path[0] == own
                wanted[own, right].append(((0, place[path[1] if right else path[-2]][1]), ends, number))
    return {side: [(ends, number) for _, ends, number in sorted(its)] for side, its in wanted.items()}


def _lines(
    edges: Iterable[Edge], boxes: Mapping[str, Box], rows: Mapping[Spot, _Row], order: Ordered,
    arcs: Mapping[Ends, _Arc], sides: _Sides,
) -> list[Line]:  # fmt: skip
    ports: dict[tuple[Ends, int], Point] = {}
    for (own, right), its in sides.items():
        box = boxes[own]
        for number, port in enumerate(its):
            ports[port] = (box.right if right else box.left, box.y + PORT * (number - (len(its) - 1) / 2))
    columns = [next(boxes[spot] for spot in column if not isinstance(spot, Lane)) for column in order.columns]
    printed: dict[tuple[str, bool], int] = defaultdict(int)
    lines = []
    for one in edges:
        start, end = ports[(one.a, one.b), 0], ports[(one.a, one.b), 1]
        if (arc := arcs.get((one.a, one.b))) is not None:
            # A curve reaches three quarters as far as its handles.
            out = arc.bulge / 0.75 * (1 if arc.right else -1)
            path: tuple[Point, ...] = (start, (start[0] + out, start[1]), (end[0] + out, end[1]), end)
        else:
            lanes = [spot for spot in order.paths[one.a, one.b] if isinstance(spot, Lane)]
            path = _through(start, end, [(columns[lane.column], rows[lane].y) for lane in lanes])
        at = None
        if one.weight > 1:
            side = (one.a, path[1][0] > start[0])
            at = _along(path, 14.0 + 20.0 * printed[side])
            printed[side] += 1
        lines.append(Line(one.a, one.b, one.weight, path, at, one.kind, one.directed))
    return lines


def _through(start: Point, end: Point, passed: Sequence[tuple[Box, float]]) -> tuple[Point, ...]:
    """A line from a box to one of another column, level where it passes a column between: one of its boxes, and y."""
    forward = end[0] > start[0]
    points = [start]
    for box, y in passed if forward else reversed(passed):
        points += [(x, y) for x in ((box.left, box.right) if forward else (box.right, box.left))]
    path = [start]
    for (x, y), (to_x, to_y) in pairwise([*points, end]):
        middle = (x + to_x) / 2
        path += [(middle, y), (middle, to_y), (to_x, to_y)]
    return tuple(path)


def _along(path: Sequence[Point], distance: float) -> Point:
    """The point of a line's first curve that lies so far out from its beginning, sideways, or as far as it goes."""
    curve = path[:4]
    # An arc comes back: it is at its furthest in the middle.
    low, high = 0.0, 0.5 if curve[0][0] == curve[3][0] else 1.0
    for _ in range(20):
        middle = (low + high) / 2
        is_before = abs(on_curve(curve, middle)[0] - curve[0][0]) < distance
        low, high = (middle, high) if is_before else (low, middle)
    return on_curve(curve, low)
