"""Which format a file is in, by its content: then it is read, or refused in a sentence that says what to do."""

import re
from pathlib import Path
from typing import Any, Final

from kg.documents import limits
from kg.documents.decoding import Text, decode
from kg.documents.delimited import delimiter_of, parse_delimited
from kg.documents.dump import parse_lines
from kg.documents.gathering import Gathered
from kg.documents.model import Document, Note
from kg.errors import InputError

_AS_OFFICE = "Save it as .docx or .xlsx first"
_FIRST_BYTES: Final = (
    (b"{\\rtf", "is an RTF file. Open it in Word or LibreOffice, and save it as .docx."),
    (b"\x89PNG", "is a picture. Ask for the document it was made from, or type the table."),
    (b"\xff\xd8\xff", "is a picture. Ask for the document it was made from, or type the table."),
    (b"GIF8", "is a picture. Ask for the document it was made from, or type the table."),
    (b"II*\0", "is a picture. Ask for the document it was made from, or type the table."),
    (b"MM\0*", "is a picture. Ask for the document it was made from, or type the table."),
    (b"\x1f\x8b", "is a packed file (gzip). Unpack it, and read what is in it."),
    (b"7z\xbc\xaf", "is a packed file (7z). Unpack it, and read what is in it."),
    (b"Rar!", "is a packed file (RAR). Unpack it, and read what is in it."),
    (b"MZ", "is a program, not a document."),
    (b"\x7fELF", "is a program, not a document."),
    (b"MIME-Version:", "is a web archive. Open it in Word or a browser, and save it as .docx or as a page."),
)
_PDF = "is a PDF. Ask for the Word or Excel file it was made from, or open it in Word and save it as .docx."
_NAMES: Final = {
    "docx": "a Word document", "xlsx": "an Excel workbook", "html": "a web page", "csv": "a table with delimiters",
    "text": "a text", "plangraph-workbook": "an Excel workbook",
}  # fmt: skip
_ENDINGS: Final = {
    "docx": {"docx", "docm", "dotx", "dotm"}, "xlsx": {"xlsx", "xlsm", "xltx", "xltm"},
    "html": {"html", "htm", "xhtml", "txt"}, "csv": {"csv", "tsv", "tab", "txt"},
    "text": {"txt", "tsv", "tab", "text", "csv", "html", "md", "dump"}, "plangraph-workbook": {"xlsx"},
}  # fmt: skip
_PAGE = re.compile(r"<(?:!doctype\s+html|html|body|table)\b", re.IGNORECASE)
_MARKUP = re.compile(r"</(?:p|b|li|ul|ol|i|strong)>|\*\*[^*\t\n]+\*\*", re.IGNORECASE)


def parse(data: bytes, name: str) -> Document:
    """The document in the bytes of a file called ``name``. InputError says why there is none."""
    gathered = _parse(data, name)
    notes = list(gathered.notes)
    ending = name.rpartition(".")[2].lower()
    if "." in name and ending not in _ENDINGS[gathered.format]:
        sentence = f"The name ends in .{ending}, but the file is {_NAMES[gathered.format]} and was read as one."
        notes.insert(0, Note(sentence))
    if isinstance(gathered, Document):
        return Document(gathered.path, gathered.sha256, gathered.lines, gathered.rows, notes=tuple(notes))
    return Document(
        Path(name), "", gathered.lines, tuple(gathered.rows), gathered.format, gathered.sheets, tuple(notes)
    )


def _parse(data: bytes, name: str) -> "Gathered | Document":
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _office(data, name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(f"{name} {_old(data)}")
    if b"%PDF-" in data[:1024]:
        raise InputError(f"{name} {_PDF}")
    for signature, what in _FIRST_BYTES:
        if data.startswith(signature):
            raise InputError(f"{name} {what}")
    if len(data) > limits.MAX_TEXT_FILE:
        most = limits.MAX_TEXT_FILE / 1e6
        raise InputError(f"{name} is larger than {most:.0f} MB, which is what a text may have.")
    return _text(data, name)


def _old(data: bytes) -> str:
    def holds(words: str) -> bool:
        return words.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return "is locked with a password. Save a copy without one, and read that."
    if holds("WordDocument"):
        return "is an old Word file (.doc). Open it in Word or LibreOffice, and save it as .docx."
    if holds("Workbook") or holds("Book"):
        return "is an old Excel file (.xls). Open it in Excel or LibreOffice, and save it as .xlsx."
    return f"is a file of an old office program. {_AS_OFFICE}, and read that."


def _office(data: bytes, name: str) -> Gathered:
    from kg.documents.package import Package, local

    package = Package(data, name)
    if "mimetype" in package and "[content_types].xml" not in package:
        kind = package.read("mimetype")[:100].decode("ascii", "replace")
        if "opendocument" in kind:
            save = ".xlsx" if "spreadsheet" in kind else ".docx"
            raise InputError(f"{name} is an OpenDocument file. Open it in LibreOffice, and save it as {save}.")
    main = [
        target for kind, target, outside in package.relations("").values() if kind == "officeDocument" and not outside
    ]
    if not main:
        raise InputError(
            f"{name} is a zip archive, and no Word or Excel file. Unpack it, and read the document that is in it."
        )
    if main[0].lower().endswith(".bin"):
        raise InputError(f"{name} is a binary Excel workbook (.xlsb). Open it in Excel, and save it as .xlsx.")
    root = package.xml(main[0])
    if local(root) == "document":
        from kg.documents.word import parse_word

        gathered = parse_word(package, main[0], root)
    elif local(root) == "workbook":
        from kg.documents.workbook import parse_workbook

        gathered = parse_workbook(package, main[0], root)
    else:
        raise InputError(f"{name} is no Word or Excel file. {_AS_OFFICE}, and read that.")
    _note_package(package, gathered)
    return gathered


def _note_package(package: Any, gathered: Gathered) -> None:
    if any(part.endswith("vbaproject.bin") for part in package.parts):
        gathered.note("The file holds macros. They were not run.")
    if any("/embeddings/" in part for part in package.parts):
        gathered.note("The file holds another file inside it, which was not opened.")
    for part in package.parts:
        if not part.endswith(".rels"):
            continue
        folder, _, base = part.rpartition("_rels/")
        for kind, target, outside in package.relations(folder + base.removesuffix(".rels")).values():
            if outside and kind != "hyperlink":
                gathered.note(
                    f"The file points to something outside it ({kind}: {target[:200]}), which was not fetched."
                )


def _text(data: bytes, name: str) -> "Gathered | Document":
    text = decode(data, name)
    if not text.words.strip():
        raise InputError(f"{name} is empty.")
    start = text.words.lstrip("\ufeff \t\r\n")[:3000]
    if start.startswith("<?xml") and re.search(r"schemas-microsoft-com:office|package/2006/xmlPackage", start):
        raise InputError(
            f"{name} is an office file saved as XML. Open it in Word or Excel, and save it as .docx or .xlsx."
        )
    if _is_page(text.words, start):
        from kg.documents.webpage import parse_page

        gathered: Gathered | Document = parse_page(data, text, name)
    else:
        delimiter = delimiter_of(text.words)
        if delimiter and not (delimiter == "\t" and _is_dump(text.words)):
            gathered = parse_delimited(text.words, name, delimiter)
        else:
            gathered = parse_lines(text.words, data, Path(name))
    return _with_encoding(gathered, text)


def _with_encoding(gathered: "Gathered | Document", text: Text) -> "Gathered | Document":
    if gathered.format == "html" or text.encoding == "UTF-8":
        return gathered
    unsure = " as far as its letters show; look at pounds, dashes, quotes and accents" if text.guessed else ""
    note = Note(f"It is written in {text.encoding}{unsure}.")
    if isinstance(gathered, Document):
        return Document(gathered.path, gathered.sha256, gathered.lines, gathered.rows, notes=(*gathered.notes, note))
    gathered.notes.append(note)
    return gathered


def _is_page(words: str, start: str) -> bool:
    """A page begins as one, or holds a table in tags; a dump has tags in cells that tabs part."""
    if re.match(r"<(?:!doctype\s+html|html|head|body|table)\b", start, re.IGNORECASE):
        return True
    if start.startswith("<?xml"):
        return bool(_PAGE.search(start))
    return bool(re.search(r"<table\b", words, re.IGNORECASE)) and bool(re.search(r"</tr\s*>", words, re.IGNORECASE))


def _is_dump(words: str) -> bool:
    """Whether lines parted by tabs are the dump of a document, not the records of one table.

    A dump prints tags or stars in its cells, or lines of text between those of its tables.
    """
    if _MARKUP.search(words):
        return True
    lines = [line for line in re.split(r"\r\n|\n|\r", words) if line.strip()]
    tabbed = ["\t" in line for line in lines]
    if '"' in words and any(re.search(r'(?:^|\t)"', line) for line in lines):
        return False
    last = len(tabbed) - 1 - tabbed[::-1].index(True) if True in tabbed else 0
    first = tabbed.index(True) if True in tabbed else 0
    return not all(tabbed[first:last])
