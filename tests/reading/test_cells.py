"""What cells of deadlines, owners, RAG and progress become, and that persons stay unnamed."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import Note, parse_dump
from kg.documents.printed import segments_of
from kg.reading import Interpretation, Rules, cells_by_id, interpret
from kg.reading.deadlines import read_deadlines
from kg.reading.layout import Line
from kg.reading.persons import WITHHELD
from kg.register import Register
from tests.reading.conftest import Read, rows

HEADER = "Ref\tActivity\tLead\tOutcome\tDeadline\tOwner\tRAG\tProgress"


@pytest.mark.parametrize(
    ("words", "due", "period", "frequency"),
    [
        ("March 2025", "2025-03", "", ""),
        ("31/03/2025", "2025-03-31", "", ""),
        ("31.3.25", "2025-03-31", "", ""),
        ("By end of Q2 2024/25", "2024-09-30", "2024-2025-q2", ""),
        ("Q4 2024/25", "2025-03-31", "2024-2025-q4", ""),
        ("end of 2024/25", "2025-03-31", "2024-2025", ""),
        ("2024/25", "", "2024-2025", ""),
        ("2025", "", "2025", ""),
        ("Ongoing", "", "", ""),
        ("Quarterly", "", "", "freq-quarterly"),
        ("Monthly, from April 2024", "", "", "freq-monthly"),
        ("Spring 2025", "", "", ""),
        ("31/02/2025", "", "", ""),
        ("TBC", "", "", ""),
    ],
)
def test_a_deadline_in_words_gives_what_it_says_and_no_more(
    words: str, due: str, period: str, frequency: str, rules: Rules
):
    (found,) = read_deadlines(Line(next(iter(segments_of(words))), ()), rules)
    assert (found.words, found.due, found.period, found.frequency) == (words, due, period, frequency)


@pytest.mark.parametrize("words", ["03/04/25", "4/13/2025", "2016/07", "Spring 2025", "Q4", "TBC", "Year 1", "ASAP"])
def test_a_deadline_that_may_mean_something_else_is_doubted(words: str, rules: Rules):
    (found,) = read_deadlines(Line(next(iter(segments_of(words))), ()), rules)
    assert found.doubt


@pytest.mark.parametrize(("words", "state"), [("TBC", "status-tbc"), ("N/A", "status-na"), ("Spring 2025", "")])
def test_a_deadline_still_to_come_says_so(words: str, state: str, read_cells):
    assert rows(read_cells(due=words), "deadlines", "label", "state") == [(words, (state,) if state else ())]


def test_a_date_that_can_be_read_two_ways_is_ambiguous_in_the_table(read_cells):
    assert rows(read_cells(due="03/04/25"), "deadlines", "due", "certainty") == [("2025-04-03", "cert-ambiguous")]
    assert rows(read_cells(due="30/04/25"), "deadlines", "due", "certainty") == [("2025-04-30", "cert-stated")]


def test_a_date_that_can_be_read_two_ways_is_read_day_first(rules: Rules):
    (found,) = read_deadlines(Line(next(iter(segments_of("03/04/25"))), ()), rules)
    assert found.due == "2025-04-03"
    assert "day first" in found.note


@pytest.fixture(scope="module")
def read_cells(rules: Rules, tiny_register: Register):
    def reading(due: str = "", owner: str = "", rag: str = "", progress: str = "") -> Interpretation:
        line = "\t".join(["1.1", "We will act.", "Youth Team", "Calm.", due, owner, rag, progress])
        text = f"Strategic Priority 1: Peace\n{HEADER}\n{line}\n"
        document = parse_dump(text.encode(), Path("plan.txt"))
        reading.words = cells_by_id(document, rules)
        return interpret(document, rules, tiny_register, "tinford", "plan")

    return reading


def test_rag_and_progress_are_one_update(read_cells):
    found = rows(read_cells(rag="Amber", progress="Two of five are done."), "updates", "rag", "progress")
    assert found == [("rag-amber", "Two of five are done.")]


def test_a_rag_nobody_knows_is_kept_and_doubted(read_cells):
    reading = read_cells(rag="Puce")
    assert rows(reading, "updates", "rag", "verbatim") == [("", "Puce")]
    assert any(doubt.words == "Puce" for doubt in reading.doubts)


@pytest.mark.parametrize(
    ("words", "posts"),
    [
        ("Head of Community Safety", ["Head of Community Safety"]),
        ("Jo Example, Head of Licensing", ["Head of Licensing"]),
        ("Jo Example (Licensing Manager)", ["Licensing Manager"]),
        ("Licensing Manager, Highways (Jo Example)", ["Licensing Manager, Highways"]),
        ("Licensing Manager - Jo Example", ["Licensing Manager"]),
        ("<p>Jo Example</p><p>Service Manager, Highways</p>", ["Service Manager, Highways"]),
        ("Contact Jo Example, Head of Licensing", ["Head of Licensing"]),
        ("Cllr A. Example", []),
        ("Inspector Example", ["Inspector"]),
        ("Inspector, Licensing", ["Inspector, Licensing"]),
        ("Jo Example", []),
        ("jo.example@example.org", []),
        ("Head of Housing; Road Safety Officer", ["Head of Housing", "Road Safety Officer"]),
    ],
)
def test_a_post_is_kept_and_the_person_is_withheld(words: str, posts: list[str], read_cells):
    reading = read_cells(owner=words)
    assert rows(reading, "owners", "post") == posts
    said = " ".join([*map(str, reading.doubts), *read_cells.words.values(), str(reading.tables.rows)])
    assert "Example" not in said
    assert "@" not in said
    if "xample" in words:
        assert any(doubt.kind == "withheld" and WITHHELD in doubt.words for doubt in reading.doubts)


@pytest.mark.parametrize(
    "words", ["Harbour Trust, Head of Youth", "Community Safety", "<p>Young Rivers</p><p>Head of Youth</p>"]
)
def test_a_body_beside_a_post_is_no_person(words: str, read_cells):
    assert not [doubt for doubt in read_cells(owner=words).doubts if doubt.kind == "withheld"]


@pytest.mark.parametrize(
    "words", ["Jo Example (Constabulary)", "<p>Jo Example</p><p>Head of Youth</p>", "Cllr Example"]
)
def test_a_person_in_the_cell_of_the_lead_is_withheld(words: str, read_row):
    reading = read_row(lead=words)
    assert "Example" not in f"{reading.tables.rows} {reading.doubts} {reading.names.proposals}"
    assert any(doubt.kind == "withheld" for doubt in reading.doubts)


def test_notes_on_a_file_name_nobody(rules: Rules, tiny_register: Register):
    note = Note("A comment was kept.", kept="Ask Cllr Example or jo.example@example.org, 020 7946 0000.")
    line = "\t".join(["1.1", "We will act.", "Youth Team", "Calm."])
    document = parse_dump(f"{HEADER}\n{line}\n".encode(), Path("plan.txt"))
    reading = interpret(replace(document, notes=(note,)), rules, tiny_register, "tinford", "plan")
    assert [each.kept for each in reading.document.notes] == [f"Ask {WITHHELD} or {WITHHELD}, {WITHHELD}."]


@pytest.mark.parametrize("words", ["AMBER/GREEN", "Amber - Green", "Red to Amber"])
def test_a_mixed_rating_is_none_and_its_words_are_kept(words: str, read_cells):
    reading = read_cells(rag=words, progress="Begun.")
    assert rows(reading, "updates", "rag", "progress") == [("", f"{words}\nBegun.")]
    assert any(doubt.words == words for doubt in reading.doubts)


def test_blue_is_inferred_where_the_plan_prints_no_key(read_cells):
    assert rows(read_cells(rag="Blue"), "updates", "rag", "certainty") == [("rag-complete", "cert-inferred")]
    assert rows(read_cells(rag="Green"), "updates", "rag", "certainty") == [("rag-green", "cert-stated")]


@pytest.mark.parametrize("key", ["Key: Red = off track; Blue = not started", "Blue: Not started", "Blue\tNot started"])
def test_the_key_of_a_plan_says_what_blue_is(key: str, read: Read):
    reading = read(f"{key}\nStrategic Priority 1: Peace\nRef\tActivity\tLead\tRAG\n1.1\tAct.\tYouth Team\tBlue\n")
    assert rows(reading, "updates", "rag", "certainty") == [("rag-not-started", "cert-stated")]


def test_colours_under_a_bare_period_are_ratings(read: Read):
    table = "Ref\tActivity\tLead\tQ1 2024/25\tQ2 2024/25\n1.1\tAct.\tYouth Team\tGreen\tTwo of five are done.\n"
    reading = read(f"Strategic Priority 1: Peace\n{table}")
    assert rows(reading, "updates", "period", "rag") == [("2024-2025-q1", "rag-green")]
    assert rows(reading, "statuses", "period", "label") == [("2024-2025-q2", "Two of five are done.")]


def test_a_year_of_colours_beside_one_of_statuses_states_nothing_else(read_row):
    reading = read_row(first="Amber", second="Ongoing")
    assert rows(reading, "updates", "period", "rag") == [("2023-2024", "rag-amber")]
    assert rows(reading, "statuses", "period", "state") == [
        ("2023-2024", ("status-not-stated",)),
        ("2024-2025", ("status-ongoing",)),
    ]


def test_a_plan_of_colours_alone_has_no_statuses(read_row):
    assert rows(read_row(first="Amber", second="Green"), "statuses", "period") == []


def test_a_colour_among_statuses_is_a_rating_and_its_words_stay(read: Read):
    table = "Ref\tActivity\tLead\t2024/25\n1.1\tAct.\tYouth Team\tAmber\n1.2\tGo.\tYouth Team\tOngoing\n"
    reading = read(f"Strategic Priority 1: Peace\n{table}")
    assert rows(reading, "updates", "element", "rag") == [("action/1.1", "rag-amber")]
    assert rows(reading, "statuses", "label") == ["Amber", "Ongoing"]


def test_an_empty_financial_year_is_not_stated(read_row):
    reading = read_row(second="")
    assert rows(reading, "statuses", "period", "state", "label", "source", "certainty")[1] == (
        "2024-2025", ("status-not-stated",), "Not stated", ("L003-2024-2025",), "cert-stated",
    )  # fmt: skip


def test_an_empty_quarter_or_calendar_year_has_no_status(read: Read):
    table = "Ref\tActivity\tLead\tQ1 2024/25\t2025\n1.1\tAct.\tYouth Team\t\t\n1.2\tGo.\tYouth Team\tHeld.\tDone\n"
    reading = read(f"Strategic Priority 1: Peace\n{table}")
    assert rows(reading, "statuses", "element") == ["action/1.2", "action/1.2"]


WORD = st.from_regex(r"[a-z]{2,8}", fullmatch=True)


@settings(max_examples=25, deadline=None)
@given(words=st.lists(WORD, min_size=1, max_size=12))
def test_no_word_of_a_deadline_or_progress_is_lost(words: list[str], read_cells):
    text = " ".join(words)
    reading = read_cells(due=text, progress=text)
    assert " ".join(rows(reading, "deadlines", "verbatim")) == text
    assert rows(reading, "updates", "progress") == [text]


@settings(max_examples=25, deadline=None)
@given(title=st.sampled_from(["Mr", "Ms", "Cllr", "Dr"]), name=st.from_regex(r"[A-Z][a-z]{5,9}", fullmatch=True))
def test_a_titled_name_stands_nowhere(title: str, name: str, read_cells):
    reading = read_cells(owner=f"{title} {name}", progress=f"Agreed with {title} {name} and {name.lower()}@example.org")
    said = " ".join([*map(str, reading.doubts), *read_cells.words.values(), str(reading.tables.rows)])
    assert not re.search(rf"{title} {name}|{name.lower()}@", said)
