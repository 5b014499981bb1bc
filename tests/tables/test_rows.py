"""One row of each table: its path, its owner, its columns."""

import csv

import pytest
from pydantic import ValidationError

from kg.tables import TABLES, CrossReference, Fact, Reading, element_kind, header
from tests.conftest import ROOT, TINY_PLAN

FACT = {"source": "L087-activity", "certainty": "cert-stated"}


@pytest.mark.parametrize("table", TABLES)
def test_the_columns_of_the_files_are_the_fields_of_the_rows(table):
    folders = [TINY_PLAN, *(path.parent for path in (ROOT / "data" / "plans").glob("*/*/plan.toml"))]
    paths = [path for folder in folders if (path := folder / f"{table}.csv").exists()]
    assert paths or table in ("deadlines", "owners", "updates"), "no plan at hand has this table"
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            assert tuple(next(csv.reader(file))) == header(TABLES[table]), path


@pytest.mark.parametrize("table", TABLES)
def test_what_is_said_about_a_row_stands_in_its_last_columns(table):
    if issubclass(TABLES[table], Fact):
        assert header(TABLES[table])[-3:] == ("source", "certainty", "editorial_note")


@pytest.mark.parametrize(
    ("period", "base", "restated", "ends"),
    [
        ("2015-2016", "", False, "reading/2015-2016"),
        ("2015-2016", "2014-2015", False, "reading/2015-2016"),
        ("2015-2016", "2012-2013", True, "reading/2015-2016-vs-2012-2013"),
    ],
)
def test_a_reading_against_an_earlier_year_is_another_reading(period, base, restated, ends):
    row = Reading(element="sp/1/dp/1/indicator/guns", period=period, base_year=base, **FACT)
    assert (row.restated, row.path) == (restated, f"sp/1/dp/1/indicator/guns/{ends}")


def test_a_pointer_may_belong_to_the_plan_itself():
    row = CrossReference(element="plan", position=1, type="xref-see-also", points_to="Transport Strategy", **FACT)
    assert (row.owner, row.path) == ("plan", "plan/xref/1")
    assert element_kind(row.owner) in CrossReference.owners


def test_a_row_cannot_be_changed():
    row = Reading(element="sp/1/dp/1/indicator/guns", period="2015-2016", **FACT)
    with pytest.raises(ValidationError, match="frozen"):
        row.period = "2016-2017"


def test_a_row_takes_no_column_it_does_not_know():
    with pytest.raises(ValidationError, match="percent"):
        Reading(element="sp/1/dp/1/indicator/guns", period="2015-2016", percent="73", **FACT)
