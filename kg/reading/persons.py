"""Persons' names, addresses and telephone numbers are taken out of a document before anything else reads it."""

import re
from collections.abc import Iterator
from dataclasses import replace

from kg.documents import Cell, Document
from kg.reading.report import Doubt
from kg.reading.rules import Rules

WITHHELD = "[name withheld]"
_EMAIL = r"(?:mailto:)?[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"
_TELEPHONE = r"(?<![\w.])(?:\+44\s?|0)\d(?:[\s-]?\d){8,9}(?!\d)"
_BREAK = r"(?:\s|&nbsp;|</?(?:p|br|li|b|i)\b[^<>]*>)"
_SURNAME = r"[A-Z][a-z'’]+(?:-[A-Z][a-z'’]+)*|O['’][A-Z][a-z]+"
_GIVEN = rf"(?:[A-Z]\.?|{_SURNAME})"
_MOST_WORDS = 4


def withheld(document: Document, rules: Rules) -> tuple[Document, list[Doubt]]:
    """``document`` with "[name withheld]" where a person is named, and a doubt for each cell it was done in."""
    names = _pattern(rules)
    doubts: list[Doubt] = []

    def hide(cell: Cell) -> Cell:
        html, count = names.subn(WITHHELD, cell.html)
        if not count:
            return cell
        hidden = replace(cell, html=html)
        sentence = "held the name, address or number of a person; it is kept nowhere."
        doubts.append(Doubt(cell.line, "", hidden.words, sentence, cell.sheet, kind="withheld"))
        return hidden

    rows = tuple(replace(row, cells=tuple(hide(cell) for cell in row.cells)) for row in document.rows)
    notes = tuple(replace(n, kept=names.sub(WITHHELD, n.kept), sentence=names.sub(WITHHELD, n.sentence))
                  for n in document.notes)  # fmt: skip
    return replace(document, rows=rows, notes=notes), doubts


def is_post(words: str, rules: Rules) -> bool:
    """Whether the words name a post: one of the words of posts.csv stands in them."""
    return any(post.search(words) for post in rules.posts)


def may_be_a_person(words: str) -> bool:
    """Whether the words are nothing but two to four capitalised words, as a name is."""
    parts = words.split()
    return 2 <= len(parts) <= _MOST_WORDS and all(re.fullmatch(_GIVEN, part) for part in parts)


def _pattern(rules: Rules) -> re.Pattern[str]:
    titles = "|".join(re.escape(title) for title in rules.titles)
    posts = "|".join(re.escape(post) for post in rules.post_words)
    titled = rf"\b(?:{titles})\.?\s+(?:{_GIVEN}\s+){{0,2}}(?:{_SURNAME})\b"
    # "Jo Example, Head of Licensing", "J. Example (Licensing Manager)": what stands before a post.
    before_a_post = (
        rf"(?<![\w-])(?<![A-Za-z]\s)(?!(?:{posts})\b)(?:{_GIVEN}\s+){{1,2}}(?!(?:{posts})\b)(?:{_SURNAME})"
        rf"(?={_BREAK}*[,(;:–-]{_BREAK}*(?:[A-Z][\w&'’-]*\s+){{0,3}}(?:{posts})\b)"
    )
    return re.compile("|".join([_EMAIL, _TELEPHONE, titled, before_a_post]))


def without_bare_names(words: str, rules: Rules) -> str:
    """The words of an owner cell; a part of it that may be a person's name and names no post is withheld."""
    return "".join(
        WITHHELD if may_be_a_person(part) and not is_post(part, rules) else part
        for part in re.split(r"(\s*[;/,\n]\s*)", words)
    )


def posts_in(words: str, rules: Rules) -> Iterator[str]:
    """The posts in an owner cell, parted at semicolons, slashes and line ends, without any name of a person."""
    for part in re.split(r"\s*[;/\n]\s*", without_bare_names(words, rules)):
        post = part.replace(WITHHELD, "").strip(" ,.-–")
        post = post.strip("()") if post.startswith("(") else post
        if post:
            yield post
