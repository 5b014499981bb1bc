"""The process that opens one workbook: `python -m kg.workbooks.child`, the file's bytes on its standard input.

It has no network, writes no file, and ends at its limits; its parent kills it when time is up (see opened.py).
"""

from __future__ import annotations

import io
import sys
import warnings
from typing import Any, Final

from kg.confined import confine, receive, send
from kg.errors import InputError, Problem

MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 200
_OLD: Final = b"\xd0\xcf\x11\xe0"


def main() -> None:
    """Open one workbook and answer with the cells of its sheets, or with the sentence that says why not."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    # A library may print; nothing of it may come between the messages.
    sys.stdout = sys.stderr
    message = receive(requests)
    if message is None:
        return
    options, data = message
    # Imported first: a process that is confined may no longer be able to.
    import openpyxl.reader.excel  # noqa: F401

    from kg.documents.package import Package  # noqa: F401

    confine(memory=options["memory"], seconds=options["seconds"], writing=False)
    try:
        answer: Any = {"sheets": sheets_of(data, options["name"])}
    except InputError as error:
        answer = {"refused": [[p.message, p.file, p.row, p.column] for p in error.problems]}
    send(answers, answer)


def sheets_of(data: bytes, name: str) -> list[tuple[str, list[list[tuple[str | None, str]]]]]:
    """Each sheet with its rows of (value, data type). InputError where it is no workbook, or too much of one."""
    from openpyxl import load_workbook

    _looked_at(data, name)
    try:
        # Styles and drop-downs that the library does not know are none of our business.
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        return [(sheet.title, _rows(sheet, name)) for sheet in book.worksheets]
    except InputError:
        raise
    except Exception as error:
        # Whatever the library stumbles over, the file is at fault.
        raise InputError(f"{name} cannot be read as a workbook: {type(error).__name__}.") from None


def _looked_at(data: bytes, name: str) -> None:
    """Refuse, before anything is parsed, what is no workbook or holds what none of ours needs."""
    from kg.documents.package import Package

    if data.startswith(_OLD):
        raise InputError(f"{name} is locked with a password, or an old .xls: save it as .xlsx without a password.")
    if not data.startswith(b"PK"):
        raise InputError(f"{name} is no Excel workbook (.xlsx).")
    package = Package(data, name)
    if "xl/workbook.xml" not in package:
        raise InputError(f"{name} is no Excel workbook (.xlsx).")
    if any(part.endswith("vbaproject.bin") for part in package.parts):
        raise InputError(f"{name} holds macros: save it as .xlsx, which holds none.")


def _rows(sheet: Any, name: str) -> list[list[tuple[str | None, str]]]:
    """The rows of a sheet up to the last that says something, each up to its last cell that does."""
    from kg.workbooks.text import words_in

    # What the file says of its size is not believed.
    sheet.reset_dimensions()
    rows: list[list[tuple[str | None, str]]] = []
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [(_value(cell, words_in), str(cell.data_type)) for cell in row]
        while cells and cells[-1][0] is None:
            cells.pop()
        if not cells:
            continue
        if number > MAX_ROWS or len(cells) > MAX_COLUMNS:
            sentence = (
                f"something stands in row {number:,}, column {len(cells):,}; at most {MAX_ROWS:,} rows and "
                f"{MAX_COLUMNS} columns are read. Delete what is not yours, and save it again."
            )
            raise InputError(Problem(sentence, f"{name}, {sheet.title}"))
        rows += [[] for _ in range(number - len(rows) - 1)]
        rows.append(cells)
    return rows


def _value(cell: Any, words_in: Any) -> str | None:
    value = cell.value
    if value is None or isinstance(value, str):
        return value or None
    return str(words_in(cell))


if __name__ == "__main__":
    main()
