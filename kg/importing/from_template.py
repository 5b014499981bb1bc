"""A plan written in the template: its actions are read as any plan, what its other sheets say of it as what it is."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kg.documents import Cell, Document, Note, Row
from kg.errors import InputError, Problem
from kg.reading import Interpretation
from kg.reading.wording import slug
from kg.tables import period_label, years_between
from kg.workbooks import read_period
from kg.workbooks.guidance import MARK_SHEET
from kg.workbooks.look import LISTS_SHEET
from kg.workbooks.people import person_in
from kg.workbooks.template import (
    ACTIONS_SHEET,
    NEW_PLAN,
    NOT_ACTIONS,
    PLAN_COLUMNS,
    PLAN_SHEET,
    PRIORITIES_SHEET,
    PRIORITY_COLUMNS,
    own_words,
    years_of,
)

_VALUE: Final = PLAN_COLUMNS[1]


@dataclass(frozen=True)
class Filled:
    """A filled-in template: the document of its actions, and what the sheet Plan says; "" where it says nothing."""

    document: Document
    title: str
    borough: str
    first_period: str
    last_period: str

    def said_in(self, reading: Interpretation) -> Interpretation:
        """A reading with title and years of the sheet Plan, and without doubt about a cell that was left empty.

        The template says that an empty cell is read as not stated, so that there none can have been lost.
        """
        said = {"label": self.title, "first_period": self.first_period, "last_period": self.last_period}
        before = reading.tables.meta
        meta = before.model_copy(update={key: words for key, words in said.items() if words})
        unstated = {*reading.layout.periods, "expected-outcome"}
        doubts = [
            each for each in reading.doubts
            if not (each.kind == "doubtful" and not each.words and not each.proposed and each.column in unstated)
            and not (self.title and not each.line and (each.column, each.words) == ("plan", before.label))
        ]  # fmt: skip
        return replace(reading, tables=replace(reading.tables, meta=meta), doubts=tuple(doubts))


def filled(document: Document) -> Filled | None:
    """What was written in the template, or None where a document is none. InputError where no action is, or no year."""
    made_for = _mark(document)
    if made_for.get("kind") != NEW_PLAN:
        return None
    place = f"{document.path.name}, {PLAN_SHEET}"
    sheets = {title: slug_ for slug_, title in document.sheets.items()}
    said = _facts(document, sheets.get(PLAN_SHEET, ""))
    first, last = (_year(document, *said.get(name, ("", 0))) for name in ("First year", "Last year"))
    if first and last and last < first:
        raise InputError(Problem("the last year lies before the first.", place))
    aside = {sheets[title] for title in (*NOT_ACTIONS, MARK_SHEET, LISTS_SHEET) if title in sheets}
    rows = [row for row in document.rows if row.cells[0].sheet not in aside]
    heads = {row.cells[0].sheet for row in rows if sum(not cell.empty for cell in row.cells) > 1}
    if len(rows) <= len(heads):
        raise InputError(
            f"No action stands in {document.path.name}: write them on the sheet {ACTIONS_SHEET}, a row each, and read "
            "it again."
        )
    _refuse_missing_years(rows, first, last, f"{document.path.name}, {ACTIONS_SHEET}")
    rows = _without_spare_years(rows, first, last)
    title, row = said.get("Title", ("", 0))
    if person := person_in(title):
        raise InputError(Problem(f"{person} stands here, and people are not named: take it out.", place, row, _VALUE))
    notes = (*_notes(document, aside, years_of(made_for.get("first_period", ""))), *_unused(document, sheets, rows))
    borough = slug(said.get("Borough", ("", 0))[0])
    return Filled(replace(document, rows=tuple(rows), notes=notes), title[:200], borough, first, last)


def _mark(document: Document) -> dict[str, str]:
    """What the hidden sheet of a workbook of ours says, shown or hidden; nothing where there is none."""
    ours = {slug_ for slug_, title in document.sheets.items() if title == MARK_SHEET}
    words = [line for note in document.notes if note.sheet in ours for line in note.kept.split("\n")]
    words = words or [cell.words for cell in document.cells if cell.sheet in ours]
    return dict(zip(words[::2], words[1::2], strict=False))


def _facts(document: Document, sheet: str) -> dict[str, tuple[str, int]]:
    """What the sheet Plan says, and in which row, by the name of the fact."""
    rows = [row for row in document.rows if sheet and row.cells[0].sheet == sheet]
    return {_at(row, 0): (_at(row, 1), row.line) for row in rows if _at(row, 1)}


def _at(row: Row, column: int) -> str:
    return next((cell.words for cell in row.cells if cell.column == column), "")


def _year(document: Document, words: str, row: int) -> str:
    try:
        return read_period(words) if words else ""
    except InputError as error:
        raise InputError(Problem(str(error), f"{document.path.name}, {PLAN_SHEET}", row, _VALUE)) from None


def _year_of_heading(cell: Cell) -> str:
    try:
        return read_period(cell.words)
    except InputError:
        return ""


def _refuse_missing_years(rows: Iterable[Row], first: str, last: str, place: str) -> None:
    """Each year of the plan needs a column, unless it has no column of a year at all."""
    headed = {_year_of_heading(cell) for row in rows if row.line == 1 for cell in row.cells} - {""}
    wanted = years_between(first or min(headed, default=""), last or max(headed, default="")) if headed else ()
    missing = [f"the plan runs in {period_label(each)}, and no column is headed {period_label(each)}: rename or add "
                 f"one, or correct the sheet {PLAN_SHEET}." for each in wanted if each not in headed]  # fmt: skip
    if missing:
        raise InputError([Problem(sentence, place, 1) for sentence in missing])


def _without_spare_years(rows: Sequence[Row], first: str, last: str) -> list[Row]:
    """The rows without the columns of years that the plan does not have, where nothing stands in them."""
    told = {(cell.sheet, cell.column) for row in rows if row.line > 1 for cell in row.cells if not cell.empty}

    def spare(cell: Cell) -> bool:
        if (cell.sheet, cell.column) in told or not (first or last):
            return False
        year = _year_of_heading(cell)
        return bool(year and ((first and year < first) or (last and year > last)))

    gone = {(cell.sheet, cell.column) for row in rows if row.line == 1 for cell in row.cells if spare(cell)}
    kept = (tuple(cell for cell in row.cells if (cell.sheet, cell.column) not in gone) for row in rows)
    return [replace(row, cells=cells) for row, cells in zip(rows, kept, strict=True) if cells]


def _notes(document: Document, aside: set[str], years: Iterable[str]) -> Iterator[Note]:
    """The notes on the file without those on what we wrote ourselves; what a person wrote beside it is kept."""
    ours = {_letters(words) for words in own_words([period_label(year) for year in years])}
    hidden = {sheet for sheet in aside if document.sheets[sheet] in (MARK_SHEET, LISTS_SHEET)}
    for note in document.notes:
        # The rules that colour an empty cell are the template's.
        own = "(conditional formatting)" in note.sentence or (note.kept and _letters(note.kept) in ours)
        if note.sheet not in hidden and not own:
            yield note
    told = {slug_ for slug_, title in document.sheets.items() if title in (PLAN_SHEET, PRIORITIES_SHEET)}
    for cell in document.cells:
        own = cell.sheet in told and cell.column < len(PRIORITY_COLUMNS)
        if cell.sheet in aside - hidden and not own and not cell.empty and _letters(cell.words) not in ours:
            sentence = f"stands on the sheet {document.sheets[cell.sheet]}, which is not read as the plan."
            yield Note(sentence, cell.sheet, cell.line, f"column {cell.column + 1}", cell.words)


def _unused(document: Document, sheets: Mapping[str, str], rows: Iterable[Row]) -> Iterator[Note]:
    """What is listed among the priorities and stands with no action."""
    used = {_letters(cell.words) for row in rows for cell in row.cells}
    for cell in document.cells:
        listed = cell.sheet == sheets.get(PRIORITIES_SHEET) and cell.line > 1 and cell.column < len(PRIORITY_COLUMNS)
        if listed and not cell.empty and _letters(cell.words) not in used:
            sentence = f"is listed on the sheet {PRIORITIES_SHEET}, and no action has it."
            yield Note(sentence, cell.sheet, cell.line, f"column {cell.column + 1}", cell.words)


def _letters(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.casefold()))
