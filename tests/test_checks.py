"""`plangraph check`: the facts of the first plan, the rule behind each number, and findings in words."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.checks import Report, check
from kg.checks.checking import COUNTS
from kg.cli import main
from kg.documents import read_dump
from kg.graph.store import current, list_snapshots
from kg.reading import Rules
from kg.reading.layout import lay_out, lines_of
from kg.settings import Settings
from tests.conftest import tiny_data

# What the first plan is known to hold, counted in the document by hand; a bracket says the parts.
HACKNEY = {
    "strategic priorities": (5, "1, 2, 3, 4, 6"),
    "gaps in the numbers of strategic priorities": (1, "5"),
    "delivery priorities": (11, "3 + 2 + 2 + 3 + 1"),
    "actions": (49, "11 + 13 + 6 + 16 + 3"),
    "leads": (85, ""),
    "different Lead Partners cells": (39, ""),
    "bodies that lead": (32, ""),
    "joint actions": (27, ""),
    "actions with one lead": (22, ""),
    "yearly statuses": (147, ""),
    "yearly statuses to be confirmed": (18, ""),
    "indicators of delivery priorities": (7, ""),
    "indicators with figures": (4, ""),
    "indicators named and to be confirmed": (3, ""),
    "printed target lines": (8, ""),
    "readings with a target": (9, ""),
    "readings with an actual": (4, ""),
    "improvement statements": (22, ""),
    "improvement blocks": (9, ""),
    "steps of actions": (124, ""),
    "actions with steps": (49, "34 with more than one"),
    "actions with an explicit measure": (19, ""),
    "references from action to action": (2, ""),
    "references to sections of documents": (4, ""),
    "names of documents referred to": (20, ""),
    "documents referred to": (18, ""),
    "documents, where close matches are one": (15, ""),
    "dead links in the table": (13, ""),
    "dead links below the table": (1, ""),
}
# The same of the tiny plan, counted on its one screen.
TINY = {
    "strategic priorities": (3, "1, 2, 4"),
    "gaps in the numbers of strategic priorities": (1, "3"),
    "delivery priorities": (7, "3 + 2 + 2"),
    "actions": (16, "11 + 3 + 2"),
    "leads": (26, ""),
    # 17 cells, because 2.3 goes on behind a page break; its second cell and that of 4.1 read the same.
    "different Lead Partners cells": (16, ""),
    "bodies that lead": (13, ""),
    "joint actions": (9, ""),
    "actions with one lead": (7, ""),
    "yearly statuses": (32, ""),
    "yearly statuses to be confirmed": (3, ""),
    "indicators of delivery priorities": (5, ""),
    "indicators with figures": (3, ""),
    "indicators named and to be confirmed": (2, ""),
    "printed target lines": (4, ""),
    "readings with a target": (5, ""),
    "readings with an actual": (3, ""),
    "improvement statements": (6, ""),
    "improvement blocks": (4, ""),
    "steps of actions": (27, ""),
    "actions with steps": (16, "9 with more than one"),
    "actions with an explicit measure": (4, ""),
    "references from action to action": (2, ""),
    "references to sections of documents": (4, ""),
    "names of documents referred to": (10, ""),
    "documents referred to": (9, ""),
    "documents, where close matches are one": (9, ""),
    "dead links in the table": (8, ""),
    "dead links below the table": (1, ""),
}


@pytest.fixture(scope="module")
def hackney_report(hackney) -> Report:
    return check(hackney.settings)


@pytest.fixture(scope="module")
def tiny_report(tiny) -> Report:
    return check(tiny.settings)


def numbers(report: Report) -> dict[str, tuple[int, str]]:
    (plan,) = report.plans
    return {count.what: (count.number, count.detail) for count in plan.counts}


def test_every_count_has_a_known_answer(hackney_report):
    assert list(numbers(hackney_report)) == list(HACKNEY) == list(TINY)
    assert len(HACKNEY) == len([*COUNTS.glob("*.rq")])


@pytest.mark.parametrize("what", HACKNEY)
def test_the_first_plan_holds_what_it_is_known_to_hold(hackney_report, what):
    assert numbers(hackney_report)[what] == HACKNEY[what]


@pytest.mark.parametrize("what", TINY)
def test_the_tiny_plan_holds_what_stands_on_its_screen(tiny_report, what):
    assert numbers(tiny_report)[what] == TINY[what]


def test_two_plans_are_counted_apart(tmp_path):
    settings = Settings.read(environ={}, home=tmp_path / "home", data=tiny_data(tmp_path))
    folder = settings.data / "plans" / "tinford" / "safety-plan-2023-25"
    other = settings.data / "plans" / "tinford" / "safety-plan-2026"
    other.mkdir()
    for path in folder.iterdir():
        text = path.read_text("utf-8").replace("safety-plan-2023-25", other.name).replace("2023-25", "2026")
        if path.name == "leads.csv":
            text = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("action/1.8,2"))
            text = text.replace("action/1.8,1,Council Licensing,role-joint", "action/1.8,1,Council Licensing,role-sole")
        (other / path.name).write_text(text, "utf-8")
    first, second = check(settings).plans
    assert [first.label, second.label] == [
        "Tinford Safety Plan 2023-25 (synthetic example)",
        "Tinford Safety Plan 2026 (synthetic example)",
    ]
    leads = {plan.label: next(c.number for c in plan.counts if c.what == "leads") for plan in (first, second)}
    assert list(leads.values()) == [26, 25]


def test_every_printed_bullet_of_an_activity_is_a_step(hackney, source):
    rules = Rules.load(hackney.settings.data / "reading")
    bullets = {
        action.reference: sum(line.segment.kind != "text" for line in lines_of(action.column("activity"), listed=True))
        for action in lay_out(read_dump(source), rules).actions
    }
    with (hackney.settings.data / "plans/hackney/community-safety-plan-2015-18/steps.csv").open(
        "r", -1, "utf-8"
    ) as file:
        steps = Counter(row["element"].removeprefix("action/") for row in csv.DictReader(file))
    assert all(steps[reference] >= max(printed, 1) for reference, printed in bullets.items())
    assert (sum(bullets.values()), sum(printed > 0 for printed in bullets.values())) == (103, 36)


# --- the command -----------------------------------------------------------------------------------------------


def run(home: Path, data: Path):
    return CliRunner().invoke(main, ["check", "--home", str(home), "--data", str(data)])


def edited(data: Path, table: str, old: str, new: str) -> None:
    (path,) = data.glob(f"plans/*/*/{table}.csv")
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def data(tmp_path) -> Path:
    """The tables of the tiny plan, to be spoilt."""
    return tiny_data(tmp_path)


SOLE_LEAD = "action/1.4,1,Westmere Constabulary,role-sole,Constabulary,L011-lead-partners,cert-normalised,\n"


def test_check_prints_each_number_with_its_rule_and_ends_with_0(tmp_path, data):
    answer = run(tmp_path / "home", data)
    assert (answer.exit_code, answer.stderr) == (0, "")
    lines = answer.stdout.splitlines()
    assert lines[0] == f"Tinford Safety Plan 2023-25 (synthetic example), snapshot {current(tmp_path / 'home').id}"
    assert all(re.match(r" *\d+ [^:]+: .+\.$", line) for line in lines[1 : 1 + len(TINY)])
    assert "     7 actions with one lead: Actions whose Lead Partners cell names one body." in lines
    (finding,) = (line for line in lines if line.startswith("Warning: "))
    assert finding.startswith("Warning: Cycle theft: Nothing says how this delivery priority is measured")


def test_a_violation_is_said_in_words_with_its_cells_and_ends_with_1(tmp_path, data):
    home = tmp_path / "home"
    run(home, data)
    edited(data, "leads", SOLE_LEAD, "")
    answer = run(home, data)
    assert answer.exit_code == 1
    (line,) = [line for line in answer.stdout.splitlines() if line.startswith("Violation: ")]
    assert line.startswith("Violation: Known carriers: Nobody leads this action: ")
    assert "line 11, activity" in line
    assert "    26 leads: " in answer.stdout  # what is published stays as it was
    assert len(list_snapshots(home)) == 1


def test_a_violation_is_said_where_nothing_was_ever_published(tmp_path, data):
    edited(data, "leads", SOLE_LEAD, "")
    answer = run(tmp_path / "home", data)
    assert answer.exit_code == 1
    assert answer.stdout.startswith("Violation: Known carriers: Nobody leads this action: ")
    assert current(tmp_path / "home") is None


FIGURES = "unit-percent-change,false,,,Reduction in the number of knife injuries"


def test_a_warning_is_published_and_said_below_the_violations(tmp_path, data):
    home = tmp_path / "home"
    edited(data, "indicators", FIGURES, FIGURES.replace("false", ""))
    warned = run(home, data)
    assert warned.exit_code == 0
    assert warned.stdout.count("Warning: Reduction in the number of knife injuries (under 25).: ") == 1
    edited(data, "leads", SOLE_LEAD, "")
    both = [line.split(":")[0] for line in run(home, data).stdout.splitlines() if re.match(r"Violation|Warning", line)]
    assert both == ["Violation", "Warning", "Warning"]


def test_what_the_snapshot_was_warned_of_is_said_until_it_is_built_again(tmp_path, data):
    home = tmp_path / "home"
    edited(data, "indicators", FIGURES, FIGURES.replace("false", ""))
    told = [line for line in run(home, data).stdout.splitlines() if line.startswith("Warning: ")]
    edited(data, "indicators", FIGURES.replace("false", ""), FIGURES)
    assert [line for line in run(home, data).stdout.splitlines() if line.startswith("Warning: ")] == told != []


def test_tables_that_cannot_be_read_are_bad_input(tmp_path, data):
    edited(data, "leads", "Youth Team,role-joint", "Youth Teem,role-joint")
    answer = run(tmp_path / "home", data)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "Youth Teem" in answer.stderr
