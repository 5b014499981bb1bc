"""`/healthz`: says ok once a query works."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from api import queries
from kg.errors import PlangraphError

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """`{"status": "ok", "snapshot": id}`, or 503 with the reason."""
    store = queries.own_store()
    try:
        store.query(queries.text("alive"))
    except PlangraphError as error:
        return jsonify(status="unavailable", reason=str(error)), 503
    return jsonify(status="ok", snapshot=store.snapshot)
