"""CSV and TSV: records of any delimiter, with line ends inside quotation marks."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import Final

from kg.documents import limits
from kg.documents.gathering import Gathered, escaped, looks_like_formula
from kg.documents.model import Cell
from kg.errors import InputError, Problem

DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_ENOUGH: Final = 0.75
"""The share of records that must have the same number of fields."""
SHEET: Final = "csv"


def delimiter_of(text: str) -> str:
    """The delimiter at which the records of ``text`` have the same number of fields; "" where none has."""
    first = text.split("\n", 1)[0].strip("\r")
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4]
    best, found = (0.0, 0), ""
    for delimiter in DELIMITERS:
        try:
            counts = Counter(len(record) for record in _records(text, delimiter) if any(record))
        except csv.Error:
            continue
        wide = {count: number for count, number in counts.items() if count > 1}
        if not wide:
            continue
        mode = max(wide, key=lambda count: (wide[count], count))
        # Lines of one field before a table are its title, and say nothing about the delimiter.
        score = (round(wide[mode] / (sum(wide.values()) + 0.25 * counts[1]), 2), mode)
        if score[0] >= _ENOUGH and sum(wide.values()) > 1 and score > best:
            best, found = score, delimiter
    return found


def parse_delimited(text: str, name: str, delimiter: str) -> Gathered:
    """The records of ``text`` as rows of one table. InputError where a quotation mark is never closed."""
    gathered = Gathered(name, "csv", sheets={SHEET: name}, tables=1)
    start = text.split("\n", 1)[0]
    if start.lower().startswith("sep="):
        text = text[len(start) + 1 :]
    gathered.note(f"Its columns are parted by {DELIMITERS.get(delimiter, repr(delimiter))}.", SHEET)
    try:
        _refuse_open_quote(text, name, delimiter)
        for number, record in enumerate(_records(text, delimiter), start=1):
            gathered.lines = number
            gathered.columns(len(record) if record and record[-1] else len([r for r in record if r]), f"row {number}")
            cells = [_cell(gathered, number, column, words) for column, words in enumerate(record)]
            gathered.row(cells[: limits.MAX_COLUMNS], table=1)
    except csv.Error:
        raise gathered.refuse(
            f"a cell has more than {limits.MAX_CELL_LENGTH:,} characters: is a quotation mark missing?",
            f"row {gathered.lines + 1}",
        ) from None
    gathered.done()
    return gathered


def _cell(gathered: Gathered, row: int, column: int, words: str) -> Cell:
    if looks_like_formula(words):
        gathered.note("Begins like a formula; it is read as words and never computed.", SHEET, row, str(column))
    html = escaped(words.strip("\n")).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "<br>")
    return Cell(row, column, html, SHEET)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(6 * limits.MAX_CELL_LENGTH)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _refuse_open_quote(text: str, name: str, delimiter: str) -> None:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begun = 1
    try:
        for _record in reader:
            begun = reader.line_num + 1
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            sentence = "a quotation mark is opened and never closed. Close it, and read it again."
            raise InputError(Problem(sentence, name, begun)) from None
