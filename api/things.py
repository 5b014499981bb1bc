"""`/id/...` answers with a 303 to the page of a thing; the page of a thing is chosen by what it is."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

blueprint = Blueprint("things", __name__)


@blueprint.get("/id/<path:path>")
def identifier(path: str) -> ResponseReturnValue:
    """A thing is no document: see the page about it."""
    query = request.query_string.decode()
    return redirect(f"/{path}" + (f"?{query}" if query else ""), 303)


@blueprint.get("/<path:path>")
def thing(path: str) -> ResponseReturnValue:
    return path
