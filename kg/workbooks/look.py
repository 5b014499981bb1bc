"""How a sheet looks and what it lets a person choose: header, widths, drop-downs, checks, print set-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Final

from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from kg.tables import Row

INK: Final = "0B0C0C"
BRAND: Final = "1D3557"
GIVEN: Final = "EEF1F4"
"""Behind what stands already and is not to be changed."""
MISSING: Final = "FFF2CC"
"""Behind an empty cell that needs something."""
RULE: Final = Border(bottom=Side("thin", color="C3C9D0"))
WIDEST: Final = 60
NARROWEST: Final = 9
LISTS_SHEET: Final = "Lists"
SPARE_ROWS: Final = 30
"""How many rows below the last one have drop-downs and checks too."""


@dataclass(frozen=True)
class Sheet:
    """What lies in a sheet of one table: its columns, and for those that have them the choices, notes and widths.

    `needed` are the columns that a row may not leave blank; `fixed` those that nobody is to change.
    """

    columns: Sequence[str]
    row_type: type[Row] | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    """The range of the hidden sheet of lists that holds what may be chosen, by column."""
    notes: Mapping[str, str] = field(default_factory=dict)
    widths: Mapping[str, int] = field(default_factory=dict)
    needed: Sequence[str] = ()
    fixed: Sequence[str] = ()
    loose: Sequence[str] = ()
    """Columns whose list is an offer: something else may be written too."""
    landscape: bool = True
    spare: int = SPARE_ROWS


def lay_out(sheet: Any, about: Sheet) -> Any:
    """Give a filled sheet its header, widths, drop-downs, checks and print set-up, and return it."""
    last = max(sheet.max_row, 1)
    sheet.freeze_panes = "B2"
    sheet.sheet_view.zoomScale = 100
    for number, name in enumerate(about.columns, 1):
        letter = get_column_letter(number)
        _header(sheet.cell(1, number), about.notes.get(name, ""))
        sheet.column_dimensions[letter].width = about.widths.get(name) or _width(sheet, number, last)
        cells = f"{letter}2:{letter}{last + about.spare}"
        if name in about.choices:
            choose(sheet, cells, about.choices[name], name, strict=name not in about.loose)
        if name in about.needed:
            mark_missing(sheet, cells, letter, len(about.columns))
    _body(sheet, about, last)
    sheet.row_dimensions[1].height = 32
    if last > 1:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(about.columns))}{last}"
    _print(sheet, about)
    _protect(sheet)
    return sheet


def _header(cell: Any, note: str) -> None:
    cell.font = Font(name="Calibri", bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=BRAND)
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    if note:
        cell.comment = Comment(note, "Plangraph", width=300, height=min(40 + 18 * (len(note) // 40 + 1), 260))


def _width(sheet: Any, number: int, last: int) -> int:
    shown = (str(sheet.cell(row, number).value or "") for row in range(1, min(last, 300) + 1))
    widest = max((len(line) for words in shown for line in words.split("\n")), default=0)
    return max(NARROWEST, min(widest + 3, WIDEST))


def _body(sheet: Any, about: Sheet, last: int) -> None:
    cells = sheet._cells
    for number, name in enumerate(about.columns, 1):
        first = sheet.cell(2, number)
        first.number_format = "@"
        first.alignment = Alignment(wrap_text=True, vertical="top")
        first.border = RULE
        first.protection = Protection(locked=name in about.fixed)
        if name in about.fixed:
            first.fill = PatternFill("solid", fgColor=GIVEN)
        # The library compares each style that it is given with all it has: of 5,000 rows that takes minutes.
        for row in range(3, last + about.spare + 1):
            (cells.get((row, number)) or sheet.cell(row, number))._style = copy(first._style)


def choose(sheet: Any, cells: str, source: str, name: str, *, strict: bool) -> None:
    """Offer a list in cells; `strict` refuses what is not in it, else the person is asked whether it is right."""
    rule = DataValidation("list", formula1=source, allow_blank=True, showErrorMessage=True, showInputMessage=True)
    rule.errorStyle = "stop" if strict else "warning"
    rule.errorTitle, rule.promptTitle = "Not in the list", name[:32]
    rule.error = (
        "Choose one of the list." if strict else "This is not in the list. It will be proposed as new: is it right?"
    )
    rule.prompt = "Choose one of the list." if strict else "Choose of the list, or write another."
    rule.add(cells)
    sheet.add_data_validation(rule)


def mark_missing(sheet: Any, cells: str, letter: str, columns: int) -> None:
    """Colour an empty cell where its row says something elsewhere."""
    last = get_column_letter(columns)
    formula = f"AND(COUNTA($A2:${last}2)>0,LEN(TRIM(${letter}2))=0)"
    rule = FormulaRule(formula=[formula], fill=PatternFill("solid", bgColor=MISSING, fgColor=MISSING))
    sheet.conditional_formatting.add(cells, rule)


def _print(sheet: Any, about: Sheet) -> None:
    sheet.page_setup.orientation = "landscape" if about.landscape else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "Page &P of &N"


def _protect(sheet: Any) -> None:
    """Guard the header and what is fixed against slips; there is no password."""
    guard = sheet.protection
    guard.sheet = True
    guard.formatColumns = guard.formatRows = guard.formatCells = False
    guard.insertRows = guard.insertColumns = guard.deleteRows = guard.sort = guard.autoFilter = False


def add_list(book: Any, name: str, words: Sequence[str]) -> str:
    """Lay words into the next column of the hidden sheet of lists, and return the range they stand in."""
    from kg.workbooks.text import put

    if LISTS_SHEET not in book.sheetnames:
        made = book.create_sheet(LISTS_SHEET)
        made.sheet_state = "hidden"
    sheet = book[LISTS_SHEET]
    column = 1 if sheet.cell(1, 1).value is None else sheet.max_column + 1
    for row, each in enumerate([name, *words], 1):
        put(sheet.cell(row, column), each)
    letter = get_column_letter(column)
    return f"{LISTS_SHEET}!${letter}$2:${letter}${max(len(words), 1) + 1}"
