"""Printed years, months and dates: "15/16", "FY2012/13", "July 2016" become periods and dates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_YEARS = re.compile(r"(?<![\d.])(?:FY\s*)?(\d{4}|\d{2})\s*[/–-]\s*(\d{4}|\d{2})(?![\d.]*\d)(?!\s*%)", re.IGNORECASE)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH = "|".join(f"{month}|{month[:3]}" for month in _MONTHS)
_DATE = re.compile(
    rf"(?:(?<![\d/.-])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+)?\b(?P<month>{_MONTH}|Sept)\.?"
    # Two figures alone may be a day: "Mar 25". Behind a day, a dash or an apostrophe they are a year.
    r"(?:(?:,?\s+|-)(?P<year>\d{4})|(?:-|\s?['’])(?P<short>\d\d)|(?(day)\s+(?P<behind>\d\d)|(?!)))(?![\d/])"
    r"(?!\s*[-–]\s*\d\d?\b)",
    re.IGNORECASE,
)
_ISO_DATE = re.compile(r"(?<![\d-])\d{4}-(\d{2})-(\d{2})(?![\d-])")
_NUMERIC_DATE = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")
_FROM_APRIL = re.compile(r"Apr(?:il)?\s+(\d{4})\s*(?:to|[-–])\s*Mar(?:ch)?\s+(\d{4})", re.IGNORECASE)
"""A financial year in calendar months: "April 2023 to March 2024"."""
_MONTHS_BY_NAME = {name[:3].lower(): number for number, name in enumerate(_MONTHS, 1)}
_QUARTER = re.compile(
    r"\b(?:Q(?:uarter|tr)?[.\s]*([1-4])|([1-4])(?:st|nd|rd|th)\s+(?:quarter|qtr))(?!\d)", re.IGNORECASE
)
_THREE_MONTHS = re.compile(
    rf"\b(?P<first>{_MONTH}|Sept)\.?(?:\s+'?(?P<begin>\d{{4}}|\d\d))?\s*(?:to|[-–/])\s*"
    rf"(?P<last>{_MONTH}|Sept)\b\.?(?:\s+'?(?P<year>\d{{4}}|\d\d)(?![\d/–-]))?",
    re.IGNORECASE,
)
_CALENDAR = re.compile(r"(?<![\d/.–-])(?:19|20)\d\d(?![\d/.–-])")
_OF_TIME = re.compile(
    r"\b(?:(?:financial|calendar)\s+years?|years?(?:\s+(?:\d|one|two|three|four|five))?|FY|yr|during|in|for|at|of|the|end)\b",
    re.IGNORECASE,
)
"""Words beside a year in a heading that add nothing to it: "Year 1 (2024/25)"."""
_ODD_MONTH = re.compile(r"(?<![\d/])(\d{4})/(\d{2})(?![\d/])")


@dataclass(frozen=True)
class Date:
    """A date read from words: ``value`` yyyy-mm or yyyy-mm-dd; ``odd`` where it can be read in two ways."""

    value: str
    start: int
    end: int
    odd: bool = False


def period(first: int) -> str:
    """The business year that begins in the year ``first``: ``period(2015) == "2015-2016"``."""
    return f"{first}-{first + 1}"


def find_periods(text: str) -> Iterator[tuple[str, int, int]]:
    """Every business year in ``text`` as (period, start, end).

    Short years ("15/16") are of this century; years that do not follow each other ("2016/07") are no period.
    """
    for match in _YEARS.finditer(text):
        first, last = match[1], match[2]
        if len(first) == 2 and len(last) == 4:
            continue
        begin = int(first) if len(first) == 4 else 2000 + int(first)
        end = int(last) if len(last) == 4 else begin - begin % 100 + int(last)
        if end < begin and len(last) == 2:
            end += 100
        if end == begin + 1:
            yield period(begin), match.start(), match.end()


@dataclass(frozen=True)
class HeadingPeriod:
    """What a column heading says of time: a ``period``, or a ``quarter`` of a year not printed there (0: none).

    ``rest`` are its other words.
    """

    period: str
    quarter: int
    rest: str


def quarters_in(text: str) -> list[int]:
    """The number of every quarter that ``text`` names: "Q2", "quarter 2", "2nd quarter", "Qtr 2"."""
    return [int(found[1] or found[2]) for found in _QUARTER.finditer(text)]


def period_in_heading(text: str) -> HeadingPeriod | None:
    """The year or quarter that a column heading names; None where it names none, or a month or day."""
    words = " ".join(text.split())
    of_months, begin, words = _months_of_a_quarter(words)
    number = 0
    if (months := _FROM_APRIL.search(words)) and int(months[2]) == int(months[1]) + 1:
        words = words.replace(months.group(), f"{months[1]}/{months[2]}")
    if numbered := _QUARTER.search(words):
        number = int(numbered[1] or numbered[2])
        words = _around(words, numbered.start(), numbered.end())
    year = next(find_periods(words), None)
    calendar = None if year else _CALENDAR.search(words)
    if year or calendar:
        start, end = (year[1], year[2]) if year else (calendar.start(), calendar.end()) if calendar else (0, 0)
        words = _around(words, start, end)
    if re.search(rf"\b(?:{_MONTH})\b", words, re.IGNORECASE) or not (year or calendar or number or of_months):
        return None
    rest = _OF_TIME.sub(" ", words).strip(" -–:/,&().*'")
    if year:
        quarter = number or of_months
        return HeadingPeriod(f"{year[0]}-q{quarter}" if quarter else year[0], 0, rest)
    first = begin or int(calendar[0] if calendar else 0)
    if of_months and first and number != of_months % 4 + 1:
        # Three months of a named year are a quarter of both kinds; the financial one is what plans report by.
        return HeadingPeriod(f"{period(first - (of_months == 4))}-q{of_months}", 0, rest)
    if first:
        return HeadingPeriod(f"{first}-q{number}" if number else str(first), 0, rest)
    return HeadingPeriod("", number or of_months, rest)


def in_year(quarter: int, year: str) -> str:
    """The quarter of a year: ``in_year(2, "2024-2025") == "2024-2025-q2"``."""
    return f"{year}-q{quarter}"


def _months_of_a_quarter(words: str) -> tuple[int, int, str]:
    """The quarter of a financial year that three months make, their calendar year (0: not printed), other words."""
    found = _THREE_MONTHS.search(words)
    if found is None:
        return 0, 0, words
    first, last = (_MONTHS_BY_NAME[found[name][:3].lower()] for name in ("first", "last"))
    if last != first + 2 or first % 3 != 1:
        return 0, 0, words
    year = found["year"] or found["begin"] or ""
    begin = int(year) + (2000 if len(year) == 2 else 0) if year else 0
    return (first - 4) % 12 // 3 + 1, begin, _around(words, found.start(), found.end())


def _around(words: str, start: int, end: int) -> str:
    return f"{words[:start]} {words[end:]}"


_SPAN = re.compile(r"(?<!\d)(20\d\d)\s*(?:[-–/]|to)\s*(20\d\d|\d\d)(?!\d)", re.IGNORECASE)


def span_in(text: str) -> tuple[str, str] | None:
    """The first and last financial year that a title names: "2024-27" is 2024-2025 to 2026-2027; None: no such."""
    match = _SPAN.search(text)
    if match is None:
        return None
    first = int(match[1])
    last = int(match[2]) if len(match[2]) == 4 else first - first % 100 + int(match[2])
    return (period(first), period(last - 1)) if first < last <= first + 20 else None


def find_dates(text: str) -> Iterator[Date]:
    """Every date in ``text`` that names at least a month, in order; a day that no calendar has is none."""
    found = []
    for match in _DATE.finditer(text):
        year = match["year"] or f"20{match['short'] or match['behind']}"
        value = f"{year}-{_MONTHS_BY_NAME[match['month'][:3].lower()]:02d}"
        if match["day"] and 1 <= int(match["day"]) <= 31:
            value += f"-{int(match['day']):02d}"
        found.append(Date(value, match.start(), match.end()))
    found += [
        Date(f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}", match.start(), match.end())
        for match in _NUMERIC_DATE.finditer(text)
        if 1 <= int(match[2]) <= 12 and 1 <= int(match[1]) <= 31
    ]
    found += [
        Date(match.group(), match.start(), match.end())
        for match in _ISO_DATE.finditer(text)
        if 1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= 31
    ]
    years = {(start, end) for _, start, end in find_periods(text)}
    found += [
        Date(f"{match[1]}-{match[2]}", match.start(), match.end(), odd=True)
        for match in _ODD_MONTH.finditer(text)
        if (match.start(), match.end()) not in years and 1 <= int(match[2]) <= 12
    ]
    return iter(sorted((each for each in found if _exists(each.value)), key=lambda each: each.start))


def _exists(value: str) -> bool:
    try:
        date.fromisoformat(value if value.count("-") == 2 else f"{value}-01")
    except ValueError:
        return False
    return True
