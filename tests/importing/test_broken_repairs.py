"""A repair sheet that cannot be understood is told with sheet, row and column, and nothing is written."""

from collections.abc import Callable

import pytest

from kg.errors import InputError
from tests.importing.conftest import Book, Imported, document

Change = Callable[[Book], object]


def sheet_gone(book: Book) -> None:
    del book.book["Partners"]


def table_gone(book: Book) -> None:
    del book.book["leads.csv"]


def header_renamed(book: Book) -> None:
    book.book["Doubts"].cell(1, book.column("Doubts", "Decision")).value = "Decisions"


def table_header_renamed(book: Book) -> None:
    book.book["actions.csv"].cell(1, book.column("actions.csv", "label")).value = "title"


BROKEN: list[tuple[str, Change, str]] = [
    ("a sheet is deleted", sheet_gone, "repair.xlsx, sheet Partners: this sheet is missing"),
    ("a table is deleted", table_gone, "repair.xlsx, sheet leads.csv: this sheet is missing"),
    ("a header is renamed", header_renamed,
     'repair.xlsx, sheet Doubts:1: column "Decision": this column is missing (nearest: Decisions).'),
    ("a header of a table is renamed", table_header_renamed,
     'repair.xlsx, sheet actions.csv:1: column "label": this column is missing'),
    ("a word that is no decision", lambda book: book.put("Doubts", "Decision", "perhaps", Where="Whole"),
     'column "Decision": "perhaps" is none of accept, correct, ignore'),
    ("a formula", lambda book: book.put("actions.csv", "label", "=A1&B1", identifier="1.1"),
     'repair.xlsx, sheet actions.csv:2: column "label": this is a formula: write what it shows.'),
    ("a formula in a decision", lambda book: book.put("Doubts", "Note", "=1+1", Where="Whole"),
     'column "Note": this is a formula'),
    ("a code that is none", lambda book: book.put("statuses.csv", "state", "status-done", element="action/1.1"),
     'column "state": "status-done" is no code (nearest: status-'),
    ("a body nobody knows", lambda book: book.put("leads.csv", "partner", "Youth Taem", element="action/1.1"),
     'repair.xlsx, sheet leads.csv:2: column "partner": "Youth Taem" is nobody in the register (nearest: Youth Team).'),
    ("an owner that is gone", lambda book: book.delete("actions.csv", identifier="1.1"),
     '"action/1.1" does not exist in this plan'),
    ("the same action twice", lambda book: book.put("actions.csv", "identifier", "1.1", identifier="1.2"),
     "action 1.1 stands twice"),
    ("another borough", lambda book: book.put("plan.toml", "value", "camden", key="borough"),
     "borough says which plan this is and cannot be changed here"),
    ("same as nobody", lambda book: (
        book.put("Partners", "Reason", "So.", Printed="Market Wardns"),
        book.put("Partners", "Decision", "same as", Printed="Market Wardns"),
    ), 'column "Known as": choose whom it is the same as'),
    ("a decision without a reason", lambda book: book.put("Partners", "Decision", "new body", Printed="Market Wardns"),
     'column "Reason": say why'),
    ("a column that is none", lambda book: book.put("Columns", "Read as", "outcom", Heading="Expected Outcome"),
     '"outcom" is no column of a plan (nearest: expected-outcome)'),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), [pytest.param(*rest, id=name) for name, *rest in BROKEN])
def test_a_broken_repair_sheet_is_told_by_place_and_nothing_is_written(
    imported: Imported, change: Change, message: str
):
    with imported.repairing() as book:
        change(book)
    before = imported.files()
    with pytest.raises(InputError) as told:
        imported.read()
    assert message in str(told.value)
    assert imported.files() == before


def test_what_is_no_workbook_is_told(imported: Imported):
    imported.repair.write_bytes(b"not a workbook")
    with pytest.raises(InputError, match=r"repair\.xlsx is no Excel workbook"):
        imported.read()


def test_words_that_look_like_formulas_are_written_as_words(imported: Imported):
    label = "=SUM(A1) + @home - 2"
    imported.read(f"x\nStrategic Priority 1: {label}\n" + imported.source.read_text("utf-8").split("\n", 2)[2])
    with imported.repairing() as book:
        cell = book.book["priorities.csv"].cell(2, book.column("priorities.csv", "label"))
        assert (cell.value, cell.data_type) == (label, "s")
    imported.read()
    assert imported.plan.rows["priorities"][0].label == label
    assert not (imported.out / "differences.csv").exists()


def test_the_repair_sheet_of_another_plan_is_told_as_that_and_nothing_else(imported: Imported):
    other = Imported(imported.folder / "other")
    other.folder.mkdir()
    other.source = other.folder / "another.txt"
    other.read(document().replace("Tinford Plan 2023-25", "Quay Plan 2020-22"))
    before = imported.files()
    with pytest.raises(InputError) as told:
        imported.read(path=other.repair)
    assert str(told.value) == (
        'repair.xlsx: This repair sheet belongs to "Quay Plan 2020-22"; here is "Tinford Plan 2023-25". '
        "Read it into the folder that it was made in."
    )
    assert imported.files() == before
