"""The workbook an officer plans in: easy sheets for a new plan, or every table of a plan that exists.

The two never stand in one workbook, so that they cannot disagree. A new plan is written on the sheet Actions and read
as any Excel plan is; a workbook of tables (`kg.workbooks.tables`) is read cell for cell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from openpyxl.styles import Protection
from openpyxl.utils import get_column_letter

from kg.errors import InputError, Problem
from kg.register import FILES, Register
from kg.tables import TABLES, CodeOf, NameOf, known_codes, period_label, years_between
from kg.workbooks.guidance import MARK_SHEET, START_SHEET, mark, start_here
from kg.workbooks.look import SPARE_ROWS, Sheet, add_list, choose, lay_out, mark_missing
from kg.workbooks.opened import open_workbook, sheet_names
from kg.workbooks.tables import META_SHEET, REGISTER, Folder, add_tables, read_tables
from kg.workbooks.text import put

NEW_PLAN: Final = "template"
ALL_TABLES: Final = "tables"
ACTIONS_SHEET: Final = "Actions"
PLAN_SHEET: Final = "Plan"
PRIORITIES_SHEET: Final = "Priorities"
EXAMPLE_SHEET: Final = "Example"
NOT_ACTIONS: Final = frozenset({START_SHEET, PLAN_SHEET, PRIORITIES_SHEET, EXAMPLE_SHEET})
"""The sheets of a new plan that hold no actions: a reader of its actions leaves them out."""
ROWS: Final = 200
YEARS: Final = 3
FILLED: Final = frozenset({"source", "certainty", "position", "role"})
"""Columns that are filled in when they are left blank."""
NEEDED: Final = ("Strategic priority", "Action", "Lead partners")
NOTES: Final = {
    "Strategic priority": "One of the sheet Priorities. Write it again in every row.",
    "Delivery priority": "One of the sheet Priorities; leave it empty where the plan has one level only.",
    "Ref": "A reference such as 2.10. Leave it empty and one is made for you.",
    "Action": "What will be done. Several steps: a line each, begun with a hyphen.",
    "Lead partners": "Who leads. Several: a line each, or with ; between them. Choose one, or write.",
    "Supporting partners": "Who helps without leading.",
    "Lead post": "The post that answers, such as Head of Community Safety. Never a person's name.",
    "Expected outcome": "What will be different.",
    "How we will measure it": "The figure or finding that shows it.",
    "By when": "A date or a period: March 2026, 2025/26 Q2, Ongoing.",
    "RAG": "Only where the plan already runs.",
    "Progress": "Only where the plan already runs: what was done.",
}
WIDTHS: Final = {
    "Strategic priority": 24, "Delivery priority": 24, "Ref": 8, "Action": 46, "Lead partners": 28,
    "Supporting partners": 24, "Lead post": 22, "Expected outcome": 32, "How we will measure it": 30, "By when": 16,
    "RAG": 12, "Progress": 30,
}  # fmt: skip
YEAR_NOTE: Final = "Where it is to stand in that year: choose one, or write in words."
TITLE: Final = "A new plan"
PLAN_COLUMNS: Final = ("About the plan", "Write here", "What to write")
PRIORITY_COLUMNS: Final = ("Strategic priorities to choose from", "Delivery priorities to choose from")
FACTS: Final = {
    "Title": "What the plan is called, with its years.",
    "Borough": "The council area, in small letters with hyphens: tower-hamlets.",
    "First year": "Such as 2024/25.",
    "Last year": "The same again where it is for one year.",
}
EXAMPLE: Final = (
    ("1 Street violence (synthetic example)", "1 To cut street violence", "1.1",
     "Ways out. We will:\n- Meet every young person found with a knife.\n- Run a weekly club.",
     "Westmere Constabulary; Youth Team", "", "Youth Safety Manager", "Young people leave violence behind.",
     "Change in recorded assaults", "March 2025", "Ongoing", "Ongoing", "", "", ""),
    ("2 Evenings out (synthetic example)", "1 Safer evenings", "2.10", "Train door staff.",
     "Council Licensing", "Market Wardens", "Licensing Manager", "Guests get home safe.", "", "2024/25 Q2",
     "To be confirmed", "Not applicable", "", "", ""),
)  # fmt: skip


def new_plan(
    register: Register, first: str, states: Iterable[str], rags: Iterable[str], offered: Sequence[str] = ()
) -> Any:
    """A workbook to write a new plan in, with a column for each of three years from `first` on.

    `states` and `rags` are the labels that may be chosen; `offered` the names of partners, else all of the register.
    """
    from openpyxl import Workbook

    years = [period_label(each) for each in years_of(first)]
    columns = (*list(NOTES)[:10], *years, "RAG", "Progress")
    book = Workbook()
    book.remove(book.active)
    start_here(book, TITLE, _guidance(years))
    _facts(book)
    _priorities(book)
    names = list(offered) or sorted(body.label for body in register.of_kind("body"))
    partners, stated = add_list(book, "Partners", names), add_list(book, "State", list(states))
    choices = {
        "Strategic priority": f"{PRIORITIES_SHEET}!$A$2:$A$40", "Delivery priority": f"{PRIORITIES_SHEET}!$B$2:$B$40",
        "Lead partners": partners, "Supporting partners": partners, "RAG": add_list(book, "RAG", list(rags)),
        **dict.fromkeys(years, stated),
    }  # fmt: skip
    loose = tuple(name for name in choices if name != "RAG")
    notes = {**NOTES, **dict.fromkeys(years, YEAR_NOTE)}
    widths = {**WIDTHS, **dict.fromkeys(years, 18)}
    about = Sheet(columns, None, choices, notes, widths, NEEDED, (), loose, spare=ROWS)
    sheet = lay_out(_sheet(book, ACTIONS_SHEET, [columns]), about)
    for number, name in enumerate(columns, 1):
        if name in years:
            sheet.cell(1, number).protection = Protection(locked=False)
    example = [(*cells[: 10 + len(years)], "", "") for cells in EXAMPLE]
    lay_out(_sheet(book, EXAMPLE_SHEET, [columns, *example]), Sheet(columns, widths=widths, fixed=columns, spare=0))
    book.move_sheet("Lists", len(book.sheetnames))
    mark(book, NEW_PLAN, {"first_period": first})
    return book


def years_of(first: str) -> tuple[str, ...]:
    """The years that a new plan has columns for, from the first on."""
    last = int(first[:4]) + YEARS - 1
    return tuple(years_between(first, f"{last}-{last + 1}" if "-" in first else str(last)))


def own_words(years: Sequence[str]) -> set[str]:
    """All that stands in a new plan before anybody has written in it, but for its lists; `years` are labels."""
    cells = {words for row in EXAMPLE for words in row}
    return {TITLE, *_guidance(years), *NOTES, *NOTES.values(), *FACTS, *FACTS.values(), *cells, *years, YEAR_NOTE,
            *PLAN_COLUMNS, *PRIORITY_COLUMNS}  # fmt: skip


def all_tables(held: Folder, register: Register, codes: frozenset[str]) -> Any:
    """A workbook with every table of a plan, with what may be chosen in each column."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    start_here(book, held.plan.meta.label, _guidance_of_tables(held))
    add_tables(book, held)
    lists: dict[str, str] = {}
    for table in held.tables:
        _offer(book, book[f"{table}.csv"], TABLES[table].model_fields, codes, register, lists)
    for name in held.register:
        _offer(book, book[f"{REGISTER}.{name}.csv"], FILES[name][0].model_fields, codes, register, lists)
    mark(book, ALL_TABLES, {"plan": held.plan.meta.id, "version": held.plan.meta.graph_version})
    return book


def is_tables(path: Path) -> bool:
    """Whether a file is a workbook of tables that we wrote; a file that is no workbook is none."""
    return {META_SHEET, MARK_SHEET} <= sheet_names(path)


def restored(path: Path, out: Path, ontology: Path, *, replaced: bool) -> str:
    """Write the tables of a workbook into a folder, and return what was written in a sentence.

    InputError with sheet, row and column of everything wrong, and where the folder holds other tables, unless
    `replaced` says that they may go.
    """
    book = open_workbook(path)
    if ACTIONS_SHEET in book.sheetnames:
        sentence = f"it holds the sheet {ACTIONS_SHEET} beside the tables, and the two may disagree: take one out."
        raise InputError(Problem(sentence, path.name))
    problems: list[Problem] = []
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    held = read_tables(book, known_codes(ontology), problems, file=path.name, sha256=sha256)
    if problems or held is None:
        raise InputError(problems)
    if (out / META_SHEET).exists() and not replaced:
        raise InputError(f"{out} holds a plan already: choose another folder, or say --replace.")
    held.write(out)
    return f"{held.plan.meta.label}: {len(held.plan.rows['actions'])} actions in {len(held.tables)} tables."


def _sheet(book: Any, title: str, rows: Sequence[Sequence[str]]) -> Any:
    sheet = book.create_sheet(title)
    for number, cells in enumerate(rows, 1):
        for column, words in enumerate(cells, 1):
            put(sheet.cell(number, column), words)
    return sheet


def _facts(book: Any) -> None:
    rows = [PLAN_COLUMNS, *((name, "", words) for name, words in FACTS.items())]
    sheet = _sheet(book, PLAN_SHEET, rows)
    about, here, what = PLAN_COLUMNS
    widths = {about: 20, here: 60, what: 60}
    lay_out(sheet, Sheet(PLAN_COLUMNS, widths=widths, needed=(here,), fixed=(about, what), spare=0))


def _priorities(book: Any) -> None:
    sheet = _sheet(book, PRIORITIES_SHEET, [PRIORITY_COLUMNS])
    lay_out(sheet, Sheet(PRIORITY_COLUMNS, widths=dict.fromkeys(PRIORITY_COLUMNS, 60), spare=39))


def _guidance(years: Sequence[str]) -> tuple[str, ...]:
    return (
        "1. Plan: say what the plan is called, where it is for, and its years.",
        "2. Priorities: list the priorities with their numbers, such as 1 Safer streets. They can then be chosen.",
        "3. Actions: a row an action. Only this sheet is read as the plan: write the priority in every row.",
        f"The columns {', '.join(years)} say where an action is to stand in each year. Rename them as your years are; "
        "insert a column for another, and leave empty what your plan does not have.",
        "Yellow cells need something. The other dark headings must stay as they are; hold the pointer over one to see "
        "what it is for. The sheets are guarded against slips, without a password.",
        "Partners: choose a name, or write another; a name nobody knows is proposed as new when the plan is read.",
        "Write posts, never names of people, and no e-mail addresses.",
        "Leave a cell empty where the plan says nothing: empty is read as not stated, never as nought.",
        "The sheet Example shows two invented actions. It is not read.",
        "When it is done: plangraph read plan.xlsx --out my-plan; look at the report; plangraph build --add my-plan.",
    )


def _guidance_of_tables(held: Folder) -> tuple[str, ...]:
    return (
        "Every table of the plan, a sheet a file. Nothing is left out: read back unchanged, it gives the same files.",
        "Correct, add or take out rows below the headings. The headings stay as they are.",
        "A column that holds several things has | between them. Codes such as status-ongoing can be chosen.",
        "Every cell is text, so that 2.10 stays 2.10. Write no formulas.",
        "Left empty, these are filled in: position (the next), role (alone or joint), source (this workbook's own row) "
        "and certainty (stated).",
        "Write posts, never names of people.",
        f"Read it back with: plangraph read this-file.xlsx --out {held.plan.meta.plan}",
    )


def _offer(
    book: Any, sheet: Any, fields: Mapping[str, Any], codes: frozenset[str], register: Register, lists: dict[str, str]
) -> None:
    """Give the columns of a sheet of tables their choices, and colour what may not be empty."""
    named = {info.alias or name: info for name, info in fields.items()}
    last = sheet.max_row + SPARE_ROWS
    for number in range(1, sheet.max_column + 1):
        column = sheet.cell(1, number).value
        info = named.get(column)
        if info is None:
            continue
        cells = f"{get_column_letter(number)}2:{get_column_letter(number)}{last}"
        for marker in info.metadata:
            if isinstance(marker, CodeOf | NameOf):
                called, words = _choices(marker, codes, register)
                if called not in lists:
                    lists[called] = add_list(book, called, words)
                several = "tuple" in str(info.annotation)
                choose(sheet, cells, lists[called], column, strict=isinstance(marker, CodeOf) and not several)
        if info.is_required() and column not in FILLED:
            mark_missing(sheet, cells, get_column_letter(number), len(named))


def _choices(marker: CodeOf | NameOf, codes: frozenset[str], register: Register) -> tuple[str, list[str]]:
    if isinstance(marker, CodeOf):
        return marker.prefix, sorted(code for code in codes if code.startswith(f"{marker.prefix}-"))
    names = sorted({entry.label for kind in marker.kinds for entry in register.of_kind(kind)}, key=str.casefold)
    return " ".join(marker.kinds), names
