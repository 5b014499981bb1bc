"""Refuse what a query from outside may not do, before the engine sees it: one pass over its tokens.

Exact for Oxigraph, which takes keywords only as plain letters: an escaped keyword is a syntax error there (a test
watches that). Imports nothing of ours, so that a worker process starts fast.
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
_TOKEN: Final = re.compile(
    r"""
    (?P<skip>\#[^\n\r]*)                                            # a comment
  | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*'''
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<variable>[?$]\w+ | @[A-Za-z-]+)
  | (?P<name>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:(?:[\w:-]|%[0-9A-Fa-f]{2}|\\[^\w\s])*(?:[\w:.-]*[\w:-])?)
  | (?P<blank>_:\w(?:[\w.-]*[\w-])?)
  | (?P<word>[^\W\d]\w*)
  | (?P<open>[(\[{])
  | (?P<close>[)\]}])
  | (?P<unary>[!+-])
  | (?P<other>[^\s])
    """,
    re.VERBOSE | re.DOTALL,
)


class Refused(Exception):
    """Why a query is not tried, in one sentence."""


def check(sparql: str, longest: int = LONGEST, deepest: int = DEEPEST) -> None:
    """Raise Refused for a query that is too long, too deep, asks another server or is an update."""
    if len(sparql) > longest:
        raise Refused(f"The query is too long: {len(sparql):,} characters, and {longest:,} are taken.")
    depth = unary = 0
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
        if kind == "word" and token.group().upper() in _FORBIDDEN:
            word = token.group().upper()
            line = sparql.count("\n", 0, token.start()) + 1
            raise Refused(f"{word} in line {line} is not allowed: {_FORBIDDEN[word]}.")


def _chains(word: str) -> bool:
    return word.upper() in ("NOT", "EXISTS", "MINUS")
