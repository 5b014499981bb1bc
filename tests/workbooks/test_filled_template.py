"""The template filled in as an officer fills it, read as a plan, and published."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from kg.errors import InputError
from kg.importing import import_document
from kg.importing.report import Report
from kg.settings import Settings
from kg.tables import Plan
from kg.updating import empty_template
from tests.workbooks.test_template import plangraph

Fill = Callable[[Any], None]

FACTS = ("Elmsworth Safer Town Plan 2024-26", "Elmsworth", "2024/25", "2025/26")
PRIORITIES = (("1 Safer streets", "1 Nights out"), ("2 Safer homes", "2 At home"), ("3 A tidy town", ""))
ACTIONS: tuple[dict[str, str], ...] = (
    {
        "Strategic priority": "1 Safer streets", "Delivery priority": "1 Nights out", "Ref": "2.10",
        "Action": "Street teams. We will:\n- Walk the high street.\n- Help people home.",
        "Lead partners": "Metropolitan Police Service", "Supporting partners": "Victim Support",
        "Lead post": "Night Time Manager", "Expected outcome": "Fewer people are hurt.",
        "How we will measure it": "Number of assaults", "By when": "March 2025", "2024/25": "Ongoing",
        "2025/26": "Not applicable",
    },
    {
        "Strategic priority": "2 Safer homes", "Delivery priority": "2 At home", "Action": "Fit better locks.",
        "Lead partners": "Victim Support; Elmsworth Housing", "By when": "2024/25 Q2", "2024/25": "To be confirmed",
        "RAG": "Amber", "Progress": "Two blocks are done.",
    },
)  # fmt: skip


def put(book: Any, actions: tuple[dict[str, str], ...] = ACTIONS, facts: tuple[str, ...] = FACTS) -> None:
    for row, words in enumerate(facts, 2):
        book["Plan"].cell(row, 2).value = words
    for row, pair in enumerate(PRIORITIES, 2):
        for column, words in enumerate(pair, 1):
            book["Priorities"].cell(row, column).value = words or None
    columns = {cell.value: cell.column for cell in book["Actions"][1]}
    for row, said in enumerate(actions, 2):
        for name, words in said.items():
            book["Actions"].cell(row, columns[name]).value = words


def written(folder: Path, fill: Fill = put) -> Path:
    path = folder / "plan.xlsx"
    empty_template(Settings.read(environ={}, home=folder), "2024-2025").save(path)
    book = load_workbook(path)
    fill(book)
    book.save(path)
    return path


def saved_by_an_office(path: Path) -> Path:
    out = path.parent / "saved"
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return out / path.name


def plan_of(report: Report) -> Plan:
    assert report.plan is not None
    return report.plan


@pytest.fixture(scope="module", params=["openpyxl", "LibreOffice"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("filled")
    path = written(folder)
    if request.param == "LibreOffice":
        if shutil.which("soffice") is None:
            pytest.skip("LibreOffice is not installed")
        path = saved_by_an_office(path)
    return import_document(path, folder / "out")


def test_the_sheet_plan_says_what_the_plan_is(report: Report):
    meta = plan_of(report).meta
    assert (meta.label, meta.borough, meta.plan) == (FACTS[0], "elmsworth", "elmsworth-safer-town-plan-2024-26")
    assert (meta.first_period, meta.last_period) == ("2024-2025", "2025-2026")


def test_every_cell_of_the_actions_is_in_its_table(report: Report):
    rows = plan_of(report).rows
    assert [(row.identifier, row.is_part_of) for row in rows["actions"]] == [
        ("2.10", "sp/1/dp/1"),
        ("2.1", "sp/2/dp/2"),
    ]
    assert [row.label for row in rows["priorities"]] == ["Safer streets", "Safer homes"]
    assert [(row.element, row.verbatim, row.role) for row in rows["leads"]] == [
        ("action/2.10", "Metropolitan Police Service", "role-sole"),
        ("action/2.1", "Victim Support", "role-joint"), ("action/2.1", "Elmsworth Housing", "role-joint"),
    ]  # fmt: skip
    assert [(row.element, row.of) for row in rows["mentions"]][:1] == [("action/2.10", "Victim Support")]
    assert [(row.label, row.due, row.period) for row in rows["deadlines"]] == [
        ("March 2025", "2025-03", ""), ("2024/25 Q2", "2024-09-30", "2024-2025-q2"),
    ]  # fmt: skip
    assert [row.post for row in rows["owners"]] == ["Night Time Manager"]
    assert [(row.rag, row.progress) for row in rows["updates"]] == [("rag-amber", "Two blocks are done.")]
    assert [row.label for row in rows["measures"]] == ["Number of assaults"]
    assert [row.label for row in rows["outcomes"]] == ["Fewer people are hurt."]


def test_an_empty_cell_of_a_year_is_not_stated_and_a_spare_year_is_none(report: Report):
    said = {(row.element, row.period): row.state for row in plan_of(report).rows["statuses"]}
    assert said == {
        ("action/2.10", "2024-2025"): ("status-ongoing",), ("action/2.10", "2025-2026"): ("status-na",),
        ("action/2.1", "2024-2025"): ("status-tbc",), ("action/2.1", "2025-2026"): ("status-not-stated",),
    }  # fmt: skip


def test_nothing_is_doubted_but_what_only_a_person_can_settle(report: Report):
    told = [(each.doubt.words, each.doubt.sentence.partition(" (")[0]) for each in report.findings]
    assert told == [
        ("3 A tidy town", "is listed on the sheet Priorities, and no action has it."),
        ("Victim Support", "is no body the register knows"),
        ("", "This action has no reference; it is kept as 2.1."),
        ("Elmsworth Housing", "is no body the register knows"),
    ]


def test_it_is_published_by_the_commands(tmp_path: Path):
    read = plangraph("read", written(tmp_path), "--out", tmp_path / "out", home=tmp_path)
    assert read.returncode == 0, read.stderr
    built = plangraph("build", "--add", tmp_path / "out", home=tmp_path)
    assert built.returncode == 0, built.stderr
    asked = plangraph("ask", "every-deadline", "--plan", FACTS[0], "--format", "csv", home=tmp_path)
    assert "2024/25 Q2" in asked.stdout, asked.stderr


def test_read_again_with_another_cell_the_plan_keeps_its_address(tmp_path: Path):
    import_document(written(tmp_path), tmp_path / "out")

    def other(book: Any) -> None:
        put(book, facts=("Elmsworth Plan", *FACTS[1:]))

    meta = plan_of(import_document(written(tmp_path, other), tmp_path / "out")).meta
    assert (meta.label, meta.plan) == ("Elmsworth Plan", "elmsworth-safer-town-plan-2024-26")


def test_the_template_as_it_was_given_is_refused_in_a_sentence(tmp_path: Path):
    path = tmp_path / "plan.xlsx"
    empty_template(Settings.read(environ={}, home=tmp_path), "2024-2025").save(path)
    with pytest.raises(InputError, match=r"^No action stands in plan\.xlsx: write them on the sheet Actions"):
        import_document(path, tmp_path / "out")
    assert not (tmp_path / "out" / "plan.toml").exists()


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ((*FACTS[:2], "next year", "2025/26"), 'plan.xlsx, Plan:4: column "Write here": "next year" is no period'),
        ((*FACTS[:2], "2025/26", "2024/25"), "plan.xlsx, Plan: the last year lies before the first."),
        ((*FACTS[:2], "2024/25", "2027/28"), "no column is headed 2027/28"),
        (("Plan of Dr Ahmed", *FACTS[1:]), "a person's name stands here, and people are not named"),
    ],
)  # fmt: skip
def test_what_the_sheet_plan_cannot_mean_is_told_by_its_cell(facts: tuple[str, ...], sentence: str, tmp_path: Path):
    with pytest.raises(InputError) as error:
        import_document(written(tmp_path, lambda book: put(book, facts=facts)), tmp_path / "out")
    assert sentence in str(error.value)


def test_a_blank_sheet_plan_is_told_and_the_options_of_the_command_win(tmp_path: Path):
    path = written(tmp_path, lambda book: put(book, facts=()))
    told = [each.doubt.sentence for each in import_document(path, tmp_path / "out").findings]
    assert any("none was given (--borough)" in each for each in told)
    given = import_document(path, tmp_path / "given", borough="harbour", plan="safer", title="Safer 2024")
    assert (plan_of(given).meta.borough, plan_of(given).meta.plan, plan_of(given).meta.label) == (
        "harbour", "safer", "Safer 2024",
    )  # fmt: skip


def test_what_a_person_wrote_on_a_sheet_that_is_not_read_is_kept_and_told(tmp_path: Path):
    def beside(book: Any) -> None:
        put(book)
        book["Example"]["D9"].value = "Ask the landlords"

    report = import_document(written(tmp_path, beside), tmp_path / "out")
    assert [each.doubt.words for each in report.findings if "which is not read" in each.doubt.sentence] == [
        "Ask the landlords"
    ]


def test_actions_on_further_sheets_and_a_renamed_one_are_read_too(tmp_path: Path):
    def renamed(book: Any) -> None:
        put(book)
        book["Actions"].title = "Our plan"

    assert len(plan_of(import_document(written(tmp_path, renamed), tmp_path / "out")).rows["actions"]) == 2
