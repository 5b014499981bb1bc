"""A timescale in words becomes dates, periods and frequencies; what gives none keeps its words alone."""

import re
from dataclasses import dataclass
from datetime import date

from kg.reading.layout import Line
from kg.reading.periods import find_dates, find_periods, period_in_heading, quarters_in
from kg.reading.rules import Rules

_PARTS = re.compile(r"\s*[;\n]\s*")
_SHORT_DATE = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b")
_YEAR_ALONE = re.compile(r"(?:by\s+)?(20\d\d)\.?", re.IGNORECASE)
_ENDS = {1: "06-30", 2: "09-30", 3: "12-31", 4: "03-31"}
_END_OF = re.compile(r"\b(?:end\s+of|by\s+(?:the\s+)?end)\b", re.IGNORECASE)
_BEGINS = re.compile(r"\b(?:from|start(?:s|ing)?|begin(?:s|ning)?)\b", re.IGNORECASE)


@dataclass(frozen=True)
class DeadlineRead:
    """One deadline: its words, date, period, frequency and state (blank where the words give none), note and doubt."""

    words: str
    due: str = ""
    period: str = ""
    frequency: str = ""
    state: tuple[str, ...] = ()
    note: str = ""
    doubt: str = ""


def read_deadlines(line: Line, rules: Rules) -> list[DeadlineRead]:
    """The deadlines one line of a timescale prints: one, and one more behind each semicolon."""
    return [_read(words, rules) for words in _PARTS.split(line.text) if words.strip(" .")]


def _read(words: str, rules: Rules) -> DeadlineRead:
    frequency = rules.first_meaning("frequency", words) or ""
    short = list(_SHORT_DATE.finditer(words))
    dates = [] if short else list(find_dates(words))
    periods = list(find_periods(words))
    quarters = quarters_in(words)
    doubt = ""
    if max(len(short) + len(dates), len(periods), len(quarters)) > 1:
        doubt = "names more than one date; none of them is taken."
    elif (short or dates or periods) and rules.first_meaning("no-deadline", words) is not None:
        doubt = "gives a date and goes on; no deadline is taken."
    elif (short or dates) and _BEGINS.search(words):
        doubt = "gives a beginning, which is no deadline."
    if doubt:
        return DeadlineRead(words, frequency=frequency, doubt=doubt)
    if short:
        return _numeric(words, short[0], frequency)
    if dates:
        odd = "is no financial year; read as a month." if dates[0].odd else ""
        return DeadlineRead(words, dates[0].value, "", frequency, note=odd and f"{words} {odd}", doubt=odd)
    if periods:
        return _in_year(words, periods[0][0], quarters[0] if quarters else None, frequency)
    return _undated(words, frequency, rules, quarter=bool(quarters))


def _undated(words: str, frequency: str, rules: Rules, *, quarter: bool) -> DeadlineRead:
    year = _YEAR_ALONE.fullmatch(words)
    if year:
        return DeadlineRead(words, period=year[1], frequency=frequency)
    if quarter:
        return _quarter_alone(words, frequency)
    state = tuple(state for state in (rules.state_alone(words),) if state)
    if frequency or state or rules.first_meaning("no-deadline", words) is not None:
        doubt = "is still to be confirmed." if "status-tbc" in state else ""
        return DeadlineRead(words, frequency=frequency, state=state, doubt=doubt)
    return DeadlineRead(words, doubt="gives no date that can be told for sure; its words are kept.")


def _quarter_alone(words: str, frequency: str) -> DeadlineRead:
    """A quarter with one year or none: financial quarters are named with two, "Q3 2024/25"."""
    found = period_in_heading(words)
    if found is None or not found.period:
        return DeadlineRead(words, frequency=frequency, doubt="names a quarter of no year.")
    sentence = "may mean a quarter of the financial year; read as one of the calendar year."
    return DeadlineRead(words, "", found.period, frequency, note=f"{words} {sentence}", doubt=sentence)


def _in_year(words: str, period: str, quarter: int | None, frequency: str) -> DeadlineRead:
    last = period[-4:]
    if quarter:
        due = f"{last if quarter == 4 else period[:4]}-{_ENDS[quarter]}"
        return DeadlineRead(words, due, f"{period}-q{quarter}", frequency)
    return DeadlineRead(words, f"{last}-03-31" if _END_OF.search(words) else "", period, frequency)


def _numeric(words: str, found: re.Match[str], frequency: str) -> DeadlineRead:
    day, month = int(found[1]), int(found[2])
    year = found[3] if len(found[3]) == 4 else f"20{found[3]}"
    if month > 12 >= day:
        day, month = month, day
        sentence = f"{found[0]} is no date day first; read month first."
        return _dated(words, year, month, day, frequency, sentence)
    both = day != month and day <= 12
    return _dated(words, year, month, day, frequency, f"{found[0]} is read day first." if both else "")


def _dated(words: str, year: str, month: int, day: int, frequency: str, sentence: str) -> DeadlineRead:
    try:
        due = date(int(year), month, day).isoformat()
    except ValueError:
        return DeadlineRead(words, frequency=frequency, doubt="is no date of the calendar; its words are kept.")
    return DeadlineRead(words, due, frequency=frequency, note=sentence, doubt=sentence)
