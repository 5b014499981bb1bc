"""Lines and tabs become cells, tags and blanks become segments."""

from pathlib import Path

import pytest

from kg.documents import Cell, cell_id, parse_dump, read_dump
from tests.conftest import TINY, TINY_PLAN


def cell(html: str) -> Cell:
    return Cell(1, 0, html)


def kinds(html: str) -> list[tuple[str, str]]:
    return [(segment.kind, segment.text) for segment in cell(html).listed]


def test_lines_are_counted_as_stored_empty_ones_too():
    document = parse_dump(b"\n\nfirst\tsecond\n\nthird\n", Path("plan.txt"))
    assert [(c.line, c.column, c.text) for c in document.cells] == [(3, 0, "first"), (3, 1, "second"), (5, 0, "third")]
    assert document.lines == 5


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_line_endings_do_not_change_line_numbers(ending: bytes):
    document = parse_dump(b"one" + ending + ending + b"three" + ending, Path("plan.txt"))
    assert [c.line for c in document.cells] == [1, 3]


def test_a_byte_order_mark_is_no_part_of_the_first_cell():
    assert next(parse_dump(b"\xef\xbb\xbfone", Path("p")).cells).text == "one"


def test_the_checksum_is_that_of_the_bytes_in_the_file():
    toml = (TINY_PLAN / "plan.toml").read_text(encoding="utf-8")
    assert f'sha256 = "{read_dump(TINY / "tiny-plan.txt").sha256}"' in toml


def test_a_cell_is_named_by_line_and_column():
    assert cell_id(7, "activity") == "L007-activity"
    assert cell_id(1207, "ref-no") == "L1207-ref-no"


def test_list_items_are_segments_without_the_dash_typed_before_them():
    assert kinds("<p>We will:</p> <ul> <li>- Go.</li> <li>Stay.</li> </ul>") == [
        ("text", "We will:"),
        ("item", "Go."),
        ("item", "Stay."),
    ]


def test_dashes_inside_one_line_are_bullets():
    assert kinds("Locks - We will fit some. - Officers will call.") == [
        ("text", "Locks"),
        ("dash", "We will fit some."),
        ("dash", "Officers will call."),
    ]


def test_a_dash_within_a_sentence_or_an_item_is_no_bullet():
    assert kinds("A club for everybody - open to all.") == [("text", "A club for everybody - open to all.")]
    assert kinds("<ul><li>- A club - Open to all.</li></ul>") == [("item", "A club - Open to all.")]


def test_two_blanks_part_a_cell_and_one_does_not():
    segments = cell("Harbour Trust  Market Wardens Constabulary").segments
    assert [(s.text, s.gap) for s in segments] == [("Harbour Trust", False), ("Market Wardens Constabulary", True)]


def test_bold_is_known_in_tags_and_in_stars():
    for html in ("<b>Title.</b> More.", "**Title.** More.", "<strong>Title.</strong> More."):
        (segment,) = cell(html).segments
        assert segment.text == "Title. More."
        assert segment.text[: segment.bold_until()] == "Title."


def test_links_are_known_in_tags_and_in_brackets():
    for html in ('See <a href="#">the plan</a>.', "See [the plan](#)."):
        (segment,) = cell(html).segments
        assert (segment.text, segment.link_at(4, 12), segment.link_at(0, 3)) == ("See the plan.", "#", None)


def test_entities_are_printed_characters():
    assert cell("Ongoing &amp; more &lt;than&gt;").text == "Ongoing & more <than>"


def test_broken_tags_lose_no_words():
    assert cell("<p>One <b>two <li>three</p> four</b></ul> <five").words == "One two three four <five"


def test_deep_nesting_is_read_without_recursion():
    assert cell("<b><p>" * 20_000 + "deep").words == "deep"


def test_scripts_are_not_printed():
    assert cell("A<script>alert(1)</script>B").words == "AB"


def test_a_cell_of_tags_alone_is_empty():
    assert cell(" <p> <b></b> </p> ").empty
