"""The round of updates: asked of two partners of the tiny plan, filled in, handed back, kept, built and told."""

import html
import shutil
import subprocess
import sys
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from api import create_app
from api.current import CurrentStore
from kg.build import build, read_tables
from kg.errors import InputError, NotFound
from kg.graph.store import LocalStore
from kg.settings import Settings
from kg.updating import ask_partner, take_updates
from kg.workbooks import unheard
from tests.conftest import tiny_data

TODAY = date(2024, 9, 30)
PERIOD = "2024-2025"


class Round:
    """A home of its own, in which partners are asked and answer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        data = tiny_data(folder / "data")
        # Nothing was said yet.
        next(data.rglob("updates.csv")).unlink()
        self.settings = Settings.read(environ={}, home=folder / "home", data=data)
        self.snapshot = build(self.settings)

    def asked(self, partner: str, **more) -> Path:
        book, _ = ask_partner(self.settings, self.snapshot, partner=partner, period=PERIOD, **more)
        path = self.folder / f"{partner.lower().replace(' ', '-')}.xlsx"
        book.save(path)
        return path

    def answered(self, partner: str, answers: dict[str, dict], **more) -> Path:
        path = self.asked(partner, **more)
        fill(path, answers)
        return path

    def take(self, *paths: Path):
        return take_updates(self.settings, self.snapshot, paths, TODAY)

    def kept(self):
        (plan,) = read_tables(self.settings).plans
        return plan.rows["updates"]

    def refused(self, *paths: Path) -> list[str]:
        with pytest.raises(InputError) as caught:
            self.take(*paths)
        assert not (self.settings.home / "updates").exists()
        return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def round_(tmp_path) -> Round:
    return Round(tmp_path)


def sheet_of(path: Path):
    book = load_workbook(path)
    sheet = book["Updates"]
    return book, sheet, [cell.value for cell in sheet[1]]


def fill(path: Path, answers: dict[str, dict]) -> None:
    """Write the answers for each reference into its row."""
    book, sheet, names = sheet_of(path)
    rows = {sheet.cell(row, 1).value: row for row in range(2, sheet.max_row + 1)}
    for ref, said in answers.items():
        for column, words in said.items():
            sheet.cell(rows[ref], names.index(column) + 1).value = words
    book.save(path)


GOOD = {
    "1.1": {"State": "Ongoing", "RAG": "Green", "Progress": "The club meets each week.", "Date": "2024-07-31"},
    "1.4": {"RAG": "Red", "Date": "31/07/2024"},
    "1.2": {"State": "No change", "Date": "2024-07-31"},
}


def test_a_partner_is_asked_about_what_it_leads_and_nothing_else(round_):
    _, sheet, names = sheet_of(round_.asked("Constabulary"))
    rows = {row[0]: dict(zip(names, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert list(rows) == ["1.1", "1.2", "1.4", "1.6", "1.9", "2.1"]
    assert rows["1.6"]["With whom"] == "Tinford Homes; Harbour Trust"
    assert rows["1.4"]["With whom"] == "nobody else"
    assert rows["1.4"]["Said last"] == "Planned 2024/25: Repeat Offender Plan under development"
    assert {row["State"] for row in rows.values()} == {None}


def test_units_are_asked_about_only_where_that_is_wanted(round_):
    alone = sheet_of(round_.asked("Constabulary"))[1].max_row
    with_units = sheet_of(round_.asked("Constabulary", units=True))[1].max_row
    # 1.8 is led by its licensing team.
    assert (alone, with_units) == (7, 8)


def test_what_can_be_chosen_are_the_labels_of_the_codes(round_):
    book, sheet, names = sheet_of(round_.asked("Constabulary"))
    lists = {str(rule.sqref)[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    column = {"State": "F", "RAG": "G"}
    range_ = lists[column["RAG"]].partition("!")[2].replace("$", "")
    assert [cell[0].value for cell in book["Lists"][range_]] == ["Red", "Amber", "Green", "Complete", "Not started"]
    assert names.index("RAG") == 6
    assert book["Lists"].sheet_state == "hidden"


def test_answers_become_dated_statements_with_who_said_so_and_where(round_):
    path = round_.answered("Constabulary", GOOD)
    (taken,) = round_.take(path)
    assert "3 statements of Westmere Constabulary added. Not answered: 1.6, 1.9, 2.1." in taken.sentences[0]
    first = next(row for row in round_.kept() if row.element == "action/1.1")
    assert (first.period, first.date, first.state, first.rag) == (
        PERIOD,
        "2024-07-31",
        ("status-ongoing",),
        "rag-green",
    )
    assert first.was_attributed_to == "tinford/org/westmere-constabulary"
    assert first.source == ("updates-R2-status", "updates-R2-rag", "updates-R2-progress")
    assert next(row for row in round_.kept() if row.element == "action/1.2").progress == "No change"
    copies = [copy.stem for copy in (round_.settings.home / "updates").rglob("*.xlsx")]
    assert copies == [first.sha256]


def test_the_same_workbook_adds_nothing_a_second_time_nor_does_the_same_answer_in_another(round_):
    path = round_.answered("Constabulary", GOOD)
    round_.take(path)
    (again,) = round_.take(path)
    assert again.added == ()
    assert "3 statements were held already" in again.sentences[0]
    fill(path, {"1.9": {"RAG": "Amber", "Date": "2024-08-31"}})
    (further,) = round_.take(path)
    assert [row.element for row in further.added] == ["action/1.9"]
    assert len(round_.kept()) == 4


def test_a_later_statement_stands_beside_the_earlier(round_):
    path = round_.answered("Constabulary", GOOD)
    round_.take(path)
    fill(path, {"1.1": {"RAG": "Amber", "Progress": "The hall is closed.", "Date": "2024-09-30"}})
    round_.take(path)
    said = [(row.position, row.rag) for row in round_.kept() if row.element == "action/1.1"]
    assert said == [(1, "rag-green"), (2, "rag-amber")]


def test_two_partners_answer_at_once_and_the_build_holds_both(round_):
    police = round_.answered("Constabulary", {"1.6": {"RAG": "Red", "Date": "2024-07-31"}})
    trust = round_.answered("Harbour Trust", {"1.6": {"RAG": "Green", "Date": "2024-07-31"}})
    assert [len(taken.added) for taken in round_.take(police, trust)] == [1, 1]
    snapshot = build(round_.settings)
    # What was built holds it, so that the same can be built from there without the home.
    elsewhere = Settings.read(environ={}, home=round_.folder / "other", data=snapshot.tables_path)
    (plan,) = read_tables(elsewhere).plans
    said = [(row.position, row.was_attributed_to.rpartition("/")[2], row.rag) for row in plan.rows["updates"]]
    assert said == [(1, "westmere-constabulary", "rag-red"), (2, "harbour-trust", "rag-green")]


def test_everything_wrong_is_told_at_once_and_nothing_is_added(round_):
    path = round_.answered("Constabulary", {
        "1.1": {"State": "Nearly", "Date": "2024-07-31"},
        "1.2": {"RAG": "Red", "Date": "2025-01-01"},
        "1.4": {"RAG": "Red", "Date": "2023-03-31"},
        "1.6": {"Progress": "Ask ann@example.org", "Date": "2024-07-31"},
        "1.9": {"RAG": "=1+1", "Date": "2024-07-31", "Said by": "Market Wardens"},
        "2.1": {"Date": "2024-07-31"},
    })  # fmt: skip
    told = round_.refused(path)
    file = f"{path.name}, Updates"
    assert [words.partition(": ")[0] for words in told] == [f"{file}:{row}" for row in (2, 3, 4, 5, 6, 6, 6, 7)]
    for words in ('"Nearly" is none of', "has not come yet", "before the plan begins", "an e-mail address",
                  "a formula", "Market Wardens cannot answer", "nothing is said of it"):  # fmt: skip
        assert any(words in one for one in told), words


def test_an_action_of_somebody_else_is_refused(round_):
    path = round_.answered("Constabulary", GOOD)
    book, sheet, _ = sheet_of(path)
    sheet["A2"].value, sheet["B2"].value = "2.2", "Closing times"
    book.save(path)
    (told,) = round_.refused(path)
    assert "2.2 is led by Market Wardens, not by Westmere Constabulary" in told


@pytest.mark.parametrize(("cell", "words"), [("A2", "1.11"), ("A2", "9.9"), ("B2", "Another title")])
def test_a_changed_reference_or_title_is_refused(round_, cell, words):
    path = round_.answered("Constabulary", GOOD)
    book, sheet, _ = sheet_of(path)
    sheet[cell].value = words
    book.save(path)
    (told,) = round_.refused(path)
    assert "changed" in told


@pytest.mark.parametrize("words", ["Mr Smith says so", "PC 123 Jones", "ring 020 8356 3000", "said by Ann Jones"])
def test_people_are_not_named(round_, words):
    path = round_.answered("Constabulary", {"1.1": {"Progress": words, "Date": "2024-07-31"}})
    (told,) = round_.refused(path)
    assert "people are not named" in told


def test_who_speaks_is_a_body_of_the_register(round_):
    path = round_.answered("Constabulary", {"1.1": {"RAG": "Red", "Date": "2024-07-31", "Said by": "Ann Jones"}})
    (told,) = round_.refused(path)
    assert "no body of the register" in told


def test_a_workbook_of_another_plan_or_of_none_is_refused(round_):
    path = round_.answered("Constabulary", GOOD)
    book, _, _ = sheet_of(path)
    book["Plangraph"]["B2"].value = "elsewhere/plan/other"
    book.save(path)
    assert "which is not published here" in round_.refused(path)[0]
    del book["Plangraph"]
    book.save(path)
    assert "no workbook of an update round" in round_.refused(path)[0]


def test_one_bad_workbook_keeps_all_of_them_out(round_):
    good = round_.answered("Constabulary", GOOD)
    bad = round_.answered("Harbour Trust", {"1.3": {"RAG": "Blue", "Date": "2024-07-31"}})
    assert len(round_.refused(good, bad)) == 1


def test_a_changed_plan_is_said_and_its_references_must_still_match(round_):
    path = round_.answered("Constabulary", GOOD)
    book, _, _ = sheet_of(path)
    book["Plangraph"]["B3"].value = "00000000"
    book.save(path)
    (taken,) = round_.take(path)
    assert "was made from version 00000000" in taken.sentences[1]
    assert len(taken.added) == 3


def test_a_locked_or_broken_file_is_refused_with_a_sentence(round_):
    locked, broken = round_.folder / "locked.xlsx", round_.folder / "broken.xlsx"
    locked.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    broken.write_bytes(b"not a workbook")
    told = round_.refused(locked, broken)
    assert "locked with a password" in told[0]
    assert "no Excel workbook" in told[1]


def test_an_unknown_partner_is_told_with_the_nearest_and_one_that_leads_nothing_is_not_asked(round_):
    with pytest.raises(NotFound, match="nearest: Harbour Trust"):
        round_.asked("Harbor Trust")
    with pytest.raises(InputError, match="leads no action"):
        round_.asked("Joint Tasking Group")


def test_a_workbook_saved_by_an_office_program_is_read_the_same(round_):
    office = shutil.which("soffice")
    if not office:
        pytest.skip("no office program is installed here to save the workbook with")
    path = round_.answered("Constabulary", GOOD)
    out = round_.folder / "saved"
    profile = (round_.folder / "profile").as_uri()
    subprocess.run(
        [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx", "--outdir", out, path],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    if not (out / path.name).exists():
        pytest.skip("the office program installed here opens no workbooks")
    (saved,) = round_.take(out / path.name)
    (first,) = round_.take(path)
    assert len(saved.added) == 3
    assert first.added == ()


# --- what else may come back ---------------------------------------------------------------------------------------


def repacked(path: Path, **parts: bytes) -> Path:
    """The same workbook with further parts; a name holds __ for / and _ for . before its ending."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_", "."), content)
    return path


def bomb(round_, path: Path) -> None:
    repacked(path, xl__media__big_bin=bytes(210_000_000))


def macro(round_, path: Path) -> None:
    repacked(path, xl__vbaProject_bin=b"macros")


def many_rows(round_, path: Path) -> None:
    book = Workbook(write_only=True)
    for title, rows in (("Updates", 100_000), ("Plangraph", 1)):
        sheet = book.create_sheet(title)
        for number in range(rows):
            sheet.append([str(number)])
    book.save(path)


def far_cell(round_, path: Path) -> None:
    book, sheet, _ = sheet_of(path)
    sheet["XFD1048576"].value = "far"
    book.save(path)


def marks(round_, path: Path, **said: str) -> None:
    book = load_workbook(path)
    for row in book["Plangraph"].iter_rows():
        if row[0].value in said:
            row[1].value = said[row[0].value]
    book.save(path)


def other_borough(round_, path: Path) -> None:
    marks(round_, path, plan="hackney/plan/community-safety-plan-2015-18")


def other_partner(round_, path: Path) -> None:
    marks(round_, path, partner="tinford/org/nobody")


def unmarked(round_, path: Path) -> None:
    book = load_workbook(path)
    del book["Plangraph"]
    book.save(path)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (bomb, "unpacks to more than 200 MB"),
        (macro, "holds macros: save it as .xlsx, which holds none."),
        (many_rows, "at most 20,000 rows and 200 columns are read"),
        (far_cell, "something stands in row 1,048,576, column 16,384"),
        (other_borough, "is about hackney/plan/community-safety-plan-2015-18, which is not published here."),
        (other_partner, "was made for tinford/org/nobody, which is no body of the register."),
        (unmarked, "is no workbook of an update round"),
    ],
)  # fmt: skip
def test_a_hostile_or_foreign_file_is_refused_in_a_sentence_and_nothing_is_kept(round_, spoil, sentence):
    path = round_.answered("Constabulary", GOOD)
    spoil(round_, path)
    (told,) = round_.refused(path)
    assert sentence in told


def test_a_cell_that_is_only_formatted_far_below_is_no_answer(round_):
    path = round_.answered("Constabulary", GOOD)
    book, sheet, _ = sheet_of(path)
    sheet["A90000"].number_format = "@"
    book.save(path)
    (taken,) = round_.take(path)
    assert len(taken.added) == 3


def test_statements_on_a_version_that_is_not_built_are_told_at_the_build_and_on_the_page(round_):
    round_.take(round_.answered("Constabulary", GOOD))
    home = round_.settings.home
    assert unheard(home, round_.snapshot.tables_path) == ()
    toml = next(round_.settings.data.rglob("plan.toml"))
    toml.write_text('version = "2030"\n' + toml.read_text("utf-8"), "utf-8")
    again = build(round_.settings)
    (told,) = unheard(home, again.tables_path)
    assert told.startswith("3 statements are kept on tinford/safety-plan-2023-25/")
    assert "which is not built" in told
    environ = {"PLANGRAPH_HOME": str(home), "PLANGRAPH_DATA": str(round_.settings.data)}
    command = [sys.executable, "-m", "kg.cli", "build"]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120, env=environ)
    assert told in ran.stderr
    with closing(LocalStore(again)) as store:
        current = CurrentStore(lambda: again, lambda _snapshot: store)
        page = create_app(round_.settings, current, store).test_client().get("/updates").text
    assert html.escape(told) in page


def test_a_snapshot_whose_tables_lack_a_column_is_to_be_built_again(round_):
    bodies = round_.snapshot.tables_path / "register" / "bodies.csv"
    bodies.chmod(0o644)
    bodies.write_text(bodies.read_text("utf-8").replace(",purpose,", ",purpos,", 1), "utf-8")
    with pytest.raises(InputError, match=r"earlier version .*bodies\.csv: purpose.* Build again: plangraph build"):
        round_.asked("Constabulary")
