"""Dates and turns as councils print them in a timescale: read where they say one thing, else doubted."""

import pytest

from kg.documents.printed import segments_of
from kg.reading import Rules
from kg.reading.deadlines import DeadlineRead, read_deadlines
from kg.reading.layout import Line


def read(words: str, rules: Rules) -> DeadlineRead:
    (found,) = read_deadlines(Line(next(iter(segments_of(words))), ()), rules)
    return found


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("Mar-25", "2025-03"),
        ("Mar '25", "2025-03"),
        ("Sept 2025", "2025-09"),
        ("30 Sept 2025", "2025-09-30"),
        ("31st March 2025", "2025-03-31"),
        ("31st of March 2025", "2025-03-31"),
        ("31 Mar 25", "2025-03-31"),
        ("1-Apr-2025", "2025-04-01"),
        ("1-Apr-25", "2025-04-01"),
        ("2026-03-31", "2026-03-31"),
    ],
)
def test_a_short_date_is_read(words: str, due: str, rules: Rules):
    assert (read(words, rules).due, read(words, rules).doubt) == (due, "")


@pytest.mark.parametrize("words", ["Mar 25", "Dec 2024 - ongoing", "Apr-24 to Mar-25", "2024-2027", "Jan-Mar"])
def test_words_that_give_no_one_date_are_doubted(words: str, rules: Rules):
    assert read(words, rules).due == ""
    assert read(words, rules).doubt


def test_a_quarter_of_one_year_is_doubted(rules: Rules):
    assert (read("Q3 2025", rules).due, read("Q3 2025", rules).period) == ("", "2025-q3")
    assert "calendar year" in read("Q3 2025", rules).doubt


@pytest.mark.parametrize(
    ("words", "frequency"),
    [("Twice yearly", "freq-six-monthly"), ("6 monthly", "freq-six-monthly"), ("3-monthly", "freq-quarterly")],
)
def test_a_turn_is_not_mistaken_for_the_word_within_it(words: str, frequency: str, rules: Rules):
    assert read(words, rules).frequency == frequency


@pytest.mark.parametrize("words", ["Bi-monthly", "Three yearly", "Two monthly"])
def test_a_turn_that_no_code_says_is_doubted(words: str, rules: Rules):
    assert read(words, rules).frequency == ""
    assert read(words, rules).doubt


@pytest.mark.parametrize(
    "words", ["Q2 2024/25", "quarter 2 2024/25", "2nd quarter 2024/25", "Qtr 2 2024/25", "end of Q2 2024/25"]
)
def test_a_quarter_is_read_in_every_way_it_is_written(words: str, rules: Rules):
    found = read(words, rules)
    assert (found.period, found.due) == ("2024-2025-q2", "2024-09-30")


@pytest.mark.parametrize("words", ["31 June 2025", "30 February 2025", "29 Feb 2023", "31/06/2025", "2025-02-30"])
def test_a_day_that_no_calendar_has_is_no_date(words: str, rules: Rules):
    found = read(words, rules)
    assert (found.words, found.due) == (words, "")
    assert found.doubt
