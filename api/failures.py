"""Every failure leaves by one door: problem+json (RFC 9457) for programs, a page for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from api.negotiate import Offer, prefers_html
from kg.errors import Candidate, PlangraphError, Several

PROBLEM: Final = "application/problem+json"
# What a program accepts here; a browser names HTML before these.
MACHINE_FORMS: Final = (Offer("problem", PROBLEM, ("application/json",)),)

# Our sentence where the framework's own is no help to the reader.
SENTENCES: Final = {
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "The request is larger than this server reads.",
    500: "Something went wrong on our side; it was written to the server's log.",
}
RETRY_AFTER: Final = "5"


def handle(app: Flask) -> None:
    """Hang the table of handlers into `app`."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(PlangraphError, _ours)
    app.register_error_handler(Exception, _unexpected)


@dataclass(frozen=True)
class Choice:
    """One of several things that were named: what it is, its address as a parameter takes it, and where it leads."""

    name: str
    value: str
    url: str


def answer(status: int, sentence: str, choices: Sequence[Choice] = ()) -> Response:
    """The failure as the client likes it: a page where HTML is preferred, else problem+json.

    `choices` are the things of which one is meant, where that is what went wrong.
    """
    title = HTTPStatus(status).phrase
    said = {"choices": choices} if choices else {}
    if prefers_html(request.headers.get("Accept", ""), MACHINE_FORMS):
        response = Response(
            render_template("failure.html", status=status, title=title, sentence=sentence, choose=choices),
            mimetype="text/html",
        )
    else:
        response = jsonify(type="about:blank", title=title, status=status, detail=sentence, **said)
        response.mimetype = PROBLEM
    response.status_code = status
    return mark(response)


def mark(response: Response) -> Response:
    """Keep a failure out of caches, and say when to come back where that helps."""
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = RETRY_AFTER
    return response


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error.get_response()
    response = answer(status, _sentence(error, status))
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers.setdefault(name, value)  # Allow of a 405
    return response


def _ours(error: PlangraphError) -> Response:
    if isinstance(error, Several):
        choices = [Choice(str(one), one.path, here(error, one)) for one in error.candidates]
        return answer(error.status, str(error), choices)
    return answer(error.status, str(error))


def here(error: Several, one: Candidate) -> str:
    """The address that was asked for, with one of several things given for the words that name them all."""
    given = [
        (name, one.path if (name, value.strip()) == (error.parameter, error.words) else value)
        for name, value in request.args.items(multi=True)
    ]
    return f"{request.path}?{urlencode(given, safe='/')}"


def _unexpected(error: Exception) -> Response:
    current_app.logger.exception("unexpected failure at %s", request.path, exc_info=error)
    return answer(500, SENTENCES[500])


def _sentence(error: HTTPException, status: int) -> str:
    # A description set on the instance is ours; the class's own is the framework's.
    if error.description and error.description != type(error).description:
        return error.description
    return SENTENCES.get(status) or error.description or HTTPStatus(status).phrase
