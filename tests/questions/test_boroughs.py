"""Several plans and boroughs in one graph: the scope takes them apart, and no plan is told another's facts."""

import shutil
from collections import Counter
from collections.abc import Iterator

import pytest

from kg.comparing.sources import published
from kg.errors import NotFound, Several
from kg.questions import BOROUGH, ask, load_questions
from kg.questions.question import Parameter
from kg.settings import Settings
from kg.tables import known_codes
from tests.conftest import ROOT, TINY_PLAN, YOUTH_JUSTICE, Built, built

QUESTIONS = load_questions()
HACKNEY = "Hackney Community Safety Plan 2015-18"
EXAMPLES = ROOT / "data" / "examples"
BOROUGHS = {
    "Tinford": [TINY_PLAN, TINY_PLAN.with_name("safety-plan-2023-25-revised")],
    "Marlow Vale": [EXAMPLES / "marlow-vale" / "safer-vale-plan-2023-25"],
}
"""The boroughs of one plan, with the folder of each of its versions."""
ACTION = Parameter(name="action", type="action", example="1.1")
BODY = Parameter(name="partner", type="body", example="MPS")
PLAN = Parameter(name="plan", type="plan", example=HACKNEY)


@pytest.fixture(scope="module")
def alone(tmp_path_factory) -> Iterator[dict[str, Built]]:
    """Each borough in a graph of its own: the plans of Hackney with the bundled data, the others with their own."""
    made = {"Hackney": built(Settings.read(environ={}, home=tmp_path_factory.mktemp("hackneys")), add=[YOUTH_JUSTICE])}
    for borough, folders in BOROUGHS.items():
        data = tmp_path_factory.mktemp("data")
        shutil.copytree(ROOT / "data" / "register", data / "register")
        shutil.copytree(ROOT / "data" / "reading", data / "reading")
        settings = Settings.read(environ={}, home=tmp_path_factory.mktemp("alone"), data=data)
        made[borough] = built(settings, add=folders)
    yield {borough: next(opened) for borough, opened in made.items()}
    for opened in made.values():
        next(opened, None)


def rows(held: Built, question, **given) -> Counter:
    answer = ask(held.store, question.name, held.names, **given)
    return Counter(tuple(sorted((column, str(value)) for column, value in row.items())) for row in answer.records())


def needed(question) -> dict[str, str]:
    return {each.name: each.example for each in question.parameters if each.required}


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_borough_is_told_the_same_alone_and_with_all_others_beside_it(name, examples, alone):
    question = QUESTIONS[name]
    if given := needed(question):
        # The examples of what a question needs are Hackney's.
        assert rows(examples, question, **given, borough="Hackney") == rows(alone["Hackney"], question, **given)
        return
    each = {borough: rows(examples, question, borough=borough) for borough in alone}
    assert each == {borough: rows(held, question) for borough, held in alone.items()}
    assert sum(each.values(), Counter()) == rows(examples, question)


def test_the_later_version_of_a_plan_holds_and_the_earlier_is_reached_by_its_version_only(examples):
    """1.7 was dropped, 1.11 and 4.2 are new."""
    contents = ask(examples.store, "contents-of-the-plan", examples.names, borough="Tinford").records()
    refs = {str(row["ref"]) for row in contents}
    assert {"1.11", "4.2"} <= refs
    versions = published(examples.snapshot.tables_path, known_codes(examples.settings.ontology))
    held = {
        path: {action.identifier for action in plan.rows["actions"]}
        for path, plan in versions.items()
        if plan.meta.borough == "tinford"
    }
    assert list(held) == ["tinford/safety-plan-2023-25/4c987dc4", "tinford/safety-plan-2023-25/2024-06"]
    assert held["tinford/safety-plan-2023-25/2024-06"] == refs
    assert held["tinford/safety-plan-2023-25/4c987dc4"] != refs


def test_a_borough_is_found_by_its_name_and_as_addresses_write_it(examples):
    for words in ("Tinford", "tinford", "https://w3id.org/plangraph/id/tinford"):
        things, terms = examples.names.resolved([BOROUGH], {"borough": [words]})
        assert [thing.iri.rsplit("/id/")[-1] for thing in things["plan"]] == ["tinford/plan/safety-plan-2023-25"]
        assert terms["plan"] == ("<https://w3id.org/plangraph/id/tinford/plan/safety-plan-2023-25>",)
    things, _ = examples.names.resolved([BOROUGH], {"borough": ["Hackney"]})
    assert len(things["plan"]) == 2


def test_a_reference_several_plans_print_is_all_of_them_until_one_is_in_scope(examples):
    every, _ = examples.names.resolved([ACTION], {"action": ["1.1"]})
    assert len(every["action"]) == 4
    one, _ = examples.names.resolved([ACTION, BOROUGH], {"action": ["1.1"], "borough": ["Tinford"]})
    assert [thing.iri.rsplit("/id/")[-1] for thing in one["action"]] == ["tinford/plan/safety-plan-2023-25/action/1.1"]


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("1.1 (Tinford)", "tinford/plan/safety-plan-2023-25/action/1.1"),
        ("1.1 (marlow-vale)", "marlow-vale/plan/safer-vale-plan-2023-25/action/1.1"),
        ("1.1 (Youth Justice Plan 2016-18 (synthetic example))", "hackney/plan/youth-justice-plan/action/1.1"),
    ],
)
def test_a_reference_with_its_borough_or_plan_behind_it_is_that_one(examples, words, path):
    (found,) = examples.names.find(words, "action")
    assert found.iri.endswith(f"/id/{path}")


def test_where_one_thing_is_needed_and_several_are_named_all_are_listed_with_plan_and_borough(examples):
    things = examples.names.find("1.1", "action")
    with pytest.raises(Several, match="is the name of several") as refused:
        examples.names.only(things, "1.1", "action")
    assert [(one.plan, one.borough) for one in refused.value.candidates][-1] == (
        "Tinford Safety Plan 2023-25 (synthetic example)",
        "Tinford",
    )
    assert all(one.path in str(refused.value) for one in refused.value.candidates)
    assert examples.names.only(things[:1], "1.1", "action") == things[0]


def test_a_plan_of_another_borough_is_refused_in_a_sentence(examples):
    with pytest.raises(NotFound, match="is no plan of Tinford"):
        examples.names.resolved([PLAN, BOROUGH], {"plan": [HACKNEY], "borough": ["Tinford"]})
