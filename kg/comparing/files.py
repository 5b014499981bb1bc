"""What changed, as the bytes of a file: JSON, CSV or a workbook."""

from __future__ import annotations

import csv
import io
import json

from kg.comparing.versions import COLUMNS, KINDS, Changes
from kg.questions import harmless, legal


def as_json(changes: Changes) -> bytes:
    """One object, its keys in the order of the kinds of change."""
    return (json.dumps(changes.as_json(), ensure_ascii=False, indent=2) + "\n").encode()


def as_csv(changes: Changes) -> bytes:
    """A row a change: UTF-8 with a byte order mark, without which Excel misreads accents."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([harmless(legal(value or "")) for value in row] for row in changes.rows())
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(changes: Changes) -> bytes:
    """A sheet that sums up, and one with a row a change."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = "Summary"
    sheet.append([harmless(legal(changes.summary))])
    sheet.append([])
    for name, entries in changes.lists():
        sheet.append([KINDS[name], len(entries)])
    sheet.column_dimensions["A"].width = 60
    rows = book.create_sheet("Changes")
    rows.append(COLUMNS)
    for row in changes.rows():
        rows.append([harmless(legal(value or "")) for value in row])
    for cell in rows[1]:
        cell.font = Font(bold=True)
    for column, width in zip("ABCDEFGH", (30, 8, 8, 40, 50, 50, 10, 40), strict=True):
        rows.column_dimensions[column].width = width
    rows.freeze_panes = "A2"
    rows.auto_filter.ref = rows.dimensions
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FILES = {"json": as_json, "csv": as_csv, "xlsx": as_xlsx}
