"""The references of the plans, what they lead to, and the hyperlinks that lead nowhere."""

import csv
import io
import re

import pytest
from openpyxl import load_workbook

from kg.network import DEPENDING, POINTING, REFERRING, SAYS
from kg.questions import Answer

PLAN = "Hackney Community Safety Plan 2015-18"
BASE = "https://w3id.org/plangraph/id/"
# What each element leans on by the derived edges, a section counted as its document.
DERIVED = """
PREFIX plan: <https://w3id.org/plangraph/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT DISTINCT ?element ?document {
  ?element %s ?target .
  ?target dcterms:isPartOf* ?document . ?document a plan:Plan .
  MINUS { ?document dcterms:source ?file }
}
"""
CODES = """
PREFIX plan: <https://w3id.org/plangraph/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?kind ?name {
  { ?kind rdfs:label ?name FILTER(STRSTARTS(STR(?kind), "https://w3id.org/plangraph/code#xref-")) }
  UNION { VALUES ?kind { plan:deliveredThrough } ?kind rdfs:label ?name }
}
"""


def asked(client, **given):
    answer = client.get("/references.json", query_string=given)
    assert answer.status_code == 200, answer.text
    return answer.json


def by_name(page):
    return {one["name"]: one for one in page["referred"]}


def refs(leaning):
    return [action["name"].split()[0] for action in leaning["actions"]]


def test_the_plan_holds_41_cross_references_as_its_table_does(client, hackney):
    with (hackney.settings.data / "plans/hackney/community-safety-plan-2015-18/cross-references.csv").open() as file:
        printed = sorted(row["verbatim"] for row in csv.DictReader(file))
    pointers = [one for one in asked(client)["references"] if one["how"] in POINTING]
    assert len(pointers) == 41
    assert sorted(one["printed"] for one in pointers) == printed


def test_twenty_documents_are_referred_to_and_none_is_held(client):
    documents = [one for one in asked(client)["referred"] if one["is_document"]]
    assert len(documents) == 20
    assert not any(one["held"] for one in documents)


def test_actions_that_depend_and_actions_that_point_are_told_apart_with_their_years(client):
    plan = by_name(asked(client))["Youth Justice Plan"]
    assert (refs(plan["depends"]), plan["depends"]["years"]) == (["1.1", "1.6", "1.10"], ["2016/17", "2017/18"])
    assert (refs(plan["refers"]), plan["refers"]["years"]) == (["1.6", "1.10"], ["2016/17"])
    assert refs(by_name(asked(client))["Gangs Action Plan"]["depends"]) == ["1.1", "1.2", "1.3", "1.4"]


@pytest.mark.parametrize(("edge", "way"), [("plan:dependsOn", "depends"), ("plan:refersTo", "refers")])
def test_who_leans_on_a_document_is_what_the_derived_edges_say(client, hackney, edge, way):
    edges = Answer.parse(hackney.store.query(DERIVED % edge).body)
    shown = {
        (who["iri"], one["iri"])
        for one in asked(client)["referred"]
        if one["is_document"]
        for who in (*one[way]["actions"], *one[way]["others"])
    }
    assert shown == set(edges.rows)
    assert shown


def test_the_kinds_to_narrow_by_are_those_of_the_vocabulary(hackney):
    known = [str(name).lower() for name in Answer.parse(hackney.store.query(CODES).body).column("name")]
    assert sorted(REFERRING) == sorted(known)
    assert set(REFERRING) >= DEPENDING


def test_words_that_deliver_a_body_or_are_delivered_through_it_are_read_as_neither(client):
    [one] = asked(client, **{"from": "2.11", "kind": "delivers"})["references"]
    assert one["kind"]["name"] == "Delivers or is delivered through"
    page = client.get("/references?from=2.11&kind=delivers", headers={"Accept": "text/html"}).text
    table = page[page.index('id="all"') : page.index('id="links"')]
    assert re.findall(r'<td class="govuk-table__cell">(\w[^<]*)</td>', table) == ["Delivers or is delivered through"]
    offered = re.findall(
        r'<option value="([^"]*)"[^>]*>', page[page.index('id="narrow-kind"') : page.index("narrow-to")]
    )
    assert offered == ["", *REFERRING]
    assert {one["how"]: one["kind"]["name"].lower() for one in asked(client)["references"]} == {
        kind: SAYS[kind].lower() for kind in REFERRING
    }


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({"kind": "measured by"}, 3),
        ({"kind": "shares indicators"}, 2),
        ({"to": "VAWG Strategy"}, 1),
        ({"to": f"{BASE}hackney/plan/vawg-strategy/section/4bi"}, 1),
        ({"from": "2.5"}, 3),
        ({"from": "2.5", "kind": "delivers"}, 0),
        ({"to": "YJ plan", "year": "2017/18"}, 3),
        ({"kind": "", "to": "", "from": ""}, 77),
        ({"plan": PLAN}, 77),
    ],
)
def test_the_table_is_narrowed_by_kind_target_source_and_scope(client, given, count):
    assert len(asked(client, **given)["references"]) == count


def test_the_partner_of_the_scope_leaves_what_that_body_leads(client):
    page = asked(client, partner="IGU")
    assert {one["element"]["name"].split()[0] for one in page["references"]} == {"1.1", "1.2", "1.3", "1.4"}


def test_a_reference_carries_words_locator_certainty_and_source_cell(client):
    [section, *_] = asked(client, **{"from": "2.5"})["references"]
    assert (section["printed"], section["locator"], section["year"]) == ("Hackney VAWG Strategy (4bi)", "4bi", None)
    assert section["document"]["name"] == "VAWG Strategy"
    assert [cell["label"] for cell in section["sources"]] == ["line 42, ref-no"]
    [pages] = [one for one in asked(client, **{"from": "4.16"})["references"] if one["locator"]]
    assert (pages["locator"], pages["link"]) == ("pages 27 to 40", "#")


def test_a_pointer_in_a_year_cell_has_that_year(client):
    years = [one["year"] for one in asked(client, **{"from": "6.3", "kind": "see also"})["references"]]
    assert sorted(year for year in years if year) == ["2015/16", "2016/17", "2017/18"]
    assert years.count(None) == 2


def test_every_hyperlink_of_the_document_leads_nowhere(client, source):
    words = source.read_text("utf-8")
    stored = re.findall(r'<a href="([^"]*)"|\]\(([^)]*)\)', words)
    links = asked(client)["hyperlinks"]
    assert len(links) == len(stored) == 14
    assert {one["link"] for one in links} == {first or second for first, second in stored} == {"#"}


def test_dead_hyperlinks_are_counted_and_listed_on_the_page(client):
    page = client.get("/references", headers={"Accept": "text/html"}).text
    assert "14 of 14 hyperlinks lead nowhere" in page
    table = page[page.index('id="links"') :]
    assert table.count('<th scope="row"') == 14
    assert "Operation Makesafe" in table


def test_the_page_says_the_same_in_every_form(client):
    rows = asked(client)["references"]
    sheet = list(csv.reader(io.StringIO(client.get("/references.csv").data.decode("utf-8-sig"))))
    assert sheet[0][:4] == ["from", "kind", "to", "document"]
    assert [row[2] for row in sheet[1:]] == [one["target"]["name"] for one in rows]
    book = load_workbook(io.BytesIO(client.get("/references.xlsx").data)).active
    assert book.max_row == len(rows) + 1
    page = client.get("/references.html").text
    table = page[page.index('id="all"') : page.index('id="links"')]
    assert table.count('<th scope="row"') == len(rows)
    assert client.get("/references.ttl").status_code == 406


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        ({"kind": "hearsay"}, 400, '"kind" is one of delivered through, delivers'),
        ({"to": "Youth Justise Plan"}, 404, "Youth Justice Plan"),
        ({"from": "99.9"}, 404, "99.9"),
        ({"form": "1.6"}, 400, "from"),
        ({"year": "soon"}, 404, "soon"),
    ],
)
def test_bad_input_is_answered_with_what_would_work(client, given, status, sentence):
    answer = client.get("/references.json", query_string=given)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert sentence in answer.json["detail"]


def test_hostile_words_are_shown_as_words(client):
    answer = client.get(
        "/references", query_string={"to": "<script>alert(1)</script>"}, headers={"Accept": "text/html"}
    )
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text
