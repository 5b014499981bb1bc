"""The networks of partners say what the tables say, what the question of shared actions says, and nothing more."""

import csv
from collections import Counter
from itertools import combinations

import networkx as nx
import pytest

from kg import network
from kg.network.measures import cut_off_without
from kg.questions import ask
from tests.conftest import ROOT, TINY_PLAN

HACKNEY = ROOT / "data/plans/hackney/community-safety-plan-2015-18"
EACH_WAY = pytest.mark.parametrize(("names", "collective"), [(n, c) for n in network.NAMES for c in (False, True)])


@pytest.fixture(params=["hackney", "tiny"])
def built(request):
    return request.getfixturevalue(request.param)


def leads_of(built, names=network.CANONICAL, *, collective=False, **given):
    roles = ask(built.store, network.ROLES, built.names)
    answer = ask(built.store, network.LEADS, built.names, **given)
    return network.leads(answer, names, collective=collective, roles=roles)


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
    rows = rows_of((HACKNEY if "hackney" in built.snapshot.plans[0] else TINY_PLAN) / "leads.csv")
    printed, pairs = {row["verbatim"] for row in rows}, Counter()
    for element in {row["element"] for row in rows}:
        named = sorted({row["verbatim"] for row in rows if row["element"] == element})
        pairs.update(map(frozenset, combinations(named, 2)))
    graph = network.partners(leads_of(built, network.PRINTED, collective=True))
    assert set(graph) == printed
    assert {frozenset(edge): weight for *edge, weight in graph.edges(data="weight")} == pairs


def leading(leads, action):
    """How many lead an action: partners, or where these are roles the bodies that have them."""
    return len({one for *_, by in leads.edges(action, data="by") for one in by.split("; ")})


@EACH_WAY
def test_what_is_led_is_led_alone_or_shared(built, names, collective):
    leads = leads_of(built, names, collective=collective)
    graph = network.partners(leads)
    for key, said in graph.nodes(data=True):
        shared = {action for *_, actions in graph.edges(key, data="actions") for action in actions}
        # Beside wording that names nobody a partner is neither alone nor in a pair.
        beside_nobody = {action for action in said["actions"] if leads.nodes[action]["named"] > leading(leads, action)}
        assert len(shared | beside_nobody) + said["alone"] == said["n"] == len(said["actions"])
        assert collective is False or not beside_nobody
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


def test_beside_wording_that_names_nobody_a_partner_does_not_lead_alone(hackney):
    # 2.2 is printed "Multi-Agency but Police Lead": the page of the body, the brief and what-if say 3 too.
    for collective in (False, True):
        graph = network.partners(leads_of(hackney, collective=collective))
        (police,) = (said for _, said in graph.nodes(data=True) if said["label"] == "Metropolitan Police Service")
        assert (police["n"], police["alone"]) == (17, 3)


def test_a_reading_in_doubt_is_said_of_the_pair(hackney):
    graph = network.partners(leads_of(hackney))
    doubts = {frozenset((a, b)): doubt for a, b, doubt in graph.edges(data="doubt")}
    names = {label: key for key, label in graph.nodes(data="label")}
    assert doubts[frozenset((names["Safer Communities"], names["LBH Wardens"]))] == "2.1 ambiguous"
    assert doubts[frozenset((names["Safer Communities"], names["Registered Landlords"]))] == ""


def test_what_may_be_another_body_says_so(hackney):
    labels = {said["label"]: said["may_be"] for _, said in network.partners(leads_of(hackney)).nodes(data=True)}
    assert labels["LBH Housing"] == "Hackney Housing"
    assert labels["Victim Support"] == ""


def test_who_would_be_cut_off_is_said_group_by_group(hackney):
    graph = network.partners(leads_of(hackney))
    names = {label: key for key, label in graph.nodes(data="label")}
    label = graph.nodes(data="label")
    cut = [sorted(label[key] for key in part) for part in cut_off_without(graph, names["Safer Communities"])]
    assert sorted(cut) == [
        ["LBH Streetscene", "Police Safer Transport"],
        ["LBH Wardens", "Night Time Economy Team"],
        ["Victim Support"],
    ]
    assert cut_off_without(graph, names["ASB Team"]) == []


def test_measures_have_a_meaning_each_and_follow_the_actions(built):
    leads = leads_of(built)
    graph = network.partners(leads)
    for key, values in network.measures(leads).items():
        assert list(values) == list(network.MEANINGS)
        assert values["led"] == values["alone"] + values["jointly"] == graph.nodes[key]["n"]
        assert values["partners"] == graph.degree(key)
        assert all(0 <= values[name] <= 1 for name in ("betweenness", "closeness", "eigenvector"))
    assert len(network.measures(leads)) == len(graph)


def test_single_carriers_are_those_of_the_question_of_single_points_of_failure(built):
    leads = leads_of(built)
    answer = ask(built.store, "single-points-of-failure", built.names)
    asked = Counter(row["partner_iri"] for row in answer.records())
    assert {
        key: values["on_every_action"] for key, values in network.measures(leads).items() if values["on_every_action"]
    } == asked


def test_who_links_priorities_is_who_the_question_of_bridging_partners_names(built):
    asked = {
        row["partner_iri"]: row["priorities"] for row in ask(built.store, "bridging-partners", built.names).records()
    }
    measures = network.measures(leads_of(built))
    assert {key: values["priorities"] for key, values in measures.items() if values["priorities"] > 1} == asked


def test_no_lead_is_an_empty_network(hackney):
    leads = leads_of(hackney, plan="Youth Justice Plan")
    assert not leads
    assert not network.partners(leads)
    assert network.measures(leads) == {}
