"""Whether boxes overlap, lines cross and lines run through boxes: what a good picture has none or few of."""

from __future__ import annotations

from itertools import combinations

from kg.maps.drawing import Box, Drawing, Line, Point

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
    """The lines that cross, of lines drawn straight. Lines of one box do not count: they meet there."""
    return [
        ((one.a, one.b), (other.a, other.b))
        for one, other in combinations(drawing.lines, 2)
        if not {one.a, one.b} & {other.a, other.b} and crosses(*_ends(one), *_ends(other))
    ]


def through(drawing: Drawing, margin: float = 0) -> list[tuple[Pair, str]]:
    """The lines, drawn straight, that come within `margin` pixels of a box at neither of their ends; and that box."""
    return [
        ((line.a, line.b), box.key)
        for line in drawing.lines
        for box in drawing.boxes
        if box.key not in {line.a, line.b}
        and meets(*_ends(line), (box.x, box.y), box.width / 2 + margin, box.height / 2 + margin)
    ]


def _ends(line: Line) -> tuple[Point, Point]:
    return line.path[0], line.path[-1]
