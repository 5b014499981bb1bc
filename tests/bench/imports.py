"""What importing an office file costs: seconds, and the memory of the command and its children together."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from docx import Document
from openpyxl import Workbook

ACTIONS, ROWS = 200, 5_000
EVERY = 0.02
"""Seconds between two looks at the memory."""
HEADER = ["Ref", "Action", "Lead", "Expected outcome", "By when", "RAG", "2024/25", "2025/26"]
LEADS = ["Market Wardens", "Harbour Trust", "Youth Team / Market Wardens", "Lamp Society; Harbour Trust"]

Row = tuple[str, str, str]
"""What was measured, the figure in words, the target in words."""


def importing() -> Iterator[Row]:
    """A Word plan of 200 actions and a workbook of 5,000 rows, written by a process of its own each."""
    made: list[tuple[str, str, Callable[[Path], None], str]] = [
        (f"plangraph read, Word plan of {ACTIONS} actions", "plan.docx", as_word, "under 10 s, 500 MB"),
        (f"plangraph read, workbook of {ROWS:,} rows", "plan.xlsx", as_workbook, "under 20 s"),
    ]
    with tempfile.TemporaryDirectory() as scratch:
        for what, name, make, target in made:
            make(Path(scratch) / name)
            yield what, spent(Path(scratch) / name, Path(scratch) / f"read-{name}"), target


def row(priority: int, number: int) -> list[str]:
    """One action in words of its own, so that nothing can be read once and used again."""
    place = f"{priority}{number}"
    return [
        f"{priority}.{number}", f"Light street {place} and visit the homes on it once the lamps are lit.",
        LEADS[number % len(LEADS)], f"Fewer people fall in street {place}.", "March 2025",
        ("Red", "Amber", "Green")[number % 3], "Ongoing", "Tbc",
    ]  # fmt: skip


def as_word(path: Path) -> None:
    """Ten priorities, each a heading and a table of twenty actions."""
    document = Document()
    document.add_heading("Synthetic plan", 0)
    for priority in range(1, 11):
        document.add_heading(f"Priority {priority}: Part {priority} of the town", 1)
        rows = [HEADER, *(row(priority, number) for number in range(1, ACTIONS // 10 + 1))]
        table = document.add_table(len(rows), len(HEADER))
        # Asking a table for one cell after another takes minutes: it counts all cells each time.
        for cell, words in zip(table._cells, (words for each in rows for words in each), strict=True):
            cell.text = words
    document.save(path)


def as_workbook(path: Path) -> None:
    """Ten sheets, each a priority."""
    book = Workbook(write_only=True)
    for priority in range(1, 11):
        sheet = book.create_sheet(f"Part {priority}")
        sheet.append(HEADER)
        for number in range(1, ROWS // 10 + 1):
            sheet.append(row(priority, number))
    book.save(path)


def spent(document: Path, out: Path) -> str:
    """Seconds and megabytes of one import, in words; the reason where it was refused."""
    began, peak = time.perf_counter(), 0.0
    words = [sys.executable, "-m", "kg.cli", "read", str(document), "--out", str(out)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            peak = max(peak, memory_of(process.pid))
            time.sleep(EVERY)
        seconds = time.perf_counter() - began
        assert process.stderr is not None
        said = process.stderr.read().strip()
    if process.returncode:
        return f"refused: {said[:80]}"
    return f"{seconds:.2f} s" + (f", {peak:.0f} MB" if peak else "")


def memory_of(process: int) -> float:
    """Megabytes that a process and all below it take now, shared pages counted once; 0 where nothing tells."""
    folder = Path("/proc") / str(process)
    try:
        lines = (folder / "smaps_rollup").read_text().splitlines()
        children = [
            int(each) for task in (folder / "task").iterdir() for each in (task / "children").read_text().split()
        ]
    except OSError:
        # It ended while we looked.
        return 0.0
    own = next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
    return own + sum(map(memory_of, children))


if __name__ == "__main__":
    for measured in importing():
        print("\t".join(measured))
