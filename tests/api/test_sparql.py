"""`/sparql` keeps the SPARQL 1.1 Protocol; each test names the clause or the habit it proves."""

import pytest

from kg.errors import QueryRefused, QueryTimeout, WorkerBusy

SELECT = "SELECT ?n { VALUES ?n { 7 } }"
CONSTRUCT = "CONSTRUCT { <urn:s> <urn:p> <urn:o> } {}"
ASK = "ASK { ?s ?p ?o }"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"


def get(client, accept="*/*", **parameters):
    return client.get("/sparql", query_string=parameters, headers={"Accept": accept})


# --- the three operations -------------------------------------------------------------------------


def test_get_asks_the_query_parameter(client, pool):
    answer = get(client, query=SELECT)
    assert answer.status_code == 200
    assert answer.content_type == "application/sparql-results+json"
    assert pool.asked[0]["sparql"] == SELECT


def test_post_of_a_form_asks_the_query_field(client, pool):
    answer = client.post("/sparql", data={"query": SELECT})
    assert answer.status_code == 200
    assert pool.asked[0]["sparql"] == SELECT


def test_post_of_a_query_asks_the_body(client, pool):
    query = 'SELECT ?n { ?n ?p "Łódź" }'
    answer = client.post("/sparql", data=query.encode(), content_type=f"{QUERY}; charset=UTF-8")
    assert answer.status_code == 200
    assert pool.asked[0]["sparql"] == query


def test_queries_from_outside_never_reach_the_store_in_this_process(client, store, pool):
    get(client, query=SELECT)
    get(client, accept="text/html", query=SELECT)
    assert [asked["sparql"] for asked in pool.asked] == [SELECT, SELECT]
    assert SELECT not in [asked["sparql"] for asked in store.asked]


def test_head_is_get_without_the_body(client):
    answer = client.head("/sparql", query_string={"query": SELECT})
    assert (answer.status_code, answer.data) == (200, b"")


# --- the dataset ----------------------------------------------------------------------------------

GRAPHS = {"default-graph-uri": ["urn:a", "urn:b"], "named-graph-uri": "urn:c"}


@pytest.mark.parametrize("how", ["get", "form", "query"])
def test_the_dataset_of_the_protocol_reaches_the_store(client, pool, how):
    if how == "get":
        client.get("/sparql", query_string={"query": SELECT, **GRAPHS})
    elif how == "form":
        client.post("/sparql", data={"query": SELECT, **GRAPHS})
    else:
        client.post("/sparql", query_string=GRAPHS, data=SELECT, content_type=QUERY)
    assert pool.asked[0]["default_graphs"] == ("urn:a", "urn:b")
    assert pool.asked[0]["named_graphs"] == ("urn:c",)


@pytest.mark.parametrize("graph", ["relative", "urn:a b", "urn:a> . <urn:b"])
def test_a_graph_that_is_no_absolute_iri_is_refused(client, pool, graph):
    assert get(client, query=SELECT, **{"default-graph-uri": graph}).status_code == 400
    assert pool.asked == []


# --- what is refused ------------------------------------------------------------------------------


def test_a_query_twice_is_refused(client, pool):
    assert client.get("/sparql?query=ASK{}&query=ASK{}").status_code == 400
    assert client.post("/sparql?query=ASK{}", data="ASK{}", content_type=QUERY).status_code == 400
    assert client.post("/sparql?query=ASK{}", data={"query": ASK}).status_code == 400
    assert pool.asked == []


def test_a_request_without_a_query_is_refused(client):
    assert client.post("/sparql", data={"other": "x"}).status_code == 400
    assert client.get("/sparql?default-graph-uri=urn:a").status_code == 400


def test_updates_are_refused(client):
    update = "DELETE WHERE { ?s ?p ?o }"
    answer = client.post("/sparql", data={"update": update})
    assert (answer.status_code, "no updates" in answer.json["detail"]) == (400, True)
    assert client.post("/sparql", data=update, content_type="application/sparql-update").status_code == 415


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", ""])
def test_a_body_of_another_type_is_415(client, content_type):
    assert client.post("/sparql", data=SELECT, content_type=content_type).status_code == 415


def test_a_body_in_another_encoding_is_refused(client):
    assert client.post("/sparql", data=SELECT.encode("utf-16"), content_type=QUERY).status_code == 400
    utf16 = f"{QUERY}; charset=utf-16"
    assert client.post("/sparql", data=SELECT.encode("utf-16"), content_type=utf16).status_code == 415
    packed = client.post("/sparql", data=b"x", content_type=QUERY, headers={"Content-Encoding": "gzip"})
    assert packed.status_code == 415


def test_broken_percent_encoding_is_refused_and_not_mended(client, pool):
    assert client.get("/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%22%ff%22%20%7D").status_code == 400
    assert pool.asked == []


def test_a_body_over_the_cap_is_413(client, pool):
    for body, content_type in ((b"ASK{}" + b" " * 300_000, QUERY), (b"query=ASK{}" + b"+" * 300_000, FORM)):
        assert client.post("/sparql", data=body, content_type=content_type).status_code == 413
    assert pool.asked == []


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_405_and_told_which_there_are(client, method):
    answer = getattr(client, method)("/sparql")
    assert answer.status_code == 405
    assert {"GET", "HEAD", "POST", "OPTIONS"} == set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize(
    ("failure", "status"),
    [(QueryRefused("SERVICE is not answered here."), 400), (QueryTimeout("Stopped after 10 s."), 504)],
)
def test_what_the_store_refuses_is_told_in_its_words(client, pool, failure, status):
    pool.failure = failure
    answer = get(client, query=SELECT)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.json["detail"] == str(failure)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_busy_pool_says_when_to_come_back(client, pool):
    pool.failure = WorkerBusy("All workers are busy.")
    answer = get(client, query=SELECT)
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (503, True)


# --- content negotiation --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/csv;q=0.1, text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
    ],
)
@pytest.mark.parametrize("query", [SELECT, ASK])
def test_rows_and_booleans_come_as_accepted(client, query, accept, content_type):
    answer = get(client, accept, query=query)
    assert (answer.status_code, answer.content_type) == (200, content_type)
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/json"),
    ],
)
def test_graphs_come_as_accepted(client, accept, content_type):
    answer = get(client, accept, query=CONSTRUCT)
    assert (answer.status_code, answer.content_type) == (200, content_type)


def test_an_accept_for_both_families_serves_each_query_its_own(client):
    both = "application/sparql-results+json, text/turtle"
    assert get(client, both, query=SELECT).content_type == "application/sparql-results+json"
    assert get(client, both, query=CONSTRUCT).content_type.startswith("text/turtle")


@pytest.mark.parametrize(
    ("accept", "query", "there"),
    [
        ("image/png", SELECT, "text/csv"),
        ("text/turtle", SELECT, "text/csv"),
        ("text/csv", CONSTRUCT, "text/turtle"),
    ],
)
def test_406_lists_what_there_is(client, accept, query, there):
    answer = get(client, accept, query=query)
    assert answer.status_code == 406
    assert there in answer.json["detail"]


# --- the service description ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [("*/*", "text/turtle; charset=utf-8"), ("application/ld+json", "application/ld+json")],
)
def test_get_without_a_query_describes_the_service(client, accept, content_type):
    answer = get(client, accept)
    assert (answer.status_code, answer.content_type) == (200, content_type)
    assert "http://localhost/sparql" in answer.text


def test_the_service_description_is_406_in_a_form_for_rows(client):
    assert get(client, "text/csv").status_code == 406


# --- other sites ----------------------------------------------------------------------------------


def test_other_sites_may_ask_without_credentials(client, pool):
    for answer in (get(client, query=SELECT), client.put("/sparql"), client.options("/sparql")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "POST" in client.options("/sparql").headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Origin" not in client.get("/healthz").headers
