"""The report of an import: every doubt has a place, the counts add up, page and workbook open elsewhere."""

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from kg.documents import parse_dump
from kg.importing import import_document
from kg.importing.report import Places, findings_of
from kg.reading import Doubt
from kg.register import Register
from tests.conftest import TINY, TINY_PLAN
from tests.importing.conftest import CODES, HEADER, ROWS, Imported, document

WHOLE = ("borough", "plan", "heading")
"""What a doubt without a cell is about: what the document does not print."""
HOSTILE = "Act &lt;img src=x onerror=alert(1)> href"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny plan, imported with a register that knows none of its partners."""
    out = tmp_path_factory.mktemp("tiny") / "out"
    import_document(TINY / "tiny-plan.txt", out, register=Register({}))
    return out


def test_every_doubt_of_a_cell_says_which(imported: Imported):
    report = import_document(
        TINY / "tiny-plan.txt", imported.folder / "tiny", register=Register.load(TINY_PLAN / "register", CODES)
    )
    assert len(report.findings) > 10
    for finding in report.findings:
        assert finding.doubt.sentence
        if finding.doubt.column not in WHOLE:
            assert finding.doubt.line, finding
            assert finding.place.startswith(f"Line {finding.doubt.line}, column "), finding


def test_the_printed_rows_add_up(imported: Imported):
    rows = imported.report.rows
    assert (rows.all, rows.actions, rows.headings, rows.kept) == (4, 3, 1, 0)


def test_what_can_be_counted_by_eye_is_counted(imported: Imported):
    counts = dict(imported.report.counts)
    assert (counts["Priorities"], counts["Actions"]) == (1, 3)
    assert (counts["Statuses for 2023/24"], counts["Statuses for 2024/25"]) == (3, 3)
    assert counts["Lead partners named"] == 4
    assert counts["Different lead partners"] == 3


def test_the_terminal_says_how_much_there_is_to_look_at_and_what_to_do_next(imported: Imported):
    words = str(imported.report)
    assert '"Market Wardns" is no body the register knows; perhaps Market Wardens (9' in words
    assert f"{imported.out / 'report.html'}" in words
    assert f"plangraph build --add {imported.out}" in words


def test_words_of_the_document_cannot_become_markup(imported: Imported):
    imported.read(document(*ROWS[:2], f"\t1.3\tWe &lt;b&gt;act.\t{HOSTILE}\tPeace.\tOngoing\tOngoing"))
    page = (imported.out / "report.html").read_text("utf-8")
    assert "<img" not in page
    assert "&lt;img src=x" in page


def test_a_plan_with_nothing_to_doubt_says_so(imported: Imported):
    text = f"Strategic Priority 1: Peace\n{HEADER}\nCalm\t1.1\tWe walk.\tYouth Team\tCalm.\tOngoing\tOngoing\n"
    report = imported.read(f"<p>Tinford Plan</p>\n{text}", plan="safety-plan")
    assert not report.open
    assert "Nothing is doubtful." in str(report)


def test_the_repair_sheet_opens_in_an_office_program(tiny: Path, tmp_path: Path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    command = [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tiny / "repair.xlsx")], check=True, capture_output=True,
                   timeout=120)  # fmt: skip
    before, after = (openpyxl.load_workbook(folder / "repair.xlsx") for folder in (tiny, tmp_path))
    assert after.sheetnames == before.sheetnames
    for sheet in before.worksheets:
        words = [[cell.value for cell in row] for row in sheet.iter_rows() if any(cell.value for cell in row)]
        again = [[cell.value for cell in row] for row in after[sheet.title].iter_rows() if any(c.value for c in row)]
        assert [[cell for cell in row if cell] for row in again] == [[cell for cell in row if cell] for row in words]
    assert after["Doubts"].data_validations.dataValidation


def test_a_name_that_was_withheld_stands_in_no_finding(imported: Imported):
    doubt = Doubt(5, "owner", "Jo Bloggs", "names a person; withheld.", "", "Jo Bloggs", kind="withheld")
    (finding,) = findings_of([doubt], Places(parse_dump(b"x", Path("plan.txt")), ()), {}, {})
    assert "Bloggs" not in repr(finding)
    assert finding.place == "Line 5, column owner"


def test_the_repair_sheet_asks_for_the_reason_that_a_new_body_needs(imported: Imported):
    sheet = openpyxl.load_workbook(imported.repair)["Partners"]
    heads = {cell.value: cell for cell in sheet[1]}
    assert "Needed beside same as and new body" in heads["Reason"].comment.text
    letter = heads["Reason"].column_letter
    offered = [rule for rule in sheet.data_validations.dataValidation if f"{letter}2" in str(rule.sqref)]
    assert [rule.errorStyle for rule in offered] == ["warning"]
    summary = openpyxl.load_workbook(imported.repair)["Summary"]
    assert any("new body need a reason" in str(row[0].value) for row in summary.iter_rows())


def test_what_is_kept_aside_is_told_once(imported: Imported):
    rows = [f"{row}\tA word apart {number}." for number, row in enumerate(ROWS)]
    imported.read(document(*rows).replace(HEADER, f"{HEADER}\tZzyzx"))
    page = (imported.out / "report.html").read_text("utf-8")
    for number in range(len(ROWS)):
        assert page.count(f"A word apart {number}.") == 1


def test_columns_codes_and_parts_of_the_plan_are_named_as_people_read_them(imported: Imported):
    imported.read(document().replace("Expected Outcome", "Timescale"))
    page = (imported.out / "report.html").read_text("utf-8")
    book = openpyxl.load_workbook(imported.repair)
    assert "By when (timescale)" in page
    assert "By when (timescale)" in [row[5].value for row in book["Columns"].iter_rows(min_row=2)]
    assert "Nothing describes Delivery priority 1.1" in page
    assert not any("sp/1" in str(row[3].value) for row in book["Doubts"].iter_rows(min_row=2))
    assert "Stated" in [row[3].value for row in book["Partners"].iter_rows(min_row=2)]


def test_a_column_may_be_chosen_by_its_words_and_a_kind_of_body_by_its_label(imported: Imported):
    with imported.repairing() as book:
        book.put("Columns", "Read as", "How it is measured (measure)", Heading="Expected Outcome")
        book.put("Partners", "Kind of body", "Police", Printed="Market Wardns")
        book.put("Partners", "Reason", "Named here.", Printed="Market Wardns")
        book.put("Partners", "Decision", "new body", Printed="Market Wardns")
    imported.read()
    assert len(imported.plan.rows["measures"]) == len(ROWS)
    assert [row["classification"] for row in imported.rows("register/bodies.csv")] == ["ptype-police"]
