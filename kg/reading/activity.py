"""The activity cell: heading, lead-in, steps."""

from collections.abc import Sequence
from dataclasses import dataclass

from kg.reading.layout import Line, Placed, lines_of
from kg.reading.rules import Rules
from kg.reading.wording import sentences, title

_HEADING_WORDS = 10
"""A bold opening of more words that ends with a stop is a sentence, not a heading."""


@dataclass(frozen=True)
class Activity:
    """What an activity cell says.

    ``title`` is a short heading made of its own words; ``steps`` are what it promises, one for each bullet
    or sentence; ``around`` are headings, lead-ins and pointers, which promise nothing themselves but may
    name somebody. Where a cell has nothing else, its steps are those lines: then they stand in both.
    """

    title: str
    steps: tuple[Line, ...]
    around: tuple[Line, ...]


def read_activity(cells: Sequence[Placed], rules: Rules, reference: str = "") -> Activity:
    """The heading and steps in the ``cells`` of one activity (two where a page break split it).

    ``reference`` is one that stands before the words and is none of them.

    Bullets are steps, and so is every sentence behind them or, where there are none, every sentence. A bold
    opening that more words follow is a heading; all that stands before a list and ends with a colon leads
    in to it.
    """
    lines = lines_of(cells, listed=True, unfinished=[cue.words for cue in rules.cues_of("unfinished")])
    if reference and lines and lines[0].text.startswith(reference.strip()):
        lines[0] = Line(lines[0].segment.part(len(reference), len(lines[0].text)), lines[0].sources)
    bullets = [index for index, line in enumerate(lines) if line.segment.kind != "text"]
    first = bullets[0] if bullets else len(lines)
    led_in = 0 < first < len(lines) and lines[first - 1].text[-1] in ":;"
    around: list[Line] = []
    steps: list[Line] = []
    for index, line in enumerate(lines):
        if line.segment.kind != "text":
            steps.append(line)
        elif index > first:
            steps += sentences(line)
        else:
            opening, rest = _heading(line, alone=len(lines) == 1)
            around += opening
            for sentence in rest:
                leads_in = bool(bullets) and (led_in or sentence.text[-1] not in ".!?")
                (around if leads_in or _promises_nothing(sentence, rules) else steps).append(sentence)
    if not steps:
        # Nothing is promised: the pointers stand for the promise, else the heading does.
        steps = [line for line in around if _promises_nothing(line, rules)] or around
    return Activity(_title(lines), tuple(steps), tuple(around))


def _heading(line: Line, *, alone: bool) -> tuple[list[Line], list[Line]]:
    """The bold opening of a line, if it is a heading, and the sentences that follow."""
    bold = line.segment.bold_until()
    opening = line.segment.text[:bold].strip()
    whole = bold >= len(line.text)
    if not opening or (whole and alone):
        return [], list(sentences(line))
    if whole:
        is_sentence = len(opening.split()) > _HEADING_WORDS and opening[-1] in ".!?"
        return ([], list(sentences(line))) if is_sentence else ([line], [])
    # Bold words that run on into their sentence are emphasis, not a heading.
    if opening[-1] not in ".:;!?" and not line.text[bold:].lstrip()[:1].isupper():
        return [], list(sentences(line))
    rest = Line(line.segment.part(bold, len(line.text)), line.sources)
    return [Line(line.segment.part(0, bold), line.sources)], list(sentences(rest)) if rest.text else []


def _promises_nothing(sentence: Line, rules: Rules) -> bool:
    """Whether a sentence only points elsewhere or tells how things are."""
    if rules.first_meaning("background", sentence.text) is not None:
        return True
    # Short pointers ("See ...") must open the sentence, longer ones ("are set out in") may stand in it.
    return any(start == 0 or " " in cue.words for cue, start, _ in rules.find_cues("pointer", sentence.text))


def _title(lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    first = lines[0]
    bold = first.segment.bold_until()
    if bold:
        return title(first.text[:bold])
    return title(next(sentences(first)).text)
