"""Things by their addresses: where an IRI leads, its forms, the pages of cells, places, initiatives and the rest."""

import csv
import html
import io
import json

import pytest

PLAN = "/hackney/plan/community-safety-plan-2015-18"
CELL = "/hackney/source/6935b8e2/cell/L042-activity"
HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("path", [f"{PLAN}/action/2.10", f"{PLAN}/action/2.5/lead/1", CELL, "/hackney/place/dalston"])
def test_an_identifier_answers_with_303_to_the_page_about_it(client, path):
    response = client.get(f"/id{path}")
    assert response.status_code == 303
    assert response.location == path


def test_the_redirect_keeps_the_parameters(client):
    assert client.get("/id/hackney/place/dalston?year=2015/16").location == "/hackney/place/dalston?year=2015/16"


@pytest.mark.parametrize("path", [
    f"{PLAN}/action/2.10", f"{PLAN}/action/2.10/step/1", f"{PLAN}/action/2.5/lead/1", f"{PLAN}/action/2.5/xref/3",
    f"{PLAN}/action/2.5/status/2015-2016", f"{PLAN}/action/2.5/outcome/1", f"{PLAN}/action/2.5/measure/1",
    f"{PLAN}/action/2.5/step/6/mention/2", f"{PLAN}/sp/1/dp/1/indicator/gun-discharges/reading/2015-2016-vs-2012-2013",
    f"{PLAN}/sp/1/dp/1/improvement/1", "/hackney/plan/vawg-strategy/section/4bi", CELL, "/hackney/source/6935b8e2",
    "/hackney/place/dalston", "/hackney/initiative/operation-makesafe",
])  # fmt: skip
def test_every_kind_of_thing_has_a_page_and_its_data(client, path):
    page = client.get(path, headers=HTML)
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert ">None<" not in page.text
    data = client.get(f"{path}.json")
    assert data.json["iri"] == f"https://w3id.org/plangraph/id{path}"
    turtle = client.get(f"{path}.ttl")
    assert turtle.content_type == "text/turtle; charset=utf-8"
    assert path.rsplit("/", 1)[-1] in turtle.text


@pytest.mark.parametrize(("suffix", "type_"), [
    ("html", "text/html; charset=utf-8"), ("json", "application/json"), ("csv", "text/csv; charset=utf-8"),
    ("ttl", "text/turtle; charset=utf-8"), ("jsonld", "application/ld+json"), ("nt", "application/n-triples"),
])  # fmt: skip
def test_a_suffix_chooses_the_form_of_a_reference_with_a_dot(client, suffix, type_):
    response = client.get(f"{PLAN}/action/2.10.{suffix}")
    assert response.status_code == 200
    assert response.content_type == type_
    assert "2.10" in response.text
    assert "action/2.1/" not in response.text


def test_2_1_and_2_10_are_two_actions(client):
    assert (
        client.get(f"{PLAN}/action/2.1.json").json["statement"]["label"]
        != (client.get(f"{PLAN}/action/2.10.json").json["statement"]["label"])
    )


@pytest.mark.parametrize(("path", "nearest"), [
    ("/hackney/org/safer-comunities", "hackney/org/safer-communities"),
    ("/hackney/place/dalton", "hackney/place/dalston"),
    ("/hackney/place/dalton.json", "hackney/place/dalston"),
])  # fmt: skip
def test_a_name_that_names_nothing_is_404_with_the_nearest(client, path, nearest):
    response = client.get(path, headers=HTML)
    assert response.status_code == 404
    assert f"nearest: {nearest}" in html.unescape(response.text)


@pytest.mark.parametrize("path", [
    f"{PLAN}/action/9.99", f"{PLAN}/action/2.5.odt", "/hackney/%00", "/hackney/%3Cscript%3E", "/id", "/../../etc",
])  # fmt: skip
def test_an_address_of_nothing_is_404(client, path):
    assert client.get(path).status_code == 404


def test_a_form_that_does_not_exist_is_406_and_says_what_exists(client):
    response = client.get(f"{PLAN}/action/2.5/lead/1.csv")
    assert response.status_code == 406
    assert ".json" in response.text
    assert client.get(f"{PLAN}/action/2.5", headers={"Accept": "image/png"}).status_code == 406


def test_the_turtle_of_a_thing_holds_its_statements(client):
    text = client.get(f"{PLAN}/action/2.5.ttl").text
    assert "action/2.5/lead/4>" in text
    assert '"Police/Licensing"' in text


def test_a_cell_lists_every_fact_read_from_it(client):
    data = client.get(f"{CELL}.json").json
    assert (data["cell"]["line"], data["cell"]["column"]) == (42, "activity")
    kinds = [fact["kind"] for fact in data["facts"]]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"Action": 1, "Step": 6, "Mention": 3, "Initiative": 1}
    assert [cell["name"] for cell in data["line_beside"]] == [
        "2015-2016", "2016-2017", "2017-2018", "expected-outcome", "lead-partners", "ref-no",
    ]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(client.get(f"{CELL}.csv").data.decode("utf-8-sig"))))
    assert len(rows) == len(kinds)


def test_the_words_of_a_cell_are_held_only_with_the_document(client, client_with_words, source):
    assert "Held only in a graph built with the document." in client.get(CELL, headers=HTML).text
    line = source.read_text("utf-8").split("\n")[41]
    words = client_with_words.get(f"{CELL}.json").json["cell"]["source"]["words"]
    assert words.split()[0] in line
    assert html.escape(words.split("\n")[0][:30]) in client_with_words.get(CELL, headers=HTML).text


def test_a_lead_says_what_it_belongs_to_and_what_is_said_of_it(client):
    data = client.get(f"{PLAN}/action/2.2/lead/1.json").json
    assert data["kind"] == "Lead"
    assert data["belongs_to"][0]["name"] == "Hackney Community Safety Plan 2015-18"
    assert data["belongs_to"][-1]["name"].startswith("2.2 ")
    said = {one["name"]: [value["name"] for value in one["values"]] for one in data["properties"]}
    assert said == {"partner": ["Metropolitan Police Service"], "role": ["Principal lead"], "order": ["1"]}
    assert [(one["name"], one["values"][0]["name"][:3]) for one in data["pointing"]] == [("lead of", "2.2")]


def test_the_many_that_lead_to_a_thing_are_limited_and_counted(client):
    data = client.get("/hackney/source/6935b8e2.json").json
    cells = next(one for one in data["pointing"] if one["name"] == "cells")
    assert cells["total"] > 300
    assert len(cells["values"]) == 50
    text = client.get("/hackney/source/6935b8e2", headers=HTML).text
    assert f"The first 50 of {cells['total']} are shown." in text


def test_a_restated_reading_keeps_its_note_and_figures(client):
    path = f"{PLAN}/sp/1/dp/1/indicator/gun-discharges/reading/2015-2016-vs-2012-2013"
    data = client.get(f"{path}.json").json
    said = {one["name"]: [value["name"] for value in one["values"]] for one in data["properties"]}
    assert said["target"] == ["-20"]
    assert said["base year"] == ["2012/13"]
    assert data["statement"]["certainty"] == "Inferred"
    assert data["statement"]["note"] in html.unescape(client.get(path, headers=HTML).text)


def test_dalston_is_in_hackney_and_at_three_actions(client):
    data = client.get("/hackney/place/dalston.json").json
    assert [thing["name"] for thing in data["lies_in"]] == ["Hackney"]
    assert [row["ref"] for row in data["rows"] if row["kind"] == "action"] == ["2.1", "2.7", "4.11"]
    assert {one["statement"]["printed"] for one in data["occurrences"]} == {"Dalston"}
    lines = {one["statement"]["sources"][0]["label"] for one in data["occurrences"]}
    assert {"line 36, activity", "line 46, activity", "line 99, activity"} <= lines


def test_an_initiative_says_who_runs_it_or_that_nobody_is_stated(client):
    makesafe = client.get("/hackney/initiative/operation-makesafe.json").json
    assert len(makesafe["run_by"]) == 2
    assert {one["element"]["name"][:3] for one in makesafe["occurrences"]} >= {"2.5"}
    text = client.get("/hackney/initiative/neighbourhood-watch", headers=HTML).text
    assert "not stated" in text


def test_the_scope_is_carried_from_page_to_page(client):
    text = client.get("/hackney/place/dalston?year=2015/16", headers=HTML).text
    assert f"{PLAN}/action/2.7?year=2015/16" in html.unescape(text)


def test_linked_data_says_the_same_as_the_page(client):
    graph = json.loads(client.get(f"{PLAN}/action/4.5.jsonld").data)
    assert any(PLAN in node.get("@id", "") for node in graph)


@pytest.mark.parametrize("path", ["%09/evil.example", "%0a/evil.example", "/evil.example", "%5C%5Cevil.example"])
def test_no_address_of_a_thing_leads_to_another_host(client, path):
    answer = client.get(f"/id/{path}")
    assert answer.status_code in (308, 404)
    assert "evil.example" not in answer.headers.get("Location", "").split("/id/")[0]
