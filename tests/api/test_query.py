"""The query page: a plain form that answers with labels, links and bars, raw, and as files; the same at `/sparql`."""

import csv
import io
import json
import re
from html import unescape

import pytest
from openpyxl import load_workbook

from api import query as query_page
from api.turns import Turns
from kg.errors import QueryLimit, QueryTimeout
from kg.questions import load_questions

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
LEADS = """
PREFIX plan: <https://w3id.org/plangraph/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?partner ?partner_iri (COUNT(DISTINCT ?action) AS ?actions) {
  ?action plan:leadPartner ?partner_iri . ?partner_iri skos:prefLabel ?partner
} GROUP BY ?partner ?partner_iri ORDER BY DESC(?actions) ?partner
"""
GRAPHS = {"default-graph-uri": ["urn:a", "urn:b"], "named-graph-uri": "urn:c"}


@pytest.fixture(params=["/query", "/sparql"])
def get(request, client):
    """Ask for the page at either of its addresses."""

    def ask(**parameters):
        return client.get(request.param, query_string=parameters, headers={"Accept": BROWSER})

    return ask


def test_without_a_query_it_is_a_form_with_an_example(get, pool):
    for answer in (get(), get(query=""), get(query=" ", other="x")):
        assert (answer.status_code, answer.mimetype) == (200, "text/html")
        assert '<label class="govuk-label" for="query">' in answer.text
        assert "PREFIX plan:" in answer.text
    assert pool.asked == []


def test_both_addresses_show_the_same_page(client):
    pages = [
        client.get(path, query_string={"query": LEADS}, headers={"Accept": BROWSER}).text
        for path in ("/query", "/sparql")
    ]
    same = [
        re.sub(r'data-nonce="[^"]*"|class="govuk-width-container" method="get" action="/(query|sparql)"', "", page)
        for page in pages
    ]
    assert same[0] == same[1]


@pytest.mark.parametrize("name", ["who-leads-an-action", "Q03"])
def test_an_example_of_the_catalogue_fills_the_form_and_is_not_run(get, pool, name):
    answer = get(example=name)
    assert "plan:hasLead ?lead" in answer.text
    assert pool.asked == []


def test_every_question_is_an_example_that_runs_as_it_stands(client):
    page = client.get("/query", headers={"Accept": BROWSER}).text
    assert set(re.findall(r'<option value="([a-z-]+)"', page)) >= set(load_questions())
    for name in load_questions():
        filled = client.get("/query", query_string={"example": name}, headers={"Accept": BROWSER}).text
        query = unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", filled, re.DOTALL)[1])
        assert client.get("/sparql", query_string={"query": query}).status_code == 200, name


def test_an_example_that_there_is_not_is_404_with_the_nearest(get):
    answer = get(example="who-leads-an-acton")
    assert answer.status_code == 404
    assert "who-leads-an-action" in answer.text


def test_things_are_shown_by_their_names_and_lead_to_their_pages(get):
    answer = get(query=LEADS)
    assert "32 rows" in answer.text
    assert '<a class="govuk-link" href="/hackney/org/safer-communities">Safer Communities</a>' in answer.text
    assert "partner iri" not in answer.text
    by_address = get(query="SELECT ?a { VALUES ?a { <https://w3id.org/plangraph/id/org/metropolitan-police> } }").text
    assert '<a class="govuk-link" href="/org/metropolitan-police">Metropolitan Police Service</a>' in by_address


def test_terms_and_codes_lead_to_the_vocabulary_and_foreign_addresses_are_shortened(get):
    plan = "https://w3id.org/plangraph/"
    page = get(
        query=f"SELECT ?a {{ VALUES ?a {{ <{plan}ns#Lead> <{plan}code#status-tbc> <http://purl.org/dc/terms/x> }} }}"
    )
    assert 'href="/ns#Lead">Lead</a>' in page.text
    assert 'href="/code#status-tbc">To be confirmed</a>' in page.text
    assert 'href="http://purl.org/dc/terms/x">dcterms:x</a>' in page.text


def test_an_address_that_no_browser_may_follow_is_no_link(get):
    assert 'href="javascript' not in get(query="SELECT ?a { VALUES ?a { <javascript:alert(1)> } }").text


def test_one_column_of_numbers_has_bars_in_proportion(get):
    text = get(query=LEADS).text
    assert "a bar repeats each number of the column actions" in text
    widths = [float(width) for width in re.findall(r'<rect width="([0-9.]+)"', text)]
    assert (len(widths), widths[0]) == (32, 100.0)
    assert widths[1] == pytest.approx(100 * 17 / 19, abs=0.1)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?n { VALUES ?n { 1 2 } }",
        'SELECT ?w ?n { VALUES (?w ?n) { ("a" -1) ("b" 2) } }',
        'SELECT ?w ?n { VALUES (?w ?n) { ("a" 0) ("b" 0) } }',
        'SELECT ?w ?n ?m { VALUES (?w ?n ?m) { ("a" 1 1) ("b" 2 2) } }',
        'SELECT ?w ?n { VALUES (?w ?n) { ("a" 1) } }',
    ],
)
def test_where_bars_say_nothing_there_are_none(get, query):
    answer = get(query=query)
    assert answer.status_code == 200
    assert "<rect" not in answer.text


def test_query_and_answer_are_shown_as_text(get):
    answer = get(query='SELECT ("<b>&7</b>" AS ?n) ?no { FILTER("</textarea><script>" != "") }')
    assert answer.status_code == 200
    assert "<script>" not in answer.text
    assert "&lt;/textarea&gt;" in answer.text
    assert ">&lt;b&gt;&amp;7&lt;/b&gt;</td>" in answer.text
    assert "not stated" in answer.text


def test_truth_values_and_graphs_are_shown(get):
    assert "Yes (true)" in get(query="ASK {}").text
    assert "&lt;urn:s&gt;" in get(query="CONSTRUCT { <urn:s> <urn:p> <urn:o> } {}").text


def test_nothing_found_is_said(get):
    assert "Nothing in the graph fits" in get(query="SELECT ?s { ?s <urn:p> ?o }").text


def test_the_raw_view_is_what_the_protocol_answers(get, client):
    text = get(query=LEADS, view="raw").text
    shown = json.loads(unescape(re.search(r"<pre[^>]*>(.*?)</pre>", text, re.DOTALL)[1]))
    assert shown == client.get("/sparql", query_string={"query": LEADS}).json


def test_a_view_that_there_is_not_is_refused(get, pool):
    answer = get(query=LEADS, view="pie")
    assert (answer.status_code, pool.asked) == (400, [])
    assert "table, raw" in answer.text


def test_limits_are_stated_and_a_cut_is_flagged(get):
    answer = get(query="SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 1200")
    assert "stopped after 10 seconds" in answer.text
    assert "1,200 rows" in answer.text
    assert answer.text.count('<tr class="govuk-table__row">') == 500 + 1
    assert "Cut short here: the first 500 of 1,200 rows are shown" in answer.text
    assert "Cut short" in get(query="SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 1200", view="raw").text
    assert "Cut short" in get(query="CONSTRUCT WHERE { ?s ?p ?o }").text


def test_a_wide_answer_is_cut_to_columns_and_cells_and_says_so(get):
    names = " ".join(f"?v{place}" for place in range(600))
    answer = get(query=f"SELECT {names} {{ ?s ?p ?o }} LIMIT 500")
    assert "the first 100 of 500 rows and the first 100 of 600 columns are shown" in answer.text
    assert answer.text.count("<td ") == 10_000


def test_names_are_asked_only_for_what_is_shown(get, store):
    shown, hidden = "https://w3id.org/plangraph/id/org/hackney-council", "https://w3id.org/plangraph/id/org/unseen"
    unseen = " ".join(f"(<{hidden}> AS ?h{place})" for place in range(100))
    fillers = " ".join(f"?v{place}" for place in range(99))
    assert get(query=f"SELECT (<{shown}> AS ?a) {fillers} {unseen} {{}}").status_code == 200
    asked = " ".join(query["sparql"] for query in store.asked)
    assert shown in asked
    assert hidden not in asked


def test_the_raw_view_is_cut_before_it_is_read(get):
    text = get(query='SELECT ("\u00e9" AS ?n) ?s ?p ?o { ?s ?p ?o } LIMIT 1200', view="raw").text
    shown = unescape(re.search(r"<pre[^>]*>(.*?)</pre>", text, re.DOTALL)[1])
    assert 99_990 <= len(shown.encode()) <= 100_000


@pytest.mark.parametrize("view", ["table", "raw"])
def test_an_answer_too_large_to_read_here_is_refused_with_where_it_can_be_had(get, view):
    answer = get(query="SELECT ?s ?p ?o { ?s ?p ?o . ?a ?b ?c } LIMIT 60000", view=view)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")
    assert "larger than 5,242,880 bytes" in answer.text
    assert ".json, .xml and .tsv, and /sparql, hold up to 50 MB" in answer.text


def test_when_too_many_answers_are_being_shown_the_next_one_is_told_to_come_back(get, client, monkeypatch):
    turns = Turns(size=1, waiting=0, patience=0)
    monkeypatch.setattr(query_page, "TURNS", turns)
    with turns.taken():
        for answer in (get(query="ASK {}"), client.get("/query.csv", query_string={"query": "ASK {}"})):
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert client.get("/query.json", query_string={"query": "ASK {}"}).status_code == 200
    assert get(query="ASK {}").status_code == 200


@pytest.mark.parametrize(
    ("words", "kind"), [("abc", "integer"), ("", "decimal"), ("INF", "double"), ("NaN", "float"), ("1e999", "double")]
)
def test_what_is_no_number_is_shown_as_it_is_written(get, words, kind):
    answer = get(query=f'SELECT ("{words}"^^<http://www.w3.org/2001/XMLSchema#{kind}> AS ?x) {{}}')
    assert answer.status_code == 200
    assert "1 row" in answer.text
    assert "app-number" not in answer.text


def test_bars_of_the_largest_numbers_there_are_stay_in_proportion(get):
    text = get(query='SELECT ?w ?n { VALUES (?w ?n) { ("a" 1e308) ("b" 5e307) } }').text
    assert re.findall(r'<rect width="([^"]*)"', text) == ["100.0", "50.0"]


def test_a_post_is_answered_too_and_the_dataset_kept(client):
    answer = client.post("/sparql", data={"query": "ASK {}", **GRAPHS}, headers={"Accept": BROWSER})
    assert answer.status_code == 200
    assert 'name="default-graph-uri" value="urn:b"' in answer.text
    shared = unescape(re.search(r'href="([^"]*)#answer">Raw', answer.text)[1])
    assert "default-graph-uri=urn%3Ab" in shared


def test_the_link_to_share_gives_the_same_answer(client):
    page = client.get("/query", query_string={"query": LEADS}, headers={"Accept": BROWSER}).text
    shared = unescape(re.search(r'href="([^"]*)">Link to this answer', page)[1])
    assert shared.startswith("http://localhost/query?")
    assert "32 rows" in client.get(shared, headers={"Accept": BROWSER}).text


def test_it_says_why_a_query_was_not_answered_and_keeps_it(get, pool):
    pool.failure = QueryTimeout("Stopped after 10 seconds.")
    answer = get(query="SELECT ?kept {}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (504, "no-store")
    assert "Stopped after 10 seconds." in answer.text
    assert "SELECT ?kept {}" in answer.text


def test_a_wrong_query_is_told_where_it_is_wrong(get):
    answer = get(query="SELECT ?s WHERE")
    assert answer.status_code == 400
    assert "line 1, column" in answer.text


def test_two_queries_at_once_are_refused_on_the_page(client):
    answer = client.get("/query?query=ASK{}&query=ASK{}", headers={"Accept": BROWSER})
    assert (answer.status_code, "send one" in answer.text) == (400, True)


def test_only_styles_with_this_pages_nonce_are_let_in(get):
    first, second = get(), get()
    nonces = [re.search(r'data-nonce="([\w-]{20,})"', page.text)[1] for page in (first, second)]
    assert nonces[0] != nonces[1]
    assert f"style-src 'self' 'nonce-{nonces[0]}'" in first.headers["Content-Security-Policy"]
    assert first.headers["Cache-Control"] == "no-store"


def test_the_editor_is_told_where_the_vocabulary_is(client):
    page = client.get("/query", headers={"Accept": BROWSER}).text
    known = client.get(re.search(r'data-vocabulary="([^"]+)"', page)[1]).json
    assert known["prefixes"]["plan"] == "https://w3id.org/plangraph/ns#"
    assert {"plan:hasLead", "plan:Action", "code:status-tbc", "dcterms:isPartOf"} <= {
        term["name"] for term in known["terms"]
    }


# --- files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["json", "xml", "tsv"])
def test_a_file_is_what_the_protocol_answers(client, form):
    types = {
        "json": "application/sparql-results+json",
        "xml": "application/sparql-results+xml",
        "tsv": "text/tab-separated-values",
    }
    exact = client.get("/sparql", query_string={"query": LEADS}, headers={"Accept": types[form]})
    answer = client.get(f"/query.{form}", query_string={"query": LEADS})
    assert (answer.status_code, answer.mimetype, answer.data) == (200, types[form], exact.data)


def test_spreadsheets_hold_every_row_and_no_formula(client):
    query = 'SELECT ?w ?n { VALUES (?w ?n) { ("=1+1" 7) ("+73%*" UNDEF) } }'
    text = client.get("/query.csv", query_string={"query": query}).data.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [["w", "n"], ["'=1+1", "7"], ["'+73%*", "not stated"]]
    book = load_workbook(io.BytesIO(client.get("/query.xlsx", query_string={"query": query}).data))
    assert list(book.active.values) == [("w", "n"), ("'=1+1", 7), ("'+73%*", "not stated")]
    everything = "SELECT ?s { ?s ?p ?o } LIMIT 1200"
    assert client.get("/query.csv", query_string={"query": everything}).text.count("\r\n") == 1 + 1200


@pytest.mark.parametrize(
    ("form", "variables", "rows", "instead"),
    [("xlsx", 100, 1000, "Take .csv"), ("xlsx", 17_000, 1, "Take .csv"), ("csv", 600, 1700, ".tsv, and /sparql")],
)
def test_a_spreadsheet_of_too_many_cells_is_refused_with_what_to_take_instead(client, form, variables, rows, instead):
    names = " ".join(f"?v{place}" for place in range(variables))
    query = f"SELECT {names} {{ ?s ?p ?o }} LIMIT {rows}"
    address = {"path": f"/query.{form}", "query_string": {"query": query}}
    with client.application.test_request_context(**address), pytest.raises(QueryLimit, match=re.escape(instead)):
        query_page.file(form)


def test_yes_and_no_are_spreadsheets_too(client):
    answer = client.get("/query.csv", query_string={"query": "ASK {}"})
    assert answer.data.decode("utf-8-sig").splitlines()[0] == "answer"


def test_a_graph_is_a_file_in_the_forms_of_graphs(client):
    construct = "CONSTRUCT { <urn:s> <urn:p> <urn:o> } {}"
    answer = client.get("/query.nt", query_string={"query": construct})
    assert (answer.mimetype, answer.text) == ("application/n-triples", "<urn:s> <urn:p> <urn:o> .\n")
    refused = client.get("/query.csv", query_string={"query": construct})
    assert (refused.status_code, ".ttl, .nt" in refused.json["detail"]) == (406, True)
    assert client.get("/query.ttl", query_string={"query": LEADS}).status_code == 406


def test_a_file_without_a_query_is_refused(client, pool):
    assert client.get("/query.csv").status_code == 400
    assert pool.asked == []
