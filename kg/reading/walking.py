"""One walk down a document: which rows are headings, actions, more of an action, or nothing of a plan."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from kg.documents import Cell, Document, Row, Segment
from kg.reading.grid import GridRow, gridded
from kg.reading.headings import ASIDE, OTHER, Column, Header, Headings, year_of_title
from kg.reading.numbering import printed_reference
from kg.reading.parts import ColumnRead, Kept, Placed, TableRead, joined
from kg.reading.report import Doubt
from kg.reading.rules import Recognised, Rules, normal, number_of, plain
from kg.tables.values import period_column

HEADING, FOOTER, IMPROVEMENTS, PRIORITY = "heading", "footer", "improvement-actions", "delivery-priority"
_SECTIONS = ("strategic-priority", "delivery-priority", "priority", "priority-named")
_ONCE = ("status", "rag", "timescale")
"""Columns besides those of years that an action states once: printed again they begin another."""
_LONGEST_TITLE = 200
_LONGEST_LABEL = 60
_LABELLED = re.compile(r"(\D*[^\W\d_])\s+(\d[\d.]*[a-z]?)\s*[.:]?")
_NUMBERED = re.compile(r"(?:P(?=\d))?(\d+(?:\.\d+)*)[.):]?(?:\s*[-–:]\s*|\s+)(?=\D)")


@dataclass(eq=False)
class Section:
    """What may be a priority: a heading, a sheet, a row across the table, or a cell of a column of priorities.

    ``key`` says which kind of heading it is; ``depth`` orders the kinds from the outermost. ``explicit`` says that it
    calls itself a priority. ``placed`` is its cell, None for a sheet.
    """

    key: str
    depth: float
    number: str
    title: Segment | None
    placed: Placed | None
    parent: "Section | None"
    explicit: bool
    order: int
    named: bool = False
    """Whether its key is a strategic or delivery priority in so many words."""
    bare: bool = False
    """Whether its words name nothing, such as "Action plan"."""
    outcome: tuple[Placed, Segment] | None = None
    pieces: list[Placed] = field(default_factory=list)
    improvements: list[Placed] = field(default_factory=list)
    used: int = 0

    @property
    def words(self) -> str:
        """Its title for comparison."""
        return "" if self.title is None else plain(self.title.text)


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
        self.sections: list[Section] = []
        self.headers: list[Header] = []
        self.free: list[tuple[int, Cell]] = []
        self.placed: dict[int, Placed] = {}
        self.kept: dict[int, Kept] = {}
        self.doubts: list[Doubt] = []
        self.columns: list[ColumnRead] = []
        self.tables: list[TableRead] = []
        self.order = 0
        self._open: list[Section] = []
        self._header: Header | None = None
        self._last: Entry | None = None
        self._after_header = False
        self._numbered = False
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
        self.order += 1
        for cell in row.cells:
            if cell.empty or self._marked(cell, row.level):
                continue
            if row.level and len(cell.words) <= _LONGEST_TITLE:
                self._unmarked(cell, f"h{row.level}", 10 + row.level)
            else:
                self.free.append((self.order, cell))

    def _marked(self, cell: Cell, level: int = 0, *, alone: bool = False) -> bool:
        """Whether a line opens a priority, its outcome, objective or indicators; if so, it is taken."""
        first, *rest = cell.segments
        found = self.rules.marker(first.text, *_SECTIONS, "strategic-outcome", "objective", "indicators")
        if found is None:
            return False
        meaning, match = found
        opening = first.part(match.end(), len(first.text))
        opening = opening.part(len(opening.text) - len(opening.text.lstrip(" -–:.")), len(opening.text))
        words = joined([opening, *rest]) if opening.text or rest else opening
        if meaning == "strategic-outcome":
            if not self._open:
                self._doubt(cell, HEADING, "is an outcome before any strategic priority.")
                self.place(cell, HEADING)
            else:
                self._open[-1].outcome = (self.place(cell, HEADING), words)
            return True
        if meaning in ("objective", "indicators"):
            if not self._open:
                return False
            self._open[-1].pieces.append(self.place(cell, HEADING))
            return True
        parted = match.group().rstrip().endswith(":") or first.text[match.end() :].lstrip()[:1] in ("", "-", "–", ".")
        said = meaning in ("strategic-priority", "delivery-priority")
        title_like = len(words.text.split()) <= 12 and not words.text.endswith(".")
        if not (said or parted or level or alone or first.bold or title_like) or len(words.text) > 2 * _LONGEST_TITLE:
            return False
        self._open_marked(cell, meaning, match, words, level)
        return True

    def _open_marked(
        self, cell: Cell, meaning: str, match: re.Match[str], words: Segment, level: int, column: str = HEADING
    ) -> None:
        number = number_of(match.groupdict().get("n") or "")
        if meaning == "strategic-priority":
            key, depth = meaning, 30.0
        elif meaning == "delivery-priority":
            key, depth = meaning, 48.0
        else:
            kinds = [m for m in self.rules.markers if m.meaning in ("priority", "priority-named")]
            place, marker = next((i, m) for i, m in enumerate(kinds) if m.pattern.match(match.group()))
            key, depth = plain(marker.words.replace("{n}", "")), 31 + place / 10
        self._section(
            f"h{level}" if level else key, 10.0 + level if level else depth, cell, words if words.text else None,
            number, column,
            explicit=True, named=meaning in ("strategic-priority", "delivery-priority"),
        )  # fmt: skip

    def _unmarked(self, cell: Cell, key: str, depth: float, column: str = HEADING, *, explicit: bool = False) -> None:
        title = joined(cell.segments)
        number = ""
        if found := _NUMBERED.match(title.text):
            number, title = found[1], title.part(found.end(), len(title.text))
        elif column != HEADING and re.fullmatch(r"\d+[a-z]?", title.text):
            number, title = title.text, title.part(0, 0)
        self._section(key, depth, cell, title if title.text else None, number, column, explicit=explicit)

    def _section(
        self,
        key: str,
        depth: float,
        cell: Cell | None,
        title: Segment | None,
        number: str,
        column: str,
        *,
        explicit: bool,
        named: bool = False,
    ) -> None:
        """Open a section, or go on with the one that has the same number or title below the same heading."""
        self._open = [section for section in self._open if section.depth < depth]
        parent = self._open[-1] if self._open else None
        title = title and self._without_continued(title)
        words = "" if title is None else plain(title.text)
        placed = None if cell is None else self.place(cell, column)
        for section in reversed(self.sections):
            if section.parent is not parent or section.key != key:
                continue
            same_words = section.words == words or not section.words or not words
            if (section.number == number or not number or not section.number) and (
                same_words if number or section.number else section.words == words
            ):
                self._open.append(section)
                section.title = section.title or title
                latest = next((s for s in reversed(self.sections) if s.key == key and s.parent is parent), section)
                if latest is not section and number and cell is not None and column in (HEADING, PRIORITY) and named:
                    self._doubt(cell, column, "begins a second time; read as more of the priority above.")
                return
        bare = not explicit and (not words or self.rules.marker_alone(words.rstrip(" 0123456789"), "no-priority"))
        section = Section(key, depth, number, title, placed, parent, explicit, self.order, named, bare)
        self.sections.append(section)
        self._open.append(section)

    def _without_continued(self, title: Segment) -> Segment:
        for marker in self.rules.markers:
            if marker.meaning == "continued":
                ending = re.search(rf"\s*[-–(]?\s*{re.escape(marker.words)}\s*[).]?\s*$", title.text, re.IGNORECASE)
                if ending and ending.start():
                    return title.part(0, ending.start())
        return title

    # --- tables ---

    def _segment(self, rows: Sequence[GridRow]) -> None:
        sheet = rows[0].row.cells[0].sheet
        if self.document.format == "xlsx" and sheet != self._sheet:
            name = self.document.sheets.get(sheet, sheet)
            self._open = []
            found = _NUMBERED.match(name)
            marker = self.rules.marker(name, *_SECTIONS)
            number, title = "", name
            if marker is not None:
                number, title = number_of(marker[1].groupdict().get("n") or ""), name[marker[1].end() :].strip(" -–:.")
            elif found:
                number, title = found[1], name[found.end() :]
            self._section("sheet", 0, None, Segment(title) if title else None, number, HEADING, explicit=False)
            self._header = None
        self._sheet = sheet
        if (pairs := self._pairs(rows)) is not None:
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
            self.order += 1
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

    def _pairs(self, rows: Sequence[GridRow]) -> list[list[tuple[Cell, Cell]]] | None:
        """The pairs of heading and cell in each row, where a table is a form: its headings stand before its cells."""
        found: list[list[tuple[Cell, Cell]]] = []
        for row in rows:
            own = row.own
            pairs: list[tuple[Cell, Cell]] = []
            for label, cell in zip(own, own[1:], strict=False):
                if pairs and pairs[-1][1] is label:
                    continue
                if self._labels(label) and not self._labels(cell):
                    pairs.append((label, cell))
            found.append(pairs)
        several = [pairs for row, pairs in zip(rows, found, strict=True) if len(row.own) > 1]
        named = [label for pairs in found for label, _ in pairs]
        columns = {self._label(label)[0].columns[0] for label in named}
        whole = sum(1 for row, pairs in zip(rows, found, strict=True) if pairs and len(row.own) == 2 * len(pairs))
        if "activity" not in columns or len(columns) < 2 or whole * 4 < 3 * len(several):
            return None
        return found

    def _labels(self, cell: Cell) -> bool:
        return len(cell.words) <= _LONGEST_LABEL and self._label(cell)[0].sure

    def _label(self, cell: Cell) -> tuple[Recognised, str]:
        """What a heading before its cell means, and the number behind it, as in "Action 3:"."""
        found = _LABELLED.fullmatch(cell.words)
        return (self.rules.recognise(found[1]), found[2]) if found else (self.rules.recognise(cell.text), "")

    def _form(self, rows: Sequence[GridRow], found: Sequence[Sequence[tuple[Cell, Cell]]]) -> None:
        """Take a form: each action is a block of rows, and begins where a heading comes again."""
        sheet = rows[0].row.cells[0].sheet
        header = Header(rows[0].line, sheet, 0, {}, "actions", "is a form of actions.")
        self.headers.append(header)
        entry: Entry | None = None
        for row, pairs in zip(rows, found, strict=True):
            self.order += 1
            if len(row.own) == 1:
                self._lone_line(row.own[0])
                continue
            for label, cell in pairs:
                known, number = self._label(label)
                names = [name for name in known.columns if name not in ASIDE and not name.startswith(OTHER)]
                taken = entry.cells if entry is not None else {}
                if names and set(names[:1]) & {"activity", "ref-no"} & set(taken):
                    entry, taken = None, {}
                name = next((name for name in names if name not in taken), names[0] if names else None)
                self.place(label, HEADING)
                header.columns[len(header.columns)] = Column(
                    label.column, (label,), label.words, name, known.how, known.confidence, name or ""
                )
                if name is None:
                    self.keep(cell, label.words, f'stands beside "{label.words}".')
                elif name in ("priority", PRIORITY):
                    self._of_priority(row, cell, name)
                else:
                    if entry is None:
                        entry = self._begin(Entry(header, self.order, self._trail(), row))
                    entry.trail = self._trail()
                    entry.add(name, self.place(cell, name))
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
        self._numbered = False
        for cell in header.cells:
            column = header.name(cell.column)
            marker = self.rules.marker(cell.words, *_SECTIONS)
            if column == PRIORITY and marker is not None and marker[1].groupdict().get("n"):
                self._numbered = True
                first = joined(cell.segments)
                words = first.part(marker[1].end(), len(first.text))
                self._open_marked(cell, marker[0], marker[1], words, 0, PRIORITY)
            self.place(cell, column or HEADING)
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
            self._say(line, "", ", ".join(headings), header.sentence, sheet)
        for column in header.columns.values():
            if not column.cells and not column.column:
                continue
            proposed = column.proposed or column.column or ""
            self.columns.append(
                ColumnRead(sheet, line, column.words, column.column, column.how, column.confidence, proposed)
            )
            doubt = column.doubt
            if column.column is None and not doubt and not column.ignored:
                doubt = "is a heading no rule knows; its cells are kept aside."
            if doubt and header.kind != "aside":
                at = column.cells[-1].line if column.cells else line
                doubt = doubt if column.words else f"A column without a heading {doubt}"
                self._say(at, f"column {column.index + 1}", column.words, doubt, sheet, proposed, column.confidence)

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
            self._say(rows[0].line, "", "", f"This table has no header; it is read with the columns of the table "
                      f"{_where(header.sheet, header.line)}.", sheet, "", 0.8)  # fmt: skip
        self._header = header
        self._after_header = True
        return True

    def _without_header(self, rows: Sequence[GridRow]) -> None:
        for row in rows:
            self.order += 1
            if len(row.own) == 1 and self._lone_line(row.own[0]):
                continue
            for cell in row.own:
                self.keep(cell, "", "stands in a table without any heading we know.")
        if any(len(row.own) > 1 for row in rows):
            sheet = rows[0].row.cells[0].sheet
            words = next(", ".join(cell.words for cell in row.own) for row in rows if len(row.own) > 1)
            self.tables.append(TableRead(sheet, rows[0].line, "aside", (), "has no header we know."))
            self._say(rows[0].line, "", words[:200], "A table without any heading we know is kept aside.", sheet)

    def _lone_line(self, cell: Cell) -> bool:
        """Take a line that stands alone in a row above or between tables; whether it was taken."""
        if self._marked(cell, alone=True):
            return True
        words = cell.words
        if (
            self.document.format == "xlsx"
            and len(self.document.sheets) > 1
            and self._lone[normal(words)] == 1
            and len(words) <= 100
            and ":" not in words
            and not words.endswith(".")
            and not any(section.key == "preamble" for section in self._open)
        ):
            self._unmarked(cell, "preamble", 5)
            return True
        if self._lone[normal(words)] > 1 and self.entries:
            self.keep(cell, "", "is printed on several sheets.")
            return True
        self.free.append((self.order, cell))
        return True

    # --- rows of a table ---

    def _row(self, rows: Sequence[GridRow], at: int) -> None:
        row = rows[at]
        own = row.own
        header = self._header
        if not own:
            return
        if header is None:
            if len(own) == 1:
                cell = own[0]
                if cell.columns > 1 and self.document.format != "xlsx" and not self._marked(cell, alone=True):
                    self._across(rows, at, cell)
                elif id(cell) not in self.placed:
                    self._lone_line(cell)
            else:
                for cell in own:
                    self.keep(cell, "", "stands above the header of the table.")
            return
        if header.kind == "aside":
            if len(own) == 1 and self._marked(own[0], alone=True):
                return
            for cell in own:
                self.keep(cell, header.words(cell.column), header.sentence)
            return
        if self._improvements(row, header) or self._no_action(row, header):
            return
        if len(own) == 1 and self._alone(rows, at, header):
            return
        if header.kind == "indicators":
            self._indicator(row, header)
        else:
            self._action(row, header)
        self._after_header = False

    def _improvements(self, row: GridRow, header: Header) -> bool:
        own = row.own
        place = next((at for at in header.columns if header.name(at) == PRIORITY), 0)
        heading = next((cell for cell in own if cell.column == place), own[0])
        found = self.rules.marker(heading.segments[0].text, "improvement-actions")
        if found is None or not self._open:
            return False
        if heading.words[found[1].end() :].strip():
            if len(own) == 1:
                self._doubt(heading, IMPROVEMENTS, "has words behind the heading; they are read with it.")
                self._open[-1].improvements.append(self.place(heading, IMPROVEMENTS))
                return True
            self._doubt(heading, PRIORITY, "has words behind the heading; they are kept aside.")
        self.place(heading, PRIORITY)
        others = [cell for cell in own if cell is not heading]
        self._open[-1].improvements += [self.place(cell, IMPROVEMENTS) for cell in others]
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
        for cell in row.own:
            self.keep(cell, header.words(cell.column), "is a row of totals, a note or an end line: no action.")
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
            return False
        spans = cell.columns >= max(2, (header.width + 1) // 2)
        if self._marked(cell, alone=spans or column in ("ref-no", None)):
            return True
        if spans:
            self._across(rows, at, cell)
            return True
        if column == "ref-no" and printed_reference(cell.words) is None:
            self._across(rows, at, cell)
            return True
        follows = at + 1 < len(rows) and len(rows[at + 1].own) > 1
        if (
            (column == "activity" or (column is None and cell.column == 0))
            and follows
            and not self._after_header
            and all(segment.bold for segment in cell.segments)
        ):
            self._across(rows, at, cell)
            return True
        if (
            column == "activity"
            and "ref-no" not in header.names
            and cell.column == 0
            and follows
            and (not any(char.islower() for char in cell.words))
        ):
            self._across(rows, at, cell)
            return True
        return False

    def _across(self, rows: Sequence[GridRow], at: int, cell: Cell) -> None:
        """A row across the table: a heading, the outer of two where another one follows, or words about the one open."""
        if len(cell.words) > _LONGEST_TITLE or (cell.words.endswith(".") and len(cell.words) > 60):
            self.free.append((self.order, cell))
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
        self._unmarked(cell, "row" if not nested else "outer row", 50 - nested)

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
                    self.keep(cell, heading, sentence, silent=header.ignored(place))
                    if not heading:
                        self._say(cell.line, f"column {place + 1}", cell.words, "stands under no known heading.",
                                  cell.sheet)  # fmt: skip
                continue
            if column in ("priority", PRIORITY):
                self._of_priority(row, cell, column)
                continue
            placed = self.place(cell, column)
            cells.setdefault(column, []).append(placed)
            others = [name for name in dict.fromkeys(covered) if name != column]
            for name in others:
                if period_column(name) and period_column(column):
                    cells.setdefault(name, []).append(placed)
            if row.begins(cell) and any(not (period_column(name) and period_column(column)) for name in others):
                listed = ", ".join([column, *others])
                self._doubt(cell, column, f"is merged over the columns {listed}; read as {column}.", column, 0.6)
        return cells

    def _of_priority(self, row: GridRow, cell: Cell, column: str) -> None:
        begins = row.begins(cell)
        if self._numbered and column == PRIORITY:
            if begins and self._open:
                self._open[-1].pieces.append(self.place(cell, column))
            return
        if begins and self._open and self.rules.marker(cell.segments[0].text, "objective", "indicators"):
            self._open[-1].pieces.append(self.place(cell, column))
            return
        depth = 60 + (column == PRIORITY)
        marker = self.rules.marker(cell.segments[0].text, *_SECTIONS)
        if marker is None:
            self._unmarked(cell, column, depth, column, explicit=True)
            return
        first = joined(cell.segments)
        words = first.part(marker[1].end(), len(first.text))
        words = words.part(len(words.text) - len(words.text.lstrip(" -–:.")), len(words.text))
        number = number_of(marker[1].groupdict().get("n") or "")
        self._section(column, depth, cell, words if words.text else None, number, column, explicit=True)

    def _entry(
        self, row: GridRow, header: Header, cells: dict[str, list[Placed]], new: dict[str, list[Placed]]
    ) -> Entry:
        """The action these cells belong to: a new one, or the last where its row was split or merged."""
        last = self._last if self._last is not None and self._last.trail == self._trail() else None
        with_references = "ref-no" in header.names
        if last is not None and any(not row.begins(placed.cell) for placed in cells.get("ref-no", ())):
            return last
        if last is not None and any(not row.begins(placed.cell) for placed in cells.get("activity", ())):
            if "ref-no" not in new and last.header is header:
                return last
        words = " ".join(placed.cell.words for placed in new.get("ref-no", ()))
        reference, goes_on = self._continued(words)
        found = printed_reference(reference)
        entry = Entry(header, self.order, self._trail(), row)
        if found is not None:
            entry.reference, entry.printed = found
            if last is not None and last.reference == found[0] and (goes_on or self._after_header):
                if goes_on or not self._stated_again(last, new):
                    self._say(row.line, "ref-no", reference, "is printed again after a page break; read as one action.",
                              header.sheet, last.reference)  # fmt: skip
                    return last
            return self._begin(entry)
        if words:
            entry.printed = words
            if "activity" in new or last is None:
                return self._begin(entry)
        if last is None:
            return self._begin(entry)
        activity = " ".join(placed.cell.words for placed in new.get("activity", ()))
        others = [column for column in new if column not in ("activity", "ref-no")]
        fresh = bool(activity) and not activity[:1].islower()
        if with_references:
            if self._after_header and not (fresh and len(others) >= 2 and self._stated_again(last, new)):
                return last
            if fresh and others and not self._after_header:
                return self._begin(entry)
            if self._after_header and fresh:
                return self._begin(entry)
        elif activity and (fresh or not self._after_header):
            return self._begin(entry)
        elif self._after_header:
            return last
        called = last.reference or f'"{last.words("activity")[:60]}"'
        what = "A row without a reference" if with_references else "A row without an action"
        self._say(row.line, "ref-no", "", f"{what} is read as more of {called}.", header.sheet, last.reference, 0.7)
        return last

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
        bare = self._without_continued(Segment(words)).text
        return bare, bare != words

    def _trail(self) -> tuple[Section, ...]:
        return tuple(self._open)

    def _indicator(self, row: GridRow, header: Header) -> None:
        cells = self._cells(row, header)
        entry = Entry(header, self.order, self._trail(), row)
        for column, placed in cells.items():
            for one in placed:
                entry.add(column, one)
        if entry.cells:
            self.indicators.append(entry)

    # --- cells ---

    def place(self, cell: Cell, column: str) -> Placed:
        """The cell under a column; one that was placed before stays there."""
        return self.placed.setdefault(id(cell), Placed(cell, column))

    def keep(self, cell: Cell, heading: str, sentence: str, *, silent: bool = False) -> None:
        """Keep a cell aside, unless it was placed."""
        if id(cell) not in self.placed:
            self.kept.setdefault(id(cell), Kept(cell, heading, sentence, silent))

    def _doubt(
        self, cell: Cell, column: str, sentence: str, proposed: str = "", confidence: float | None = None
    ) -> None:
        self._say(cell.line, column, cell.words, sentence, cell.sheet, proposed, confidence)

    def _say(
        self,
        line: int,
        column: str,
        words: str,
        sentence: str,
        sheet: str = "",
        proposed: str = "",
        confidence: float | None = None,
    ) -> None:
        self.doubts.append(Doubt(line, column, words, sentence, sheet, proposed, confidence))


def _where(sheet: str, line: int) -> str:
    return f"{sheet}, row {line}" if sheet else f"in line {line}"
