"""Documents of another shape: columns in another order, years in months, names nobody knows."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.build import build
from kg.cli import main
from kg.documents import Document, Row, read_dump
from kg.graph.store import LocalStore
from kg.reading import Interpretation, Rules, disagreements, interpret
from kg.register import Register
from kg.settings import Settings
from tests.conftest import TINY
from tests.reading.built import Heading, Table, built
from tests.reading.conftest import HEADER, Read, rows

TEXT = (TINY / "tiny-plan.txt").read_text(encoding="utf-8")


def reordered(text: str, order: tuple[int, ...]) -> str:
    """The text with the columns of its table in another order."""
    lines = [line.split("\t") for line in text.split("\n")]
    return "\n".join("\t".join(cells[i] for i in order) if len(cells) == len(order) else cells[0] for cells in lines)


@pytest.mark.parametrize("order", [(4, 6, 1, 0, 5, 3, 2), (6, 5, 4, 3, 2, 1, 0)], ids=["mixed", "mirrored"])
def test_the_order_of_the_columns_does_not_matter(
    order: tuple[int, ...], read: Read, tiny_read: Interpretation, tiny_register: Register
):
    turned = read(reordered(TEXT, order))
    assert disagreements(turned.tables, tiny_read.tables, tiny_register) == []
    assert turned.tables.meta.first_period == "2023-2024"


@pytest.mark.parametrize(
    "heading", ["April 2023 to March 2024", "Apr 2023 – Mar 2024", "2023/24", "2023-2024", "FY23/24"]
)
def test_a_financial_year_may_be_headed_by_its_months(heading: str, read: Read):
    header = HEADER.replace("2023/24", heading)
    reading = read(f"Strategic Priority 1: Peace\n{header}\n\t1.1\tAct.\tYouth Team\tCalm.\tOngoing\tTbc\n")
    assert rows(reading, "statuses", "period") == ["2023-2024", "2024-2025"]


def test_a_line_above_the_first_priority_is_the_title_of_the_plan(read: Read):
    reading = read(
        f"Tinford Peace Plan\nStrategic Priority 1: Peace\n{HEADER}\n\t1.1\tAct.\tYouth Team\tCalm.\tTbc\tTbc\n"
    )
    assert reading.tables.meta.label == "Tinford Peace Plan"


def test_what_stands_under_no_known_heading_is_kept_aside_and_reported(read: Read):
    reading = read(f"Strategic Priority 1: Peace\n{HEADER}\tColour\n\t1.1\tAct.\tYouth Team\tCalm.\tTbc\tTbc\tpink\n")
    found = [(doubt.line, doubt.column, doubt.words) for doubt in reading.doubts]
    assert (2, "column 8", "Colour") in found


def test_an_action_without_a_reference_is_given_one(read_row: Read):
    reading = read_row(ref="")
    assert rows(reading, "actions", "identifier", "certainty") == [("1.1", "cert-inferred")]
    assert any("has no reference" in doubt.sentence for doubt in reading.doubts)


EDITS = {
    "a misspelt column": ("Activity (What", "Aktivity (What",
                          'is no heading we know; it is like "activity" (88%) and read as activity.'),
    "a year twice": ("\t2024/25\n", "\t2023/24\n", 'may be 2023-2024, as "2023/24" is; its cells are kept aside.'),
    "years without a number": ("2024/25\n", "Year two\n", "is a heading no rule knows; its cells are kept aside."),
    "a reference twice": ("\t1.2\t", "\t1.1\t", "stands twice, first in line 8; this action is kept as 1.1-b."),
    "a delivery priority twice": ("Delivery Priority 3:", "Delivery Priority 1:",
                                  "begins a second time; read as more of the priority above."),
    "a strategic priority twice": ("Strategic Priority 4:", "Strategic Priority 1:",
                                   "The document numbers two priorities 1. This one is read as 3."),
}  # fmt: skip


def as_page(document: Document) -> Document:
    """The document as a Word or web page has it: lines are paragraphs, and what follows each other is a table."""
    rows: list[Row] = []
    tables = line = 0
    for row, before in zip(document.rows, (None, *document.rows), strict=False):
        new = before is None or row.table != before.table or row.line != before.line + 1
        tables += bool(row.table and new)
        line = line + 1 if row.table and not new else 1
        sheet, at = (f"table-{tables}", line) if row.table else ("text", row.line)
        cells = tuple(replace(cell, line=at, sheet=sheet) for cell in row.cells)
        rows.append(Row(cells, tables if row.table else 0))
    return replace(document, rows=tuple(rows), format="docx")


def as_sheet(document: Document) -> Document:
    """The document as a workbook has it: one sheet of rows."""
    rows = tuple(Row(tuple(replace(cell, sheet="plan") for cell in row.cells), 1) for row in document.rows)
    return replace(document, rows=rows, format="xlsx", sheets={"plan": "Plan"})


@pytest.mark.parametrize("shape", [as_page, as_sheet])
def test_a_plan_on_a_page_or_a_sheet_gives_the_tables_of_its_text(
    shape: Callable[[Document], Document], rules: Rules, tiny_read: Interpretation, tiny_register: Register
):
    document = shape(read_dump(TINY / "tiny-plan.txt"))
    turned = interpret(document, rules, tiny_register, "tinford", "safety-plan-2023-25").tables
    for table, said in tiny_read.tables.rows.items():
        assert [row.model_copy(update={"source": ()}) for row in turned.rows[table]] == [
            row.model_copy(update={"source": ()}) for row in said
        ]


def test_figures_beside_the_only_measure_of_an_action_are_its_readings(read: Read):
    header = "Ref\tActivity\tLead\tMeasure\t2024/25 target\t2024/25 actual"
    lines = [
        "1.1\tAct.\tYouth Team\tCalls answered\t5%\t-12",
        "1.2\tGo.\tYouth Team\tPatrols\ttbc\tabout ten",
        "1.3\tSing.\tYouth Team\t\t7\t",
    ]
    reading = read("\n".join(["Strategic Priority 1: Peace", header, *lines, ""]))
    assert rows(reading, "readings", "element", "target", "actual", "state") == [
        ("action/1.1/measure/1", Decimal(5), Decimal(-12), ()),
        ("action/1.2/measure/1", None, None, ("status-tbc",)),
    ]
    kept = [doubt.words for doubt in reading.doubts if doubt.kind == "kept"]
    assert kept == ["about ten", "7"]


def test_a_table_of_indicators_below_a_priority_gives_readings(rules: Rules, tiny_register: Register):
    document = built(
        Heading("Priority 1: Nights", 1),
        Table([["KPI", "Baseline", "Target 2024/25", "2024/25 actual"], ["Fights reported", "90", "80", "85"],
               ["Calls", "9", "tbc", "many"]]),
        Table([["Ref", "Action", "Lead"], ["1.1", "Act.", "Youth Team"]]),
    )  # fmt: skip
    reading = interpret(document, rules, tiny_register, "tinford", "plan")
    assert rows(reading, "indicators", "label") == ["Fights reported", "Calls"]
    assert rows(reading, "readings", "period", "target", "actual", "state") == [
        ("2024-2025", Decimal(80), Decimal(85), ()), ("2024-2025", None, None, ("status-tbc",)),
    ]  # fmt: skip
    said = [(doubt.words, doubt.kind) for doubt in reading.doubts]
    assert ("many", "doubtful") in said
    figures = [(row.target, row.actual, row.state) for row in reading.tables.rows["readings"]]
    assert (None, None, ()) not in figures
    assert ("90", "kept") in said


@pytest.mark.parametrize(("old", "new", "sentence"), EDITS.values(), ids=EDITS)
def test_what_does_not_fit_is_read_and_becomes_a_doubt(old: str, new: str, sentence: str, read: Read):
    assert old in TEXT
    reading = read(TEXT.replace(old, new))
    assert len(rows(reading, "actions", "identifier")) == 16
    assert sentence in [doubt.sentence for doubt in reading.doubts]


def test_calendar_years_head_columns_too(read: Read):
    reading = read(TEXT.replace("\t2023/24\t2024/25\n", "\t2023\t2024\n"))
    assert set(rows(reading, "statuses", "period")) == {"2023", "2024"}


def test_an_action_nobody_leads_is_kept_and_reported(read_row: Read):
    reading = read_row(lead="")
    assert rows(reading, "leads", "partner") == ["org/not-stated"]
    assert "Nobody leads 1.1." in [doubt.sentence for doubt in reading.doubts]


def test_an_unknown_lead_is_proposed_once_and_the_nearest_name_given(read_row: Read):
    reading = read_row(lead="Market Wardns", first="Delivery through Market Wardns")
    assert rows(reading, "leads", "partner", "role", "certainty") == [("Market Wardns", "role-sole", "cert-inferred")]
    assert rows(reading, "statuses", "delivered_through", period="2023-2024") == [("Market Wardns",)]
    assert reading.names.proposed == {"bodies": 1}
    (doubt,) = [doubt for doubt in reading.doubts if doubt.words == "Market Wardns"]
    assert (doubt.line, doubt.column) == (3, "lead-partners")
    assert "(nearest: Market Wardens); proposed as tinford/org/market-wardns" in doubt.sentence


def test_a_plan_of_a_borough_nobody_knows_builds_from_what_was_read(tmp_path: Path):
    out = tmp_path / "out"
    arguments = ["read", str(TINY / "tiny-plan.txt"), "--out", str(out), "--borough", "tinford", "--plan", "new-plan"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0
    assert '"Market Wardens" is no body the register knows' in result.stdout
    snapshot = build(Settings.read(environ={}, home=tmp_path / "home"), add=[out])
    store = LocalStore(snapshot)
    base = "https://w3id.org/plangraph/"
    led = f"""PREFIX plan: <https://w3id.org/plangraph/ns#>
        ASK {{ <{base}id/tinford/plan/new-plan/action/1.2> plan:leadPartner <{base}id/tinford/org/market-wardens> }}"""
    assert store.query(led).body.strip().endswith(b"true}")
    store.close()
