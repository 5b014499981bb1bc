"""Text in the cells of a workbook: written so that no program can take it for a number, a date or a formula."""

from __future__ import annotations

import re
import stat
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from kg.errors import InputError, Problem

MOST_IN_A_CELL: Final = 32_767
"""Characters that the format takes in one cell."""
MAX_BYTES: Final = 20_000_000
MAX_UNPACKED: Final = 200_000_000
MAX_ROWS: Final = 50_000
MAX_COLUMNS: Final = 200
TEXT_FORMAT: Final = "@"
# What XML cannot hold stands as _x0001_; words that look like that have their first mark written so themselves.
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_WRITTEN: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def put(cell: Any, words: str) -> None:
    """Lay words into a cell as text, whatever they look like: 2.10 stays 2.10, and = begins no formula.

    Raises InputError where they are more than a cell may hold.
    """
    written = _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", words)
    if len(written) > MOST_IN_A_CELL:
        sentence = f"this text has {len(words):,} characters, and a cell of a workbook holds {MOST_IN_A_CELL:,}."
        raise InputError(Problem(sentence, cell.parent.title, cell.row, cell.column_letter))
    cell.number_format = TEXT_FORMAT
    if words:
        cell.value = written
        # The library looks at the first letters and makes formulas and errors of them.
        cell.data_type = "s"


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


def open_workbook(path: Path) -> Any:
    """The openpyxl workbook in a file, formulas as they stand. Raises InputError with a sentence where it is none."""
    from openpyxl import load_workbook

    _looked_at(path)
    try:
        book = load_workbook(path, data_only=False, keep_links=False)
    except Exception as error:
        # Whatever the library stumbles over, the file is at fault.
        raise InputError(f"{path.name} cannot be read as a workbook: {type(error).__name__}.") from None
    for sheet in book.worksheets:
        if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
            raise InputError(
                Problem(
                    f"the sheet reaches to row {sheet.max_row:,} and column {sheet.max_column:,}; at most "
                    f"{MAX_ROWS:,} and {MAX_COLUMNS} are read. Delete the empty rows and columns at its end.",
                    f"{path.name}, {sheet.title}",
                )
            )
    return book


def _looked_at(path: Path) -> None:
    """Refuse, before anything is parsed, what is no workbook or too much of one."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise InputError(f"{path.name} is no file.")
        if found.st_size > MAX_BYTES:
            raise InputError(f"{path.name} is larger than {MAX_BYTES / 1e6:.0f} MB.")
        with path.open("rb") as file:
            if file.read(4) == b"\xd0\xcf\x11\xe0":
                raise InputError(
                    f"{path.name} is locked with a password, or an old .xls: save it as .xlsx without a password."
                )
        with zipfile.ZipFile(path) as parts:
            entries = parts.infolist()
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {(error.strerror or 'it cannot be opened').lower()}.") from None
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise InputError(f"{path.name} is no Excel workbook (.xlsx).") from None
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names:
        raise InputError(f"{path.name} is no Excel workbook (.xlsx).")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED or len(entries) > 2_000:
        raise InputError(f"{path.name} unpacks to more than {MAX_UNPACKED / 1e6:.0f} MB: it is no plan.")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise InputError(f"{path.name} holds macros: save it as .xlsx, which holds none.")
