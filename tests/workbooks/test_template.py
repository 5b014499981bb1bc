"""The template: what an officer meets in it, and that a plan goes through it and back by the command."""

import filecmp
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kg.settings import Settings
from kg.updating import empty_template
from kg.workbooks.template import EXAMPLE_SHEET, NOT_ACTIONS, is_tables
from tests.conftest import TINY_PLAN, Built


def plangraph(*words: object, home: Path) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "kg.cli", *map(str, words)]
    environ = {"PLANGRAPH_HOME": str(home)}
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120, env=environ)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "plan.xlsx"
    settings = Settings.read(environ={}, home=path.parent)
    empty_template(settings, "2024-2025").save(path)
    return load_workbook(path)


def test_the_sheets_stand_in_the_order_of_the_work(empty):
    assert empty.sheetnames[:5] == ["Start here", "Plan", "Priorities", "Actions", "Example"]
    assert {sheet.title for sheet in empty if sheet.sheet_state == "visible"} - NOT_ACTIONS == {"Actions"}


def test_the_years_follow_from_the_first(empty):
    names = [cell.value for cell in empty["Actions"][1]]
    assert [name for name in names if name[:2] == "20"] == ["2024/25", "2025/26", "2026/27"]


def test_each_list_that_may_be_chosen_from_stands_where_its_column_points(empty):
    sheet = empty["Actions"]
    names = {cell.column_letter: cell.value for cell in sheet[1]}
    lists = {names[str(rule.sqref).partition("2")[0]]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    for column, title, one in (("Lead partners", "Lists", "Hackney Housing"), ("2024/25", "Lists", "Ongoing"),
                               ("RAG", "Lists", "Amber")):  # fmt: skip
        where, _, cells = lists[column].partition("!")
        assert where == title
        assert one in [cell[0].value for cell in empty[where][cells.replace("$", "")]]
    assert lists["Strategic priority"].startswith("Priorities!")


def test_an_empty_cell_that_needs_something_is_marked(empty):
    marked = {str(cells.sqref)[0] for cells in empty["Actions"].conditional_formatting}
    names = {cell.column_letter: cell.value for cell in empty["Actions"][1]}
    assert {names[letter] for letter in marked} == {"Strategic priority", "Action", "Lead partners"}


def test_headings_are_guarded_without_a_password_and_cells_to_fill_are_open(empty):
    sheet = empty["Actions"]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert sheet["A1"].protection.locked
    assert not sheet["A2"].protection.locked
    assert sheet.freeze_panes == "B2"


def test_every_heading_of_the_actions_says_what_it_is_for(empty):
    assert all(cell.comment for cell in empty["Actions"][1])


def test_the_example_says_that_it_is_synthetic(empty):
    cells = [row[0] for row in empty[EXAMPLE_SHEET].iter_rows(min_row=2, values_only=True) if row[0]]
    assert cells
    assert all("synthetic example" in words for words in cells)


def test_no_cell_of_data_is_merged_and_every_sheet_prints_on_the_width_of_a_page(empty):
    assert all(not sheet.merged_cells.ranges for sheet in empty)
    shown = [sheet for sheet in empty if sheet.sheet_state == "visible"]
    assert {sheet.page_setup.fitToWidth for sheet in shown} == {1}


def test_a_plan_goes_through_the_command_and_back_byte_for_byte(tmp_path):
    made = plangraph("template", "--from", TINY_PLAN, "--out", tmp_path / "plan.xlsx", home=tmp_path)
    assert made.returncode == 0, made.stderr
    assert is_tables(tmp_path / "plan.xlsx")
    read = plangraph("read", tmp_path / "plan.xlsx", "--out", tmp_path / "back", home=tmp_path)
    assert read.returncode == 0, read.stderr
    files = sorted(path.relative_to(TINY_PLAN).as_posix() for path in TINY_PLAN.rglob("*")
                   if path.suffix == ".csv" or path.name == "plan.toml")  # fmt: skip
    assert filecmp.cmpfiles(TINY_PLAN, tmp_path / "back", files, shallow=False) == (files, [], [])
    again = plangraph("read", tmp_path / "plan.xlsx", "--out", tmp_path / "back", home=tmp_path)
    assert again.returncode == 2
    assert "holds a plan already" in again.stderr


def test_a_mistake_in_a_workbook_of_tables_is_told_by_its_cell_and_leaves_nothing(tmp_path):
    path = tmp_path / "plan.xlsx"
    plangraph("template", "--from", TINY_PLAN, "--out", path, home=tmp_path)
    book = load_workbook(path)
    book["leads.csv"]["D3"].value = "role-boss"
    book.save(path)
    read = plangraph("read", path, "--out", tmp_path / "back", home=tmp_path)
    assert read.returncode == 2
    assert 'leads.csv:3: column "role": "role-boss" is no code' in read.stderr
    assert not (tmp_path / "back").exists()


def test_tables_and_easy_sheets_in_one_workbook_are_refused(tmp_path):
    path = tmp_path / "plan.xlsx"
    plangraph("template", "--from", TINY_PLAN, "--out", path, home=tmp_path)
    book = load_workbook(path)
    book.create_sheet("Actions")
    book.save(path)
    read = plangraph("read", path, "--out", tmp_path / "back", home=tmp_path)
    assert "the two may disagree" in read.stderr


def test_a_published_plan_fills_a_template_by_its_name(tiny: Built, tmp_path):
    from kg.updating import template_of

    book = template_of(tiny.settings, "Tinford Safety Plan 2023-25 (synthetic example)", lambda: tiny.snapshot)
    assert "updates.csv" in book.sheetnames
    assert book["actions.csv"]["B14"].value == "2.2"
