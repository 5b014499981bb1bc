"""The source document, laid out as a Word and an Excel file as a person would, gives the same tables as the dump."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document as WordFile
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from kg.documents import Cell, Document, Row, Segment, read_dump
from kg.importing import import_document
from kg.tables import Plan
from tests.reading.shapes.make import repeats, saved_by_an_office

Format = Callable[[Document, Path], None]
WIDTH = 8


def pieces(segment: Segment) -> Iterator[tuple[str, bool, bool, str | None]]:
    """The words of a segment with how they are printed: bold, italic, link."""
    end = 0
    for run in segment.runs:
        if run.start > end:
            yield segment.text[end : run.start], False, False, None
        yield segment.text[run.start : run.end], run.bold, run.italic, run.link
        end = run.end
    if end < len(segment.text):
        yield segment.text[end:], False, False, None


def merged_below(rows: list[Row]) -> dict[int, int]:
    """By index of a row: how many rows its first cell reaches over, where the cells below it are empty."""
    spans: dict[int, int] = {}
    for index, row in enumerate(rows):
        if row.cells[0].empty:
            continue
        below = index + 1
        while below < len(rows) and rows[below].cells[0].empty and not is_wide(row):
            below += 1
        spans[index] = below - index
    return spans


def is_wide(row: Row) -> bool:
    """Whether a row is one of improvement actions, which nobody fits into the columns."""
    return "Improvement Action" in row.cells[0].words


def parts(document: Document) -> Iterator[Row | list[Row]]:
    """The document as lines of text and tables; every printed header begins a table."""
    table: list[Row] = []
    for row in document.rows:
        if table and (not row.table or row.cells[0].words.startswith("Delivery Priority")):
            yield table
            table = []
        if row.table:
            table.append(row)
        else:
            yield row
    if table:
        yield table


# --- Word ------------------------------------------------------------------------------------------------------


def as_word(document: Document, path: Path) -> None:
    """Headings, a table for each header, bullets, bold, links, merged cells."""
    word = WordFile()
    for part in parts(document):
        if isinstance(part, Row):
            (cell,) = part.cells
            if cell.words.startswith("Strategic Priority"):
                word.add_heading(cell.words, 1)
            else:
                for segment in cell.segments:
                    write_segment(word.add_paragraph(), segment)
            continue
        table = word.add_table(len(part), WIDTH)
        table.style = "Table Grid"
        repeats(table.rows[0])
        for index, row in enumerate(part):
            for cell in row.cells:
                write_cell(table.cell(index, cell.column), cell)
            if is_wide(row):
                table.cell(index, 1).merge(table.cell(index, WIDTH - 1))
                without_empty_ends(table.cell(index, 1))
        for index, span in merged_below(part).items():
            if span > 1:
                table.cell(index, 0).merge(table.cell(index + span - 1, 0))
                without_empty_ends(table.cell(index, 0))
    word.save(path)


def write_cell(target: Any, cell: Cell) -> None:
    """The segments of a cell as paragraphs and list items; pieces parted by blanks stay on one line."""
    paragraph = target.paragraphs[0]
    for index, segment in enumerate(cell.segments):
        if segment.gap:
            paragraph.add_run("  ")
        elif index:
            paragraph = target.add_paragraph()
        if segment.kind == "item":
            paragraph.style = "List Bullet"
        write_segment(paragraph, segment)


def write_segment(paragraph: Any, segment: Segment) -> None:
    """The words of a segment at the end of a paragraph, as they are printed."""
    for words, bold, italic, link in pieces(segment):
        run = paragraph.add_run(words)
        run.bold, run.italic = bold, italic
        if link is not None:
            within_link(paragraph, run, link)


def within_link(paragraph: Any, run: Any, target: str) -> None:
    """Put the last run of a paragraph into a link."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    paragraph._p.append(link)
    link.append(run._r)


def without_empty_ends(cell: Any) -> None:
    """Drop the empty paragraphs that merging leaves."""
    for paragraph in cell.paragraphs[1:]:
        if not paragraph.text:
            paragraph._p.getparent().remove(paragraph._p)


# --- Excel -----------------------------------------------------------------------------------------------------


def as_workbook(document: Document, path: Path) -> None:
    """One sheet: lines of text are merged over its width, cells hold lines, bullets and bold words."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Plan"
    line = 0
    for part in parts(document):
        rows = [part] if isinstance(part, Row) else part
        spans = merged_below(rows)
        for index, row in enumerate(rows):
            line += 1
            for cell in row.cells:
                if not cell.empty:
                    sheet.cell(line, cell.column + 1).value = rich(cell)
            if not row.table or is_wide(row):
                left = 1 if not row.table else 2
                sheet.merge_cells(start_row=line, end_row=line, start_column=left, end_column=WIDTH)
            elif spans.get(index, 1) > 1:
                sheet.merge_cells(start_row=line, end_row=line + spans[index] - 1, start_column=1, end_column=1)
    book.save(path)


def rich(cell: Cell) -> Any:
    """The words of a cell with its bold parts."""
    text = CellRichText()
    for index, segment in enumerate(cell.segments):
        before = "  " if segment.gap else "\n" if index else ""
        opening = "• " if segment.kind == "item" and not segment.text.startswith("-") else ""
        text.append(before + opening)
        for words, bold, italic, _ in pieces(segment):
            text.append(TextBlock(InlineFont(b=bold, i=italic), words) if bold or italic else words)
    return CellRichText([each for each in text if str(each)])


# --- what is the same ------------------------------------------------------------------------------------------


def facts(plan: Plan, *, links: bool) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table without the names of cells; without links, where a format has none inside a cell."""
    left_out = {"source", "editorial_note"} | (set() if links else {"link"})
    return {table: [row.model_dump(exclude=left_out) for row in rows] for table, rows in plan.rows.items()}


def read(path: Path, out: Path) -> Plan:
    plan = import_document(path, out, borough="hackney", plan="community-safety-plan-2015-18").plan
    assert plan is not None
    return plan


FORMATS: dict[str, tuple[Format, bool]] = {"docx": (as_word, True), "xlsx": (as_workbook, False)}


@pytest.fixture(scope="module")
def of_the_dump(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return read(source, tmp_path_factory.mktemp("dump") / "out")


@pytest.mark.parametrize("kind", FORMATS)
def test_an_office_file_gives_the_tables_of_the_dump(kind: str, source: Path, of_the_dump: Plan, tmp_path: Path):
    write, links = FORMATS[kind]
    write(read_dump(source), tmp_path / f"plan.{kind}")
    plan = read(tmp_path / f"plan.{kind}", tmp_path / "out")
    _assert_same(plan, of_the_dump, links=links)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", FORMATS)
def test_so_does_one_that_an_office_program_saved(kind: str, source: Path, of_the_dump: Plan, tmp_path: Path):
    write, links = FORMATS[kind]
    (tmp_path / "given").mkdir()
    (tmp_path / "saved").mkdir()
    write(read_dump(source), tmp_path / "given" / f"plan.{kind}")
    saved = saved_by_an_office(tmp_path / "given" / f"plan.{kind}", tmp_path / "saved")
    _assert_same(read(saved, tmp_path / "out"), of_the_dump, links=links)


def _assert_same(plan: Plan, dump: Plan, *, links: bool) -> None:
    ours, theirs = facts(plan, links=links), facts(dump, links=links)
    assert {table: len(rows) for table, rows in ours.items()} == {table: len(rows) for table, rows in theirs.items()}
    assert [row for table in theirs for row in zip(ours[table], theirs[table], strict=True) if row[0] != row[1]] == []
    assert (plan.meta.first_period, plan.meta.last_period) == (dump.meta.first_period, dump.meta.last_period)
