"""The lead cell: who is named, in which order, with which role."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.reading.layout import Line, Placed, lines_of
from kg.reading.naming import BODY, Name, Names, Thing
from kg.reading.rules import Rules

COLUMN = "lead-partners"
_HARD = re.compile(r"\s*[/;,|+](?![^()]*\))\s*|\s+[-–]\s+(?![^()]*\))")
_AND = re.compile(r"\s+(?:and|&)\s+")
_CONNECTING = r"(?i:and|with|but)|plus"
# One character at a time, and the end by hand: a pattern that may part a run of dashes in many ways tries them all.
_OPENING = re.compile(rf"(?:[\W_]|(?:{_CONNECTING})\b)*")
_LAST = re.compile(rf"\b(?:{_CONNECTING})$")
_LONGEST_CONNECTING = 4
_MOST_WORDS = 3


@dataclass(frozen=True)
class LeadReading:
    """One lead: the body, its role, the words that name it and their cell."""

    thing: Thing
    role: str
    words: str
    source: tuple[str, ...]


@dataclass(frozen=True)
class _Named:
    thing: Thing
    words: str
    line: Line
    order: tuple[int, int]


def read_leads(cells: Sequence[Placed], rules: Rules, names: Names) -> tuple[list[LeadReading], list[tuple[str, str]]]:
    """The leads in the ``cells`` of one action, and (words, sentence) of each doubt.

    Names the register knows are taken by longest match, over slashes too; what is left is parted at
    paragraphs, two or more blanks, slashes and commas and proposed as a new body.
    """
    named: list[_Named] = []
    doubts: list[tuple[str, str]] = []
    role = ""
    for index, line in enumerate(lines_of(cells, listed=False)):
        for part, said in _by_role(line, rules):
            role = said or role
            for start, words, things in _names_in(part, rules, names):
                ranked_things = (replace(thing, role=thing.role or role) for thing in things)
                named += [_Named(thing, words, part, (index, start)) for thing in ranked_things]
    unique: list[_Named] = []
    for one in named:
        if any(one.thing.id == other.thing.id for other in unique):
            doubts.append((one.words, f"names {one.thing.label} a second time; counted once."))
        else:
            unique.append(one)
    leads = [LeadReading(one.thing, _role(one, unique), one.words, one.line.source) for one in unique]
    if any(lead.role == "role-principal" for lead in leads):
        leads.sort(key=lambda lead: lead.role != "role-principal")
    return leads, doubts


def _by_role(line: Line, rules: Rules) -> list[tuple[Line, str]]:
    """A line parted before words that say which role the names behind them have: "Lead: X Support: Y"."""
    cues = [(start, end, cue.meaning) for cue, start, end in rules.find_cues("role-before", line.text)]
    # "X Lead: Y" names no X that leads.
    if cues and cues[0][2] == "role-principal" and line.text[: cues[0][0]].strip():
        cues = cues[1:]
    ends = [*(start for start, _, _ in cues), len(line.text)]
    parts = [(0, ends[0], "")]
    parts += [(end, ends[at + 1], role) for at, (_, end, role) in enumerate(cues)]
    pieces = ((line.segment.part(start, end), role) for start, end, role in parts)
    return [(Line(piece, line.sources), role) for piece, role in pieces if piece.text or role]


def _role(one: _Named, everybody: Sequence[_Named]) -> str:
    if one.thing.role:
        return one.thing.role
    if len(everybody) == 1:
        return "role-sole"
    if any(other.thing.role == "role-contributing" for other in everybody):
        return "role-principal"
    if any(other.thing.role == "role-principal" for other in everybody):
        return "role-contributing"
    return "role-joint"


def _names_in(line: Line, rules: Rules, names: Names) -> list[tuple[int, str, tuple[Thing, ...]]]:
    """Everybody one line names as (start, words, bodies), in printed order."""
    text = line.text
    known = [name for name in names.scan(text, COLUMN) if all(thing.kind == BODY for thing in name.things)]
    known = [name for name in known if not _goes_on_in_brackets(text, name, known, rules, names)]
    known = _without_fragments(text, known, rules)
    found = []
    for index, name in enumerate(known):
        until = known[index + 1].start if index + 1 < len(known) else len(text)
        things = name.things
        if len(things) == 1 and _ranked(text[name.end : until], rules) and (len(known) > 1 or " but " in text):
            things = (replace(things[0], role="role-principal"),)
        found.append((name.start, name.words, things))
    position = 0
    for start, end in [*((name.start, name.end) for name in known), (len(text), len(text))]:
        for piece_start, piece in _pieces(text, position, start, rules):
            thing = names.propose_body(piece, line.sources[0])
            found.append((piece_start, piece, (thing,)))
        position = end
    return sorted(found, key=lambda entry: entry[0])


def _ranked(after: str, rules: Rules) -> bool:
    """Whether the words behind a name say that it takes the lead."""
    cue = next(rules.find_cues("role-principal", after), None)
    return cue is not None and not after[: cue[1]].strip(" (-–")


def _pieces(text: str, start: int, end: int, rules: Rules) -> list[tuple[int, str]]:
    """The unknown names between two known ones as (start, words)."""
    stretch = text[start:end]
    for cue in rules.cues_of("role-principal"):
        stretch = cue.pattern.sub(lambda match: "\0" * len(match.group()), stretch)
    pieces = []
    position = 0
    parts = [*_HARD.finditer(stretch), *_between_bodies(stretch, rules)]
    for part in [*sorted(parts, key=lambda part: part.start()), None]:
        until = part.start() if part else len(stretch)
        words = stretch[position:until].replace("\0", " ")
        bare = _bare(words)
        if bare:
            pieces.append((start + position + words.index(bare), bare))
        position = part.end() if part else until
    return pieces


def _between_bodies(text: str, rules: Rules) -> list[re.Match[str]]:
    """Every "and" that stands behind the name of one body and before that of another."""
    joined = [(start, end) for _, start, end in rules.find_cues("one-name", text)]
    return [
        match
        for match in _AND.finditer(text)
        if not any(start < match.start() < end for start, end in joined)
        and " " in _HARD.split(text[: match.start()])[-1].strip()
        and any(end == match.start() for _, _, end in rules.find_cues("body-ending", text))
        and next(rules.find_cues("body-ending", re.split(r"[,;/]|\band\b|&", text[match.end() :])[0]), None)
    ]


def _bare(words: str) -> str:
    """``words`` without separators and connecting words at either end; matched brackets stay."""
    words = words.strip()
    while (cut := _without_edges(words)) != words:
        tail = words[words.find(cut) + len(cut) :] if cut else ""
        if tail[:1] == ")" and "(" in cut:
            cut += ")"
            return cut
        words = cut
    return words


def _without_edges(words: str) -> str:
    opening = _OPENING.match(words)
    start, end = opening.end() if opening else 0, len(words)
    while start < end:
        if not words[end - 1].isalnum():
            end -= 1
        elif last := _LAST.search(words, max(start, end - _LONGEST_CONNECTING), end):
            end = last.start()
        else:
            break
    return words[start:end]


def _goes_on_in_brackets(text: str, name: Name, known: Sequence[Name], rules: Rules, names: Names) -> bool:
    """Whether a name no register knows goes on as "Council (Parks)", wherever it was met without brackets before."""
    brackets = re.match(r"\s\(([^()]*)\)", text[name.end :])
    return (
        brackets is not None
        and all(thing.id not in names.register.entries for thing in name.things)
        and not _ranked(brackets.group(), rules)
        and not any(name.end <= other.start < name.end + brackets.end() for other in known)
    )


def _without_fragments(text: str, known: list[Name], rules: Rules) -> list[Name]:
    """``known`` without single words of a longer unknown name, as "Police" in "Police Cadets"."""
    kept = []
    for name in known:
        if "/" not in name.words and _in_longer_name(text, name, known, rules):
            continue
        kept.append(name)
    return kept


def _in_longer_name(text: str, name: Name, known: Sequence[Name], rules: Rules) -> bool:
    before = text[max((n.end for n in known if n.end <= name.start), default=0) : name.start]
    after = text[name.end : min((n.start for n in known if n.start >= name.end), default=len(text))]
    word_before = re.search(r"([A-Z][\w'’-]*)\s$", before)
    word_after = re.match(r"\s([A-Z][\w'’-]*)", after)
    if word_after and any(cue.pattern.fullmatch(word_after[1]) for cue in rules.cues_of("role-principal")):
        word_after = None
    # One stray word cannot be a partner by itself; two or more may be, but not where the two are one name.
    left = _AND.split(_HARD.split(before)[-1])[-1].split()
    right = _AND.split(_HARD.split(after.split("(")[0])[0])[0].split()
    alone_before = word_before is not None and (len(left) == 1 or _is_a_name(left, rules))
    alone_after = " " not in name.words and word_after is not None and len(right) == 1
    return alone_before or alone_after


def _is_a_name(words: Sequence[str], rules: Rules) -> bool:
    """Whether words before that of a body are its name: two or three capitalised ones that end no other body."""
    return (
        len(words) <= _MOST_WORDS
        and all(word[0].isupper() for word in words)
        and next(rules.find_cues("body-ending", " ".join(words)), None) is None
    )
