"""What the colours of cells say: ratings in the columns of ratings; of other colours a table is told once."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from kg.documents import Cell, Row
from kg.documents.colour import colour_name
from kg.reading.headings import Header
from kg.reading.parts import Placed
from kg.reading.report import Doubt
from kg.reading.sections import PRIORITY
from kg.reading.walking import Entry, Walk
from kg.tables.values import period_column

_RATED: Final = frozenset({"rag", "status"})
_TRAFFIC: Final = {"Red": "rag-red", "Amber": "rag-amber", "Yellow": "rag-amber", "Green": "rag-green"}
_SHOWN = 12
"""How many places a sentence names."""


def settle_colours(walk: Walk) -> dict[str, str]:
    """Place or keep every cell that says something by its colour alone.

    The name of the colour of each cell of ratings that has no rating in words, by the cell's id.
    """
    colours: dict[str, str] = {}
    printed: dict[str, list[tuple[str, Placed]]] = defaultdict(list)
    for entry in walk.entries:
        for column, cells in entry.cells.items():
            for placed in cells:
                printed[placed.cell.sheet].append((column, placed))
    met: dict[str, list[tuple[Entry, str, Cell]]] = defaultdict(list)
    for entry, column, cell in walk.coloured:
        met[cell.sheet].append((entry, column, cell))
    heads: dict[str, list[Header]] = defaultdict(list)
    for header in walk.headers:
        heads[header.sheet].append(header)
    for (table, sheet), rows in groupby(walk.document.rows, key=lambda row: (row.table, row.cells[0].sheet)):
        look = _Look.of(list(rows), heads[sheet])
        if table and look.any:
            colours |= _Table(walk, sheet, heads[sheet], look, met[sheet], printed[sheet]).settle()
    return colours


@dataclass
class _Look:
    """How the body of a table is painted: whole rows, columns, and whether the rows only take turns."""

    body: list[Row]
    painted: dict[int, str] = field(default_factory=dict)
    """The one colour of most cells of a row, by its line."""
    shaded: dict[int, str] = field(default_factory=dict)
    """The one colour of most cells of a column, by its place."""
    turns: bool = False

    @classmethod
    def of(cls, rows: Sequence[Row], headers: Sequence[Header]) -> "_Look":
        """That of the rows of one table; headers, and headings across it, are no part of its body."""
        heads = {id(cell) for header in headers for cell in header.cells}
        lines = {header.line + at for header in headers for at in range(header.rows)}
        body = [
            row
            for row in rows
            if not (row.header or row.line in lines or any(id(cell) in heads for cell in row.cells) or _across(row))
        ]
        look = cls(body)
        for row in body:
            fill, count = _most(row.cells)
            if fill and count > 1 and count * 2 > len(row.cells):
                look.painted[row.line] = fill
        columns: dict[int, list[Cell]] = defaultdict(list)
        for cell in look.body_cells:
            columns[cell.column].append(cell)
        for place, cells in columns.items():
            fill, count = _most(cells)
            if fill and len(cells) > 2 and count * 5 >= len(cells) * 4:
                look.shaded[place] = fill
        paints = [look.painted.get(row.line, "") for row in body]
        again = sum(one == two for one, two in zip(paints, paints[2:], strict=False))
        look.turns = len(paints) < 3 or len(set(paints)) == 1 or again * 4 >= (len(paints) - 2) * 3
        return look

    @property
    def any(self) -> bool:
        """Whether any cell of it is coloured."""
        return any(cell.fill for cell in self.body_cells)

    @property
    def body_cells(self) -> Iterator[Cell]:
        """Every cell of its body."""
        return (cell for row in self.body for cell in row.cells)

    def like_its_row(self, cell: Cell) -> bool:
        """Whether a cell is painted as its row is."""
        return self.painted.get(cell.line) == cell.fill

    def telling(self) -> Iterator[Cell]:
        """The cells whose colour is not that of their row or column."""
        for cell in self.body_cells:
            if cell.fill and not self.like_its_row(cell) and self.shaded.get(cell.column) != cell.fill:
                yield cell


def _most(cells: Sequence[Cell]) -> tuple[str, int]:
    return Counter(cell.fill for cell in cells).most_common(1)[0]


def _across(row: Row) -> bool:
    """Whether one line stands alone in a row of one colour: a heading across the table."""
    return sum(not cell.empty for cell in row.cells) < 2 and len({cell.fill for cell in row.cells}) == 1


@dataclass
class _Table:
    """One table: its headers, its look, its wordless cells with their columns, and what was placed of it."""

    walk: Walk
    sheet: str
    headers: Sequence[Header]
    look: _Look
    met: Sequence[tuple[Entry, str, Cell]]
    printed: Sequence[tuple[str, Placed]]
    colours: dict[str, str] = field(default_factory=dict)

    def settle(self) -> dict[str, str]:
        """Settle all of them."""
        columns: dict[str, list[tuple[Entry, Cell]]] = defaultdict(list)
        for entry, column, cell in self.met:
            columns[column].append((entry, cell))
        periods = [column for column in columns if (found := period_column(column)) and not found[1]]
        if periods and not self._rated(periods, columns):
            cells = [cell for column in periods for _, cell in columns.pop(column)]
            cells = [cell for cell in cells if not (self.look.turns and self.look.like_its_row(cell))]
            self._aside(cells, "are coloured under a period. Perhaps that shows when, not how it goes; they are kept "
                        "aside")  # fmt: skip
        for column, cells_of in columns.items():
            period = period_column(column)
            if column in _RATED or (period and period[1] in ("", *_RATED)):
                self._read(column, cells_of)
        self._in_words()
        self._unexplained()
        return self.colours

    def _rated(self, periods: Sequence[str], columns: dict[str, list[tuple[Entry, Cell]]]) -> bool:
        """Whether the colours under bare periods are ratings: they differ as those do, and no words stand there."""
        names = {colour_name(cell.fill) for column in periods for _, cell in columns[column]}
        rags = {_TRAFFIC[name] for name in names & _TRAFFIC.keys()}
        ratings = [self.walk.rules.rating(placed.cell.words) for column, placed in self.printed if column in periods]
        return len(rags) > 1 and all(rating is not None and rating.rag and not rating.state for rating in ratings)

    def _read(self, column: str, found: Sequence[tuple[Entry, Cell]]) -> None:
        """Place the cells of a column of ratings whose colour is one; say which are none."""
        shaded, unknown, known = [], [], []
        names = {colour_name(cell.fill) for _, cell in found}
        alike = len(found) > 2 and len(names) == 1 and not names & _TRAFFIC.keys()
        for entry, cell in found:
            rating = self.walk.rules.rating(colour_name(cell.fill))
            if alike or (self.look.turns and self.look.like_its_row(cell)):
                shaded.append(cell)
            elif rating is None or not rating.rag:
                unknown.append(cell)
            else:
                known.append((entry, cell))
        for entry, cell in known:
            placed = self.walk.taken.place(cell, column)
            entry.add(column, placed)
            self.colours[placed.id] = colour_name(cell.fill)
        self._aside(shaded, "are shaded all alike or as their rows are; no rating is read from that")
        self._aside(unknown, "have a colour that is no RAG a rule knows; they are kept aside")

    def _in_words(self) -> None:
        """Hold words of ratings against the colour behind them: words that are none have the rating of the colour."""
        for column, placed in self.printed:
            period = period_column(column)
            if column == "rag" or (period and period[1] == "rag"):
                self._against(placed)

    def _against(self, placed: Placed) -> None:
        name = colour_name(placed.cell.fill)
        by_colour = _TRAFFIC.get(name)
        if by_colour is None or (self.look.turns and self.look.like_its_row(placed.cell)):
            return
        rating = self.walk.rules.rating(placed.cell.words)
        if rating is None or not rating.rag:
            self.colours[placed.id] = name
        elif rating.rag in _TRAFFIC.values() and rating.rag != by_colour:
            sentence = f"stands on {name.lower()} ({placed.cell.fill}); the words are read, not the colour."
            doubt = Doubt(placed.cell.line, placed.column, placed.cell.words, sentence, self.sheet, rating.rag,
                          kind="formatted")  # fmt: skip
            if doubt not in self.walk.taken.doubts:
                self.walk.taken.doubts.append(doubt)

    def _unexplained(self) -> None:
        """Keep what only a colour says, and name colours that no column explains."""
        if not self.headers or all(header.kind == "aside" for header in self.headers):
            for cell in self.look.telling():
                if cell.empty:
                    self._keep(cell)
            return
        wordless, printed = [], []
        for cell in self.look.telling():
            name = self._name(cell)
            if cell.empty and id(cell) not in self.walk.taken.placed and id(cell) not in self.walk.taken.kept:
                wordless.append(cell)
            elif not (cell.empty or name in ("priority", PRIORITY, "rag") or name.endswith("-rag")):
                printed.append(cell)
        self._aside(wordless, "have no words and a colour that no rule explains; they are kept aside", "rag"
                    if len({colour_name(cell.fill) for cell in wordless} & _TRAFFIC.keys()) > 1 else "")  # fmt: skip
        rows = [] if self.look.turns else [row.cells[0] for row in self.look.body if row.line in self.look.painted]
        # A row that is painted as its rating is says no more than that.
        rated_lines = {cell.line for cell in self.look.body_cells if cell.named(self._name(cell)) in self.colours
                       and self.look.like_its_row(cell)}  # fmt: skip
        rows = [cell for cell in rows if cell.line not in rated_lines]
        said = [f"rows as a whole ({self._places(rows, paint=True)})"] if rows else []
        said += [f"cells ({self._places(printed)})"] if printed else []
        if said:
            first = min([*rows, *printed], key=lambda cell: cell.line)
            self._say(first, f"Colours are used that no column explains: {'; '.join(said)}.")

    def _aside(self, cells: Sequence[Cell], sentence: str, proposed: str = "") -> None:
        if not cells:
            return
        for cell in dict.fromkeys(cells):
            self._keep(cell)
        self._say(cells[0], f"Cells {sentence}: {self._places(list(dict.fromkeys(cells)))}.", proposed)

    def _keep(self, cell: Cell) -> None:
        sentence = f"has no words, and the colour {cell.fill} ({colour_name(cell.fill).lower()})."
        self.walk.taken.keep(cell, self._heading(cell), sentence, silent=True)

    def _say(self, cell: Cell, sentence: str, proposed: str = "") -> None:
        self.walk.taken.doubts.append(
            Doubt(cell.line, self._name(cell), "", sentence, self.sheet, proposed, kind="formatted")
        )

    def _places(self, cells: Sequence[Cell], *, paint: bool = False) -> str:
        """Where cells stand, by column and colour: "RAG #ffff00 in row 3, 5"."""
        lines: dict[str, list[str]] = defaultdict(list)
        for cell in cells:
            what = self.look.painted[cell.line] if paint else f"{self._heading(cell)} {cell.fill}".strip()
            lines[what].append(str(cell.line))
        return "; ".join(
            f"{what} in row {', '.join(found[:_SHOWN])}{' and others' if len(found) > _SHOWN else ''}"
            for what, found in list(lines.items())[:_SHOWN]
        ) + (" and others" if len(lines) > _SHOWN else "")

    def _header(self, cell: Cell) -> Header | None:
        above = [header for header in self.headers if header.line <= cell.line]
        return above[-1] if above else None

    def _name(self, cell: Cell) -> str:
        header = self._header(cell)
        return (header.name(cell.column) or "") if header else ""

    def _heading(self, cell: Cell) -> str:
        header = self._header(cell)
        return header.words(cell.column) if header else ""
