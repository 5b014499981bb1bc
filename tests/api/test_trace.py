"""The page of traces: its list, its picture and its table say the same, and any input gets an answer."""

import csv
import html
import io
import re
from collections.abc import Iterator
from contextlib import closing
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from api import create_app
from api.current import CurrentStore
from kg.build import build
from kg.graph.store import LocalStore
from kg.settings import Settings
from tests.api.conftest import Watched
from tests.conftest import tiny_data

HTML = {"Accept": "text/html"}
HOSTILE = "<img src=x onerror=alert(1)> href"


def asked(client, **given):
    answer = client.get("/trace.json", query_string=given)
    assert answer.status_code == 200, answer.text
    return answer.json


def walked(hops):
    for hop in hops:
        yield hop
        yield from walked(hop["hops"])


def drawn(page):
    """The IRIs of the boxes of the picture on a page, and the two ends of every line."""
    svg = ElementTree.fromstring(re.search(r'<svg [^>]*class="app-drawing".*?</svg>', page, re.DOTALL)[0])  # noqa: S314  our own page
    boxes = [one.get("data-key") for one in svg.iter() if one.get("class") == "app-box"]
    lines = [(one.get("data-a"), one.get("data-b")) for one in svg.iter() if one.get("class") == "app-line"]
    assert len(set(boxes)) == len(boxes)
    assert len(set(lines)) == len(lines)
    return {key.rpartition(" ")[2] for key in boxes}, set(lines)


def test_the_page_without_a_choice_shows_an_example_and_says_so(client):
    page = client.get("/trace", headers=HTML)
    assert page.status_code == 200
    assert "An example, because nothing was chosen yet." in page.text
    found = client.get("/trace.json").json
    assert found["is_example"]
    assert found["traces"]


def test_a_trace_in_and_one_out_name_the_words_year_and_cell_of_every_hop(client):
    out, into = asked(client, **{"from": "2.11"})["traces"]
    assert (out["direction"], into["direction"]) == ("out", "in")
    [hop] = into["hops"]
    assert hop["thing"]["name"].startswith("2.2 ")
    [fact] = hop["link"]["facts"]
    assert (fact["kind"], fact["words"], fact["source"]) == ("see also", "see also 2.11 below", "line 37, activity")
    assert fact["plan_name"] == "Hackney Community Safety Plan 2015-18"


def test_list_picture_table_csv_workbook_and_json_show_the_same_things(client):
    given = {"from": "2.2", "direction": "out"}
    [trace] = asked(client, **given)["traces"]
    things = {hop["thing"]["iri"] for hop in walked(trace["hops"])}
    facts = [fact for hop in walked(trace["hops"]) for fact in hop["link"]["facts"]]
    page = client.get("/trace", query_string=given, headers=HTML).text
    listed = page[page.index('id="trace-of-out"') : page.index('id="picture"')]
    assert len(re.findall("<li>\n", listed)) == len(things)
    boxes, lines = drawn(page)
    start = trace["start"]["iri"]
    assert boxes == {start, *things}
    assert lines == {
        tuple(end if end == start else f"out {end}" for end in (hop["link"]["one"]["iri"], hop["link"]["other"]["iri"]))
        for hop in walked(trace["hops"])
    }
    assert page[page.index('id="facts"') :].count('<th scope="row"') == len(facts)
    sheet = list(csv.DictReader(io.StringIO(client.get("/trace.csv", query_string=given).data.decode("utf-8-sig"))))
    assert len(sheet) == len(facts)
    assert {row["to"] for row in sheet} == {hop["thing"]["name"] for hop in walked(trace["hops"])}
    book = load_workbook(io.BytesIO(client.get("/trace.xlsx", query_string=given).data)).active
    assert book.max_row == len(facts) + 1


def test_only_words_of_the_document_stand_in_quotation_marks(client):
    given = {"from": "Partnership Tasking", "direction": "in"}
    [trace] = asked(client, **given)["traces"]
    facts = [fact for hop in trace["hops"] for fact in hop["link"]["facts"]]
    ours = {fact["words"] for fact in facts if fact["wording"] == "in our words"}
    printed = {fact["words"] for fact in facts if fact["wording"] == "as printed"}
    assert ours
    assert printed
    page = client.get("/trace", query_string=given, headers=HTML).text
    quoted = {html.unescape(words) for words in re.findall(r'<q class="app-printed">([^<]*)</q>', page)}
    assert printed <= quoted
    assert not ours & quoted
    assert all(f'{html.escape(words)} <span class="app-source">(in our words)' in page for words in ours)


def test_a_section_is_traced_by_its_address_and_its_plan_by_its_name(client):
    section = asked(client, **{"from": "hackney/plan/vawg-strategy/section/4bi", "direction": "in"})
    plan = asked(client, **{"from": "VAWG Strategy", "direction": "in"})
    names = [[hop["thing"]["name"] for hop in one["traces"][0]["hops"]] for one in (section, plan)]
    assert names == [["2.5 Sexual assaults in the night time economy"]] * 2
    assert section["start"]["kind"] == "section"


def test_ways_between_two_things_are_shown_with_every_fact(client):
    found = asked(client, **{"from": "2.2", "to": "VAWG Strategy"})
    assert found["traces"] == []
    assert {len(way) for way in found["paths"]["ways"]} == {3}
    page = client.get("/trace", query_string={"from": "2.2", "to": "VAWG Strategy"}, headers=HTML).text
    assert "From 2.2 Action against violence on Friday and Saturday nights to VAWG Strategy" in page
    assert page.count("Way ") >= len(found["paths"]["ways"])
    none = client.get("/trace", query_string={"from": "2.2", "to": "Pub Watch", "direction": "in"}, headers=HTML)
    assert "Nothing leads from the one to the other in this direction." in none.text


def test_the_scope_narrows_what_is_followed(client):
    whole = asked(client, **{"from": "YJ plan", "direction": "in"})["traces"][0]
    year = asked(client, **{"from": "YJ plan", "direction": "in", "year": "2017/18"})["traces"][0]
    led = asked(client, **{"from": "YJ plan", "direction": "in", "partner": "IGU"})["traces"][0]
    assert {fact["year"] for hop in year["hops"] for fact in hop["link"]["facts"]} == {"2017/18"}
    assert [hop["thing"]["name"].split(" ")[0] for hop in led["hops"]] == ["1.1"]
    assert whole["reached"] == 3
    assert asked(client, **{"from": "YJ plan", "plan": "Gangs Action Plan"})["traces"][0]["reached"] == 0


def test_a_depth_of_a_million_ends(client):
    found = asked(client, **{"from": "2.2", "depth": "1000000"})
    assert [trace["cut"] for trace in found["traces"]] == [None, None]
    one = asked(client, **{"from": "2.2", "depth": "1", "direction": "out"})["traces"][0]
    assert one["cut"] == "It goes on beyond 1 hop."


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        ({"from": "Youth Justise Plan"}, 404, "Youth Justice Plan"),
        ({"from": "99.9"}, 404, "99.9"),
        ({"from": "2.2", "to": "nobody at all"}, 404, "nobody at all"),
        ({"from": "2.2", "depth": "0"}, 400, "1 hop or more"),
        ({"from": "2.2", "depth": "-3"}, 400, "whole number"),
        ({"from": "2.2", "depth": "deep"}, 400, "whole number"),
        ({"from": "2.2", "depth": "9" * 30}, 400, "whole number"),
        ({"from": "2.2", "direction": "sideways"}, 400, "out, in, both"),
        ({"form": "2.2"}, 400, "from"),
    ],
)
def test_bad_input_is_answered_with_what_would_work(client, given, status, sentence):
    answer = client.get("/trace.json", query_string=given)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert sentence in answer.json["detail"]


def test_hostile_words_are_shown_as_words(client):
    words = '<img src=x onerror="alert(1)"> href'
    answer = client.get("/trace", query_string={"from": words}, headers=HTML)
    assert answer.status_code == 404
    assert "<img src=x" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/hackney/plan/community-safety-plan-2015-18/action/2.5", "/hackney/plan/youth-justice-plan",
        "/hackney/org/hackney-housing", "/hackney/plan/vawg-strategy/section/4bi", "/hackney/place/dalston",
        "/hackney/initiative/operation-makesafe", "/hackney/plan/community-safety-plan-2015-18/sp/1/dp/1",
        "/hackney/plan/community-safety-plan-2015-18/sp/1",
    ],
)  # fmt: skip
def test_the_page_of_a_thing_leads_to_its_trace(client, path):
    page = client.get(path, headers=HTML).text
    [link] = re.findall(r'href="(/trace\?from=[^"]+)">Trace<', page)
    answer = client.get(link, headers=HTML)
    assert answer.status_code == 200
    assert "An example" not in answer.text


def test_what_the_form_offers_can_be_traced(client):
    page = client.get("/trace", headers=HTML).text
    offered = re.findall(r'<option value="([^"]+)">', page[page.index("<datalist") :])
    assert len(offered) > 100
    assert len(offered) == len(set(offered))
    for words in map(html.unescape, offered[::12]):
        assert client.get("/trace.json", query_string={"from": words}).status_code == 200, words


@pytest.fixture
def hostile(tmp_path) -> Iterator[FlaskClient]:
    """The pages over the tiny plan, where an action is called by a tag that would run something."""
    data = tiny_data(tmp_path / "data")
    table = data / "plans/tinford/safety-plan-2023-25/actions.csv"
    table.write_text(table.read_text("utf-8").replace(",Stop and talk,", f",{HOSTILE},"), "utf-8")
    settings = Settings.read(environ={}, home=tmp_path / "home", data=data)
    snapshot = build(settings)
    with closing(CurrentStore(lambda: snapshot, LocalStore)) as store:
        yield create_app(settings, store, Watched(store)).test_client()


@pytest.mark.parametrize("address", ["/trace?from=2.1", "/trace?from=1.2", "/what-if?withdraw=Market+Wardens"])
def test_a_label_full_of_html_is_shown_as_words(hostile, address):
    page = hostile.get(address, headers=HTML)
    assert page.status_code == 200
    assert "onerror=alert(1)" in page.text
    assert "<img src=x" not in page.text
