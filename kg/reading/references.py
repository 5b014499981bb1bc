"""Pointers and names in running text: cross-references with kind and locator, mentions."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg.reading.layout import Line, Placed
from kg.reading.naming import BODY, INITIATIVE, NAMED_IN_TEXT, PLACE, PLAN, Name, Names, Thing
from kg.reading.report import Doubt
from kg.reading.rules import Rules
from kg.reading.wording import sentences
from kg.tables import PERIOD

_NUMBER = re.compile(r"(?<![\w.£$])\d+[a-z]?(?:\.\d+[a-z]?)+(?![\w]|\.\d)")
_CLOSE = 40
"""Characters between a cue and what it points to; further off it belongs to something else."""
_LIST = re.compile(r"\s*(?:,|and|&|to|/)\s*", re.IGNORECASE)
_SECTION_BEHIND = re.compile(
    r"\s*(?:,\s*)?(?:\(\s*(?:section\s+)?(?P<in>[\w.]{1,12})\s*\)|section\s+(?P<after>[\w.]*\w))",
    re.IGNORECASE,
)
_SECTION_BEFORE = re.compile(
    r"\bsections?\s+(?P<ids>[\w.]+(?:\s*(?:,|and|&)\s*[\w.]+)*)\s+(?:of|in)\s+(?:the\s+)?$", re.IGNORECASE
)
_PART_BEHIND = re.compile(r"\s*:\s*(?P<part>[A-Z][\w'’/&-]*(?:\s+(?:(?:and|of|the|for|in)\s+)*[A-Z][\w'’/&-]*)*)")
_FILLER = re.compile(
    r"\s*(?:(?:the|a|an|our|its|their|joint|local|monthly|weekly|quarterly|regular|multi-agency|borough)\s+)*",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def _numbered(marker: str) -> re.Pattern[str]:
    """Finds what a marker such as "Delivery Priority {n}:" names in running text, with its number."""
    words = r"\s+".join(map(re.escape, marker.replace("{n}", "").strip(" :").split()))
    return re.compile(rf"(?<!\w){words}\s+(\d+[a-z]?)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Pointer:
    """A cross-reference before it becomes a row; ``target`` is a thing or an element path of this plan."""

    type: str
    target: Thing | str
    words: str
    source: tuple[str, ...]
    locator: str = ""
    link: str = ""
    certainty: str = "cert-stated"
    note: str = ""

    @property
    def points_to(self) -> str:
        """What the plan tables write."""
        return self.target if isinstance(self.target, str) else self.target.name


@dataclass(frozen=True)
class Mentioned:
    """A mention before it becomes a row."""

    thing: Thing
    words: str
    source: tuple[str, ...]
    link: str = ""


@dataclass
class References:
    """Finds the pointers and mentions of one plan.

    ``actions`` maps printed references to element paths; ``deliveries`` maps (priority, number) to the
    paths of delivery priorities. Doubts are collected on the way.
    """

    rules: Rules
    names: Names
    actions: Mapping[str, str]
    deliveries: Mapping[tuple[str, str], str]
    doubts: list[Doubt]

    def read(
        self, line: Line, column: str, *, priority: str, type_: str = "", unless: frozenset[str] = frozenset()
    ) -> Iterator[Pointer | Mentioned]:
        """Every pointer and mention of a line, in printed order.

        ``priority`` is the strategic priority it stands in; ``type_`` the kind of every pointer, whatever
        the cues say (blank: as they say, without a cue see also, inferred); things with an id in ``unless``
        are passed over, they are accounted for elsewhere.
        """
        for sentence in sentences(line):
            found = [*self._elements(sentence, priority), *self._named(sentence, column, type_)]
            for _, one in sorted(found, key=lambda entry: entry[0]):
                target = one.target if isinstance(one, Pointer) else one.thing
                if isinstance(target, str) or target.id not in unless:
                    yield one
            self._links(sentence, [start for start, _ in found])

    # --- other parts of this plan ---

    def _elements(self, line: Line, priority: str) -> Iterator[tuple[int, Pointer]]:
        text = line.text
        listed_until = -1
        for match in _NUMBER.finditer(text):
            before = text[: match.start()]
            cue = self._cue_before("reference", before)
            behind = next(self.rules.find_cues("direction", text[match.end() : match.end() + _CLOSE]), None)
            in_list = listed_until >= 0 and _LIST.fullmatch(text[listed_until : match.start()])
            if cue is None and behind is None and not in_list:
                continue
            if match.group() not in self.actions:
                if cue is not None and cue[1] == match.start():
                    self._doubt(line, match.group(), "is pointed to, but no action has this reference.")
                continue
            listed_until = match.end()
            start = cue[0] if cue else match.start()
            end = match.end() + (behind[2] if behind else 0)
            type_ = cue[2] if cue else "xref-see-also"
            link = line.segment.link_at(start, end) or ""
            path = self.actions[match.group()]
            yield match.start(), Pointer(type_, path, text[start:end], line.source, text[match.start() : end], link)
        yield from self._delivery_priorities(line, priority)

    def _delivery_priorities(self, line: Line, priority: str) -> Iterator[tuple[int, Pointer]]:
        text = line.text
        for marker in self.rules.markers:
            if marker.meaning != "delivery-priority":
                continue
            for match in _numbered(marker.words).finditer(text):
                path = self.deliveries.get((priority, match[1]))
                if path is None:
                    self._doubt(line, match.group(), "is pointed to, but there is no such delivery priority here.")
                    continue
                cue = self._cue_before("reference", text[: match.start()])
                indicators = re.search(r"indicator", text[match.end() :], re.IGNORECASE)
                type_ = "xref-shares-indicators" if indicators else cue[2] if cue else "xref-see-also"
                yield match.start(), Pointer(type_, path, text, line.source, text[match.start() :].rstrip(" ."))

    # --- names ---

    def _named(self, line: Line, column: str, type_: str) -> Iterator[tuple[int, Pointer | Mentioned]]:
        text = line.text
        names = self.names.scan(text, column, NAMED_IN_TEXT)
        covered = [self._extent(text, name) for name in names]
        for name in sorted([*names, *self._unknown(line, covered)], key=lambda name: name.start):
            for thing in name.things:
                if thing.kind == PLAN:
                    yield from ((name.start, pointer) for pointer in self._plan(line, name, thing, type_))
                elif thing.kind in (BODY, PLACE, INITIATIVE):
                    yield from ((name.start, one) for one in self._body_or_place(line, name, thing))

    def _extent(self, text: str, name: Name) -> tuple[int, int]:
        """What a name covers: for a plan also the section behind it, which is no document of its own."""
        part = _PART_BEHIND.match(text, name.end) if name.only(PLAN) else None
        return name.start, part.end() if part else name.end

    def _unknown(self, line: Line, covered: list[tuple[int, int]]) -> list[Name]:
        """Documents no register knows, proposed by their document word.

        Not in year cells: "Refresh Policy" is a task there, and set phrases propose their own.
        """
        found: list[Name] = []
        if PERIOD.fullmatch(line.sources[0].column):
            return found
        position = 0
        while (place := self.names.document_in(line.text, position)) is not None:
            start, end = place
            position = max(end, position + 1)
            if any(start < other_end and end > other_start for other_start, other_end in covered):
                continue
            thing = self.names.propose_plan(line.text[start:end], line.sources[0])
            found.append(Name(start, end, line.text[start:end], (thing,)))
        return found

    def _plan(self, line: Line, name: Name, thing: Thing, type_: str) -> Iterator[Pointer]:
        text = line.text
        cue = self._cue_before("reference", text[: name.start])
        start = cue[0] if cue else name.start
        certainty, note = thing.certainty, thing.note
        if cue is None and not type_:
            certainty = "cert-inferred"
            note = f"The words name {thing.label} without saying how it bears on this. {note}".strip()
        sections, end = self._sections(line, name, thing, start)
        locator, locator_end = self._locator(text, end)
        words = text[start : max(end, locator_end)]
        link = line.segment.link_at(name.start, end) or ""
        for target, identifier in sections or [(thing, "")]:
            if target is not thing:
                certainty, note = target.certainty, target.note
            kind = type_ or (cue[2] if cue else self._type_without_cue(line, name))
            yield Pointer(kind, target, words, line.source, locator or identifier, link, certainty, note)

    def _type_without_cue(self, line: Line, name: Name) -> str:
        """An activity that is nothing but a document's name delivers it; elsewhere a name points there."""
        alone = line.text.strip(" .:") == name.words.strip(" .:")
        return "xref-delivers" if alone and line.sources[0].column == "activity" else "xref-see-also"

    def _sections(self, line: Line, name: Name, plan: Thing, start: int) -> tuple[list[tuple[Thing, str]], int]:
        """The sections that the words around a plan's name single out, as printed, too; and where they end."""
        text, where = line.text, line.sources[0]
        behind = _SECTION_BEHIND.match(text, name.end)
        if behind and re.search(r"\d", number := behind["in"] or behind["after"]):
            return [(self.names.section(plan, number, where), number)], behind.end()
        before = _SECTION_BEFORE.search(text[: name.start])
        if before:
            numbers = [number for number in re.split(r"\s*(?:,|\band\b|&)\s*", before["ids"]) if number]
            if all(re.search(r"\d", number) for number in numbers):
                return [(self.names.section(plan, number, where), number) for number in numbers], name.end
        cue = self._cue_before("section", text[: name.start])
        if cue is not None:
            opening = self._cue_before("reference", text[: cue[0]], anywhere=True)
            titles = text[opening[1] if opening else start : cue[0]]
            parts = [part.strip() for part in re.split(r"\s*(?:,|\band\b(?=\s+[A-Z]))\s*", titles) if part.strip()]
            parts = self._whole_titles(plan, titles.strip(), parts)
            return [(self.names.section(plan, part, where), part) for part in parts], name.end
        part = _PART_BEHIND.match(text, name.end)
        if part:
            title = part["part"]
            inner = next(self.rules.find_cues("reference", title), None)
            if inner:
                title = title[: inner[1]].strip()
            if title:
                return [(self.names.section(plan, title, where), title)], part.start("part") + len(title)
        return [], name.end

    def _whole_titles(self, plan: Thing, titles: str, parts: list[str]) -> list[str]:
        """``parts``, joined again where the register knows a section with "and" in its title."""
        known = {
            entry.identifier
            for entry in self.names.register.of_kind("section")
            if entry.id.startswith(f"{plan.id}/section/")
        }
        kept = sorted((title for title in known if " and " in title and title in titles), key=titles.index)
        if not kept:
            return parts
        for title in kept:
            titles = titles.replace(title, "\0")
        rest = [part.strip() for part in re.split(r"\s*(?:,|\band\b|\0)\s*", titles) if part.strip()]
        return sorted({*rest, *kept}, key=lambda title: " ".join(parts).find(title.split(" and ")[0]))

    def _locator(self, text: str, start: int) -> tuple[str, int]:
        """Pages or paragraphs named behind a plan, as printed, and where they end."""
        for cue in self.rules.cues_of("locator"):
            pattern = rf"(?<!\w){re.escape(cue.words)}\.?\s*\d+[\w.]*(?:\s*(?:to|and|-|–)\s*\d+[\w.]*)?"
            match = re.compile(pattern, re.IGNORECASE).search(text, start)
            if match:
                return match.group().rstrip("."), match.end()
        return "", start

    def _body_or_place(self, line: Line, name: Name, thing: Thing) -> Iterator[Pointer | Mentioned]:
        """The mention; before it the pointer, where the words say what the body does for the action."""
        text = line.text
        link = line.segment.link_at(name.start, name.end) or ""
        cue = self._cue_before("body-reference", text[: name.start]) if thing.kind == BODY else None
        if cue is not None and _FILLER.fullmatch(text[cue[1] : name.start]):
            words = text[cue[0] : name.end]
            yield Pointer(cue[2], thing, words, line.source, "", link, thing.certainty, thing.note)
        yield Mentioned(thing, name.words, line.source, link)

    def _cue_before(self, kind: str, before: str, *, anywhere: bool = False) -> tuple[int, int, str] | None:
        """The last cue of ``kind`` in ``before`` as (start, end, meaning), if nothing parts it from the end."""
        cues = list(self.rules.find_cues(kind, before))
        if not cues:
            return None
        cue, start, end = cues[-1]
        if not anywhere:
            between = before[end:]
            if (len(between) > _CLOSE and kind != "reference") or re.search(r"[;()]", between):
                return None
            if len(between) > 2 * _CLOSE + 20:
                return None
        return start, end, cue.meaning

    # --- what is left ---

    def _links(self, line: Line, starts: list[int]) -> None:
        """A link whose words name nothing known is a doubt: it was printed to lead somewhere."""
        for run in line.segment.runs:
            if run.link is None or not line.text[run.start : run.end].strip(" .,"):
                continue
            if not any(run.start - 1 <= start < run.end for start in starts):
                words = line.text[run.start : run.end].strip()
                self._doubt(line, words, "is a link, but names nothing the register knows.")

    def _doubt(self, line: Line, words: str, sentence: str) -> None:
        place: Placed = line.sources[0]
        self.doubts.append(Doubt(place.cell.line, place.column, words, sentence, place.cell.sheet))
