"""Traces lead where the tables say, to the end, once each, and end."""

from contextlib import closing

import networkx as nx
import pytest

from kg.build import build
from kg.errors import InputError
from kg.graph.store import LocalStore
from kg.network import LED_BY, NAMING, QUESTIONS, REFERRING, SAYS, narrowed, references, with_parts
from kg.questions import ask, find_question
from kg.settings import Settings
from kg.trace import DEEPEST, MOST_HOPS, MOST_PATHS, paths, trace
from tests.conftest import YOUTH_JUSTICE

BASE = "https://w3id.org/plangraph/id/"
PLANS = ("hackney", "tiny")


def made(*edges, kind="see also", labels=None):
    """A network by hand: an edge for each pair of letters."""
    network = nx.MultiDiGraph()
    for one, other in edges:
        for node in (one, other):
            network.add_node(node, label=(labels or {}).get(node, node), kind="action", part_of=None, collective=False)
        network.add_edge(
            one, other, kind=kind, words="w", wording="as printed", words_iri=None, year=None, locator=None, role=None,
            certainty="Stated", source="line 1", plan_name="P", plan_name_iri="p",
        )  # fmt: skip
    return network


def nearest(found):
    """Each thing of a trace where it is followed, and how far that is."""
    return {hop.thing.iri.removeprefix(BASE): hop.depth for hop in found.walk() if not hop.again}


def test_the_choices_of_the_questions_are_the_kinds_of_edge():
    choices = {name: find_question(name).parameter("kind").choices for name in ("every-reference", "every-mention")}
    assert choices["every-reference"] == REFERRING == tuple(kind for kind in SAYS if kind not in {LED_BY, *NAMING})
    assert set(choices["every-mention"]) == NAMING


@pytest.mark.parametrize("name", PLANS)
def test_every_fact_of_the_tables_is_an_edge_and_no_other(name, networks, plain):
    edges = {
        (one.removeprefix(BASE), said["kind"], other.removeprefix(BASE), said["year"])
        for one, other, said in networks[name].edges(data=True)
    }
    assert edges == plain[name].facts
    assert edges


@pytest.mark.parametrize("name", PLANS)
def test_what_leads_to_every_lead_body_and_every_vehicle_is_what_the_tables_say(name, networks, plain):
    starts = plain[name].lead_bodies | plain[name].vehicles
    assert len(starts) >= {"hackney": 32 + 6, "tiny": 12}[name]
    for start in sorted(starts):
        found = trace(networks[name], BASE + start, "in")
        assert nearest(found) == plain[name].reached(start, "in"), start
        assert found.cut is None


@pytest.mark.parametrize("name", PLANS)
def test_where_every_action_priority_and_plan_leads_is_what_the_tables_say(name, networks, plain):
    for start in sorted({one for one, *_ in plain[name].facts} | set(plain[name].inside)):
        for direction in ("out", "in"):
            found = trace(networks[name], BASE + start, direction)
            assert nearest(found) == plain[name].reached(start, direction), (start, direction)


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_is_led_to_by_what_leads_to_its_sections(name, networks, plain):
    wholes = {whole for one, whole in plain[name].inside.items() if "/section/" in one}
    assert wholes
    for whole in wholes:
        section = next(one for one, of in plain[name].inside.items() if of == whole)
        at_section = nearest(trace(networks[name], BASE + section, "in"))
        assert at_section
        assert at_section.keys() <= nearest(trace(networks[name], BASE + whole, "in")).keys()


def test_every_hop_has_its_facts_with_their_cells(networks):
    start = f"{BASE}hackney/plan/vawg-strategy"
    [hop] = trace(networks["hackney"], start, "in").hops
    assert hop.link.other.name == "VAWG Strategy, section 4bi"
    [fact] = hop.link.facts
    assert (fact.kind, fact.words, fact.locator, fact.source) == (
        "see also", "Hackney VAWG Strategy (4bi)", "4bi", "line 42, ref-no",
    )  # fmt: skip
    assert [thing.kind for thing in hop.part_of] == ["delivery priority", "strategic priority", "plan"]


def test_a_depth_ends_a_trace_and_is_said(networks):
    start = f"{BASE}hackney/org/loeg"
    one = trace(networks["hackney"], start, "in", 1)
    assert one.deepest == 1
    assert one.cut == "It goes on beyond 1 hop."
    whole = trace(networks["hackney"], start, "in", 1_000_000)
    assert whole.deepest == 2
    assert whole.cut is None
    assert set(nearest(one)) < set(nearest(whole))


@pytest.mark.parametrize("depth", [0, -1])
def test_a_depth_below_one_is_refused_with_a_sentence(depth, networks):
    with pytest.raises(InputError, match="1 hop or more"):
        trace(networks["hackney"], f"{BASE}hackney/org/loeg", "in", depth)


def test_a_direction_that_is_none_is_refused(networks):
    with pytest.raises(InputError, match="sideways"):
        trace(networks["hackney"], BASE, "sideways")
    with pytest.raises(InputError, match="sideways"):
        paths(networks["hackney"], BASE, BASE, "sideways")


def test_a_start_that_is_not_there_leads_nowhere(networks):
    found = trace(networks["hackney"], "https://example.org/nothing", "out")
    assert (found.hops, found.reached) == ((), 0)


def test_a_circle_ends_and_is_reported():
    found = trace(made("ab", "bc", "ca", "cd"), "a", "out", 1_000_000)
    assert [(hop.thing.iri, hop.depth, hop.again) for hop in found.walk()] == [
        ("b", 1, ""), ("c", 2, ""), ("a", 3, "start"), ("d", 3, ""),
    ]  # fmt: skip
    [circle] = found.cycles
    assert [(link.one.iri, link.other.iri) for link in circle] == [("a", "b"), ("b", "c"), ("c", "a")]


def test_a_thing_that_points_to_itself_is_a_circle():
    found = trace(made("aa"), "a", "out")
    assert [hop.again for hop in found.walk()] == ["start"]
    assert len(found.cycles) == 1


def test_a_thing_is_followed_where_it_is_nearest_and_elsewhere_only_named():
    found = trace(made("ab", "bc", "ac", "cd"), "a", "out")
    assert [(hop.thing.iri, hop.depth, hop.again) for hop in found.walk()] == [
        ("b", 1, ""), ("c", 2, "below"), ("c", 1, ""), ("d", 2, ""),
    ]  # fmt: skip
    again = trace(made("ac", "ab", "bc"), "a", "out")
    assert [hop.again for hop in again.walk()] == ["", "", "above"]


def test_a_chain_of_thousands_is_followed_so_far_and_no_farther():
    found = trace(made(*((n, n + 1) for n in range(5_000))), 0, "out", 1_000_000)
    assert found.deepest == DEEPEST
    assert f"beyond {DEEPEST} hops" in found.cut
    assert paths(made(*((n, n + 1) for n in range(5_000))), 0, 4_999).ways == ()


def test_a_trace_of_very_many_things_is_cut_and_says_so():
    found = trace(made(*((n, "x") for n in range(MOST_HOPS + 50))), "x", "in")
    assert sum(1 for _ in found.walk()) == MOST_HOPS
    assert "2,000" in found.cut


def test_the_shortest_ways_are_all_found_in_each_direction():
    network = made("ab", "bd", "ac", "cd", "de")
    ways = [[link.other.iri for link in way] for way in paths(network, "a", "d", "out").ways]
    assert ways == [["b", "d"], ["c", "d"]]
    assert paths(network, "d", "a", "out").ways == ()
    assert len(paths(network, "d", "a", "in").ways) == 2
    against = paths(network, "b", "c", "both").ways
    assert {tuple((link.one.iri, link.other.iri) for link in way) for way in against} == {
        (("a", "b"), ("a", "c")), (("b", "d"), ("c", "d")),
    }  # fmt: skip


def test_too_many_ways_are_cut_and_said():
    between = [f"m{n}" for n in range(MOST_PATHS + 5)]
    found = paths(made(*(("a", one) for one in between), *((one, "z") for one in between)), "a", "z", "out")
    assert len(found.ways) == MOST_PATHS
    assert str(MOST_PATHS) in found.cut


def test_two_leads_of_one_action_are_linked_through_it(networks, hackney):
    one, other = (hackney.names.find(name, "body")[0].iri for name in ("Hackney Housing", "Registered Landlords"))
    [way] = paths(networks["hackney"], one, other).ways
    assert [link.one.name.split(" ")[0] for link in way] == ["4.15", "4.15"]
    assert {fact.kind for link in way for fact in link.facts} == {"led by"}


def test_a_scope_leaves_what_its_plan_year_and_lead_say(networks, hackney):
    network = networks["hackney"]
    year = narrowed(network, years=["2016/17"])
    assert {said["year"] for *_, said in year.edges(data=True) if said["kind"] != "led by"} == {"2016/17"}
    assert narrowed(network, plans=["https://example.org/none"]).number_of_edges() == 0
    unit = hackney.names.find("IGU", "body")[0].iri
    led = {network.nodes[one]["label"].split(" ")[0] for one, *_ in narrowed(network, leads=[unit]).edges}
    assert led == {"1.1", "1.2", "1.3", "1.4"}
    assert narrowed(network) is network


def test_a_plan_holds_its_parts(networks, plain):
    whole = with_parts(networks["hackney"], [BASE + plain["hackney"].plan])
    assert {one.removeprefix(BASE) for one in whole if "/action/" in one} == set(plain["hackney"].actions)


def test_two_plans_that_point_at_each_other_are_traced_through_both(tmp_path):
    settings = Settings.read(environ={}, home=tmp_path)
    with closing(LocalStore(build(settings, add=[YOUTH_JUSTICE]))) as store:
        network = references({question: ask(store, question) for question in QUESTIONS})
    action, plan = (
        f"{BASE}hackney/plan/community-safety-plan-2015-18/action/1.6",
        f"{BASE}hackney/plan/youth-justice-plan",
    )
    found = trace(network, action, "out")
    [circle] = found.cycles
    assert {link.one.iri for link in circle} == {action, plan}
    assert next(hop for hop in found.walk() if hop.again).again == "start"
    into = nearest(trace(network, plan, "in"))
    assert {"1.6", "1.10", "1.1"} <= {one.rpartition("/")[2] for one in into}
    [way] = paths(network, f"{BASE}hackney/plan/community-safety-plan-2015-18/action/1.10", plan, "out").ways[:1]
    assert len(way) == 1
