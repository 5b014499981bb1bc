"""Partners: the list of bodies and the page of each, against the tables and the document."""

import csv
import io
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

from tests.conftest import ROOT

REGISTER = ROOT / "data" / "register"
PLAN = ROOT / "data" / "plans" / "hackney" / "community-safety-plan-2015-18"


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_json(client, address, **words):
    answer = client.get(f"{address}.json", query_string=words)
    assert answer.status_code == 200, answer.text
    return answer.json


def shown(client, address):
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.data, "lxml")


def listed(client, **words):
    return {one["name"]: one for one in as_json(client, "/partners", **words)["partners"]}


def names(things):
    return [thing["name"] for thing in things]


# --- the list -------------------------------------------------------------------------------------


def test_every_body_of_the_register_is_listed_with_its_type_and_what_it_is_part_of(client):
    found = listed(client)
    register = {row["label"]: row for row in rows_of(REGISTER / "bodies.csv")}
    assert found.keys() == register.keys()
    for name, one in found.items():
        row = register[name]
        assert one["type"]["iri"].endswith(row["classification"])
        assert (one["part_of"] or {"name": ""})["name"] == (row["unit_of"] or row["sub_organization_of"])


def test_each_body_leads_alone_and_jointly_what_the_tables_say(client):
    leads = {}
    for row in rows_of(PLAN / "leads.csv"):
        leads.setdefault(row["element"], set()).add(row["partner"])
    for name, one in listed(client).items():
        alone = sum(bodies == {name} for bodies in leads.values())
        jointly = sum(name in bodies and len(bodies) > 1 for bodies in leads.values())
        assert (one["leads"], one["alone"], one["jointly"]) == (alone + jointly, alone, jointly), name


def test_32_bodies_lead_something(client):
    assert as_json(client, "/partners")["leading"] == 32


def test_a_body_is_relied_on_by_actions_that_it_does_not_lead(client):
    found = listed(client)
    assert found["Partnership Tasking"]["relied_on"] == 8
    # 1.9 and 4.10 name the police; what names them and is led by them does not count.
    assert found["Metropolitan Police Service"]["relied_on"] == 2


@pytest.mark.parametrize("type_", ["Police", "police", "ptype-police"])
def test_a_type_narrows_the_list(client, type_):
    found = listed(client, type=type_)
    assert len(found) == 8
    assert {one["type"]["name"] for one in found.values()} == {"Police"}


def test_a_partner_narrows_the_list_to_it_and_its_units(client):
    found = listed(client, partner="Children and Young People's Service")
    assert found.keys() == {"Children and Young People's Service", "Young Hackney"}


def test_a_year_counts_only_actions_that_apply_in_it(client):
    statuses = rows_of(PLAN / "statuses.csv")
    not_yet = {row["element"] for row in statuses if row["period"] == "2015-2016" and "status-na" in row["state"]}
    mine = {row["element"] for row in rows_of(PLAN / "leads.csv") if row["partner"] == "Safer Communities"}
    assert listed(client, year="2015/16")["Safer Communities"]["leads"] == len(mine - not_yet) < 19


def test_csv_and_page_list_the_same_bodies_in_the_same_order(client):
    order = names(as_json(client, "/partners")["partners"])
    rows = list(csv.DictReader(io.StringIO(client.get("/partners.csv").data.decode("utf-8-sig"))))
    page = shown(client, "/partners").select("table.app-partners tbody th[scope=row]")
    assert [row["partner"] for row in rows] == [head.get_text(strip=True) for head in page] == order


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("type=Polise", 404, "nearest: Police"),
        ("partner=Nobody", 404, "No body is called"),
        ("sort=name", 400, "takes no"),
        ("type=Police&type=Health", 400, "more than once"),
    ],
)
def test_bad_input_is_refused_with_what_would_work(client, query, status, says):
    answer = client.get(f"/partners.json?{query}")
    assert answer.status_code == status
    assert says in answer.json["detail"]


# --- the page of a body ---------------------------------------------------------------------------


@pytest.fixture
def housing(client):
    return as_json(client, "/hackney/org/hackney-housing")


def test_a_body_says_what_it_is_part_of_took_over_from_and_may_be_the_same_as(housing):
    assert housing["type"]["name"] == "Housing"
    assert names(housing["part_of"]) == ["London Borough of Hackney"]
    assert names(housing["predecessors"]) == ["Hackney Homes"]
    assert names(housing["matches"]) == ["LBH Housing"]
    assert housing["statement"]["certainty"] == "Inferred"
    assert "3.2" in housing["statement"]["note"]


def test_a_predecessor_says_what_replaced_it(client):
    assert names(as_json(client, "/hackney/org/hackney-homes")["successors"]) == ["Hackney Housing"]


def test_a_body_leads_its_actions_with_role_others_states_and_source(housing):
    assert [one["action"]["ref"] for one in housing["actions"]] == ["3.1", "3.2", "4.8", "4.15"]
    last = housing["actions"][-1]
    assert names(lead["partner"] for lead in last["leads"]) == [
        "Safer Communities", "Hackney Housing", "Registered Landlords",
    ]  # fmt: skip
    own = last["leads"][1]
    assert own["role"]["name"] == "Joint lead"
    assert [source["label"] for source in own["statement"]["sources"]] == ["line 109, lead-partners"]
    assert [year["year"] for year in last["action"]["states"]] == ["2015/16", "2016/17", "2017/18"]


def test_a_body_shares_with_whom_the_matrix_says(client, housing):
    assert {one["partner"]["name"]: one["refs"] for one in housing["shares"]} == {
        "Safer Communities": "3.1 3.2 4.8 4.15",
        "Metropolitan Police Service": "3.2",
        "Registered Landlords": "4.15",
    }
    page = shown(client, "/hackney/org/hackney-housing")
    links = [link["href"] for link in page.select("#shares ~ div a[href*='a=']")]
    assert len(links) == 3
    for link in links:
        path, _, query = link.partition("?")
        assert client.get(f"{path}.json?{query}").json["pair"]["actions"]


def test_collective_wording_shares_too_on_its_own_page(client):
    [share] = as_json(client, "/org/multi-agency")["shares"]
    assert (share["partner"]["name"], share["refs"]) == ("Metropolitan Police Service", "2.2")


def test_counts_at_the_top_count_what_is_below(client):
    for address in ("/org/metropolitan-police", "/hackney/org/safer-communities", "/hackney/org/open-doors"):
        one = as_json(client, address)
        counts = one["counts"]
        assert counts["leads"] == len(one["actions"]) == counts["alone"] + counts["jointly"]
        assert counts["partners"] == len(one["shares"])
        relying = {fact["element"]["iri"] for fact in one["reliances"] if fact["is_action"] and not fact["leads"]}
        assert counts["relied_on"] == len(relying)


def test_units_lead_for_their_parent_body(client):
    council = as_json(client, "/hackney/org/london-borough-of-hackney")
    assert council["counts"]["leads"] == 0
    assert council["counts"]["with_units"] == 30
    leading = {unit["name"]: unit["leads"] for unit in council["units"]}
    assert leading["Safer Communities"] == 19
    assert leading["Hackney Learning Trust"] == 0
    # A unit in a unit is the unit's.
    assert "Town Centre Management" not in leading


def test_other_spellings_say_how_often_where_and_why(client):
    found = {one["words"]: one for one in as_json(client, "/org/metropolitan-police")["spellings"]}
    assert found["Police"]["as_lead"] == 12
    assert found["Police"]["certainty"] == "Normalised"
    ambiguous = found["Police/Licensing"]
    assert not ambiguous["alone"]
    assert "police licensing team" in ambiguous["why"][0]
    assert [source["label"] for source in ambiguous["sources"]] == ["line 42, lead-partners"]
    assert found["MPS"]["alone"]
    assert found["MPS"]["as_lead"] == 0


def test_every_spelling_of_the_register_that_names_a_body_alone_is_shown(client):
    shown_here = {one["words"].casefold() for one in as_json(client, "/hackney/org/safer-communities")["spellings"]}
    assert {"lbh safer communities", "community safety", "community safety officers"} <= shown_here


def test_a_forum_says_what_is_delivered_managed_and_measured_through_it(client):
    forum = as_json(client, "/hackney/org/partnership-tasking")
    ways = {(fact["element"]["name"].split()[0], fact["way"], fact["year"]) for fact in forum["reliances"]}
    assert ("2.1", "manages", None) in ways
    assert ("2.7", "measures", None) in ways
    assert ("3.5", "delivers", "2016/17") in ways
    assert ("3.5", "delivers", "2015/16") not in ways
    assert forum["actions"] == []


def test_what_waits_for_a_body_is_on_its_page(client):
    facts = as_json(client, "/org/mopac")["reliances"]
    assert ("4.2", "is a condition") in {(fact["element"]["name"].split()[0], fact["way"]) for fact in facts}


def test_a_body_named_in_the_words_shows_where_and_how_it_is_printed(client):
    facts = as_json(client, "/hackney/org/hackney-housing")["reliances"]
    [fact] = [fact for fact in facts if not fact["leads"]]
    assert fact["element"]["name"].startswith("4.9 ")
    assert fact["way"] == "is named"
    assert fact["statement"]["sources"][0]["label"] == "line 94, activity"


def test_initiatives_that_a_body_runs_are_on_its_page(client):
    assert "Operation Makesafe" in names(as_json(client, "/org/metropolitan-police")["runs"])


def test_each_class_of_body_has_this_page(client):
    for address, kind in {
        "/hackney/org/victim-support": "Voluntary",
        "/hackney/org/lbh-planning": "Council",
        "/hackney/org/loeg": "Forum",
        "/org/all-partners": "Collective wording",
    }.items():
        assert shown(client, address).select_one(".govuk-caption-l").get_text() == kind


def test_a_body_leads_to_its_own_page_of_the_home_page(client):
    link = shown(client, "/hackney/org/safer-communities").select_one("a[href*='as=']")["href"]
    assert parse_qs(urlsplit(link).query)["as"] == ["Safer Communities"]
    assert shown(client, link).h1.get_text() == "Safer Communities"


def test_a_body_is_a_spreadsheet_and_a_graph_too(client):
    rows = list(csv.DictReader(io.StringIO(client.get("/hackney/org/hackney-housing.csv").data.decode("utf-8-sig"))))
    assert [row["ref"] for row in rows] == ["3.1", "3.2", "4.8", "4.15"]
    assert rows[3]["source"] == "line 109, lead-partners"
    assert "Hackney Housing" in client.get("/hackney/org/hackney-housing.ttl").text
