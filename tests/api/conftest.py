"""An app over two stores that remember what they were asked and answer from a card."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from api import create_app
from kg.errors import PlangraphError
from kg.graph.store import Result
from kg.settings import Settings

ROWS = {
    "json": b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"<b>&7</b>"}}]}}',
    "xml": b"<sparql/>",
    "csv": b"n\r\n7\r\n",
    "tsv": b"?n\n7\n",
}
BOOLEANS = {"json": b'{"head":{},"boolean":true}', "xml": b"<sparql/>", "csv": b"true", "tsv": b"true"}
GRAPH = {
    "ttl": b"<urn:s> <urn:p> <urn:o> .\n",
    "nt": b"<urn:s> <urn:p> <urn:o> .\n",
    "rdf": b"<r/>",
    "jsonld": b"[]",
}


@dataclass
class CardStore:
    """A Store that answers every query by its first word, or raises `failure`; `asked` keeps the calls."""

    snapshot: str = "s1"
    failure: PlangraphError | None = None
    asked: list[dict] = field(default_factory=list)
    rows: dict[str, bytes] = field(default_factory=lambda: dict(ROWS))

    def query(
        self,
        sparql: str,
        *,
        solutions: str = "json",
        graph: str = "ttl",
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        timeout: float | None = None,
    ) -> Result:
        self.asked.append(
            {
                "sparql": sparql,
                "solutions": solutions,
                "graph": graph,
                "default_graphs": tuple(default_graphs),
                "named_graphs": tuple(named_graphs),
            }
        )
        if self.failure is not None:
            raise self.failure
        if "CONSTRUCT" in sparql:
            return Result("graph", "", GRAPH[graph])
        if "ASK" in sparql:
            return Result("boolean", "", BOOLEANS[solutions])
        return Result("solutions", "", self.rows[solutions])

    def close(self) -> None:
        self.failure = PlangraphError("closed")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.read(environ={}, home=tmp_path, hosts=("plans.example",))


@pytest.fixture
def store() -> CardStore:
    """What answers our own questions."""
    return CardStore()


@pytest.fixture
def pool() -> CardStore:
    """What answers queries from outside."""
    return CardStore()


@pytest.fixture
def client(settings, store, pool):
    return create_app(settings, store, pool).test_client()
