"""A number of a workbook as its format prints it; dates so that day and month cannot be taken for each other."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

BUILT_IN: Final = {
    0: "General", 1: "0", 2: "0.00;-0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "0.0E+0", 49: "@",
} | dict.fromkeys((27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "dd/mm/yyyy")  # fmt: skip
MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                 "November", "December")  # fmt: skip
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)(?:-[^\]]*)?\]|\[[^\]]*\]')
_DIGITS = re.compile(r"[0#?][0#?,]*(?:\.[0#?]*)?|\.[0#?]+")


@dataclass(frozen=True)
class Printed:
    """What a cell prints. ``date`` says that it is one; ``partly`` that the sheet shows only a part of it."""

    words: str
    date: bool = False
    partly: bool = False


def printed(value: float, form: str, *, since_1904: bool = False) -> Printed:
    """``value`` as a cell of the format ``form`` prints it."""
    sections = _sections(form)
    section = sections[0]
    negative = value < 0
    if negative and len(sections) > 1:
        section, value = sections[1], -value
        negative = False
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    kind = _kind(section)
    if kind == "general":
        return Printed(general(-value if form.count(";") and section != sections[0] else value))
    if kind == "date":
        return _date(value, section, since_1904)
    return Printed(("-" if negative else "") + _number(abs(value), section))


def general(value: float) -> str:
    """A number as it is printed without a format: no more digits than were typed."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    words = f"{value:.10f}".rstrip("0") if 1e-9 < abs(value) < 1e11 else f"{value:.6g}"
    return words.rstrip(".")


@lru_cache(1000)
def _sections(form: str) -> tuple[str, ...]:
    parts = re.findall(r'(?:"[^"]*"|\\.|[^;"\\]|["\\])+', form)
    return tuple(parts) or ("General",)


@lru_cache(1000)
def _kind(section: str) -> str:
    bare = _LITERAL.sub(lambda found: "h" if re.fullmatch(r"\[[hms]+\]", found[0], re.IGNORECASE) else "", section)
    if "general" in bare.lower() or bare.strip() == "@":
        return "general"
    if re.search(r"[0#?]", bare) and not re.search(r"[dyhs]", bare, re.IGNORECASE):
        return "number"
    return "date" if re.search(r"[dmyhs]", bare, re.IGNORECASE) else "number"


def _literal(found: re.Match[str]) -> str:
    return found[1] or found[2] or found[3] or ""


def _number(value: float, section: str) -> str:
    bare = _LITERAL.sub("", section)
    found = _DIGITS.search(bare)
    if found is None:
        return _LITERAL.sub(_literal, section).strip()
    if "/" in bare:
        return general(value)
    if re.search(r"[0#]E[+-]", bare):
        decimals = len(re.sub(r"[^0#]", "", bare.partition(".")[2].partition("E")[0]))
        return f"{value:.{decimals}E}"
    if "%" in bare:
        value *= 100
    digits = found[0]
    whole, _, fraction = digits.partition(".")
    if whole.endswith(","):
        value /= 1000 ** (len(whole) - len(whole.rstrip(",")))
        whole = whole.rstrip(",")
    must = fraction.count("0")
    words = f"{value:,.{len(fraction)}f}" if "," in whole else f"{value:.{len(fraction)}f}"
    if len(fraction) > must:
        head, _, tail = words.partition(".")
        tail = tail[:must] + tail[must:].rstrip("0")
        words = f"{head}.{tail}" if tail else head
    head, dot, tail = words.partition(".")
    words = head.rjust(whole.count("0"), "0") + dot + tail
    marked = _LITERAL.sub(lambda one: "\ue000" + _literal(one).translate(_APART) + "\ue001", section)
    marked = _DIGITS.sub(lambda _: words, marked, count=1) if _DIGITS.search(marked) else words
    marked = re.sub(r"(?<![\d.])[#?]+", "", marked)
    return marked.translate(_TOGETHER).replace("\ue000", "").replace("\ue001", "").strip()


# Literal digits and marks must not be taken for places of the number.
_APART: Final = {ord(mark): 0xE100 + ord(mark) for mark in "0#?.,"}
_TOGETHER: Final = {code: mark for mark, code in _APART.items()}


def _date(value: float, section: str, since_1904: bool) -> Printed:
    bare = _LITERAL.sub("", section).lower()
    if re.search(r"\[[hms]+\]", section.lower()):
        minutes = round(value * 24 * 60)
        return Printed(f"{minutes // 60}:{minutes % 60:02d}")
    moment = moment_of(value, since_1904)
    if moment is None:
        return Printed(general(value))
    clock = f"{moment.hour:02d}:{moment.minute:02d}" if re.search(r"[hs]", bare) else ""
    no_clock = re.sub(r"(?:am/pm|a/p)", "", bare)
    no_clock = re.sub(r"h+[^a-z]*m+|m+[^a-z]*s+", "", no_clock)
    day, month, year = "d" in no_clock, "m" in no_clock, "y" in no_clock
    if not (day or month or year):
        return Printed(clock or general(value))
    if year and not day:
        words = f"{MONTHS[moment.month - 1]} {moment.year}" if month else str(moment.year)
        return Printed(words, date=True, partly=month)
    words = f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"
    # A day that was typed is kept as its midnight; nobody means that hour.
    clock = "" if clock == "00:00" else clock
    return Printed(f"{words} {clock}".strip(), date=True, partly=not (day and month and year))


def moment_of(value: float, since_1904: bool) -> datetime | None:
    """The moment a serial number stands for, or None where it stands for none."""
    if not 0 <= value < 2_958_466:
        return None
    if since_1904:
        return datetime(1904, 1, 1) + timedelta(days=value)  # noqa: DTZ001  a sheet knows no zone
    # Excel counts a 29 February 1900 that never was.
    start = datetime(1899, 12, 30) if value >= 60 else datetime(1899, 12, 31)  # noqa: DTZ001
    return start + timedelta(seconds=round(value * 86_400))
