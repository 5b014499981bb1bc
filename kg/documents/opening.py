"""A file of any format becomes a document, read in a process that can be killed."""

import hashlib
import stat
from pathlib import Path
from typing import Final

from kg.confined import Ended, ask_once
from kg.documents import limits, wire
from kg.documents.model import Document
from kg.errors import InputError, Problem

_LIMITS: Final = {
    "memory": "it needs more memory than a document may take. Keep the plan in it and delete the rest.",
    "depth": "it is nested too deeply. Copy the table into a new document, and save that.",
    "crash": "it is damaged, or needs more memory than a document may take. Open it in Word, Excel or LibreOffice, and "
    "save it again.",
}


def open_document(path: Path, *, seconds: int = limits.SECONDS, memory: int = limits.MEMORY) -> Document:
    """The document in a file: a text dump, a page, a Word or Excel file, CSV or TSV, known by content, not by name.

    InputError where it is no regular file, cannot be opened, is too large or no such document, or is not read within
    so many seconds and bytes of memory.
    """
    data = read_bytes(path)
    asked = {"name": path.name, "memory": memory, "seconds": seconds}
    try:
        answer, _ = ask_once("kg.documents.child", asked, data, seconds=seconds)
    except Ended as ended:
        reason = (
            f"it takes longer than the {seconds} seconds a document may take. Keep the plan in it and delete the rest."
            if ended.reason == "time"
            else _LIMITS["crash"]
        )
        raise InputError(f"{path.name} could not be read: {reason}") from None
    if "limit" in answer:
        raise InputError(f"{path.name} could not be read: {_LIMITS[answer['limit']]}")
    if "refused" in answer:
        raise InputError([Problem(*problem) for problem in answer["refused"]])
    return wire.unpacked(answer, path, hashlib.sha256(data).hexdigest())


def read_bytes(path: Path, most: int = limits.MAX_FILE) -> bytes:
    """The bytes of a file. InputError where it is no regular file, cannot be opened, or has more than ``most``."""
    if path.name.startswith("~$"):
        program = {"d": "Word", "x": "Excel"}.get(path.suffix[1:2].lower(), "Word or Excel")
        raise InputError(
            f"{path.name}: This is the lock file {program} leaves while the document is open; close it and choose the "
            "file without ~$."
        )
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            # Opening a pipe that nobody writes to would wait for ever.
            what = "is a directory" if stat.S_ISDIR(mode) else "is a pipe or a device, not a file"
            raise InputError(f"{path.name} cannot be read: {what}.")
        with path.open("rb") as file:
            # One byte more than may be shows that it is too large, however much follows.
            data = file.read(most + 1)
    except OSError as error:
        reason = (error.strerror or "cannot be opened").lower()
        raise InputError(f"{path.name} cannot be read: {reason}.") from None
    if len(data) > most:
        raise InputError(f"{path.name} is larger than {most / 1e6:.0f} MB, which is what a document may have.")
    return data
