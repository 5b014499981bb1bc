"""What the reader understood, what it doubts and what it refused, as text and as report.csv."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.tables import REPORT_FILE

KINDS: Final = {
    "doubtful": "read, but it may mean something else",
    "kept": "kept aside: it fits no table of a plan",
    "withheld": "withheld: a person's name",
    "noted": "about the file itself: hidden rows, changes accepted, how it is written",
    "formatted": "said by colour, strike-through or another form, not by words",
}
"""What a doubt is about: an officer decides on each kind in another way."""


@dataclass(frozen=True)
class Doubt:
    """One thing a person should look at: where it stands, its words, and why, in a sentence.

    ``sheet`` is that of the cell, "" in a text; ``proposed`` is the reading that was taken, or that would be taken;
    ``confidence`` says how sure it is, from 0 to 1, None where nothing was weighed. ``kind`` is one of `KINDS`.
    """

    line: int
    column: str
    words: str
    sentence: str
    sheet: str = ""
    proposed: str = ""
    confidence: float | None = None
    kind: str = "doubtful"

    def __str__(self) -> str:
        place = f"line {self.line}" if self.line else "whole document"
        if self.sheet:
            place = f"{self.sheet}, row {self.line}" if self.line else self.sheet
        column = f", {self.column}" if self.column else ""
        words = f' "{self.words}"' if self.words else ""
        return f"{place}{column}:{words} {self.sentence}"


@dataclass(frozen=True)
class Report:
    """The outcome of one reading.

    ``understood`` counts the rows written for each table; ``doubts`` are in document order; ``refused``
    says why no table was written (empty where they were).
    """

    document: str
    understood: Mapping[str, int] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    refused: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = [f"{self.document}"]
        if self.refused:
            parts += ["", "Refused; no tables were written:", *(f"  {sentence}" for sentence in self.refused)]
        if self.understood:
            parts += [
                "",
                "Understood:",
                *(f"  {count:4d} {table}" for table, count in self.understood.items()),
            ]
        if self.doubts:
            parts += ["", f"Doubtful ({len(self.doubts)}):", *(f"  {doubt}" for doubt in self.doubts)]
        elif not self.refused:
            parts += ["", "Nothing is doubtful."]
        return "\n".join(parts)

    def write(self, folder: Path) -> Path:
        """Write ``report.csv`` into ``folder`` (made where missing) and return its path.

        Columns: kind (understood, refused, and those of `KINDS`), line, column, words, sentence.
        """
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / REPORT_FILE
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(("kind", "line", "column", "words", "sentence"))
            rows.writerows(("refused", "", "", "", sentence) for sentence in self.refused)
            rows.writerows(("understood", "", table, "", f"{n} rows") for table, n in self.understood.items())
            rows.writerows(
                (doubt.kind, doubt.line or "", doubt.column, doubt.words, doubt.sentence) for doubt in self.doubts
            )
        return path
