"""The sheet that says how a workbook is filled in, and the mark by which a workbook of ours is known again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Font

from kg.workbooks.look import BRAND
from kg.workbooks.text import put, words_in

START_SHEET: Final = "Start here"
MARK_SHEET: Final = "Plangraph"
PROPERTY: Final = "Plangraph"


def start_here(book: Any, title: str, sentences: Sequence[str]) -> None:
    """Add the sheet with a title and a sentence a row."""
    sheet = book.create_sheet(START_SHEET)
    sheet.sheet_view.showGridLines = False
    sheet.column_dimensions["A"].width = 96
    put(sheet["A1"], title)
    sheet["A1"].font = Font(bold=True, size=16, color=BRAND)
    for row, words in enumerate(sentences, 3):
        put(sheet.cell(row, 1), words)
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row].height = 17 * (len(words) // 92 + 1)
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.protection.sheet = True


def mark(book: Any, kind: str, said: Mapping[str, str]) -> None:
    """Mark a workbook as ours, of a kind, with what it was made for: a property of the file and a hidden sheet."""
    book.custom_doc_props.append(StringProperty(name=PROPERTY, value=kind))
    book.properties.creator = "Plangraph"
    sheet = book.create_sheet(MARK_SHEET)
    sheet.sheet_state = "hidden"
    for row, (key, value) in enumerate({"kind": kind, **said}.items(), 1):
        put(sheet.cell(row, 1), key)
        put(sheet.cell(row, 2), value)


def marked(book: Any) -> dict[str, str]:
    """What a workbook of ours says it was made for; nothing where it is none."""
    if MARK_SHEET not in book.sheetnames:
        return {}
    rows = book[MARK_SHEET].iter_rows(max_row=20, max_col=2)
    return {words_in(key): words_in(value) for key, value in rows if key.value is not None}
