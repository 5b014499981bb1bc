"""How an outcome says it will be measured: "Measured by ..." and sentences that open like a measure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kg.reading.layout import Line
from kg.reading.rules import Rules
from kg.reading.wording import title

_LABEL_LENGTH = 90
_POLARITY_WITHIN = 60
"""Characters: a "reduction" further on belongs to what is measured, not to the measure."""


@dataclass(frozen=True)
class Measured:
    """One measure: its words and cells, a name for it, its method code and its direction (lower, higher, blank)."""

    line: Line
    label: str
    method: str
    polarity: str


def measures_in(sentence: Line, rules: Rules) -> Iterator[Measured]:
    """The measures one sentence of an outcome names: one, and one more behind each semicolon."""
    text = sentence.text
    cue = next(rules.find_cues("measure", text), None)
    opening = cue or next((found for found in rules.find_cues("measure-opening", text) if found[1] == 0), None)
    if opening is None:
        return
    # "Measured by a survey" is called "A survey"; a cue further in belongs to its sentence.
    lead_in = opening[2] if cue is not None and cue[1] == 0 and text[cue[2] :].strip(" .:") else 0
    stops = [stop.start() for stop in re.finditer(";", text) if stop.start() > opening[2]]
    for start, end in pairwise([0, *stops, len(text)]):
        line = Line(sentence.segment.part(start + (start > 0), end), sentence.sources)
        words = text[max(start, lead_in) : end].strip(" ;")
        if not words:
            continue
        methods = (found.meaning for found, _, _ in rules.find_cues("method", words))
        yield Measured(
            line,
            title(words[:1].upper() + words[1:], _LABEL_LENGTH),
            next(methods, "") or (opening[0].meaning if start == 0 else "method-recorded"),
            rules.first_meaning("polarity", words[:_POLARITY_WITHIN]) or "",
        )
