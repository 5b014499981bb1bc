"""Overlaps, crossings and lines through boxes are found where there are some, and only there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.maps.drawing import Box, Drawing, Line
from kg.maps.geometry import border, crosses, crossings, followed, meets, overlap, overlaps, through


def box(key, x, y, width=40.0, height=20.0):
    return Box(key, (key,), x, y, width, height, 13, "ptype-council")


def line(a, b):
    return Line(a.key, b.key, 1, (border(a, (b.x, b.y)), border(b, (a.x, a.y))))


LEFT, RIGHT, TOP, BOTTOM = box("left", 50, 100), box("right", 250, 100), box("top", 150, 20), box("bottom", 150, 180)
MIDDLE = box("middle", 150, 100)
POINTS = st.tuples(st.integers(-50, 50), st.integers(-50, 50))


def test_boxes_overlap_from_the_pixel_they_share_or_the_margin_they_lack():
    assert overlap(MIDDLE, box("b", 189, 100))
    assert not overlap(MIDDLE, box("b", 190, 100))
    assert overlap(MIDDLE, box("b", 197, 100), margin=8)
    assert not overlap(MIDDLE, box("b", 198, 100), margin=8)
    assert not overlap(MIDDLE, box("b", 160, 121))


def test_every_pair_of_boxes_that_overlaps_is_counted_once():
    drawing = Drawing(300, 200, (LEFT, MIDDLE, box("on it", 160, 105)), ())
    assert overlaps(drawing) == [("middle", "on it")]
    assert overlaps(drawing, margin=65) == [("left", "middle"), ("middle", "on it")]


def test_lines_cross_once_and_not_where_they_meet_in_a_box():
    lines = (line(LEFT, RIGHT), line(TOP, BOTTOM), line(LEFT, TOP))
    drawing = Drawing(300, 200, (LEFT, RIGHT, TOP, BOTTOM), lines)
    assert crossings(drawing) == [(("left", "right"), ("top", "bottom"))]


def test_a_line_through_a_third_box_is_found_and_one_beside_it_within_the_margin():
    high = box("high", 150, 84)
    assert through(Drawing(300, 200, (LEFT, RIGHT, MIDDLE), (line(LEFT, RIGHT),))) == [(("left", "right"), "middle")]
    beside = Drawing(300, 200, (LEFT, RIGHT, high), (line(LEFT, RIGHT),))
    assert through(beside, margin=5) == []
    assert through(beside, margin=7) == [(("left", "right"), "high")]


@pytest.mark.parametrize(
    ("towards", "leaves"), [((250, 100), (170, 100)), ((150, 0), (150, 90)), ((190, 120), (170, 110)), ((0, 0), None)]
)
def test_a_line_leaves_a_box_on_its_border(towards, leaves):
    x, y = border(MIDDLE, towards)
    assert max(abs(x - 150) / 20, abs(y - 100) / 10) == pytest.approx(1)
    assert leaves is None or (x, y) == pytest.approx(leaves)


@given(a=POINTS, b=POINTS, centre=POINTS, half_width=st.integers(1, 20), half_height=st.integers(1, 20))
def test_a_line_meets_a_box_if_a_point_of_it_lies_within(a, b, centre, half_width, half_height):
    steps = 400
    touched = any(
        abs(a[0] + (b[0] - a[0]) * step / steps - centre[0]) <= half_width
        and abs(a[1] + (b[1] - a[1]) * step / steps - centre[1]) <= half_height
        for step in range(steps + 1)
    )
    if touched:
        assert meets(a, b, centre, half_width + 1e-9, half_height + 1e-9)
    else:
        assert not meets(a, b, centre, half_width - 0.5, half_height - 0.5)


@given(a=POINTS, b=POINTS, c=POINTS, d=POINTS)
def test_crossing_does_not_depend_on_which_line_or_end_comes_first(a, b, c, d):
    found = crosses(a, b, c, d)
    assert found == crosses(b, a, c, d) == crosses(c, d, a, b) == crosses(d, c, b, a)


def test_a_curve_is_followed_from_end_to_end_and_not_along_its_chord():
    over = Line("left", "right", 1, ((70, 100), (150, 20), (150, 20), (230, 100)))
    points = followed(over)
    assert (points[0], points[-1]) == ((70, 100), (230, 100))
    assert min(y for _, y in points) == pytest.approx(40)
    assert through(Drawing(300, 200, (LEFT, RIGHT, MIDDLE), (over,))) == []
    assert through(Drawing(300, 200, (LEFT, RIGHT, box("high", 150, 45)), (over,))) == [(("left", "right"), "high")]


def test_curves_cross_where_they_do_and_not_where_their_chords_would():
    boxes = (LEFT, RIGHT, TOP, BOTTOM)
    upright = Line("top", "bottom", 1, ((149, 90), (149, 170)))
    over = Line("left", "right", 1, ((70, 100), (150, 20), (150, 20), (230, 100)))
    assert crossings(Drawing(300, 200, boxes, (over, upright))) == []
    under = Line("left", "right", 1, ((70, 80), (150, 200), (150, 200), (230, 80), (235, 80), (238, 80), (240, 80)))
    assert crossings(Drawing(300, 200, boxes, (under, upright))) == [(("left", "right"), ("top", "bottom"))]
