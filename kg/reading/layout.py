"""Where things stand: lines as priorities, tables, actions split over pages, and what is left."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.documents import Cell, Document, Segment
from kg.errors import InputError, Problem
from kg.reading.periods import as_period
from kg.reading.report import Doubt
from kg.reading.rules import Rules
from kg.tables import nearest

_REFERENCE = re.compile(r"\s*(\d+[a-z]?(?:\.\d+[a-z]?)+)\.?(?=\s|$|[,;:(])")
_SHORT_REFERENCE = re.compile(r"\s*((?=\S*\d)[A-Za-z0-9](?:[A-Za-z0-9.-]{0,6}[A-Za-z0-9])?)\.?\s*$")
_NEEDED = {
    "ref-no": "Ref No",
    "activity": "Activity",
    "lead-partners": "Lead Partners",
    "expected-outcome": "Expected Outcome",
}
HEADING, FOOTER, IMPROVEMENTS, PRIORITY = "heading", "footer", "improvement-actions", "delivery-priority"


@dataclass(frozen=True)
class Placed:
    """A cell and the column of the contract it stands in."""

    cell: Cell
    column: str

    @property
    def id(self) -> str:
        """Its name, such as ``L087-activity``."""
        return self.cell.named(self.column)


@dataclass
class ActionRow:
    """One action, its row joined where a page break split it.

    ``cells`` holds by column every cell that prints something, in printed order.
    """

    reference: str
    priority: "DeliveryRows"
    cells: dict[str, list[Placed]] = field(default_factory=dict)
    invented: bool = False
    """Whether the document prints no reference, so that this one is ours."""

    def column(self, name: str) -> list[Placed]:
        """The cells of one column, perhaps none."""
        return self.cells.get(name, [])

    @property
    def line(self) -> int:
        """The line its row begins on."""
        return min((placed.cell.line for cells in self.cells.values() for placed in cells), default=0)


@dataclass
class DeliveryRows:
    """A delivery priority: its number, the header that opens it, its own cells, actions and improvement cells."""

    number: str
    header: Placed
    cells: list[Placed] = field(default_factory=list)
    actions: list[ActionRow] = field(default_factory=list)
    improvements: list[Placed] = field(default_factory=list)


@dataclass
class PriorityRows:
    """A strategic priority: its number, its heading with the title, its outcome, its delivery priorities."""

    number: str
    title: Segment | None
    heading: Placed | None
    outcome: tuple[Placed, Segment] | None = None
    deliveries: list[DeliveryRows] = field(default_factory=list)


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
    """Every cell that prints something, in document order."""
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def actions(self) -> Iterator[ActionRow]:
        """Every action in document order."""
        return (a for priority in self.priorities for delivery in priority.deliveries for a in delivery.actions)


def cells_by_id(document: Document, rules: Rules) -> dict[str, str]:
    """The exact words of every cell that prints something: ``{"L087-activity": text}``, in document order."""
    words: dict[str, str] = {}
    for placed in lay_out(document, rules).placed:
        # Improvement text that runs over several cells of a row has one name.
        words[placed.id] = f"{words[placed.id]}\n{placed.cell.text}" if placed.id in words else placed.cell.text
    return words


def lay_out(document: Document, rules: Rules) -> Layout:
    """The parts of ``document``.

    InputError where there is no table of actions, a column is missing, a year stands twice in a header, or a
    reference stands on two actions; everything else that does not fit becomes a doubt.
    """
    return _LayingOut(document, rules).run()


class _LayingOut:
    """The state of one walk down the lines."""

    def __init__(self, document: Document, rules: Rules) -> None:
        self.document = document
        self.rules = rules
        self.layout = Layout()
        self.columns: list[str | None] = []
        self.after_header = False
        self.references: dict[str, ActionRow] = {}

    def run(self) -> Layout:
        for row in (row.cells for row in self.document.rows):
            printed = [cell for cell in row if not cell.empty]
            if not printed:
                continue
            if self._is_header(row):
                self._header(row)
            elif printed == [row[0]] and self._heading(row[0]):
                pass
            elif len(row) == 1 or not self.columns:
                self._free_line(printed)
            else:
                self._table_row(row)
                self.after_header = False
        if not self.references:
            raise self._no_table()
        self._close()
        return self.layout

    # --- headings ---

    def _heading(self, cell: Cell) -> bool:
        """Whether the line is the heading or the outcome of a strategic priority; if so, it is placed."""
        first, *rest = cell.segments
        found = self.rules.marker(first.text, "strategic-priority", "strategic-outcome")
        if found is None:
            return False
        meaning, match = found
        placed = self._place(cell, HEADING)
        opening = first.part(match.end(), len(first.text))
        words = joined([opening, *rest]) if opening.text or rest else opening
        if meaning == "strategic-outcome":
            if not self.layout.priorities:
                self._doubt(placed, cell.words, "is an outcome before any strategic priority.")
                return True
            self.layout.priorities[-1].outcome = (placed, words)
            return True
        number = match["n"]
        if self.layout.priorities and self.layout.priorities[-1].number == number:
            return True
        if any(priority.number == number for priority in self.layout.priorities):
            raise self._problem(cell.line, HEADING, f"strategic priority {number} has a second heading.")
        self.layout.priorities.append(PriorityRows(number, words, placed))
        self.columns = []
        return True

    def _is_header(self, row: Sequence[Cell]) -> bool:
        known = [self.rules.column_of(cell.words) for cell in row if len(cell.words) < 200]
        return len({column for column in known if column in _NEEDED}) >= 2

    def _header(self, row: Sequence[Cell]) -> None:
        columns: list[str | None] = []
        for cell in row:
            column = as_period(cell.words) or self.rules.column_of(cell.words)
            if column and column in columns:
                what = "year" if as_period(cell.words) else "column"
                raise self._problem(cell.line, cell.words, f'the {what} "{cell.words}" stands twice in this header.')
            columns.append(column)
        if PRIORITY not in columns and columns and columns[0] is None:
            columns[0] = PRIORITY
        self._check_columns(row, columns)
        self.columns = columns
        for index, (cell, column) in enumerate(zip(row, columns, strict=True)):
            if cell.empty:
                continue
            if column is None:
                self._doubt_at(
                    cell.line,
                    f"column {index + 1}",
                    cell.words,
                    "is a heading no rule knows; its cells are kept aside.",
                )
            self._place(cell, column or HEADING)
            if column and as_period(cell.words) and column not in self.layout.periods:
                self.layout.periods.append(column)
        self._delivery_header(row)
        self.after_header = True

    def _check_columns(self, row: Sequence[Cell], columns: Sequence[str | None]) -> None:
        unknown = [cell.words for cell, column in zip(row, columns, strict=True) if column is None and not cell.empty]
        for column, name in _NEEDED.items():
            if column not in columns:
                near = nearest(name, map(_bare, unknown)) or _unknown(unknown)
                raise self._problem(row[0].line, name, f"this column is missing{near}.")
        if not any(as_period(cell.words) for cell in row):
            calendar = next((words for words in unknown if re.fullmatch(r"\d{4}", words)), "")
            sentence = (
                "this is a calendar year; the columns are read as financial years such as 2015/16."
                if calendar
                else f"no column is headed by a year such as 2015/16{_unknown(unknown)}."
            )
            raise self._problem(row[0].line, calendar, sentence)

    def _no_table(self) -> InputError:
        """Why no action was found, with the line where a table was looked for."""
        first = next((row.cells for row in self.document.rows if row.table), None)
        if first is None:
            return InputError(f"{self.document.path.name} holds no table: no line of it is parted by tabs.")
        if self.layout.periods:
            return self._problem(first[0].line, "", "the table has a header and no action below it.")
        wanted = ", ".join(_NEEDED.values())
        found = _unknown([cell.words for cell in first if not cell.empty])
        return self._problem(first[0].line, "", f"the first table has none of the headings {wanted}{found}.")

    def _delivery_header(self, row: Sequence[Cell]) -> None:
        """Open the delivery priority that the header names, or go on with the one that is open."""
        cell = self._own_cell(row)
        line, header = cell.line, Placed(cell, PRIORITY)
        marker = self.rules.marker(cell.words, "delivery-priority")
        priority = self._priority(line)
        if marker is None:
            if not priority.deliveries:
                self._doubt_at(line, PRIORITY, cell.words, "names no delivery priority; read as 1.")
                priority.deliveries.append(DeliveryRows("1", header))
            return
        number = marker[1]["n"]
        if priority.deliveries and priority.deliveries[-1].number == number:
            return
        if any(delivery.number == number for delivery in priority.deliveries):
            raise self._problem(line, PRIORITY, f"delivery priority {number} begins a second time.")
        priority.deliveries.append(DeliveryRows(number, header))

    def _priority(self, line: int) -> PriorityRows:
        if not self.layout.priorities:
            self._doubt_at(line, HEADING, "", "A table stands before any strategic priority; read as priority 1.")
            self.layout.priorities.append(PriorityRows("1", None, None))
        return self.layout.priorities[-1]

    # --- lines outside and inside the table ---

    def _free_line(self, printed: Sequence[Cell]) -> None:
        for cell in printed:
            if not self.layout.priorities:
                self.layout.before.append(self._place(cell, HEADING))
            elif self.references:
                self.layout.after.append(self._place(cell, FOOTER))
            else:
                placed = self._place(cell, HEADING)
                self._doubt(placed, cell.words, "stands between heading and table and was not understood.")

    def _table_row(self, row: Sequence[Cell]) -> None:
        first = row[0]
        own = self._own_cell(row)
        if not own.empty and self.rules.marker(own.segments[0].text, "improvement-actions"):
            self._improvement_row(row, own)
            return
        placed: dict[str, Placed] = {}
        for index, cell in enumerate(row):
            if cell.empty:
                continue
            column = self.columns[index] if index < len(self.columns) else None
            if column is None:
                self._doubt_at(cell.line, f"column {index + 1}", cell.words, "stands under no known heading.")
                continue
            placed[column] = self._place(cell, column)
        delivery = self._priority(first.line).deliveries[-1]
        if PRIORITY in placed:
            delivery.cells.append(placed.pop(PRIORITY))
        if placed:
            self._action_cells(delivery, placed, first.line)

    def _own_cell(self, row: Sequence[Cell]) -> Cell:
        """The cell of the delivery priority, wherever its column stands."""
        index = self.columns.index(PRIORITY) if PRIORITY in self.columns else 0
        return row[index] if index < len(row) else row[0]

    def _improvement_row(self, row: Sequence[Cell], heading: Cell) -> None:
        delivery = self._priority(heading.line).deliveries[-1]
        self._place(heading, PRIORITY)
        marker = self.rules.marker(heading.words, "improvement-actions")
        assert marker is not None  # noqa: S101  # the caller matched the same cell
        if heading.words[marker[1].end() :].strip():
            self._doubt_at(heading.line, PRIORITY, heading.words, "has words behind the heading; they are kept aside.")
        others = [cell for cell in row if cell is not heading and not cell.empty]
        delivery.improvements += [self._place(cell, IMPROVEMENTS) for cell in others]

    def _action_cells(self, delivery: DeliveryRows, placed: dict[str, Placed], line: int) -> None:
        action = self._open_action(delivery, placed, line)
        for column, cell in placed.items():
            action.cells.setdefault(column, []).append(cell)

    def _open_action(self, delivery: DeliveryRows, placed: dict[str, Placed], line: int) -> ActionRow:
        """The action these cells belong to: a new one, or the last where a page break split its row."""
        reference = self._reference(placed)
        last = delivery.actions[-1] if delivery.actions else None
        if reference is None and last is not None and not (placed.get("activity") and placed.get("ref-no")):
            if not self.after_header:
                self._doubt_at(line, "ref-no", "", f"A row without a reference is read as more of {last.reference}.")
            return last
        if reference is None:
            reference = f"line-{line}"
            words = placed["ref-no"].cell.words if "ref-no" in placed else ""
            self._doubt_at(line, "ref-no", words, f"This action has no reference; it is kept as {reference}.")
            action = ActionRow(reference, delivery, invented=True)
        elif reference in self.references:
            other = self.references[reference]
            years = [period for period in self.layout.periods if period in placed]
            if other is last and self.after_header and not years:
                self._doubt_at(line, "ref-no", reference, "is printed again after a page break; read as one action.")
                return other
            raise self._problem(
                line, "ref-no", f'the reference "{reference}" stands twice, first in line {other.line}.'
            )
        else:
            action = ActionRow(reference, delivery)
        self.references[reference] = action
        delivery.actions.append(action)
        return action

    @staticmethod
    def _reference(placed: dict[str, Placed]) -> str | None:
        if "ref-no" not in placed:
            return None
        words = placed["ref-no"].cell.words
        found = _REFERENCE.match(words) or _SHORT_REFERENCE.match(words)
        return found[1].rstrip(".") if found else None

    # --- the end ---

    def _close(self) -> None:
        self.layout.periods.sort()
        numbers = [priority.number for priority in self.layout.priorities]
        whole = [int(number) for number in numbers if number.isdigit()]
        for missing in sorted(set(range(1, max(whole, default=0) + 1)) - set(whole)):
            self._doubt_at(0, HEADING, "", f"Strategic priority {missing} is missing between the others.")
        for action in self.layout.actions:
            for period in self.layout.periods:
                if not action.column(period):
                    self._doubt_at(action.line, period, "", f"{action.reference} has no status for this year.")
        for priority in self.layout.priorities:
            for delivery in priority.deliveries:
                if not delivery.actions:
                    place = f"Delivery priority {priority.number}/{delivery.number}"
                    self._doubt_at(delivery.header.cell.line, PRIORITY, "", f"{place} has no action.")

    def _place(self, cell: Cell, column: str) -> Placed:
        placed = Placed(cell, column)
        self.layout.placed.append(placed)
        return placed

    def _doubt(self, placed: Placed, words: str, sentence: str) -> None:
        self._doubt_at(placed.cell.line, placed.column, words, sentence)

    def _doubt_at(self, line: int, column: str, words: str, sentence: str) -> None:
        self.layout.doubts.append(Doubt(line, column, words, sentence))

    def _problem(self, line: int, column: str, sentence: str) -> InputError:
        return InputError([Problem(sentence, file=self.document.path.name, row=line, column=column)])


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


def _unknown(headings: Sequence[str]) -> str:
    return f" (unknown here: {', '.join(map(_bare, headings))})" if headings else ""


def _bare(heading: str) -> str:
    """A heading without the explanation in brackets behind it."""
    return heading.split(" (", maxsplit=1)[0]


def _stops_short(before: str, after: str, unfinished: Sequence[str]) -> bool:
    if before[-1] in ".!?:;":
        return False
    return after[:1].islower() or before.rsplit(maxsplit=1)[-1].casefold() in unfinished
