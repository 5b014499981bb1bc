"""Short documents, read with the tiny plan's register and the bundled reading rules."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.documents import parse_dump, read_dump
from kg.reading import Interpretation, Rules, interpret
from kg.register import Register
from kg.settings import bundled
from kg.tables import Plan, known_codes, load_plan
from tests.conftest import TINY, TINY_PLAN

HEADER = "Delivery Priority 1:\tRef No\tActivity\tLead Partners\tExpected Outcome\t2023/24\t2024/25"
Read = Callable[..., Interpretation]


@pytest.fixture(scope="session")
def codes() -> frozenset[str]:
    return known_codes(bundled("ontology"))


@pytest.fixture(scope="session")
def rules() -> Rules:
    return Rules.load(bundled("data") / "reading")


@pytest.fixture(scope="session")
def tiny_register(codes: frozenset[str]) -> Register:
    return Register.load(TINY_PLAN / "register", codes)


@pytest.fixture(scope="session")
def tiny_tables(codes: frozenset[str]) -> Plan:
    """The tables of the tiny plan, as a person wrote them."""
    return load_plan(TINY_PLAN, codes)


@pytest.fixture(scope="session")
def read(rules: Rules, tiny_register: Register) -> Read:
    """Reads a text as a plan."""

    def reading(text: str) -> Interpretation:
        return interpret(parse_dump(text.encode(), Path("plan.txt")), rules, tiny_register, "tinford", "plan")

    return reading


@pytest.fixture(scope="session")
def tiny_read(rules: Rules, tiny_register: Register) -> Interpretation:
    """The tiny document, read."""
    return interpret(read_dump(TINY / "tiny-plan.txt"), rules, tiny_register, "tinford", "safety-plan-2023-25")


@pytest.fixture(scope="session")
def read_row(read: Read) -> Read:
    """Reads one action with the cells given; a cell that is not given is plain."""

    def reading(**given: str) -> Interpretation:
        cells = {"ref": "1.1", "activity": "We will act.", "lead": "Youth Team", "outcome": "Calm.",
                 "first": "Ongoing", "second": "Ongoing"} | given  # fmt: skip
        line = "\t".join(["", *cells.values()])
        return read(f"Strategic Priority 1: Peace\n{HEADER}\n{line}\n")

    return reading


def rows(reading: Interpretation, table: str, *columns: str, **where: str) -> list[Any]:
    """The columns (one: bare, more: as tuples) of the rows of a table that have the values given."""
    found = [
        tuple(getattr(row, column) for column in columns)
        for row in reading.tables.rows[table]
        if all(getattr(row, column) == value for column, value in where.items())
    ]
    return [one[0] for one in found] if len(columns) == 1 else found
