"""Which media type an Accept header chooses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.negotiate import GRAPHS, HTML, SOLUTIONS, choose, listing, prefers_html, ranges

CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("application/json", "json"),
        ("application/sparql-results+xml", "xml"),
        ("application/xml", "xml"),
        ("text/csv", "csv"),
        ("TEXT/CSV", "csv"),
        ("text/tab-separated-values, text/csv;q=0.5", "tsv"),
        ("text/csv;q=0.5, text/tab-separated-values;q=0.6", "tsv"),
        ("text/*", "csv"),
        ("text/csv;q=0.2, */*;q=0.1", "csv"),
        ("text/csv;charset=utf-8", "csv"),
        ("application/sparql-results+json;q=0, */*", "xml"),
        ("text/csv;q=2, text/tab-separated-values", "tsv"),
        ("nonsense, text/csv", "csv"),
    ],
)
def test_rows_come_in_the_form_the_client_weighs_highest(accept, name):
    assert choose(accept, SOLUTIONS).name == name


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "application/*;q=0", "text/html"])
def test_a_client_that_accepts_none_of_the_forms_gets_none(accept):
    assert choose(accept, SOLUTIONS) is None


@pytest.mark.parametrize(
    ("accept", "label"),
    [
        ("application/json", "application/json"),
        ("application/xml", "application/xml"),
        ("application/*", "application/sparql-results+json"),
        ("application/json, application/sparql-results+json", "application/sparql-results+json"),
    ],
)
def test_the_answer_is_labelled_as_it_was_asked_for(accept, label):
    assert choose(accept, SOLUTIONS).media_type == label


def test_a_more_specific_range_decides_over_a_wildcard_with_a_higher_weight():
    assert choose("application/*;q=1, application/sparql-results+json;q=0.1, text/csv;q=0.5", SOLUTIONS).name == "xml"


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("*/*", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/rdf+xml", "rdf"),
        ("application/n-triples", "nt"),
    ],
)
def test_graphs_have_their_own_forms(accept, name):
    assert choose(accept, GRAPHS).name == name


@pytest.mark.parametrize("accept", [CHROME, "text/html", "text/html, */*", "application/json;q=0.9, text/html"])
def test_browsers_prefer_a_page(accept):
    assert prefers_html(accept, SOLUTIONS)


@pytest.mark.parametrize("accept", ["", "*/*", "text/*", "application/json, text/html;q=0.9", "text/html;q=0, */*"])
def test_programs_do_not_get_a_page_they_did_not_name(accept):
    assert not prefers_html(accept, SOLUTIONS)


def test_the_listing_names_each_media_type_once():
    assert listing((*SOLUTIONS, *SOLUTIONS, HTML)).split(", ") == [
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
        "text/html",
    ]


@given(st.text(alphabet="abtexhml/*;q=0.1, \t-nai", max_size=60))
def test_no_header_breaks_the_choice(accept):
    assert all(0 <= found.quality <= 1 for found in ranges(accept))
    chosen = choose(accept, SOLUTIONS)
    assert chosen is None or chosen.name in [offer.name for offer in SOLUTIONS]
