"""SPARQL JSON results become columns and rows of plain Python values."""

import json
from decimal import Decimal

import pytest

from kg.questions import Answer

XSD = "http://www.w3.org/2001/XMLSchema#"


def answer(**term) -> object:
    body = {"head": {"vars": ["x", "y"]}, "results": {"bindings": [{"x": term}]}}
    return Answer.parse(json.dumps(body).encode()).rows[0]


def test_terms_become_python_values():
    assert answer(type="uri", value="urn:a") == ("urn:a", None)
    assert answer(type="literal", value="2.10") == ("2.10", None)
    assert answer(type="literal", value="7", datatype=f"{XSD}integer") == (7, None)
    assert answer(type="literal", value="-12.5", datatype=f"{XSD}decimal") == (Decimal("-12.5"), None)
    assert answer(type="literal", value="true", datatype=f"{XSD}boolean") == (True, None)
    assert answer(type="literal", value="2016-07", datatype=f"{XSD}gYearMonth") == ("2016-07", None)


def test_what_is_no_number_stays_as_it_was_written():
    assert answer(type="literal", value="many", datatype=f"{XSD}integer") == ("many", None)


def test_yes_or_no_is_one_row():
    parsed = Answer.parse(b'{"head":{},"boolean":false}')
    assert (parsed.columns, parsed.rows) == (("answer",), ((False,),))


def test_rows_are_records_and_columns():
    body = {"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "a"}}, {}]}}
    parsed = Answer.parse(json.dumps(body).encode())
    assert list(parsed.records()) == [{"x": "a"}, {"x": None}]
    assert parsed.column("x") == ("a", None)
    assert len(parsed) == 2


def test_a_notebook_shows_names_without_addresses_and_says_what_is_not_stated():
    answer = Answer(("partner", "partner_iri", "due_by", "joint"), (("<b>LBH</b> & co", "https://x", None, True),))
    assert answer._repr_html_() == (
        "<table><thead><tr><th>partner</th><th>due by</th><th>joint</th></tr></thead><tbody>"
        "<tr><td>&lt;b&gt;LBH&lt;/b&gt; &amp; co</td><td>not stated</td><td>yes</td></tr></tbody></table>"
    )


def test_some_columns_and_some_rows_of_an_answer_are_an_answer():
    answer = Answer(("ref", "title", "n"), (("2.1", "Patrols", 3), ("2.10", "Policy", 4)))
    assert answer.only("n", "ref").first(1) == Answer(("n", "ref"), ((3, "2.1"),))
    with pytest.raises(ValueError, match="tuple"):
        answer.only("year")
