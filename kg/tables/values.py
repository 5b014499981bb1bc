"""What one cell of a table may hold: how it is read, checked and written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator

SEPARATOR: Final = " | "
"""What stands between the parts of a list in one cell."""

PERIOD: Final = re.compile(r"(\d{4})(?:-(\d{4}))?(?:-q([1-4]))?", re.ASCII)
"""A financial year 2024-2025, a calendar year 2024, or a quarter of one: 2024-2025-q1, 2024-q1."""
_SLUG: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_REFERENCE: Final = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_COUNT: Final = r"[1-9][0-9]*"
_PRIORITY: Final = rf"sp/{_REFERENCE}"
_DELIVERY: Final = rf"{_PRIORITY}/dp/{_REFERENCE}"
_IMPROVEMENT: Final = rf"{_DELIVERY}/improvement/{_COUNT}"
_ACTION: Final = rf"action/{_REFERENCE}"
# What an element path looks like, by the kind of thing it leads to.
_ELEMENTS: Final = {
    "plan": re.compile("plan"),
    "strategic priority": re.compile(_PRIORITY),
    "delivery priority": re.compile(_DELIVERY),
    "improvement": re.compile(_IMPROVEMENT),
    "indicator": re.compile(rf"{_DELIVERY}/indicator/{_SLUG}"),
    "action": re.compile(_ACTION),
    "step": re.compile(rf"(?:{_ACTION}|{_IMPROVEMENT})/step/{_COUNT}"),
    "status": re.compile(rf"{_ACTION}/status/{PERIOD.pattern}", re.ASCII),
    "measure": re.compile(rf"{_ACTION}/measure/{_COUNT}"),
}
_CELL: Final = re.compile(r"(?:L(\d{3,})|([a-z0-9-]+)-R(\d+))-([a-z0-9-]+)", re.ASCII)
# The columns of a plan document as the ontology names them; beside them, one for each period, alone or with what it
# says of that period behind it.
_COLUMNS: Final = frozenset(
    {
        "delivery-priority", "ref-no", "activity", "lead-partners", "expected-outcome", "improvement-actions",
        "heading", "footer", "priority", "supporting-partners", "measure", "timescale", "status", "rag", "progress",
        "owner", "resources", "comments",
    }
)  # fmt: skip
_OF_A_PERIOD: Final = ("rag", "progress", "status", "target", "actual")


@dataclass(frozen=True)
class CodeOf:
    """Marks a column whose values are codes with this prefix, such as `status` for `status-ongoing`."""

    prefix: str


@dataclass(frozen=True)
class NameOf:
    """Marks a column of names or ids that the register knows.

    `kinds` are the kinds of thing they may name. `codes` is the prefix of codes that may stand there instead,
    `elements` says whether element paths of the plan may.
    """

    kinds: tuple[str, ...]
    codes: str = ""
    elements: bool = False


@dataclass(frozen=True)
class CellId:
    """A cell of a document: its line (row, in a workbook), its column, and in a workbook its sheet."""

    line: int
    column: str
    sheet: str = ""


@lru_cache(maxsize=65_536)
def parse_cell(id_: str) -> CellId:
    """The cell that `L087-activity` or `{sheet}-R12-activity` names. Raises ValueError with a sentence."""
    found = _CELL.fullmatch(id_)
    if found is None:
        raise ValueError(f'"{id_}" is not a cell written like L087-activity')
    cell = CellId(int(found[1] or found[3]), found[4], found[2] or "")
    if cell.line == 0:
        raise ValueError(f'"{id_}" names line 0, and lines count from 1')
    if cell.column not in _COLUMNS and not period_column(cell.column):
        raise ValueError(f'"{id_}" names no column of a plan: {", ".join(sorted(_COLUMNS))}, or a year')
    return cell


@lru_cache(maxsize=65_536)
def element_kind(path: str) -> str:
    """What an element path leads to: "action" for `action/2.10`. Raises ValueError with a sentence."""
    for kind, form in _ELEMENTS.items():
        if form.fullmatch(path):
            return kind
    raise ValueError(f'"{path}" is not an element written like action/2.10, sp/1/dp/2 or plan')


@lru_cache(maxsize=1_000)
def period_column(column: str) -> tuple[str, str] | None:
    """A column's period and what it says of it: ("2024-2025-q1", "rag"), ("2024-2025", ""); None for any other."""
    found = re.fullmatch(rf"({PERIOD.pattern})(?:-({'|'.join(_OF_A_PERIOD)}))?", column, re.ASCII)
    return (found[1], found[5] or "") if found and _is_period(found[1]) else None


def _is_period(words: str) -> bool:
    found = PERIOD.fullmatch(words)
    return found is not None and (found[2] is None or int(found[2]) == int(found[1]) + 1)


def period_label(period: str) -> str:
    """A period as people write it: 2015/16, 2024, 2024/25 Q1, 2024 Q1."""
    found = PERIOD.fullmatch(period)
    if found is None:
        raise ValueError(f'"{period}" is not a period')
    year = f"{found[1]}/{found[2][2:]}" if found[2] else found[1]
    return f"{year} Q{found[3]}" if found[3] else year


def is_financial_year(period: str) -> bool:
    """Whether a period is a financial year: 2024-2025, not 2024 and no quarter."""
    found = PERIOD.fullmatch(period)
    return found is not None and bool(found[2]) and not found[3]


def year_of(period: str) -> str:
    """The year a quarter is part of, 2024-2025 for 2024-2025-q1; a year is its own."""
    return re.sub(r"-q\d$", "", period)


def year_before(period: str) -> str:
    """The same period a year before: 2014-2015 for 2015-2016, 2023-q1 for 2024-q1."""
    return re.sub(r"\d{4}", lambda year: str(int(year[0]) - 1), period)


def years_between(first: str, last: str) -> list[str]:
    """All periods of the kind of `first` from it to `last`; `last` may be blank, then it is `first` alone.

    Raises ValueError where the two are of different kinds.
    """
    periods, last = [first], last or first
    if [bool(part) for part in _parts(first)] != [bool(part) for part in _parts(last)]:
        raise ValueError(f"{first} and {last} are periods of different kinds")
    while _parts(periods[-1]) < _parts(last):
        periods.append(_after(periods[-1]))
    return periods


def _parts(period: str) -> tuple[int, ...]:
    """First year, second year and quarter, nought where there is none."""
    found = PERIOD.fullmatch(period)
    return tuple(int(part or 0) for part in found.groups()) if found else ()


def _after(period: str) -> str:
    quarter = _parts(period)[2]
    if quarter and quarter < 4:
        return f"{period[:-1]}{quarter + 1}"
    year = re.sub(r"\d{4}", lambda each: str(int(each[0]) + 1), year_of(period))
    return f"{year}-q1" if quarter else year


def coded(row: BaseModel) -> Iterator[tuple[str, str, str]]:
    """Each (column, prefix, value) of a row where the column holds codes and nothing else."""
    for column, mark in _marked(type(row), CodeOf):
        for value in _each(getattr(row, column)):
            yield column, mark.prefix, value


def named(row: BaseModel) -> Iterator[tuple[str, NameOf, str]]:
    """Each (column, mark, value) of a row where the column holds names of the register."""
    for column, mark in _marked(type(row), NameOf):
        for value in _each(getattr(row, column)):
            yield column, mark, value


@cache
def _marked(row_type: type[BaseModel], mark_type: type) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (column, mark)
        for column, info in row_type.model_fields.items()
        for mark in info.metadata
        if isinstance(mark, mark_type)
    )


def _each(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if value else ()


def as_cell(value: object) -> str:
    """A value as a CSV cell writes it; a line ends with a line feed, because a bare return would end the row."""
    if isinstance(value, tuple):
        return SEPARATOR.join(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    words = str(value)
    return re.sub(r"\r\n?", "\n", words) if "\r" in words else words


# --- how a cell is read: from text, or from the value itself where a program made the row ---------------------


def required(value: object) -> object:
    """Refuse a blank."""
    if (value.strip() if isinstance(value, str) else value) in ("", (), None):
        raise ValueError("nothing stands here, and something must")
    return value


def written_like(pattern: str, example: str) -> BeforeValidator:
    """Refuse text of another form; a blank passes."""
    form = re.compile(pattern, re.ASCII)

    def check(value: object) -> object:
        if isinstance(value, str) and value.strip() and not form.fullmatch(value.strip()):
            raise ValueError(f'"{value.strip()}" is not written like {example}')
        return value

    return BeforeValidator(check)


def _listed(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(SEPARATOR.strip()) if part.strip())
    return value


def _listed_by(check: Callable[[str], object]) -> Callable[[object], object]:
    def read(value: object) -> object:
        listed = _listed(value)
        for part in listed if isinstance(listed, tuple) else ():
            check(part)
        return listed

    return read


def _whole(value: object) -> object:
    if isinstance(value, str) and value.strip() and not re.fullmatch(_COUNT, value.strip()):
        raise ValueError(f'"{value.strip()}" is not a whole number from 1 on')
    return value


def _figure(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.strip() == "":
        return None
    # Not all that Decimal takes: xsd:decimal knows neither 1e3 nor NaN.
    if not re.fullmatch(r"-?\d+(?:\.\d+)?", value.strip(), re.ASCII):
        raise ValueError(f'"{value.strip()}" is not a number (write 73 or -12, without a plus or percent sign)')
    return Decimal(value.strip())


def _truth(value: object) -> object:
    words: dict[object, bool | None] = {"true": True, "false": False, "": None}
    if isinstance(value, str) and value.strip() not in words:
        raise ValueError(f'"{value.strip()}" is neither true nor false')
    return words[value.strip()] if isinstance(value, str) else value


def _period(value: object) -> object:
    if isinstance(value, str) and value.strip() and not _is_period(value.strip()):
        raise ValueError(
            f'"{value.strip()}" is not a financial year written like 2015-2016, '
            "nor a calendar year like 2016, nor a quarter like 2015-2016-q1"
        )
    return value


def _due(value: object) -> object:
    if isinstance(value, str) and value.strip():
        words = value.strip()
        try:
            date.fromisoformat(f"{words}-01" if len(words) == len("2016-07") else words)
        except ValueError:
            raise ValueError(f'"{words}" is not a date written like 2016-07-31 or 2016-07') from None
    return value


def _element(value: object) -> object:
    if isinstance(value, str) and value.strip():
        element_kind(value.strip())
    return value


# Validators run from the right to the left: the form is looked at first, then whether anything stands there.
Required = BeforeValidator(required)
Text = Annotated[str, Required]
Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Whole = Annotated[int, Required, BeforeValidator(_whole)]
Figure = Annotated[Decimal | None, BeforeValidator(_figure)]
Truth = Annotated[bool | None, BeforeValidator(_truth)]
Period = Annotated[str, BeforeValidator(_period)]
Due = Annotated[str, BeforeValidator(_due)]
Element = Annotated[str, Required, BeforeValidator(_element)]
Identifier = Annotated[str, Required, written_like(_REFERENCE, "2.10")]
Slug = Annotated[str, Required, written_like(_SLUG, "gun-discharges")]
RegisterId = Annotated[
    str,
    Required,
    written_like(
        rf"(?:{_SLUG}/)?(?:org|plan|place|initiative)/{_SLUG}(?:/section/{_SLUG})?",
        "hackney/org/young-hackney",
    ),
]
Checksum = Annotated[str, written_like(r"[0-9a-f]{64}", "64 hexadecimal digits")]
Sha256 = Annotated[str, Required, written_like(r"[0-9a-f]{64}", "64 hexadecimal digits")]
Version = Annotated[str, written_like(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?", "2016-03")]
Cells = Annotated[tuple[str, ...], Required, BeforeValidator(_listed_by(parse_cell))]
CERTAINTIES: Final = ("cert-stated", "cert-normalised", "cert-inferred", "cert-ambiguous")
"""How certain a row may be, the surest first."""
Certainty = Annotated[str, Required, CodeOf("cert")]
