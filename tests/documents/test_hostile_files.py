"""Files made to hurt: each is refused in one sentence that names it, or read without doing what it asks."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.documents import open_document
from kg.errors import InputError
from tests.documents import office
from tests.documents.office import cell, data, excel, line, packed, paragraph, row, table, text, word

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    "<x>&c;</x>"
)
XXE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><x>&f;</x>'
PLAN = data(line(1, text("A1", "Action")))


def nested(depth: int) -> str:
    opened = "<w:tbl><w:tr><w:tc>" * depth
    return opened + paragraph("deep") + "<w:p/></w:tc></w:tr></w:tbl>" * depth


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + stream.encode("utf-16-le")


def stored(name: str, content: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return write


def twice(folder: Path) -> Path:
    path = word(folder / "twice.docx", paragraph("one"))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as file:
        file.writestr("word/document.xml", "<x/>")
    return path


def cut(folder: Path) -> Path:
    path = word(folder / "cut.docx", paragraph("one" * 5000))
    path.write_bytes(path.read_bytes()[:700])
    return path


REFUSED: list[tuple[str, Callable[[Path], Path], str]] = [
    ("billion laughs in the document", lambda f: word(f / "a.docx", "", {"word/document.xml": LAUGHS}), "DOCTYPE"),
    ("billion laughs in relations",
     lambda f: word(f / "a.docx", "", {"word/_rels/document.xml.rels": LAUGHS}), "DOCTYPE"),
    ("XXE in custom XML", lambda f: word(f / "a.docx", paragraph("x"), {"customXml/item1.xml": XXE}), "DOCTYPE"),
    ("XXE in shared strings", lambda f: excel(f / "a.xlsx", PLAN, {"xl/strings.xml": XXE}), "DOCTYPE"),
    ("XXE in UTF-16", lambda f: excel(f / "a.xlsx", PLAN, {"xl/strings.xml": XXE.encode("utf-16")}), "DOCTYPE"),
    ("XXE in another encoding",
     lambda f: excel(f / "a.xlsx", PLAN, {"xl/strings.xml": f"<?xml version='1.0' encoding='utf-7'?>{XXE[13:]}"}),
     "no XML in a common encoding"),
    ("flat zip bomb", lambda f: excel(f / "a.xlsx", PLAN, {"xl/media/x.bin": b"\0" * 210_000_000}), "zip bomb"),
    ("overlapping entries", lambda f: office.overlapping(f / "a.xlsx"), "its parts overlap"),
    ("a zip of other things",
     lambda f: packed(f / "a.docx", {"inner.zip": b"PK\x03\x04"}), "a zip archive, and no Word"),
    ("a path outside", lambda f: word(f / "a.docx", "", {"../../x.xml": "<x/>"}), "as if it lay outside"),
    ("10,000 sheets", lambda f: excel(f / "a.xlsx", PLAN, sheets=10_000), "has 10,000 sheets"),
    ("10,000 parts", lambda f: word(f / "a.docx", "", {f"p/{n}.txt": "" for n in range(10_000)}), "holds 10,004 parts"),
    ("nested tables", lambda f: word(f / "a.docx", nested(5000)), "nested too deeply"),
    ("nested tables of a page", stored("a.html", b"<html>" + b"<table><tr><td>" * 5000 + b"x"), "nested too deeply"),
    ("a paragraph of 11 MB", lambda f: word(f / "a.docx", paragraph("x" * 11_000_000)), "more than 20,000 characters"),
    ("a paragraph of 1 MB", lambda f: word(f / "a.docx", paragraph("x" * 1_000_000)), "more than 20,000 characters"),
    ("100,000 rows", lambda f: excel(f / "a.xlsx", data(*(line(n, text(f"A{n}", "x")) for n in range(1, 100_001)))),
     "more than 20,000 rows"),
    ("100,000 records", stored("a.csv", b"a,b\n" * 100_000), "more than 20,000 rows"),
    ("many columns", stored("a.csv", (b",".join([b"x"] * 200) + b"\n") * 3), "columns; a table may have 100"),
    ("merged without end",
     lambda f: excel(f / "a.xlsx", data(*(line(n, text(f"A{n}", "x")) for n in range(1, 5000)))
                     + "<mergeCells>" + '<mergeCell ref="A1:A5000"/>' * 5000 + "</mergeCells>"), "merged cells"),
    ("no document part",
     lambda f: packed(f / "a.docx", {"_rels/.rels": office.relations(("r", "officeDocument", "d.xml"))}),
     'the part "d.xml" is missing'),
    ("a document cut off", cut, "is damaged"),
    ("a document part cut off",
     lambda f: word(f / "a.docx", "", {"word/document.xml": "<w:document xmlns:w='w'><w:bo"}),
     "cut off or is no XML"),
    ("a part twice", twice, 'it holds the part "word/document.xml" twice'),
    ("a lone surrogate", lambda f: word(f / "a.docx", paragraph("&#xD800;")), "cut off or is no XML"),
    ("a password", stored("a.docx", ole("EncryptedPackage")), "is locked with a password"),
    ("old Word", stored("a.doc", ole("WordDocument")), "an old Word file"),
    ("old Excel", stored("a.xls", ole("Workbook")), "an old Excel file"),
    ("OpenDocument", lambda f: packed(f / "a.odt", {"mimetype": "application/vnd.oasis.opendocument.text"}),
     "is an OpenDocument file. Open it in LibreOffice, and save it as .docx."),
    ("a PDF", stored("a.docx", b"%PDF-1.7 ..."), "is a PDF"),
    ("RTF", stored("a.docx", b"{\\rtf1 x}"), "is an RTF file"),
    ("a picture", stored("a.xlsx", b"\x89PNG\r\n\x1a\n"), "is a picture"),
    ("an empty table",
     lambda f: word(f / "a.docx", table(row(cell("<w:p/>")))), "a table, and nothing is printed in it"),
    ("pictures alone", lambda f: word(f / "a.docx", "<w:p><w:r><w:drawing/></w:r></w:p>"), "holds only pictures"),
    ("an empty sheet", lambda f: excel(f / "a.xlsx", data()), "nothing is printed in it"),
    ("an open quote", stored("a.csv", b'a,b\n1,"x\n2,y\n3,z\n'), "a quotation mark is opened and never closed"),
    ("mixed encodings", stored("a.csv", "a,b\ncafé,x\n".encode() + "1,£5\n".encode("cp1252")),
     "line 2 is UTF-8 and line 3 is not"),
    ("zero bytes", stored("a.csv", b"a,b\n1,\0\n"), "holds zero bytes"),
    ("UTF-16 cut off", stored("a.csv", "a,b\n1,2\n".encode("utf-16")[:-1]), "is marked as UTF-16 and is not"),
    ("nothing", stored("a.csv", b""), "is empty"),
    ("too large", stored("a.docx", b"PK\x03\x04" + b"\0" * 26_000_000), "is larger than 25 MB"),
]  # fmt: skip


@pytest.mark.parametrize(("write", "sentence"), [pytest.param(w, s, id=name) for name, w, s in REFUSED])
def test_a_hostile_file_is_refused_in_one_sentence(write: Callable[[Path], Path], sentence: str, tmp_path: Path):
    path = write(tmp_path)
    with pytest.raises(InputError) as refused:
        open_document(path)
    assert sentence in str(refused.value)
    assert str(refused.value).startswith(path.name)
    assert "\n" not in str(refused.value)
    assert "Traceback" not in str(refused.value)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_more_memory_than_a_document_may_have_is_a_sentence(tmp_path: Path):
    path = excel(
        tmp_path / "a.xlsx", data(*(line(n, *(text(f"{c}{n}", "words") for c in "ABCDEFGH")) for n in range(1, 9000)))
    )
    with pytest.raises(InputError, match=r"^a\.xlsx could not be read: .*memory than a document may"):
        open_document(path, memory=60 * 1024**2)


def test_more_time_than_a_document_may_have_is_a_sentence(tmp_path: Path):
    path = excel(
        tmp_path / "a.xlsx", data(*(line(n, *(text(f"{c}{n}", "words") for c in "ABCDEFGH")) for n in range(1, 19_000)))
    )
    with pytest.raises(InputError, match=r"^a\.xlsx could not be read: it takes longer than the 1 seconds"):
        open_document(path, seconds=1)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_a_device_and_a_folder_are_no_documents(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.docx")
    (tmp_path / "null.docx").symlink_to("/dev/zero")
    for path in (tmp_path / "pipe.docx", tmp_path / "null.docx", tmp_path):
        with pytest.raises(InputError, match="cannot be read: is a "):
            open_document(path)


def test_macros_are_named_and_not_run(tmp_path: Path):
    document = open_document(word(tmp_path / "a.docm", paragraph("x"), {"word/vbaProject.bin": b"\xd0\xcf"}))
    assert [note.sentence for note in document.notes] == ["The file holds macros. They were not run."]


def test_what_lies_outside_is_named_and_not_fetched(tmp_path: Path):
    template = {
        "word/_rels/settings.xml.rels": office.relations(
            ("r1", "attachedTemplate", "http://192.0.2.1/x.dotm"), outside=True
        )
    }
    document = open_document(word(tmp_path / "a.docx", paragraph("x"), template))
    assert "attachedTemplate: http://192.0.2.1/x.dotm), which was not fetched" in document.notes[0].sentence


def test_a_formula_that_reaches_outside_is_named_and_its_last_value_read(tmp_path: Path):
    sheet = data(line(1, "<c r='A1' t='str'><f>cmd|'/C calc'!A0</f><v>Ready</v></c>"))
    document = open_document(excel(tmp_path / "a.xlsx", sheet))
    assert [each.text for each in document.cells] == ["Ready"]
    assert "reaches outside the workbook; it was not run" in document.notes[0].sentence


def test_a_far_cell_makes_no_table_and_is_not_lost(tmp_path: Path):
    sheet = data(line(1, text("A1", "Action"), text("B1", "Lead")), line(1048576, text("XFD1048576", "slip")))
    document = open_document(excel(tmp_path / "a.xlsx", sheet))
    assert [each.text for each in document.cells] == ["Action", "Lead"]
    assert [(note.line, note.kept) for note in document.notes] == [(1048576, "slip")]


def test_a_wrong_extension_is_read_by_what_it_is_and_said(tmp_path: Path):
    document = open_document(excel(tmp_path / "plan.docx", PLAN))
    assert document.format == "xlsx"
    assert (
        document.notes[0].sentence == "The name ends in .docx, but the file is an Excel workbook and was read as one."
    )


def test_turned_writing_is_kept_as_stored_and_noted(tmp_path: Path):
    document = open_document(word(tmp_path / "a.docx", paragraph("Ref \u202e1.1\u202c") + paragraph("שלום עולם")))
    assert [each.text for each in document.cells] == ["Ref \u202e1.1\u202c", "שלום עולם"]
    assert len([note for note in document.notes if "turn the direction of writing" in note.sentence]) == 1


def test_a_module_beside_the_document_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "lxml.py").write_text("open('ran', 'w').close()")
    path = word(tmp_path / "a.docx", paragraph("x"))
    monkeypatch.chdir(tmp_path)
    assert open_document(path).format == "docx"
    assert not (tmp_path / "ran").exists()
