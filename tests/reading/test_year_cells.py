"""What a year cell says: states, vehicles, conditions, told or promised."""

import pytest

from tests.reading.conftest import Read, rows


@pytest.mark.parametrize(
    ("words", "states"),
    [
        ("N/A", ("status-na",)),
        ("tbc", ("status-tbc",)),
        ("In Development", ("status-in-development",)),
        ("Ongoing", ("status-ongoing",)),
        ("Refresh Policy", ("status-described",)),
        ("Tbc - Agreeing the list", ("status-tbc", "status-described")),
        ("Delivery through Youth Action Plan", ("status-elsewhere",)),
        ("Ongoing Delivery through Youth Action Plan", ("status-ongoing", "status-elsewhere")),
        ("Delivery through Youth Action Plan  First talks", ("status-elsewhere", "status-described")),
        ("Delivery through Youth Action Plan  Review/Ongoing work",
         ("status-elsewhere", "status-ongoing", "status-described")),
        ("See Town Health Review", ("status-see",)),
        ("Youth panel under development", ("status-in-development", "status-described")),
        ("Ongoing &amp; subject to a new contract", ("status-ongoing", "status-conditional")),
        ("An ongoing task of the wardens", ("status-described",)),
    ],
)  # fmt: skip
def test_set_phrases_are_states_and_what_is_left_is_described(words: str, states: tuple[str, ...], read_row: Read):
    assert rows(read_row(second=words), "statuses", "state", period="2024-2025") == [states]


def test_two_vehicles_may_share_a_phrase(read_row: Read):
    reading = read_row(first="Delivery through Youth Action Plan and Joint Tasking Group")
    vehicles = rows(reading, "statuses", "delivered_through", period="2023-2024")
    assert vehicles == [("Youth Action Plan", "Joint Tasking Group")]


def test_a_pointer_stands_on_the_status(read_row: Read):
    (pointer,) = rows(read_row(first="See Town Health Review"), "cross-references", "element", "points_to")
    assert pointer == ("action/1.1/status/2023-2024", "Town Health Review")


def test_who_pays_is_a_condition_and_a_mention(read_row: Read):
    reading = read_row(first="Subject to funding via Quay Fund")
    assert rows(reading, "statuses", "conditional_on", period="2023-2024") == [("cond-funding", "Quay Fund")]
    assert rows(reading, "mentions", "element", "of") == [("action/1.1", "Quay Fund")]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("300 doorbells fitted", "stated-reported"),
        ("Doorbells will be fitted", "stated-intended"),
        ("Fit doorbells", "stated-intended"),
        ("Ongoing", "stated-intended"),
    ],
)
def test_the_past_tense_in_the_first_year_is_a_report(words: str, told: str, read_row: Read):
    assert rows(read_row(first=words), "statuses", "stated_as", period="2023-2024") == [told]


def test_the_past_tense_in_a_year_to_come_is_doubted(read_row: Read):
    reading = read_row(second="300 doorbells fitted")
    assert rows(reading, "statuses", "stated_as", period="2024-2025") == ["stated-intended"]
    assert any("sounds like a report" in doubt.sentence for doubt in reading.doubts)
