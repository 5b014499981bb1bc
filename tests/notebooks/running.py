"""Runs a notebook from top to bottom in a kernel of its own, and keeps of what it shows what is the same every time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

# Reading the fonts of the machine for the first time, matplotlib says so: here, not within a notebook.
import matplotlib.font_manager  # noqa: F401
import nbformat
from nbclient import NotebookClient

FOLDER: Final = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS: Final = sorted(FOLDER.glob("*.ipynb"))
SECONDS: Final = 300
"""What one cell may take on a busy machine."""


def read(path: Path) -> nbformat.NotebookNode:
    """A notebook as it stands in its file."""
    return nbformat.read(path, as_version=4)


def run(path: Path, home: Path) -> nbformat.NotebookNode:
    """The notebook with what it shows over the snapshot published in `home`. Raises CellExecutionError."""
    notebook = read(path)
    where = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(notebook, timeout=SECONDS, kernel_name="python3", resources=where)
    client.execute(env={**os.environ, "PLANGRAPH_HOME": str(home)})
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.execution_count = None
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = None
    notebook.metadata.language_info = {"name": "python"}
    return notebook
