"""The query page: a form that becomes an editor; the answer as a table with labels and bars, raw, and as files."""

from __future__ import annotations

import json
import math
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for
from werkzeug.exceptions import BadRequest, HTTPException, NotAcceptable

from api import failures, headers, protocol, queries, spreadsheets
from api.layout import thing_url
from api.protocol import Asked
from api.turns import Turns
from api.twins import FORMS
from kg.errors import AnswerTooLarge, InputError, PlangraphError, QueryLimit
from kg.graph.store import GRAPHS, SOLUTIONS, Result
from kg.graph.workers import LARGEST
from kg.prefixes import PREFIXES, shortened
from kg.questions import Answer, Question, find_question, load_questions
from kg.questions.binding import iri

# A page of more rows, or of a longer text, helps nobody; the page says how much there is and how to get all of it.
ROWS_ON_PAGE: Final = 500
COLUMNS_ON_PAGE: Final = 100
CELLS_ON_PAGE: Final = 10_000
TEXT_ON_PAGE: Final = 100_000
LARGEST_HERE: Final = 5 * 1024**2
"""Bytes of an answer that is read in this process; what the engine wrote is passed on up to LARGEST."""
MOST_CELLS: Final = {"csv": 1_000_000, "xlsx": 100_000}
"""Cells of a file that is made here, its header included."""
MOST_COLUMNS: Final = {"csv": 1_000_000, "xlsx": 16_384}
"""Columns of the same; a workbook cannot have more."""
ELSEWHERE: Final = f"The files .json, .xml and .tsv, and /sparql, hold up to {LARGEST // 1024**2} MB."
TURNS: Final = Turns(size=2, waiting=6, patience=10.0)
"""Who may read and render an answer: this takes the whole process's time from all others."""
VIEWS: Final = {"table": "Table", "raw": "Raw"}
ROW_FILES: Final = {"csv": "CSV", "xlsx": "Excel", "json": "JSON", "xml": "XML", "tsv": "TSV"}
GRAPH_FILES: Final = {"ttl": "Turtle", "nt": "N-Triples", "jsonld": "JSON-LD", "rdf": "RDF/XML"}
FILES: Final = (*ROW_FILES, *GRAPH_FILES)
NUMBERS: Final = frozenset(f"{PREFIXES['xsd']}{kind}" for kind in ("integer", "decimal", "double", "float"))
MOST_CHARTED: Final = 4
"""Columns of a table that may have bars; in a wider one a bar is far from what it measures."""


@dataclass(frozen=True)
class Frame:
    """What the frame of the page needs to know of it."""

    endpoint: str = "sparql.query"
    door: str = "Ask"
    forms: tuple[str, ...] = ("html",)


@dataclass(frozen=True)
class Cell:
    """One cell as shown: its words, the address they lead to ("" for none), and what it comes to as a number."""

    words: str
    address: str = ""
    number: float | None = None


@dataclass(frozen=True)
class Table:
    """What is on the page; None is unbound. `total` counts all rows, `width` all columns, `charted` has bars."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell | None]]
    total: int
    width: int
    charted: str = ""

    @property
    def largest(self) -> float:
        """The largest number in the column with bars, in size."""
        place = self.columns.index(self.charted)
        return max(abs(cell.number) for row in self.rows if (cell := row[place]) and cell.number is not None)


@dataclass(frozen=True)
class Shown:
    """What the page holds beside the form: a table, a truth value, a text (a graph, the raw answer), or a failure."""

    asked: Asked = field(default_factory=Asked)
    view: str = "table"
    kind: str = ""
    table: Table | None = None
    boolean: bool | None = None
    text: str | None = None
    cut: bool = False
    failure: str = ""
    status: int = 200

    @property
    def files(self) -> Mapping[str, str]:
        """The forms the answer can be had in, each with its address."""
        names = {"solutions": ROW_FILES, "graph": GRAPH_FILES, "boolean": {"json": "JSON", "xml": "XML"}}
        words = urlencode(self.asked.pairs)
        return {name: f"{url_for('sparql.file', form=form)}?{words}" for form, name in names.get(self.kind, {}).items()}

    def address(self, view: str) -> str:
        """The address of this page in a view: what is shared."""
        pairs = self.asked.pairs if view == "table" else [*self.asked.pairs, ("view", view)]
        return f"{url_for('sparql.query', _external=True)}?{urlencode(pairs)}"


def shown() -> Response:
    """The page: the form, and below it the answer or the reason why there is none."""
    asked, example = Asked(), ""
    try:
        asked = protocol.read()
        # The form sends an empty field as an empty parameter, which counts as absent.
        if asked.query and asked.query.strip():
            view, result = _view(), _run(asked)
            with TURNS.taken():
                return _page(_answered(asked, view, result))
        example = _example()
        found = Shown()
    except PlangraphError as error:
        found = Shown(asked, failure=str(error), status=error.status)
    except HTTPException as error:
        found = Shown(failure=error.description or "", status=error.code or 400)
    return _page(found, example)


def file(form: str) -> Response:
    """The answer as a file. Raises NotAcceptable with what there is where the query answers with something else."""
    asked = protocol.read()
    if not asked.query:
        raise BadRequest(protocol.NO_QUERY)
    # Spreadsheets would take some texts for formulas; their forms are made here, all others are the engine's own.
    exact = form not in ("csv", "xlsx")
    rows, graph = form if form in SOLUTIONS else "json", form if form in GRAPHS else "ttl"
    result = protocol.run(asked, rows, graph) if exact else _run(asked)
    fitting = GRAPH_FILES if result.kind == "graph" else ROW_FILES
    if form not in fitting:
        there = ", ".join(f".{name}" for name in fitting)
        raise NotAcceptable(f"This query's answer does not exist as .{form}; it exists with the endings {there}.")
    if exact:
        return Response(result.body, content_type=result.media_type)
    with TURNS.taken():
        body = _spreadsheet(form, result.body)
    response = Response(body, content_type=FORMS[form].media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="answer.{form}"'
    return response


def _run(asked: Asked) -> Result:
    """The answer, small enough to be read here."""
    try:
        return protocol.run(asked, "json", "ttl", LARGEST_HERE)
    except AnswerTooLarge as error:
        raise AnswerTooLarge(f"{error} {ELSEWHERE}") from None


def _spreadsheet(form: str, body: bytes) -> bytes:
    document = json.loads(body)
    columns, rows = document["head"].get("vars", ["answer"]), document.get("results", {}).get("bindings", [{}])
    # Counted before the cells are made: rows in which nothing is bound take next to no bytes.
    cells = len(columns) * (len(rows) + 1)
    if cells > MOST_CELLS[form] or len(columns) > MOST_COLUMNS[form]:
        words = f"The answer has {cells:,} cells in {len(columns):,} columns, and a .{form} file holds at most"
        instead = "Take .csv, or ask for less." if form == "xlsx" else ELSEWHERE
        raise QueryLimit(f"{words} {MOST_CELLS[form]:,} cells in {MOST_COLUMNS[form]:,} columns. {instead}")
    answer = Answer.read(document)
    table = spreadsheets.Table(answer.columns, answer.rows, "Answer")
    return spreadsheets.as_csv(table) if form == "csv" else spreadsheets.as_workbook(table)


def _page(found: Shown, example: str = "") -> Response:
    nonce = secrets.token_urlsafe(16)
    text = render_template(
        "query.html",
        page=Frame(),
        shown=found,
        text=found.asked.query or example or queries.text("example"),
        examples=_examples(),
        views=VIEWS,
        most={"rows": ROWS_ON_PAGE, "columns": COLUMNS_ON_PAGE, "cells": CELLS_ON_PAGE},
        seconds=f"{protocol.QUERY_SECONDS:g}",
        megabytes={"here": LARGEST_HERE // 1024**2, "elsewhere": LARGEST // 1024**2},
        nonce=nonce,
    )
    response = headers.with_nonce(Response(text, status=found.status, mimetype="text/html"), nonce)
    response.vary.add("Accept")
    return failures.mark(response) if found.failure else response


def _view() -> str:
    view = request.values.get("view", "").strip() or "table"
    if view not in VIEWS:
        raise InputError(f'"view" is one of {", ".join(VIEWS)}, not "{view[:40]}".')
    return view


def _example() -> str:
    name = request.values.get("example", "").strip()
    # A parameter that nobody gives is a line taken out; no gap is left where it stood.
    return re.sub(r"\n\n+(?=[ \t])", "\n", find_question(name).bind({})) if name else ""


def _examples() -> list[tuple[str, list[Question]]]:
    """The catalogue by topic."""
    by_topic = groupby(load_questions().values(), key=lambda question: question.topic)
    return [(topic, list(questions)) for topic, questions in by_topic]


def _answered(asked: Asked, view: str, result: Result) -> Shown:
    if result.kind == "graph" or view == "raw":
        return _as_text(asked, view, result)
    document = json.loads(result.body)
    if result.kind == "boolean":
        return Shown(asked, view, result.kind, boolean=bool(document["boolean"]))
    return Shown(asked, view, result.kind, table=_table(document["head"]["vars"], document["results"]["bindings"]))


def _as_text(asked: Asked, view: str, result: Result) -> Shown:
    cut = len(result.body) > TEXT_ON_PAGE
    # The last character may be cut in its midst.
    text = result.body[:TEXT_ON_PAGE].decode(errors="ignore")
    if result.kind != "graph" and not cut:
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return Shown(asked, view, result.kind, text=text, cut=cut)


Term = Mapping[str, Any]


def _table(variables: Sequence[str], bindings: Sequence[Mapping[str, Term]]) -> Table:
    # As in the named questions, x_iri is the address of what x calls by its name.
    known = set(variables)
    every = [name for name in variables if name.removesuffix("_iri") == name or name[:-4] not in known]
    columns = every[:COLUMNS_ON_PAGE]
    page = bindings[: min(ROWS_ON_PAGE, CELLS_ON_PAGE // max(len(columns), 1))]
    terms = (term for row in page for column in columns if (term := row.get(column)))
    names = _labels({term["value"] for term in terms if term["type"] == "uri"})
    rows = [
        [_cell(row.get(column), names, row.get(f"{column}_iri")) for column in columns] for row in page
    ]  # fmt: skip
    return Table(columns, rows, len(bindings), len(every), _charted(columns, rows))


def _labels(addresses: set[str]) -> dict[str, str]:
    terms = tuple(iri(address) for address in sorted(addresses) if not protocol.ILLEGAL_IN_IRI.search(address))
    return {row["thing"]: row["label"] for row in queries.records("labels", thing=terms)} if terms else {}


def _cell(term: Term | None, names: Mapping[str, str], address: Term | None) -> Cell | None:
    if term is None:
        return None
    if term["type"] == "uri":
        return Cell(names.get(term["value"]) or shortened(term["value"]), _page_of(term["value"]))
    page = _page_of(address["value"]) if address and address["type"] == "uri" else ""
    return Cell(term["value"], page, _number(term))


def _number(term: Term) -> float | None:
    """What a literal comes to, where it is a number that can be drawn."""
    if term.get("datatype", "") not in NUMBERS:
        return None
    try:
        number = float(term["value"])
    except ValueError:
        # The engine keeps a literal whose words its type does not allow.
        return None
    return number if math.isfinite(number) else None


def _page_of(address: str) -> str:
    base = queries.names().base
    # Graphs have names below our base, and no pages.
    return "" if address.startswith(f"{base}graph/") else thing_url(address)


def _charted(columns: Sequence[str], rows: Sequence[Sequence[Cell | None]]) -> str:
    """The one column of numbers beside columns of words, where bars say something; else ""."""
    numeric = [
        name
        for place, name in enumerate(columns)
        if all(cell.number is not None and cell.number >= 0 for row in rows if (cell := row[place]))
        and any(cell.number for row in rows if (cell := row[place]))
    ]
    fits = len(numeric) == 1 and 1 < len(columns) <= MOST_CHARTED and len(rows) > 1
    return numeric[0] if fits else ""
