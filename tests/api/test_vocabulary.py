"""`/ns` and `/code` show what the ontology says; colours and VoID are made from the graph."""

import csv
import io
import re

import pytest
from rdflib import Graph
from rdflib.namespace import OWL, RDF, RDFS, SKOS, VOID

from kg.names import CODE, PLAN, SCHEMA
from kg.questions import load_questions
from kg.settings import bundled

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(bundled("ontology") / "plangraph.ttl")


@pytest.fixture(scope="module")
def code_lists() -> Graph:
    return Graph().parse(bundled("ontology") / "codes.ttl")


def test_every_term_is_listed_with_label_definition_and_example(client, ontology):
    listed = {term["iri"]: term for term in client.get("/ns.json").json["terms"]}
    page = client.get("/ns", headers=HTML).text
    for term in ontology.subjects(RDFS.isDefinedBy, None):
        said = listed[str(term)]
        assert said["label"] == str(ontology.value(term, RDFS.label))
        assert said["definition"] == str(ontology.value(term, SKOS.definition))
        assert said["example"] == str(ontology.value(term, SKOS.example))
        assert said["kind"] == ("class" if (term, RDF.type, OWL.Class) in ontology else "property")
        assert f'id="{str(term).rsplit("#")[1]}"' in page


def test_a_property_says_what_it_leads_from_and_to(client):
    terms = {term["name"]: term for term in client.get("/ns.json").json["terms"]}
    assert [named["name"] for named in terms["plan:hasLead"]["domain"]] == ["Action"]
    assert [named["name"] for named in terms["plan:hasLead"]["range"]] == ["Lead"]
    assert terms["plan:hasLead"]["uses"] == 85
    assert {"Statement"} == {named["name"] for named in terms["plan:Lead"]["kinds_of"]}


def test_a_term_names_the_questions_that_ask_by_it(client):
    terms = {term["name"]: term for term in client.get("/ns.json").json["terms"]}
    asked = {question["name"] for question in terms["plan:hasLead"]["questions"]}
    assert "who-leads-an-action" in asked
    assert asked == {name for name, one in load_questions().items() if re.search(r"plan:hasLead\b", one.sparql)}


def test_the_tree_shows_kinds_below_their_class_and_where_properties_lead(client):
    tree = re.search(r'<div class="app-tree">(.*?)</div>', client.get("/ns", headers=HTML).text, re.DOTALL)[1]
    words = " ".join(re.sub(r"<[^>]+>", " ", tree).split())
    assert "has lead → Lead" in words
    assert words.index("Plan element") < words.index("Delivery priority")


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "nt"])
def test_the_vocabulary_is_rdf_too(client, ontology, suffix):
    answer = client.get(f"/ns.{suffix}")
    found = Graph().parse(data=answer.data, format={"jsonld": "json-ld", "ttl": "turtle"}.get(suffix, suffix))
    assert set(ontology.subjects(RDFS.isDefinedBy, None)) == set(found.subjects(RDFS.isDefinedBy, None))
    assert (PLAN.hasLead, RDFS.range, PLAN.Lead) in found


def test_every_code_is_listed_in_its_list_with_its_colour(client, code_lists):
    listed = {code["iri"]: code for one in client.get("/code.json").json["lists"] for code in one["codes"]}
    assert set(listed) == {str(code) for code in code_lists.subjects(SKOS.inScheme, None)}
    colours = {iri: code["colour"] for iri, code in listed.items() if code["colour"]}
    assert colours == {str(code): str(colour) for code, colour in code_lists.subject_objects(SCHEMA.color)}
    assert listed[str(CODE["status-tbc"])]["name"] == "To be confirmed"
    page = client.get("/code", headers=HTML).text
    assert all(f'id="{iri.rsplit("#")[1]}"' in page for iri in listed)


def test_codes_come_as_rdf_and_as_a_sheet(client, code_lists):
    found = Graph().parse(data=client.get("/code.ttl").data, format="turtle")
    assert set(found.subjects(SKOS.inScheme, None)) == set(code_lists.subjects(SKOS.inScheme, None))
    rows = list(csv.DictReader(io.StringIO(client.get("/code.csv").data.decode("utf-8-sig"))))
    assert {"list": "State", "code": "status-ongoing"}.items() <= next(r for r in rows if r["list"] == "State").items()


def test_every_colour_is_a_class_and_every_page_links_the_sheet_by_snapshot(client, hackney, code_lists):
    address = re.search(r'href="(/codes\.css\?v=[^"]+)"', client.get("/", headers=HTML).text)[1]
    assert address.endswith(hackney.snapshot.id)
    answer = client.get(address)
    assert answer.mimetype == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]
    rules = dict(re.findall(r"\.app-code-([\w-]+)\{background-color:(#[0-9a-f]{6})\}", answer.text))
    assert rules == {str(code).rsplit("#")[1]: str(colour) for code, colour in code_lists.subject_objects(SCHEMA.color)}


def test_colours_of_another_snapshot_are_not_kept(client):
    answer = client.get("/codes.css?v=another")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert client.get("/codes.css", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_void_describes_the_dataset_its_graphs_and_where_to_get_it(client, hackney):
    answer = client.get("/.well-known/void")
    assert answer.mimetype == "text/turtle"
    found = Graph().parse(data=answer.data, format="turtle")
    catalog = next(found.subjects(VOID.sparqlEndpoint))
    assert str(found.value(catalog, VOID.sparqlEndpoint)) == "http://localhost/sparql"
    dump = str(found.value(catalog, VOID.dataDump))
    assert client.get(dump.removeprefix("http://localhost"), buffered=True).status_code == 200
    graphs = set(found.objects(catalog, VOID.subset))
    assert len(graphs) == 6
    assert sum(int(found.value(graph, VOID.triples)) for graph in graphs) <= hackney.snapshot.quads


def test_void_is_negotiated(client):
    assert client.get("/.well-known/void", headers={"Accept": "application/ld+json"}).mimetype == "application/ld+json"
    assert client.get("/.well-known/void", headers={"Accept": "image/png"}).status_code == 406
