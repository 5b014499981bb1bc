"""Whatever words stand in a cell come back from every format."""

import csv
import html
import io
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.documents.recognising import parse

WORDS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co"), exclude_characters="\ufffe\uffff\u2028\u2029"),
    max_size=40,
).filter(lambda words: words.strip() and "_x" not in words)


def as_word(words: str) -> bytes:
    made = docx.Document()
    cells = made.add_table(1, 2).rows[0].cells
    cells[0].text, cells[1].text = words, "last"
    return saved(made.save)


def as_workbook(words: str) -> bytes:
    made = openpyxl.Workbook()
    assert made.active is not None
    for column, value in enumerate((words, "last"), start=1):
        made.active.cell(1, column).value = value
        made.active.cell(1, column).data_type = "s"
    return saved(made.save)


def as_csv(words: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([[words, "last"], ["x", "y"]])
    return out.getvalue().encode()


def as_page(words: str) -> bytes:
    cells = f"<td>{html.escape(words)}</td><td>last</td>"
    return f"<!doctype html><meta charset=utf-8><table><tr>{cells}</tr></table>".encode()


def saved(save: object) -> bytes:
    out = io.BytesIO()
    save(out)  # type: ignore[operator]
    return out.getvalue()


@pytest.mark.parametrize("write", [as_word, as_workbook, as_csv, as_page])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=WORDS)
def test_any_words_come_back(write: object, words: str):
    document = parse(write(words), "plan")  # type: ignore[operator]
    row = document.rows[0]
    assert row.cells[-1].text == "last"
    assert row.cells[0].words.split() == words.split()


def test_nothing_is_written_while_a_document_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from kg.documents import open_document

    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.docx").write_bytes(as_word("words"))
    assert open_document(tmp_path / "plan.docx").rows
    assert [each.name for each in tmp_path.iterdir()] == ["plan.docx"]
