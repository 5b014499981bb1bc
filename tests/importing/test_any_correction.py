"""Whatever an officer corrects, it is there after the next import, and after every import behind that."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import parse_dump
from kg.importing.corrections import cells_of, corrected, corrections_between, together
from kg.reading import Rules, interpret
from kg.register import Register
from kg.settings import bundled
from kg.tables import Plan
from tests.conftest import TINY_PLAN
from tests.importing.conftest import CODES, ROWS, document

RULES = Rules.load(bundled("data") / "reading")
REGISTER = Register.load(TINY_PLAN / "register", CODES)


def read(text: str) -> Plan:
    return interpret(parse_dump(text.encode(), Path("plan.txt")), RULES, REGISTER, "tinford", "plan").tables


READING = read(document())
LONGER = read(document(*ROWS, "\t1.4\tWe will sing.\tYouth Team\tJoy.\tOngoing\tOngoing"))
FREE = ("label", "editorial_note", "verbatim")
"""Columns that may hold any words."""
LEAVES = ("leads", "steps", "outcomes", "measures", "cross-references", "mentions")
"""Tables to whose rows nothing belongs that would be left alone."""
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).filter(
    str.strip
)


@st.composite
def changes(draw: st.DrawFn) -> list[tuple[str, str, int, str]]:
    """Changes to rows: (what, table, which row, words)."""
    what = st.sampled_from(["edit", "edit", "edit", "delete", "add"])
    return draw(st.lists(st.tuples(what, st.sampled_from(LEAVES), st.integers(0, 20), words), max_size=6))


def changed(plan: Plan, wanted: list[tuple[str, str, int, str]]) -> Plan:
    rows: dict[str, list[Any]] = {table: list(held) for table, held in plan.rows.items()}
    for what, table, number, said in wanted:
        held = rows[table]
        if not held:
            continue
        row = held[number % len(held)]
        if what == "edit":
            column = FREE[number % 3] if FREE[number % 3] in type(row).model_fields else "editorial_note"
            held[held.index(row)] = type(row).model_validate(cells_of(row) | {column: said})
        elif what == "delete":
            held.remove(row)
        else:
            last = max(each.position for each in held if each.owner == row.owner)
            held.append(type(row).model_validate(cells_of(row) | {"position": str(last + 1), "editorial_note": said}))
    return replace(plan, rows={table: tuple(held) for table, held in rows.items()})


def state(plan: Plan) -> dict[str, dict[str, dict[str, str]]]:
    return {table: {row.path: cells_of(row) for row in rows} for table, rows in plan.rows.items()}


@settings(max_examples=200, deadline=None)
@given(changes(), changes())
def test_corrections_give_the_corrected_tables_exactly_and_again(first, second):
    once = changed(READING, first)
    known = together((), corrections_between(READING, once))
    done = corrected(READING, known, {})
    assert state(done.plan) == state(once)
    assert not done.unsettled
    # Corrected further, on top of what was corrected.
    twice = changed(done.plan, second)
    known = together(done.applied, corrections_between(done.plan, twice))
    done = corrected(READING, known, {})
    assert state(done.plan) == state(twice)
    assert not done.unsettled
    # And what was remembered says the same the next time.
    again = corrected(READING, done.applied, {})
    assert (state(again.plan), again.applied) == (state(twice), done.applied)


@settings(max_examples=100, deadline=None)
@given(changes())
def test_corrections_survive_a_document_with_one_action_more(wanted):
    known = together((), corrections_between(READING, changed(READING, wanted)))
    done = corrected(LONGER, known, {})
    assert not done.unsettled
    expected, found = state(changed(READING, wanted)), state(done.plan)
    for table in LEAVES:
        assert {path: cells for path, cells in found[table].items() if "action/1.4" not in path} == expected[table]


@settings(max_examples=100, deadline=None)
@given(changes())
def test_no_correction_is_lost_when_the_document_says_something_else(wanted):
    known = together((), corrections_between(READING, changed(READING, wanted)))
    other = read(document(*(row.replace("We will", "They shall").replace("streets", "roads") for row in ROWS)))
    done = corrected(other, known, {})
    assert {each.place for each in (*done.applied, *(each.correction for each in done.unsettled))} == {
        each.place for each in known
    }
