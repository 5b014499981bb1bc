"""Word and Excel files made part by part, as no library would write them."""

import io
import zipfile
from pathlib import Path

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def relations(*given: tuple[str, str, str], outside: bool = False) -> str:
    mode = ' TargetMode="External"' if outside else ""
    inner = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{to}"{mode}/>' for i, kind, to in given)
    return f'<Relationships xmlns="{PACKAGE}">{inner}</Relationships>'


def packed(path: Path, parts: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


def word(path: Path, body: str, parts: dict[str, str | bytes] | None = None, **related: str) -> Path:
    """A document with this body, and further parts by name; `related` are those of the document itself by kind."""
    own = [(f"r{kind}", kind, f"{kind}.xml") for kind in related]
    return packed(
        path,
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations(("r1", "officeDocument", "word/document.xml")),
            "word/document.xml": f'<w:document xmlns:w="{W}" xmlns:r="{OFFICE}"><w:body>{body}</w:body></w:document>',
            "word/_rels/document.xml.rels": relations(*own),
        }
        | {f"word/{kind}.xml": f'<w:{kind} xmlns:w="{W}">{content}</w:{kind}>' for kind, content in related.items()}
        | (parts or {}),
    )


def excel(path: Path, sheet: str, parts: dict[str, str | bytes] | None = None, *, sheets: int = 1) -> Path:
    """A workbook whose every sheet is this one (what stands in <worksheet>)."""
    named = "".join(f'<sheet name="Plan {n}" sheetId="{n}" r:id="r{n}"/>' for n in range(1, sheets + 1))
    return packed(
        path,
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations(("r1", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{OFFICE}"><sheets>{named}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": relations(
                *((f"r{n}", "worksheet", "sheet.xml") for n in range(1, sheets + 1)),
                ("rs", "sharedStrings", "strings.xml"),
                ("rl", "styles", "styles.xml"),
            ),
            "xl/sheet.xml": f'<worksheet xmlns="{S}" xmlns:r="{OFFICE}">{sheet}</worksheet>',
        }
        | (parts or {}),
    )


def paragraph(words: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space='preserve'>{words}</w:t></w:r></w:p>"


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def text(ref: str, words: str) -> str:
    """A cell of a sheet with words."""
    return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'


def line(number: int, *cells: str, given: str = "") -> str:
    """A row of a sheet."""
    return f'<row r="{number}" {given}>{"".join(cells)}</row>'


def data(*rows: str) -> str:
    return f"<sheetData>{''.join(rows)}</sheetData>"


def overlapping(path: Path) -> Path:
    """A zip whose two entries share the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.xml", b"<a>" + b" " * 1_000_000 + b"</a>")
        twin = zipfile.ZipInfo("b.xml")
        first = file.infolist()[0]
        for name in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
            setattr(twin, name, getattr(first, name))
        file.filelist.append(twin)
        file.NameToInfo["b.xml"] = twin
    path.write_bytes(held.getvalue())
    return path
