"""Cells of partners that name a post, nobody, or nobody yet."""

import pytest

from tests.reading.conftest import Read, rows

NOT_STATED, TO_BE_CONFIRMED = "org/not-stated", "org/to-be-confirmed"


@pytest.mark.parametrize("words", ["", "N/A", "-"])
def test_an_action_without_a_lead_says_that_none_is_stated(words: str, read_row: Read):
    reading = read_row(lead=words)
    assert rows(reading, "leads", "partner", "role", "source") == [(NOT_STATED, "role-sole", ("L003-lead-partners",))]
    assert any("Nobody leads 1.1" in doubt.sentence for doubt in reading.doubts)
    assert reading.names.proposals["bodies"][NOT_STATED].classification == "ptype-collective"


@pytest.mark.parametrize("words", ["TBC", "Tbc.", "To be confirmed", "TBA"])
def test_a_lead_to_be_confirmed_is_nobody_yet(words: str, read_row: Read):
    reading = read_row(lead=words)
    assert rows(reading, "leads", "partner", "role", "verbatim") == [(TO_BE_CONFIRMED, "role-sole", words.rstrip("."))]
    assert any(doubt.words == words and "still to be confirmed" in doubt.sentence for doubt in reading.doubts)


def test_one_lead_of_two_may_be_to_be_confirmed(read_row: Read):
    found = rows(read_row(lead="Youth Team / TBC"), "leads", "partner", "role")
    assert found == [("Youth Team", "role-joint"), (TO_BE_CONFIRMED, "role-joint")]


def test_words_of_other_cells_never_name_who_is_to_be_confirmed(read_row: Read):
    reading = read_row(lead="TBC", activity="To be confirmed, partner not stated.", outcome="Partner to be agreed. Tbc")
    assert rows(reading, "mentions", "of") == []


@pytest.mark.parametrize(
    ("words", "posts", "leads"),
    [
        ("Head of Safety, Youth Team", [("Head of Safety", "Youth Team")], [("Youth Team", "role-sole")]),
        ("Youth Team (Service Manager)", [("Service Manager", "Youth Team")], [("Youth Team", "role-sole")]),
        ("Service Manager, Highways", [("Service Manager, Highways", "")], [(NOT_STATED, "role-sole")]),
        ("Youth Team Manager", [("Youth Team Manager", "Youth Team")], [("Youth Team", "role-sole")]),
        ("Youth Team; Licensing Officer", [("Licensing Officer", "Council Licensing")], [("Youth Team", "role-sole")]),
        ("Head of Safety, Otter Trust", [("Head of Safety", "Otter Trust")], [("Otter Trust", "role-sole")]),
        (
            "Youth Team Manager; Licensing Officer",
            [("Youth Team Manager", "Youth Team"), ("Licensing Officer", "Council Licensing")],
            [("Youth Team", "role-joint"), ("Council Licensing", "role-joint")],
        ),
        ("Youth Team", [], [("Youth Team", "role-sole")]),
    ],
)
def test_a_post_among_the_partners_owns_the_action_and_its_body_leads(
    words: str, posts: list[tuple[str, str]], leads: list[tuple[str, str]], read_row: Read
):
    reading = read_row(lead=words)
    assert rows(reading, "owners", "post", "partner") == posts
    assert rows(reading, "leads", "partner", "role") == leads


def test_a_post_that_names_no_body_is_asked_about(read_row: Read):
    reading = read_row(lead="Service Manager, Highways")
    assert any("which body is it of?" in doubt.sentence for doubt in reading.doubts)
