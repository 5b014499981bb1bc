"""A file is written whole or not at all: beside its place first, then moved there."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

PREFIX: Final = ".plangraph-"
"""What the name of a file that is still being written begins with."""


def laid_beside(path: Path, fill: Callable[[Path], object]) -> Path:
    """The file that `fill` wrote, in the folder of `path` and under a name nobody can have laid a link under.

    It may be read by whom any new file may be read. Whatever `fill` raises is raised, and nothing is left behind.
    """
    handle, name = tempfile.mkstemp(prefix=PREFIX, dir=path.absolute().parent)
    os.close(handle)
    part = Path(name)
    try:
        fill(part)
        mask = os.umask(0)
        os.umask(mask)
        part.chmod(0o666 & ~mask)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part


def written_whole(path: Path, fill: Callable[[Path], object]) -> None:
    """Have `fill` write the file, and put it in the place of `path` when it is done. Errors as `laid_beside`."""
    part = laid_beside(path, fill)
    try:
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
