"""A plan's tables as sheets of a workbook: every file comes back byte for byte, and a mistake names its cell."""

import filecmp
import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from kg.errors import InputError
from kg.tables import TABLES, Action, Plan, PlanMeta, PlanSource, StrategicPriority, known_codes, load_plan
from kg.tables.rows import DeliveryPriority, Difference, Indicator, Lead, Reading, Status
from kg.workbooks import Folder, add_tables, read_tables
from tests.conftest import ROOT, TINY_PLAN

CODES = known_codes(ROOT / "ontology")
PLANS = {
    "tiny": TINY_PLAN,
    **{path.parent.name: path.parent for path in sorted((ROOT / "data").glob("*/**/plan.toml"))},
}


def saved(held: Folder):
    book = Workbook()
    book.remove(book.active)
    add_tables(book, held)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return load_workbook(out)


def back(book) -> Folder:
    problems = []
    held = read_tables(book, CODES, problems)
    assert not problems
    assert held is not None
    return held


def files(folder: Path) -> list[str]:
    found = folder.rglob("*")
    return sorted(
        path.relative_to(folder).as_posix() for path in found if path.suffix == ".csv" or path.name == "plan.toml"
    )


@pytest.mark.parametrize("name", PLANS)
def test_the_folder_of_a_plan_comes_back_byte_for_byte(name, tmp_path):
    folder = PLANS[name]
    held = Folder.of(load_plan(folder, CODES), CODES)
    back(saved(held)).write(tmp_path / "back")
    kept = [file for file in files(folder) if file in files(tmp_path / "back")]
    # What the reader leaves beside the tables is no table.
    assert {file for file in files(folder) if not file.endswith("report.csv")} == set(files(tmp_path / "back"))
    assert filecmp.cmpfiles(folder, tmp_path / "back", kept, shallow=False) == (kept, [], [])


words = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from(list('=+-@\n\t"|_xX0041;,.\x01\x0b\ufffe\u202e')),
    max_size=40,
)
said = words.map(str.strip).filter(bool)
SOURCE = {"source": ("L008-activity", "sheet-2-R12-2024-2025-q1-rag"), "certainty": "cert-stated"}
HARD = ("2.10", "2.1", "1e3", "001", "1-2", "TRUE", "2024-05")


@st.composite
def plans(draw) -> Folder:
    text = lambda: draw(words.map(str.strip))  # noqa: E731  drawn anew each time
    priority = StrategicPriority(identifier="1", position=1, label=draw(said), description=text(), **SOURCE)
    below = DeliveryPriority(is_part_of="sp/1", identifier="2.10", position=1, label=draw(said), state=(), **SOURCE)
    references = draw(st.lists(st.sampled_from(HARD), unique=True))
    actions = tuple(
        Action(is_part_of=below.path, identifier=ref, position=place, label=draw(said), description=text(), **SOURCE)
        for place, ref in enumerate(references, 1)
    )
    leads = tuple(
        Lead(element=one.path, position=1, partner=draw(said), role="role-sole", verbatim=text(), **SOURCE)
        for one in actions
    )
    statuses = tuple(
        Status(element=one.path, period="2024-2025-q1", label=draw(said), state=("status-tbc", "status-described"),
               stated_as="stated-intended", editorial_note=text(), **SOURCE)
        for one in actions
    )  # fmt: skip
    indicator = Indicator(element=below.path, identifier="a", position=1, label=draw(said),
                          higher_is_better=draw(st.sampled_from([True, False, None])), **SOURCE)  # fmt: skip
    figure = draw(st.none() | st.decimals(-999, 999, places=2))
    reading = Reading(element=indicator.path, period="2024", target=figure, actual=Decimal("73.10"), **SOURCE)
    difference = Difference(table="actions", key=draw(said), read=text(), kept=text(), editorial_note=draw(said))
    meta = PlanMeta(borough="x", plan="y", label=draw(said), description=text(),
                    source=PlanSource(file="a.txt", sha256="0" * 64))  # fmt: skip
    rows = {"priorities": (priority,), "delivery-priorities": (below,), "actions": actions, "leads": leads,
            "statuses": statuses, "indicators": (indicator,), "readings": (reading,),
            "differences": (difference,)}  # fmt: skip
    absent = draw(st.sets(st.sampled_from([table for table in TABLES if table not in rows])))
    tables = tuple(table for table in TABLES if table not in absent)
    return Folder(Plan(meta, dict.fromkeys(TABLES, ()) | rows), {}, tables)


@given(plans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_is_lost_or_changed_on_the_way_through_a_workbook(tmp_path_factory, held):
    folder = tmp_path_factory.mktemp("plan")
    held.write(folder / "there")
    back(saved(held)).write(folder / "back")
    there = files(folder / "there")
    assert there == files(folder / "back")
    assert filecmp.cmpfiles(folder / "there", folder / "back", there, shallow=False) == (there, [], [])


@pytest.fixture
def book():
    return saved(Folder.of(load_plan(TINY_PLAN, CODES), CODES))


def complaints(book) -> list[str]:
    problems = []
    read_tables(book, CODES, problems)
    return [str(problem) for problem in problems]


def test_every_cell_is_text_and_none_is_a_formula(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {(cell.data_type, cell.number_format) for cell in cells if cell.row > 1} == {("s", "@")}


def test_a_mistake_names_its_sheet_its_row_and_its_column(book):
    book["leads.csv"]["D3"].value = "role-boss"
    book["actions.csv"]["B4"].value = "=1+1"
    book["steps.csv"]["A2"].value = "action/9.9"
    assert complaints(book) == [
        'actions.csv:4: column "identifier": this is a formula: write what it shows.',
        'leads.csv:3: column "role": "role-boss" is no code (nearest: role-contributing).',
    ]


def test_a_row_that_belongs_to_nothing_is_told_by_its_sheet(book):
    book["steps.csv"]["A2"].value = "action/9.9"
    (sentence,) = complaints(book)
    assert sentence.startswith('steps.csv:2: column "element": "action/9.9" does not exist in this plan')


def test_what_need_not_be_written_is_filled_in(book):
    sheet = book["leads.csv"]
    names = [cell.value for cell in sheet[1]]
    for name in ("position", "role", "source", "certainty"):
        for row in (2, 3, 8):
            sheet.cell(row, names.index(name) + 1).value = None
    leads = back(book).plan.rows["leads"]
    first, second, alone = leads[0], leads[1], leads[6]
    assert (first.role, first.position, second.position) == ("role-joint", 1, 2)
    assert (alone.element, alone.role) == ("action/1.4", "role-sole")
    assert first.source == ("leads-csv-R2-lead-partners",)
    assert alone.certainty == "cert-stated"


def test_a_number_that_a_program_made_of_a_reference_is_told(book):
    # Typed without the text format, 2.10 becomes 2.1: then 2.1 stands twice.
    sheet = book["actions.csv"]
    assert sheet["B13"].value == "2.1"
    sheet["B14"].value = 2.1
    assert any("action 2.1 stands twice" in sentence for sentence in complaints(book))


def test_a_text_that_no_cell_holds_is_refused_with_its_place():
    held = Folder.of(load_plan(TINY_PLAN, CODES), CODES)
    action = held.plan.rows["actions"][0].model_copy(update={"description": "x" * 40_000})
    rows = dict(held.plan.rows) | {"actions": (action, *held.plan.rows["actions"][1:])}
    with pytest.raises(InputError, match=r"actions.csv:2: .*40,000 characters"):
        saved(replace(held, plan=replace(held.plan, rows=rows)))


def test_missing_and_misspelt_columns_are_told(book):
    book["actions.csv"]["B1"].value = "identifer"
    assert complaints(book) == [
        'actions.csv:1: column "identifier": this column is missing (nearest: identifer).',
    ]
