"""A workbook that came from outside, opened in a process that can be killed: its sheets as plain cells."""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from openpyxl.utils import get_column_letter

from kg.confined import Ended, ask_once
from kg.documents import read_bytes
from kg.errors import InputError, Problem

MAX_BYTES: Final = 20_000_000
MEMORY: Final = 1024**3
SECONDS: Final = 60
_NAMES: Final = re.compile(r'<(?:\w+:)?sheet\s[^>]*?\bname="([^"]*)"')
_TOO_MUCH: Final = (
    "it takes more time or memory than a workbook may. Keep what is yours in it, delete the rest, and save it again."
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its value as text, None where nothing stands in it; `data_type` is "f" of a formula."""

    row: int
    column: int
    value: str | None = None
    data_type: str = "s"

    @property
    def column_letter(self) -> str:
        """The letters of its column."""
        return str(get_column_letter(self.column))


@dataclass(frozen=True)
class Sheet:
    """A sheet that can be read as one of openpyxl; rows end at the last cell that says something."""

    title: str
    rows: Sequence[Sequence[Cell]]

    @property
    def max_row(self) -> int:
        """The last row that says something, at least 1."""
        return max(len(self.rows), 1)

    @property
    def max_column(self) -> int:
        """The last column that says something, at least 1."""
        return max((len(row) for row in self.rows), default=1) or 1

    def __getitem__(self, row: int) -> tuple[Cell, ...]:
        """The cells of one row, from 1."""
        return self._padded(row, self.max_column)

    def cell(self, row: int, column: int) -> Cell:
        """One cell, both counted from 1."""
        cells = self.rows[row - 1] if row <= len(self.rows) else ()
        return cells[column - 1] if column <= len(cells) else Cell(row, column)

    def iter_rows(
        self, min_row: int = 1, max_row: int | None = None, max_col: int | None = None
    ) -> Iterator[tuple[Cell, ...]]:
        """The rows, all of one width."""
        width = max_col or self.max_column
        for row in range(min_row, min(max_row or len(self.rows), len(self.rows)) + 1):
            yield self._padded(row, width)

    def _padded(self, row: int, width: int) -> tuple[Cell, ...]:
        return tuple(self.cell(row, column) for column in range(1, width + 1))


@dataclass(frozen=True)
class Book:
    """A workbook that can be read as one of openpyxl."""

    worksheets: Sequence[Sheet]

    @property
    def sheetnames(self) -> list[str]:
        """The titles of all sheets, hidden ones too."""
        return [sheet.title for sheet in self.worksheets]

    def __getitem__(self, title: str) -> Sheet:
        """A sheet by its title; KeyError where there is none."""
        return {sheet.title: sheet for sheet in self.worksheets}[title]


def open_workbook(path: Path) -> Book:
    """The sheets of a file, formulas as they stand. InputError says why it is no workbook, or too much of one."""
    data = read_bytes(path, MAX_BYTES)
    asked = {"name": path.name, "memory": MEMORY, "seconds": SECONDS}
    try:
        answer, _ = ask_once("kg.workbooks.child", asked, data, seconds=SECONDS)
    except Ended:
        raise InputError(f"{path.name} cannot be read: {_TOO_MUCH}") from None
    if "refused" in answer:
        raise InputError([Problem(*problem) for problem in answer["refused"]])
    return Book([Sheet(title, _cells(rows)) for title, rows in answer["sheets"]])


def _cells(rows: Sequence[Sequence[Sequence[Any]]]) -> list[list[Cell]]:
    return [[Cell(row, column, *said) for column, said in enumerate(cells, 1)] for row, cells in enumerate(rows, 1)]


def sheet_names(path: Path) -> frozenset[str]:
    """The titles of the sheets of a workbook, read without opening it; none where a file is no workbook."""
    if path.suffix.casefold() != ".xlsx" or not path.is_file():
        return frozenset()
    try:
        with zipfile.ZipFile(path) as parts:
            words = parts.open(parts.getinfo("xl/workbook.xml")).read(200_000).decode("utf-8", "replace")
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error):
        return frozenset()
    return frozenset(html.unescape(name) for name in _NAMES.findall(words))
