"""The network of what leans on what says what the tables and the question of every reference say."""

import csv
import random
from collections import Counter

import pytest

from kg.build import build
from kg.graph.store import LocalStore
from kg.network.dependencies import ACTION, ELEMENTS, FORUM, KINDS, NAMED_ONLY, PLAN, dependencies, under
from kg.network.references import QUESTIONS, REFERENCES, references
from kg.questions import Names, ask
from kg.settings import Settings
from tests.conftest import ROOT, YOUTH_JUSTICE

ID = "https://w3id.org/plangraph/id/"
SAFETY = f"{ID}hackney/plan/community-safety-plan-2015-18"
YOUTH = f"{ID}hackney/plan/youth-justice-plan"
TABLES = ROOT / "data/plans/hackney/community-safety-plan-2015-18"


def network_of(store, names=None):
    return references({name: ask(store, name, names) for name in QUESTIONS})


@pytest.fixture(scope="module")
def one(hackney):
    """What leans on what in the bundled plan."""
    return dependencies(network_of(hackney.store, hackney.names))


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Every reference of the bundled plan and of the example."""
    store = LocalStore(build(Settings.read(environ={}, home=tmp_path_factory.mktemp("two")), add=[YOUTH_JUSTICE]))
    yield network_of(store, Names.load(store))
    store.close()


def rows_of(name):
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_element_is_there_in_the_order_of_the_document_and_below_its_own(one):
    actions = [node for node, kind in one.nodes(data="kind") if kind == ACTION]
    assert [node.removeprefix(f"{SAFETY}/action/") for node in actions] == [
        row["identifier"] for row in rows_of("actions")
    ]
    assert [one.nodes[node]["part_of"] for node in actions] == [
        f"{SAFETY}/{row['is_part_of']}" for row in rows_of("actions")
    ]
    kinds = Counter(kind for _, kind in one.nodes(data="kind") if kind in ELEMENTS)
    assert [kinds[kind] for kind in ELEMENTS] == [5, 11, 49]
    assert {node["plan_name"] for _, node in one.nodes(data=True) if node["plan"]} == {
        "Hackney Community Safety Plan 2015-18"
    }


def test_every_fact_of_the_tables_is_counted_once(one):
    pointers = rows_of("cross-references")
    vehicles = [name for row in rows_of("statuses") for name in row["delivered_through"].split(" | ") if name]
    assert sum(weight for *_, weight in one.edges(data="weight")) == len(pointers) + len(vehicles) == 77


def test_who_leans_on_what_is_what_an_independent_count_of_the_tables_finds(one):
    # By the names in the tables, with no graph in between.
    tasking = Counter(
        row["element"] for row in rows_of("statuses") if "Partnership Tasking" in row["delivered_through"].split(" | ")
    ) + Counter(
        "/".join(row["element"].split("/")[:2])
        for row in rows_of("cross-references")
        if row["points_to"] == "Partnership Tasking"
    )
    forum = f"{ID}hackney/org/partnership-tasking"
    found = {node.removeprefix(f"{SAFETY}/"): weight for node, _, weight in one.in_edges(forum, data="weight")}
    assert found == dict(tasking)
    assert one.nodes[forum]["kind"] == FORUM


def test_a_section_counts_for_its_plan(one):
    edge = one.edges[f"{SAFETY}/action/1.10", YOUTH]
    assert (edge["weight"], edge["how"]) == (5, "see also in 2016/17; delivered through in 2017/18")
    assert edge["depends"] is True
    assert "line 27, activity" in edge["sources"]
    assert not [node for node in one if "/section/" in node]


def test_what_only_points_does_not_depend(one):
    assert one.edges[f"{SAFETY}/action/2.5", f"{ID}hackney/plan/vawg-strategy"]["depends"] is False
    assert one.edges[SAFETY, f"{ID}hackney/plan/vawg-action-plan-2016-2019"]["depends"] is False


def test_actions_that_lean_on_nothing_are_there(one):
    alone = [node for node, kind in one.nodes(data="kind") if kind == ACTION and not one.out_degree(node)]
    assert len(alone) == 23
    assert f"{SAFETY}/action/2.3" in alone


def test_a_plan_named_only_is_held_once_it_is_loaded(one, two):
    assert one.nodes[YOUTH]["kind"] == NAMED_ONLY
    both = dependencies(two)
    assert both.nodes[YOUTH]["kind"] == PLAN
    assert {kind for _, kind in both.nodes(data="kind")} <= set(KINDS)


def test_two_plans_lean_on_each_other_and_on_the_same(two):
    both = dependencies(two)
    assert both.has_edge(f"{SAFETY}/action/1.6", YOUTH)
    assert both.has_edge(YOUTH, f"{SAFETY}/action/1.6")
    gangs = both.pred[f"{ID}hackney/plan/gangs-action-plan"]
    # What is to be improved counts for its delivery priority.
    assert {f"{SAFETY}/action/1.2", f"{YOUTH}/action/1.2", f"{YOUTH}/sp/2/dp/1"} <= set(gangs)


def test_one_plan_alone_has_its_own_elements_and_the_other_as_a_whole(two):
    alone = dependencies(two, [YOUTH])
    assert {node["plan"] for _, node in alone.nodes(data=True) if node["plan"]} == {YOUTH}
    assert not [node for node in alone if node.startswith(f"{SAFETY}/")]
    assert f"{YOUTH}/action/2.1" in alone.pred[SAFETY]
    assert dependencies(two, [SAFETY, YOUTH]).edges == dependencies(two).edges


def test_a_part_is_what_lies_in_it_with_what_is_above_and_what_it_leans_on(one):
    part = under(one, [f"{SAFETY}/sp/1/dp/2"])
    inside = [node.removeprefix(f"{SAFETY}/") for node in part if node.startswith(f"{SAFETY}/")]
    assert inside == ["sp/1", "sp/1/dp/2", "action/1.6", "action/1.7", "action/1.8", "action/1.9"]
    assert set(part.edges) == {
        ends for ends in one.edges if ends[0].startswith(f"{SAFETY}/action/1.") and ends[0][-1] in "69"
    } - {ends for ends in one.edges if ends[0].endswith("1.16")}


def test_the_order_does_not_hang_on_the_order_of_what_was_asked_for(one):
    wanted = [f"{SAFETY}/action/{ref}" for ref in ("2.1", "4.14", "1.6", "1.10", "3.5")]
    for seed in range(3):
        random.Random(seed).shuffle(wanted)  # noqa: S311  the same orders each time
        part = under(one, wanted)
        assert list(part) == [node for node in one if node in part]
        assert list(part.edges) == [ends for ends in one.edges if ends in part.edges]


def test_edges_are_those_of_the_question(hackney, one):
    answer = ask(hackney.store, REFERENCES, hackney.names).records()
    asked = Counter(
        (row["from_iri"], row["within_iri"] if "/section/" in row["to_iri"] else row["to_iri"]) for row in answer
    )
    assert {(a, b): weight for a, b, weight in one.edges(data="weight")} == dict(asked)
