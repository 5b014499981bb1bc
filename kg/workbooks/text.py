"""Text in the cells of a workbook: written so that no program can take it for a number, a date or a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from kg.errors import InputError, Problem

MOST_IN_A_CELL: Final = 32_767
"""Characters that the format takes in one cell."""
TEXT_FORMAT: Final = "@"
# What XML cannot hold stands as _x0001_; words that look like that have their first mark written so themselves.
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_WRITTEN: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def put(cell: Any, words: str) -> None:
    """Lay words into a cell as text, whatever they look like: 2.10 stays 2.10, and = begins no formula.

    Raises InputError where they are more than a cell may hold.
    """
    cell.number_format = TEXT_FORMAT
    _say(cell, words)


def put_rows(sheet: Any, rows: Iterable[Sequence[str]]) -> Any:
    """Fill a new sheet with rows of words, and return it; only its first row has the format of text yet.

    Raises InputError where words are more than a cell may hold.
    """
    for number, cells in enumerate(rows, 1):
        for column, words in enumerate(cells, 1):
            if number == 1:
                put(sheet.cell(number, column), words)
            elif words:
                _say(sheet.cell(number, column), words)
    return sheet


def _say(cell: Any, words: str) -> None:
    written = _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", words)
    if len(written) > MOST_IN_A_CELL:
        sentence = f"this text has {len(words):,} characters, and a cell of a workbook holds {MOST_IN_A_CELL:,}."
        raise InputError(Problem(sentence, cell.parent.title, cell.row, cell.column_letter))
    if words:
        # Not `cell.value`: it looks at the first letters and makes formulas and errors of them.
        cell._value, cell.data_type = written, "s"


def words_in(cell: Any) -> str:
    """The words of a cell; a number or date that a program made of them, as it would be typed. "" for none."""
    value = cell.value
    if isinstance(value, str):
        return _WRITTEN.sub(lambda found: chr(int(found[1], 16)), re.sub(r"\r\n?", "\n", value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def is_formula(cell: Any) -> bool:
    """Whether a cell computes instead of saying."""
    return bool(cell.data_type == "f")
