"""A table for a spreadsheet: what it says stays text, whatever it says."""

import csv
import io

import pytest
from openpyxl import load_workbook

from api.spreadsheets import Table, as_csv, as_workbook

COMMANDS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\x01=cmd|' /C calc'!A0", "\xa0=1", "\uff1d1",
]  # fmt: skip


def from_csv(table: Table) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig"))))


@pytest.mark.parametrize("words", COMMANDS)
def test_no_text_is_taken_for_a_formula(words):
    table = Table(["ref", words], [["2.10", words]])
    for row in from_csv(table):
        assert row[1].startswith("'")
    sheet = load_workbook(io.BytesIO(as_workbook(table))).active
    for cell in (sheet["B1"], sheet["B2"]):
        assert (cell.data_type, cell.value[0]) == ("s", "'")


def test_numbers_stay_numbers_and_references_text():
    sheet = load_workbook(io.BytesIO(as_workbook(Table(["target", "ref"], [[-12, "2.10"]])))).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == (-12, "n")
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("2.10", "s")


def test_what_is_not_stated_is_said_and_not_blank():
    table = Table(["due"], [[None]])
    assert from_csv(table)[1] == ["not stated"]
    assert load_workbook(io.BytesIO(as_workbook(table))).active["A2"].value == "not stated"


@pytest.mark.parametrize("words", ["a\x00b", "a\ufffeb", "a\uffffb", "a\ud800b", "a\x0bb"])
def test_what_no_workbook_can_hold_is_left_out(words):
    assert load_workbook(io.BytesIO(as_workbook(Table(["x"], [[words]])))).active["A2"].value == "ab"
    assert from_csv(Table(["x"], [[words]]))[1] == ["ab"]
