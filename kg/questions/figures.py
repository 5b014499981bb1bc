"""How a figure of an indicator is written: with the sign and the mark of its unit, as the documents print it."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from kg.prefixes import PREFIXES

_FORMATS: Final = {f"{PREFIXES['code']}unit-percent-change": "{:+g}%", f"{PREFIXES['code']}unit-percent": "{:g}%"}


def figure(value: float | Decimal, unit: str | None) -> str:
    """A figure as printed, `unit` being the IRI of its code: a change of 73 is "+73%", of no stated unit "73"."""
    return _FORMATS.get(unit or "", "{:g}").format(value)
