"""The tab-separated text dump of a plan: bytes become lines and cells."""

import hashlib
from pathlib import Path

from kg.documents.model import Cell, Document, Row
from kg.documents.opening import read_bytes
from kg.errors import InputError

MAX_BYTES = 5_000_000
"""A plan of fifty actions is 50 kB; a hundred times that is no plan any more."""
MAX_CELLS = 100_000
MAX_COLUMNS = 100
MAX_CELL_LENGTH = 20_000
"""A long cell of a plan has a thousand."""

# The first bytes of files that people pick by mistake, and what to tell them.
_SIGNATURES = (
    (b"PK\x03\x04", "a zip archive, perhaps a Word or Excel file; save it as tab-separated text first"),
    (b"%PDF", "a PDF; save it as tab-separated text first"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file; save it as tab-separated text first"),
    (b"\xff\xfe", "UTF-16 text; save it as UTF-8"),
    (b"\xfe\xff", "UTF-16 text; save it as UTF-8"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)


def read_dump(path: Path) -> Document:
    """The document in a UTF-8 text file.

    InputError where it is no regular file, cannot be opened, is empty, too large, binary or in another encoding.
    """
    return parse_dump(read_bytes(path, MAX_BYTES), path)


def parse_dump(data: bytes, path: Path) -> Document:
    """The document in the bytes ``data`` of a file called ``path``; errors as `read_dump`."""
    return parse_lines(_decode(data, path.name), data, path)


def parse_lines(text: str, data: bytes, path: Path) -> Document:
    """The document in the decoded text of a file and its bytes. InputError where it is too large."""
    rows: list[Row] = []
    cells = 0
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        parts = line.split("\t")
        cells += len(parts)
        if len(parts) > MAX_COLUMNS:
            raise InputError(f"{path.name}:{number}: {len(parts)} columns; a table may have {MAX_COLUMNS}.")
        if max(map(len, parts)) > MAX_CELL_LENGTH:
            raise InputError(f"{path.name}:{number}: a cell has more than {MAX_CELL_LENGTH:,} characters.")
        if cells > MAX_CELLS:
            raise InputError(f"{path.name}:{number}: more than {MAX_CELLS:,} cells.")
        rows.append(Row(tuple(Cell(number, column, part) for column, part in enumerate(parts)), int(len(parts) > 1)))
    count = len(lines) - (1 if lines and not lines[-1] else 0)
    return Document(path, hashlib.sha256(data).hexdigest(), count, tuple(rows))


def _decode(data: bytes, name: str) -> str:
    if len(data) > MAX_BYTES:
        raise InputError(f"{name} is larger than {MAX_BYTES / 1e6:.0f} MB, which is what a document may have.")
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise InputError(f"{name} is not a text dump: it looks like {what}.")
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise InputError(f"{name}:{line}: holds zero bytes, so it is not a text file.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        # 0x80-0x9F are quotes and dashes in Windows-1252 and control characters in Latin-1.
        looks = "Windows-1252" if any(0x80 <= b <= 0x9F for b in data) else "Latin-1 (ISO 8859-1)"
        raise InputError(
            f"{name}:{line}: is not UTF-8 (byte 0x{byte:02X}); it looks like {looks}. Save it as UTF-8."
        ) from None
    if not text.strip():
        raise InputError(f"{name} is empty.")
    return text
