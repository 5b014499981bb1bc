"""Columns in an order with few crossings: lanes for lines that pass a column by, and free columns turned about."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, permutations
from typing import Final, NamedTuple, TypeVar

PASSES: Final = 6
"""How often the columns are gone through; the best order of all passes is kept."""
T = TypeVar("T")
MANY: Final = 250
"""A column of more boxes is ordered by the middle of what they are joined to, and not searched further."""


class Lane(NamedTuple):
    """A free row in a column, through which the line from `a` to `b` passes to a column further on."""

    a: str
    b: str
    column: int


Spot = str | Lane
"""What stands in a column: a box, by its key, or a lane."""


Beside = Mapping[Spot, tuple[list[Spot], list[Spot]]]
"""What each spot is joined to in the column before it and in the column behind it."""


@dataclass(frozen=True)
class Ordered:
    """Columns in order, and for each line between two of them the boxes and lanes it leads through, left to right."""

    columns: tuple[tuple[Spot, ...], ...]
    paths: Mapping[tuple[str, str], tuple[Spot, ...]]

    @cached_property
    def place(self) -> Mapping[Spot, tuple[int, int]]:
        """The column of each spot, and its place in it."""
        return {spot: (number, at) for number, column in enumerate(self.columns) for at, spot in enumerate(column)}

    @cached_property
    def beside(self) -> Beside:
        """What each spot is joined to in the column before it and in the column behind it."""
        return _beside(self.paths.values())

    @property
    def crossings(self) -> tuple[int, ...]:
        """How many lines cross between each column and the next."""
        return _crossings(self.columns, self.paths.values())


def ordered(
    columns: Sequence[Sequence[str]], lines: Iterable[tuple[str, str]], groups: Mapping[str, str], free: Collection[int]
) -> Ordered:
    """Put the `free` columns (counted from 0) in an order in which few lines cross; the others keep theirs.

    `groups` says which boxes of a free column stay together. Lines within a column are left out.
    """
    at = {key: number for number, column in enumerate(columns) for key in column}
    paths: dict[tuple[str, str], tuple[Spot, ...]] = {}
    for a, b in lines:
        if at[a] != at[b]:
            first, last = sorted((a, b), key=at.__getitem__)
            paths[a, b] = (first, *(Lane(a, b, column) for column in range(at[first] + 1, at[last])), last)
    lanes: list[list[Lane]] = [[] for _ in columns]
    for path in paths.values():
        for spot in path:
            if isinstance(spot, Lane):
                lanes[spot.column].append(spot)
    beside = _beside(paths.values())
    now: list[list[Spot]] = [list(column) for column in columns]
    best = (len(paths) ** 2 + 1, now)
    for turn in range(PASSES):
        for number, column in enumerate(now):
            before, behind = _places(now, number)
            # At first what is behind is in no order yet.
            around = (before, behind) if turn else (before, {})
            boxes = [spot for spot in column if isinstance(spot, str)]
            now[number] = [*(_arranged(boxes, beside, around, groups) if number in free else boxes)]
            for lane in lanes[number]:
                _insert(lane, now[number], beside, around)
        count = sum(_crossings(now, paths.values()))
        if count < best[0]:
            best = count, [list(column) for column in now]
    return Ordered(tuple(map(tuple, best[1])), paths)


Places = tuple[Mapping[Spot, int], Mapping[Spot, int]]
"""Where each spot stands, of the column before and of the column behind."""


def _beside(paths: Iterable[Sequence[Spot]]) -> Beside:
    beside: dict[Spot, tuple[list[Spot], list[Spot]]] = {}
    for path in paths:
        for left, right in pairwise(path):
            beside.setdefault(left, ([], []))[1].append(right)
            beside.setdefault(right, ([], []))[0].append(left)
    return beside


def _places(columns: Sequence[Sequence[Spot]], number: int) -> Places:
    before = columns[number - 1] if number else ()
    behind = columns[number + 1] if number + 1 < len(columns) else ()
    return {spot: at for at, spot in enumerate(before)}, {spot: at for at, spot in enumerate(behind)}


def _ends(spot: Spot, beside: Beside, around: Places) -> tuple[list[int], list[int]]:
    """Where the lines of a spot end, in the column before and in the column behind, in order."""
    before, behind = beside.get(spot, ([], []))
    # A lane that has not been put anywhere yet has no place.
    return (
        sorted(around[0][one] for one in before if one in around[0]),
        sorted(around[1][one] for one in behind if one in around[1]),
    )


def _crossings(columns: Sequence[Sequence[Spot]], paths: Iterable[Sequence[Spot]]) -> tuple[int, ...]:
    place = {spot: (number, at) for number, column in enumerate(columns) for at, spot in enumerate(column)}
    gaps: list[list[tuple[int, int]]] = [[] for _ in columns[1:]]
    for path in paths:
        for left, right in pairwise(path):
            gaps[place[left][0]].append((place[left][1], place[right][1]))
    return tuple(map(_inversions, gaps))


def _inversions(pairs: Iterable[tuple[int, int]]) -> int:
    """How many pairs stand the other way round on the right than on the left."""
    count, seen = 0, list[int]()
    for _, right in sorted(pairs):
        count += len(seen) - bisect_right(seen, right)
        insort(seen, right)
    return count


def _arranged(boxes: Sequence[str], beside: Beside, around: Places, groups: Mapping[str, str]) -> list[str]:
    """The boxes of a free column in a better order, those of a group together."""
    ends = {box: _ends(box, beside, around) for box in boxes}
    sizes = [max(1, len(places)) for places in around]

    def middle(box: str) -> float:
        found = [(at + 0.5) / size for places, size in zip(ends[box], sizes, strict=True) for at in places]
        return sum(found) / len(found) if found else 1.0

    # A box without a group is one by itself.
    together: dict[str, list[str]] = {}
    for box in sorted(boxes, key=middle):
        together.setdefault(groups.get(box) or f" {box}", []).append(box)
    parts = list(together.values())
    if len(boxes) <= MANY:
        cost = {(u, v): _cost(ends[u], ends[v]) for u in boxes for v in boxes if u != v}
        parts = [_settled(part, cost) for part in parts]
        between = {
            (a, b): sum(cost[u, v] for u in parts[a] for v in parts[b]) for a, b in permutations(range(len(parts)), 2)
        }
        parts = [parts[number] for number in _settled(list(range(len(parts))), between)]
    return [box for part in parts for box in part]


def _cost(above: tuple[list[int], list[int]], below: tuple[list[int], list[int]]) -> int:
    """How many lines of two boxes cross while the first stands above the second."""
    return sum(bisect_left(theirs, at) for ours, theirs in zip(above, below, strict=True) for at in ours)


def _settled(part: list[T], cost: Mapping[tuple[T, T], int]) -> list[T]:
    """Move each to where it costs least, until no move is worth it."""
    moved = True
    while moved:
        moved = False
        for box in part:
            rest = [other for other in part if other != box]
            # What it costs at the top, then one place down at a time.
            now = sum(cost[box, other] for other in rest)
            costs = [now]
            for other in rest:
                now += cost[other, box] - cost[box, other]
                costs.append(now)
            here = part.index(box)
            there = costs.index(min(costs))
            if costs[there] < costs[here]:
                part = [*rest[:there], box, *rest[there:]]
                moved = True
    return part


def _insert(lane: Lane, column: list[Spot], beside: Beside, around: Places) -> None:
    """Put a lane where its line crosses the fewest others.

    Of such places, one where boxes of different origin meet, then the nearest to where the line comes from.
    """
    none: tuple[list[Spot], list[Spot]] = ([], [])
    mine = _ends(lane, beside, around)
    ends = [_ends(spot, beside, around) for spot in column]
    now = sum(_cost(mine, theirs) for theirs in ends)
    costs = [now]
    for theirs in ends:
        now += _cost(theirs, mine) - _cost(mine, theirs)
        costs.append(now)
    wished = (mine[0][0] + 0.5) / max(1, len(around[0])) * len(column) if mine[0] else 0.0
    splits = [
        bool({*beside.get(above, none)[0]} & {*beside.get(below, none)[0]})
        for above, below in pairwise(("", *column, ""))
    ]
    column.insert(min(range(len(costs)), key=lambda at: (costs[at], splits[at], abs(at - wished))), lane)
