"""What is no text dump is refused in one sentence that names the file, and the line where there is one."""

import os
from pathlib import Path

import pytest

from kg.documents import parse_dump, read_dump
from kg.documents.dump import MAX_BYTES, MAX_CELL_LENGTH, MAX_COLUMNS
from kg.errors import InputError


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "plan.txt is empty."),
        (b" \n\t\n", "plan.txt is empty."),
        (b"PK\x03\x04rest", "plan.txt is not a text dump: it looks like a zip archive, perhaps a Word or Excel file"),
        (b"%PDF-1.7", "plan.txt is not a text dump: it looks like a PDF"),
        (b"\xd0\xcf\x11\xe0", "plan.txt is not a text dump: it looks like an old Word or Excel file"),
        ("a\tb".encode("utf-16"), "plan.txt is not a text dump: it looks like UTF-16 text"),
        (b"a\nb\0c", "plan.txt:2: holds zero bytes"),
        ("a\n18 – 24".encode("cp1252"), "plan.txt:2: is not UTF-8 (byte 0x96); it looks like Windows-1252"),
        ("a\n\ncaf\xe9".encode("latin-1"), "plan.txt:3: is not UTF-8 (byte 0xE9); it looks like Latin-1"),
        (b"a\n" + b"x\t" * MAX_COLUMNS, f"plan.txt:2: {MAX_COLUMNS + 1} columns; a table may have {MAX_COLUMNS}"),
        (b"a\nb\t" + b"x" * (MAX_CELL_LENGTH + 1), "plan.txt:2: a cell has more than 20,000 characters."),
        (b"a" * (MAX_BYTES + 1), "plan.txt is larger than 5 MB, which is what a document may have"),
    ],
)
def test_what_is_no_text_dump_is_refused_in_words(data: bytes, message: str):
    with pytest.raises(InputError) as refused:
        parse_dump(data, Path("somewhere/plan.txt"))
    assert str(refused.value).startswith(message)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(InputError, match=r"^gone\.txt cannot be read: no such file or directory\.$"):
        read_dump(tmp_path / "gone.txt")


def test_a_folder_is_no_document(tmp_path: Path):
    with pytest.raises(InputError, match=r"cannot be read: is a directory"):
        read_dump(tmp_path)


def test_a_cell_as_long_as_is_allowed_is_read():
    assert parse_dump(b"x" * MAX_CELL_LENGTH, Path("plan.txt")).rows[0].cells[0].html == "x" * MAX_CELL_LENGTH


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path):
    os.mkfifo(tmp_path / "plan.txt")
    with pytest.raises(InputError, match=r"^plan\.txt cannot be read: is a pipe or a device, not a file\.$"):
        read_dump(tmp_path / "plan.txt")
