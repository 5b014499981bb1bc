"""A brief as a Word document: styles, tables with repeated header rows, page numbers; one brief, always one file."""

from __future__ import annotations

import io
import textwrap
import zipfile
from datetime import UTC, datetime
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor

from kg.briefs.document import Brief, Cell, Figure, Section, Table
from kg.maps.png import SCALE, as_png

FONT: Final = "Arial"
INK, GREY, BRAND, RULE, SHADE = "0B0C0C", "505A5F", "0F4C5C", "B8CDD1", "EEF3F4"
SMALL: Final = 7
LONGEST_PROPERTY: Final = 255
"""Letters of a property of a Word file."""
LONGEST_NAME: Final = 60
"""Characters of the name that the foot of a page has room for."""
LONG_AGO: Final = datetime(1980, 1, 1, tzinfo=UTC)
"""The time within the file: what a clock says would make every file another."""
PAGE: Final = (Cm(21.0), Cm(29.7))
MARGIN: Final = Cm(1.5)
TEXT_WIDTH: Final = Emu(PAGE[0] - 2 * MARGIN)
TALLEST: Final = Cm(7.5)


def as_word(brief: Brief) -> bytes:
    """The brief as a .docx file: A4, British English, without macros."""
    document = Document()
    _page(document)
    _styles(document)
    _properties(document, brief)
    _footer(document, brief)
    document.add_paragraph(brief.title, style="Title")
    document.add_paragraph(brief.subtitle, style="Subtitle")
    document.add_paragraph(" ".join(brief.summary), style="Summary")
    for section in brief.sections:
        _section(document, section)
    out = io.BytesIO()
    document.save(out)
    return _without_a_clock(out.getvalue())


def _section(document: Any, section: Section) -> None:
    document.add_heading(section.title, level=1)
    for words in section.words:
        document.add_paragraph(words).paragraph_format.keep_with_next = bool(section.tables)
    for table in section.tables:
        if len(section.tables) > 1:
            document.add_paragraph(table.caption, style="Caption")
        _table(document, table)
    if section.figure:
        _figure(document, section.figure)


# --- tables ----------------------------------------------------------------------------------------------------------


def _table(document: Any, table: Table) -> None:
    made = document.add_table(rows=1, cols=len(table.columns))
    made.alignment = WD_TABLE_ALIGNMENT.LEFT
    made.autofit = False
    _described(made, table)
    widths = [Emu(TEXT_WIDTH * share // sum(table.widths)) for share in table.widths]
    for grid, width in zip(made._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        grid.set(qn("w:w"), str(int(width.twips)))
    header = made.rows[0]
    _marked(header, "w:tblHeader", "w:cantSplit")
    for cell, words, width in zip(header.cells, table.columns, widths, strict=True):
        cell.width = width
        _shaded(cell)
        cell.paragraphs[0].style = "Table heading"
        cell.paragraphs[0].add_run(words)
    for row in table.rows:
        added = made.add_row()
        _marked(added, "w:cantSplit")
        for cell, said, width in zip(added.cells, row, widths, strict=True):
            cell.width = width
            _cell(cell, said)


def _cell(cell: Any, said: Cell) -> None:
    cited = said.words == said.source
    paragraph = cell.paragraphs[0]
    paragraph.style = "Table citation" if cited else "Table text"
    paragraph.add_run(f"“{said.words}”" if said.quoted else said.words)
    notes = [*said.notes, *([said.source] if said.source and not cited else [])]
    if notes:
        paragraph.add_run(f" {'; '.join(notes)}", style="Aside")


def _described(made: Any, table: Table) -> None:
    """Caption, rules and margins of a table: what a screen reader says of it, and lines between its rows."""
    properties = made._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(_element(f"w:{side}", val="single", sz="4", space="0", color=RULE))
    margins = OxmlElement("w:tblCellMar")
    for side, twips in (("top", 10), ("left", 50), ("bottom", 10), ("right", 50)):
        margins.append(_element(f"w:{side}", w=str(twips), type="dxa"))
    # In the order that the schema asks for: borders, layout, margins, look, caption.
    layout = properties.find(qn("w:tblLayout"))
    layout.addprevious(borders)
    layout.addnext(margins)
    properties.append(_element("w:tblCaption", val=table.caption))


def _marked(row: Any, *marks: str) -> None:
    properties = row._tr.get_or_add_trPr()
    # cantSplit stands before tblHeader in the schema.
    for mark in sorted(marks):
        properties.append(OxmlElement(mark))


def _shaded(cell: Any) -> None:
    cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=SHADE))


# --- the picture -----------------------------------------------------------------------------------------------------


def _figure(document: Any, figure: Figure) -> None:
    inline = document.add_paragraph(style="Picture").add_run().add_picture(io.BytesIO(as_png(figure.svg)))._inline
    # No wider than the text and no taller than a quarter of the page; at most as on a screen of 96 dots an inch.
    width, height = inline.extent.cx, inline.extent.cy
    share = min(72 / 96 / SCALE, TEXT_WIDTH / width, TALLEST / height)
    for extent in (inline.extent, inline.graphic.graphicData.pic.spPr):
        extent.cx, extent.cy = Emu(int(width * share)), Emu(int(height * share))
    inline.docPr.set("descr", figure.words)
    inline.docPr.set("title", figure.caption)
    document.add_paragraph(figure.caption, style="Citation")


# --- the frame -------------------------------------------------------------------------------------------------------


def _page(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = MARGIN
    section.top_margin, section.bottom_margin = Cm(1.5), Cm(1.5)
    section.footer_distance = Cm(0.7)


def _styles(document: Any) -> None:
    styles = document.styles
    language = styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    language.set(qn("w:val"), "en-GB")
    _style(styles["Normal"], 9.5, after=4)
    _style(styles["Title"], 20, colour=BRAND, bold=True, after=2)
    _style(styles["Subtitle"], 11, colour=GREY, after=8)
    _style(styles["Heading 1"], 13, colour=BRAND, bold=True, before=8, after=3, kept=True)
    _style(styles["Caption"], 9, bold=True, before=4, after=2, kept=True)
    own: tuple[tuple[str, float, str, dict[str, Any]], ...] = (
        ("Summary", 10.5, INK, {"after": 4}),
        ("Citation", 8, GREY, {"before": 2, "after": 4}),
        ("Picture", 10, INK, {"before": 6, "after": 2, "kept": True}),
        ("Table text", 8, INK, {}),
        ("Table heading", 8, INK, {"bold": True, "kept": True}),
        ("Table citation", SMALL, GREY, {}),
    )
    for name, size, colour, more in own:
        _style(styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH), size, colour=colour, **more)
    aside = styles.add_style("Aside", WD_STYLE_TYPE.CHARACTER)
    aside.font.size, aside.font.color.rgb = Pt(SMALL), RGBColor.from_string(GREY)


def _style(
    style: Any, size: float, *, colour: str = INK, bold: bool = False, before: float = 0, after: float = 0,
    kept: bool = False,
) -> None:  # fmt: skip
    style.font.name = FONT
    # The template's headings take the fonts of its theme, unless these are named as well.
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[theme]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = RGBColor.from_string(colour)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = 1.0
    style.paragraph_format.keep_with_next = kept
    # What the template's titles have besides: a rule below, letters set wide.
    for part, tag in ((style.element.pPr, "w:pBdr"), (style.element.rPr, "w:spacing")):
        for found in part.findall(qn(tag)):
            part.remove(found)


def _properties(document: Any, brief: Brief) -> None:
    # The template has a small picture of itself.
    package = document.part.package
    for name, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[name]
    core = document.core_properties
    # The format takes no more than this in a property of the file; the paper itself says the whole.
    core.title, core.subject = (words[:LONGEST_PROPERTY] for words in (brief.title, brief.subtitle))
    core.author = "Plangraph"
    core.language, core.comments, core.keywords = "en-GB", f"Snapshot {brief.snapshot}", ""
    core.last_modified_by, core.revision = "Plangraph", 1
    core.created = core.modified = LONG_AGO.replace(tzinfo=None)


def _footer(document: Any, brief: Brief) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.style = document.styles.add_style("Foot", WD_STYLE_TYPE.PARAGRAPH)
    _style(paragraph.style, 8, colour=GREY)
    paragraph.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, alignment=2)
    name = textwrap.shorten(brief.name, LONGEST_NAME, placeholder=" …")
    paragraph.add_run(f"{name}. Structure, not performance. Snapshot {brief.snapshot}\tPage ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" of ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Any, name: str) -> None:
    field = _element("w:fldSimple", instr=name)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _element(tag: str, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def _without_a_clock(packed: bytes) -> bytes:
    """The same package with every part in it as old as the others."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in parts.namelist():
            made.writestr(zipfile.ZipInfo(name, LONG_AGO.timetuple()[:6]), parts.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
