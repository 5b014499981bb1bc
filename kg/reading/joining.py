"""Tables that say more of actions that stand in another table: joined by reference."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from kg.errors import InputError, Problem
from kg.reading.parts import Placed
from kg.reading.rules import plain
from kg.reading.taking import Taken
from kg.reading.walking import Entry

_ALIKE = 90
"""How like two wordings of one action must be, of 100, to be one action."""
_BEGINNING = 15
"""How many characters of an action's words tell it, where another table prints only their beginning."""
_REMARKS = ("comments", "progress")
"""Columns whose words add up where two tables have them."""


def join_tables(entries: Sequence[Entry], taken: Taken, file: str) -> list[Entry]:
    """The actions, each with what further tables say of it; rows that say more of none are kept aside.

    InputError where two tables state the same column of an action differently.
    """
    tables: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        tables[id(entry.header)].append(entry)
    gone: set[int] = set()
    for rows in tables.values():
        known = _known(entries, rows, gone)
        met = [entry for entry in rows if entry.reference in known]
        more = rows[0].header.kind == "more"
        if len(met) * 2 < len(rows) or not met:
            if more:
                _strangers(rows, taken)
                gone.update(map(id, rows))
            continue
        if not more and sum(_one_action(entry, known[entry.reference]) for entry in met) * 2 < len(met):
            continue
        for entry in met:
            _join(known[entry.reference], entry, taken, file)
        gone.update(map(id, met))
        if more:
            left = [entry for entry in rows if entry not in met]
            for entry in left:
                sentence = "is the reference of no action; its row is kept aside."
                taken.say(entry.line, "ref-no", entry.reference, sentence, entry.header.sheet)
                _keep(entry, "says more of an action that stands nowhere.", taken)
            gone.update(map(id, left))
    for entry in entries:
        if id(entry) in gone:
            for section in entry.trail:
                section.used -= 1
    return [entry for entry in entries if id(entry) not in gone]


def _known(entries: Sequence[Entry], rows: Sequence[Entry], gone: set[int]) -> Mapping[str, Entry]:
    """The actions of other tables by reference: those above, or all for a table that prints no actions itself."""
    more = rows[0].header.kind == "more"
    return {
        entry.reference: entry
        for entry in entries
        if entry.reference
        and entry.header is not rows[0].header
        and entry.header.kind == "actions"
        and id(entry) not in gone
        and (more or entry.order < rows[0].order)
    }


def _one_action(entry: Entry, first: Entry) -> bool:
    """Whether two rows are of one action: alike in words, and not the same columns below another priority."""
    same_columns = entry.header.names <= first.header.names
    return _alike(entry, first) and (entry.trail == first.trail or not same_columns)


def _alike(one: Entry, other: Entry) -> bool:
    shorter, longer = sorted((plain(one.words("activity")), plain(other.words("activity"))), key=len)
    cut = len(shorter) >= _BEGINNING and longer.startswith(shorter.rstrip(" .…"))
    return bool(shorter) and (cut or fuzz.ratio(shorter, longer) >= _ALIKE)


def _join(first: Entry, second: Entry, taken: Taken, file: str) -> None:
    for column, cells in second.cells.items():
        ours = first.cells.get(column)
        if column == "ref-no":
            continue
        if not ours or column in _REMARKS:
            for placed in cells:
                first.add(column, placed)
            continue
        words, others = first.words(column), second.words(column)
        if plain(words) == plain(others):
            continue
        if column != "activity" or not _alike(first, second):
            raise _disagreement(first.reference, column, (words, ours[0]), (others, cells[0]), file)
        sentence = f'is worded otherwise in {ours[0].id}: "{words[:200]}"; that is taken.'
        taken.say(cells[0].cell.line, column, others[:200], sentence, cells[0].cell.sheet, words[:200])


def _disagreement(
    reference: str, column: str, ours: tuple[str, Placed], theirs: tuple[str, Placed], file: str
) -> InputError:
    sentence = (
        f'two tables disagree about {reference}: "{ours[0][:100]}" stands in cell {ours[1].id}, '
        f'"{theirs[0][:100]}" in cell {theirs[1].id}. Correct one of them in the document, and read it again.'
    )
    return InputError([Problem(sentence, file=file, row=theirs[1].cell.line, column=column)])


def _strangers(rows: Sequence[Entry], taken: Taken) -> None:
    references = ", ".join(entry.reference for entry in rows[:5])
    sentence = "A table has references and no actions, and no other table has these; it is kept aside."
    taken.say(rows[0].line, "", references, sentence, rows[0].header.sheet)
    for entry in rows:
        _keep(entry, "stands in a table without actions, whose references are those of no other.", taken)


def _keep(entry: Entry, sentence: str, taken: Taken) -> None:
    for cells in entry.cells.values():
        for placed in cells:
            if taken.holds(placed):
                taken.release(placed.cell)
                taken.keep(placed.cell, placed.column, sentence)
