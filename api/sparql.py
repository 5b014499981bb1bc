"""`/sparql`: the SPARQL 1.1 Protocol for queries; `/query`: the same for people, as a page and as files."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotAcceptable

from api import protocol, queries
from api import query as query_page
from api.negotiate import GRAPHS, SOLUTIONS, Offer, choose, listing, prefers_html
from kg.questions.binding import iri

blueprint = Blueprint("sparql", __name__)


@blueprint.route("/sparql", methods=["GET", "POST"])
def endpoint() -> ResponseReturnValue:
    """GET with `query`, POST of a form, POST of a query; GET without one describes the service; the page in HTML."""
    if prefers_html(request.headers.get("Accept", ""), (*SOLUTIONS, *GRAPHS)):
        return query_page.shown()
    asked = protocol.read()
    if asked.query is None:
        if request.method == "GET" and not request.query_string:
            return _description()
        raise BadRequest(protocol.NO_QUERY)
    return _answer(asked)


@blueprint.get("/query")
def query() -> ResponseReturnValue:
    """The editor, and below it the answer."""
    return query_page.shown()


@blueprint.get(f"/query.<any({','.join(query_page.FILES)}):form>")
def file(form: str) -> ResponseReturnValue:
    """The answer as a file: a link can ask for a form, where it cannot send an Accept header."""
    return query_page.file(form)


def _answer(asked: protocol.Asked) -> Response:
    accept = request.headers.get("Accept", "")
    rows, graph = choose(accept, SOLUTIONS), choose(accept, GRAPHS)
    if rows is None and graph is None:
        raise NotAcceptable(f"This endpoint answers in {listing((*SOLUTIONS, *GRAPHS))}, or as a page in text/html.")
    result = protocol.run(asked, (rows or SOLUTIONS[0]).name, (graph or GRAPHS[0]).name)
    # Only the engine knows the form of a query, so a client that accepts the wrong family learns it here.
    family, chosen = (GRAPHS, graph) if result.kind == "graph" else (SOLUTIONS, rows)
    if chosen is None:
        noun = "with a graph" if result.kind == "graph" else "with rows or yes and no"
        raise NotAcceptable(f"This query answers {noun}, which there is in {listing(family)}.")
    return _send(result.body, chosen)


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
