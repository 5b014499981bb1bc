"""The Word document: what it holds, that a screen reader can use it, and that the same brief is the same file."""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace

import pytest
from docx import Document
from docx.oxml.ns import qn

from kg.briefs import as_word, brief
from kg.questions import Answer


@pytest.fixture(scope="module", params=[{"partner": "Hackney Housing"}, {"priority": "1"}, {"partner": "MOPAC"}])
def paper(request, write):
    return write(**request.param)


@pytest.fixture(scope="module")
def document(paper):
    return Document(io.BytesIO(as_word(paper)))


def test_it_holds_every_word_of_the_brief(paper, document):
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for section in paper.sections:
        assert section.title in said
        assert all(words in said for words in section.words)
    tables = [table for section in paper.sections for table in section.tables]
    assert len(document.tables) == len(tables) > 0
    for found, table in zip(document.tables, tables, strict=True):
        assert [cell.text for cell in found.rows[0].cells] == list(table.columns)
        for row, cells in zip(found.rows[1:], table.rows, strict=True):
            for cell, one in zip(row.cells, cells, strict=True):
                assert one.words in cell.text
                assert all(part in cell.text for part in (*one.notes, one.source or ""))


def test_its_headings_are_headings_in_order(paper, document):
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert styles[:3] == ["Title", "Subtitle", "Summary"]
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings == [section.title for section in paper.sections]


def test_header_rows_repeat_and_rows_stay_whole(document):
    for table in document.tables:
        header, *rows = (row._tr.trPr for row in table.rows)
        assert header.find(qn("w:tblHeader")) is not None
        assert all(row.find(qn("w:tblHeader")) is None and row.find(qn("w:cantSplit")) is not None for row in rows)
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_no_cell_is_empty(document):
    assert all(cell.text.strip() for table in document.tables for row in table.rows for cell in row.cells)


def test_pictures_say_in_words_what_they_show(paper, document):
    figures = [section.figure for section in paper.sections if section.figure]
    assert len(document.inline_shapes) == len(figures)
    for shape, figure in zip(document.inline_shapes, figures, strict=True):
        assert shape._inline.docPr.get("descr") == figure.words
        assert shape.width <= document.sections[0].page_width - 2 * document.sections[0].left_margin


def test_it_is_british_english_with_numbered_pages_and_no_macro(paper, document):
    language = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert language.get(qn("w:val")) == document.core_properties.language == "en-GB"
    footer = document.sections[0].footer.paragraphs[0]._p.xml
    assert 'w:instr="PAGE"' in footer
    assert 'w:instr="NUMPAGES"' in footer
    assert document.core_properties.title == paper.title
    with zipfile.ZipFile(io.BytesIO(as_word(paper))) as parts:
        assert not [name for name in parts.namelist() if "vba" in name.lower() or name.endswith((".bin", ".jpeg"))]


def test_the_same_snapshot_gives_the_same_file_in_any_run(hackney, tmp_path):
    files = [tmp_path / f"{seed}.docx" for seed in "12"]
    for out in files:
        command = [sys.executable, "-m", "kg.cli", "brief", "--partner", "MPS", "--out", str(out)]
        environment = {**os.environ, "PLANGRAPH_HOME": str(hackney.settings.home), "PYTHONHASHSEED": out.stem}
        subprocess.run(command, env=environment, check=True, capture_output=True)
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("label", ["<b>Wardens</b> & sons", "{{ 7 * 7 }}", "href=javascript:alert(1)", "\x0bA\x00"])
def test_a_name_is_text_whatever_it_holds(hackney, asker, label):
    def hostile(name: str, given: Mapping[str, str]) -> Answer:
        answer = asker(name, given)
        rows = tuple(tuple(label if value == "Registered Landlords" else value for value in row) for row in answer.rows)
        return Answer(answer.columns, rows)

    paper = brief(hostile, hackney.names, "0", {"partner": "Hackney Housing"})
    document = Document(io.BytesIO(as_word(paper)))
    shown = label.strip("\x00\x0b")
    assert shown in [row.cells[0].text for row in document.tables[1].rows]
    assert shown in document.inline_shapes[0]._inline.docPr.get("descr")
    assert "<b>" not in paper.sections[1].figure.svg


def test_a_name_without_end_is_cut_in_the_properties_of_the_file_alone(paper):
    longer = replace(paper, title="Brief: " + "long " * 200, subtitle="plan " * 100)
    core = Document(io.BytesIO(as_word(longer))).core_properties
    assert longer.title.startswith(core.title)
    assert len(core.title) == 255
