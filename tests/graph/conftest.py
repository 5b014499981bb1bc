"""Small snapshots, for tests that need a store and no plan."""

from pathlib import Path

import pytest

from kg.graph.store import Snapshot, write_snapshot

GRAPH = "https://example.org/graph/one"
OTHER = "https://example.org/graph/two"


def quads(label: str, count: int = 60, graph: str = GRAPH) -> list[str]:
    """N-Quads lines: `count` things with a number, and one label."""
    lines = [f'<urn:thing:{i}> <urn:number> "{i}"^^<http://www.w3.org/2001/XMLSchema#integer>' for i in range(count)]
    return [f"{line} <{graph}> .\n" for line in [*lines, f'<urn:plan> <urn:label> "{label}"@en']]


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Two graphs, of which the first alone is in the default graph."""
    lines = quads("First") + quads("Second", 3, OTHER)
    return write_snapshot(Path(tmp_path_factory.mktemp("store")), lines, frozenset([GRAPH]), ["a-plan"])
