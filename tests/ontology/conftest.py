"""The ontology's files, read once."""

from pathlib import Path

import pytest
from rdflib import Graph

ONTOLOGY = Path(__file__).parents[2] / "ontology"


@pytest.fixture(scope="session")
def folder() -> Path:
    return ONTOLOGY


@pytest.fixture(scope="session")
def vocabulary() -> Graph:
    return Graph().parse(ONTOLOGY / "plangraph.ttl")


@pytest.fixture(scope="session")
def codes() -> Graph:
    return Graph().parse(ONTOLOGY / "codes.ttl")


@pytest.fixture(scope="session")
def shapes() -> Graph:
    return Graph().parse(ONTOLOGY / "shapes.ttl")
