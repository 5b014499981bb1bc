"""Shared actions: the matrix, its twins, the named question and a plain count over the tables say the same."""

import csv
import io
import re
import shutil
from collections import Counter
from contextlib import closing
from itertools import combinations
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from api import create_app
from api.current import CurrentStore
from kg.build import build
from kg.graph.store import LocalStore
from kg.questions import ask
from kg.settings import Settings
from tests.conftest import ROOT, TINY_PLAN, tiny_data

HACKNEY = (ROOT / "data/plans/hackney/community-safety-plan-2015-18", ROOT / "data/register")
NAMES = ("canonical", "printed", "rolled")
BOTH_PLANS = pytest.mark.parametrize("which", ["hackney", "tiny"])
EACH_WAY = pytest.mark.parametrize(("names", "collective"), [(n, c) for n in NAMES for c in (False, True)])


@pytest.fixture
def built(which, request):
    return request.getfixturevalue(which)


@pytest.fixture
def asking(built):
    store = CurrentStore(lambda: built.snapshot, lambda _snapshot: built.store)
    return create_app(built.settings, store, built.store).test_client()


@pytest.fixture
def tables(which) -> tuple[Path, Path]:
    return HACKNEY if which == "hackney" else (TINY_PLAN, TINY_PLAN / "register")


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counted(tables, names, collective):
    """Who leads which actions, and which actions each pair leads, counted from leads.csv and bodies.csv alone."""
    plan, register = tables
    bodies = {row["label"]: row for row in rows_of(register / "bodies.csv")}

    def top(label):
        above = bodies[label]["unit_of"] or bodies[label]["sub_organization_of"]
        return top(above) if above else label

    leads = {}
    for row in rows_of(plan / "leads.csv"):
        body = top(row["partner"]) if names == "rolled" else row["partner"]
        if collective or bodies[body]["classification"] != "ptype-collective":
            partner = row["verbatim"] if names == "printed" else body
            leads.setdefault(row["element"].removeprefix("action/"), {})[partner] = None
    led, pairs = {}, {}
    for ref, partners in leads.items():
        for partner in partners:
            led.setdefault(partner, []).append(ref)
        for two in combinations(partners, 2):
            pairs.setdefault(frozenset(two), []).append(ref)
    return led, pairs


def given(names, collective, **more):
    return {"names": names, **({"collective": "yes"} if collective else {}), **more}


def as_json(client, **words):
    answer = client.get("/shared.json", query_string=words)
    assert answer.status_code == 200, answer.text
    return answer.json


def pairs_in(answer):
    return {frozenset((pair["a"]["name"], pair["b"]["name"])): pair["refs"].split() for pair in answer["pairs"]}


class Matrix:
    """The matrix of a page: its columns, the number in each cell by row and column, and where the cell leads."""

    def __init__(self, text):
        table = BeautifulSoup(text, "lxml").select_one("table.app-matrix")
        self.columns = [head.get_text(strip=True) for head in table.select("thead th")][2:]
        self.cells, self.links = {}, {}
        for row in table.select("tbody tr"):
            name = row.select_one("th[scope=row]").get_text(strip=True).strip("“”")
            for column, cell in zip(self.columns, row.select("td"), strict=True):
                self.cells[name, column] = int(cell.get_text(strip=True) or 0)
                if cell.a:
                    self.links[name, column] = cell.a["href"]


# --- the golden test ------------------------------------------------------------------------------


@BOTH_PLANS
@EACH_WAY
def test_json_says_what_a_plain_count_over_the_tables_says(asking, tables, names, collective):
    led, pairs = counted(tables, names, collective)
    answer = as_json(asking, **given(names, collective))
    assert pairs_in(answer) == pairs
    assert {one["partner"]["name"]: [action["ref"] for action in one["actions"]] for one in answer["partners"]} == led
    assert all(pair["shared"] == len(pair["actions"]) == len(pair["refs"].split()) for pair in answer["pairs"])
    assert all([action["ref"] for action in pair["actions"]] == pair["refs"].split() for pair in answer["pairs"])


@BOTH_PLANS
@EACH_WAY
def test_the_matrix_says_what_a_plain_count_over_the_tables_says(asking, tables, names, collective):
    led, pairs = counted(tables, names, collective)
    matrix = Matrix(asking.get("/shared", query_string=given(names, collective)).text)
    sharing = {partner for two in pairs for partner in two}
    assert set(matrix.columns) == sharing
    assert len(matrix.cells) == len(sharing) ** 2
    for (row, column), n in matrix.cells.items():
        assert n == len(led[row] if row == column else pairs.get(frozenset((row, column)), ())), (row, column)
    assert {frozenset(where) for where in matrix.links} == set(pairs)


@BOTH_PLANS
@EACH_WAY
def test_csv_says_what_a_plain_count_over_the_tables_says(asking, tables, names, collective):
    answer = asking.get("/shared.csv", query_string=given(names, collective))
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    _, pairs = counted(tables, names, collective)
    assert {frozenset((row["a"], row["b"])): (int(row["shared"]), row["refs"].split()) for row in rows} == {
        two: (len(refs), refs) for two, refs in pairs.items()
    }
    assert len(rows) == len(pairs)


@BOTH_PLANS
@pytest.mark.parametrize("collective", [False, True])
@pytest.mark.parametrize("names", ["canonical", "rolled"])
def test_the_named_question_says_the_same(built, asking, names, collective):
    flags = {"rolled_up": "yes" if names == "rolled" else "no", "collective": "yes" if collective else "no"}
    answer = ask(built.store, "Q14", built.names, **flags)
    asked = {frozenset((row["a1"], row["a2"])): str(row["refs"]).split() for row in answer.records()}
    assert asked == pairs_in(as_json(asking, **given(names, collective)))


@BOTH_PLANS
@EACH_WAY
def test_partner_by_priority_counts_each_action_once(asking, tables, names, collective):
    led, _ = counted(tables, names, collective)
    answer = as_json(asking, **given(names, collective))
    priorities = [priority["name"].split()[0] for priority in answer["priorities"]]
    for one in answer["partners"]:
        under = Counter(ref.split(".")[0] for ref in led[one["partner"]["name"]])
        assert dict(zip(priorities, one["priorities"], strict=True)) == {p: under[p] for p in priorities}


# --- known answers --------------------------------------------------------------------------------


def partners_in(answer):
    return {one["partner"]["name"]: one for one in answer["partners"]}


def test_safer_communities_lead_19_the_police_17_and_share_9(client):
    answer = as_json(client)
    partners = partners_in(answer)
    assert len(partners["Safer Communities"]["actions"]) == 19
    assert len(partners["Metropolitan Police Service"]["actions"]) == 17
    largest = answer["pairs"][0]
    assert {largest["a"]["name"], largest["b"]["name"]} == {"Safer Communities", "Metropolitan Police Service"}
    assert largest["shared"] == 9
    assert largest["refs"] == "2.3 2.5 3.2 3.4 3.6 4.1 4.2 4.3 4.11"


def test_there_are_32_lead_bodies_two_of_them_collective_wording(client):
    counted = as_json(client, collective="yes")["partners"]
    assert len(counted) == 32
    assert len(as_json(client)["partners"]) == 30
    assert {one["partner"]["name"] for one in counted if one["type"]["name"] == "Collective wording"} == {
        "All Partners", "Multi-Agency",
    }  # fmt: skip


def test_as_printed_one_cell_of_one_name_is_no_pair_and_police_is_a_name_of_its_own(client):
    answer = as_json(client, names="printed", collective="yes")
    partners = partners_in(answer)
    assert partners["Multi-Agency but Police Lead"]["partners"] == 0
    assert [action["ref"] for action in partners["Police/Licensing"]["actions"]] == ["2.5"]
    assert len(partners["Police"]["actions"]) == 12
    assert len(partners["Metropolitan Police"]["actions"]) == 3


def test_rolled_up_the_council_is_no_pair_with_itself(client):
    answer = as_json(client, names="rolled")
    assert "Safer Communities" not in partners_in(answer)
    assert not any(pair["a"] == pair["b"] for pair in answer["pairs"])


def test_the_matrix_is_ordered_by_type_then_by_actions_led(client):
    order = [(one["type"]["name"], -len(one["actions"])) for one in as_json(client)["partners"]]
    types = list(dict.fromkeys(type_ for type_, _ in order))
    assert types == ["Council", "Police", "Health", "Justice", "Voluntary", "Housing", "Forum"]
    assert order == sorted(order, key=lambda one: (types.index(one[0]), one[1]))


def test_those_who_share_none_are_named(client):
    text = client.get("/shared").text
    none = text[text.index('id="none"') : text.index('id="priorities"')]
    assert "LBH Housing" in none
    assert "Safer Communities" not in none


# --- narrowed -------------------------------------------------------------------------------------


@pytest.mark.parametrize("priority", ["2", "2/1"])
def test_a_priority_narrows_to_its_actions(client, priority):
    for names in NAMES:
        refs = {
            ref for pair in as_json(client, priority=priority, names=names)["pairs"] for ref in pair["refs"].split()
        }
        assert refs
        assert all(ref.startswith("2.") for ref in refs)


def test_a_partner_narrows_to_its_own_pairs_and_its_row(client):
    answer = as_json(client, partner="Hackney Housing")
    assert {two - {"Hackney Housing"}: len(refs) for two, refs in pairs_in(answer).items()} == {
        frozenset({"Safer Communities"}): 4,
        frozenset({"Metropolitan Police Service"}): 1,
        frozenset({"Registered Landlords"}): 1,
    }
    matrix = Matrix(client.get("/shared?partner=Hackney+Housing").text)
    assert {row for row, _ in matrix.cells} == {"Hackney Housing"}


def test_a_unit_counts_as_the_body_above_it_where_names_are_rolled_up(client):
    unit = as_json(client, names="rolled", partner="Police Licensing")
    assert unit["focus"] == ["org/metropolitan-police"]
    assert pairs_in(unit) == pairs_in(as_json(client, names="rolled", partner="MPS")) != {}


def test_as_printed_a_partner_is_all_its_names(client):
    focus = as_json(client, names="printed", partner="MPS")["focus"]
    assert {"Police", "Metropolitan Police", "Police/Licensing"} <= set(focus)


def test_a_plan_narrows_to_its_own_actions(client):
    assert as_json(client, plan="Hackney Community Safety Plan 2015-18")["pairs"] == as_json(client)["pairs"]
    assert as_json(client, plan="Youth Justice Plan")["partners"] == []


def test_two_plans_that_use_one_reference_are_told_apart(tmp_path):
    data = tiny_data(tmp_path / "data")
    first, other = (data / "plans/tinford" / name for name in ("safety-plan-2023-25", "second-plan"))
    shutil.copytree(first, other)
    told = (other / "plan.toml").read_text("utf-8").replace("safety-plan-2023-25", "second-plan")
    told = told.replace("Tinford Safety Plan 2023-25 (synthetic example)", "Second Plan")
    (other / "plan.toml").write_text(told, "utf-8")
    settings = Settings.read(environ={}, home=tmp_path / "home", data=data)
    snapshot = build(settings)
    with closing(CurrentStore(lambda: snapshot, LocalStore)) as opened:
        asking = create_app(settings, opened, opened).test_client()
        both, one = as_json(asking), as_json(asking, plan="Second Plan")
        # Where two plans are in scope each reference has its plan in brackets behind it.
        references = {two: re.findall(r"\d+\.\d+", " ".join(words)) for two, words in pairs_in(both).items()}
        assert {two: refs * 2 for two, refs in pairs_in(one).items()} == references != {}
        assert all("(Second Plan)" in pair["refs"] for pair in both["pairs"])
        assert {action["plan"] for action in both["pairs"][0]["actions"]} == {
            "Tinford Safety Plan 2023-25 (synthetic example)",
            "Second Plan",
        }
        page = BeautifulSoup(asking.get("/shared", headers={"Accept": "text/html"}).text, "lxml")
        assert any("Second Plan" in table.get_text() for table in page.select("main table"))


# --- two partners ---------------------------------------------------------------------------------


def test_the_pair_page_lists_what_both_lead_with_roles_states_and_sources(client):
    pair = as_json(client, a="MPS", b="Safer Communities")["pair"]
    assert " ".join(one["action"]["ref"] for one in pair["actions"]) == "2.3 2.5 3.2 3.4 3.6 4.1 4.2 4.3 4.11"
    ambiguous = pair["actions"][1]
    assert [year["year"] for year in ambiguous["action"]["states"]] == ["2015/16", "2016/17", "2017/18"]
    police = next(lead for lead in ambiguous["leads"] if lead["partner"]["name"] == "Metropolitan Police Service")
    assert police["role"]["name"] == "Joint lead"
    assert (police["statement"]["printed"], police["statement"]["certainty"]) == ("Police/Licensing", "Ambiguous")
    assert [source["label"] for source in police["statement"]["sources"]] == ["line 42, lead-partners"]


def test_the_pair_page_says_what_each_leads_at_the_same_priority_without_the_other(client):
    apart = as_json(client, a="MPS", b="Safer Communities")["pair"]["apart"]
    found = {(one["action"]["name"].split()[0], one["led_by"]) for one in apart if one["kind"] == "same priority"}
    assert ("2.7", "Metropolitan Police Service") in found
    assert ("2.9", "Safer Communities") in found
    assert not any(ref == "2.3" for ref, _ in found)


@pytest.mark.parametrize("names", NAMES)
def test_every_link_of_the_matrix_leads_to_as_many_actions_as_it_says(client, names):
    matrix = Matrix(client.get(f"/shared?names={names}").text)
    for where, link in list(matrix.links.items())[:8]:
        path, _, query = link.partition("?")
        pair = client.get(f"{path}.json?{query}").json["pair"]
        assert len(pair["actions"]) == matrix.cells[where]
        assert {pair["a"]["name"], pair["b"]["name"]} == set(where)


def test_csv_of_a_pair_is_its_actions(client):
    answer = client.get("/shared.csv?a=MPS&b=Hackney+Housing")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["ref"], row["source"]) for row in rows] == [("3.2", "line 64, lead-partners")]


def test_two_partners_without_a_common_action_get_a_page_that_says_so(client):
    answer = client.get("/shared?a=Victim+Support&b=LBH+Planning", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "No actions name both as lead" in answer.text


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("a=MPS", 400, '"b" is missing'),
        ("b=MPS", 400, '"a" is missing'),
        ("a=MPS&b=Police", 400, "same partner"),
        ("names=rolled&a=LBH+Planning&b=LBH+Licensing", 400, "same partner"),
        ("names=other", 400, "canonical, printed, rolled, role"),
        ("collective=perhaps", 400, "yes or no"),
        ("a=Nobody&b=MPS", 404, "No body is called"),
        ("names=printed&a=Polise&b=Safer+Communities", 404, "Police"),
        ("priority=9", 404, "No priority"),
        ("a=MPS&a=Police&b=MPS", 400, "more than once"),
    ],
)
def test_bad_input_is_refused_with_what_would_work(client, query, status, says):
    answer = client.get(f"/shared.json?{query}")
    assert answer.status_code == status
    assert says in answer.json["detail"]


def test_an_empty_parameter_counts_as_absent(client):
    assert as_json(client, a="", b="", names="", collective="") == as_json(client)
