"""An answer: columns and rows of plain Python values; knows no HTTP."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from kg.prefixes import PREFIXES

Value = str | int | float | Decimal | bool | None
"""What one cell of an answer holds: IRIs and texts as str, "not stated" as None."""

IRI_ENDING: Final = "_iri"
"""A column whose name ends so holds the addresses of what the column of the same name without it names."""
_XSD: Final = PREFIXES["xsd"]
# How the words of a literal are read, by its type; every other type stays text.
_READERS: Final[dict[str, Callable[[str], Value]]] = {
    **dict.fromkeys((f"{_XSD}{kind}" for kind in ("integer", "int", "long", "nonNegativeInteger")), int),
    **dict.fromkeys((f"{_XSD}double", f"{_XSD}float"), float),
    f"{_XSD}decimal": Decimal,
    f"{_XSD}boolean": lambda words: words == "true",
}


@dataclass(frozen=True)
class Answer:
    """Rows in the order they came, each as long as `columns`."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    @classmethod
    def parse(cls, body: bytes) -> Answer:
        """The answer in a document of SPARQL 1.1 Query Results JSON; yes or no is a row of one column."""
        return cls.read(json.loads(body))

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Answer:
        """The same of a document that is loaded already."""
        if "boolean" in document:
            return cls(("answer",), ((bool(document["boolean"]),),))
        columns = tuple(document["head"]["vars"])
        rows = tuple(
            tuple(_value(binding.get(column)) for column in columns) for binding in document["results"]["bindings"]
        )
        return cls(columns, rows)

    def records(self) -> Iterator[dict[str, Value]]:
        """The rows as dicts by column."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def column(self, name: str) -> tuple[Value, ...]:
        """The values of one column, from the first row to the last. Raises ValueError where there is none."""
        place = self.columns.index(name)
        return tuple(row[place] for row in self.rows)

    def only(self, *names: str) -> Answer:
        """These columns of it, in this order. Raises ValueError where there is none of a name."""
        places = [self.columns.index(name) for name in names]
        return Answer(names, tuple(tuple(row[place] for place in places) for row in self.rows))

    def first(self, n: int) -> Answer:
        """Its first rows."""
        return Answer(self.columns, self.rows[:n])

    def __len__(self) -> int:
        return len(self.rows)

    def _repr_html_(self) -> str:
        """The rows as a table for a notebook: names without their addresses, "not stated" where there is nothing."""
        shown = [n for n, column in enumerate(self.columns) if not column.endswith(IRI_ENDING)]
        head = "".join(f"<th>{html.escape(self.columns[n].replace('_', ' '))}</th>" for n in shown)
        body = "".join(
            f"<tr>{''.join(f'<td>{html.escape(_shown(row[n]))}</td>' for n in shown)}</tr>" for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _shown(value: Value) -> str:
    if value is None:
        return "not stated"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _value(term: dict[str, Any] | None) -> Value:
    if term is None:
        return None
    words: str = term["value"]
    try:
        return _READERS.get(term.get("datatype", ""), str)(words)
    except (ArithmeticError, ValueError):
        # What the engine calls a number but Python cannot read stays as it was written.
        return words
