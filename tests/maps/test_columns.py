"""Linked columns: nothing overlaps, no line touches a box of others, nothing is dropped, order is kept."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.maps.columns import SIZE, Edge, Item, place
from kg.maps.geometry import crossings, followed, overlaps, through
from kg.maps.text import width


def items(*keys, kind="plan", group="", together=True):
    return [Item(key, f"label of {key}", kind, group, together) for key in keys]


def plan(actions: int, targets: int, seed: int = 1):
    """A plan as wide as real ones: priorities, delivery priorities, actions, and what they lean on at random."""
    draw = random.Random(seed)  # noqa: S311  the same plan each time
    deliveries = max(1, actions // 5)
    columns = [
        items(*(f"sp{n}" for n in range(max(1, deliveries // 3)))),
        items(*(f"dp{n}" for n in range(deliveries))),
        [Item(f"a{n}", f"{n}. {'word ' * draw.randint(1, 14)}", "action") for n in range(actions)],
        items(*(f"t{n}" for n in range(targets))),
    ]
    edges = [Edge(f"sp{min(n // 3, len(columns[0]) - 1)}", f"dp{n}") for n in range(deliveries)]
    edges += [Edge(f"dp{min(n // 5, deliveries - 1)}", f"a{n}") for n in range(actions)]
    pairs = {(draw.randrange(actions), draw.randrange(targets)) for _ in range(actions)}
    edges += [Edge(f"a{a}", f"t{t}", draw.randint(1, 5)) for a, t in sorted(pairs)]
    return columns, edges


def faults(drawing):
    """What must not be in any drawing."""
    outside = [
        key
        for key, points in [
            *((box.key, [(box.left, box.top), (box.right, box.bottom)]) for box in drawing.boxes),
            *(((line.a, line.b), followed(line)) for line in drawing.lines),
            *((caption.text, [(caption.x, caption.y)]) for caption in drawing.captions),
        ]
        for x, y in points
        if not (0 <= x <= drawing.width and 0 <= y <= drawing.height)
    ]
    wide = [box.key for box in drawing.boxes for words in box.lines if width(words, box.size) > box.width]
    high = [box.key for box in drawing.boxes if len(box.lines) * box.size * 1.2 > box.height]
    return overlaps(drawing, 2), through(drawing, 1), outside, wide, high


def texts_apart(drawing):
    """Captions with a box on them."""
    return [
        (caption.text, box.key)
        for caption in drawing.captions
        for box in drawing.boxes
        if box.left < caption.x + width(caption.text, 13) and caption.x < box.right
        if box.top < caption.y and caption.y - 11 < box.bottom
    ]


CLEAN = ([], [], [], [], [])


# --- nothing overlaps, nothing is dropped ------------------------------------------------------------------------


@st.composite
def graphs(draw):
    sizes = draw(st.lists(st.integers(0, 7), max_size=5))
    columns = [
        [
            Item(f"{number}-{row}", draw(st.text(max_size=60)), "kind", draw(st.sampled_from(["", "one", "other"])))
            for row in range(size)
        ]
        for number, size in enumerate(sizes)
    ]
    keys = [item.key for column in columns for item in column]
    pairs = draw(st.lists(st.tuples(st.sampled_from(keys), st.sampled_from(keys)), max_size=25)) if keys else []
    edges = [Edge(a, b, draw(st.integers(1, 4)), directed=draw(st.booleans())) for a, b in dict.fromkeys(pairs)]
    free = draw(st.sets(st.integers(0, 4)))
    return columns, edges, free


@given(graphs())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_whatever_is_joined_to_whatever_nothing_overlaps_and_nothing_is_dropped(graph):
    columns, edges, free = graph
    drawing = place(columns, edges, heads=("A", "B", "C"), free=free)
    assert faults(drawing) == CLEAN
    assert texts_apart(drawing) == []
    assert sorted(box.key for box in drawing.boxes) == sorted(item.key for column in columns for item in column)
    assert [(line.a, line.b, line.weight, line.directed) for line in drawing.lines] == [
        (edge.a, edge.b, edge.weight, edge.directed) for edge in edges
    ]


@given(graphs())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_a_line_begins_and_ends_on_the_sides_of_its_boxes(graph):
    columns, edges, free = graph
    drawing = place(columns, edges, free=free)
    for line in drawing.lines:
        for key, (x, y) in ((line.a, line.path[0]), (line.b, line.path[-1])):
            box = drawing.by_key[key]
            assert x in (box.left, box.right)
            assert box.top < y < box.bottom


@pytest.mark.parametrize(("actions", "targets"), [(49, 28), (100, 40), (300, 60)])
def test_a_whole_plan_is_clean(actions, targets):
    columns, edges = plan(actions, targets)
    drawing = place(columns, edges, heads=("Strategic priority", "Delivery priority", "Action", "What they lean on"))
    assert faults(drawing) == CLEAN
    assert len(drawing.boxes) == sum(map(len, columns))
    assert drawing.width <= 1200
    # A row of the fullest column takes less than 26 pixels, all told.
    assert drawing.height < 26 * actions + 60


def test_nothing_is_a_drawing_of_nothing():
    for columns in ([], [[], []]):
        drawing = place(columns, [], heads=("A", "B"))
        assert (drawing.boxes, drawing.lines, drawing.captions) == ((), (), ())


def test_an_empty_column_is_left_out_with_its_head():
    drawing = place([items("a"), [], items("b")], [Edge("a", "b")], heads=("first", "second", "third"))
    assert [caption.text for caption in drawing.captions] == ["first", "third"]
    assert len(drawing.lines[0].path) == 4


def test_one_column_has_its_lines_beside_it():
    drawing = place([items(*"abcd")], [Edge("a", "c"), Edge("b", "c"), Edge("d", "a"), Edge("b", "b")], free=())
    assert faults(drawing) == CLEAN
    assert [box.key for box in sorted(drawing.boxes, key=lambda box: box.y)] == list("abcd")


def test_many_columns_keep_words_that_can_be_read():
    columns = [[Item(f"k{number}", "Young people and communities", "plan")] for number in range(30)]
    edges = [Edge(f"k{a}", f"k{b}") for a, b in pairwise(range(30))]
    drawing = place(columns, edges)
    assert faults(drawing) == CLEAN
    assert {" ".join(box.lines) for box in drawing.boxes} == {"Young people and communities"}


# --- order -------------------------------------------------------------------------------------------------------


def test_columns_keep_their_order_but_for_the_free_ones():
    columns, edges = plan(60, 30)
    drawing = place(columns, edges)
    rows = {box.key: box.y for box in drawing.boxes}
    for column in columns[:-1]:
        assert sorted(column, key=lambda item: rows[item.key]) == column
    assert sorted(columns[-1], key=lambda item: rows[item.key]) != columns[-1]
    fixed = place(columns, edges, free=())
    rows = {box.key: box.y for box in fixed.boxes}
    assert sorted(columns[-1], key=lambda item: rows[item.key]) == columns[-1]


def test_the_same_is_placed_the_same_whatever_the_order_of_its_free_boxes():
    columns, edges = plan(49, 28)
    assert place(columns, edges) == place(columns, edges)
    turned = [*columns[:-1], columns[-1][::-1]]
    assert len(crossings(place(turned, edges))) == pytest.approx(len(crossings(place(columns, edges))), rel=0.1)


@pytest.mark.parametrize("seed", range(5))
def test_a_free_column_is_turned_until_no_line_crosses_where_none_has_to(seed):
    left = items(*(f"l{number}" for number in range(12)))
    right = items(*(f"r{number}" for number in range(12)))
    random.Random(seed).shuffle(right)  # noqa: S311  the same orders each time
    drawing = place([left, right], [Edge(f"l{number}", f"r{number}") for number in range(12)])
    assert crossings(drawing) == []


def test_three_free_columns_are_untangled_together():
    columns = [
        items(*(f"{column}{row}" for row in order))
        for column, order in zip("abc", ("012345", "503142", "240531"), strict=True)
    ]
    edges = [Edge(f"a{row}", f"b{row}") for row in range(6)] + [Edge(f"b{row}", f"c{row}") for row in range(6)]
    assert crossings(place(columns, edges, free=(1, 2))) == []


def test_it_crosses_fewer_lines_than_the_order_it_was_given():
    columns, edges = plan(49, 28)
    assert len(crossings(place(columns, edges))) < 0.8 * len(crossings(place(columns, edges, free=())))


def test_boxes_of_a_group_stand_together_below_its_words_and_the_others_where_they_like():
    columns = [
        items(*(f"a{number}" for number in range(8))),
        [*items("p0", "p1", "p2", "p3", group="Plans", together=False), *items("f0", "f1", group="Forums")],
    ]
    edges = [Edge("a0", "p0"), Edge("a1", "p1"), Edge("a3", "f0"), Edge("a4", "f1"), Edge("a6", "p2"), Edge("a7", "p3")]
    drawing = place(columns, edges)
    rows = sorted((box for box in drawing.boxes if box.key[0] in "pf"), key=lambda box: box.y)
    assert [box.key for box in rows] == ["p0", "p1", "f0", "f1", "p2", "p3"]
    assert [caption.text for caption in drawing.captions] == ["Plans", "Forums", "Plans"]
    firsts = [drawing.by_key[key] for key in ("p0", "f0", "p2")]
    assert all(box.top - 12 < caption.y < box.top for box, caption in zip(firsts, drawing.captions, strict=True))
    apart = [Edge("a0", "f0"), Edge("a1", "p0"), Edge("a6", "p1"), Edge("a7", "f1")]
    rows = sorted((box for box in place(columns, apart).boxes if box.key[0] == "f"), key=lambda box: box.y)
    assert abs(rows[1].y - rows[0].y) < 2 * rows[0].height


def test_boxes_stand_level_with_what_they_are_joined_to():
    drawing = place([items("a0", "a1", "a2"), items("b")], [Edge("a2", "b")])
    assert drawing.by_key["b"].y == pytest.approx(drawing.by_key["a2"].y)


# --- lines -------------------------------------------------------------------------------------------------------


def test_a_line_to_a_column_further_on_passes_the_columns_between_in_a_free_row():
    columns = [items("a"), items(*(f"b{number}" for number in range(6))), items("c")]
    drawing = place(columns, [Edge("a", "c", 3), *(Edge("a", f"b{number}") for number in range(6))])
    (line,) = (line for line in drawing.lines if line.b == "c")
    assert len(line.path) == 10
    assert faults(drawing) == CLEAN
    assert crossings(drawing) == []


def test_a_line_back_ends_at_the_right_side_of_its_box():
    drawing = place([items("a"), items("b")], [Edge("a", "b"), Edge("b", "a", directed=True)])
    there, back = drawing.lines
    assert (back.path[0][0], back.path[-1][0]) == (there.path[-1][0], there.path[0][0])
    # Side by side, not one upon the other.
    assert {y for _, y in (there.path[0], there.path[-1])} != {y for _, y in (back.path[0], back.path[-1])}


def test_an_arc_goes_around_those_within_it():
    drawing = place([items(*"abcde")], [Edge("a", "e"), Edge("b", "d")], free=())
    outer, inner = ({round(x) for x, _ in followed(line)} for line in drawing.lines)
    side = drawing.boxes[0].right
    assert max(abs(x - side) for x in outer) > max(abs(x - side) for x in inner)
    assert crossings(drawing) == []


def test_numbers_are_printed_from_two_on_on_their_line_and_beside_each_other():
    columns = [items("a", "b"), items("c", "d", "e")]
    drawing = place(columns, [Edge("a", "c"), Edge("a", "d", 2), Edge("a", "e", 12), Edge("b", "e", 3)])
    at = {(line.a, line.b): line.at for line in drawing.lines}
    assert at.pop(("a", "c")) is None
    for line in drawing.lines:
        if line.at:
            assert min(abs(x - line.at[0]) + abs(y - line.at[1]) for x, y in followed(line)) < 8
            assert not any(
                box.left < line.at[0] < box.right and box.top < line.at[1] < box.bottom for box in drawing.boxes
            )
    assert abs(at["a", "d"][0] - at["a", "e"][0]) >= 18


# --- words -------------------------------------------------------------------------------------------------------


def test_text_is_at_least_twelve_pixels_and_a_label_too_long_is_cut_where_it_is_seen():
    long = "Engagement " * 300
    drawing = place([items(*(str(number) for number in range(40))), [Item("long", long, "plan")]], [], free=())
    assert SIZE >= 12
    lines = drawing.by_key["long"].lines
    assert lines[-1].endswith("…")
    assert len(lines) <= 4
    assert faults(drawing) == CLEAN


@pytest.mark.parametrize(
    "label", ["", "   ", "x" * 100_000, "<img src=x onerror=alert(1)> href", "日本語の計画" * 20, "\n\t"]
)
def test_any_label_fits_its_box(label):
    drawing = place([[Item("a", label, "plan")], items("b")], [Edge("a", "b")])
    assert faults(drawing) == CLEAN


def test_a_column_with_room_breaks_its_labels_and_a_full_one_keeps_to_one_line():
    columns, edges = plan(49, 28)
    columns[0] = [
        Item(item.key, "Gang crime, youth crime and disorder, victimisation and engagement", "sp")
        for item in columns[0]
    ]
    drawing = place(columns, edges)
    assert {len(drawing.by_key[item.key].lines) for item in columns[2]} == {1}
    assert all(len(drawing.by_key[item.key].lines) > 1 for item in columns[0])
