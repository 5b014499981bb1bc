"""Several plans and boroughs in one graph: the scope takes them apart, and no plan is told another's facts."""

from collections import Counter
from collections.abc import Iterator

import pytest

from kg.build import build
from kg.errors import NotFound
from kg.graph.store import LocalStore
from kg.questions import BOROUGH, Names, ask, load_questions
from kg.questions.question import Parameter
from kg.settings import Settings
from tests.conftest import TINY_PLAN, Built

QUESTIONS = load_questions()
HACKNEY = "Hackney Community Safety Plan 2015-18"
ACTION = Parameter(name="action", type="action", example="1.1")
PLAN = Parameter(name="plan", type="plan", example=HACKNEY)


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> Iterator[Built]:
    """The bundled plan and the tiny plan, of two boroughs, in one graph."""
    settings = Settings.read(environ={}, home=tmp_path_factory.mktemp("both"))
    snapshot = build(settings, add=[TINY_PLAN])
    store = LocalStore(snapshot)
    yield Built(settings, snapshot, store, Names.load(store))
    store.close()


def rows(built: Built, question, **given) -> Counter:
    answer = ask(built.store, question.name, built.names, **given)
    return Counter(tuple(sorted((column, str(value)) for column, value in row.items())) for row in answer.records())


def needed(question) -> dict[str, str]:
    return {each.name: each.example for each in question.parameters if each.required}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_plan_is_told_the_same_with_another_beside_it(name, hackney, both):
    question = QUESTIONS[name]
    given = needed(question) | {"plan": HACKNEY}
    assert rows(both, question, **given) == rows(hackney, question, **given)


@pytest.mark.parametrize("name", [name for name, one in QUESTIONS.items() if not needed(one)])
def test_the_smaller_plan_is_told_the_same_too(name, tiny, both):
    question = QUESTIONS[name]
    assert rows(both, question, borough="tinford") == rows(tiny, question, borough="tinford")


@pytest.mark.parametrize("name", [name for name, one in QUESTIONS.items() if not needed(one)])
def test_the_boroughs_together_are_all(name, both):
    question = QUESTIONS[name]
    each = rows(both, question, borough="Hackney") + rows(both, question, borough="Tinford")
    assert each == rows(both, question)


def test_a_borough_is_found_by_its_name_and_as_addresses_write_it(both):
    for words in ("Hackney", "hackney", "https://w3id.org/plangraph/id/hackney"):
        things, terms = both.names.resolved([BOROUGH], {"borough": [words]})
        assert [thing.name for thing in things["plan"]] == [HACKNEY]
        assert terms["plan"] == ("<https://w3id.org/plangraph/id/hackney/plan/community-safety-plan-2015-18>",)


def test_a_reference_two_plans_print_is_both_until_one_is_in_scope(both):
    every, _ = both.names.resolved([ACTION], {"action": ["1.1"]})
    assert len(every["action"]) == 2
    one, _ = both.names.resolved([ACTION, BOROUGH], {"action": ["1.1"], "borough": ["Tinford"]})
    assert [thing.iri.rsplit("/id/")[-1] for thing in one["action"]] == ["tinford/plan/safety-plan-2023-25/action/1.1"]


def test_a_plan_of_another_borough_is_refused_in_a_sentence(both):
    with pytest.raises(NotFound, match="is no plan of Tinford"):
        both.names.resolved([PLAN, BOROUGH], {"plan": [HACKNEY], "borough": ["Tinford"]})
