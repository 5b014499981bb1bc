"""The rows of one table as a grid: a merged cell stands in every place that it covers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kg.documents import Cell, Row


@dataclass(frozen=True)
class GridRow:
    """A row, and every printed cell that stands in it by place, those merged from a row above included."""

    row: Row
    places: Mapping[int, Cell]
    coloured: Mapping[int, Cell] = field(default_factory=dict)
    """Likewise the cells that have a colour and no words."""

    @property
    def line(self) -> int:
        """The line or row it stands in."""
        return self.row.line

    @property
    def own(self) -> list[Cell]:
        """The printed cells that begin here, from the left."""
        return sorted((cell for cell in self.row.cells if not cell.empty), key=lambda cell: cell.column)

    def begins(self, cell: Cell) -> bool:
        """Whether a cell begins in this row, not above it."""
        return cell.line == self.line

    @property
    def width(self) -> int:
        """How many places it has, empty ones included."""
        return max((cell.column + cell.columns for cell in self.row.cells), default=0)


def gridded(rows: Iterable[Row]) -> Iterator[GridRow]:
    """The rows of one table with their merged cells."""
    reaching: dict[int, Cell] = {}
    for row in rows:
        reaching = {place: cell for place, cell in reaching.items() if cell.line + cell.rows > row.line}
        places = {place: cell for place, cell in reaching.items() if not cell.empty}
        coloured = {place: cell for place, cell in reaching.items() if cell.empty}
        for cell in row.cells:
            # A damaged file may merge beyond any sheet; nothing is printed out there.
            for place in range(cell.column, cell.column + min(cell.columns, _MOST_COLUMNS)):
                places.pop(place, None)
                coloured.pop(place, None)
                if cell.empty and not cell.fill:
                    continue
                (coloured if cell.empty else places)[place] = cell
                if cell.rows > 1:
                    reaching[place] = cell
        yield GridRow(row, dict(sorted(places.items())), coloured)


_MOST_COLUMNS = 200
