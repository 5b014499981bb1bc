"""One walk down a document: which rows are headings, actions, more of an action, or nothing of a plan."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from kg.documents import Cell, Document, Row, Segment
from kg.reading.forms import label_of, pairs_of
from kg.reading.grid import GridRow, gridded
from kg.reading.headings import ASIDE, OTHER, Column, Header, Headings, year_of_title
from kg.reading.numbering import printed_reference
from kg.reading.parts import ColumnRead, Placed, TableRead, joined
from kg.reading.rules import Rules, normal, plain
from kg.reading.sections import HEADING, LONGEST_TITLE, PRIORITY, SECTIONS, Section, Sections
from kg.reading.taking import Taken
from kg.tables.values import period_column

IMPROVEMENTS = "improvement-actions"
_SHORT = 80
_WIDEST = 200
"""How many places of a cell are looked at; a damaged file may merge beyond any sheet."""
_ONCE = ("status", "rag", "timescale")
"""Columns besides those of years that an action states once: printed again they begin another."""


@dataclass(eq=False)
class Entry:
    """An action as it was met: its cells by column, the sections above it, its header, its printed reference."""

    header: Header
    order: int
    trail: tuple[Section, ...]
    row: GridRow
    cells: dict[str, list[Placed]] = field(default_factory=dict)
    reference: str = ""
    printed: str = ""
    note: str = ""

    def add(self, column: str, placed: Placed) -> None:
        """Put a cell into a column, once."""
        cells = self.cells.setdefault(column, [])
        if placed not in cells:
            cells.append(placed)

    def words(self, column: str) -> str:
        """The words of a column."""
        return " ".join(placed.cell.words for placed in self.cells.get(column, ()))

    @property
    def line(self) -> int:
        """The line it begins on."""
        return self.row.line


class Walk:
    """The rows of a document, sorted: `entries`, `sections`, `free` lines, and what is kept aside."""

    def __init__(self, document: Document, rules: Rules) -> None:
        self.document = document
        self.rules = rules
        self.headings = Headings(rules, self._year())
        self.entries: list[Entry] = []
        self.indicators: list[Entry] = []
        self.taken = Taken()
        self.sections = Sections(rules, self.taken)
        self.headers: list[Header] = []
        self.free: list[tuple[int, Cell]] = []
        self.coloured: list[tuple[Entry, str, Cell]] = []
        """The cells of actions that have a colour and no words, with their columns."""
        self.columns: list[ColumnRead] = []
        self.tables: list[TableRead] = []
        self._header: Header | None = None
        self._last: Entry | None = None
        self._after_header = False
        self._numbered = False
        self._improved = False
        self._sheet = ""
        self._lone = self._lone_rows()
        self._reported: list[list[tuple[str, str | None, str]]] = []

    def run(self) -> None:
        """Walk down all rows."""
        for (table, _), rows in groupby(self.document.rows, key=lambda row: (row.table, row.cells[0].sheet)):
            if table:
                self._segment(list(gridded(rows)))
            else:
                for row in rows:
                    self._text(row)

    # --- what the file itself says ---

    def _year(self) -> str:
        first = [row for row in self.document.rows if len([c for c in row.cells if not c.empty]) == 1][:20]
        names = [self.document.path.stem.replace("_", " "), *self.document.sheets.values()]
        return year_of_title([cell.words for row in first for cell in row.cells if len(cell.words) < 200]) or (
            year_of_title(names)
        )

    def _lone_rows(self) -> Counter[str]:
        """On how many sheets of a workbook a line stands that is alone in its row: a plan's title is on each."""
        if self.document.format != "xlsx":
            return Counter()
        found = {
            (row.cells[0].sheet, normal(printed[0].words))
            for row in self.document.rows
            if len(printed := [cell for cell in row.cells if not cell.empty]) == 1
        }
        return Counter(words for _, words in found)

    # --- lines outside the tables ---

    def _text(self, row: Row) -> None:
        self.sections.order += 1
        for cell in row.cells:
            if cell.empty or self.sections.marked(cell, row.level):
                continue
            if row.level and len(cell.words) <= LONGEST_TITLE:
                self.sections.unmarked(cell, f"h{row.level}", 10 + row.level)
            else:
                self.free.append((self.sections.order, cell))

    # --- tables ---

    def _segment(self, rows: Sequence[GridRow]) -> None:
        sheet = rows[0].row.cells[0].sheet
        if self.document.format == "xlsx" and sheet != self._sheet:
            self.sections.sheet(self.document.sheets.get(sheet, sheet))
            self._header = None
        self._sheet = sheet
        if (pairs := pairs_of(rows, self.rules)) is not None:
            self._form(rows, pairs)
            return
        starts = self._starts(rows)
        at = 0
        before = rows[: min(starts, default=len(rows))]
        inside = any(len(row.own) > 1 for row in before) and self._goes_on_from(before)
        if not starts and not inside:
            self._without_header(rows)
            return
        if not inside:
            self._header = None
        while at < len(rows):
            self.sections.order += 1
            if at in starts:
                depth = starts[at]
                following = min((start for start in starts if start > at), default=len(rows))
                at += self._read_header(rows, at, depth, following)
                continue
            self._row(rows, at)
            at += 1

    def _starts(self, rows: Sequence[GridRow]) -> dict[int, int]:
        """The rows where a header begins, each with how many rows stand above its main row: {row: rows above}."""
        starts: dict[int, int] = {}
        at = 0
        first = True
        while at < len(rows):
            if not self.headings.is_header(rows[at], first=first):
                first = first and len(rows[at].own) == 1
                at += 1
                continue
            top = at
            while top > 0 and top - 1 not in starts and self.headings.opens_above(rows[top - 1], rows[at]):
                top -= 1
            if any(start <= top < start + 3 and start != top for start in starts):
                top = at
            starts[top] = at - top
            first = False
            at += 1
            # The lower rows of a header may look like a header of their own.
            while (
                at < len(rows) and self.headings.is_header(rows[at]) and self.headings.goes_on(rows[top:at], rows[at])
            ):
                at += 1
        return starts

    def _form(self, rows: Sequence[GridRow], found: Sequence[Sequence[tuple[Cell, Cell]]]) -> None:
        """Take a form: each action is a block of rows, and begins where a heading comes again."""
        sheet = rows[0].row.cells[0].sheet
        header = Header(rows[0].line, sheet, 0, {}, "actions", "is a form of actions.")
        self.headers.append(header)
        entry: Entry | None = None
        for row, pairs in zip(rows, found, strict=True):
            self.sections.order += 1
            if len(row.own) == 1:
                self._lone_line(row.own[0])
                continue
            for label, cell in pairs:
                known, number = label_of(label, self.rules)
                names = [name for name in known.columns if name not in ASIDE and not name.startswith(OTHER)]
                taken = entry.cells if entry is not None else {}
                if names and set(names[:1]) & {"activity", "ref-no"} & set(taken):
                    entry, taken = None, {}
                name = next((name for name in names if name not in taken), names[0] if names else None)
                self.taken.place(label, HEADING)
                header.columns[len(header.columns)] = Column(
                    label.column, (label,), label.words, name, known.how, known.confidence, name or ""
                )
                if name is None:
                    self.taken.keep(cell, label.words, f'stands beside "{label.words}".')
                elif name in ("priority", PRIORITY):
                    self.sections.of_column(cell, name, begins=True, numbered=False)
                else:
                    if entry is None:
                        entry = self._begin(Entry(header, self.sections.order, self.sections.trail, row))
                    entry.trail = self.sections.trail
                    entry.add(name, self.taken.place(cell, name))
                    reference = printed_reference(cell.words if name == "ref-no" else number)
                    if name in ("ref-no", "activity") and reference is not None:
                        entry.reference, entry.printed = reference
        self._header = self._last = None

    def _read_header(self, rows: Sequence[GridRow], at: int, above: int, until: int) -> int:
        """Take the header that begins in row ``at``; how many rows it has."""
        header = self.headings.read(rows, at, until, above + 1)
        self._header = header
        self.headers.append(header)
        self._after_header = True
        self._numbered = self._improved = False
        for cell in header.cells:
            column = header.name(cell.column)
            marker = self.rules.marker(cell.words, *SECTIONS)
            if column == PRIORITY and marker is not None and marker[1].groupdict().get("n"):
                self._numbered = True
                first = joined(cell.segments)
                words = first.part(marker[1].end(), len(first.text))
                self.sections.open_marked(cell, marker[0], marker[1], words, 0, PRIORITY)
            self.taken.place(cell, column or HEADING)
        signature = [(plain(re.sub(r"\d+", "", c.words)), c.column, c.doubt) for c in header.columns.values()]
        if signature not in self._reported:
            self._reported.append(signature)
            self._report_columns(header)
        return header.rows

    def _report_columns(self, header: Header) -> None:
        """Note how each column was recognised, and say what is doubtful about it."""
        sheet, line = header.sheet, header.line
        headings = tuple(column.words for column in header.columns.values() if column.words)
        self.tables.append(TableRead(sheet, line, header.kind, headings, header.sentence))
        if header.kind == "aside":
            self.taken.say(line, "", ", ".join(headings), header.sentence, sheet)
        for column in header.columns.values():
            if not column.cells and not column.column:
                continue
            proposed = column.proposed or column.column or ""
            self.columns.append(
                ColumnRead(
                    sheet, line, column.words, column.column, column.how, column.confidence, proposed, column.index
                )
            )
            doubt = column.doubt
            if column.column is None and not doubt and not column.ignored:
                doubt = "is a heading no rule knows; its cells are kept aside."
            if doubt and header.kind != "aside":
                at = column.cells[-1].line if column.cells else line
                doubt = doubt if column.words else f"A column without a heading {doubt}"
                self.taken.say(
                    at, f"column {column.index + 1}", column.words, doubt, sheet, proposed, column.confidence
                )

    def _goes_on_from(self, rows: Sequence[GridRow]) -> bool:
        """Whether a table without a header goes on from the table before: as wide, and not under other words."""
        header = self.headers[-1] if self.headers else None
        if header is None or header.kind == "aside":
            return False
        width = max(row.width for row in rows)
        if width != header.width:
            return False
        if header is not self._header or rows[0].row.cells[0].sheet != header.sheet:
            sheet = rows[0].row.cells[0].sheet
            self.taken.say(rows[0].line, "", "", f"This table has no header; it is read with the columns of the table "
                      f"{_where(header.sheet, header.line)}.", sheet, "", 0.8)  # fmt: skip
        self._header = header
        self._after_header = True
        return True

    def _without_header(self, rows: Sequence[GridRow]) -> None:
        for row in rows:
            self.sections.order += 1
            if len(row.own) == 1 and self._lone_line(row.own[0]):
                continue
            for cell in row.own:
                self.taken.keep(cell, "", "stands in a table without any heading we know.")
        if any(len(row.own) > 1 for row in rows):
            sheet = rows[0].row.cells[0].sheet
            words = next(", ".join(cell.words for cell in row.own) for row in rows if len(row.own) > 1)
            self.tables.append(TableRead(sheet, rows[0].line, "aside", (), "has no header we know."))
            self.taken.say(rows[0].line, "", words[:200], "A table without any heading we know is kept aside.", sheet)

    def _lone_line(self, cell: Cell) -> bool:
        """Take a line that stands alone in a row above or between tables; whether it was taken."""
        if self.sections.marked(cell, alone=True):
            return True
        words = cell.words
        if (
            self.document.format == "xlsx"
            and len(self.document.sheets) > 1
            and self._lone[normal(words)] == 1
            and len(words) <= 100
            and ":" not in words
            and not words.endswith(".")
            and not any(section.key == "preamble" for section in self.sections.open)
        ):
            self.sections.unmarked(cell, "preamble", 5)
            return True
        if self._lone[normal(words)] > 1 and self.entries:
            self.taken.keep(cell, "", "is printed on several sheets.")
            return True
        self.free.append((self.sections.order, cell))
        return True

    # --- rows of a table ---

    def _row(self, rows: Sequence[GridRow], at: int) -> None:
        row = rows[at]
        own = row.own
        header = self._header
        if not own:
            return
        if header is None:
            self._above_header(rows, at)
        elif header.kind == "aside":
            if not (len(own) == 1 and self.sections.marked(own[0], alone=True)):
                self._keep_row(row, header, header.sentence)
        elif not (
            self._improvements(row, header)
            or self._no_action(row, header)
            or (len(own) == 1 and self._alone(rows, at, header))
        ):
            if header.kind == "indicators":
                self._indicator(row, header)
            else:
                self._action(row, header)
            self._after_header = False

    def _above_header(self, rows: Sequence[GridRow], at: int) -> None:
        own = rows[at].own
        if len(own) > 1:
            for cell in own:
                self.taken.keep(cell, "", "stands above the header of the table.")
        elif own[0].columns > 1 and self.document.format != "xlsx":
            if not self.sections.marked(own[0], alone=True):
                self._across(rows, at, own[0])
        else:
            self._lone_line(own[0])

    def _keep_row(self, row: GridRow, header: Header, sentence: str) -> None:
        for cell in row.own:
            self.taken.keep(cell, header.words(cell.column), sentence)

    def _improvements(self, row: GridRow, header: Header) -> bool:
        own = row.own
        place = next((at for at in header.columns if header.name(at) == PRIORITY), 0)
        heading = next((cell for cell in own if cell.column == place), own[0])
        found = self.rules.marker(heading.segments[0].text, "improvement-actions")
        if found is None or not self.sections.open:
            return False
        self._improved = True
        if heading.words[found[1].end() :].strip():
            if len(own) == 1:
                self.taken.doubt(heading, IMPROVEMENTS, "has words behind the heading; they are read with it.")
                self.sections.open[-1].improvements.append(self.taken.place(heading, IMPROVEMENTS))
                return True
            self.taken.doubt(heading, PRIORITY, "has words behind the heading; they are kept aside.")
        self.taken.place(heading, PRIORITY)
        others = [cell for cell in own if cell is not heading]
        self.sections.open[-1].improvements += [self.taken.place(cell, IMPROVEMENTS) for cell in others]
        return True

    def _no_action(self, row: GridRow, header: Header) -> bool:
        first = row.own[0]
        found = self.rules.marker(first.text, "no-action")
        if found is None:
            return False
        rest = first.words[found[1].end() :].strip(" .-–")
        opens = found[1].group().rstrip().endswith(":")
        if (rest and not opens) or (opens and len(row.own) > 2) or self._reference_in(row, header):
            return False
        self._keep_row(row, header, "is a row of totals, a note or an end line: no action.")
        return True

    def _reference_in(self, row: GridRow, header: Header) -> bool:
        return any(
            header.name(cell.column) == "ref-no" and printed_reference(cell.words) is not None for cell in row.own
        )

    def _alone(self, rows: Sequence[GridRow], at: int, header: Header) -> bool:
        """Take a row with one cell that begins in it, where that is a heading, not a cell of an action."""
        row = rows[at]
        cell = row.own[0]
        column = header.name(cell.column)
        above = {header.name(place) for place, other in row.places.items() if other is not cell}
        if above & {"ref-no", "activity"}:
            return False
        if self._numbered and column == PRIORITY:
            return self._below_the_table(cell)
        spans = cell.columns >= max(2, (header.width + 1) // 2)
        if self.sections.marked(cell, alone=spans or column in ("ref-no", None)):
            return True
        follows = at + 1 < len(rows) and len(rows[at + 1].own) > 1
        first = column == "activity" or (column is None and cell.column == 0)
        bold = first and follows and not self._after_header and all(segment.bold for segment in cell.segments)
        capitals = first and follows and cell.column == 0 and not any(char.islower() for char in cell.words)
        if spans or bold or capitals or (column == "ref-no" and printed_reference(cell.words) is None):
            self._across(rows, at, cell)
            return True
        begins = self._last is None or not self._after_header
        if column == "activity" and cell.column == 0 and follows and begins and _is_title(cell):
            sentence = "stands alone in its row, and is read as a heading."
            self.taken.doubt(cell, HEADING, sentence, HEADING, 0.7)
            self._across(rows, at, cell)
            return True
        return False

    def _below_the_table(self, cell: Cell) -> bool:
        """Take a line in the column of a numbered priority that is no piece of it: it opens another, or follows it."""
        found = self.sections.rules.marker(cell.segments[0].text, "strategic-priority", "strategic-outcome")
        if found is not None:
            return self.sections.marked(cell)
        if self._improved:
            self.free.append((self.sections.order, cell))
        return self._improved

    def _across(self, rows: Sequence[GridRow], at: int, cell: Cell) -> None:
        """A row across the table: a heading, the outer of two where another one follows, or a line of text."""
        if len(cell.words) > LONGEST_TITLE or (cell.words.endswith(".") and len(cell.words) > 60):
            self.free.append((self.sections.order, cell))
            return
        following = rows[at + 1].own if at + 1 < len(rows) else []
        nested = (
            len(following) == 1
            and following[0].columns == cell.columns
            and following[0].column == cell.column
            and len(following[0].words) <= 60
            and not following[0].words.endswith(".")
            and self.rules.marker(following[0].text, "objective", "indicators", "no-action", "strategic-outcome")
            is None
            and at + 2 < len(rows)
        )
        self.sections.unmarked(cell, "row" if not nested else "outer row", 50 - nested)

    # --- actions ---

    def _action(self, row: GridRow, header: Header) -> None:
        cells = self._cells(row, header)
        new = {column: [p for p in placed if row.begins(p.cell)] for column, placed in cells.items()}
        new = {column: placed for column, placed in new.items() if placed}
        if not new:
            return
        entry = self._entry(row, header, cells, new)
        joins = entry is self._last
        for column, placed in (new if joins else cells).items():
            for one in placed:
                entry.add(column, one)
        for cell in dict.fromkeys(row.coloured.values()):
            covered = [header.name(place) for place in range(cell.column, cell.column + min(cell.columns, _WIDEST))]
            self.coloured += [(entry, name, cell) for name in covered if name]
        self._last = entry

    def _cells(self, row: GridRow, header: Header) -> dict[str, list[Placed]]:
        """The cells of a row by column; sections that its columns of priorities name are opened."""
        cells: dict[str, list[Placed]] = {}
        seen: set[int] = set()
        for place, cell in row.places.items():
            if id(cell) in seen:
                continue
            seen.add(id(cell))
            covered = [name for at in range(cell.column, cell.column + cell.columns) if (name := header.name(at))]
            column = header.name(cell.column) or (covered[0] if cell.columns > 1 and covered else None)
            if column is None:
                if row.begins(cell):
                    heading = header.words(place)
                    sentence = f'stands under "{heading}".' if heading else "stands under no heading."
                    self.taken.keep(cell, heading, sentence, silent=header.ignored(place))
                    if not heading:
                        self.taken.say(cell.line, f"column {place + 1}", cell.words, "stands under no known heading.",
                                  cell.sheet)  # fmt: skip
                continue
            if column in ("priority", PRIORITY):
                self.sections.of_column(cell, column, begins=row.begins(cell), numbered=self._numbered)
                continue
            if column == IMPROVEMENTS and self.sections.open:
                self.sections.open[-1].improvements.append(self.taken.place(cell, column))
                continue
            placed = self.taken.place(cell, column)
            cells.setdefault(column, []).append(placed)
            others = [name for name in dict.fromkeys(covered) if name != column]
            for name in others:
                if period_column(name) and period_column(column):
                    cells.setdefault(name, []).append(placed)
            if row.begins(cell) and any(not (period_column(name) and period_column(column)) for name in others):
                listed = ", ".join([column, *others])
                self.taken.doubt(cell, column, f"is merged over the columns {listed}; read as {column}.", column, 0.6)
        return cells

    def _entry(
        self, row: GridRow, header: Header, cells: dict[str, list[Placed]], new: dict[str, list[Placed]]
    ) -> Entry:
        """The action these cells belong to: a new one, or the last where its row was split or merged."""
        last = self._last if self._last is not None and self._last.trail == self.sections.trail else None
        words = " ".join(placed.cell.words for placed in new.get("ref-no", ()))
        reference, goes_on = self._continued(words)
        found = printed_reference(reference)
        entry = Entry(header, self.sections.order, self.sections.trail, row)
        entry.reference, entry.printed = found or ("", words)
        if last is None:
            return self._begin(entry)
        if self._below_merged(row, header, last, cells, new):
            return last
        if found is None:
            goes_on = (not words or "activity" not in new) and self._says_more(row, header, last, new)
        elif last.reference != entry.reference:
            goes_on = False
        elif not goes_on:
            goes_on = self._after_header and not self._stated_again(last, new)
        if not goes_on:
            return self._begin(entry)
        if found is not None:
            sentence = "is printed again after a page break; read as one action."
            self.taken.say(row.line, "ref-no", reference, sentence, header.sheet, last.reference)
        return last

    @staticmethod
    def _below_merged(
        row: GridRow,
        header: Header,
        last: Entry,
        cells: dict[str, list[Placed]],
        new: dict[str, list[Placed]],
    ) -> bool:
        """Whether the reference or the words of the last action are merged over this row."""
        if any(not row.begins(placed.cell) for placed in cells.get("ref-no", ())):
            return True
        merged = any(not row.begins(placed.cell) for placed in cells.get("activity", ()))
        return merged and "ref-no" not in new and last.header is header

    def _says_more(self, row: GridRow, header: Header, last: Entry, new: dict[str, list[Placed]]) -> bool:
        """Whether a row without a reference goes on with the last action; said where that is not sure."""
        activity = " ".join(placed.cell.words for placed in new.get("activity", ()))
        others = [column for column in new if column not in ("activity", "ref-no")]
        fresh = bool(activity) and not activity[:1].islower()
        called = last.reference or f'"{last.words("activity")[:60]}"'
        with_references = "ref-no" in header.names
        what = "A row without a reference" if with_references else "A row without an action"
        if self._after_header:
            if fresh and (not with_references or (len(others) > 1 and self._stated_again(last, new))):
                return False
            if not (fresh and len(others) > 1):
                return True
        elif (fresh and others) if with_references else activity:
            return False
        self.taken.say(
            row.line, "ref-no", "", f"{what} is read as more of {called}.", header.sheet, last.reference, 0.7
        )
        return True

    def _begin(self, entry: Entry) -> Entry:
        for section in entry.trail:
            section.used += 1
        self.entries.append(entry)
        return entry

    def _stated_again(self, last: Entry, new: dict[str, list[Placed]]) -> bool:
        """Whether the cells state what an action states once: a year, or a status it has already."""
        return any((found := period_column(c)) and not found[1] for c in new) or any(
            column in new and column in last.cells for column in _ONCE
        )

    def _continued(self, words: str) -> tuple[str, bool]:
        """A reference without "(continued)" behind it, and whether it had that."""
        if not words:
            return "", False
        bare = self.sections.without_continued(Segment(words)).text
        return bare, bare != words

    def _indicator(self, row: GridRow, header: Header) -> None:
        cells = self._cells(row, header)
        entry = Entry(header, self.sections.order, self.sections.trail, row)
        for column, placed in cells.items():
            for one in placed:
                entry.add(column, one)
        if entry.cells:
            self.indicators.append(entry)


def _is_title(cell: Cell) -> bool:
    """Whether words may be a heading: few, in one paragraph, with a capital and without a stop."""
    words = cell.words
    return len(cell.segments) == 1 and len(words) <= _SHORT and words[:1].isupper() and words[-1] not in ".;:,"


def _where(sheet: str, line: int) -> str:
    return f"{sheet}, row {line}" if sheet else f"in line {line}"
