"""A year cell: set phrases as states, vehicles, pointer, condition, told or promised."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.reading.layout import Line, Placed, lines_of
from kg.reading.naming import BODY, PLAN, Name, Names, Thing
from kg.reading.periods import find_dates
from kg.reading.rules import Rules, StatusWords

_BETWEEN = re.compile(r"\s*(?:,|;|/|&|\+|\band\b|\bthe\b|\bboth\b|\bour\b)\s*|\s+", re.IGNORECASE)
_NOTHING = re.compile(r"[\W_]*(?:(?:and|but|the)[\W_]+)*", re.IGNORECASE)


@dataclass
class StatusReading:
    """What one year cell says, before it becomes a row.

    ``states`` are codes in printed order, status-described last. ``used`` are the names taken as vehicle,
    pointer or condition; other names in the cell are only mentioned.
    """

    words: str
    states: list[str] = field(default_factory=list)
    vehicles: list[Thing] = field(default_factory=list)
    pointers: list[tuple[Thing, str, str | None]] = field(default_factory=list)
    """What a "See ..." points to, its words and the link behind them."""
    conditions: list[str] = field(default_factory=list)
    frequency: str = ""
    due: str = ""
    flaw: str = ""
    reported: bool = False
    used: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    doubts: list[tuple[str, str]] = field(default_factory=list)
    """Words and sentence of each doubt."""


def read_status(cells: Sequence[Placed], *, past: bool, rules: Rules, names: Names) -> StatusReading:
    """The status in the ``cells`` of one action and year; ``past``: that year was over at the printing."""
    lines = lines_of(cells, listed=False)
    status = StatusReading(" ".join(line.text for line in lines))
    rest = [_read_line(line, status, rules, names, first=index == 0) for index, line in enumerate(lines)]
    described = " ".join(words for words in rest if words)
    if described or not status.states:
        _add(status.states, "status-described")
    _tell_or_promise(described, status, rules, past=past)
    status.frequency = rules.first_meaning("frequency", status.words) or ""
    dates = list(find_dates(status.words))
    if dates:
        status.due = dates[-1].value
        if dates[-1].odd:
            status.flaw = "flaw-date"
            status.notes.append(f"The date is printed {status.words[dates[-1].start : dates[-1].end]}.")
    return status


def _add(values: list[str], value: str) -> None:
    if value not in values:
        values.append(value)


def _read_line(line: Line, status: StatusReading, rules: Rules, names: Names, *, first: bool) -> str:
    """Take the set phrases out of one line; returns the words that are left."""
    text = line.text
    left: list[str] = []
    position = 0
    for words, start, end in _set_phrases(text, rules, first=first):
        if start < position:
            continue
        left.append(text[position:start])
        position = end
        if words.state == "status-see":
            position = _pointer(line, start, end, status, names)
        elif words.state == "status-elsewhere":
            position = _vehicles(line, end, status, names)
        elif words.state == "status-conditional":
            position = _condition(line, end, status, rules, names)
        else:
            _add(status.states, words.state)
    left.append(text[position:])
    kept = (words.strip() for words in left)
    return " ".join(words for words in kept if not _NOTHING.fullmatch(words))


def _set_phrases(text: str, rules: Rules, *, first: bool) -> list[tuple[StatusWords, int, int]]:
    """The set phrases of a line as (phrase, start, end), in printed order; of overlaps the longest."""
    bare = text.strip(" .:;-–")
    found: list[tuple[StatusWords, int, int]] = []
    for words in rules.longest_status_words:
        for match in words.pattern.finditer(text):
            if words.position == "whole" and match.group() != bare:
                continue
            if words.position == "start" and text[: match.start()].strip(" -–"):
                continue
            if words.position == "whole" and not first:
                continue
            if words.position == "capital" and not match.group()[0].isupper():
                continue
            if all(match.end() <= start or match.start() >= end for _, start, end in found):
                found.append((words, match.start(), match.end()))
    return sorted(found, key=lambda entry: entry[1])


def _pointer(line: Line, start: int, end: int, status: StatusReading, names: Names) -> int:
    """A "See X": X is a plan or body, known or proposed. Returns where the words of X end."""
    text = line.text
    name = next((n for n in names.scan(text, "") if n.start >= end and n.only(PLAN, BODY)), None)
    if name is not None and _BETWEEN_ONLY.fullmatch(text[end : name.start]):
        thing = name.only(PLAN, BODY)
        assert thing is not None  # noqa: S101  # chosen so above
    else:
        name, thing = names.propose_in(text, end, line.sources[0])
    if name is None or thing is None:
        status.doubts.append((text, "points somewhere, but to nothing with a name."))
        return start
    _add(status.states, "status-see")
    status.pointers.append((thing, text[start : name.end], line.segment.link_at(start, name.end)))
    status.used.add(thing.id)
    return name.end


_BETWEEN_ONLY = re.compile(r"\s*(?:the|our|also|in|:)*\s*", re.IGNORECASE)


def _vehicles(line: Line, position: int, status: StatusReading, names: Names) -> int:
    """The vehicles from ``position`` on: names parted by "and", comma or slash. Returns where they end."""
    text = line.text
    known = {name.start: name for name in names.scan(text, "") if name.only(PLAN, BODY)}
    end = position
    while end < len(text):
        gap = _BETWEEN.match(text, end)
        start = gap.end() if gap else end
        while (more := _BETWEEN.match(text, start)) and more.end() > start:
            start = more.end()
        name: Name | None = known.get(start)
        thing = name.only(PLAN, BODY) if name else None
        if thing is None:
            name, thing = names.propose_in(text, start, line.sources[0], bodies=True)
        if name is None or thing is None:
            break
        if all(thing.id != other.id for other in status.vehicles):
            status.vehicles.append(thing)
        status.used.add(thing.id)
        end = name.end
    if status.vehicles:
        _add(status.states, "status-elsewhere")
    else:
        status.doubts.append((text, "is delivered through something without a name."))
    return end


def _condition(line: Line, end: int, status: StatusReading, rules: Rules, names: Names) -> int:
    """A "subject to ...": the clause to its stop. Returns where the clause ends."""
    text = line.text
    stop = re.compile(r"[.;](?=\s|$)").search(text, end)
    close = stop.start() if stop else len(text)
    clause = text[end:close]
    _add(status.states, "status-conditional")
    for code in conditions_in(clause, rules):
        _add(status.conditions, code)
        if code == "cond-decision":
            status.notes.append(f'The condition "{clause.strip()}" is read as a decision still to be made.')
    for name in names.scan(clause, ""):
        thing = name.only(PLAN, BODY)
        if thing is not None:
            _add(status.conditions, thing.name)
            # A body stays a mention beside that; a plan would be pointed to twice.
            if thing.kind == PLAN:
                status.used.add(thing.id)
    return close


def conditions_in(clause: str, rules: Rules) -> list[str]:
    """The codes of what ``clause`` makes things depend on; a decision where no cue says otherwise."""
    codes = [cue.meaning for cue, _, _ in rules.find_cues("condition", clause)]
    if not codes:
        codes = [cue.meaning for cue in rules.cues_of("condition") if cue.words == "*"]
    return list(dict.fromkeys(codes))


def _tell_or_promise(described: str, status: StatusReading, rules: Rules, *, past: bool) -> None:
    exceptions = {cue.words.casefold() for cue in rules.cues_of("reported-exception")}
    hinders = {cue.words.casefold() for cue in rules.cues_of("not-reported")}
    for _, start, end in rules.find_cues("reported", described):
        before = described[:start].split()
        if described[start:end].casefold() in exceptions or (before and before[-1].casefold() in hinders):
            continue
        if past:
            status.reported = True
            status.notes.append("Told as done in a year already over; that it is a report is read from its tense.")
        else:
            status.doubts.append((described, "sounds like a report, but its year was still to come."))
        return
