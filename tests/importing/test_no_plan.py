"""Files that are no plan are told as what they are, and lines that are no part of its tables are listed."""

import pytest

from kg.errors import InputError
from kg.workbooks.rounds import Labels, Round, round_workbook
from tests.importing.conftest import Imported, document


def test_a_returned_update_workbook_is_no_plan(imported: Imported):
    team = imported.register.resolve("Youth Team", "tinford", ("body",))
    assert team
    labels = Labels({"Ongoing": "status-ongoing"}, {"Green": "rag-green"})
    returned = imported.folder / "returned.xlsx"
    round_workbook(Round(imported.plan, imported.register, team, "2023-2024", labels)).save(returned)
    before = imported.files()
    with pytest.raises(InputError, match=r"This is an update workbook: use plangraph update returned\.xlsx"):
        imported.read(path=returned)
    assert imported.files() == before


@pytest.mark.parametrize(("name", "program"), [("~$plan.docx", "Word"), ("~$plan.xlsx", "Excel")])
def test_a_lock_file_is_told_as_one(imported: Imported, name: str, program: str):
    lock = imported.folder / name
    lock.write_bytes(b"\x0bA Reader" + bytes(150))
    sentence = f"This is the lock file {program} leaves while the document is open; close it"
    with pytest.raises(InputError, match=sentence):
        imported.read(path=lock)


def test_every_line_outside_the_tables_is_listed_as_kept_aside(imported: Imported):
    lines = ("Version 1.2, agreed by the board", "RAG key: R late, B complete", "CSP: Community Safety Partnership")
    title, rest = document().split("\n", 1)
    report = imported.read("\n".join([title, lines[0], rest.rstrip("\n"), "<p>End</p>", *lines[1:], ""]))
    kept = {row["words"] for row in imported.rows("report.csv") if row["kind"] == "kept"}
    assert {*lines, "End"} <= kept
    page = (imported.out / "report.html").read_text("utf-8")
    assert all(page.count(line) == 1 for line in lines)
    assert report.plan is not None
    assert "Tinford Plan 2023-25" not in kept
