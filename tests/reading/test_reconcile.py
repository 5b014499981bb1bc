"""The bundled tables against the document: they agree, or the difference is listed with a reason."""

from pathlib import Path

import pytest

from kg.documents import read_dump
from kg.reading import Disagreement, Interpretation, Rules, cells_by_id, disagreements, misquoted, reconcile
from kg.register import Register
from kg.settings import bundled
from kg.tables import Difference, Plan, load_plan
from tests.conftest import TINY

HACKNEY = "plans/hackney/community-safety-plan-2015-18"


@pytest.fixture(scope="module")
def bundled_plan(codes: frozenset[str]) -> Plan:
    return load_plan(bundled("data") / HACKNEY, codes)


@pytest.fixture(scope="module")
def bundled_register(codes: frozenset[str]) -> Register:
    return Register.load(bundled("data") / "register", codes)


def test_the_bundled_tables_agree_with_the_document_or_say_why_not(
    source: Path, bundled_plan: Plan, bundled_register: Register, rules: Rules
):
    result = reconcile(source, bundled_plan, bundled_register, rules)
    assert [str(one) for one in result.unexplained] == []
    assert [str(one) for one in result.outdated] == [], "listed in differences.csv, and occurring no more"


def test_the_reader_differs_from_the_tables_in_few_places(bundled_plan: Plan):
    facts = sum(len(rows) for table, rows in bundled_plan.rows.items() if table != "differences")
    assert len(bundled_plan.rows["differences"]) < facts / 20


def test_everything_printed_in_the_document_has_a_place_in_the_tables(source: Path, bundled_plan: Plan, rules: Rules):
    cited = {cell for rows in bundled_plan.rows.values() for row in rows for cell in getattr(row, "source", ())}
    left = [cell for cell in cells_by_id(read_dump(source), rules) if cell not in cited]
    # Headings of tables and of improvement blocks name what stands beside them and say nothing themselves.
    words = cells_by_id(read_dump(source), rules)
    assert {words[cell].split(" (")[0] for cell in left} <= {
        "Delivery Priority 1:", "Delivery Priority 2:", "Delivery Priority 3:", "Ref No", "Activity", "Lead Partners",
        "Expected Outcome", "2015/16", "2016/17", "2017/18", "Improvement Actions",
    }  # fmt: skip


def changed(plan: Plan, table: str, **values: object) -> Plan:
    """The plan with other values in the first row of a table."""
    first, *others = plan.rows[table]
    return Plan(plan.meta, {**plan.rows, table: (first.model_copy(update=values), *others)})


@pytest.mark.parametrize(
    ("table", "values", "column", "read", "kept"),
    [
        ("leads", {"role": "role-sole"}, "role", "role-joint", "role-sole"),
        ("leads", {"source": ("L009-lead-partners",)}, "source", "L008-lead-partners", "L009-lead-partners"),
        ("actions", {"is_part_of": "sp/1/dp/2"}, "is_part_of", "sp/1/dp/1", "sp/1/dp/2"),
        ("statuses", {"state": ("status-tbc",)}, "state", "status-na", "status-tbc"),
        ("statuses", {"stated_as": "stated-reported"}, "stated_as", "stated-intended", "stated-reported"),
        ("readings", {"actual": None}, "actual", "-4", ""),
        ("indicators", {"higher_is_better": None}, "higher_is_better", "false", ""),
        ("measures", {"type": "method-perception"}, "type", "method-recorded", "method-perception"),
        ("steps", {"source": ("L018-activity",)}, "source", "L017-improvement-actions", "L018-activity"),
        ("cross-references", {"type": "xref-feeds"}, "type", "xref-shares-indicators", "xref-feeds"),
    ],
)  # fmt: skip
def test_one_value_changed_in_the_tables_is_found(
    table: str,
    values: dict[str, object],
    column: str,
    read: str,
    kept: str,
    tiny_read: Interpretation,
    tiny_tables: Plan,
    tiny_register: Register,
):
    (found,) = disagreements(tiny_read.tables, changed(tiny_tables, table, **values), tiny_register)
    assert (found.table, found.column, found.read, found.kept) == (table, column, read, kept)


def test_a_row_missing_and_a_row_too_many_are_found(
    tiny_read: Interpretation, tiny_tables: Plan, tiny_register: Register
):
    first, *others = tiny_tables.rows["leads"]
    moved = Plan(
        tiny_tables.meta, {**tiny_tables.rows, "leads": (first.model_copy(update={"partner": "Quay Fund"}), *others)}
    )
    assert disagreements(tiny_read.tables, moved, tiny_register) == [
        Disagreement("leads", "action/1.1 -> tinford/org/quay-fund", "", "", "row"),
        Disagreement("leads", "action/1.1 -> tinford/org/westmere-constabulary", "", "row", ""),
    ]


def test_another_spelling_of_the_same_body_is_no_difference(
    tiny_read: Interpretation, tiny_tables: Plan, tiny_register: Register
):
    assert disagreements(tiny_read.tables, changed(tiny_tables, "leads", partner="Constabulary"), tiny_register) == []


def test_words_that_do_not_stand_in_their_cell_are_found(tiny_tables: Plan, rules: Rules):
    words = cells_by_id(read_dump(TINY / "tiny-plan.txt"), rules)
    assert misquoted(tiny_tables, words) == []
    assert misquoted(changed(tiny_tables, "leads", verbatim="Constabularies"), words) == [
        Disagreement("leads", "action/1.1/lead/1", "verbatim", "", "Constabularies"),
    ]
    gone = changed(tiny_tables, "outcomes", verbatim="", source=("L999-heading",))
    assert misquoted(gone, words) == [Disagreement("outcomes", "sp/1/outcome/1", "source", "", "L999-heading")]


def test_a_listed_difference_is_explained_and_one_that_is_gone_is_outdated(
    tiny_tables: Plan, tiny_register: Register, rules: Rules
):
    key = "action/1.1 -> tinford/org/westmere-constabulary"
    listed = Difference(
        table="leads", key=key, column="role", read="role-joint", kept="role-sole", editorial_note="A reason."
    )
    other = changed(tiny_tables, "leads", role="role-sole")
    explained = Plan(other.meta, {**other.rows, "differences": (listed,)})
    result = reconcile(TINY / "tiny-plan.txt", explained, tiny_register, rules)
    assert (len(result.found), result.unexplained, result.outdated) == (1, (), ())
    mended = Plan(tiny_tables.meta, {**tiny_tables.rows, "differences": (listed,)})
    result = reconcile(TINY / "tiny-plan.txt", mended, tiny_register, rules)
    assert (result.found, [one.key for one in result.outdated]) == ((), [key])
