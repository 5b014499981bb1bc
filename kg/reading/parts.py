"""The parts of a plan document: priorities, actions and the cells that stand in each, whatever its shape was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.documents import Cell, Segment
from kg.reading.report import Doubt


@dataclass(frozen=True)
class Placed:
    """A cell and the column of the contract it stands in."""

    cell: Cell
    column: str

    @property
    def id(self) -> str:
        """Its name, such as ``L087-activity``."""
        return self.cell.named(self.column)


@dataclass(frozen=True)
class Kept:
    """A cell that fits nowhere in a plan: the heading it stood under, and why it is kept aside, in a sentence."""

    cell: Cell
    heading: str
    sentence: str
    silent: bool = False
    """Whether a rule says that such cells are always kept aside, so that nobody needs to look at them."""


@dataclass(frozen=True)
class ColumnRead:
    """How one column of one table was recognised.

    ``how`` is exact, beginning, ending, near, period, decided, content or unknown; ``confidence`` goes from 0 to 1.
    ``column`` is None where the cells are kept aside; ``proposed`` is then what they may be, perhaps blank.
    ``index`` is its place in the table, from 0.
    """

    sheet: str
    line: int
    heading: str
    column: str | None
    how: str
    confidence: float
    proposed: str = ""
    index: int = -1


@dataclass(frozen=True)
class TableRead:
    """A table and what it was taken for: actions, more (of actions above), indicators or aside."""

    sheet: str
    line: int
    kind: str
    headings: tuple[str, ...]
    sentence: str


@dataclass
class ActionRow:
    """One action, its row joined where a page break split it, or where a second table says more of it.

    ``cells`` holds by column every cell that prints something, in printed order. A cell merged over several actions
    stands in each of them.
    """

    reference: str
    priority: "DeliveryRows"
    cells: dict[str, list[Placed]] = field(default_factory=dict)
    invented: bool = False
    """Whether the document prints no reference, so that this one is ours."""
    printed: str = ""
    """The reference as printed, with what belongs to it: "Action 3:", "CS/04"; it may open the activity."""

    def column(self, name: str) -> list[Placed]:
        """The cells of one column, perhaps none."""
        return self.cells.get(name, [])

    @property
    def opening(self) -> str:
        """The reference where it opens the words of the activity ("1.2 "), "" where it has a cell of its own."""
        return "" if self.invented or self.column("ref-no") else self.printed

    @property
    def line(self) -> int:
        """The line its row begins on."""
        return min((placed.cell.line for cells in self.cells.values() for placed in cells), default=0)

    @property
    def sheet(self) -> str:
        """The sheet its row begins on."""
        return next((placed.cell.sheet for cells in self.cells.values() for placed in cells), "")


@dataclass
class DeliveryRows:
    """A delivery priority: its number, the cell that opens it, its own cells, actions and improvement cells.

    ``title`` is that of its heading, where it has one; ``note`` says where number and title come from if no cell of
    the document states them.
    """

    number: str
    header: Placed
    cells: list[Placed] = field(default_factory=list)
    actions: list[ActionRow] = field(default_factory=list)
    improvements: list[Placed] = field(default_factory=list)
    title: Segment | None = None
    note: str = ""


@dataclass
class PriorityRows:
    """A strategic priority: its number, its heading with the title, its outcome, its delivery priorities.

    ``heading`` is None where no cell prints the title; ``note`` then says where it comes from.
    """

    number: str
    title: Segment | None
    heading: Placed | None
    outcome: tuple[Placed, Segment] | None = None
    deliveries: list[DeliveryRows] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class IndicatorRow:
    """A row of a table of indicators.

    ``figures`` are its cells, each with the period it speaks of and what it gives: target or actual.
    """

    delivery: DeliveryRows
    name: Placed
    figures: tuple[tuple[str, str, Placed], ...]


@dataclass
class Layout:
    """The whole document in its parts; ``periods`` are those of the year columns, earliest first."""

    priorities: list[PriorityRows] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)
    before: list[Placed] = field(default_factory=list)
    """Lines above the first priority: a title page."""
    after: list[Placed] = field(default_factory=list)
    """Lines below the tables."""
    placed: list[Placed] = field(default_factory=list)
    """Every cell that was understood, in document order; with `kept` these are all that print something."""
    kept: list[Kept] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    columns: list[ColumnRead] = field(default_factory=list)
    tables: list[TableRead] = field(default_factory=list)
    indicators: list[IndicatorRow] = field(default_factory=list)
    title: Placed | None = None
    """The line that names the plan, of those before the first priority."""
    colours: dict[str, str] = field(default_factory=dict)
    """The colour, as "Green", of each cell of ratings that prints no rating, by its id."""

    @property
    def actions(self) -> Iterator[ActionRow]:
        """Every action in document order."""
        return (a for priority in self.priorities for delivery in priority.deliveries for a in delivery.actions)


# --- lines of text over several cells ----------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A segment together with the cells its words come from (two where a page break split it)."""

    segment: Segment
    sources: tuple[Placed, ...]

    @property
    def text(self) -> str:
        """Its words."""
        return self.segment.text

    @property
    def source(self) -> tuple[str, ...]:
        """The ids of its cells."""
        return tuple(placed.id for placed in self.sources)


def lines_of(cells: Sequence[Placed], *, listed: bool, unfinished: Sequence[str] = ()) -> list[Line]:
    """The segments of ``cells`` in order; with ``listed``, " - " bullets apart.

    Where one cell stops in a sentence (the next goes on in lower case, or it ends with one of the
    ``unfinished`` words) the two halves are one line.
    """
    lines: list[Line] = []
    for cell in cells:
        segments = cell.cell.listed if listed else cell.cell.segments
        for index, segment in enumerate(segments):
            goes_on = (
                index == 0
                and lines
                and segment.kind == "text"
                and _stops_short(lines[-1].text, segment.text, unfinished)
            )
            if goes_on:
                last = lines.pop()
                whole = joined([last.segment, segment])
                lines.append(Line(whole, (*last.sources, cell)))
            else:
                lines.append(Line(segment, (cell,)))
    return lines


def joined(segments: Sequence[Segment]) -> Segment:
    """The segments as one, a blank between them, with the kind of the first."""
    text = ""
    runs = []
    for segment in segments:
        offset = len(text) + 1 if text else 0
        text = f"{text} {segment.text}" if text else segment.text
        runs += [type(r)(r.start + offset, r.end + offset, r.bold, r.italic, r.link) for r in segment.runs]
    return Segment(text, segments[0].kind, segments[0].gap, tuple(runs))


def _stops_short(before: str, after: str, unfinished: Sequence[str]) -> bool:
    if before[-1] in ".!?:;":
        return False
    return after[:1].islower() or before.rsplit(maxsplit=1)[-1].casefold() in unfinished
