"""Cells that say something by their colour: read in columns of ratings, named elsewhere, decoration left alone."""

import html
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.styles import PatternFill
from openpyxl.styles.colors import Color

from kg.documents import open_document
from kg.reading import Interpretation, Rules, interpret
from kg.reading.layout import Layout
from kg.register import Register
from tests.reading.conftest import rows

HEAD = ["Ref", "Action", "Lead", "RAG"]
ACTIONS = ["Meet young people", "Fit better locks", "Visit the market", "Train the wardens", "Light the park"]
Painted = tuple[str, str]
"""Words and fill of a cell."""
Table = Sequence[Sequence[str | Painted]]
RED, AMBER, GREEN, BLUE, GREY = "#ff0000", "#ffc000", "#00b050", "#0070c0", "#d9d9d9"


def with_ratings(*ratings: str | Painted, head: Sequence[str | Painted] = HEAD) -> Table:
    """A table of actions with these ratings."""
    return [head, *([f"1.{n}", ACTIONS[n - 1], "Youth Team", rating] for n, rating in enumerate(ratings, 1))]


def _pairs(row: Sequence[str | Painted]) -> list[Painted]:
    return [(cell, "") if isinstance(cell, str) else cell for cell in row]


def as_docx(table: Table, path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph("Priority 1: Calm nights", style="Heading 1")
    made = document.add_table(len(table), len(table[0]))
    for at, row in enumerate(table):
        for place, (words, fill) in enumerate(_pairs(row)):
            cell = made.cell(at, place)
            cell.text = words
            if fill:
                shading = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill[1:].upper()}"/>'
                cell._tc.get_or_add_tcPr().append(parse_xml(shading))
    path = path.with_suffix(".docx")
    document.save(str(path))
    return path


def as_xlsx(table: Table, path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Calm nights"
    for at, row in enumerate(table, 1):
        for place, (words, fill) in enumerate(_pairs(row), 1):
            cell = sheet.cell(at, place, words or None)
            if fill:
                cell.fill = PatternFill("solid", fgColor=f"FF{fill[1:].upper()}")
    path = path.with_suffix(".xlsx")
    book.save(path)
    return path


def as_page(table: Table, path: Path) -> Path:
    body = ""
    for row in table:
        cells = (f'<td style="background-color: {f or "transparent"}">{html.escape(w)}</td>' for w, f in _pairs(row))
        body += f"<tr>{''.join(cells)}</tr>"
    path = path.with_suffix(".html")
    path.write_text(f"<html><body><h1>Priority 1: Calm nights</h1><table>{body}</table></body></html>", "utf-8")
    return path


Saved = Callable[[Table, Path], Path]
FORMATS = pytest.mark.parametrize("saved", [as_docx, as_xlsx, as_page])


@pytest.fixture
def reading(rules: Rules, tiny_register: Register) -> Callable[[Path], Interpretation]:
    """Reads a file as a plan."""

    def read(path: Path) -> Interpretation:
        return interpret(open_document(path), rules, tiny_register, "tinford", "plan")

    return read


def by_colour(read: Interpretation) -> list[str]:
    """What the reader says of colours."""
    return [doubt.sentence for doubt in read.doubts if doubt.kind == "formatted"]


def assert_nothing_lost(read: Interpretation) -> None:
    """Every cell that says something by its colour alone is placed or kept."""
    layout: Layout = read.layout
    found = {id(one.cell) for one in [*layout.placed, *layout.kept]}
    told = " ".join(by_colour(read))
    for cell in read.document.cells:
        assert not cell.coloured or id(cell) in found or cell.fill in told or cell.line == 1


@FORMATS
def test_colours_alone_in_a_rag_column_are_ratings(saved: Saved, reading: Any, tmp_path: Path):
    read = reading(saved(with_ratings(("", GREEN), ("", AMBER), ("", RED), ("", "#ffff00"), ""), tmp_path / "plan"))
    assert rows(read, "updates", "element", "rag", "label", "verbatim", "certainty", "editorial_note") == [
        ("action/1.1", "rag-green", "Green", "", "cert-inferred", "Read from the colour of the cell (#00b050)."),
        ("action/1.2", "rag-amber", "Amber", "", "cert-inferred", "Read from the colour of the cell (#ffc000)."),
        ("action/1.3", "rag-red", "Red", "", "cert-inferred", "Read from the colour of the cell (#ff0000)."),
        ("action/1.4", "rag-amber", "Yellow", "", "cert-inferred",
         "Read from the colour of the cell (#ffff00). Partnerships use this colour for different things."),
    ]  # fmt: skip
    assert [source.endswith("R2-rag") for (source,) in rows(read, "updates", "source", element="action/1.1")] == [True]
    assert len([one for one in by_colour(read) if "from the colour alone" in one]) == 4
    assert_nothing_lost(read)


@FORMATS
def test_blue_and_grey_are_read_with_a_doubt_for_each_colour(saved: Saved, reading: Any, tmp_path: Path):
    read = reading(saved(with_ratings(("", BLUE), ("", GREY), ("", BLUE), ("", RED)), tmp_path / "plan"))
    assert rows(read, "updates", "rag") == ["rag-complete", "rag-not-started", "rag-complete", "rag-red"]
    assert [doubt.proposed for doubt in read.doubts if doubt.kind == "formatted"].count("rag-complete") == 1


@FORMATS
def test_words_win_over_another_colour_and_a_doubt_says_so(saved: Saved, reading: Any, tmp_path: Path):
    read = reading(saved(with_ratings(("Green", RED), ("Red", RED), ("Amber", "")), tmp_path / "plan"))
    assert rows(read, "updates", "rag", "certainty") == [
        ("rag-green", "cert-stated"), ("rag-red", "cert-stated"), ("rag-amber", "cert-stated"),
    ]  # fmt: skip
    assert by_colour(read) == ["stands on red (#ff0000); the words are read, not the colour."]


@FORMATS
def test_words_that_are_no_rating_have_that_of_the_colour_behind_them(saved: Saved, reading: Any, tmp_path: Path):
    read = reading(saved(with_ratings(("Three sessions held", GREEN), ("No money", RED)), tmp_path / "plan"))
    assert rows(read, "updates", "rag", "progress", "verbatim") == [
        ("rag-green", "Three sessions held", "Three sessions held"), ("rag-red", "No money", "No money"),
    ]  # fmt: skip


@FORMATS
def test_header_shading_and_stripes_are_no_ratings(saved: Saved, reading: Any, tmp_path: Path):
    table = [[(words, "#1f4e79") for words in HEAD]]
    for at, action in enumerate(ACTIONS, 1):
        fill = "#ddebf7" if at % 2 else ""
        table.append([(f"1.{at}", fill), (action, fill), ("Youth Team", fill), ("Green" if at == 2 else "", fill)])
    read = reading(saved(table, tmp_path / "plan"))
    assert rows(read, "updates", "element", "rag") == [("action/1.2", "rag-green")]
    assert not [one for one in by_colour(read) if "no rating is read" not in one]


@FORMATS
def test_a_rag_column_shaded_in_one_pale_colour_says_nothing(saved: Saved, reading: Any, tmp_path: Path):
    read = reading(saved(with_ratings(*[("", GREY)] * 5), tmp_path / "plan"))
    assert rows(read, "updates", "rag") == []
    assert len(by_colour(read)) == 1
    assert len([kept for kept in read.layout.kept if kept.cell.fill == GREY]) == 5


@FORMATS
def test_colours_under_quarters_are_ratings_where_they_differ_as_ratings_do(saved: Saved, reading: Any, tmp_path: Path):
    head = ["Ref", "Action", "Lead", "2024/25 Q1", "2024/25 Q2"]
    cells = [["1.1", ACTIONS[0], "Youth Team", ("", GREEN), ("", RED)],
             ["1.2", ACTIONS[1], "Youth Team", ("", AMBER), ""]]  # fmt: skip
    read = reading(saved([head, *cells], tmp_path / "plan"))
    assert rows(read, "updates", "element", "period", "rag") == [
        ("action/1.1", "2024-2025-q1", "rag-green"), ("action/1.1", "2024-2025-q2", "rag-red"),
        ("action/1.2", "2024-2025-q1", "rag-amber"),
    ]  # fmt: skip


@FORMATS
def test_bars_of_one_colour_under_quarters_show_when_and_are_kept_aside(saved: Saved, reading: Any, tmp_path: Path):
    head = ["Ref", "Action", "Lead", "2024/25 Q1", "2024/25 Q2"]
    cells = [["1.1", ACTIONS[0], "Youth Team", ("", GREEN), ""], ["1.2", ACTIONS[1], "Youth Team", "", ("", GREEN)]]
    read = reading(saved([head, *cells], tmp_path / "plan"))
    assert rows(read, "updates", "rag") == []
    assert [kept.cell.fill for kept in read.layout.kept] == [GREEN, GREEN]
    assert len([one for one in by_colour(read) if "under a period" in one]) == 1


@FORMATS
def test_other_colours_are_named_once_a_table_with_their_places(saved: Saved, reading: Any, tmp_path: Path):
    table = [list(row) for row in with_ratings("Green", "Green", "Red", "Green", "Green")]
    table[2][2] = ("Youth Team", "#ffff00")
    table[4] = [(str(words), GREY) for words in table[4]]
    read = reading(saved(table, tmp_path / "plan"))
    (said,) = by_colour(read)
    assert "#d9d9d9 in row 5" in said
    assert "Lead #ffff00 in row 3" in said


@FORMATS
def test_a_colour_without_words_in_a_column_no_rule_knows_is_kept(saved: Saved, reading: Any, tmp_path: Path):
    head = ["Ref", "Action", "Lead", "Zebedee"]
    read = reading(saved(with_ratings(("", GREEN), ("", RED), "", head=head), tmp_path / "plan"))
    assert rows(read, "updates", "rag") == []
    assert [(kept.heading, kept.cell.fill) for kept in read.layout.kept] == [("Zebedee", GREEN), ("Zebedee", RED)]
    assert [doubt.proposed for doubt in read.doubts if doubt.kind == "formatted"] == ["rag"]


def test_a_colour_merged_over_two_actions_rates_both(reading: Any, tmp_path: Path):
    book = openpyxl.load_workbook(as_xlsx(with_ratings(("", GREEN), "", ("", RED)), tmp_path / "plan"))
    book.active.merge_cells("D2:D3")
    book.save(tmp_path / "plan.xlsx")
    read = reading(tmp_path / "plan.xlsx")
    assert rows(read, "updates", "rag") == ["rag-green", "rag-green", "rag-red"]


def test_theme_tint_and_counted_colours_of_a_workbook_are_read(reading: Any, tmp_path: Path):
    path = as_xlsx(with_ratings("", "", "", ""), tmp_path / "plan")
    book = openpyxl.load_workbook(path)
    fills = [Color(theme=9), Color(theme=5, tint=0.4), Color(indexed=10), Color(theme=0, tint=-0.25)]
    for at, colour in enumerate(fills, 2):
        book.active.cell(at, 4).fill = PatternFill("solid", fgColor=colour)
    book.save(path)
    # The theme that openpyxl writes has orange as its sixth accent, and a red second.
    assert rows(reading(path), "updates", "label") == ["Amber", "Red", "Red", "Grey"]


def test_a_theme_colour_of_a_word_table_is_read(reading: Any, tmp_path: Path):
    path = as_docx(with_ratings("", "", ("", RED)), tmp_path / "plan")
    document = docx.Document(str(path))
    for at, theme in enumerate(('w:themeFill="accent3"', 'w:themeFill="accent2" w:themeFillTint="66"'), 1):
        shading = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="auto" {theme}/>'
        document.tables[0].cell(at, 3)._tc.get_or_add_tcPr().append(parse_xml(shading))
    document.save(str(path))
    assert rows(reading(path), "updates", "label") == ["Green", "Red", "Red"]


@pytest.mark.parametrize(
    "cell",
    ['<td bgcolor="red"></td>', '<td style="background:rgb(255, 0, 0)">&nbsp;</td>', '<td class="r"></td>',
     '<td style="background-color: hsl(0, 100%, 50%)"></td>', '<td><span style="background: #f00"></span></td>'],
)  # fmt: skip
def test_every_way_a_page_paints_a_cell_is_read(cell: str, reading: Any, tmp_path: Path):
    other = '<td bgcolor="#00b050"></td>'
    path = tmp_path / "plan.html"
    path.write_text(
        "<html><head><style>.r { color: black; background: red }</style></head><body><table>"
        "<tr><th>Ref</th><th>Action</th><th>Lead</th><th>RAG</th></tr>"
        f"<tr><td>1.1</td><td>{ACTIONS[0]}</td><td>Youth Team</td>{cell}</tr>"
        f"<tr><td>1.2</td><td>{ACTIONS[1]}</td><td>Youth Team</td>{other}</tr></table></body></html>"
    )
    assert rows(reading(path), "updates", "rag") == ["rag-red", "rag-green"]


def test_rules_that_colour_a_sheet_are_noted(tmp_path: Path):
    path = as_xlsx(with_ratings("Green", "Red"), tmp_path / "plan")
    book = openpyxl.load_workbook(path)
    rule = openpyxl.formatting.rule.CellIsRule(operator="equal", formula=['"Red"'], fill=PatternFill("solid", "FF0000"))
    book.active.conditional_formatting.add("D2:D9", rule)
    book.save(path)
    assert [note.sentence for note in open_document(path).notes] == [
        "Rules colour cells of the sheet (conditional formatting); what they colour is not read."
    ]


def test_the_key_of_a_document_says_what_blue_is(reading: Any, tmp_path: Path):
    path = as_xlsx(with_ratings(("", BLUE), ("", RED), ("", GREEN)), tmp_path / "plan")
    book = openpyxl.load_workbook(path)
    key = book.create_sheet("Key")
    key["A1"], key["B1"] = "Colour", "Meaning"
    key["A2"].fill, key["B2"] = PatternFill("solid", fgColor="FF0070C0"), "Not started"
    book.save(path)
    assert rows(reading(path), "updates", "rag") == ["rag-not-started", "rag-red", "rag-green"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("saved", [as_docx, as_xlsx])
def test_colours_are_read_as_an_office_program_saves_them(saved: Saved, reading: Any, tmp_path: Path):
    path = saved(with_ratings(("", GREEN), ("", AMBER), ("Green", RED), ("", BLUE), ""), tmp_path / "plan")
    out = tmp_path / "saved"
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", path.suffix[1:],
         "--outdir", str(out), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    read = reading(out / path.name)
    assert rows(read, "updates", "rag") == ["rag-green", "rag-amber", "rag-green", "rag-complete"]
