"""A reading beside the tables a person wrote: every place where the two say different things."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.documents import open_document
from kg.reading.layout import cells_by_id
from kg.reading.reader import interpret
from kg.reading.rules import Rules
from kg.register import Register
from kg.tables import Plan, as_cell, named

_COMPARED: dict[str, tuple[str, ...]] = {
    "priorities": ("position", "label", "source"),
    "delivery-priorities": ("position", "label", "state", "source"),
    "actions": ("is_part_of", "position", "source"),
    "improvements": ("source",),
    "steps": ("due", "frequency", "conditional_on", "flaw", "source"),
    "leads": ("position", "role", "source"),
    "statuses": ("state", "stated_as", "delivered_through", "due", "frequency", "conditional_on", "flaw", "source"),
    "outcomes": ("flaw", "source"),
    "indicators": ("position", "label", "unit", "higher_is_better", "state", "source"),
    "measures": ("type", "unit", "source"),
    "readings": ("base_year", "target", "actual", "state", "source"),
    "deadlines": ("due", "period", "frequency", "state", "source"),
    "owners": ("post", "source"),
    "updates": ("period", "state", "rag", "source"),
    "cross-references": ("type", "locator", "link"),
    "mentions": ("link",),
}
"""The columns of each table that must agree. Titles, summaries and notes are a person's own words."""
_KNOWN_BY_WORDS = {"leads": "partner", "cross-references": "points_to", "mentions": "of"}
"""Rows known by what they name, not by their place: one row more does not shift all that follow."""
_UNORDERED = frozenset({"state", "delivered_through", "conditional_on", "source"})
NOT_STATED = ("status-not-stated",)
ROW = "row"
"""Stands for the whole row where one side has it and the other has not."""


@dataclass(frozen=True, order=True)
class Disagreement:
    """One place where reading and tables differ, in the columns of differences.csv.

    ``key`` is the row's path, or its owner, what it names and its cells. A blank ``column`` is the row itself:
    then one of ``read`` and ``kept`` is "row" and the other blank.
    """

    table: str
    key: str
    column: str
    read: str
    kept: str

    def __str__(self) -> str:
        column = f", {self.column}" if self.column else ""
        return f'{self.table}: {self.key}{column}: read "{self.read}", kept "{self.kept}"'


@dataclass(frozen=True)
class Reconciliation:
    """What a reading and the tables of one plan differ in, against the differences the plan explains.

    ``found`` is all of it; ``unexplained`` is not listed in differences.csv; ``outdated`` is listed there and
    occurs no more.
    """

    found: tuple[Disagreement, ...]
    unexplained: tuple[Disagreement, ...]
    outdated: tuple[Disagreement, ...]


def reconcile(document: Path, plan: Plan, register: Register, rules: Rules) -> Reconciliation:
    """Read ``document`` with the register and rules given and compare the tables with those of ``plan``."""
    opened = open_document(document)
    reading = interpret(opened, rules, register, plan.meta.borough, plan.meta.plan)
    found = {
        *disagreements(reading.tables, plan, register),
        *misquoted(plan, cells_by_id(opened, rules)),
    }
    listed = {
        Disagreement(row.table, row.key, row.column, row.read, row.kept) for row in plan.rows.get("differences", ())
    }
    return Reconciliation(tuple(sorted(found)), tuple(sorted(found - listed)), tuple(sorted(listed - found)))


def of_document(plan: Plan, table: str) -> list[Any]:
    """The rows of a table that the plan's own document says; an update may be said in a workbook of its own."""
    return [row for row in plan.rows.get(table, ()) if getattr(row, "sha256", "") in ("", plan.meta.source.sha256)]


def disagreements(read: Plan, kept: Plan, register: Register) -> list[Disagreement]:
    """Every difference between two readings of one document, by table, in the order of the kept rows."""
    found = []
    name = _namer(kept, register)
    for table, columns in _COMPARED.items():
        ours = {_key(table, row, name): row for row in of_document(kept, table)}
        theirs = {_key(table, row, name): row for row in read.rows.get(table, ())}
        found += [Disagreement(table, key, "", "", ROW) for key in ours if key not in theirs]
        found += [Disagreement(table, key, "", ROW, "") for key in theirs if key not in ours]
        for key, row in ours.items():
            other = theirs.get(key)
            for column in columns if other is not None else ():
                said, meant = _value(other, column, name), _value(row, column, name)
                if said != meant:
                    found.append(Disagreement(table, key, column, said, meant))
    return found


def misquoted(plan: Plan, words: Mapping[str, str]) -> list[Disagreement]:
    """The rows whose ``verbatim`` does not stand in their cells, and the cells that print nothing.

    ``words`` holds the exact words by cell id, as `cells_by_id` gives them.
    """
    found = []
    for table in _COMPARED:
        for row in of_document(plan, table):
            if getattr(row, "state", ()) == NOT_STATED:
                continue  # its cell is empty
            found += [Disagreement(table, row.path, "source", "", cell) for cell in row.source if cell not in words]
            quoted = getattr(row, "verbatim", "")
            printed = " ".join(words.get(cell, "") for cell in row.source)
            if quoted and _evened(quoted) not in _evened(printed):
                found.append(Disagreement(table, row.path, "verbatim", "", quoted))
    return found


def _evened(words: str) -> str:
    return "".join(words.split())


def _namer(plan: Plan, register: Register) -> Callable[[str, tuple[str, ...]], str]:
    """What a name in the tables stands for, so that two spellings of one thing agree."""

    def name(words: str, kinds: tuple[str, ...]) -> str:
        return register.resolve(words, plan.meta.borough, kinds) or words

    return name


def _key(table: str, row: Any, name: Callable[[str, tuple[str, ...]], str]) -> str:
    column = _KNOWN_BY_WORDS.get(table)
    if column is None:
        return str(row.path)
    place = f" ({' | '.join(row.source)})" if table != "leads" else ""
    return f"{row.element} -> {_value(row, column, name)}{place}"


def _value(row: Any, column: str, name: Callable[[str, tuple[str, ...]], str]) -> str:
    value = getattr(row, column)
    marks = {(held, words): mark for held, mark, words in named(row)}
    parts: Iterable[str] = value if isinstance(value, tuple) else (as_cell(value),)
    meant = [name(part, marks[column, part].kinds) if (column, part) in marks else part for part in parts]
    return " | ".join(sorted(meant) if column in _UNORDERED else meant)
