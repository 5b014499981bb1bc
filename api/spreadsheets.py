"""Tables for spreadsheets: CSV and Excel workbooks in which no text can be taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from kg.questions import Value, harmless, legal

UNSTATED: Final = "not stated"
WIDEST_COLUMN: Final = 60


@dataclass(frozen=True)
class Table:
    """Columns and rows; None is "not stated"."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
    title: str = "Plangraph"


def as_csv(table: Table) -> bytes:
    """The table as CSV: UTF-8 with a byte order mark, without which Excel misreads accents."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_harmless(column) for column in table.columns])
    writer.writerows([_harmless(value) for value in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def as_workbook(*tables: Table) -> bytes:
    """A workbook of one sheet a table, each header in bold and kept in view."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for table in tables:
        _fill(book.create_sheet(_sheet_name(table.title)), table)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_name(title: str) -> str:
    return "".join(c for c in title if c not in "[]:*?/\\")[:31] or "Plangraph"


def _fill(sheet: Any, table: Table) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.append([_harmless(column) for column in table.columns])
    for row in table.rows:
        sheet.append([_harmless(value) for value in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, column in enumerate(table.columns, 1):
        widest = max((len(str(row[number - 1] or "")) for row in table.rows), default=0)
        sheet.column_dimensions[get_column_letter(number)].width = min(max(widest, len(column)) + 2, WIDEST_COLUMN)
    sheet.freeze_panes = "A2"
    if table.rows:
        sheet.auto_filter.ref = sheet.dimensions


def _harmless(value: Value) -> Value:
    if value is None:
        return UNSTATED
    if not isinstance(value, str):
        return value
    # What is taken out first cannot hide what comes after it.
    return harmless(legal(value))
