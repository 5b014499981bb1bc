"""Headings that may be priorities, in lines, in rows across a table, in sheets and in columns."""

import re
from dataclasses import dataclass, field

from kg.documents import Cell, Segment
from kg.reading.parts import Placed, joined
from kg.reading.rules import Rules, number_of, plain
from kg.reading.taking import Taken

HEADING, PRIORITY = "heading", "delivery-priority"
SECTIONS = ("strategic-priority", "delivery-priority", "priority", "priority-named")
"""Markers that open a section."""
LONGEST_TITLE = 200
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


class Sections:
    """The sections met so far (``all``) and those that hold where the walk is (``open``, the outermost first)."""

    def __init__(self, rules: Rules, taken: Taken) -> None:
        self.rules = rules
        self.taken = taken
        self.all: list[Section] = []
        self.open: list[Section] = []
        self.order = 0
        self._named: dict[tuple[int, str, str], Section] = {}
        self._latest: dict[tuple[int, str], Section] = {}

    @property
    def trail(self) -> tuple[Section, ...]:
        """The sections that hold here."""
        return tuple(self.open)

    def sheet(self, name: str) -> None:
        """Open a sheet, which closes all that is open."""
        self.open = []
        found = _NUMBERED.match(name)
        marker = self.rules.marker(name, *SECTIONS)
        number, title = "", name
        if marker is not None:
            number, title = number_of(marker[1].groupdict().get("n") or ""), name[marker[1].end() :].strip(" -–:.")
        elif found:
            number, title = found[1], name[found.end() :]
        self.section("sheet", 0, None, Segment(title) if title else None, number, HEADING, explicit=False)

    def marked(self, cell: Cell, level: int = 0, *, alone: bool = False) -> bool:
        """Whether a line opens a priority, its outcome, objective or indicators; if so, it is taken."""
        first, *rest = cell.segments
        meanings = (*SECTIONS, "strategic-outcome", "objective", "indicators")
        found = self.rules.marker(first.text, *meanings)
        if found is None and level and (chapter := _NUMBERED.match(first.text)):
            # The number of a chapter says nothing of the priority in its title.
            first = first.part(chapter.end(), len(first.text))
            found = self.rules.marker(first.text, *SECTIONS)
        if found is None:
            return False
        meaning, match = found
        opening = _behind(first, match.end())
        words = joined([opening, *rest]) if opening.text or rest else opening
        if meaning == "strategic-outcome":
            if not self.open:
                self.taken.doubt(cell, HEADING, "is an outcome before any strategic priority.")
                self.taken.place(cell, HEADING)
            else:
                self.open[-1].outcome = (self.taken.place(cell, HEADING), words)
            return True
        if meaning in ("objective", "indicators"):
            if not self.open:
                return False
            self.open[-1].pieces.append(self.taken.place(cell, HEADING))
            return True
        parted = match.group().rstrip().endswith(":") or first.text[match.end() :].lstrip()[:1] in ("", "-", "–", ".")
        said = meaning in ("strategic-priority", "delivery-priority")
        title_like = len(words.text.split()) <= 12 and not words.text.endswith(".")
        if not (said or parted or level or alone or first.bold or title_like) or len(words.text) > 2 * LONGEST_TITLE:
            return False
        title = self.titled(words)
        self.open_marked(cell, meaning, match, title, level)
        self._say_more(cell, HEADING, title, words)
        return True

    def titled(self, words: Segment) -> Segment:
        """The words of a title up to an "Objective:" that stands in the same cell."""
        markers = [m for m in self.rules.markers if m.meaning in ("objective", "indicators", "strategic-outcome")]
        starts = [match.start() for marker in markers for match in marker.within.finditer(words.text)]
        start = min((start for start in starts if start and words.text[start].isupper()), default=len(words.text))
        return words.part(0, start + len(words.text[:start].rstrip(" -–")) - len(words.text[:start]))

    def _say_more(self, cell: Cell, column: str, title: Segment, words: Segment) -> None:
        """Leave what stands behind a title in its cell to the priority that it opened."""
        if title.text != words.text and self.open:
            self.open[-1].pieces.append(self.taken.place(cell, column))

    def open_marked(
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
        self.section(
            f"h{level}" if level else key, 10.0 + level if level else depth, cell, words if words.text else None,
            number, column,
            explicit=True, named=meaning in ("strategic-priority", "delivery-priority"),
        )  # fmt: skip

    def unmarked(self, cell: Cell, key: str, depth: float, column: str = HEADING, *, explicit: bool = False) -> None:
        title = joined(cell.segments)
        number = ""
        if found := _NUMBERED.match(title.text):
            number, title = found[1], title.part(found.end(), len(title.text))
        elif column != HEADING and re.fullmatch(r"\d+[a-z]?", title.text):
            number, title = title.text, title.part(0, 0)
        words, title = title, self.titled(title)
        self.section(key, depth, cell, title if title.text else None, number, column, explicit=explicit)
        self._say_more(cell, column, title, words)

    def section(
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
        self.open = [section for section in self.open if section.depth < depth]
        parent = self.open[-1] if self.open else None
        title = title and self.without_continued(title)
        words = "" if title is None else plain(title.text)
        placed = None if cell is None else self.taken.place(cell, column)
        place = (id(parent), key)
        known = self._named.get((*place, f"#{number}")) if number else None
        if known is not None and words and known.words and known.words != words:
            known = None
        known = known or (self._named.get((*place, words)) if words else None)
        if known is not None and not (number and known.number and known.number != number):
            self.open.append(known)
            known.title = known.title or title
            if self._latest.get(place) is not known and number and cell is not None and named:
                self.taken.doubt(cell, column, "begins a second time; read as more of the priority above.")
            self._latest[place] = known
            return
        bare = not explicit and (not words or self.rules.marker_alone(words.rstrip(" 0123456789"), "no-priority"))
        section = Section(key, depth, number, title, placed, parent, explicit, self.order, named, bare)
        self.all.append(section)
        self.open.append(section)
        self._latest[place] = section
        for name in (f"#{number}" if number else "", words):
            if name:
                self._named[(*place, name)] = section

    def without_continued(self, title: Segment) -> Segment:
        for marker in self.rules.markers:
            if marker.meaning == "continued":
                ending = re.search(rf"\s*[-–(]?\s*{re.escape(marker.words)}\s*[).]?\s*$", title.text, re.IGNORECASE)
                if ending and ending.start():
                    return title.part(0, ending.start())
        return title

    def of_column(self, cell: Cell, column: str, *, begins: bool, numbered: bool) -> None:
        """Take a cell of a column of priorities: a priority, or a piece of the one its header numbers."""
        if numbered and column == PRIORITY:
            if begins and self.open:
                self.open[-1].pieces.append(self.taken.place(cell, column))
            return
        if begins and self.open and self.rules.marker(cell.segments[0].text, "objective", "indicators"):
            self.open[-1].pieces.append(self.taken.place(cell, column))
            return
        depth = 60 + (column == PRIORITY)
        marker = self.rules.marker(cell.segments[0].text, *SECTIONS)
        if marker is None:
            self.unmarked(cell, column, depth, column, explicit=True)
            return
        words = _behind(joined(cell.segments), marker[1].end())
        number = number_of(marker[1].groupdict().get("n") or "")
        title = self.titled(words)
        self.section(column, depth, cell, title if title.text else None, number, column, explicit=True)
        self._say_more(cell, column, title, words)


def _behind(segment: Segment, end: int) -> Segment:
    """The words behind a marker, without the dash or colon that parts them."""
    words = segment.text[end:]
    return segment.part(end + len(words) - len(words.lstrip(" -–:.")), len(segment.text))
