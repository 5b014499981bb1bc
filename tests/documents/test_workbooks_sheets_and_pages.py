"""What a sheet, a page and a file with delimiters print is in their cells."""

from pathlib import Path

import pytest

from kg.documents import Document, open_document
from kg.documents.numberformat import printed
from tests.documents.office import S, data, excel, line, relations, text


def sheet(folder: Path, content: str, parts: dict[str, str | bytes] | None = None) -> Document:
    return open_document(excel(folder / "plan.xlsx", content, parts))


def csv(folder: Path, content: bytes, name: str = "plan.csv") -> Document:
    (folder / name).write_bytes(content)
    return open_document(folder / name)


def page(folder: Path, content: str) -> Document:
    (folder / "plan.html").write_text(f"<!doctype html><html><body>{content}</body></html>", encoding="utf-8")
    return open_document(folder / "plan.html")


@pytest.mark.parametrize(
    ("value", "form", "words"),
    [
        (1.1, "General", "1.1"), (1.1, "0.00", "1.10"), (0.1 + 0.2, "General", "0.3"), (3, "General", "3"),
        (0.125, "0%", "12%"), (0.125, "0.0%", "12.5%"), (1234567.5, "#,##0.00", "1,234,567.50"), (-12, "0;(0)", "(12)"),
        (1200, '"£"#,##0', "£1,200"), (5, "[$£-809]#,##0.00", "£5.00"), (7, "000", "007"), (7, '0" of 10"', "7 of 10"),
        (45747, "dd/mm/yyyy", "31 March 2025"), (45747, "yyyy-mm-dd", "31 March 2025"), (45747, "mmm-yy", "March 2025"),
        (45747.5, "dd/mm/yyyy hh:mm", "31 March 2025 12:00"), (0.5, "h:mm", "12:00"), (45747, "[$-809]d mmmm yyyy;@",
         "31 March 2025"), (1.5, "[h]:mm", "36:00"), (45747, "d-mmm", "31 March 2025"), (2024, "0", "2024"),
    ],
)  # fmt: skip
def test_a_number_is_printed_as_its_format_says(value: float, form: str, words: str):
    assert printed(value, form).words == words


def test_days_are_counted_from_1904_where_the_workbook_says_so():
    assert printed(44285, "dd/mm/yyyy", since_1904=True).words == "31 March 2025"


def test_merged_cells_stand_once_and_hide_what_they_cover(tmp_path: Path):
    rows = data(line(1, text("A1", "A"), text("B1", "B")), line(2, text("A2", "hid"), text("B2", "C")))
    document = sheet(tmp_path, rows + '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>')
    assert [(c.line, c.column, c.rows, c.text) for c in document.cells] == [
        (1, 0, 2, "A"),
        (1, 1, 1, "B"),
        (2, 1, 1, "C"),
    ]
    assert [note.kept for note in document.notes] == ["hid"]


def test_what_is_hidden_is_kept_apart(tmp_path: Path):
    columns = '<cols><col min="2" max="2" hidden="1"/></cols>'
    rows = data(line(1, text("A1", "A"), text("B1", "B")), line(2, text("A2", "C"), given='hidden="1"'))
    document = sheet(tmp_path, columns + rows)
    assert [c.text for c in document.cells] == ["A"]
    assert [(note.line, note.kept) for note in document.notes] == [(2, "C"), (1, "B")]


def test_formulas_give_what_they_gave_last_and_say_so(tmp_path: Path):
    cells = (
        "<c r='A1'><f>1+1</f><v>2</v></c><c r='B1'><f>1+2</f></c><c r='C1' t='e'><f>A9</f><v>#REF!</v></c>"
        "<c r='D1' t='str'><f>HYPERLINK(\"https://x.org\",\"x\")</f><v>x</v></c>"
    )
    document = sheet(tmp_path, data(line(1, cells)))
    assert [(c.column, c.html) for c in document.cells] == [
        (0, "2"),
        (2, "#REF!"),
        (3, '<a href="https://x.org">x</a>'),
    ]
    said = {note.column: note for note in document.notes}
    assert said["1"].kept == "=1+2"
    assert "what it gave last is read" in said["0"].sentence
    assert "error #REF!" in said["2"].sentence


def test_a_number_that_lost_its_zero_is_doubtful(tmp_path: Path):
    numbers = [1.8, 1.9, 1.1, 1.11]
    document = sheet(tmp_path, data(*(line(n, f"<c r='A{n}'><v>{v}</v></c>") for n, v in enumerate(numbers, 1))))
    assert [c.text for c in document.cells] == ["1.8", "1.9", "1.1", "1.11"]
    assert [(note.line, "1.10 was typed" in note.sentence) for note in document.notes] == [(3, True)]


def test_shared_words_keep_their_marks_links_and_lines(tmp_path: Path):
    strings = (
        f'<sst xmlns="{S}"><si><r><rPr><b/></rPr><t>Bold</t></r><r><rPr/><t xml:space="preserve"> plain</t></r></si>'
        "<si><t>- one\n- two_x000D_</t></si></sst>"
    )
    rows = data(line(1, "<c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c>"))
    links = {"xl/_rels/sheet.xml.rels": relations(("r5", "hyperlink", "https://x.org"), outside=True)}
    document = sheet(tmp_path, rows + '<hyperlinks><hyperlink ref="A1" r:id="r5"/></hyperlinks>',
                     {"xl/strings.xml": strings} | links)  # fmt: skip
    first, second = document.cells
    assert first.html == '<a href="https://x.org"><b>Bold</b> plain</a>'
    assert [(s.kind, s.text) for s in second.listed] == [("dash", "one"), ("dash", "two")]


def test_sheets_with_one_slug_are_told_apart(tmp_path: Path):
    document = open_document(excel(tmp_path / "a.xlsx", data(line(1, text("A1", "x"))), sheets=2))
    assert document.sheets == {"plan-1": "Plan 1", "plan-2": "Plan 2"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"])
def test_any_delimiter_and_encoding_is_read(delimiter: str, encoding: str, tmp_path: Path):
    records = [
        ["Ref", "Action", "Cost"],
        ["1.10", f"Don’t “wait”{delimiter}go\nnow – at once", "£5"],
        ["1.2", "b", "c"],
    ]
    quoted = "\r\n".join(delimiter.join('"' + each.replace('"', '""') + '"' for each in record) for record in records)
    document = csv(tmp_path, quoted.encode(encoding))
    assert document.format == "csv"
    assert [c.text for c in document.cells] == [
        " ".join(words.replace("\n", "¶").split()).replace("¶", "\n") for record in records for words in record
    ]
    assert [c.line for c in document.cells] == [1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_commas_in_words_are_no_delimiter(tmp_path: Path):
    document = csv(tmp_path, b"Ref;Action\n1;one, two, three\n2;four, five\n3;six\n")
    assert [len(each.cells) for each in document.rows] == [2, 2, 2, 2]


def test_a_page_gives_its_headings_lists_and_spans(tmp_path: Path):
    document = page(tmp_path, "<h2>Priority</h2><script>x</script><table><caption>Plan</caption><thead><tr><th>Ref<th>"
                    "Act</thead><tr><td rowspan=2>1<td>Do <b>it</b><ul><li>a<ul><li>b</ul><li>c</ul><tr><td>"
                    "&lt;30 days</table>")  # fmt: skip
    assert [(each.level, each.header, each.table) for each in document.rows] == [
        (2, False, 0), (0, False, 0), (0, True, 1), (0, False, 1), (0, False, 1)]  # fmt: skip
    cells = [(c.line, c.column, c.rows, c.text) for c in document.cells if c.sheet == "table-1"]
    assert cells == [
        (1, 0, 1, "Ref"),
        (1, 1, 1, "Act"),
        (2, 0, 2, "1"),
        (2, 1, 1, "Do it\na\nb\nc"),
        (3, 1, 1, "<30 days"),
    ]


def test_a_table_that_only_arranges_others_is_none(tmp_path: Path):
    inner = "<table><tr><td>a<td>b<tr><td>c<td>d</table>"
    document = page(tmp_path, f"<table><tr><td>menu<td>{inner}</table>")
    assert [(c.sheet, c.text) for c in document.cells] == [
        ("text", "menu"), ("table-1", "a"), ("table-1", "b"), ("table-1", "c"), ("table-1", "d")]  # fmt: skip


def test_tags_typed_into_cells_are_tags_and_other_marks_are_words(tmp_path: Path):
    document = csv(tmp_path, b"a,b\n<p>One</p> <p>Two &amp; three</p>,<30 days & a < b\n")
    assert [c.text for c in document.cells][2:] == ["One\nTwo & three", "<30 days & a < b"]
