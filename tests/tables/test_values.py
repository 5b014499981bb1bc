"""What one cell of a table may hold."""

import string
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from kg.tables import element_kind, parse_cell, year_before, years_between
from kg.tables import values as v


def read(kind: object, cell: object) -> object:
    return TypeAdapter(kind).validate_python(cell)


@pytest.mark.parametrize(
    ("id_", "line", "column", "sheet"),
    [
        ("L087-activity", 87, "activity", ""),
        ("L1234-2015-2016", 1234, "2015-2016", ""),
        ("actions-R12-lead-partners", 12, "lead-partners", "actions"),
    ],
)
def test_a_cell_id_names_line_column_and_sheet(id_, line, column, sheet):
    assert parse_cell(id_) == v.CellId(line, column, sheet)


@pytest.mark.parametrize(
    ("id_", "says"),
    [
        ("L87-activity", "not a cell written like L087-activity"),
        ("L087", "not a cell written like"),
        ("L000-activity", "lines count from 1"),
        ("L087-activty", "names no column of a plan"),
        ("L٠٨٧-activity", "not a cell written like"),
    ],
)
def test_what_is_no_cell_is_refused_with_a_sentence(id_, says):
    with pytest.raises(ValueError, match=says):
        parse_cell(id_)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("plan", "plan"),
        ("sp/1", "strategic priority"),
        ("sp/1/dp/2", "delivery priority"),
        ("sp/1/dp/2/improvement/3", "improvement"),
        ("sp/1/dp/2/indicator/gun-discharges", "indicator"),
        ("action/2.10", "action"),
        ("action/2.10/step/1", "step"),
        ("sp/1/dp/2/improvement/3/step/1", "step"),
        ("action/2.10/status/2015-2016", "status"),
        ("action/2.10/measure/1", "measure"),
    ],
)
def test_a_path_tells_what_it_leads_to(path, kind):
    assert element_kind(path) == kind


@pytest.mark.parametrize(
    "path", ["", "action", "action/", "sp/1/action/2", "action/1.1/step/0", "../plan", "action/1 1"]
)
def test_what_is_no_path_is_refused(path):
    with pytest.raises(ValueError, match="not an element written like"):
        element_kind(path)


def test_years_are_counted_from_april_to_march():
    assert year_before("2015-2016") == "2014-2015"
    assert years_between("2015-2016", "2017-2018") == ["2015-2016", "2016-2017", "2017-2018"]
    assert years_between("2015-2016", "") == ["2015-2016"]


@pytest.mark.parametrize("cell", ["2015-2017", "2015/16", "2016-2015", "2015-q5", "2015-2016-Q1", "٢٠١٥-٢٠١٦"])
def test_what_is_no_financial_year_is_refused(cell):
    with pytest.raises(ValidationError, match="not a financial year written like 2015-2016"):
        read(v.Period, cell)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-1000, max_value=1000))
def test_a_figure_is_the_number_as_printed(number):
    assert read(v.Figure, f" {number:f} ") == number


@pytest.mark.parametrize("cell", ["+73", "73%", "1e3", "NaN", "1,000", ".5", "٧٣"])
def test_a_sign_a_unit_or_a_word_is_no_figure(cell):
    with pytest.raises(ValidationError, match="not a number"):
        read(v.Figure, cell)


def test_blank_cells_are_not_stated_and_never_zero():
    assert read(v.Figure, " ") is None
    assert read(v.Truth, "") is None
    assert read(v.Names, "") == ()
    assert (read(v.Period, ""), read(v.Due, "")) == ("", "")


@pytest.mark.parametrize("cell", ["0", "-1", "1.0", "01", "one"])
def test_a_position_is_a_whole_number_from_one(cell):
    with pytest.raises(ValidationError, match="not a whole number from 1 on"):
        read(v.Whole, cell)


def test_a_list_is_parted_by_bars():
    assert read(v.Names, " Police |  Probation/Public Health | ") == ("Police", "Probation/Public Health")


@pytest.mark.parametrize("cell", ["yes", "True", "0"])
def test_only_true_and_false_are_true_or_false(cell):
    with pytest.raises(ValidationError, match="neither true nor false"):
        read(v.Truth, cell)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_date_or_a_month_is_kept_as_written(day):
    assert read(v.Due, day.isoformat()) == day.isoformat()
    assert read(v.Due, day.isoformat()[:7]) == day.isoformat()[:7]


@pytest.mark.parametrize("cell", ["2016/07", "2016-13", "2016-02-30", "July 2016"])
def test_what_is_no_date_is_refused(cell):
    with pytest.raises(ValidationError, match="not a date written like"):
        read(v.Due, cell)


@pytest.mark.parametrize("cell", ["hackney/org/Police", "org/", "org/a b", "hackney/body/x", "a/b/org/c"])
def test_a_register_id_is_a_path_of_slugs(cell):
    with pytest.raises(ValidationError, match="is not written like"):
        read(v.RegisterId, cell)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (("a", "b"), "a | b"),
        ("a\r\nb\rc", "a\nb\nc"),
        (Decimal("-12.50"), "-12.50"),
        (3, "3"),
    ],
)
def test_values_are_written_as_they_are_read(value, cell):
    assert v.as_cell(value) == cell


@given(st.lists(st.text(string.ascii_letters + " ,'\"", min_size=1).map(str.strip).filter(bool), max_size=4).map(tuple))
def test_a_list_survives_being_written_and_read(names):
    assert read(v.Names, v.as_cell(names)) == names
