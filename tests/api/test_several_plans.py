"""Several plans in scope: a reference says whose it is, nothing is chosen silently, boroughs meet on roles."""

import csv
import io
import re

import pytest
from bs4 import BeautifulSoup

from api.forms import SCOPE
from kg import network
from kg.questions import ask

LISTS = ["/updates", "/actions", "/partners", "/status", "/gaps", "/shared", "/references", "/indicators", "/map",
         "/map?of=actions", "/what-if?withdraw=Integrated+Gangs+Unit",
         "/trace?from=Integrated+Gangs+Unit", "/hackney/org/integrated-gangs-unit"]  # fmt: skip
SHORT = {
    "/hackney/plan/community-safety-plan-2015-18/": "Community Safety Plan 2015-18",
    "/hackney/plan/youth-justice-plan/": "Youth Justice Plan 2016-18",
    "/tinford/": "Tinford",
    "/marlow-vale/": "Marlow Vale",
}

BOROUGHS = {"hackney": "Hackney", "tinford": "Tinford", "marlow-vale": "Marlow Vale"}


def shown(client, address: str) -> BeautifulSoup:
    answer = client.get(address, headers={"Accept": "text/html"}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.data, "lxml")


@pytest.mark.parametrize("address", LISTS)
def test_the_reference_of_an_action_says_its_plan_where_several_are_in_scope(pages, address):
    links = [
        link for link in shown(pages, address).select("main a[href]")
        if link["href"].startswith(tuple(SHORT)) and re.fullmatch(r".*/(action/1\.2|sp/1)", link["href"])
    ]  # fmt: skip
    assert links
    for link in links:
        # Said once behind those of one plan that follow each other.
        said = link.find_next(class_="app-whose").get_text(strip=True)
        assert said == next(short for path, short in SHORT.items() if link["href"].startswith(path)), link


def test_what_is_found_by_a_reference_says_its_plan(pages):
    found = shown(pages, "/search?q=1.2").select_one("section[aria-labelledby=action] ul.app-hits")
    plans = [
        hit.select(".app-source")[-1].get_text() for hit in found.select("li") if hit.a.get_text().startswith("1.2")
    ]
    assert len(plans) == len(set(plans)) == 4


@pytest.mark.parametrize("address", ["/updates", "/actions", "/partners", "/shared", "/map"])
def test_nothing_is_said_of_the_plan_where_one_is_in_scope(pages, client, address):
    assert not shown(pages, f"{address}?borough=Tinford").select(".app-whose")
    assert not shown(client, address).select(".app-whose")


def test_on_the_page_of_an_action_its_own_plan_goes_without_saying(pages):
    assert not shown(pages, "/tinford/plan/safety-plan-2023-25/action/1.1").select("main .app-whose")


@pytest.mark.parametrize(
    ("address", "parameter", "n"),
    [
        ("/trace", {"from": "1.1"}, 4), ("/trace", {"from": "Safer Communities", "to": "1.1"}, 4),
        ("/what-if", {"withdraw": "Licensing"}, 2), ("/brief", {"partner": "Licensing"}, 2),
        ("/map", {"select": "Licensing"}, 2), ("/shared", {"a": "Licensing", "b": "MPS"}, 2),
        ("/brief", {"priority": "1"}, 4), ("/map", {"of": "actions", "select": "1.1"}, 4),
        ("/trace", {"from": "1.1", "borough": "Hackney"}, 2), ("/brief", {"priority": "1", "borough": "Hackney"}, 2),
    ],
)  # fmt: skip
def test_what_several_plans_call_by_one_name_is_for_the_reader_to_choose(pages, address, parameter, n):
    asked = pages.get(f"{address}.json", query_string=parameter)
    assert (asked.status_code, asked.mimetype) == (400, "application/problem+json")
    choices = asked.json["choices"]
    assert len(choices) == n
    for one in choices:
        assert one["value"] in asked.json["detail"]
        assert pages.get(one["url"]).status_code == 200
    answer = pages.get(address, query_string=parameter, headers={"Accept": "text/html"})
    page = BeautifulSoup(answer.data, "lxml")
    assert page.h1.get_text() == "Which one is meant?"
    links = page.select("main ul a")
    assert [link.get_text() for link in links] == [one["name"] for one in choices]
    for link, one in zip(links, choices, strict=True):
        assert BOROUGHS[one["value"].split("/")[0]] in link.get_text()
        assert shown(pages, link["href"])


def test_what_is_not_on_the_map_is_said_in_a_sentence(pages):
    found = pages.get("/map.json", query_string={"borough": "Tinford", "select": "Hackney Housing"}).json
    assert found["selected"] == []
    assert found["missing"].startswith("“Hackney Housing” is not on this map")
    page = shown(pages, "/map?borough=Tinford&select=Hackney+Housing")
    assert found["missing"] in page.select_one("[role=status]").get_text()
    assert pages.get("/map.json?select=Nobody+At+All").status_code == 404


def test_partners_of_one_name_stand_in_the_scope_with_their_boroughs(pages, examples):
    offered = [option["value"] for option in shown(pages, "/").select("#scope-partner option")[1:]]
    assert len(set(offered)) == len(offered)
    assert "Public Health (Hackney)" in offered
    leading = {str(row["partner_iri"]) for row in ask(examples.store, network.LEADS, examples.names).records()}
    meant = []
    for words in offered:
        (one,) = examples.names.resolved(SCOPE, {"partner": [words]})[0]["partner"]
        meant.append(one.iri)
    assert sorted(meant) == sorted(leading)


def test_the_scope_and_what_it_covers_lie_in_one_landmark(pages):
    bar = shown(pages, "/actions").select_one("section.app-scope")
    assert bar["aria-label"]
    assert "In scope: All 4 plans held" in bar.get_text()


def test_police_of_all_boroughs_meet_on_policing(pages, examples):
    """Counted here from the question of leads and that of roles, without the networks."""
    roles: dict[str, set[str]] = {}
    for row in ask(examples.store, network.ROLES, examples.names).records():
        roles.setdefault(str(row["partner_iri"]), set()).add(str(row["role"]))
    leads: dict[str, set[str]] = {}
    for row in ask(examples.store, network.LEADS, examples.names).records():
        leads.setdefault(str(row["ref_iri"]), set()).add(str(row["partner_iri"]))
    both = [
        action for action, bodies in leads.items()
        if any(
            one != other and "Policing" in roles.get(one, ()) and "Licensing" in roles.get(other, ())
            for one in bodies for other in bodies
        )
    ]  # fmt: skip
    found = pages.get("/shared.json?names=role").json
    (pair,) = [one for one in found["pairs"] if {one["a"]["name"], one["b"]["name"]} == {"Policing", "Licensing"}]
    assert sorted(action["iri"] for action in pair["actions"]) == sorted(both)
    assert {action["plan"].split()[0] for action in pair["actions"]} == {"Hackney", "Marlow", "Tinford"}
    drawn = pages.get("/map.json?names=role").json
    (line,) = [one for one in drawn["edges"] if {one["a"], one["b"]} == {pair["a"]["iri"], pair["b"]["iri"]}]
    assert line["weight"] == pair["shared"] == len(both)
    met = pages.get("/shared.json", query_string={"names": "role", "a": "Policing", "b": "Licensing"}).json["pair"]
    assert [one["action"]["iri"] for one in met["actions"]] == [one["iri"] for one in pair["actions"]]


def test_the_roles_of_one_body_share_nothing_by_that_alone(examples):
    leads = network.leads(
        ask(examples.store, network.LEADS, examples.names), network.ROLE,
        roles=ask(examples.store, network.ROLES, examples.names),
    )  # fmt: skip
    for one, other, said in network.partners(leads).edges(data=True):
        for action in said["actions"]:
            bodies = {body for key in (one, other) for body in leads.edges[key, action]["by"].split("; ")}
            assert len(bodies) > 1


def test_the_tables_say_the_plan_of_every_reference(pages):
    text = pages.get("/shared.csv?names=role").data.decode("utf-8-sig")
    refs = {(row["a"], row["b"]): row["refs"] for row in csv.DictReader(io.StringIO(text))}
    assert refs["Licensing", "Policing"].endswith("(Tinford)")
    text = pages.get("/map.csv?of=actions").data.decode("utf-8-sig")
    assert {row["plan"].split()[0] for row in csv.DictReader(io.StringIO(text))} == {
        "Hackney", "Marlow", "Tinford", "Youth",
    }  # fmt: skip
