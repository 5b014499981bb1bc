"""Refuse what a query from outside may not do, before the engine sees it: one pass over its tokens.

The tokens are those of the SPARQL grammar, but Oxigraph reads without tokens: what `<` begins, an IRI or a comparison,
it decides by what follows, and a keyword needs no blank around it. So SERVICE is refused as any part of a word or a
prefix, and anywhere but in a variable after a `<` that may begin an IRI with a comment's or a string's sign in it. A
keyword with an escape in it is a syntax error there (a test watches that). The limit on depth is to spare a worker,
not exact. Imports nothing of ours, so that a worker process starts fast.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 1_000_000
"""Characters of a query."""
DEEPEST: Final = 150
"""Brackets within brackets, and unary words in a row; Oxigraph's parser dies at about 1,000."""

_FORBIDDEN: Final = {
    "SERVICE": "SERVICE asks another server, and this one asks nobody",
    "LOAD": "updates are not taken here",
    "INSERT": "updates are not taken here",
    "DELETE": "updates are not taken here",
    "CLEAR": "updates are not taken here",
    "DROP": "updates are not taken here",
}
# The grammar's PN_CHARS_BASE, PN_CHARS_U and PN_CHARS without its hyphen; \w is another set.
_BASE: Final = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_FIRST: Final = _BASE + "_"
_LATER: Final = _FIRST + r"0-9\u00B7\u0300-\u036F\u203F\u2040"
_ESCAPE: Final = r"%[0-9A-Fa-f]{2}|\\[^\w\s]|\\_"
_TOKEN: Final = re.compile(
    rf"""
    (?P<skip>\#[^\n\r]*)                                            # a comment
  | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*'''
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
  | (?P<iri><[A-Za-z][A-Za-z0-9+.-]*://[^<>"{{}}|^`\\\x00-\x20]*>)   # no comparison goes on with ://
  | (?P<unsure><(?=[^<>\x00-\x20]*>)(?=[^<>\x00-\x20\#'"\\]*[\#'"\\]))
  | (?P<variable>[?$][{_FIRST}0-9][{_LATER}]* | @[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<name>(?P<prefix>(?:[{_BASE}](?:\.*+[{_LATER}-])*+)?):
      (?:(?:[{_FIRST}0-9:]|{_ESCAPE})(?:\.*+(?:[{_LATER}:-]|{_ESCAPE}))*+)?)
  | (?P<blank>_:[{_FIRST}0-9](?:\.*+[{_LATER}-])*+)
  | (?P<word>[^\W\d]\w*)
  | (?P<open>[(\[{{])
  | (?P<close>[)\]}}])
  | (?P<unary>[!+-])
  | (?P<other>\\. | [^\s])                                         # what stands after a backslash begins nothing
    """,
    re.VERBOSE | re.DOTALL,
)
# Oxigraph needs no blank around a keyword (trueSERVICE:x), so any part of a word is one; a variable's name is none.
_RAW_SERVICE: Final = re.compile("(?<![?$])SERVICE", re.IGNORECASE)


class Refused(Exception):
    """Why a query is not tried, in one sentence."""


def check(sparql: str, longest: int = LONGEST, deepest: int = DEEPEST) -> None:
    """Raise Refused for a query that is too long, too deep, asks another server or is an update."""
    if len(sparql) > longest:
        raise Refused(f"The query is too long: {len(sparql):,} characters, and {longest:,} are taken.")
    depth = unary = 0
    unsure = False
    for token in _TOKEN.finditer(sparql):
        kind = token.lastgroup
        if kind == "skip":
            continue
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        if depth > deepest:
            raise Refused(f"The query is too deep: more than {deepest} brackets within brackets.")
        unary = unary + 1 if kind == "unary" or _chains(token.group()) else 0
        if unary > deepest:
            raise Refused(f"The query is too deep: more than {deepest} signs or NOTs in a row.")
        if kind == "word" and (word := token.group().upper()) in _FORBIDDEN:
            raise _forbidden(word, sparql, token.start())
        part = token["prefix"] if kind == "name" else token.group() if kind == "word" else ""
        if service := _RAW_SERVICE.search(part):
            raise _forbidden("SERVICE", sparql, token.start() + service.start())
        if kind == "unsure" and not unsure:
            unsure = True
            # From here on the engine may read strings and comments where none are seen, and the other way round.
            if service := _RAW_SERVICE.search(sparql, token.start()):
                raise _forbidden("SERVICE", sparql, service.start())


def _forbidden(word: str, sparql: str, position: int) -> Refused:
    line = sparql.count("\n", 0, position) + 1
    return Refused(f"{word} in line {line} is not allowed: {_FORBIDDEN[word]}.")


def _chains(word: str) -> bool:
    return word.upper() in ("NOT", "EXISTS", "MINUS")
