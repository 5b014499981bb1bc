"""context.jsonld: JSON with our column names as keys is RDF in our terms."""

import json
import re

import pytest
from rdflib import OWL, RDF, Graph
from rdflib.compare import isomorphic

from kg.prefixes import PREFIXES


@pytest.fixture(scope="module")
def context(folder) -> dict:
    return json.loads((folder / "context.jsonld").read_text("utf-8"))["@context"]


def snake_case(local: str) -> str:
    return re.sub(r"(?<=[a-z])[A-Z]", lambda capital: f"_{capital[0].lower()}", local)


def locals_of(vocabulary: Graph, *kinds) -> list[str]:
    iris = [iri for kind in kinds for iri in vocabulary.subjects(RDF.type, kind)]
    return [str(iri).removeprefix(PREFIXES["plan"]) for iri in iris]


def test_every_property_has_its_name_in_snake_case(context, vocabulary):
    for local in locals_of(vocabulary, OWL.ObjectProperty, OWL.DatatypeProperty):
        entry = context[snake_case(local)]
        assert (entry["@id"] if isinstance(entry, dict) else entry) == f"plan:{local}"


def test_every_property_that_leads_to_a_thing_says_so(context, vocabulary):
    for local in locals_of(vocabulary, OWL.ObjectProperty):
        assert context[snake_case(local)]["@type"] in {"@id", "@vocab"}, local
    for local in locals_of(vocabulary, OWL.DatatypeProperty):
        entry = context[snake_case(local)]
        assert isinstance(entry, str) or entry.get("@type", "xsd:").startswith("xsd:"), local


def test_every_class_has_its_name(context, vocabulary):
    for local in locals_of(vocabulary, OWL.Class):
        assert context[local] == f"plan:{local}"


def test_prefixes_are_ours(context):
    prefixes = {key: iri for key, iri in context.items() if isinstance(iri, str) and iri.endswith(("#", "/"))}
    assert prefixes.items() <= PREFIXES.items()


def test_json_with_our_keys_is_rdf_in_our_terms(context):
    document = {
        "@context": context,
        "id": "https://example.org/id/tinford/plan/safety/action/2.10",
        "a": "Action",
        "identifier": "2.10",
        "position": 21,
        "label": "Licensing policy review",
        "subject": ["theme-licensing", "theme-noise"],
        "has_status": {
            "id": "https://example.org/id/tinford/plan/safety/action/2.10/status/2015-2016",
            "a": ["Statement", "Status"],
            "period": "2015-2016",
            "state": "status-conditional",
            "stated_as": "stated-intended",
            "conditional_on": ["cond-funding", "https://example.org/id/tinford/org/fund"],
            "verbatim": "Subject to funding",
        },
    }
    turtle = """
        @base <https://example.org/id/tinford/> .
        <plan/safety/action/2.10> a plan:Action ; dcterms:identifier "2.10" ; schema:position 21 ;
          rdfs:label "Licensing policy review"@en ; dcterms:subject code:theme-licensing , code:theme-noise ;
          plan:hasStatus <plan/safety/action/2.10/status/2015-2016> .
        <plan/safety/action/2.10/status/2015-2016> a plan:Statement , plan:Status ;
          plan:period fy:2015-2016 ; plan:state code:status-conditional ; plan:statedAs code:stated-intended ;
          plan:conditionalOn code:cond-funding , <org/fund> ; plan:verbatim "Subject to funding" .
    """
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    meant = Graph().parse(data=prefixes + turtle, format="turtle")
    assert isomorphic(Graph().parse(data=json.dumps(document), format="json-ld"), meant)
