"""Names printed in the cells: those the register knows, and proposals for those it does not."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from kg.reading.layout import Placed
from kg.reading.report import Doubt
from kg.reading.rules import Rules, phrase
from kg.reading.wording import slug
from kg.register import Body, KnownPlan, Named, Register, Section, folded, kind_of
from kg.tables import Row

BODY, PLAN, PLACE, INITIATIVE = "body", "plan", "place", "initiative"
NAMED_IN_TEXT = (BODY, PLAN, PLACE, INITIATIVE)

TO_BE_CONFIRMED, NOT_STATED = "org/to-be-confirmed", "org/not-stated"
# No label may be words that stand in a plan: those would be found there as a name.
_NOBODIES = {
    TO_BE_CONFIRMED: ("Partner to be confirmed", "Stands where a plan says that a partner is still to be confirmed."),
    NOT_STATED: ("Partner not stated", "Stands where a plan names no body."),
}

_CAPITAL = r"[A-Z0-9][\w'’/&.-]*"
_SMALL = r"(?:and|of|for|the|in|on|to|from|with|&|-|–)"
_PHRASE = re.compile(rf"{_CAPITAL}(?:\s+(?:{_SMALL}\s+)*{_CAPITAL})*")
_YEARS_BEHIND = re.compile(r"\s+\d{4}(?:\s*[-–/]\s*\d{2,4})?(?!\w)")
_LONGEST_NAME = 12
"""Words; what is longer is a sentence, not a name."""


@dataclass(frozen=True)
class Thing:
    """What a name stands for.

    ``kind`` is body, plan, section, place or initiative; ``id`` its register id; ``name`` what the plan
    tables write; ``label`` its preferred label. ``role``, ``certainty`` and ``note`` come from the spelling
    that was printed.
    """

    kind: str
    id: str
    name: str
    label: str
    role: str = ""
    certainty: str = "cert-stated"
    note: str = ""


@dataclass(frozen=True)
class Name:
    """A printed name: the stretch ``start:end`` of a text and the things it stands for, in order."""

    start: int
    end: int
    words: str
    things: tuple[Thing, ...]

    def only(self, *kinds: str) -> Thing | None:
        """The thing it stands for, if that is a single one of these kinds."""
        return self.things[0] if len(self.things) == 1 and self.things[0].kind in kinds else None


class Names:
    """The names of one document: looks them up, and collects proposals for those nobody knows.

    ``doubts`` holds one line for each proposal, where it was first met.
    """

    def __init__(self, register: Register, borough: str, rules: Rules) -> None:
        self.register = register
        self.borough = borough
        self.rules = rules
        self.doubts: list[Doubt] = []
        self._proposed: dict[str, dict[str, Row]] = {"bodies": {}, "plans": {}, "sections": {}}
        self._things: dict[tuple[str, str], Thing] = {}

    # --- names the register knows ---

    def scan(self, text: str, column: str, kinds: tuple[str, ...] = NAMED_IN_TEXT) -> list[Name]:
        """All known and proposed names in ``text``, longest match, left to right."""
        names = []
        for span in self.register.longest(text, self.borough, column, kinds):
            # "planning consents" is no body called Planning: a single word must be printed as the name is.
            if " " not in span.words and span.words[0].islower() and not self._is_printed_small(span.words):
                continue
            things = tuple(self._thing(named) for named in span.names)
            names.append(Name(span.start, span.end, span.words, things))
        for (kind, known), thing in self._things.items():
            if kind not in kinds:
                continue
            for match in phrase(known).finditer(text):
                if all(match.end() <= name.start or match.start() >= name.end for name in names):
                    names.append(Name(match.start(), match.end(), match.group(), (thing,)))
        return sorted(names, key=lambda name: name.start)

    def _is_printed_small(self, words: str) -> bool:
        return any(row.spelling == words for row in self.register.spellings)

    def _thing(self, named: Named) -> Thing:
        entry = self.register.entries[named.id]
        kind = kind_of(named.id)
        # A label that somebody else answers to as well would not lead back to this thing.
        plain = self.register.resolve(entry.label, self.borough, (kind,)) == named.id
        name = entry.label if plain else named.id
        return Thing(kind, named.id, name, entry.label, named.role, named.certainty, named.editorial_note)

    # --- names nobody knows ---

    def propose_body(self, words: str, where: Placed) -> Thing:
        """The proposal for an unknown body called ``words``; the same words give the same proposal."""
        if self.rules.state_alone(words) == "status-tbc":
            return self.nobody(TO_BE_CONFIRMED, where)

        def row(id_: str) -> Row:
            return Body.model_validate(
                {
                    "id": id_, "label": words, "class": "Organization", "classification": "ptype-unstated",
                    "certainty": "cert-inferred",
                    "editorial_note": f"Proposed by the reader from {where.id}; type and parent are open.",
                }
            )  # fmt: skip

        return self._propose("bodies", BODY, "org", words, row, where)

    def nobody(self, id_: str, where: Placed) -> Thing:
        """The body that stands where a document names none: `TO_BE_CONFIRMED` or `NOT_STATED`."""
        label, note = _NOBODIES[id_]
        if id_ not in self.register.entries:
            self._proposed["bodies"][id_] = Body.model_validate(
                {"id": id_, "label": label, "class": "Organization", "classification": "ptype-collective",
                 "definition": note, "certainty": "cert-stated"}
            )  # fmt: skip
        doubt = Doubt(where.cell.line, where.column, where.cell.words, note, where.cell.sheet, label)
        if doubt not in self.doubts:
            self.doubts.append(doubt)
        return Thing(BODY, id_, id_, label, "", "cert-inferred", note)

    def propose_plan(self, words: str, where: Placed) -> Thing:
        """The proposal for an unknown plan or document called ``words``."""
        doctype = self.rules.first_meaning("document", words) or "doctype-action-plan"

        def row(id_: str) -> Row:
            return KnownPlan.model_validate(
                {
                    "id": id_, "label": words, "type": doctype, "certainty": "cert-inferred",
                    "editorial_note": f"Proposed by the reader from {where.id}; type read from the name.",
                }
            )  # fmt: skip

        return self._propose("plans", PLAN, "plan", words, row, where)

    def _propose(self, file: str, kind: str, part: str, words: str, row: Callable[[str], Row], where: Placed) -> Thing:
        known = self._things.get((kind, folded(words)))
        if known is not None:
            return known
        id_ = self._free_id(f"{self.borough}/{part}/{slug(words) or kind}")
        thing = Thing(
            kind, id_, words, words, "", "cert-inferred",
            f"No register knew {words}; proposed by the reader as a new {kind}.",
        )  # fmt: skip
        if self.register.find(words, self.borough, (kind,)):
            # The words name several things; only the id says which.
            thing = Thing(kind, id_, id_, words, "", thing.certainty, thing.note)
        self._things[kind, folded(words)] = thing
        self._proposed[file][id_] = row(id_)
        near = self.register.nearest(words, (kind,))
        sentence = f"is no {kind} the register knows{near}; proposed as {id_}."
        cell = where.cell
        self.doubts.append(Doubt(cell.line, where.column, words, sentence, cell.sheet, f"{words}, a new {kind}"))
        return thing

    def _free_id(self, id_: str) -> str:
        taken = set(self.register.entries) | {key for rows in self._proposed.values() for key in rows}
        return next(i for i in (id_, *(f"{id_}-{n}" for n in range(2, 1000))) if i not in taken)

    def section(self, plan: Thing, identifier: str, where: Placed) -> Thing:
        """The section ``identifier`` of a plan, known or proposed."""
        wanted = folded(identifier)
        for entry in self.register.of_kind("section"):
            if self.register.resolve(entry.is_part_of, self.borough, ("plan",)) == plan.id and wanted in (
                folded(entry.identifier),
                folded(entry.label),
            ):
                return Thing("section", entry.id, entry.id, entry.label, "", entry.certainty, entry.editorial_note)
        id_ = f"{plan.id}/section/{slug(identifier)}"
        note = "No register knew this section; proposed by the reader."
        thing = Thing("section", id_, id_, f"{plan.label}, {identifier}", "", "cert-inferred", note)
        if id_ not in self._proposed["sections"]:
            self._proposed["sections"][id_] = Section(
                id=id_, is_part_of=plan.id, identifier=identifier, label=thing.label,
                certainty="cert-inferred",
                editorial_note=f"Proposed by the reader from {where.id}.",
            )  # fmt: skip
            sentence = f"is no section of {plan.label} the register knows; proposed as {id_}."
            cell = where.cell
            self.doubts.append(Doubt(cell.line, where.column, identifier, sentence, cell.sheet, thing.label))
        return thing

    def document_in(self, text: str, start: int = 0) -> tuple[int, int] | None:
        """Where the first document is named at or behind ``start``: capitals that end in a document word.

        The document word alone ("Action Plan") is no name.
        """
        for match in _PHRASE.finditer(text, start):
            words = match.group()
            for cue in self.rules.cues_of("document"):
                found = list(cue.pattern.finditer(words))
                if not found or not found[-1].group()[0].isupper():
                    continue
                end = match.start() + found[-1].end()
                begin = match.start() + _without_opening(words, self.rules)
                name = text[begin:end]
                if begin >= end or self._only_document_words(name) or len(name.split()) > _LONGEST_NAME:
                    continue
                years = _YEARS_BEHIND.match(text, end)
                return begin, years.end() if years else end
        return None

    def _only_document_words(self, name: str) -> bool:
        for cue in self.rules.cues_of("document"):
            name = cue.pattern.sub("", name)
        return not re.search(r"[A-Za-z]", re.sub(rf"\b{_SMALL}\b", "", name))

    def propose_in(
        self, text: str, start: int, where: Placed, *, bodies: bool = False
    ) -> tuple[Name, Thing] | tuple[None, None]:
        """The document (with ``bodies``, or forum) that begins at ``start``, proposed under its words."""
        opening = re.compile(r"\s*(?:(?:the|our|an?)\s+)?").match(text, start)
        begin = opening.end() if opening else start
        found = self.document_in(text, begin)
        if found is not None and found[0] == begin:
            begin, end = found
            thing = self.propose_plan(text[begin:end], where)
        elif match := _PHRASE.match(text, begin):
            end = match.end()
            # A year or figure alone is no name.
            if not re.search(r"[A-Za-z]{2}", match.group()) or len(match.group().split()) > _LONGEST_NAME:
                return None, None
            if not bodies and len(match.group().split()) == 1:
                return None, None
            propose = self.propose_body if bodies else self.propose_plan
            thing = propose(match.group().rstrip(".,"), where)
            end = begin + len(match.group().rstrip(".,"))
        else:
            return None, None
        return Name(begin, end, text[begin:end], (thing,)), thing

    # --- what comes of it ---

    @property
    def proposed(self) -> dict[str, int]:
        """How many bodies, plans and sections are proposed."""
        return {file: len(rows) for file, rows in self._proposed.items() if rows}

    @property
    def proposals(self) -> dict[str, dict[str, Row]]:
        """The proposed rows by register file (bodies, plans, sections) and id."""
        return {file: dict(rows) for file, rows in self._proposed.items()}


def _without_opening(words: str, rules: Rules) -> int:
    """How many characters at the start of a phrase are a cue ("See Health Plan") or an article."""
    opening = re.compile(r"(?:The|Our|A|An)\s+").match(words)
    position = opening.end() if opening else 0
    for _, start, end in rules.find_cues("reference", words):
        if not words[position:start].strip():
            position = end
    opening = re.compile(r"\s*(?:(?:the|our)\s+)?", re.IGNORECASE).match(words, position)
    return opening.end() if opening else position
