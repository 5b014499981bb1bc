"""What people write finds what they mean, and nothing that is not in the graph reaches a query."""

import pytest

from kg.errors import InputError, NotFound
from kg.questions import ask, bound, find_question
from kg.questions.binding import iri, literal
from kg.questions.question import Parameter

POLICE = "https://w3id.org/plangraph/id/org/metropolitan-police"
PLAN = "https://w3id.org/plangraph/id/hackney/plan/community-safety-plan-2015-18"


@pytest.mark.parametrize(
    "words", ["MPS", "Police", "Met police", "metropolitan  POLICE service", POLICE, "org/metropolitan-police"]
)
def test_a_body_is_found_in_every_spelling(hackney, words):
    assert [thing.iri for thing in hackney.names.find(words, "body")] == [POLICE]


@pytest.mark.parametrize(
    ("words", "kind", "path"),
    [
        ("2.10", "action", f"{PLAN}/action/2.10"),
        ("action/2.1", "action", f"{PLAN}/action/2.1"),
        ("2", "priority", f"{PLAN}/sp/2"),
        ("2/1", "priority", f"{PLAN}/sp/2/dp/1"),
        ("sp/2/dp/1", "priority", f"{PLAN}/sp/2/dp/1"),
        (f"{PLAN}/sp/2/dp/1", "priority", f"{PLAN}/sp/2/dp/1"),
        ("2015/16", "year", "http://reference.data.gov.uk/id/government-year/2015-2016"),
        ("2015-16", "year", "http://reference.data.gov.uk/id/government-year/2015-2016"),
        ("2015-2016", "year", "http://reference.data.gov.uk/id/government-year/2015-2016"),
        ("Dalston", "place", "https://w3id.org/plangraph/id/hackney/place/dalston"),
        ("Dalston", "thing", "https://w3id.org/plangraph/id/hackney/place/dalston"),
        ("youth justice plan", "thing", "https://w3id.org/plangraph/id/hackney/plan/youth-justice-plan"),
        ("3.5", "thing", f"{PLAN}/action/3.5"),
    ],
)
def test_each_kind_is_found_as_people_write_it(hackney, words, kind, path):
    assert [thing.iri for thing in hackney.names.find(words, kind)] == [path]


def test_two_references_that_look_alike_to_a_spreadsheet_stay_apart(hackney):
    one, ten = hackney.names.find("2.1", "action"), hackney.names.find("2.10", "action")
    assert one[0].iri != ten[0].iri


def test_an_unknown_name_gets_the_nearest_and_an_example(hackney):
    with pytest.raises(NotFound, match=r"Hackny Housing.*nearest: Hackney Housing.*would work"):
        hackney.names.find("Hackny Housing", "body", "Safer Communities")


@pytest.mark.parametrize(
    "words", [f"{POLICE}> ?x <urn:y", "hackney/org/nobody", '"; DROP', "https://example.org/not-there", "\x00"]
)
def test_what_the_graph_does_not_hold_reaches_no_query(hackney, words):
    with pytest.raises(NotFound):
        hackney.names.find(words, "body")


def test_a_flag_is_yes_or_no(hackney):
    flag = Parameter(name="rolled_up", type="flag", example="yes")
    assert hackney.names.resolved([flag], {flag.name: ["Yes"]})[1] == {flag.name: ("true",)}
    assert hackney.names.resolved([flag], {flag.name: ["0"]})[1] == {flag.name: ("false",)}
    with pytest.raises(InputError, match='"rolled_up" is yes or no, not "maybe"'):
        hackney.names.resolved([flag], {flag.name: ["maybe"]})


def test_a_text_is_written_as_a_literal():
    assert literal('a "b" \\ \n') == '"a \\"b\\" \\\\ \\n"'


def test_an_iri_with_a_bracket_is_refused():
    with pytest.raises(ValueError, match="no spaces, quotes or brackets"):
        iri("urn:a> ?b")


def test_a_missing_parameter_says_what_to_try(hackney):
    with pytest.raises(InputError, match=r'Q03 \(Who leads an action\) needs "action"; try "2.3"'):
        bound(find_question("Q03"), hackney.names, {"action": " "})


def test_a_parameter_too_many_lists_those_there_are(hackney):
    with pytest.raises(InputError, match=r'takes no parameter "colour"; it takes: borough, plan, action'):
        ask(hackney.store, "Q03", action="2.3", colour="red")


def test_asking_from_python_needs_a_store_and_a_name(hackney):
    assert ask(hackney.store, "who-leads-an-action", action="1.1").column("partner") == ("Integrated Gangs Unit",)
