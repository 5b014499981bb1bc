"""`/sparql`: the SPARQL 1.1 Protocol for queries, and a plain form of the same for people."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotAcceptable, UnsupportedMediaType

from api import failures, queries
from api.negotiate import GRAPHS, SOLUTIONS, Offer, choose, listing, prefers_html
from kg.errors import PlangraphError
from kg.graph.store import Result
from kg.questions.binding import iri

blueprint = Blueprint("sparql", __name__)

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
READ_ONLY: Final = "This endpoint answers queries; it takes no updates."
# A page of more rows helps nobody; the page says how many there are and how to get them.
ROWS_ON_PAGE: Final = 500
# How long a query from outside may take; the pool is opened with it.
QUERY_SECONDS: Final = 10.0
ILLEGAL_IN_IRI: Final = re.compile(r'[\x00-\x20<>"{}|\\^`]')


@dataclass(frozen=True)
class Asked:
    """What one protocol request asks for. `query` is None where the request holds none."""

    query: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """An answer as the page shows it: cells are texts with a kind (iri, literal, bnode, or empty)."""

    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Mapping[str, str]]] = ()
    total: int = 0


@dataclass(frozen=True)
class Shown:
    """What the page holds beside the form: one of a table, a truth value, a graph, or a failure."""

    query: str = ""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    table: Table | None = None
    boolean: bool | None = None
    graph: str | None = None
    failure: str | None = None
    status: int = 200


@blueprint.route("/sparql", methods=["GET", "POST"])
def endpoint() -> ResponseReturnValue:
    """GET with `query`, POST of a form, POST of a query; GET without one describes the service."""
    if prefers_html(request.headers.get("Accept", ""), (*SOLUTIONS, *GRAPHS)):
        return _page()
    asked = read(_parameters_and_body())
    if asked.query is None:
        if request.method == "GET" and not request.query_string:
            return _description()
        raise BadRequest('The request holds no query: send it as the parameter "query".')
    return _protocol(asked)


def read(given: tuple[Sequence[tuple[str, str]], str | None]) -> Asked:
    """Check the parameters against the protocol.

    `given` is the list of (name, value) and the query of a direct POST. Raises BadRequest with a sentence.
    """
    parameters, body = given
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


def _protocol(asked: Asked) -> Response:
    accept = request.headers.get("Accept", "")
    rows, graph = choose(accept, SOLUTIONS), choose(accept, GRAPHS)
    if rows is None and graph is None:
        raise NotAcceptable(f"This endpoint answers in {listing((*SOLUTIONS, *GRAPHS))}, or as a page in text/html.")
    result = _run(asked, rows or SOLUTIONS[0], graph or GRAPHS[0])
    # Only the engine knows the form of a query, so a client that accepts the wrong family learns it here.
    family, chosen = (GRAPHS, graph) if result.kind == "graph" else (SOLUTIONS, rows)
    if chosen is None:
        noun = "with a graph" if result.kind == "graph" else "with rows or yes and no"
        raise NotAcceptable(f"This query answers {noun}, which there is in {listing(family)}.")
    return _send(result.body, chosen)


def _run(asked: Asked, rows: Offer, graph: Offer) -> Result:
    return queries.pool().query(
        asked.query or "",
        solutions=rows.name,
        graph=graph.name,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
    )


def _send(body: bytes, offer: Offer) -> Response:
    charset = "; charset=utf-8" if offer.media_type.startswith("text/") else ""
    response = Response(body, content_type=offer.media_type + charset)
    response.vary.add("Accept")
    return response


def _description() -> Response:
    offer = choose(request.headers.get("Accept", ""), GRAPHS)
    if offer is None:
        raise NotAcceptable(f"The service description is there in {listing(GRAPHS)}, and as a page in text/html.")
    return _send(queries.graph("service-description", offer.name, service=(iri(request.base_url),)), offer)


def _page() -> Response:
    """The form, and below it the answer or the reason why there is none."""
    asked = Asked()
    try:
        asked = read(_parameters_and_body())
        # The form sends an empty field as an empty parameter, which counts as absent.
        shown = _shown(asked) if asked.query and asked.query.strip() else Shown()
    except PlangraphError as error:
        shown = Shown(asked.query or "", *_dataset(asked), failure=str(error), status=error.status)
    except (BadRequest, UnsupportedMediaType) as error:
        shown = Shown(failure=error.description, status=error.code)
    text = render_template(
        "sparql.html",
        shown=shown,
        example=queries.text("example"),
        limit=ROWS_ON_PAGE,
        seconds=f"{QUERY_SECONDS:g}",
        forms=listing(SOLUTIONS),
        graph_forms=listing(GRAPHS),
    )
    response = Response(text, status=shown.status, mimetype="text/html")
    response.vary.add("Accept")
    return failures.mark(response) if shown.failure else response


def _shown(asked: Asked) -> Shown:
    result = _run(asked, SOLUTIONS[0], GRAPHS[0])
    query = asked.query or ""
    if result.kind == "graph":
        return Shown(query, *_dataset(asked), graph=result.body.decode("utf-8"))
    answer = json.loads(result.body)
    if result.kind == "boolean":
        return Shown(query, *_dataset(asked), boolean=bool(answer["boolean"]))
    return Shown(query, *_dataset(asked), table=_table(answer))


def _dataset(asked: Asked) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return asked.default_graphs, asked.named_graphs


def _table(answer: dict[str, Any]) -> Table:
    columns = answer["head"]["vars"]
    bindings = answer["results"]["bindings"]
    rows = [[_cell(binding.get(column)) for column in columns] for binding in bindings[:ROWS_ON_PAGE]]
    return Table(columns, rows, len(bindings))


def _cell(term: Mapping[str, str] | None) -> Mapping[str, str]:
    if term is None:
        return {"kind": "", "text": ""}
    return {"kind": {"uri": "iri"}.get(term["type"], term["type"]), "text": term["value"]}
