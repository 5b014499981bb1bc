"""The map: page, matrix, JSON, named question and every file show the same partners and pairs."""

import csv
import io
import json
from urllib.parse import parse_qs, urlsplit

import networkx as nx
import pytest
from bs4 import BeautifulSoup

from kg.network import NAMES, SHARED
from kg.questions import ask

EACH_WAY = pytest.mark.parametrize(("names", "collective"), [(n, c) for n in NAMES for c in (False, True)])


@pytest.fixture
def client(app):
    return app.test_client()


def given(names, collective, **more):
    return {"names": names, **({"collective": "yes"} if collective else {}), **more}


def as_json(client, **words):
    answer = client.get("/map.json", query_string=words)
    assert answer.status_code == 200, answer.text
    return answer.json


def page_of(client, **words):
    answer = client.get("/map", query_string=words)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html.parser")


@EACH_WAY
def test_lines_of_the_map_are_the_pairs_of_the_matrix(client, names, collective):
    words = given(names, collective)
    said = as_json(client, **words)
    label = {node["key"]: node["label"] for node in said["nodes"]}
    lines = {
        (frozenset((label[edge["a"]], label[edge["b"]])), edge["weight"], " ".join(a["ref"] for a in edge["actions"]))
        for edge in said["edges"]
    }
    pairs = client.get("/shared.json", query_string=words).json["pairs"]
    assert lines == {
        (frozenset((pair["a"]["name"], pair["b"]["name"])), pair["shared"], pair["refs"]) for pair in pairs
    }
    assert lines


@EACH_WAY
def test_the_picture_the_tables_and_the_json_say_the_same(client, names, collective):
    words = given(names, collective)
    said, page = as_json(client, **words), page_of(client, **words)
    lines = {(frozenset((edge["a"], edge["b"])), edge["weight"]) for edge in said["edges"]}
    drawn = page.select("svg .app-line")
    assert {(frozenset((line["data-a"], line["data-b"])), int(line["data-n"])) for line in drawn} == lines
    rows = page.select("tr[data-a]")
    assert {
        (frozenset((row["data-a"], row["data-b"])), int(row.select_one(".app-number").text)) for row in rows
    } == lines
    boxes = {node["key"] for node in said["nodes"]}
    assert {box["data-key"] for box in page.select("svg .app-box")} == boxes
    assert {row["data-box"] for row in page.select("tr[data-box]")} == boxes
    assert {box["key"] for box in said["drawing"]["boxes"]} == boxes


def test_lines_of_the_map_are_what_the_named_question_answers(client, hackney):
    answer = ask(hackney.store, SHARED, hackney.names)
    asked = {(frozenset((row["a1_iri"], row["a2_iri"])), row["shared"]) for row in answer.records()}
    said = as_json(client)
    assert {(frozenset((edge["a"], edge["b"])), edge["weight"]) for edge in said["edges"]} == asked


def test_the_files_hold_the_same_network(client):
    said = as_json(client)
    pairs = {frozenset((edge["a"], edge["b"])): edge["weight"] for edge in said["edges"]}
    for form, read in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf)):
        network = read(io.BytesIO(client.get(f"/map.{form}").data))
        assert {frozenset(ends): weight for *ends, weight in network.edges(data="weight")} == pairs
        assert set(network) == {node["key"] for node in said["nodes"]}
    rows = list(csv.DictReader(io.StringIO(client.get("/map.csv").data.decode("utf-8-sig"))))
    assert sorted(int(row["shared"]) for row in rows) == sorted(pairs.values())
    svg, offline = client.get("/map.svg"), client.get("/map.offline.html")
    assert svg.mimetype == "image/svg+xml"
    assert svg.text.count('class="app-line"') == offline.text.count('class="app-line"') == len(pairs)
    assert client.get("/map.png").data.startswith(b"\x89PNG")
    assert "map.html" in offline.headers["Content-Disposition"]


def test_the_free_view_is_given_the_same_boxes_and_places(client):
    said = as_json(client)
    page = page_of(client, view="explore")
    held = json.loads(page.select_one("#explorable").text)
    assert {(node["id"], node["x"], node["y"]) for node in held["nodes"]} == {
        (box["key"], box["x"], box["y"]) for box in said["drawing"]["boxes"]
    }
    assert len(held["edges"]) == len(said["edges"])


def test_the_actions_have_a_line_to_each_of_their_leads(client):
    said = as_json(client, of="actions", collective="yes")
    assert len(said["edges"]) == 85
    assert len(said["nodes"]) == 32 + 49
    assert len(page_of(client, of="actions", collective="yes").select("svg .app-line")) == 85


# --- what leans on what ---------------------------------------------------------------------------

LEANS = pytest.mark.parametrize(
    "words",
    [{}, {"plan": "Hackney Community Safety Plan 2015-18"}, {"priority": "1"}, {"partner": "MPS"}, {"year": "2016/17"}],
)  # fmt: skip


def ends_of(edges):
    return {(edge["a"], edge["b"], edge["weight"]) for edge in edges}


@LEANS
def test_of_dependencies_the_picture_the_tables_and_the_json_say_the_same(client, words):
    said, page = as_json(client, of="dependencies", **words), page_of(client, of="dependencies", **words)
    lines = ends_of(said["edges"])
    leaning = {(a, b) for a, b, _ in lines}
    drawn = {(line["data-a"], line["data-b"], int(line["data-n"])) for line in page.select("svg .app-line")}
    # The others are the lines from a part to its whole.
    assert {line for line in drawn if line[:2] in leaning} == lines
    rows = {(row["data-a"], row["data-b"], row.select_one("[data-words]").text) for row in page.select("tr[data-a]")}
    assert rows == {(edge["a"], edge["b"], edge["words"]) for edge in said["edges"]}
    boxes = {node["key"] for node in said["nodes"]}
    assert {box["data-key"] for box in page.select("svg .app-box")} == boxes
    assert {box["key"] for box in said["drawing"]["boxes"]} == boxes
    assert lines


@pytest.mark.parametrize(("words", "given"), [({"partner": "MPS"}, {"partner": "MPS"}), ({"year": "2016/17"}, {})])
def test_dependencies_are_narrowed_to_what_was_chosen(client, hackney, words, given):
    said, whole = as_json(client, of="dependencies", **words), as_json(client, of="dependencies")
    assert {edge[:2] for edge in ends_of(said["edges"])} < {edge[:2] for edge in ends_of(whole["edges"])}
    if given:
        led = {row["ref_iri"] for row in ask(hackney.store, "every-lead", hackney.names, **given).records()}
        assert led <= {node["key"] for node in said["nodes"]}
        assert {edge["a"] for edge in said["edges"]} <= led


def test_dependencies_of_a_priority_are_those_of_its_parts(client):
    said = as_json(client, of="dependencies", priority="1")
    refs = {node["label"].split()[0] for node in said["nodes"] if node["kind"].startswith("action")}
    assert {f"1.{n}" for n in range(1, 11)} <= refs
    sources = {edge["a"] for edge in said["edges"]}
    assert all("/sp/1" in key or "/action/1." in key for key in sources)


def test_what_leans_and_what_is_leant_on_can_be_picked_out(client):
    page = page_of(client, of="dependencies", select="1.1", beside="Gangs Action Plan")
    told = page.select_one("#selected")
    assert "hidden" not in told.attrs
    assert "delivered through in 2016/17 and 2017/18" in told.text
    assert len(as_json(client, of="dependencies", select="Youth Justice Plan")["selected"]) == 1


def test_dependencies_have_a_free_view_with_the_same_boxes(client):
    said, page = as_json(client, of="dependencies"), page_of(client, of="dependencies", view="explore")
    held = json.loads(page.select_one("#explorable").text)
    assert {node["id"] for node in held["nodes"]} == {box["key"] for box in said["drawing"]["boxes"]}
    assert len(held["edges"]) == len(said["drawing"]["lines"])


def test_the_files_of_dependencies_hold_the_same_network(client):
    words = {"of": "dependencies"}
    said = as_json(client, **words)
    lines = ends_of(said["edges"])
    for form, read in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf)):
        network = read(io.BytesIO(client.get(f"/map.{form}", query_string=words).data))
        assert network.is_directed()
        assert {(a, b, weight) for a, b, weight in network.edges(data="weight")} == lines
        assert set(network) == {node["key"] for node in said["nodes"]}
    rows = list(csv.DictReader(io.StringIO(client.get("/map.csv", query_string=words).data.decode("utf-8-sig"))))
    assert sorted(int(row["n"]) for row in rows) == sorted(weight for *_, weight in lines)
    drawn = len(said["drawing"]["lines"])
    for form in ("svg", "offline.html"):
        assert client.get(f"/map.{form}", query_string=words).text.count('class="app-line') == drawn
    assert client.get("/map.png", query_string=words).data.startswith(b"\x89PNG")


# --- picking out ----------------------------------------------------------------------------------


def test_every_box_and_line_is_a_link_that_picks_it_out(client):
    page = page_of(client)
    for link in page.select("svg a"):
        address = urlsplit(link["href"])
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        said = as_json(client, **asked)
        wanted = [link["data-key"]] if link["class"] == ["app-box"] else [link["data-a"], link["data-b"]]
        assert sorted(said["selected"]) == sorted(wanted)
        assert link["aria-label"] == link.select_one("title").text
    assert len(page.select("svg a.app-box")) == 30


def test_what_was_picked_out_is_told_with_its_actions(client):
    page = page_of(client, select="Hackney Housing", beside="LBH Safer Communities")
    told = page.select_one("#selected")
    assert told.select_one("h2").text == "Hackney Housing and Safer Communities"
    assert [link.text for link in told.select("[data-actions] a")] == ["3.1", "3.2", "4.8", "4.15"]
    assert "hidden" not in told.attrs


@pytest.mark.parametrize("spelling", ["hackney housing", "hackney/org/hackney-housing", "Hackney Housing"])
def test_a_partner_is_found_in_any_spelling(client, spelling):
    assert as_json(client, select=spelling)["selected"] == ["https://w3id.org/plangraph/id/hackney/org/hackney-housing"]


def test_a_unit_is_found_in_the_body_it_is_rolled_up_to(client):
    said = as_json(client, names="rolled", select="Hackney Housing")
    assert said["selected"] == ["https://w3id.org/plangraph/id/hackney/org/london-borough-of-hackney"]


@pytest.mark.parametrize("words", [{"select": "Dalston"}, {"select": "Hackney Housing", "priority": "1"}])
def test_what_is_not_on_the_map_is_said_beside_it(client, words):
    found = as_json(client, **words)
    assert (found["selected"], found["nodes"] != []) == ([], True)
    assert found["missing"].startswith(f"“{words['select']}” is not on this map")


@pytest.mark.parametrize(
    "words",
    [
        {"select": "Nobody at all"}, {"select": '<img src=x onerror=alert(1)> href="'}, {"priority": "99"},
        {"theme": "nothing"},
    ],
)  # fmt: skip
def test_what_names_nothing_is_404_in_a_sentence(client, words):
    answer = client.get("/map.json", query_string=words)
    assert answer.status_code == 404
    assert answer.json["detail"]
    assert "<img" not in client.get("/map", query_string=words, headers={"Accept": "text/html"}).text


@pytest.mark.parametrize("words", [{"least": "many"}, {"of": "everything"}, {"view": "3d"}, {"names": "x"}, {"x": "1"}])
def test_a_wrong_choice_is_400_in_a_sentence(client, words):
    answer = client.get("/map.json", query_string=words)
    assert answer.status_code == 400
    assert answer.json["detail"]


def test_a_scope_in_which_nobody_leads_says_so(client):
    page = page_of(client, plan="Youth Justice Plan")
    assert "Nobody leads an action in this scope" in page.text
    assert client.get("/map.svg?plan=Youth+Justice+Plan").status_code == 200
    assert client.get("/map.png?plan=Youth+Justice+Plan").status_code == 200


def test_a_body_that_leads_nothing_has_an_empty_map(client):
    assert as_json(client, partner="Mayor of Hackney")["nodes"] == []


def test_a_million_shared_actions_is_more_than_there_are(client):
    assert as_json(client, least="1000000")["edges"] == []


# --- narrowing ------------------------------------------------------------------------------------


def test_a_priority_leaves_the_leads_of_its_actions(client):
    said = as_json(client, priority="3")
    refs = {action["ref"] for node in said["nodes"] for action in node["actions"]}
    assert refs == {"3.1", "3.2", "3.3", "3.4", "3.5", "3.6"}


def test_a_partner_in_the_scope_leaves_the_actions_it_leads(client):
    said = as_json(client, partner="Hackney Housing")
    refs = {action["ref"] for node in said["nodes"] for action in node["actions"]}
    assert refs == {"3.1", "3.2", "4.8", "4.15"}
    assert {node["label"] for node in said["nodes"]} == {
        "Hackney Housing", "Safer Communities", "Metropolitan Police Service", "Registered Landlords",
    }  # fmt: skip
