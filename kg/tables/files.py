"""One table and its CSV file: UTF-8, a header line, commas, a row a fact."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from rapidfuzz import process

from kg.errors import InputError, Problem
from kg.tables.rows import Row
from kg.tables.values import as_cell, coded

R = TypeVar("R", bound=Row)


def shown(path: Path) -> str:
    """A path as a message names it: from the working directory where it lies below, else in full."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def nearest(word: str, known: Iterable[str]) -> str:
    """' (nearest: x)' for the known word most like `word`, or nothing where none is like it. Only a hint."""
    by_form = {name.casefold(): name for name in sorted(known, reverse=True)}
    match = process.extractOne(word.casefold(), by_form.keys(), score_cutoff=60)
    return f" (nearest: {by_form[match[0]]})" if match else ""


def read_text(path: Path) -> str:
    """A file's text. Raises InputError where it is missing, empty, binary or not UTF-8."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise InputError(Problem("this file is missing.", shown(path))) from None
    except OSError as error:
        raise InputError(Problem(f"this file cannot be read: {error.strerror}.", shown(path))) from None
    if not raw.strip():
        raise InputError(Problem("this file is empty.", shown(path)))
    if b"\0" in raw:
        raise InputError(Problem("this is not a text file (it holds zero bytes): save it as CSV UTF-8.", shown(path)))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        sentence = f"byte 0x{raw[error.start]:02x} is not UTF-8 text: save it as CSV UTF-8."
        raise InputError(Problem(sentence, shown(path), row)) from None


def known_codes(ontology: Path) -> frozenset[str]:
    """The local names of all codes that codes.ttl in the folder `ontology` defines."""
    # Not parsed as Turtle, which would take longer than everything else a reader of tables does: a line
    # `code:x a skos:Concept` defines x, and a test holds the file to that form.
    text = read_text(ontology / "codes.ttl")
    return frozenset(re.findall(r"^code:([a-z0-9-]+) a skos:Concept[ ,;]", text, re.MULTILINE))


def read_rows(
    path: Path, row_type: type[R], columns: tuple[str, ...], codes: frozenset[str], problems: list[Problem]
) -> tuple[list[R], list[int]]:
    """The rows of one CSV file, and the row number of each as a spreadsheet counts (the header is row 1).

    What is wrong is added to `problems`; rows with a problem are left out. `codes` are all codes there are.
    """
    file = shown(path)
    try:
        text = read_text(path)
    except InputError as error:
        problems.extend(error.problems)
        return [], []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[R] = []
    numbers: list[int] = []
    number = 1
    try:
        names = [name.strip() for name in next(reader)]
        if not _header_holds(file, names, columns, problems):
            return [], []
        for number, cells in enumerate(reader, 2):
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(names):
                sentence = (
                    f"this row has {len(cells)} cells and the header has {len(names)}: "
                    "a cell that holds a comma must stand in quotes."
                )
                problems.append(Problem(sentence, file, number))
                continue
            row = _row(row_type, dict(zip(names, cells, strict=True)), codes, file, number, problems)
            if row is not None:
                rows.append(row)
                numbers.append(number)
    except csv.Error as error:
        problems.append(Problem(f"from here on this is no CSV ({error}).", file, number + (number > 1)))
    return rows, numbers


def _header_holds(file: str, names: list[str], columns: tuple[str, ...], problems: list[Problem]) -> bool:
    found = len(problems)
    for mark, called in ((";", "semicolons"), ("\t", "tabs")):
        if len(names) == 1 and mark in names[0]:
            problems.append(Problem(f"the cells are parted by {called}: save it with commas.", file, 1))
            return False
    strange = [name for name in dict.fromkeys(names) if name not in columns]
    for name in columns:
        if name not in names:
            problems.append(Problem(f"this column is missing{nearest(name, strange)}.", file, 1, name))
        elif names.count(name) > 1:
            problems.append(Problem("this column stands twice.", file, 1, name))
    if len(problems) == found:
        # Where a column is missing, a strange one is most likely that one misspelt: one mistake, one message.
        problems.extend(Problem("no such column is known; take it out.", file, 1, name) for name in strange)
    return len(problems) == found


def _row(
    row_type: type[R],
    cells: dict[str, str],
    codes: frozenset[str],
    file: str,
    number: int,
    problems: list[Problem],
) -> R | None:
    try:
        row = row_type.model_validate(cells)
    except ValidationError as error:
        problems.extend(faults(error, file, number))
        return None
    unknown = unknown_codes(row, codes, file, number)
    problems.extend(unknown)
    return None if unknown else row


def faults(error: ValidationError, file: str, number: int | None = None) -> list[Problem]:
    """What pydantic found wrong with one row, as problems."""
    return [
        Problem(f"{fault['msg'].removeprefix('Value error, ')}.", file, number, ".".join(map(str, fault["loc"])))
        for fault in error.errors(include_url=False, include_context=False)
    ]


def unknown_codes(row: BaseModel, codes: frozenset[str], file: str, number: int | None = None) -> list[Problem]:
    """The codes of a row that are not in the list its column draws on."""
    problems = []
    for column, prefix, value in coded(row):
        if value not in codes or not value.startswith(f"{prefix}-"):
            near = nearest(value, (code for code in codes if code.startswith(f"{prefix}-")))
            problems.append(Problem(f'"{value}" is no code{near}.', file, number, column))
    return problems


def rows_as_csv(columns: tuple[str, ...], rows: Iterable[Row]) -> str:
    """Rows as CSV: commas, quotes where needed, one line feed a row."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        values: dict[str, Any] = row.model_dump(by_alias=True)
        writer.writerow([as_cell(values[column]) for column in columns])
    return out.getvalue()


def write_rows(path: Path, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    """Write rows as a CSV file in UTF-8."""
    path.write_text(rows_as_csv(columns, rows), encoding="utf-8", newline="")
