"""The server's own queries: .rq files beside this module, asked in this process."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import current_app

from kg.graph.store import Store
from kg.questions.answer import Answer

FOLDER: Final = Path(__file__).parent / "queries"


def own_store() -> Store:
    """The store that answers our own questions."""
    store: Store = current_app.extensions["plangraph.store"]
    return store


def pool() -> Store:
    """The store that answers queries from outside, in processes that can be killed."""
    store: Store = current_app.extensions["plangraph.pool"]
    return store


@cache
def text(name: str) -> str:
    """The query `name` as it stands in its file."""
    return (FOLDER / f"{name}.rq").read_text(encoding="utf-8")


def records(name: str) -> list[dict[str, Any]]:
    """The rows of our query `name`, each a dict by column; what is unbound is None."""
    answer = Answer.parse(own_store().query(text(name)).body)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def describe_service(address: str, form: str) -> bytes:
    """The service description of the endpoint at `address`, as the graph format `form`."""
    q = text("service-description").replace("http://localhost:8000/sparql", address)
    return own_store().query(q, graph=form).body
