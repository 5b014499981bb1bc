"""Whether boxes overlap, lines cross and lines run through boxes: what a good picture has none or few of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import Final

from kg.maps.drawing import Box, Drawing, Line, Point

PIECES: Final = 16
"""A curve is followed in so many straight pieces."""
Pair = tuple[str, str]
"""The keys of the two ends of a line, or of two boxes."""


def border(box: Box, towards: Point) -> Point:
    """Where a line from the centre of a box towards a point outside it leaves the box."""
    dx, dy = towards[0] - box.x, towards[1] - box.y
    part = min(box.width / 2 / abs(dx) if dx else 1.0, box.height / 2 / abs(dy) if dy else 1.0)
    return box.x + dx * part, box.y + dy * part


def overlap(one: Box, other: Box, margin: float = 0) -> bool:
    """Whether two boxes have less than `margin` pixels between them; boxes that only touch do not overlap."""
    aside = abs(one.x - other.x) < (one.width + other.width) / 2 + margin
    return aside and abs(one.y - other.y) < (one.height + other.height) / 2 + margin


def meets(start: Point, end: Point, centre: Point, half_width: float, half_height: float) -> bool:
    """Whether the straight line between two points has a point within a rectangle around `centre`, or on its border."""
    # They are apart when they are so along x, along y, or across the line: two convex shapes have no other way.
    dx, dy = (end[0] - start[0]) / 2, (end[1] - start[1]) / 2
    x, y = start[0] + dx - centre[0], start[1] + dy - centre[1]
    if abs(x) > half_width + abs(dx) or abs(y) > half_height + abs(dy):
        return False
    return abs(dx * y - dy * x) <= half_height * abs(dx) + half_width * abs(dy)


def crosses(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the straight lines a-b and c-d cross; those that share an end, or lie in one line, do not."""
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Point, b: Point, point: Point) -> float:
    """On which side of the line a-b a point lies: below, at or above zero."""
    return (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])


def overlaps(drawing: Drawing, margin: float = 0) -> list[Pair]:
    """The boxes that overlap, or have less than `margin` pixels between them."""
    return [(one.key, other.key) for one, other in combinations(drawing.boxes, 2) if overlap(one, other, margin)]


def crossings(drawing: Drawing) -> list[tuple[Pair, Pair]]:
    """The lines that cross. Lines of one box do not count: they meet there."""
    lines = [((line.a, line.b), followed(line)) for line in drawing.lines]
    return [
        (one, other)
        for (one, points), (other, others) in combinations(lines, 2)
        if not {*one} & {*other} and _meet(points, others)
    ]


def through(drawing: Drawing, margin: float = 0) -> list[tuple[Pair, str]]:
    """The lines that come within `margin` pixels of a box at neither of their ends; and that box."""
    return [
        ((line.a, line.b), box.key)
        for line in drawing.lines
        for points in [followed(line)]
        for box in drawing.boxes
        if box.key not in {line.a, line.b}
        and any(
            meets(*ends, (box.x, box.y), box.width / 2 + margin, box.height / 2 + margin) for ends in pairwise(points)
        )
    ]


def followed(line: Line) -> list[Point]:
    """Points along a line, near enough for straight lines between them to stand for it."""
    if len(line.path) == 2:
        return list(line.path)
    points = [line.path[0]]
    for first in range(0, len(line.path) - 1, 3):
        points += [on_curve(line.path[first : first + 4], step / PIECES) for step in range(1, PIECES + 1)]
    return points


def on_curve(curve: Sequence[Point], part: float) -> Point:
    """The point of a cubic curve (end, two handles, end) at a part of it from 0 to 1."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = curve
    rest = 1 - part
    a, b, c, d = rest**3, 3 * part * rest**2, 3 * part**2 * rest, part**3
    return a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy


def _meet(one: list[Point], other: list[Point]) -> bool:
    return any(
        crosses(a, b, c, d)
        for a, b in pairwise(one)
        for c, d in pairwise(other)
        # Most are far apart: this is told faster.
        if min(a[0], b[0]) <= max(c[0], d[0]) and min(c[0], d[0]) <= max(a[0], b[0])
        and min(a[1], b[1]) <= max(c[1], d[1]) and min(c[1], d[1]) <= max(a[1], b[1])
    )  # fmt: skip
