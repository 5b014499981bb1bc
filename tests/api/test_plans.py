"""Plans as contents lists, priorities, and the pages of plans that are named only."""

import csv
import io
import json
import shutil
import tomllib

import pytest
from openpyxl import load_workbook
from rdflib import Graph, URIRef

from api import create_app
from api.current import CurrentStore
from kg.build import build
from kg.graph.store import LocalStore
from kg.names import PLAN as TERMS
from kg.names import RDF
from kg.settings import Settings
from tests.conftest import tiny_data

PLAN = "/hackney/plan/community-safety-plan-2015-18"
YOUTH = "/hackney/plan/youth-justice-plan"


def asked(client, address, **given):
    answer = client.get(f"{address}.json", query_string=given)
    assert answer.status_code == 200, answer.text
    return answer.json


def shown(client, address, **given):
    answer = client.get(address, query_string=given, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return answer.text


def refs(actions):
    return [action["ref"] for action in actions]


def actions_of(plan):
    return [action for sp in plan["priorities"] for dp in sp["delivery_priorities"] for action in dp["actions"]]


def names(leaning):
    return [action["name"].split()[0] for action in leaning["actions"]]


@pytest.fixture
def held(client):
    [plan] = asked(client, "/plans")["held"]
    return plan


def test_strategic_priorities_are_numbered_1_2_3_4_6(held):
    assert [sp["ref"] for sp in held["priorities"]] == ["1", "2", "3", "4", "6"]


def test_the_gap_in_the_numbering_is_said_where_it_stands(client, held):
    [gap] = held["gaps"]
    assert (gap["missing"], gap["source"]) == (5, "line 113, heading")
    page = shown(client, "/plans")
    assert page.index("4/3. ") < page.index("There is no strategic priority 5") < page.index("6/1. ")


def test_eleven_delivery_priorities_stand_under_them_in_order(held):
    below = [[dp["ref"] for dp in sp["delivery_priorities"]] for sp in held["priorities"]]
    assert below == [["1/1", "1/2", "1/3"], ["2/1", "2/2"], ["3/1", "3/2"], ["4/1", "4/2", "4/3"], ["6/1"]]


def test_49_actions_stand_in_document_order_each_with_its_leads(held, hackney):
    listed = actions_of(held)
    with (hackney.settings.data / "plans/hackney/community-safety-plan-2015-18/actions.csv").open() as file:
        assert refs(listed) == [row["identifier"] for row in csv.DictReader(file)]
    assert len(listed) == 49
    assert sum(len(action["leads"]) for action in listed) == 85


def test_22_improvement_statements_stand_in_9_blocks(held):
    blocks = [dp["improvements"] for sp in held["priorities"] for dp in sp["delivery_priorities"]]
    assert sum(map(len, blocks)) == 22
    assert sum(map(bool, blocks)) == 9


def test_plans_named_only_are_listed_the_most_cited_first(client):
    named = asked(client, "/plans")["named_only"]
    assert len(named) == 20
    assert named[0]["cited"] == max(one["cited"] for one in named)
    cited = {one["document"]["name"]: one["cited"] for one in named}
    assert (cited["Gangs Action Plan"], cited["Youth Justice Plan"], cited["VAWG Strategy"]) == (4, 3, 1)


def test_the_partner_of_the_scope_leaves_its_actions_and_says_so(client):
    [plan] = asked(client, "/plans", partner="IGU")["held"]
    assert refs(actions_of(plan)) == ["1.1", "1.2", "1.3", "1.4"]
    assert "4 of 5 actions: those that IGU leads." in shown(client, "/plans", partner="IGU")


def test_the_contents_are_a_spreadsheet_with_a_row_an_action(client):
    rows = list(csv.DictReader(io.StringIO(client.get("/plans.csv").data.decode("utf-8-sig"))))
    assert len(rows) == 49
    assert rows[12] | {"ref": "2.2", "leads": "Metropolitan Police Service, Multi-Agency"} == rows[12]
    assert load_workbook(io.BytesIO(client.get("/plans.xlsx").data)).active.max_row == 50


def test_the_page_of_a_plan_held_has_years_publisher_file_and_counts(client):
    page = asked(client, PLAN)
    assert [year["name"] for year in page["years"]] == ["2015/16", "2016/17", "2017/18"]
    assert page["publisher"]["name"] == "Hackney Community Safety Partnership"
    assert page["source"]["sha256"] == "6935b8e2816faf80a328e200f34a348ac283e320f564f9d5c5f09f5b7972a4de"
    assert [count["n"] for count in page["counts"]] == [5, 11, 49, 22]
    text = shown(client, PLAN)
    assert page["source"]["sha256"] in text
    assert "Strategic priorities" in text


def test_the_page_of_a_plan_counts_who_leads_most_of_it(client):
    first, second, *_ = asked(client, PLAN)["leads"]
    assert (first["partner"]["name"], len(first["actions"])) == ("Safer Communities", 19)
    assert (second["partner"]["name"], len(second["actions"])) == ("Metropolitan Police Service", 17)


def test_the_last_line_of_the_document_is_a_reference_of_the_plan_itself(client):
    [last] = [one for one in asked(client, PLAN)["references_out"] if not one["is_action"] and one["link"]]
    assert (last["target"]["name"], last["element"]["iri"].rsplit("/id", 1)[1]) == ("VAWG action plan 2016-2019", PLAN)
    assert last["sources"][0]["label"] == "line 123, footer"


def test_a_plan_named_only_says_who_leans_on_it_in_which_years_with_which_words(client):
    page = asked(client, YOUTH)
    assert (page["source"], page["counts"], page["due"]) == (None, [], "July 2016")
    assert names(page["depends"]) == ["1.1", "1.6", "1.10"]
    assert page["depends"]["years"] == ["2016/17", "2017/18"]
    assert names(page["refers"]) == ["1.6", "1.10"]
    said = {(one["element"]["name"].split()[0], one["year"], one["printed"]) for one in page["references_in"]}
    assert said >= {
        ("1.1", "2016/17", "Delivery through Gangs Action Plan and Youth Justice Plan"),
        ("1.6", None, "YJ plan"),
        ("1.10", "2017/18", "Delivery through Youth Justice Plan"),
    }
    assert len(page["references_in"]) == 11
    text = shown(client, YOUTH)
    assert "named only, text not held" in text
    assert "Delivery through Youth Justice Plan" in text


@pytest.mark.parametrize(
    ("plan", "sections"),
    [
        ("vawg-strategy", [("4bi", ["2.5"])]),
        (
            "youth-justice-plan",
            [("Engagement/Resettlement", ["1.10"]), ("Parents and Community involvement", ["1.10"])],
        ),
        ("transport-strategy-2015-2025", [("Road Safety Plan", ["4.16"])]),
        ("gangs-action-plan", []),
    ],
)
def test_the_sections_that_are_named_stand_on_the_page_of_their_plan(client, plan, sections):
    page = asked(client, f"/hackney/plan/{plan}")
    found = [
        (one["identifier"], [by["element"]["name"].split()[0] for by in one["references"]]) for one in page["sections"]
    ]
    assert found == sections


def test_four_names_of_the_safeguarding_board_may_be_one_document_and_say_why(client):
    four = [
        "chscb-cse-and-missing-children-strategy", "chscb-cse-action-plan", "missing-children-strategy",
        "chscb-action-plan",
    ]  # fmt: skip
    for plan in four:
        matches = asked(client, f"/hackney/plan/{plan}")["matches"]
        assert sorted(one["document"]["iri"].rsplit("/", 1)[1] for one in matches) == sorted(set(four) - {plan})
        assert all("four names in 1.5 and 1.9" in one["note"] for one in matches)
        assert "May be one document under four names" in shown(client, f"/hackney/plan/{plan}")


def test_every_plan_that_is_listed_has_a_page(client):
    for one in asked(client, "/plans")["named_only"]:
        page = asked(client, one["document"]["iri"].removeprefix("https://w3id.org/plangraph/id"))
        assert page["label"] == one["document"]["name"]
        assert page["references_in"]


def test_a_plan_named_only_comes_alive_when_it_is_loaded(tmp_path):
    data = tiny_data(tmp_path / "data")
    first, other = (data / "plans/tinford" / name for name in ("safety-plan-2023-25", "youth-action-plan"))
    shutil.copytree(first, other)
    told = (other / "plan.toml").read_text("utf-8")
    meta = tomllib.loads(told)
    told = told.replace(json.dumps(meta["plan"]), '"youth-action-plan"')
    (other / "plan.toml").write_text(told.replace(json.dumps(meta["label"]), '"Youth Action Plan"'), "utf-8")
    settings = Settings.read(environ={}, home=tmp_path / "home", data=data)
    snapshot = build(settings)
    opened = CurrentStore(lambda: snapshot, LocalStore)
    client = create_app(settings, opened, opened).test_client()
    page = asked(client, "/tinford/plan/youth-action-plan")
    assert [count["n"] for count in page["counts"]] == [3, 7, 16, 6]
    assert page["source"]
    assert [gap["missing"] for gap in page["contents"]["gaps"]] == [3]
    assert names(page["depends"]) == ["1.1", "1.2", "1.5", "1.10"]
    assert {one["plan"]["name"] for one in page["references_in"]} == {"Tinford Safety Plan 2023-25 (synthetic example)"}
    plans = asked(client, "/plans")
    assert [plan["plan"]["name"] for plan in plans["held"]] == [
        "Tinford Safety Plan 2023-25 (synthetic example)",
        "Youth Action Plan",
    ]
    assert "Youth Action Plan" not in {one["document"]["name"] for one in plans["named_only"]}
    assert "2 plans held" in shown(client, "/plans")
    opened.close()


def test_a_strategic_priority_has_outcome_delivery_priorities_and_leads(client):
    page = asked(client, f"{PLAN}/sp/2")
    assert page["priority"]["label"] == "Alcohol related crime & disorder, licensing and safer socialising"
    assert [cell["label"] for one in page["priority"]["outcomes"] for cell in one["sources"]] == ["line 33, heading"]
    assert [len(dp["actions"]) for dp in page["priority"]["delivery_priorities"]] == [9, 4]
    lead = page["around"]["leads"][0]
    assert (lead["partner"]["name"], [one["name"] for one in lead["actions"]]) == (
        "Safer Communities", ["2.1", "2.3", "2.4", "2.5", "2.9"],
    )  # fmt: skip


@pytest.mark.parametrize(("number", "before", "after"), [("1", None, "2"), ("4", "3", "6"), ("6", "4", None)])
def test_priorities_lead_on_to_each_other_over_the_gap(client, number, before, after):
    around = asked(client, f"{PLAN}/sp/{number}")["around"]
    beside = [one and one["name"].split(".")[0] for one in (around["before"], around["after"])]
    assert beside == [before, after]


def test_delivery_priorities_lead_on_beyond_their_strategic_priority(client):
    around = asked(client, f"{PLAN}/sp/2/dp/1")["around"]
    assert (around["before"]["name"].split(".")[0], around["after"]["name"].split(".")[0]) == ("1/3", "2/2")


def test_indicators_have_target_and_actual_as_printed(client):
    priority = asked(client, f"{PLAN}/sp/1/dp/1")["priority"]
    figures = {
        (reading["year"]["name"], reading["base_year"] and reading["base_year"]["name"]): (
            reading["target"], reading["actual"], [state["name"] for state in reading["states"]],
        )
        for reading in priority["indicators"][2]["readings"]
    }  # fmt: skip
    assert figures == {
        ("2015/16", "2014/15"): ("73", "93", []),
        ("2015/16", "2012/13"): ("-20", None, []),
        ("2016/17", "2015/16"): ("-14", None, []),
        ("2017/18", None): (None, None, ["To be confirmed"]),
    }
    assert [one["higher_is_better"] for one in priority["indicators"]] == [False, False, False, True]


@pytest.mark.parametrize(
    ("priority", "words"),
    [
        ("1/dp/2", "To be confirmed"),
        ("2/dp/1", "No figure is printed."),
        ("2/dp/2", "See delivery priority 1 indicators above"),
        ("3/dp/1", "not stated"),
        ("6/dp/1", "As per health KPIs"),
    ],
)
def test_a_priority_without_figures_says_why(client, priority, words):
    page = shown(client, f"{PLAN}/sp/{priority}")
    indicators = page[page.index('id="indicators"') : page.index('id="actions"')]
    assert words in indicators
    assert "line " in indicators


def test_an_objective_that_is_not_printed_is_said_to_be_not_stated(client):
    assert asked(client, f"{PLAN}/sp/1/dp/2")["priority"]["objective"] is None
    page = shown(client, f"{PLAN}/sp/1/dp/2")
    assert "not stated" in page[page.index("<dt>Objective</dt>") : page.index('id="indicators"')]


def test_cross_references_go_out_and_come_in(client):
    around = asked(client, f"{PLAN}/sp/2/dp/2")["around"]
    assert {one["target"]["name"] for one in around["points_to"]} >= {"LBH Licensing Policy", "Area Action Plans"}
    assert [one["element"]["name"].split()[0] for one in around["pointed_at_by"]] == ["2.2"]
    assert asked(client, f"{PLAN}/sp/2")["around"]["pointed_at_by"] == []


def test_the_year_of_the_scope_leaves_the_states_of_that_year(client):
    [action, *_] = asked(client, f"{PLAN}/sp/1/dp/1", year="2016/17")["priority"]["actions"]
    assert [state["year"] for state in action["states"]] == ["2016/17"]


@pytest.mark.parametrize("path", ["/sp/2", "/sp/1/dp/1", ""])
def test_priorities_and_plans_are_graphs_and_sheets_too(client, path):
    answer = client.get(f"{PLAN}{path}", headers={"Accept": "text/turtle"})
    graph = Graph().parse(data=answer.data, format="turtle")
    iri = URIRef(f"https://w3id.org/plangraph/id{PLAN}{path}")
    assert set(graph.objects(iri, RDF.type)) & {TERMS.Plan, TERMS.StrategicPriority, TERMS.DeliveryPriority}
    for form in ("nt", "jsonld", "csv", "xlsx"):
        assert client.get(f"{PLAN}{path}.{form}").status_code == 200


def test_the_sheet_of_a_plan_named_only_is_its_references(client):
    rows = list(csv.DictReader(io.StringIO(client.get(f"{YOUTH}.csv").data.decode("utf-8-sig"))))
    assert len(rows) == 11
    assert {row["document"] for row in rows} == {"Youth Justice Plan"}


def test_identifiers_lead_to_the_pages(client):
    answer = client.get(f"/id{PLAN}/sp/2")
    assert (answer.status_code, answer.location) == (303, f"{PLAN}/sp/2")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{PLAN}/sp/5", 404),
        (f"{PLAN}/sp/2/dp/9", 404),
        ("/hackney/plan/no-such-plan", 404),
        ("/plans?plan=No+such+plan", 404),
        ("/plans?priority=2", 400),
        ("/plans?year=2015/16&year=2016/17", 400),
        (f"{YOUTH}?partner=nobody+at+all", 404),
    ],
)
def test_bad_input_is_answered_with_a_problem(client, address, status):
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["detail"]
