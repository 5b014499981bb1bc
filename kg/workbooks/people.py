"""Finds what may name or reach a person in a text: such words are never kept."""

from __future__ import annotations

import re
from typing import Final

_FORMS: Final = (
    ("an e-mail address", re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")),
    ("a telephone number", re.compile(r"(?<![\w/.-])(?:\+44|0)(?:[\s-]?\d){9,10}(?![\w/.-])")),
    (
        "a person's name",
        re.compile(
            r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Cllr|Councillor|Sir|Dame|PC|PCSO|DC|DS|DI|DCI|Sgt|Sergeant|"
            r"Inspector|Insp|Supt|Superintendent)\b\.?(?:\s+\d+)?\s+[A-Z][\w'’-]+"
        ),
    ),
    (
        "a person's name",
        re.compile(r"\b(?:[Cc]ontact|[Ss]poken? to|[Ss]aid by|[Aa]sk)\s+[A-Z][a-z]+\s[A-Z][a-z]+"),
    ),
)


def person_in(words: str) -> str:
    """What in a text looks like a person ("an e-mail address"), or "" where nothing does.

    A guard against slips, not a proof: a name alone between other words is not recognised.
    """
    return next((called for called, form in _FORMS if form.search(words)), "")
