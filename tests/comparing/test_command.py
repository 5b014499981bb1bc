"""`plangraph compare`: folders, documents and published versions; the formats; what a person decides is remembered."""

import csv
import io
import json

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from kg.cli import main
from tests.comparing.conftest import DOCUMENTS, FOLDERS

OLD, NEW = map(str, FOLDERS)


@pytest.fixture
def run(tmp_path):
    def invoke(*arguments: str):
        return CliRunner().invoke(main, ["compare", *arguments, "--home", str(tmp_path / "home")])

    return invoke


def test_json_goes_to_standard_output_and_is_the_same_twice(run):
    first, second = run(OLD, NEW, "--format", "json"), run(OLD, NEW)
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout)["dropped"] == ["1.7"]
    assert first.stdout == second.stdout


def test_documents_are_read_and_leave_nothing_behind(run, tmp_path):
    told = json.loads(run(*map(str, DOCUMENTS), "--format", "json").stdout)
    assert (told["added"], told["dropped"]) == (["1.11", "4.2"], ["1.7"])
    assert list(tmp_path.iterdir()) == []


def test_csv_and_workbook_hold_a_row_a_change(run, tmp_path):
    rows = list(csv.DictReader(io.StringIO(run(OLD, NEW, "--format", "csv").stdout.lstrip("\ufeff"))))
    assert [row["new"] for row in rows if row["change"] == "Added"] == ["1.11", "4.2"]
    out = tmp_path / "changes.xlsx"
    assert run(OLD, NEW, "--out", str(out)).exit_code == 0
    assert load_workbook(out)["Changes"].max_row == len(rows) + 1


def test_the_table_is_for_people(run):
    told = run(OLD, NEW, "--format", "table").output
    assert "Moved to another priority (1)" in told


def test_a_decision_is_remembered_and_used_the_next_time(run, tmp_path):
    decided = run(OLD, NEW, "--same", "1.7=4.2", "--different", "1.11=1.10")
    assert decided.exit_code == 0, decided.output
    kept = list(csv.DictReader((tmp_path / "home" / "alignments.csv").read_text("utf-8").splitlines()))
    assert [(row["old"], row["new"], row["decision"]) for row in kept] == [
        ("1.11", "1.10", "different"),
        ("1.7", "4.2", "same"),
    ]
    assert json.loads(run(OLD, NEW).stdout)["dropped"] == ["1.11"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--same", "1.7"], 'takes two references such as 1.2=1.4, not "1.7"'),
        (["--same", "9.9=1.1"], 'The older version has no action "9.9"'),
        (["--same", "1.7=4.2", "--same", "1.7=1.11"], "cannot be the same as both"),
        (["--format", "xlsx"], "A workbook is a file"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(run, arguments, sentence):
    refused = run(OLD, NEW, *arguments)
    assert refused.exit_code == 2
    assert sentence in refused.output


def test_a_published_version_is_named_by_its_path(tiny):
    home = ["--home", str(tiny.settings.home), "--data", str(tiny.settings.data)]
    told = CliRunner().invoke(main, ["compare", "tinford/safety-plan-2023-25/4c987dc4", NEW, "--format", "json", *home])
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["added"] == ["1.11", "4.2"]
    unknown = CliRunner().invoke(main, ["compare", "tinford/nothing/1", NEW, *home])
    assert unknown.exit_code == 2
    assert 'No version held is called "tinford/nothing/1"' in unknown.output
