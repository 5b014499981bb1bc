"""Every gap of a plan is found by its question, and stands where the document leaves it open."""

import re
from collections import Counter

import pytest

from kg.build import build
from kg.gaps import find_gaps
from kg.graph.store import LocalStore
from kg.questions import Answer, Names, bound, find_question
from kg.settings import Settings
from tests.conftest import YOUTH_JUSTICE, built, tiny_data


def asking(store, names):
    return lambda question, given: Answer.parse(store.query(bound(question, names, given)).body)


@pytest.fixture(scope="module")
def ask(hackney):
    return asking(hackney.store, hackney.names)


@pytest.fixture(scope="module")
def gaps(ask):
    return find_gaps(ask)


@pytest.fixture(scope="module")
def tiny_gaps(tiny):
    return find_gaps(asking(tiny.store, tiny.names))


def of(gaps, kind):
    return [gap for gap in gaps if gap.kind_name == kind]


def test_each_kind_is_counted_as_in_the_document(gaps):
    assert Counter(gap.kind_name for gap in gaps) == {
        "indicators-tbc": 6, "indicator-tbc": 3, "target-later": 4, "indicators-unstated": 1,
        "indicators-elsewhere": 1, "outcome-unmeasured": 28, "measure-without-figure": 32, "text-stops": 1,
        "status-tbc": 18, "in-development": 5, "conditional": 7, "outcome-pending": 2, "unsettled-plan": 4,
        "nobody-named": 1, "collective-wording": 1, "indicators-shared": 1, "not-held": 20, "may-be-the-same": 8,
        "improvements-unstated": 2, "dead-link": 14, "odd-date": 1, "numbering": 1, "ambiguous": 19, "inferred": 54,
        "normalised": 6,
    }  # fmt: skip


def test_the_forms_of_indicators_without_figures_do_not_collapse(gaps):
    forms = {kind: [gap.ref for gap in of(gaps, kind)] for kind in (
        "indicators-tbc", "indicator-tbc", "target-later", "indicators-shared", "indicators-elsewhere",
        "indicators-unstated",
    )}  # fmt: skip
    assert forms == {
        "indicators-tbc": ["1/2", "1/3", "3/2", "4/1", "4/2", "4/3"],
        "indicator-tbc": ["2/1"] * 3,
        "target-later": ["1/1"] * 4,
        "indicators-shared": ["2/2"],
        "indicators-elsewhere": ["6/1"],
        "indicators-unstated": ["3/1"],
    }


def test_a_year_to_be_confirmed_is_one_cell_that_says_tbc(gaps, source):
    lines = source.read_text("utf-8").splitlines()
    for gap in of(gaps, "status-tbc"):
        (line,) = re.findall(r"^line (\d+), ", gap.source)
        assert re.search("tbc", lines[int(line) - 1], re.IGNORECASE)
        assert gap.source.endswith(gap.year.replace("/", "-20"))


def test_nothing_of_the_agenda_is_lost(gaps, ask):
    told = Counter((gap.about.iri, gap.year, gap.source, gap.owner.split(", led by")[0], gap.certainty) for gap in gaps)
    agenda = Counter(
        (row["ref_iri"], row["year"], row["source"], row["owner"], row["certainty"])
        for row in ask(find_question("D05"), {}).records()
    )
    assert not agenda - told
    assert sum(agenda.values()) == 43


def test_what_the_shapes_find_without_indicators_is_what_the_question_calls_none_stated(gaps, ask):
    rows = ask(find_question("Q22"), {}).records()
    assert [gap.about.iri for gap in of(gaps, "indicators-unstated")] == [
        row["dp_iri"] for row in rows if row["why"] == "none stated"
    ]


def test_an_owner_is_the_leads_in_the_order_printed(gaps):
    (gap,) = (one for one in of(gaps, "status-tbc") if (one.ref, one.year) == ("2.8", "2015/16"))
    assert gap.owner == "Public Health, Health and Wellbeing Board"
    assert [partner.name for partner in gap.partners] == ["Public Health", "Health and Wellbeing Board"]
    assert (gap.delivery_priority.name[:4], gap.priority.name[:2]) == ("2/1 ", "2 ")


def test_where_no_lead_is_named_the_owner_says_so_and_those_who_lead_there_are_concerned(gaps, ask):
    (gap,) = (one for one in of(gaps, "indicators-tbc") if one.ref == "1/3")
    assert gap.owner == (
        "no lead named: delivery priority 1/3, led by Safer Young Hackney Board, Community Resilience Partnership"
    )
    led = {row["partner_iri"] for row in ask(find_question("N01"), {"priority": "1/3"}).records()}
    assert {partner.iri for partner in gap.partners} == led
    assert led


def test_a_document_not_held_concerns_the_leads_of_what_names_it(gaps, ask):
    documents = of(gaps, "not-held")
    assert len({gap.about.iri for gap in documents}) == len(documents) == 20
    plan = next(gap for gap in documents if gap.about.name == "Youth Justice Plan")
    assert plan.owner == "no lead named: named by 1.1, 1.6, 1.10"
    leads = {row["partner"] for row in ask(find_question("N01"), {}).records() if row["ref"] in ("1.1", "1.6", "1.10")}
    assert {partner.name for partner in plan.partners} == leads
    assert plan.source.startswith("line 8, 2016-2017")


def test_the_outcome_that_stops_the_odd_date_and_the_skipped_number_are_found(gaps):
    (stops,) = of(gaps, "text-stops")
    assert (stops.ref, stops.words, stops.source) == ("6.3", "Reduce the", "line 120, expected-outcome")
    (odd,) = of(gaps, "odd-date")
    assert (odd.words, odd.source) == ("2016/07", "line 76, improvement-actions")
    (skipped,) = of(gaps, "numbering")
    assert (skipped.words, skipped.ref) == ("There is no strategic priority 5.", "6")
    assert skipped.owner == "no lead named: strategic priority 6"


def test_a_link_below_the_tables_belongs_to_the_plan(gaps):
    (below,) = (gap for gap in of(gaps, "dead-link") if "footer" in gap.source)
    assert below.owner == "no lead named: plan"
    assert below.about == below.plan


def test_only_all_partners_leave_an_action_to_nobody(gaps):
    assert [(gap.ref, gap.words) for gap in of(gaps, "nobody-named")] == [("6.1", "All Partners")]
    assert [gap.ref for gap in of(gaps, "collective-wording")] == ["2.2"]


def test_an_outcome_that_is_pending_waits_for_a_plan_with_a_date_and_is_not_told_as_one_without_a_measure(gaps):
    pending = of(gaps, "outcome-pending")
    assert [(gap.ref, gap.waits_on, gap.source) for gap in pending] == [
        ("1.6", "Youth Justice Plan, due 2016-07", "line 18, expected-outcome"),
        ("1.10", "Youth Justice Plan, due 2016-07", "line 27, expected-outcome"),
    ]
    assert not {gap.ref for gap in pending} & {gap.ref for gap in of(gaps, "outcome-unmeasured")}


def test_what_may_be_the_same_concerns_those_whose_actions_name_it(gaps):
    (one,) = (gap for gap in of(gaps, "may-be-the-same") if gap.about.name == "LBH Housing")
    assert (one.words, one.owner) == ("May be the same as Hackney Housing", "no lead named: named by 4.9")
    assert [partner.name for partner in one.partners] == ["LBH Housing"]


def test_an_empty_row_of_improvements_is_a_gap(gaps, source):
    lines = source.read_text("utf-8").splitlines()
    assert not lines[28].removeprefix("Improvement Actions").strip()
    assert [gap.ref for gap in of(gaps, "improvements-unstated")] == ["1/3", "4/2"]


def test_two_leads_read_from_the_same_words_are_told_apart(gaps):
    both = [gap for gap in of(gaps, "ambiguous") if gap.words == "Police/Licensing"]
    assert [gap.read_as for gap in both] == ["Lead: Metropolitan Police Service", "Lead: LBH Licensing"]
    assert len(set(gaps)) == len(gaps)


def test_words_are_as_printed_or_ours_and_always_say_which(gaps, source):
    text = source.read_text("utf-8")
    assert {gap.wording for gap in gaps if gap.words} == {"as printed", "in our words"}
    assert {gap.wording for gap in gaps if not gap.words} == {None}
    names = [gap.words for gap in gaps if gap.wording == "as printed" and gap.words.count(" ") < 3]
    assert len(names) > 50
    assert not [words for words in names if words.casefold() not in text.casefold()]


def test_every_interpretation_says_why(gaps):
    interpreted = [*of(gaps, "ambiguous"), *of(gaps, "inferred"), *of(gaps, "normalised")]
    assert all(gap.note and gap.source for gap in interpreted)


def test_another_plan_is_searched_by_the_same_kinds(tiny_gaps):
    found = Counter(gap.kind_name for gap in tiny_gaps)
    assert [gap.ref for gap in of(tiny_gaps, "nobody-named")] == ["1.11"]
    assert [gap.ref for gap in of(tiny_gaps, "indicators-unstated")] == ["4/2"]
    assert found["outcome-unmeasured"] == 11
    assert found["dead-link"] == 9


def test_a_rule_of_the_shapes_that_is_not_kept_is_a_gap(tmp_path):
    data = tiny_data(tmp_path / "data")
    figures = data / "plans" / "tinford" / "safety-plan-2023-25" / "indicators.csv"
    told = figures.read_text("utf-8")
    assert "unit-percent-change,false" in told
    figures.write_text(told.replace("unit-percent-change,false", "unit-percent-change,", 1), "utf-8")
    store = LocalStore(build(Settings.read(environ={}, home=tmp_path / "home", data=data)))
    (gap,) = of(find_gaps(asking(store, Names.load(store))), "rule")
    store.close()
    assert gap.words == "There are a target and an actual figure, and nobody has said whether higher is better."
    assert (gap.ref, gap.source) == ("1/1", "line 8, delivery-priority")


def test_each_of_two_plans_has_its_own_gaps_and_owners(tmp_path):
    for both in built(Settings.read(environ={}, home=tmp_path), add=[YOUTH_JUSTICE]):
        gaps = find_gaps(asking(both.store, both.names))
        assert {gap.plan.name for gap in gaps} > {"Hackney Community Safety Plan 2015-18"}
        for gap in gaps:
            for place in (gap.delivery_priority, gap.priority):
                assert place is None or place.iri.startswith(f"{gap.plan.iri}/"), gap
        # A plan that is held now is asked for no more.
        assert "Youth Justice Plan" not in {gap.about.name for gap in of(gaps, "not-held")}
