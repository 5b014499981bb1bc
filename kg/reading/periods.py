"""Printed years, months and dates: "15/16", "FY2012/13", "July 2016" become periods and dates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
_DATE = re.compile(rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?\s+)?\b({_MONTH})\.?\s+(\d{{4}})\b", re.IGNORECASE)
_NUMERIC_DATE = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")
_FROM_APRIL = re.compile(r"Apr(?:il)?\s+(\d{4})\s*(?:to|[-–])\s*Mar(?:ch)?\s+(\d{4})", re.IGNORECASE)
"""A financial year in calendar months: "April 2023 to March 2024"."""
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


def before(name: str) -> str:
    """The period before: ``before("2015-2016") == "2014-2015"``."""
    return period(int(name[:4]) - 1)


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


def as_period(text: str) -> str | None:
    """The period that ``text`` prints and nothing else, as in a column heading; None otherwise."""
    words = text.strip().strip("*:").strip()
    if (months := _FROM_APRIL.fullmatch(words)) and int(months[2]) == int(months[1]) + 1:
        return period(int(months[1]))
    found = list(find_periods(words))
    if len(found) == 1 and found[0][1] == 0 and found[0][2] == len(words):
        return found[0][0]
    return None


def find_dates(text: str) -> Iterator[Date]:
    """Every date in ``text`` that names at least a month, in order."""
    found = []
    for match in _DATE.finditer(text):
        month = next(n for n, name in enumerate(_MONTHS, 1) if name[:3].lower() == match[2][:3].lower())
        value = f"{match[3]}-{month:02d}"
        if match[1] and 1 <= int(match[1]) <= 31:
            value += f"-{int(match[1]):02d}"
        found.append(Date(value, match.start(), match.end()))
    found += [
        Date(f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}", match.start(), match.end())
        for match in _NUMERIC_DATE.finditer(text)
        if 1 <= int(match[2]) <= 12 and 1 <= int(match[1]) <= 31
    ]
    years = {(start, end) for _, start, end in find_periods(text)}
    found += [
        Date(f"{match[1]}-{match[2]}", match.start(), match.end(), odd=True)
        for match in _ODD_MONTH.finditer(text)
        if (match.start(), match.end()) not in years and 1 <= int(match[2]) <= 12
    ]
    return iter(sorted(found, key=lambda date: date.start))
