"""Terms into a query: a parameter is a line `VALUES ?name { ... }` of its own, what is given stands in the braces."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

UNDEF: Final = "UNDEF"
_LINE: Final = re.compile(r"^[ \t]*VALUES \?(\w+) \{ ?(.*?) ?\}[ \t]*$", re.MULTILINE)
_ILLEGAL_IN_IRI: Final = re.compile(r'[\x00-\x20<>"{}|\\^`]')
_ESCAPED: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def defaults(sparql: str) -> dict[str, str]:
    """The parameters of a query and what is asked where nothing is given (UNDEF: anything)."""
    return {found[1]: found[2] for found in _LINE.finditer(sparql)}


def bind(sparql: str, terms: Mapping[str, Sequence[str]]) -> str:
    """The query with the serialised terms of each parameter in its VALUES line.

    A line that may be anything (UNDEF) and gets no term is taken out: the engine then plans without it. Raises
    ValueError for a term whose parameter has no line, because it would be silently ignored.
    """
    unknown = set(terms) - set(defaults(sparql))
    if unknown:
        raise ValueError(f"the query has no VALUES line for {', '.join(sorted(unknown))}")

    def line(found: re.Match[str]) -> str:
        given = terms.get(found[1])
        if given:
            return f"VALUES ?{found[1]} {{ {' '.join(given)} }}"
        return "" if found[2] == UNDEF else found[0]

    return _LINE.sub(line, sparql)


def iri(address: str) -> str:
    """An IRI as SPARQL writes it. Raises ValueError where it holds what no IRI may."""
    if _ILLEGAL_IN_IRI.search(address):
        raise ValueError("an address holds no spaces, quotes or brackets")
    return f"<{address}>"


def literal(words: str) -> str:
    """A text as SPARQL writes it."""
    return f'"{words.translate(_ESCAPED)}"'
