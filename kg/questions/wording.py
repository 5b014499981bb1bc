"""How facts are put in words: a figure with its sign and unit, a date, a number with its noun, names in a list."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from kg.prefixes import PREFIXES

_FORMATS: Final = {f"{PREFIXES['code']}unit-percent-change": "{:+g}%", f"{PREFIXES['code']}unit-percent": "{:g}%"}

_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


# What makes a spreadsheet compute, or run, what a cell says: blanks and control characters before it are skipped there.
_COMMANDING: Final = re.compile("[\\x00-\\x20\\xa0]*[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20]|[\\t\\r]")


def harmless(words: str) -> str:
    """The words as a spreadsheet may hold them: no text is taken for a formula."""
    return f"'{words}" if _COMMANDING.match(words) else words


def legal(words: str) -> str:
    """The words without what XML, and so a workbook, a Word document or a picture, cannot hold."""
    return _ILLEGAL.sub("", words)


def figure(value: float | Decimal, unit: str | None) -> str:
    """A figure as printed, `unit` being the IRI of its code: a change of 73 is "+73%", of no stated unit "73"."""
    return _FORMATS.get(unit or "", "{:g}").format(value)


def date_in_words(date: str) -> str:
    """A date or a month in words: 2016-07 is July 2016."""
    parts = [int(part) for part in date.split("-") if part.isdigit()]
    if not 2 <= len(parts) <= 3 or not 1 <= parts[1] <= 12:
        return date
    month = f"{calendar.month_name[parts[1]]} {parts[0]}"
    return f"{parts[2]} {month}" if len(parts) == 3 else month


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 action", "4 actions", "2 bodies"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: "A, B and C"; of no names nothing."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
