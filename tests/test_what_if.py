"""What falls if a carrier is lost is what the tables say, for every lead body and every vehicle, alone and together."""

from itertools import combinations

import pytest

from kg.network import narrowed
from kg.what_if import DROPPED, REFERENCED, SLIPS, SOLE, STOPS, WEAKENED, WITHDRAWS, what_if
from tests.plain_tables import CARRYING

BASE = "https://w3id.org/plangraph/id/"
PLANS = ("hackney", "tiny")


def expected(plain, given):
    """The level of everything that leads to what is lost, its years without a vehicle and the leads that stay; what is
    hit as a whole; and what leans on that, by hops. From the tables, in plain words."""
    lost = set().union(*(plain.parts(thing) for thing in given))
    levels, years, beside = {}, {}, {}
    for one in {one for one, _, to, _ in plain.facts if to in lost} - lost:
        leads = {to for by, kind, to, _ in plain.facts if by == one and kind == "led by"}
        vehicles = {}
        for by, kind, to, when in plain.facts:
            if by == one and kind in CARRYING:
                vehicles.setdefault(when, set()).add(to)
        # What its own words name carries it in every year too, and what a year names carries what its words say.
        in_words, ever = vehicles.get(None, set()), set().union(*vehicles.values())
        carrying = {when: through | (in_words if when else ever) for when, through in vehicles.items()}
        emptied = {when for when, through in vehicles.items() if through & lost and carrying[when] <= lost}
        thinned = {when for when, through in vehicles.items() if through & lost} - emptied
        if (leads and leads <= lost) or emptied:
            levels[one] = SOLE
        elif leads & lost or thinned:
            levels[one] = WEAKENED
        else:
            levels[one] = REFERENCED
        years[one], beside[one] = emptied, leads - lost
    left = set()
    for priority in set(plain.actions.values()) - lost:
        under = {one for one, whole in plain.actions.items() if whole == priority} - lost
        if under and all(levels.get(one) == SOLE for one in under):
            left.add(priority)
    level = {one for one, its in levels.items() if its != REFERENCED} | left
    seen, leaning, hop = level | lost, {}, 0
    while level:
        hop += 1
        level = {
            by for by, kind, to, _ in plain.facts if to in level and kind not in ("led by", "names", "is at", "uses")
        } - seen
        seen |= level
        leaning |= dict.fromkeys(level, hop)
    return {
        "levels": levels, "years": years, "beside": beside, "left": left, "leaning": leaning,
        "indicators": {one for one, owner in plain.indicators.items() if owner in left},
    }  # fmt: skip


def said(found):
    """The same of our own answer."""

    def short(iri):
        return iri.removeprefix(BASE)

    return {
        "levels": {short(one.thing.iri): one.level for one in found.affected},
        "years": {
            short(one.thing.iri): {*one.years, *([None] if one.by_words else [])} for one in found.affected
        },
        "beside": {short(one.thing.iri): {short(lead.thing.iri) for lead in one.beside} for one in found.affected},
        "left": {short(thing.iri) for thing in found.priorities},
        "leaning": {short(lean.thing.iri): lean.hop for lean in found.leaning},
        "indicators": {short(thing.iri) for thing in found.indicators},
    }  # fmt: skip


def asked(network, plain, *given, how=WITHDRAWS):
    return said(what_if(network, [(BASE + thing, how) for thing in given]))


@pytest.mark.parametrize("name", PLANS)
def test_what_falls_with_every_lead_body_is_what_the_tables_say(name, networks, plain):
    for body in sorted(plain[name].lead_bodies):
        assert asked(networks[name], plain[name], body) == expected(plain[name], [body]), body


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("how", [SLIPS, DROPPED, STOPS])
def test_what_falls_with_every_vehicle_is_what_the_tables_say(name, how, networks, plain):
    for vehicle in sorted(plain[name].vehicles):
        assert asked(networks[name], plain[name], vehicle, how=how) == expected(plain[name], [vehicle]), vehicle


@pytest.mark.parametrize("name", PLANS)
def test_what_falls_with_everything_that_is_named_is_what_the_tables_say(name, networks, plain):
    for thing in sorted({to for *_, to, _ in plain[name].facts} | {plain[name].plan}):
        assert asked(networks[name], plain[name], thing) == expected(plain[name], [thing]), thing


@pytest.mark.parametrize("name", PLANS)
def test_what_falls_with_any_two_carriers_is_what_the_tables_say(name, networks, plain):
    for pair in combinations(sorted(plain[name].lead_bodies | plain[name].vehicles), 2):
        assert asked(networks[name], plain[name], *pair) == expected(plain[name], pair), pair


@pytest.mark.parametrize("name", PLANS)
def test_with_every_lead_gone_every_priority_and_indicator_is_hit(name, networks, plain):
    found = asked(networks[name], plain[name], *sorted(plain[name].lead_bodies))
    assert found == expected(plain[name], plain[name].lead_bodies)
    assert found["left"] == set(plain[name].actions.values())
    assert found["indicators"] == set(plain[name].indicators)
    assert len(found["indicators"]) == {"hackney": 7, "tiny": 5}[name]


@pytest.mark.parametrize("name", PLANS)
def test_every_line_names_the_facts_that_caused_it_each_with_its_cell(name, networks, plain):
    for thing in sorted(plain[name].lead_bodies | plain[name].vehicles):
        lost = plain[name].parts(thing)
        for one in what_if(networks[name], [(BASE + thing, WITHDRAWS)]).affected:
            facts = {
                (one.thing.iri.removeprefix(BASE), fact.kind, link.other.iri.removeprefix(BASE), fact.year)
                for link in one.links
                for fact in link.facts
            }
            assert facts == {
                fact for fact in plain[name].facts if fact[0] == one.thing.iri.removeprefix(BASE) and fact[2] in lost
            }
            assert all(fact.source and fact.source.startswith("line ") for link in one.links for fact in link.facts)
            assert one.why


def change(built, *pairs):
    return [(built.names.find(words, "thing")[0].iri, how) for words, how in pairs]


def by_ref(found):
    return {one.thing.name.split(" ")[0]: one for one in found.affected}


def test_where_only_collective_wording_is_left_this_is_said_and_a_lead_is_left(networks, hackney):
    found = by_ref(what_if(networks["hackney"], change(hackney, ("MPS", WITHDRAWS))))["2.2"]
    assert (found.level, found.only_collective) == (WEAKENED, True)
    assert found.why == ("Metropolitan Police Service withdraws: only collective wording is left (Multi-Agency).",)


def test_a_year_with_two_vehicles_keeps_one_and_a_year_with_one_loses_it(networks, hackney):
    found = by_ref(what_if(networks["hackney"], change(hackney, ("Gangs Action Plan", SLIPS))))
    assert found["1.1"].why == (
        "Gangs Action Plan slips, and in 2016/17 and 2017/18 it is delivered through Youth Justice Plan too.",
    )
    assert found["1.2"].years == ("2016/17", "2017/18")
    assert found["1.2"].level == SOLE
    both = by_ref(what_if(networks["hackney"], change(hackney, ("Gangs Action Plan", SLIPS), ("YJ plan", DROPPED))))
    assert both["1.1"].why == (
        "Gangs Action Plan slips and Youth Justice Plan is dropped, and in 2016/17 and 2017/18 it is delivered through "
        "nothing else.",
    )


def test_a_vehicle_named_by_the_actions_own_words_counts_without_a_year(networks, hackney):
    found = by_ref(what_if(networks["hackney"], change(hackney, ("LOEG", STOPS))))
    assert (found["2.11"].level, found["2.11"].by_words, found["2.11"].years) == (SOLE, True, ())
    assert found["2.6"].level == REFERENCED
    assert found["2.6"].why == ("It is measured by and names Licensing Operational Enforcement Group.",)


def test_a_sentence_that_rests_on_a_doubtful_reading_says_so(networks, hackney):
    one = by_ref(what_if(networks["hackney"], change(hackney, ("MPS", WITHDRAWS))))["2.5"]
    assert one.why == (
        "Metropolitan Police Service (ambiguous) withdraws; LBH Licensing (ambiguous), Town Centre Management and "
        "Safer Communities lead it too.",
    )
    assert [(lead.thing.name, lead.doubt) for lead in one.beside] == [
        ("LBH Licensing", "ambiguous"),
        ("Town Centre Management", ""),
        ("Safer Communities", ""),
    ]


@pytest.mark.parametrize("name", PLANS)
def test_the_leads_that_stay_are_as_doubtful_as_their_facts(name, networks, plain):
    network = networks[name]
    for body in plain[name].lead_bodies:
        for one in what_if(network, [(BASE + body, WITHDRAWS)]).affected:
            for lead in one.beside:
                certain = {
                    said["certainty"]
                    for said in network.get_edge_data(one.thing.iri, lead.thing.iri).values()
                    if said["kind"] == "led by"
                }
                assert bool(lead.doubt) == bool(certain & {"Inferred", "Ambiguous"})


def test_a_doubt_of_one_year_is_not_said_of_another(networks, hackney):
    network = networks["hackney"].copy()
    plan, action = (hackney.names.find(words, "thing")[0].iri for words in ("Gangs Action Plan", "1.2"))
    for said in network.get_edge_data(action, plan).values():
        said["certainty"] = "Inferred" if said["year"] == "2016/17" else "Stated"
    why = by_ref(what_if(narrowed(network, years=["2017/18"]), [(plan, DROPPED)]))["1.2"].why
    assert why == ("Gangs Action Plan is dropped, and in 2017/18 it is delivered through nothing else.",)
    [both] = by_ref(what_if(network, [(plan, DROPPED)]))["1.2"].why
    assert "Gangs Action Plan (inferred) is dropped, and in 2016/17 and 2017/18" in both


def test_a_body_that_leads_nothing_is_told_from_one_that_does(networks, hackney):
    idle, leading = what_if(networks["hackney"], change(hackney, ("Pub Watch", WITHDRAWS), ("IGU", WITHDRAWS))).changes
    assert (idle.leads, idle.carries, idle.named) == (0, 0, 1)
    assert (leading.leads, leading.carries) == (4, 0)


def test_what_leans_on_a_weakened_action_is_named_with_the_link(networks, hackney):
    found = what_if(networks["hackney"], change(hackney, ("LBH Licensing", WITHDRAWS), ("Police Licensing", WITHDRAWS)))
    [lean] = [lean for lean in found.leaning if lean.thing.name.startswith("2.2 ")]
    assert (lean.hop, lean.link.other.name.split(" ")[0]) == (1, "2.11")
    assert [fact.source for fact in lean.link.facts] == ["line 37, activity"]


def test_plans_that_an_affected_action_feeds_or_delivers_are_downstream(networks, hackney):
    found = what_if(networks["hackney"], change(hackney, ("Partnership Tasking", STOPS)))
    [one] = found.downstream
    assert one.plan.name == "Partnership Plan"
    assert [link.one.name.split(" ")[0] for link in one.links] == ["4.14"]


def test_the_units_of_a_body_are_lost_only_where_they_are_given(networks, tiny):
    alone = by_ref(what_if(networks["tiny"], change(tiny, ("Constabulary", WITHDRAWS))))
    assert "1.8" not in alone
    both = by_ref(
        what_if(networks["tiny"], change(tiny, ("Constabulary", WITHDRAWS), ("Constabulary Licensing", WITHDRAWS)))
    )
    assert both["1.8"].level == WEAKENED


def test_nothing_falls_with_nothing(networks):
    found = what_if(networks["hackney"], [])
    assert (found.affected, found.priorities, found.leaning) == ((), (), ())
    unknown = what_if(networks["hackney"], [("https://example.org/nobody", WITHDRAWS)])
    assert unknown.affected == ()
