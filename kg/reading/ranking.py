"""Which headings are strategic priorities, which delivery priorities, and which numbers they have."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kg.reading.parts import DeliveryRows, Placed, PriorityRows
from kg.reading.sections import PRIORITY, Section
from kg.reading.walking import Entry


@dataclass
class Ranked:
    """Priorities with no actions yet, and where each action and section belongs."""

    priorities: list[PriorityRows] = field(default_factory=list)
    of_entry: dict[int, DeliveryRows] = field(default_factory=dict)
    of_section: dict[int, PriorityRows | DeliveryRows] = field(default_factory=dict)
    unused: list[Section] = field(default_factory=list)


@dataclass(frozen=True)
class Levels:
    """The kinds of heading that are strategic and delivery priorities; "" where there is none."""

    strategic: str
    delivery: str
    beyond: tuple[str, ...] = ()


def levels_of(entries: Sequence[Entry]) -> Levels:
    """The kinds of heading that part the actions into priorities."""
    trails = [[section for section in entry.trail if not section.bare] for entry in entries]
    used: dict[str, list[Section]] = {}
    for section in sorted({s for trail in trails for s in trail}, key=lambda s: (s.depth, s.order)):
        used.setdefault(section.key, []).append(section)
    left = {key: sections for key, sections in used.items() if len(sections) > 1 or _explicit(sections)}
    _drop_twins(left, trails)
    if not left:
        # One heading above all actions is a priority where it stands closer to them than the title of the plan.
        single = [key for key in used if key in ("row", "preamble") or (key[0] == "h" and key > "h1")]
        inner = single[-1] if single and all(used[single[-1]][0] in trail for trail in trails) else ""
        return Levels(inner, "")
    keys = sorted(left, key=lambda key: left[key][0].depth)
    chosen = [key for key in keys if _explicit(left[key])]
    chosen += [key for key in keys if key not in chosen]
    chosen = sorted(chosen[:2], key=keys.index)
    beyond = tuple(key for key in keys if key not in chosen)
    if len(chosen) == 1 and chosen[0] == PRIORITY and left[PRIORITY][0].named:
        return Levels("", PRIORITY, beyond)
    return Levels(chosen[0], chosen[1] if len(chosen) > 1 else "", beyond)


def _drop_twins(left: dict[str, list[Section]], trails: Sequence[Sequence[Section]]) -> None:
    """Of two kinds of heading that part the actions alike, leave the one that calls itself a priority, or the inner."""
    for outer, inner in _pairs(list(left)):
        if outer not in left or inner not in left or not _same_parts(trails, left[outer], left[inner]):
            continue
        if (left[outer][0].named and left[inner][0].named) or outer in ("priority", PRIORITY):
            continue
        left.pop(outer if _explicit(left[inner]) or not _explicit(left[outer]) else inner)


def _explicit(sections: Sequence[Section]) -> bool:
    """Whether a kind of heading calls itself a priority anywhere."""
    return any(section.explicit for section in sections)


def _pairs(keys: Sequence[str]) -> list[tuple[str, str]]:
    return [(outer, inner) for at, outer in enumerate(keys) for inner in keys[at + 1 :]]


def _same_parts(trails: Sequence[Sequence[Section]], outer: Sequence[Section], inner: Sequence[Section]) -> bool:
    """Whether two kinds of heading part the actions alike: each has exactly one of the other."""
    pairs = {(_of(trail, outer[0].key), _of(trail, inner[0].key)) for trail in trails}
    return len(pairs) == len(outer) == len(inner)


def ranked(entries: Sequence[Entry], sections: Sequence[Section], levels: Levels) -> Ranked:
    """The priorities of a plan in document order, each with its delivery priorities."""
    return _Ranking(entries, sections, levels).run()


class _Ranking:
    """Opens priorities in document order and gives them their numbers."""

    def __init__(self, entries: Sequence[Entry], sections: Sequence[Section], levels: Levels) -> None:
        self.entries = entries
        self.sections = sections
        self.levels = levels
        first = min((entry.order for entry in entries), default=0)
        last = max((entry.order for entry in entries), default=0)
        wanted = [section for section in sections if _wanted(section, levels, first, last)]
        self.outer = [section for section in wanted if section.key == levels.strategic]
        # A heading below one that is no priority, such as a sheet without actions, is none either.
        open_to = {None, *self.outer}
        self.inner = [s for s in wanted if s.key == levels.delivery and self._above(_up(s)) in open_to]
        self.ranks = Ranked()
        self._strategic: dict[Section | None, PriorityRows] = {}
        self._delivery: dict[tuple[int, Section | None], DeliveryRows] = {}
        self._numbers = _Numbers(section.number for section in self.outer)
        self._below: dict[int, _Numbers] = {}
        self._section_of: dict[int, Section | None] = {}
        self._printed: dict[Section | None, list[str]] = defaultdict(list)
        for section in self.inner:
            self._printed[self._above(_up(section))].append(section.number)

    def run(self) -> Ranked:
        met: list[tuple[int, Section | None]] = [(section.order, section) for section in self.outer]
        orphans = [entry.order for entry in self.entries if self._above(entry.trail) is None]
        orphans += [section.order for section in self.inner if self._above(_up(section)) is None]
        if orphans:
            met.append((min(orphans), None))
        for _, section in sorted(met, key=lambda pair: pair[0]):
            self._open_strategic(section)
        events: list[tuple[int, int, Entry | Section]] = [(entry.order, 1, entry) for entry in self.entries]
        events += [(section.order, 0, section) for section in self.inner]
        for _, _, event in sorted(events, key=lambda one: one[:2]):
            if isinstance(event, Section):
                if event.placed is not None:
                    self._open_delivery(self._strategic[self._above(_up(event))], event, event.placed)
                continue
            priority = self._strategic[self._above(event.trail)]
            section = _of(event.trail, self.levels.delivery)
            header = section.placed if section and section.placed else priority.heading or _first_cell(event)
            self.ranks.of_entry[id(event)] = self._open_delivery(priority, section, header)
        self.ranks.unused = [section for section in self.sections if id(section) not in self.ranks.of_section]
        return self.ranks

    def _above(self, trail: Sequence[Section]) -> Section | None:
        """The strategic priority among the sections above something."""
        return _of(trail, self.levels.strategic)

    def _open_strategic(self, section: Section | None) -> None:
        printed = section.number if section else ""
        number, again = self._numbers.give(printed)
        note = ""
        if again:
            note = f"The document numbers two priorities {printed}."
        elif section is not None and section.placed is None:
            note = "The title is the name of the sheet."
        title, heading = (section.title, section.placed) if section else (None, None)
        priority = PriorityRows(number, title, heading, note=note)
        self.ranks.priorities.append(priority)
        self._strategic[section] = priority
        self._section_of[id(priority)] = section
        if section is not None:
            self.ranks.of_section[id(section)] = priority

    def _open_delivery(self, priority: PriorityRows, section: Section | None, header: Placed) -> DeliveryRows:
        key = (id(priority), section)
        if key in self._delivery:
            return self._delivery[key]
        if id(priority) not in self._below:
            printed_here = self._printed[self._section_of[id(priority)]]
            self._below[id(priority)] = _Numbers(_below(number, priority.number) for number in printed_here)
        numbers = self._below[id(priority)]
        printed = _below(section.number, priority.number) if section else ""
        number, again = numbers.give(printed)
        note = ""
        if section is None:
            levels = "no delivery priority here" if self.inner else "one level of priorities"
            note = f"The document has {levels}; this one has the title of the strategic priority."
        elif again:
            note = f"The document numbers two delivery priorities {printed} here."
        title = section.title if section else priority.title
        delivery = DeliveryRows(number, header, title=title, note=note)
        self._delivery[key] = delivery
        priority.deliveries.append(delivery)
        if section is not None:
            self.ranks.of_section[id(section)] = delivery
        return delivery


class _Numbers:
    """Gives numbers: the printed one, or the next after the highest given that is printed nowhere."""

    def __init__(self, printed: Iterable[str]) -> None:
        self.printed = {number for number in printed if number}
        self.given: set[str] = set()
        self.highest = 0

    def give(self, printed: str) -> tuple[str, bool]:
        """A number, and whether the printed one was given before."""
        number = printed
        if not number or number in self.given:
            count = self.highest + 1
            while str(count) in self.printed or str(count) in self.given:
                count += 1
            number = str(count)
        again = printed in self.given
        self.given.add(number)
        if number.isdigit():
            self.highest = max(self.highest, int(number))
        return number, again


def _wanted(section: Section, levels: Levels, first: int, last: int) -> bool:
    """Whether a section is a priority: it has actions, or calls itself one among others that have."""
    if section.bare or section.key not in (levels.strategic, levels.delivery):
        return False
    if section.key == "sheet":
        return section.used > 0
    return section.used > 0 or (section.explicit and (section.named or first <= section.order <= last))


def _of(trail: Sequence[Section], key: str) -> Section | None:
    return next((section for section in trail if key and section.key == key and not section.bare), None)


def _up(section: Section) -> list[Section]:
    """The sections above one."""
    above = []
    while section.parent is not None:
        section = section.parent
        above.append(section)
    return above


def _below(number: str, above: str) -> str:
    """A number without that of what it belongs to: "2" for "1.2" below 1."""
    return number[len(above) + 1 :] if number.startswith(f"{above}.") else number


def _first_cell(entry: Entry) -> Placed:
    return next(placed for cells in entry.cells.values() for placed in cells)
