"""The cell of a delivery priority: title, objective, overarching indicators and their figures."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from kg.reading.layout import IndicatorRow, Line, Placed, joined, lines_of
from kg.reading.periods import find_periods
from kg.reading.rules import Rules, normal
from kg.reading.wording import sentences, slug, stops_short, title
from kg.tables import period_label, year_before

_FIGURE = re.compile(
    r"\s*:?\s*(?P<sign>[+\N{MINUS SIGN}–-]?)\s*(?P<digits>\d[\d,]*(?:\.\d+)?)"
    r"\s*(?P<percent>%)?\s*(?P<star>\*+)?"
)
_SLUG_WORDS = 4
_QUALIFIER = re.compile(r"\s*(?:\(|\baged\b|\bfor\b|\bin\b|\bwithin\b|\bduring\b|,|;).*$", re.IGNORECASE)


@dataclass
class ReadingFound:
    """Figures of one indicator for one year; ``base_year`` blank where the words do not give one."""

    period: str
    line: Line
    target: Decimal | None = None
    actual: Decimal | None = None
    base_year: str = ""
    to_come: bool = False
    percent: bool = False
    starred: bool = False
    certainty: str = "cert-stated"
    note: str = ""


@dataclass
class IndicatorFound:
    """An indicator as printed: its name line, whether it is still to be confirmed, its readings."""

    name: str
    line: Line
    to_confirm: bool = False
    readings: list[ReadingFound] = field(default_factory=list)


@dataclass
class PriorityCell:
    """What the cells of a delivery priority say.

    ``pointers`` are lines that stand in the place of indicators and lead to others; ``others`` are lines
    about neither.
    """

    title: str = ""
    description: list[Line] = field(default_factory=list)
    objective: list[Line] = field(default_factory=list)
    to_confirm: bool = False
    indicators: list[IndicatorFound] = field(default_factory=list)
    pointers: list[Line] = field(default_factory=list)
    others: list[Line] = field(default_factory=list)
    doubts: list[tuple[Line, str]] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        """Every line that may name somebody: description, objective, and what is left."""
        return [*self.description, *self.objective, *self.others]


def read_priority(cells: Sequence[Placed], rules: Rules) -> PriorityCell:
    """What the ``cells`` of one delivery priority say (several where it is spread over rows)."""
    found = PriorityCell()
    footnotes: list[Line] = []
    part = "title"
    for whole in _parts(lines_of(cells, listed=False), rules):
        line = whole
        marker = rules.marker(line.text, "objective", "indicators")
        if marker is not None:
            part = marker[0]
            line = Line(line.segment.part(marker[1].end(), len(line.text)), line.sources)
        if not line.text:
            continue
        if part == "indicators" and line.text.startswith("*"):
            footnotes.append(line)
        elif part == "indicators":
            for piece in _single_indicators(line, rules):
                _indicator_line(piece, found, rules)
        elif part == "objective":
            found.objective.append(line)
        elif not found.title:
            _open(line, found)
        else:
            found.description.append(line)
    for line in footnotes:
        _footnote(line, found, rules)
    _still_to_come(found, rules)
    for indicator in found.indicators:
        if not indicator.readings and not indicator.to_confirm:
            found.doubts.append((indicator.line, "is read as an indicator, but has no figure and no Tbc."))
    return found


def _parts(lines: Sequence[Line], rules: Rules) -> list[Line]:
    """The lines, parted where a marker with its colon stands within one ("Title. Objective: ...")."""
    inner = [marker.within for marker in rules.markers if marker.meaning in ("objective", "indicators")]
    parts: list[Line] = []
    for line in lines:
        found = [match for pattern in inner for match in pattern.finditer(line.text)]
        # "Performance Indicators:" is a marker, too, but not within "Overarching Performance Indicators:".
        whole = [
            match.start() for match in found if not any(other.start() < match.start() < other.end() for other in found)
        ]
        parts += _cut(line, [start for start in whole if line.text[start].isupper()])
    return parts


def _cut(line: Line, places: Iterable[int]) -> list[Line]:
    """The line in pieces, cut before each of ``places``."""
    cuts = sorted({0, *places, len(line.text)})
    pieces = (line.segment.part(start, end) for start, end in pairwise(cuts))
    return [Line(piece, line.sources) for piece in pieces if piece.text]


def _open(line: Line, found: PriorityCell) -> None:
    """The title: the bold opening of the first line, or all of it."""
    bold = line.segment.bold_until()
    opening = line.text[:bold].strip()
    if opening and bold < len(line.text):
        found.title = title(opening, 200)
        found.description.append(Line(line.segment.part(bold, len(line.text)), line.sources))
    else:
        found.title = title(line.text, 200)


# --- indicators --------------------------------------------------------------------------------------------


def _single_indicators(line: Line, rules: Rules) -> list[Line]:
    """The line in pieces of one name or one year each, where blanks alone part them."""
    words = [re.escape(marker.words) for marker in rules.markers if marker.meaning in ("target", "actual")]
    figures = re.compile(rf"[\s:–-]*(?:{'|'.join(words)})\b", re.IGNORECASE)
    years = [start for _, start, end in find_periods(line.text) if figures.match(line.text, end)]
    if years:
        return _cut(line, years[1:])
    to_confirm = "|".join(re.escape(w.words) for w in rules.status_words if w.state == "status-tbc")
    named = re.compile(rf":\s*(?:{to_confirm})\b[.;,]?\s+(?=[^\W_])", re.IGNORECASE)
    return _cut(line, [match.end() for match in named.finditer(line.text)])


def _indicator_line(line: Line, found: PriorityCell, rules: Rules) -> None:
    text = line.text
    name, colon, rest = text.rpartition(":")
    if is_tbc(text, rules):
        found.to_confirm = True
    elif _points(text, rules):
        found.pointers.append(line)
    elif any(phrase.search(text) for phrase in _phrases("targets-later", rules)):
        found.others.append(line)
    elif (figures := _figures(line, rules)) is not None:
        if figures[0]:
            found.indicators.append(IndicatorFound(figures[0], line))
        if found.indicators:
            found.indicators[-1].readings.append(figures[1])
        else:
            found.doubts.append((line, "gives figures before any indicator is named."))
    elif colon and is_tbc(rest, rules):
        found.indicators.append(IndicatorFound(name.strip(), line, to_confirm=True))
    elif next(rules.find_cues("reference", text), None) is not None:
        found.others.append(line)
    else:
        found.indicators.append(IndicatorFound(text, line))


def is_tbc(text: str, rules: Rules) -> bool:
    """Whether the words are "Tbc" (or another such word) and nothing else."""
    bare = normal(text).strip(" .:;*-")
    return any(words.state == "status-tbc" and normal(words.words) == bare for words in rules.status_words)


def _points(text: str, rules: Rules) -> bool:
    return any(not text[:start].strip() for _, start, _ in rules.find_cues("pointer-to-indicators", text))


def _phrases(meaning: str, rules: Rules) -> list[re.Pattern[str]]:
    return [
        re.compile(rf"(?<![^\W_]){re.escape(marker.words)}(?![^\W_])", re.IGNORECASE)
        for marker in rules.markers
        if marker.meaning == meaning
    ]


def _figures(line: Line, rules: Rules) -> tuple[str, ReadingFound] | None:
    """The name (blank: it has a line of its own) and figures of a line such as "15/16 Target -12%"."""
    text = line.text
    year = next(find_periods(text), None)
    if year is None:
        return None
    period, start, end = year
    reading = ReadingFound(period, line)
    for meaning in ("target", "actual"):
        for marker in _phrases(meaning, rules):
            word = marker.search(text, end)
            if word is None:
                continue
            figure = _FIGURE.match(text, word.end())
            if figure is not None:
                setattr(reading, meaning, _number(figure))
                reading.percent |= bool(figure["percent"])
                reading.starred |= bool(figure["star"])
            elif is_tbc(re.split(r"[,;.]", text[word.end() :])[0], rules):
                reading.to_come = True
    if reading.target is None and reading.actual is None and not reading.to_come:
        return None
    return text[:start].strip(" :–-"), reading


def read_indicators(rows: Sequence[IndicatorRow], rules: Rules) -> tuple[list[IndicatorFound], list[tuple[Line, str]]]:
    """The indicators of a table, a row each, and what is doubtful about their figures."""
    found: list[IndicatorFound] = []
    doubts: list[tuple[Line, str]] = []
    for row in rows:
        name = Line(joined(row.name.cell.segments), (row.name,))
        readings, unread = read_figures(row.figures, rules)
        found.append(IndicatorFound(name.text, name, readings=readings))
        doubts += [
            (Line(joined(placed.cell.segments), (placed,)), f"is no figure that can be read as the {says}; it is kept.")
            for says, placed in unread
        ]
    return found, doubts


def read_figures(
    figures: Iterable[tuple[str, str, Placed]], rules: Rules
) -> tuple[list[ReadingFound], list[tuple[str, Placed]]]:
    """The readings of cells of a target or an actual, one a period, and the cells ("target of 2024/25") without one."""
    of_period: dict[str, list[tuple[str, Placed, re.Match[str] | None]]] = {}
    unread: list[tuple[str, Placed]] = []
    for period, meaning, placed in figures:
        figure = _FIGURE.fullmatch(placed.cell.words)
        if figure is None and not is_tbc(placed.cell.words, rules):
            unread.append((f"{meaning} of {period_label(period)}", placed))
        else:
            of_period.setdefault(period, []).append((meaning, placed, figure))
    readings = []
    for period, cells in of_period.items():
        segment = joined([segment for _, placed, _ in cells for segment in placed.cell.segments])
        reading = ReadingFound(period, Line(segment, tuple(placed for _, placed, _ in cells)))
        for meaning, _, figure in cells:
            if figure is None:
                reading.to_come = True
            else:
                setattr(reading, meaning, _number(figure))
                reading.percent |= bool(figure["percent"])
        readings.append(reading)
    return readings, unread


def _number(figure: re.Match[str]) -> Decimal:
    value = Decimal(figure["digits"].replace(",", ""))
    return -value if figure["sign"] in ("-", "–", "\N{MINUS SIGN}") else value


def _footnote(line: Line, found: PriorityCell, rules: Rules) -> None:
    """A "* 20% reduction target based on FY2012/13": the starred target against another year."""
    stars = len(line.text) - len(line.text.lstrip("*"))
    for sentence in sentences(line):
        text = sentence.text.lstrip("* ")
        names_base = any(phrase.search(text) for phrase in _phrases("base-year", rules))
        figure = re.search(r"(?P<sign>[+\N{MINUS SIGN}–-]?)(?P<digits>\d+(?:\.\d+)?)\s*%", text)
        year = next(find_periods(text), None)
        if not names_base or figure is None or year is None:
            found.others.append(sentence)
            continue
        value = _number(figure)
        if not figure["sign"] and rules.first_meaning("polarity", text) == "lower":
            value = -value
        for indicator in found.indicators:
            for reading in [r for r in indicator.readings if r.starred and f"{'*' * stars}" in r.line.text]:
                indicator.readings.insert(
                    indicator.readings.index(reading) + 1,
                    ReadingFound(
                        reading.period, sentence, target=value, base_year=year[0], percent=True,
                        certainty="cert-inferred",
                        note=f"The footnote restates the target {reading.target:+} against {year[0]}.",
                    ),
                )  # fmt: skip


def _still_to_come(found: PriorityCell, rules: Rules) -> None:
    """Readings to come where a line says that targets of a year will be set later."""
    for line in [*found.others]:
        if not any(phrase.search(line.text) for phrase in _phrases("targets-later", rules)):
            continue
        periods = [period for period, _, _ in find_periods(line.text)]
        if not periods:
            found.doubts.append((line, "says that targets will come, but for no year."))
        for indicator in found.indicators:
            for period in periods:
                if indicator.readings and all(reading.period != period for reading in indicator.readings):
                    indicator.readings.append(ReadingFound(period, line, to_come=True))


# --- what an indicator is ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """Editorial reading of an indicator: its slug, unit code and direction (None: the words do not say)."""

    identifier: str
    unit: str
    higher_is_better: bool | None
    note: str = ""


def kind_of(indicator: IndicatorFound, others: Sequence[IndicatorFound], rules: Rules) -> Kind:
    """Unit and direction as far as the name of an indicator tells them; ``others`` stand in the same cell."""
    name = _without_shared_ending(indicator, others)
    change = None
    for cue in rules.cues_of("polarity"):
        if match := cue.pattern.match(name):
            change = cue.meaning
            name = name[match.end() :]
            break
    direction = change or rules.first_meaning("polarity", indicator.name)
    short = _QUALIFIER.sub("", name) or name
    identifier = slug(short, most_words=_SLUG_WORDS) or slug(indicator.name, most_words=_SLUG_WORDS) or "indicator"
    percent = any(reading.percent for reading in indicator.readings)
    figures = any(reading.target is not None or reading.actual is not None for reading in indicator.readings)
    unit = "unit-percent-change" if percent and change else "unit-unstated" if figures else ""
    notes = []
    if unit == "unit-unstated":
        notes.append("The figure may be a share or a change from the year before; the words do not say.")
    if figures and direction is None:
        notes.append("Whether more is better is not printed.")
    better = {"lower": False, "higher": True}.get(direction or "")
    return Kind(identifier, unit, better, " ".join(notes))


def _without_shared_ending(indicator: IndicatorFound, others: Sequence[IndicatorFound]) -> str:
    """The name without two or more last words that stand in another's name, too.

    "Solved Bicycle Thefts" beside "Bicycle Thefts Reported" is told apart by "Solved".
    """
    words = indicator.name.strip(" .:").split()
    names = [f" {normal(other.name).strip(' .:')} " for other in others if other is not indicator]
    for cut in range(1, len(words) - 1):
        if any(f" {normal(' '.join(words[cut:]))} " in name for name in names):
            return " ".join(words[:cut])
    return indicator.name


def base_year(reading: ReadingFound, unit: str) -> str:
    """The year a reading is measured against: as restated; the year before for a change in percent; else blank."""
    if reading.base_year or not reading.percent or unit != "unit-percent-change":
        return reading.base_year
    return year_before(reading.period)


def words_of(lines: Sequence[Line]) -> str:
    """The words of several lines as one text."""
    return " ".join(line.text for line in lines)


def unfinished(words: str, rules: Rules) -> bool:
    """Whether a text stops in the middle of a sentence."""
    return stops_short(words, [cue.words for cue in rules.cues_of("unfinished")])
