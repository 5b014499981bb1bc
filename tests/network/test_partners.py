"""The networks of partners say what the tables say, what the question of shared actions says, and nothing more."""

import csv
from collections import Counter
from itertools import combinations

import networkx as nx
import pytest

from kg import network
from kg.questions import ask
from tests.conftest import ROOT, TINY

HACKNEY = ROOT / "data/plans/hackney/community-safety-plan-2015-18"
EACH_WAY = pytest.mark.parametrize(("names", "collective"), [(n, c) for n in network.NAMES for c in (False, True)])


@pytest.fixture(params=["hackney", "tiny"])
def built(request):
    return request.getfixturevalue(request.param)


def leads_of(built, names=network.CANONICAL, *, collective=False, **given):
    return network.leads(ask(built.store, network.LEADS, built.names, **given), names, collective=collective)


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("rolled", [False, True])
@pytest.mark.parametrize("collective", [False, True])
def test_pairs_are_those_of_the_question_of_shared_actions(built, rolled, collective):
    given = {name: "yes" for name, is_set in (("rolled_up", rolled), ("collective", collective)) if is_set}
    answer = ask(built.store, network.SHARED, built.names, **given)
    asked = {frozenset((row["a1_iri"], row["a2_iri"])): (row["shared"], row["refs"]) for row in answer.records()}
    names = network.ROLLED if rolled else network.CANONICAL
    graph = network.partners(leads_of(built, names, collective=collective))
    assert asked
    assert {frozenset(edge): (data["weight"], data["refs"]) for *edge, data in graph.edges(data=True)} == asked


def test_names_as_printed_are_the_partners_of_the_lead_cells(built):
    rows = rows_of((HACKNEY if "hackney" in built.snapshot.plans[0] else TINY / "plan") / "leads.csv")
    printed, pairs = {row["verbatim"] for row in rows}, Counter()
    for element in {row["element"] for row in rows}:
        named = sorted({row["verbatim"] for row in rows if row["element"] == element})
        pairs.update(map(frozenset, combinations(named, 2)))
    graph = network.partners(leads_of(built, network.PRINTED, collective=True))
    assert set(graph) == printed
    assert {frozenset(edge): weight for *edge, weight in graph.edges(data="weight")} == pairs


@EACH_WAY
def test_what_is_led_is_led_alone_or_shared(built, names, collective):
    leads = leads_of(built, names, collective=collective)
    graph = network.partners(leads)
    for key, said in graph.nodes(data=True):
        shared = {action for *_, actions in graph.edges(key, data="actions") for action in actions}
        assert len(shared) + said["alone"] == said["n"] == len(said["actions"])
    assert sum(said["n"] for _, said in graph.nodes(data=True)) == leads.number_of_edges()


def test_the_hackney_plan_has_the_partners_its_lead_cells_name(hackney):
    graph = network.partners(leads_of(hackney, collective=True))
    by_name = nx.relabel_nodes(graph, nx.get_node_attributes(graph, "label"))
    assert len(by_name) == 32
    assert by_name.edges["Safer Communities", "Metropolitan Police Service"]["weight"] == 9
    assert by_name.nodes["Safer Communities"]["n"] == 19
    assert "All Partners" not in nx.get_node_attributes(network.partners(leads_of(hackney)), "label").values()


def test_an_action_that_only_collective_wording_leads_stays_in_the_network_of_leads(hackney):
    leads = leads_of(hackney)
    assert len(network.actions_of(leads)) == 49
    assert [leads.nodes[action]["ref"] for action in network.actions_of(leads) if not leads.degree(action)] == ["6.1"]


def test_measures_have_a_meaning_each_and_follow_the_actions(built):
    leads = leads_of(built)
    graph = network.partners(leads)
    for key, values in network.measures(leads).items():
        assert list(values) == list(network.MEANINGS)
        assert values["led"] == values["alone"] + values["shared"] == graph.nodes[key]["n"]
        assert values["partners"] == graph.degree(key)
        assert all(0 <= values[name] <= 1 for name in ("betweenness", "closeness", "eigenvector"))
    assert len(network.measures(leads)) == len(graph)


def test_single_carriers_are_those_of_the_question_of_single_points_of_failure(built):
    leads = leads_of(built)
    answer = ask(built.store, "single-points-of-failure", built.names)
    asked = Counter(row["partner_iri"] for row in answer.records())
    assert {
        key: values["sole_carrier"] for key, values in network.measures(leads).items() if values["sole_carrier"]
    } == asked


def test_who_links_priorities_is_who_the_question_of_bridging_partners_names(built):
    asked = {
        row["partner_iri"]: row["priorities"] for row in ask(built.store, "bridging-partners", built.names).records()
    }
    measures = network.measures(leads_of(built))
    assert {key: values["priorities"] for key, values in measures.items() if values["priorities"] > 1} == asked


def test_no_lead_is_an_empty_network(hackney):
    leads = leads_of(hackney, borough="elsewhere")
    assert not leads
    assert not network.partners(leads)
    assert network.measures(leads) == {}
