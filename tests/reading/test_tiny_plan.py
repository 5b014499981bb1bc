"""The tiny document, read whole, gives the tables that a person wrote from it."""

import pytest

from kg.reading import Interpretation, Rules, disagreements, reconcile
from kg.reading.reconcile import of_document
from kg.register import Register
from kg.tables import TABLES, Plan
from tests.conftest import TINY

READ = [table for table in TABLES if table not in ("differences", "deadlines", "owners", "updates")]
"""The tables that the tiny document has something for."""


def test_reading_and_tables_agree_in_every_row(tiny_tables: Plan, tiny_register: Register, rules: Rules):
    assert reconcile(TINY / "tiny-plan.txt", tiny_tables, tiny_register, rules).found == ()


# The document has no columns of deadlines and posts; what was said since came in workbooks.
@pytest.mark.parametrize("table", [table for table in READ if table not in ("deadlines", "owners", "updates")])
def test_every_table_has_as_many_rows_as_the_person_found(table: str, tiny_read: Interpretation, tiny_tables: Plan):
    assert len(tiny_read.tables.rows[table]) == len(tiny_tables.rows[table]) > 0


@pytest.mark.parametrize("table", ["steps", "leads", "statuses", "outcomes", "indicators", "measures", "readings"])
def test_the_exact_words_are_those_the_person_copied(table: str, tiny_read: Interpretation, tiny_tables: Plan):
    kept = {row.path: row.verbatim for row in tiny_tables.rows[table]}
    assert {row.path: row.verbatim for row in tiny_read.tables.rows[table]} == kept


@pytest.mark.parametrize("table", ["deadlines", "owners", "updates"])
def test_what_the_document_does_not_say_is_not_read_from_it(table: str, tiny_read: Interpretation, tiny_tables: Plan):
    assert tiny_read.tables.rows[table] == ()
    assert of_document(tiny_tables, table) == []


def test_nothing_in_the_tiny_document_is_unknown(tiny_read: Interpretation):
    assert tiny_read.names.proposed == {}


def test_meta_data_are_read_from_headings_and_file(tiny_read: Interpretation, tiny_tables: Plan):
    read, kept = tiny_read.tables.meta, tiny_tables.meta
    assert (read.id, read.first_period, read.last_period) == (kept.id, kept.first_period, kept.last_period)
    assert read.source == kept.source


def test_two_readings_give_the_same_tables(tiny_read: Interpretation, rules: Rules, tiny_register: Register):
    again = reconcile(TINY / "tiny-plan.txt", tiny_read.tables, tiny_register, rules)
    assert [d for d in again.found if d.column != "verbatim"] == []


def test_tables_in_another_order_agree(tiny_read: Interpretation, tiny_tables: Plan, tiny_register: Register):
    turned = Plan(tiny_tables.meta, {table: tuple(reversed(rows)) for table, rows in tiny_tables.rows.items()})
    assert disagreements(tiny_read.tables, turned, tiny_register) == []
