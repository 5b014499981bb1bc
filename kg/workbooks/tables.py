"""The tables of a plan as sheets of a workbook and back, so that nothing is lost and no cell becomes another.

A sheet is named as the file it stands for: `plan.toml`, `actions.csv`, `register.bodies.csv`. Row 1 holds the column
names of the table; a table that was not there has no sheet, an empty one has a sheet of row 1 alone.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from kg.errors import InputError, Problem
from kg.register import FILES
from kg.tables import TABLES, Action, Fact, Lead, Plan, PlanMeta, Row, as_cell, header, nearest, read_rows, write_rows
from kg.tables.files import faults, unknown_codes
from kg.tables.plan import loose_ends, meta_as_toml, repeated
from kg.workbooks.look import Sheet, lay_out
from kg.workbooks.text import is_formula, put_rows, words_in

META_SHEET: Final = "plan.toml"
META_COLUMNS: Final = ("key", "value")
REGISTER: Final = "register"


@dataclass(frozen=True)
class Folder:
    """A plan and the rows of its own register, by file; `tables` are those that have a file, in order.

    `keys` is the order in which plan.toml says what it says.
    """

    plan: Plan
    register: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    tables: tuple[str, ...] = tuple(TABLES)
    keys: tuple[str, ...] = ()

    @classmethod
    def of(cls, plan: Plan, codes: frozenset[str]) -> Folder:
        """What lies in the folder a plan was read from. Raises InputError where its register cannot be used."""
        if plan.folder is None:
            return cls(plan)
        problems: list[Problem] = []
        register = {
            name: tuple(read_rows(path, row_type, columns, codes, problems)[0])
            for name, (row_type, columns) in FILES.items()
            if (path := plan.folder / REGISTER / f"{name}.csv").is_file()
        }
        if problems:
            raise InputError(problems)
        tables = tuple(table for table in TABLES if (plan.folder / f"{table}.csv").is_file())
        said = tomllib.loads((plan.folder / META_SHEET).read_text("utf-8-sig"))
        return cls(plan, register, tables, tuple(key for key, _ in _flat(said)))

    def write(self, folder: Path) -> None:
        """Lay the files into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / META_SHEET).write_text(meta_as_toml(self.plan.meta, self.keys), encoding="utf-8", newline="\n")
        for table in self.tables:
            write_rows(folder / f"{table}.csv", header(TABLES[table]), self.plan.rows.get(table, ()))
        for name, rows in self.register.items():
            (folder / REGISTER).mkdir(exist_ok=True)
            write_rows(folder / REGISTER / f"{name}.csv", FILES[name][1], rows)


def add_tables(book: Any, held: Folder) -> None:
    """Add a sheet for every file of a plan's folder to an openpyxl workbook.

    Raises InputError with the place of a text that is longer than a cell may be.
    """
    meta = [(key, str(value)) for key, value in _ordered(held.plan.meta, held.keys)]
    lay_out(_filled(book, META_SHEET, META_COLUMNS, meta), Sheet(META_COLUMNS))
    for table in held.tables:
        row_type = TABLES[table]
        rows = [_cells(row, header(row_type)) for row in held.plan.rows.get(table, ())]
        lay_out(_filled(book, f"{table}.csv", header(row_type), rows), Sheet(header(row_type), row_type))
    for name, entries in held.register.items():
        row_type, columns = FILES[name]
        rows = [_cells(row, columns) for row in entries]
        lay_out(_filled(book, f"{REGISTER}.{name}.csv", columns, rows), Sheet(columns, row_type))


def holds_tables(book: Any) -> bool:
    """Whether a workbook holds a plan as the sheets that `add_tables` makes."""
    return META_SHEET in book.sheetnames


def read_tables(
    book: Any, codes: frozenset[str], problems: list[Problem], *, file: str = "", sha256: str = ""
) -> Folder | None:
    """The plan in the sheets of a workbook, without the rows that have a problem; what is wrong joins `problems`.

    A problem says sheet, row and column. `file` and `sha256` name the workbook itself: a row whose source, certainty,
    position or role is blank is taken as stated in its own row of it. None where plan.toml cannot be used.
    """
    meta, keys = _read_meta(book, codes, problems, file, sha256)
    rows: dict[str, tuple[Any, ...]] = dict.fromkeys(TABLES, ())
    numbers: dict[tuple[str, str], int] = {}
    register: dict[str, tuple[Row, ...]] = {}
    present = []
    for sheet in book.worksheets:
        table = sheet.title.removesuffix(".csv")
        name = table.removeprefix(f"{REGISTER}.")
        if not sheet.title.endswith(".csv"):
            continue
        if table in TABLES:
            row_type = TABLES[table]
            read = _read_sheet(sheet, row_type, header(row_type), codes, problems)
            present.append(table)
            rows[table] = tuple(row for row, _ in read)
            at = [number for _, number in read]
            problems.extend(repeated(table, rows[table], at, sheet.title))
            numbers |= {(table, row.path): number for row, number in read}
        elif table != name and name in FILES:
            row_type, columns = FILES[name]
            register[name] = tuple(row for row, _ in _read_sheet(sheet, row_type, columns, codes, problems))
        else:
            known = [f"{each}.csv" for each in TABLES]
            problems.append(Problem(f"no table has this name{nearest(sheet.title, known)}.", sheet.title))
    if meta is None:
        return None
    plan = Plan(meta, rows, None, numbers)
    if not problems:
        problems.extend(replace(problem, file=Path(problem.file).name) for problem in loose_ends(plan))
    order = tuple(table for table in TABLES if table in present)
    return Folder(plan, register, order, keys)


# --- writing ---------------------------------------------------------------------------------------------------------


def _filled(book: Any, title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Any:
    return put_rows(book.create_sheet(title), [columns, *rows])


def _cells(row: Row, columns: tuple[str, ...]) -> tuple[str, ...]:
    values = row.model_dump(by_alias=True)
    return tuple(as_cell(values[column]) for column in columns)


def _ordered(meta: PlanMeta, keys: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    said = dict(_flat(meta.model_dump()))
    for key in (*(key for key in keys if key in said), *(key for key in said if key not in keys)):
        if said[key]:
            yield key, said[key]


def _flat(said: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in said.items():
        if isinstance(value, Mapping):
            yield from ((f"{key}.{below}", each) for below, each in value.items())
        elif value is not None:
            yield key, value


# --- reading ---------------------------------------------------------------------------------------------------------


def _read_meta(
    book: Any, codes: frozenset[str], problems: list[Problem], file: str, sha256: str
) -> tuple[PlanMeta | None, tuple[str, ...]]:
    if META_SHEET not in book.sheetnames:
        problems.append(Problem("there is no sheet of this name, so this workbook holds no tables.", META_SHEET))
        return None, ()
    said: dict[str, Any] = {}
    for number, cells in _lines(book[META_SHEET], problems):
        key, value = (*cells, "", "")[:2]
        if not value:
            continue
        table, dot, below = key.partition(".")
        place = said.setdefault(table, {}) if dot else said
        if not isinstance(place, dict) or (below or key) in place:
            problems.append(Problem(f'"{key}" stands twice.', META_SHEET, number, "key"))
            continue
        place[below or key] = value
    keys = tuple(key for key, _ in _flat(said))
    # An officer who wrote the plan here has no other document.
    source = said.setdefault("source", {})
    if sha256 and isinstance(source, dict) and not source:
        source |= {"file": file, "sha256": sha256}
    try:
        meta = PlanMeta.model_validate(said)
    except ValidationError as error:
        problems.extend(faults(error, META_SHEET))
        return None, keys
    problems.extend(unknown_codes(meta, codes, META_SHEET))
    return meta, keys


def _read_sheet(
    sheet: Any, row_type: type[Row], columns: tuple[str, ...], codes: frozenset[str], problems: list[Problem]
) -> list[tuple[Any, int]]:
    names = [words_in(cell).strip() for cell in sheet[1]] if sheet.max_row else []
    while names and not names[-1]:
        names.pop()
    lost = [name for name in columns if name not in names]
    strange = [name for name in dict.fromkeys(names) if name not in columns]
    found = [Problem(f"this column is missing{nearest(name, strange)}.", sheet.title, 1, name) for name in lost]
    found += [Problem("no such column is known; take it out.", sheet.title, 1, name) for name in strange if not lost]
    found += [Problem("this column stands twice.", sheet.title, 1, name) for name in columns if names.count(name) > 1]
    if found:
        problems.extend(found)
        return []
    lines: list[tuple[int, dict[str, str]]] = []
    for number, cells in _lines(sheet, problems):
        if any(cells[len(names) :]):
            problems.append(Problem("something stands right of the last column.", sheet.title, number))
        else:
            lines.append((number, dict(zip(names, (*cells, *[""] * len(names)), strict=False))))
    if issubclass(row_type, Fact):
        _fill_blanks(lines, row_type, sheet.title)
    read = []
    for number, said in lines:
        row = _validated(row_type, said, codes, sheet.title, number, problems)
        if row is not None:
            read.append((row, number))
    return read


def _lines(sheet: Any, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """The rows below the first that say something; a formula is a problem, for what it shows is no statement."""
    for number, cells in enumerate(sheet.iter_rows(min_row=2), 2):
        computed = [cell for cell in cells if is_formula(cell)]
        problems.extend(
            Problem("this is a formula: write what it shows.", sheet.title, number,
                    words_in(sheet.cell(1, cell.column)) or cell.column_letter)
            for cell in computed
        )  # fmt: skip
        words = [words_in(cell) for cell in cells]
        if not computed and any(each.strip() for each in words):
            yield number, words


def _fill_blanks(lines: list[tuple[int, dict[str, str]]], row_type: type[Row], sheet: str) -> None:
    """Fill in what a person need not write: that the row itself is the source, how certain, which place, which role."""
    owners = Counter(_owner(said) for _, said in lines)
    seen: Counter[str] = Counter()
    for number, said in lines:
        place = "" if row_type is Action else _owner(said)
        seen[place] += 1
        filled = {
            "source": f"{slug_of(sheet)}-R{number}-{CELL_COLUMNS.get(sheet, 'comments')}",
            "certainty": "cert-stated",
            "position": str(seen[place]),
        }
        if row_type is Lead:
            filled["role"] = "role-sole" if owners[_owner(said)] == 1 else "role-joint"
        said |= {name: words for name, words in filled.items() if said.get(name) == ""}


def _owner(said: Mapping[str, str]) -> str:
    return said.get("element") or said.get("is_part_of") or "plan"


def slug_of(sheet: str) -> str:
    """A sheet's name as the ids of its cells write it."""
    return re.sub(r"[^a-z0-9]+", "-", sheet.casefold()).strip("-") or "sheet"


CELL_COLUMNS: Final = {
    "priorities.csv": "priority", "delivery-priorities.csv": "delivery-priority", "actions.csv": "activity",
    "improvements.csv": "improvement-actions", "steps.csv": "activity", "leads.csv": "lead-partners",
    "statuses.csv": "status", "outcomes.csv": "expected-outcome", "indicators.csv": "measure",
    "measures.csv": "measure", "readings.csv": "measure", "deadlines.csv": "timescale", "owners.csv": "owner",
    "updates.csv": "progress",
}  # fmt: skip
"""The column of a plan that a row of a sheet stands for, where the row itself is the source."""


def _validated(
    row_type: type[Row], said: Mapping[str, str], codes: frozenset[str], sheet: str, number: int,
    problems: list[Problem],
) -> BaseModel | None:  # fmt: skip
    try:
        row = row_type.model_validate(said)
    except ValidationError as error:
        problems.extend(faults(error, sheet, number))
        return None
    unknown = unknown_codes(row, codes, sheet, number)
    problems.extend(unknown)
    return None if unknown else row
