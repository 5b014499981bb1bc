"""Whatever happens to a document: it is read into tables that load, or refused in words."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import parse_dump
from kg.errors import InputError
from kg.reading import Rules, interpret
from kg.register import Register
from kg.settings import bundled
from kg.tables import known_codes, load_plan, write_plan
from tests.conftest import TINY, TINY_PLAN

LINES = (TINY / "tiny-plan.txt").read_text(encoding="utf-8").split("\n")
PLACE = st.integers(0, len(LINES) - 1)
COLUMN = st.integers(0, 6)
DAMAGE = st.one_of(
    st.tuples(st.just("empty"), PLACE, COLUMN),
    st.tuples(st.just("cut"), PLACE, COLUMN),
    st.tuples(st.just("drop"), PLACE, COLUMN),
    st.tuples(st.just("swap"), PLACE, PLACE),
    st.tuples(st.just("more"), PLACE, COLUMN),
)


def damaged(damage: list[tuple[str, int, int]]) -> str:
    lines = [line.split("\t") for line in LINES]
    for kind, place, other in damage:
        at = place % len(lines)
        column = other % len(lines[at])
        if kind == "empty":
            lines[at][column] = ""
        elif kind == "cut":
            lines[at][column] = lines[at][column][: len(lines[at][column]) // 2]
        elif kind == "drop":
            lines.pop(at)
        elif kind == "swap":
            lines[at], lines[other % len(lines)] = lines[other % len(lines)], lines[at]
        else:
            lines[at].append("more")
    return "\n".join("\t".join(line) for line in lines)


CODES = known_codes(bundled("ontology"))
REGISTER = Register.load(TINY_PLAN / "register", CODES)
RULES = Rules.load(bundled("data") / "reading")


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(DAMAGE, min_size=1, max_size=10))
def test_a_damaged_document_is_read_or_refused_in_words(damage: list[tuple[str, int, int]]):
    try:
        document = parse_dump(damaged(damage).encode(), Path("plan.txt"))
        reading = interpret(document, RULES, REGISTER, "tinford", "plan")
    except InputError as error:
        refused = str(error)
    else:
        with tempfile.TemporaryDirectory() as folder:
            write_plan(reading.tables, Path(folder))
            again = load_plan(Path(folder), CODES)
        assert again.rows["actions"] == reading.tables.rows["actions"] != ()
        return
    assert refused.startswith("plan.txt")
