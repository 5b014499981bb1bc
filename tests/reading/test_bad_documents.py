"""A document that cannot be read: one sentence with its place, exit code 2, and no table left behind."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import main
from tests.conftest import TINY

TEXT = (TINY / "tiny-plan.txt").read_text(encoding="utf-8")
Edit = Callable[[str], bytes]


def swap(old: str, new: str) -> Edit:
    def edit(text: str) -> bytes:
        assert old in text
        return text.replace(old, new).encode()

    return edit


def as_bytes(data: bytes) -> Edit:
    return lambda _text: data


BAD: list[tuple[str, Edit, str]] = [
    ("empty", as_bytes(b""), "plan.txt is empty."),
    ("binary", as_bytes(b"a\n\0"), "plan.txt:2: holds zero bytes, so it is not a text file."),
    ("word file", as_bytes(b"PK\x03\x04"), "plan.txt is damaged: its table of contents cannot be read. Open it in "
     "Word, Excel or LibreOffice, and save it again."),
    ("two encodings", lambda text: f"{text}\ncafé".encode() + "\n–".encode("cp1252"),
     "plan.txt:63: is written in two encodings: line 8 is UTF-8 and line 63 is not (Windows-1252, perhaps). Open it in "
     "the program it comes from, correct that line, and save it as UTF-8."),
    ("no table", as_bytes(b"A letter.\nKind regards.\n"), "plan.txt holds no table: no line of it is parted by tabs. "
     "A plan needs a table with a column for actions and another for who leads them."),
    ("unknown headings", as_bytes(b"\nName\tPhone\nAnn\t1\n"), "plan.txt:2: no table has a column for actions and "
     "another for who leads them, by when, or what became of them (the first has: Name, Phone). Name the headings in "
     "reading/columns.csv, or change them in the document."),
    ("header alone", lambda text: "\n".join(text.split("\n")[:7]).encode(),
     "plan.txt:7: the table has a header and no action below it."),
    ("two tables that disagree", lambda text: f"{text}\nRef No\tLead Partners\n1.1\tHarbour Trust\n".encode(),
     'plan.txt:63: column "lead-partners": two tables disagree about 1.1: "Constabulary/Youth Team" stands in cell '
     'L008-lead-partners, "Harbour Trust" in cell L063-lead-partners. Correct one of them in the document, and read it '
     "again."),
]  # fmt: skip


def reading(folder: Path, data: bytes) -> Result:
    (folder / "plan.txt").write_bytes(data)
    arguments = ["read", str(folder / "plan.txt"), "--out", str(folder / "out"), "--borough", "tinford", "--plan", "p"]
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(("edit", "message"), [pytest.param(edit, message, id=name) for name, edit, message in BAD])
def test_a_bad_document_gives_one_sentence_and_no_tables(edit: Edit, message: str, tmp_path: Path):
    (tmp_path / "out").mkdir()
    result = reading(tmp_path, edit(TEXT))
    assert (result.exit_code, result.stderr, result.stdout) == (2, f"{message}\n", "")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["report.csv", "report.html"]
    assert message in (tmp_path / "out" / "report.csv").read_text(encoding="utf-8").replace('""', '"')


def test_a_refusal_says_why_and_loses_nothing_of_an_earlier_reading(tmp_path: Path):
    assert reading(tmp_path, TEXT.encode()).exit_code == 0
    before = {path.name for path in (tmp_path / "out").iterdir()}
    assert len(before) > 10
    (tmp_path / "out" / "mine.txt").write_text("kept", encoding="utf-8")
    assert reading(tmp_path, b"").exit_code == 2
    assert {path.name for path in (tmp_path / "out").iterdir()} == before | {"mine.txt"}
    assert "refused" in (tmp_path / "out" / "report.csv").read_text("utf-8")


@pytest.mark.parametrize(("option", "suggestion"), [("--borough", "tinford-town"), ("--plan", "tinford-town")])
def test_a_name_that_is_no_slug_is_refused_with_one_that_is(option: str, suggestion: str, tmp_path: Path):
    arguments = ["read", str(TINY / "tiny-plan.txt"), "--out", str(tmp_path / "out"), option, "Tinford Town"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert f'such as "{suggestion}"' in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_missing_document_is_named(tmp_path: Path):
    result = CliRunner().invoke(main, ["read", str(tmp_path / "gone.txt"), "--out", str(tmp_path / "out")])
    assert (result.exit_code, result.stderr) == (2, "gone.txt cannot be read: no such file or directory.\n")
