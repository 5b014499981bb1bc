"""What a Word document prints is in its cells: merged, listed, numbered, changed, and what stands beside."""

from pathlib import Path

from kg.documents import Document, open_document
from tests.documents.office import cell, paragraph, relations, row, table, word

LISTS = """
<w:abstractNum w:abstractNumId="0">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="x"/></w:lvl>
 <w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="upperRoman"/>
 <w:lvlText w:val="%1)"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="0"/>
 <w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>
"""


def numbered(words: str, number: int, depth: int = 0) -> str:
    return paragraph(words, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def read(folder: Path, body: str, parts: dict[str, str | bytes] | None = None, **related: str) -> Document:
    return open_document(word(folder / "plan.docx", body, parts, **related))


def grid(document: Document) -> list[tuple[int, int, int, int, str]]:
    return [(c.line, c.column, c.rows, c.columns, c.text) for c in document.cells]


def test_merged_cells_stand_once_with_what_they_cover(tmp_path: Path):
    wide, begins, goes_on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = table(
        row(cell(paragraph("A"), begins), cell(paragraph("B"), wide)),
        row(cell("<w:p/>", goes_on), cell(paragraph("C")), cell(paragraph("D"))),
    )
    assert grid(read(tmp_path, body)) == [(1, 0, 2, 1, "A"), (1, 1, 1, 2, "B"), (2, 1, 1, 1, "C"), (2, 2, 1, 1, "D")]


def test_tables_and_paragraphs_come_in_order_out_of_content_controls_too(tmp_path: Path):
    control = f"<w:sdt><w:sdtContent>{table(row(cell(paragraph('in'))))}</w:sdtContent></w:sdt>"
    document = read(tmp_path, paragraph("before") + control + paragraph("after"))
    assert [(c.sheet, c.text) for c in document.cells] == [("text", "before"), ("table-1", "in"), ("text", "after")]
    assert [each.table for each in document.rows] == [0, 1, 0]


def test_headings_are_known_by_derived_styles_and_outline_levels(tmp_path: Path):
    styles = (
        '<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Own"/><w:basedOn w:val="berschrift2"/></w:style>'
    )
    body = paragraph("A", '<w:pStyle w:val="Own"/>') + paragraph("B", '<w:outlineLvl w:val="0"/>') + paragraph("C")
    assert [each.level for each in read(tmp_path, body, styles=styles).rows] == [2, 1, 0]


def test_header_rows_are_marked(tmp_path: Path):
    body = table(row(cell(paragraph("Ref")), properties="<w:tblHeader/>"), row(cell(paragraph("1"))))
    assert [each.header for each in read(tmp_path, body).rows] == [True, False]


def test_generated_numbers_are_counted_as_word_counts_them(tmp_path: Path):
    rows = [(1, 0), (1, 1), (1, 1), (1, 0), (1, 1), (3, 0), (3, 0), (4, 0)]
    body = table(*(row(cell(numbered("", number, depth)), cell(paragraph("x"))) for number, depth in rows))
    document = read(tmp_path, body, numbering=LISTS)
    found = [c.text for c in document.cells if c.column == 0]
    assert found == ["1", "1.1", "1.2", "2", "2.1", "III)", "IV)", "7"]
    assert "Word makes numbers in this file by itself" in document.notes[0].sentence


def test_a_numbered_heading_keeps_its_number(tmp_path: Path):
    assert read(tmp_path, numbered("Violence", 1), numbering=LISTS).rows[0].cells[0].text == "1 Violence"


def test_lists_are_lists_and_nest(tmp_path: Path):
    inside = paragraph("We will:") + numbered("Go", 2) + numbered("Fast", 2, 1) + numbered("Stay", 2)
    document = read(tmp_path, table(row(cell(inside))), numbering=LISTS)
    (only,) = document.cells
    assert only.html == "<p>We will:</p><ul><li>Go</li><ul><li>Fast</li></ul><li>Stay</li></ul>"
    assert [(s.kind, s.text) for s in only.segments] == [
        ("text", "We will:"), ("item", "Go"), ("item", "Fast"), ("item", "Stay")]  # fmt: skip


def test_tracked_changes_are_accepted_and_what_goes_is_kept_apart(tmp_path: Path):
    moved = "<w:moveFrom><w:r><w:t>old place</w:t></w:r></w:moveFrom>"
    changed = (
        "<w:p><w:ins><w:r><w:t>new </w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
        f"<w:r><w:t>kept</w:t></w:r>{moved}</w:p>"
    )
    body = table(row(cell(changed)), row(cell(paragraph("gone")), properties="<w:del/>"),
                 row(cell(paragraph("added")), properties="<w:ins/>"))  # fmt: skip
    document = read(tmp_path, body)
    assert [c.text for c in document.cells] == ["new kept", "added"]
    assert [note.kept for note in document.notes] == ["old", "old place", "gone"]


def test_marks_links_breaks_and_tabs_are_kept(tmp_path: Path):
    links = {
        "word/_rels/document.xml.rels": relations(
            ("r9", "hyperlink", "https://example.org/a?b=1&amp;c=2"), outside=True
        )
    }
    body = (
        "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Bold</w:t></w:r><w:r><w:rPr><w:b w:val='0'/><w:i/></w:rPr><w:t>it</w:t>"
        "<w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:r><w:hyperlink r:id='r9'><w:r><w:t>out</w:t></w:r></w:hyperlink>"
        "<w:hyperlink w:anchor='x'><w:r><w:t>in</w:t></w:r></w:hyperlink></w:p>"
    )
    (only,) = read(tmp_path, body, links).cells
    assert only.html == (
        '<b>Bold</b><i>it<br>b  c</i><a href="https://example.org/a?b=1&amp;c=2">out</a><a href="#">in</a>'
    )


def test_fields_show_their_result_alone(tmp_path: Path):
    body = (
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>HYPERLINK \"https://x.org\"</w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>here</w:t></w:r>"
        "<w:r><w:fldChar w:fldCharType='end'/></w:r><w:r><w:t> and there</w:t></w:r></w:p>"
    )
    (only,) = read(tmp_path, body).cells
    assert only.html == '<a href="https://x.org">here</a> and there'


def test_what_stands_beside_the_text_is_kept_without_who_wrote_it(tmp_path: Path):
    body = (
        "<w:p><w:r><w:t>Act</w:t><w:footnoteReference w:id='2'/><w:commentReference w:id='5'/></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>"
        "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    )
    document = read(
        tmp_path, body,
        footnotes=f"<w:footnote w:id='2'>{paragraph('note')}</w:footnote>",
        comments=f"<w:comment w:id='5' w:author='Some Body'>{paragraph('why?')}</w:comment>",
        header=paragraph("Draft"),
    )  # fmt: skip
    assert [c.text for c in document.cells] == ["Act"]
    assert {note.kept for note in document.notes} == {"secret", "boxed", "note", "why?", "Draft"}
    assert "Some Body" not in str(document.notes)
    assert next(note.line for note in document.notes if note.kept == "note") == 1


def test_a_table_inside_a_cell_keeps_its_words_in_it(tmp_path: Path):
    inner = table(row(cell(paragraph("a")), cell(paragraph("b"))), row(cell(paragraph("c"))))
    document = read(tmp_path, table(row(cell(paragraph("top") + inner + "<w:p/>"))))
    assert [c.text for c in document.cells] == ["top\na  b\nc"]
    assert "A table stands inside this cell" in document.notes[0].sentence
