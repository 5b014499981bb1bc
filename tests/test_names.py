"""A misspelt term raises, and every term of ours is one the ontology defines."""

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import ClosedNamespace

from kg import names
from kg.prefixes import PREFIXES
from kg.settings import bundled

CLOSED = {name: value for name, value in vars(names).items() if isinstance(value, ClosedNamespace)}


@pytest.mark.parametrize("name", CLOSED)
def test_a_misspelt_term_raises(name):
    with pytest.raises(AttributeError, match="labell"):
        getattr(CLOSED[name], "labell")  # noqa: B009  the point is that it is no attribute


@pytest.mark.parametrize("name", CLOSED)
def test_a_namespace_is_the_one_its_prefix_stands_for(name):
    assert str(CLOSED[name]) == PREFIXES[name.lower()]


def test_our_terms_are_exactly_those_the_ontology_defines():
    vocabulary = Graph().parse(bundled("ontology") / "plangraph.ttl")
    defined = {
        str(subject)
        for subject in vocabulary.subjects(names.RDFS.isDefinedBy)
        if str(subject).startswith(PREFIXES["plan"])
    }
    assert {str(names.PLAN[name]) for name in dir(names.PLAN)} == defined


def test_codes_and_years_are_open_because_they_are_data():
    assert names.CODE["status-ongoing"] == URIRef("https://w3id.org/plangraph/code#status-ongoing")
    assert names.FY["2015-2016"] == URIRef("http://reference.data.gov.uk/id/government-year/2015-2016")


def test_no_prefix_stands_twice():
    assert len(set(PREFIXES.values())) == len(PREFIXES)
