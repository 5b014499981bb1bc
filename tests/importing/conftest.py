"""Imports of short documents, and their repair sheets filled in as an officer would."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kg.importing import import_document
from kg.importing.report import Report
from kg.register import Register
from kg.settings import bundled
from kg.tables import Plan, known_codes, load_plan
from tests.conftest import TINY_PLAN

CODES = known_codes(bundled("ontology"))
HEADER = "Delivery Priority 1:\tRef No\tActivity\tLead Partners\tExpected Outcome\t2023/24\t2024/25"
ROWS = (
    "\t1.1\tWe will walk the streets.\tYouth Team\tCalmer streets.\tOngoing\tOngoing",
    "\t1.2\tWe will talk.\tMarket Wardns and Youth Team\tMore trust.\tOngoing\tTbc",
    "\t1.3\tWe will publish by June 2024.\tTinford Council\tPeople know.\tCompleted\tOngoing",
)


def document(*rows: str) -> str:
    """A plan with these rows of actions."""
    return "\n".join(["<p>Tinford Plan 2023-25</p>", "Strategic Priority 1: Peace", HEADER, *(rows or ROWS), ""])


class Imported:
    """A folder with a document and its import."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = folder / "plan.txt"
        self.out = folder / "out"
        self.register = Register.load(TINY_PLAN / "register", CODES)
        self.report: Report | None = None

    def read(self, text: str | None = None, path: Path | None = None, **options: Any) -> Report:
        """Import the document, or another, or a file of the folder."""
        if text is not None:
            self.source.write_text(text, "utf-8")
        self.report = import_document(
            path or self.source, self.out, register=self.register, **{"borough": "tinford", **options}
        )
        return self.report

    @property
    def plan(self) -> Plan:
        return load_plan(self.out, CODES)

    @property
    def repair(self) -> Path:
        return self.out / "repair.xlsx"

    @contextmanager
    def repairing(self) -> Iterator["Book"]:
        """The repair sheet, saved with what was changed in it."""
        book = openpyxl.load_workbook(self.repair)
        yield Book(book)
        book.save(self.repair)

    def files(self) -> dict[str, bytes]:
        """Every file of the import."""
        return {
            path.relative_to(self.out).as_posix(): path.read_bytes()
            for path in sorted(self.out.rglob("*"))
            if path.is_file()
        }

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a CSV file of the import."""
        with (self.out / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


class Book:
    """A workbook by sheet, heading and the cells that name a row."""

    def __init__(self, book: Any) -> None:
        self.book = book

    def row(self, sheet: str, **where: str) -> int:
        """The first row whose cells hold these words (`_` in a heading stands for a blank)."""
        columns = {self.column(sheet, name): words for name, words in where.items()}
        for number in range(2, self.book[sheet].max_row + 1):
            if all(words in str(self.book[sheet].cell(number, at).value or "") for at, words in columns.items()):
                return number
        raise AssertionError(f"no row of {sheet} has {where}")

    def column(self, sheet: str, name: str) -> int:
        heads = [cell.value for cell in self.book[sheet][1]]
        return heads.index(name if name in heads else name.replace("_", " ")) + 1

    def put(self, sheet: str, column: str, value: Any, **where: str) -> None:
        """Write into a cell of the row named."""
        self.book[sheet].cell(self.row(sheet, **where), self.column(sheet, column)).value = value

    def add(self, sheet: str, **cells: str) -> None:
        """Add a row below the last one that says something."""
        last = max(n for n in range(1, self.book[sheet].max_row + 1) if self.book[sheet].cell(n, 1).value)
        for name, words in cells.items():
            self.book[sheet].cell(last + 1, self.column(sheet, name)).value = words

    def delete(self, sheet: str, **where: str) -> None:
        self.book[sheet].delete_rows(self.row(sheet, **where))


@pytest.fixture
def imported(tmp_path: Path) -> Imported:
    """The short plan, imported once."""
    made = Imported(tmp_path)
    made.read(document())
    return made


Import = Callable[..., Imported]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder of its own, where nothing else lies."""
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
