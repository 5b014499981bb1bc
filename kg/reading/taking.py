"""What became of each cell of a document: placed under a column, or kept aside; and what is doubtful."""

from kg.documents import Cell
from kg.reading.parts import Kept, Placed
from kg.reading.report import Doubt


class Taken:
    """The cells that were taken so far, by identity, and the doubts on the way."""

    def __init__(self) -> None:
        self.placed: dict[int, Placed] = {}
        self.kept: dict[int, Kept] = {}
        self.doubts: list[Doubt] = []

    def place(self, cell: Cell, column: str) -> Placed:
        """The cell under a column; one that was placed before stays there."""
        return self.placed.setdefault(id(cell), Placed(cell, column))

    def holds(self, placed: Placed) -> bool:
        """Whether a cell still stands where it was placed."""
        return self.placed.get(id(placed.cell)) is placed

    def release(self, cell: Cell) -> None:
        """Take a cell from its place, to place or keep it anew."""
        self.placed.pop(id(cell), None)

    def keep(self, cell: Cell, heading: str, sentence: str, *, silent: bool = False) -> None:
        """Keep a cell aside, unless it was placed."""
        if id(cell) not in self.placed:
            self.kept.setdefault(id(cell), Kept(cell, heading, sentence, silent))

    def doubt(
        self, cell: Cell, column: str, sentence: str, proposed: str = "", confidence: float | None = None
    ) -> None:
        """Doubt something about one cell."""
        self.say(cell.line, column, cell.words, sentence, cell.sheet, proposed, confidence)

    def say(
        self,
        line: int,
        column: str,
        words: str,
        sentence: str,
        sheet: str = "",
        proposed: str = "",
        confidence: float | None = None,
    ) -> None:
        """Doubt something; see `Doubt`."""
        self.doubts.append(Doubt(line, column, words, sentence, sheet, proposed, confidence))
