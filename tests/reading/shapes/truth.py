"""What a test document says, cell by cell: written down while it is laid out, kept as a table beside it."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

COLUMNS: Final = ("element", "table", "field", "period", "value", "cell")
RAG: Final = {
    "Red": "rag-red", "Amber": "rag-amber", "Green": "rag-green", "R": "rag-red", "A": "rag-amber", "G": "rag-green",
    "Complete": "rag-complete", "Not started": "rag-not-started",
}  # fmt: skip
STATES: Final = {
    "Complete": "status-complete", "Not started": "status-not-started", "Delayed": "status-delayed",
    "Ongoing": "status-ongoing", "Tbc": "status-tbc", "TBC": "status-tbc", "N/A": "status-na",
}  # fmt: skip
DEADLINES: Final = {
    "By end of Q2 2024/25": {"due": "2024-09-30", "period": "2024-2025-q2"},
    "By end of Q4 2024/25": {"due": "2025-03-31", "period": "2024-2025-q4"},
    "March 2025": {"due": "2025-03"},
    "By September 2024": {"due": "2024-09"},
    "31 December 2024": {"due": "2024-12-31"},
    "30/06/2025": {"due": "2025-06-30"},
    "2024/25": {"period": "2024-2025"},
    "Quarterly": {"frequency": "freq-quarterly"},
    "Monthly": {"frequency": "freq-monthly"},
    "Annually": {"frequency": "freq-annual"},
    "Ongoing": {},
}
"""What the words of a deadline mean, as the ontology writes it."""


@dataclass
class Truth:
    """The facts of one document, in the order they are printed."""

    lines: list[tuple[str, ...]] = field(default_factory=list)

    def say(self, element: str, table: str, name: str, value: str, cell: str, period: str = "") -> None:
        """One fact: the field `name` of a row of `table` that belongs to `element` holds `value`."""
        self.lines.append((element, table, name, period, " ".join(value.split()), cell))

    def priority(self, number: int, title: str, cell: str) -> None:
        """A priority where a document has one level of them: a strategic one with one delivery priority."""
        self.say(f"sp/{number}", "priorities", "label", title, cell)
        self.say(f"sp/{number}/dp/1", "delivery-priorities", "label", title, cell)

    def made(self, element: str, reference: str, cell: str) -> None:
        """The reference an action is given where none is printed."""
        self.say(element, "actions", "identifier", reference, cell)

    def action(self, element: str, words: str, cell: str) -> None:
        """The words of an action; paragraphs and list items are parted by " | "."""
        self.say(element, "actions", "words", words, cell)

    def leads(self, element: str, partners: Iterable[str], cell: str) -> None:
        """The partners of a lead cell, one a fact, as printed."""
        for partner in partners:
            self.say(element, "leads", "partner", partner, cell)

    def outcome(self, element: str, words: str, cell: str) -> None:
        """What an action is to achieve."""
        self.say(element, "outcomes", "words", words, cell)

    def measure(self, element: str, words: str, cell: str) -> None:
        """How an action is measured."""
        self.say(element, "measures", "words", words, cell)

    def deadline(self, element: str, words: str, cell: str) -> None:
        """By when, in words and in what they mean."""
        self.say(element, "deadlines", "words", words, cell)
        for name, value in DEADLINES[words].items():
            self.say(element, "deadlines", name, value, cell)

    def status(self, element: str, period: str, words: str, cell: str) -> None:
        """Where an action stands in a year."""
        self.say(element, "statuses", "words", words, cell, period)
        if words in STATES:
            self.say(element, "statuses", "state", STATES[words], cell, period)

    def state(self, element: str, words: str, cell: str, period: str = "") -> None:
        """Where an action stands, in a column that names no year."""
        self.say(element, "updates", "words", words, cell, period)
        self.say(element, "updates", "state", STATES[words], cell, period)

    def rag(self, element: str, words: str, cell: str, period: str = "") -> None:
        """A colour, as its code."""
        self.say(element, "updates", "rag", RAG[words], cell, period)

    def progress(self, element: str, words: str, cell: str, period: str = "") -> None:
        """What was done."""
        self.say(element, "updates", "progress", words, cell, period)

    def owner(self, element: str, post: str, cell: str, withheld: str = "") -> None:
        """A post that answers for an action, and the name that stood there too and must not be kept."""
        self.say(element, "owners", "post", post, cell)
        if withheld:
            self.say(element, "withheld", "name", withheld, cell)

    def reported(self, words: str, cell: str, element: str = "") -> None:
        """Words that fit no table: they must stand in the report."""
        self.say(element, "reported", "words", words, cell)

    def hidden(self, cell: str) -> None:
        """A row or sheet nobody sees: whatever becomes of its words, the report must name the place."""
        self.say("", "reported", "place", "hidden", cell)

    def write(self, path: Path) -> None:
        """Write the table."""
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(COLUMNS)
            rows.writerows(self.lines)
