"""Corrections of the rows of a plan: found between two states of its tables, laid over every later reading."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import ValidationError

from kg.tables import TABLES, Difference, Plan, Row, as_cell, header

ROW: Final = "row"
"""Stands in differences.csv for the whole row, where one side has it and the other has not."""
NOTE: Final = "Corrected by a person in the repair sheet."
Cells = Mapping[str, str]
"""A row as its cells, by column."""


@dataclass(frozen=True)
class Correction:
    """One thing a person changed: the columns of differences.csv, and what the document said of the row then.

    A blank ``column`` is the row itself: then one of ``read`` and ``kept`` is "row" and the other blank. ``words`` are
    the printed words the row was read from, "" where its table holds none.
    """

    table: str
    key: str
    column: str
    read: str
    kept: str
    words: str = ""
    note: str = NOTE

    @property
    def place(self) -> tuple[str, str, str]:
        """What it corrects: two corrections of one place are one."""
        return self.table, self.key, self.column

    @property
    def proposal(self) -> str:
        """What the table would say with it."""
        if self.column:
            return f"{self.column}: {self.kept or 'nothing'}"
        return "a row of its own" if self.kept else "no such row"

    def as_difference(self) -> Difference:
        """The row of differences.csv."""
        return Difference(
            table=self.table, key=self.key, column=self.column, read=self.read, kept=self.kept, editorial_note=self.note
        )


@dataclass(frozen=True)
class Unsettled:
    """A correction that was not applied, and why, in a sentence; ``row`` is what was read at its place."""

    correction: Correction
    sentence: str
    row: Row | None = None


@dataclass(frozen=True)
class Corrected:
    """A plan with its corrections: those that hold, and those that a person must decide on again."""

    plan: Plan
    applied: tuple[Correction, ...]
    unsettled: tuple[Unsettled, ...]


def cells_of(row: Row) -> dict[str, str]:
    """The cells of a row as its CSV file writes them."""
    values: dict[str, Any] = row.model_dump(by_alias=True)
    return {column: as_cell(values[column]).strip() for column in header(type(row))}


def words_of(row: Row) -> str:
    """The printed words a row was read from; "" where its table holds none."""
    return str(getattr(row, "verbatim", ""))


def corrections_between(before: Plan, after: Plan) -> list[Correction]:
    """What a person did to the tables ``before`` to make them ``after``, in the order of the tables."""
    found = []
    for table in _corrected_tables():
        old = {row.path: row for row in before.rows.get(table, ())}
        new = {row.path: row for row in after.rows.get(table, ())}
        for path, row in old.items():
            if path not in new:
                found.append(Correction(table, path, "", ROW, "", words_of(row)))
                continue
            was, now = cells_of(row), cells_of(new[path])
            found += [
                Correction(table, path, column, was[column], now[column], words_of(row))
                for column in was
                if was[column] != now[column]
            ]
        for path, row in new.items():
            if path not in old:
                found.append(Correction(table, path, "", "", ROW))
                found += [Correction(table, path, column, "", cell) for column, cell in cells_of(row).items() if cell]
    return found


def together(known: Iterable[Correction], new: Iterable[Correction]) -> list[Correction]:
    """The corrections known with new ones that were made on top of them; what came back to its reading is none."""
    made = {correction.place: correction for correction in known}
    for correction in new:
        table, key, column = correction.place
        before = made.get(correction.place)
        # What was said of a row before counts from its first reading, not from the correction in between.
        spoken = made.get((table, key, "verbatim"))
        words = spoken.read if spoken is not None and spoken.words else correction.words
        chained = replace(correction, words=words)
        if before is not None:
            chained = replace(correction, read=before.read, words=before.words)
        if column == "" and correction.kept == "":
            # A row that goes takes with it what was corrected in it.
            gone = [place for place in made if place[:2] == (table, key)]
            added = before is not None and before.kept == ROW
            first = {made[place].column: made[place] for place in gone}
            for place in gone:
                del made[place]
            if not added:
                words = next((each.words for each in first.values() if each.words), correction.words)
                made[correction.place] = replace(correction, read=ROW, words=words)
            continue
        if before is not None and column == "" and before.kept == "" and correction.kept == ROW:
            # A row that was taken out and is put back: what its cells say now is corrected against the reading anew.
            made[correction.place] = replace(correction, read=ROW)
            continue
        made[correction.place] = chained
        if chained.read == chained.kept and (table, key, "") not in made:
            del made[correction.place]
    return list(made.values())


def corrected(reading: Plan, corrections: Sequence[Correction], settled: Mapping[str, str]) -> Corrected:
    """The ``reading`` with the corrections that still fit it.

    One whose row or cell now says something else is left out and told. ``settled`` says what a person decided on such
    ones before, by `unsettled_name`: "accept" applies it to what the document says now, "ignore" drops it.
    """
    original = {table: {row.path: row for row in reading.rows.get(table, ())} for table in _corrected_tables()}
    rows = {table: dict(found) for table, found in original.items()}
    applied: list[Correction] = []
    unsettled: list[Unsettled] = []
    for (table, key), made in _by_row(corrections).items():
        if table not in rows:
            unsettled += [Unsettled(each, f"was made in {table}, and no table is called so.") for each in made]
            continue
        held = original[table].get(key)
        fitting, left = _fitting(made, held, settled)
        unsettled += left
        try:
            row = _with(TABLES[table], held, fitting)
        except (ValidationError, KeyError):
            sentence = "cannot be laid over what the document says now: the row would be none of this table."
            unsettled += [Unsettled(each, sentence, held) for each in fitting]
            continue
        applied += fitting
        if row is not None and fitting:
            rows[table][key] = row
        elif row is None:
            rows[table].pop(key, None)
    plan = replace(reading, rows={**reading.rows, **{t: _renumbered(t, found.values()) for t, found in rows.items()}})
    return _without_orphans(Corrected(plan, tuple(applied), tuple(unsettled)), original, settled)


def _fitting(
    made: Sequence[Correction], held: Row | None, settled: Mapping[str, str]
) -> tuple[list[Correction], list[Unsettled]]:
    """Of the corrections of one row those that apply to what is read now, and those that must be decided on."""
    own = next((each for each in made if each.column == "" and each.kept == ROW), None)
    if own is not None:
        # A row of a person's own stands or falls as one.
        if held is None or own.read == ROW or settled.get(unsettled_name(own, held)) == "accept":
            return [replace(own, read=ROW if held is not None else "") if each is own else each for each in made], []
        if settled.get(unsettled_name(own, held)) == "ignore":
            return [], []
        first = Unsettled(own, "was added by a person, and now the document has such a row too.", held)
        return [], [first, *(Unsettled(each, "", held) for each in made if each is not own)]
    fitting, left = [], []
    for each in made:
        why = _misfit(each, held)
        decision = settled.get(unsettled_name(each, held)) if why else "fits"
        if decision == "fits":
            fitting.append(each)
        elif decision == "accept" and held is not None:
            said = cells_of(held).get(each.column, "") if each.column else ROW
            fitting.append(replace(each, read=said, words=words_of(held)))
        elif decision != "ignore":
            left.append(Unsettled(each, why, held))
    return fitting, left


def unsettled_name(correction: Correction, row: Row | None) -> str:
    """What a decision on a correction that does not fit is remembered by: the correction and what is said now."""
    now = "" if row is None else "\n".join((cells_of(row).get(correction.column, ""), words_of(row)))
    return short_name(*correction.place, correction.read, correction.kept, now)


def short_name(*words: str) -> str:
    """Twelve letters that stand for these words and, as far as anybody will ever see, for no others."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]


def _corrected_tables() -> list[str]:
    return [table for table in TABLES if table != "differences"]


def _by_row(corrections: Iterable[Correction]) -> dict[tuple[str, str], list[Correction]]:
    grouped: dict[tuple[str, str], list[Correction]] = {}
    for correction in corrections:
        grouped.setdefault((correction.table, correction.key), []).append(correction)
    return grouped


def _misfit(correction: Correction, held: Row | None) -> str:
    """Why a correction of a row that was read cannot be applied as it was made; "" where it can."""
    if held is None:
        # What was taken out and is gone from the document needs no decision.
        return "" if correction.column == "" else "was corrected in a row that the document no longer has."
    if correction.words and correction.words != words_of(held):
        return f'was corrected when the document said "{correction.words}"; now it says "{words_of(held)}".'
    said = cells_of(held).get(correction.column, "") if correction.column else ROW
    if said != correction.read:
        return f'was corrected when it was read as "{correction.read}"; now it is read as "{said}".'
    return ""


def _with(row_type: type[Row], held: Row | None, corrections: Sequence[Correction]) -> Row | None:
    """A row with its corrections; None where it is taken out, or never was."""
    whole = next((each for each in corrections if each.column == ""), None)
    if whole is not None and whole.kept == "":
        return None
    if held is None and whole is None:
        return None
    cells = dict.fromkeys(header(row_type), "") if whole is not None or held is None else cells_of(held)
    for each in corrections:
        if each.column:
            if each.column not in cells:
                raise KeyError(each.column)
            cells[each.column] = each.kept
    return row_type.model_validate(cells)


def _renumbered(table: str, rows: Iterable[Any]) -> tuple[Any, ...]:
    """The rows by position, one after the other where two of a person's and the document's claim one place."""
    listed = list(rows)
    if not listed or "position" not in type(listed[0]).model_fields or "/" in _last(listed[0]):
        return tuple(listed)
    by_owner: dict[str, list[Any]] = {}
    for row in listed:
        by_owner.setdefault("" if table == "actions" else row.owner, []).append(row)
    renumbered = {}
    for owned in by_owner.values():
        places = [row.position for row in owned]
        if len(set(places)) < len(places):
            for position, row in enumerate(sorted(owned, key=lambda row: row.position), 1):
                renumbered[row.path] = row.model_copy(update={"position": position})
    return tuple(renumbered.get(row.path, row) for row in listed)


def _last(row: Any) -> str:
    """ "/" where the position is part of what the row is, so that no two can have one place."""
    return "/" if row.path.endswith(f"/{row.position}") and not hasattr(row, "identifier") else ""


def _without_orphans(
    done: Corrected, original: Mapping[str, Mapping[str, Row]], settled: Mapping[str, str]
) -> Corrected:
    """Without the rows a person added to something that is gone from the document: they wait for a decision."""
    plan, applied, unsettled = done.plan, list(done.applied), list(done.unsettled)
    while True:
        elements = plan.elements
        orphans = {
            (table, row.path): row.owner
            for table in original
            for row in plan.rows[table]
            if row.owner not in elements and row.path not in original[table]
        }
        if not orphans:
            return Corrected(plan, tuple(applied), tuple(unsettled))
        for each in [each for each in applied if (each.table, each.key) in orphans]:
            applied.remove(each)
            own = next((it for it in done.applied if it.place == (each.table, each.key, "")), each)
            if settled.get(unsettled_name(own, None)) != "ignore":
                owner = orphans[each.table, each.key]
                sentence = f"was added by a person to {owner}, which the document no longer has."
                unsettled.append(Unsettled(each, "" if each.column else sentence))
        kept = {table: tuple(row for row in plan.rows[table] if (table, row.path) not in orphans) for table in original}
        plan = replace(plan, rows={**plan.rows, **kept})
