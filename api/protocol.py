"""What one request of the SPARQL 1.1 Protocol asks, checked, and how it is run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from api import queries
from kg.graph.store import Result

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
READ_ONLY: Final = "This endpoint answers queries; it takes no updates."
NO_QUERY: Final = 'The request holds no query: send it as the parameter "query".'
QUERY_SECONDS: Final = 10.0
"""How long a query from outside may take; the pool is opened with it."""
ILLEGAL_IN_IRI: Final = re.compile(r'[\x00-\x20<>"{}|\\^`]')


@dataclass(frozen=True)
class Asked:
    """What one protocol request asks for. `query` is None where the request holds none."""

    query: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The same as parameters of an address."""
        return [
            ("query", self.query or ""),
            *(("default-graph-uri", graph) for graph in self.default_graphs),
            *(("named-graph-uri", graph) for graph in self.named_graphs),
        ]


def read() -> Asked:
    """What the present request asks. Raises BadRequest or UnsupportedMediaType with a sentence."""
    parameters, body = _parameters_and_body()
    if any(name in ("update", "using-graph-uri", "using-named-graph-uri") for name, _ in parameters):
        raise BadRequest(READ_ONLY)
    texts = [value for name, value in parameters if name == "query"] + ([] if body is None else [body])
    if len(texts) > 1:
        raise BadRequest(f"The request holds {len(texts)} queries; send one.")
    return Asked(
        query=texts[0] if texts else None,
        default_graphs=_graphs(parameters, "default-graph-uri"),
        named_graphs=_graphs(parameters, "named-graph-uri"),
    )


def run(asked: Asked, solutions: str, graph: str, largest: int | None = None) -> Result:
    """The answer, rows and yes or no in the form `solutions`, a graph in the form `graph`; see Store.query."""
    return queries.pool().query(
        asked.query or "",
        solutions=solutions,
        graph=graph,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        largest=largest,
    )


def _parameters_and_body() -> tuple[list[tuple[str, str]], str | None]:
    parameters = _pairs(request.query_string, "The address")
    if request.method != "POST":
        return parameters, None
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("Send the query as it is, without a Content-Encoding.")
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMediaType(f"Queries are read as UTF-8, not as {charset}.")
    if request.mimetype == FORM:
        return parameters + _pairs(request.get_data(), "The form"), None
    if request.mimetype == QUERY:
        try:
            return parameters, request.get_data().decode("utf-8")
        except UnicodeDecodeError:
            raise BadRequest("The query is not valid UTF-8.") from None
    if request.mimetype == "application/sparql-update":
        raise UnsupportedMediaType(READ_ONLY)
    raise UnsupportedMediaType(f"POST a query as {FORM} or as {QUERY}.")


def _pairs(encoded: bytes, where: str) -> list[tuple[str, str]]:
    # Strict: the framework would put U+FFFD into the query, which is another query than the one asked.
    try:
        return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeError:
        raise BadRequest(f"{where} is not valid percent-encoded UTF-8.") from None
    except ValueError:
        raise BadRequest(f"{where} holds more than a thousand parameters.") from None


def _graphs(parameters: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    graphs = tuple(value for key, value in parameters if key == name and value)
    for graph in graphs:
        if ILLEGAL_IN_IRI.search(graph) or not urlsplit(graph).scheme:
            raise BadRequest(f'The value of "{name}" is not an absolute IRI.')
    return graphs
