"""A workbook as bytes: rows of words are written at once, and the same workbook gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any, Final
from xml.sax.saxutils import escape

from lxml.etree import fromstring
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

_EPOCH: Final = datetime(2000, 1, 1)  # noqa: DTZ001  the format knows no zones


def saved(book: Any) -> bytes:
    """A workbook as bytes that depend on what it says alone, not on when it was saved."""
    book.properties.creator = "Plangraph"
    book.properties.created = book.properties.modified = _EPOCH
    raw, out = io.BytesIO(), io.BytesIO()
    # Pressed together once only, below.
    _Writer(book, zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED)).save()
    with zipfile.ZipFile(raw) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as even:
        for entry in parts.infolist():
            even.writestr(zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0)), parts.read(entry),
                          zipfile.ZIP_DEFLATED)  # fmt: skip
    return out.getvalue()


class _Writer(ExcelWriter):  # type: ignore[misc]
    """The library's writer of workbooks, with our writer of sheets."""

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        writer = _Sheet(ws)
        writer.write()
        ws._rels = writer._rels
        self._archive.write(writer.out, ws.path[1:])
        self.manifest.append(ws)
        writer.cleanup()


class _Sheet(WorksheetWriter):  # type: ignore[misc]
    """The library's writer of sheets, which takes minutes for 5,000 rows where it builds every cell by itself."""

    def __init__(self, ws: Any) -> None:
        super().__init__(ws)
        self._letters: list[str] = [get_column_letter(number) for number in range(1, ws.max_column + 1)]
        self._styles: dict[bytes, str] = {}

    def write_row(self, xf: Any, row: list[Any], row_idx: int) -> None:
        """Write one row; one that holds more than words in their style is left to the library."""
        if any(cell._comment or cell._hyperlink or (cell._value is not None and type(cell._value) is not str)
               or cell.data_type not in "sn" for cell in row):  # fmt: skip
            super().write_row(xf, row, row_idx)
            return
        attributes = {"r": str(row_idx), **dict(self.ws.row_dimensions.get(row_idx, {}))}
        with xf.element("row", attributes):
            if row:
                for cell in fromstring(f"<row>{''.join(self._cell(cell, row_idx) for cell in row)}</row>"):
                    xf.write(cell)

    def _cell(self, cell: Any, row: int) -> str:
        if cell._style is None and not cell._value:
            return ""
        begin = f'<c r="{self._letters[cell.column - 1]}{row}" s="{self._style(cell)}"'
        words = cell._value
        if not words:
            return f"{begin}/>"
        space = ' xml:space="preserve"' if words != words.strip() else ""
        return f'{begin} t="inlineStr"><is><t{space}>{escape(words)}</t></is></c>'

    def _style(self, cell: Any) -> str:
        """The number of a cell's style; the library compares it with all others to find it."""
        key = cell._style.tobytes() if cell._style is not None else b""
        if key not in self._styles:
            self._styles[key] = str(cell.style_id)
        return self._styles[key]
