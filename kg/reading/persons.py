"""Persons' names, addresses and telephone numbers are taken out of a document before anything else reads it."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from kg.documents import Cell, Document
from kg.reading.parts import Layout, Placed
from kg.reading.report import Doubt
from kg.reading.rules import Rules

WITHHELD = "[name withheld]"
_EMAIL = r"(?:mailto:)?[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"
_TELEPHONE = r"(?<![\w.])(?:\+44\s?(?:\(0\)\s?)?|\(?0)\d(?:[\s()-]{0,2}\d){8,9}(?!\d)"
_BREAK = r"(?:\s|&nbsp;|</?(?:p|br|li|b|i)\b[^<>]*>)"
_SURNAME = r"(?:[A-Z][a-z]+|[A-Z](?:['’]|&#x27;|&#39;|&apos;)[A-Z][a-z]+|Ma?c[A-Z][a-z]+)(?:-[A-Z][a-z]+)*"
_GIVEN = rf"(?:[A-Z]\.|[A-Z](?=\s)|{_SURNAME})"
_NAME = rf"(?:{_GIVEN}\s+){{1,3}}{_SURNAME}"
_MOST_WORDS = 4
_LONGEST_POST = 10
_PARTS = re.compile(r"(\s*[;/,\n]\s*)")
_COLUMNS = ("owner", "lead-partners", "supporting-partners")
_SENTENCE = "held the name, address or number of a person; it is kept nowhere."


def without_names(text: str, rules: Rules) -> str:
    """``text`` (plain or html) with "[name withheld]" for addresses, numbers, titled names and names at a post."""
    text = _certain(rules.titles).sub(WITHHELD, text)
    text = _behind_a_rank(rules.ranks).sub(lambda found: _hide_surname(found, rules), text)
    for pattern in _at_a_post(rules.post_words):
        text = pattern.sub(lambda found: _hide_name(found, rules), text)
    return _WHOLE_NAME.sub(lambda found: _hide_usual(found, rules), text)


# Nothing with a capital on either side: the words of a longer name are no person's.
_WHOLE_NAME = re.compile(rf"(?<![\w’'-])(?<![A-Z]\. )(?P<name>{_NAME})(?![\w-])(?!['’]s\b)(?!\s+(?:of\s+)?[A-Z])")


def _hide_usual(found: re.Match[str], rules: Rules) -> str:
    """A given name that is usual and the surname behind it, withheld."""
    before = re.search(r"[A-Z][\w'’&-]*\s+$", found.string[max(found.start() - 40, 0) : found.start()])
    usual = found["name"].split()[0] in rules.given_names
    return WITHHELD if usual and not before and may_be_a_person(found["name"], rules) else found.group()


def withheld(document: Document, rules: Rules) -> tuple[Document, list[Doubt]]:
    """``document`` with "[name withheld]" where a person is named, and a doubt for each cell it was done in."""
    doubts: list[Doubt] = []

    def hide(cell: Cell) -> Cell:
        certain = without_names(cell.html, rules)
        # A cell knows its words once it was asked for them; a copy would not.
        hidden = cell if certain == cell.html else replace(cell, html=certain)
        if beside := _lines_beside_a_post(hidden, rules):
            hidden = _without(hidden, beside)
        if hidden.html == cell.html:
            return cell
        doubts.append(Doubt(cell.line, "", hidden.words, _SENTENCE, cell.sheet, kind="withheld"))
        return hidden

    rows = tuple(replace(row, cells=tuple(hide(cell) for cell in row.cells)) for row in document.rows)
    notes = tuple(replace(n, kept=without_names(n.kept, rules), sentence=without_names(n.sentence, rules))
                  for n in document.notes)  # fmt: skip
    sheets = {slug: without_names(name, rules) for slug, name in document.sheets.items()}
    return replace(document, rows=rows, notes=notes, sheets=sheets), doubts


def withhold_in(layout: Layout, rules: Rules) -> None:
    """Take bare names of persons out of the cells of a layout where owners and partners are named, and report them."""
    hidden: dict[int, Placed] = {}
    for action in layout.actions:
        for column in _COLUMNS:
            for placed in action.column(column):
                names = list(_bare_names(placed, rules))
                if names and id(placed.cell) not in hidden:
                    cell = _without(placed.cell, names)
                    hidden[id(placed.cell)] = Placed(cell, column)
                    layout.doubts = [
                        replace(doubt, words=cell.words) if doubt.words == placed.cell.words else doubt
                        for doubt in layout.doubts
                    ]
                    layout.doubts.append(Doubt(cell.line, column, cell.words, _SENTENCE, cell.sheet, kind="withheld"))
    for action in layout.actions:
        for cells in action.cells.values():
            cells[:] = [hidden.get(id(placed.cell), placed) for placed in cells]
    layout.placed = [hidden.get(id(placed.cell), placed) for placed in layout.placed]


def is_post(words: str, rules: Rules) -> bool:
    """Whether the words name a post: one of the words of posts.csv stands in them."""
    return rules.names_a_post(words)


def may_be_a_person(words: str, rules: Rules) -> bool:
    """Whether the words are two to four capitalised words, as a name is, and none that stands in names of bodies."""
    parts = words.split()
    return (
        2 <= len(parts) <= _MOST_WORDS
        and re.fullmatch(rf"(?:{_GIVEN}\s+)+{_SURNAME}", " ".join(parts)) is not None
        and rules.no_names.isdisjoint({f"{parts[0]} *".casefold(), *(part.casefold() for part in parts)})
        and not is_post(words, rules)
    )


def without_mark(placed: Placed) -> Placed:
    """A cell of partners without "[name withheld]", which names nobody, and the comma beside it."""
    if WITHHELD not in placed.cell.html:
        return placed
    mark = re.escape(WITHHELD)
    bare = re.sub(rf"[(\[]\s*{mark}\s*[)\]]|{mark}\s*[,:–-]?|[,:–-]?\s*{mark}", "", placed.cell.html)
    return replace(placed, cell=replace(placed.cell, html=bare))


def posts_in(words: str) -> Iterator[str]:
    """The posts in an owner cell, parted at semicolons, slashes and line ends, without any name of a person."""
    for part in re.split(r"\s*[;/\n]\s*", words):
        post = re.sub(rf"\(?{re.escape(WITHHELD)}\)?", "", part).strip(" ,.:-–")
        post = post.strip("()") if post.startswith("(") else post
        if post:
            yield post


@cache
def _certain(titles: tuple[str, ...]) -> re.Pattern[str]:
    """Addresses, telephone numbers, and surnames with a title before them."""
    titled = "|".join(map(re.escape, titles))
    return re.compile(rf"{_EMAIL}|{_TELEPHONE}|\b(?:{titled})\.?\s+(?:{_GIVEN}\s+){{0,2}}{_SURNAME}\b")


@cache
def _behind_a_rank(ranks: tuple[str, ...]) -> re.Pattern[str]:
    """A rank and what may be the name of who holds it."""
    ranked = "|".join(map(re.escape, ranks))
    return re.compile(rf"\b(?P<rank>{ranked})\s+(?P<name>(?:{_GIVEN}\s+){{0,2}}{_SURNAME})(?![\w-])(?!\s+[A-Z])")


def _hide_surname(found: re.Match[str], rules: Rules) -> str:
    """A match of `_behind_a_rank` with its name withheld, unless its words stand in names of bodies or posts."""
    words = found["name"].split()
    is_name = rules.no_names.isdisjoint(word.casefold() for word in words) and not is_post(found["name"], rules)
    return f"{found['rank']} {WITHHELD}" if is_name else found.group()


@cache
def _at_a_post(post_words: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """What may be a name right before a post ("Jo Example, Head of Licensing") or right behind one, in brackets."""
    posts = "|".join(map(re.escape, sorted(post_words, key=len, reverse=True)))
    name = rf"(?<![\w-])(?P<name>{_NAME})(?![\w-])"
    before = rf"{name}(?={_BREAK}*[,(;:–-]{_BREAK}*(?:[A-Z][\w&'’-]*\s+){{0,3}}(?:{posts})\b)"
    behind = rf"\b(?:{posts})\b[\w ,&;'’-]{{0,60}}?"
    in_brackets = rf"{behind}[(\[]\s*{name}(?=\s*[)\]])"
    after_a_dash = rf"{behind}\s*[–:-]\s+{name}(?=\s*(?:$|[<\n,;/]))"
    return re.compile(before), re.compile(in_brackets), re.compile(after_a_dash)


def _hide_name(found: re.Match[str], rules: Rules) -> str:
    """A match of `_at_a_post` with its name withheld, unless a body may be called so."""
    start, end = found.span("name")
    # The last words of a longer name are no name.
    in_longer = re.search(r"[A-Z][\w'’&-]*\s+$", found.string[max(start - 40, 0) : start])
    if in_longer or not may_be_a_person(found["name"], rules):
        return found.group()
    begin, end = start - found.start(), end - found.start()
    return f"{found.group()[:begin]}{WITHHELD}{found.group()[end:]}"


def _lines_beside_a_post(cell: Cell, rules: Rules) -> list[str]:
    """The lines of a cell that may be a person's name, where another line of it is a post."""
    lines = [segment.text for segment in cell.segments]
    if not any(is_post(line, rules) and len(line.split()) <= _LONGEST_POST for line in lines):
        return []
    return [line for line in lines if may_be_a_person(line, rules)]


def _bare_names(placed: Placed, rules: Rules) -> Iterator[str]:
    """What may be a person's name and nothing else: a part of an owner's cell, or what stands before brackets."""
    for part in _PARTS.split(placed.cell.text):
        if placed.column == "owner" and may_be_a_person(part, rules):
            yield part
        elif (found := re.match(rf"\s*({_NAME})\s*\(", part)) and may_be_a_person(found[1], rules):
            yield found[1]


def _without(cell: Cell, names: Sequence[str]) -> Cell:
    text = cell.html
    for name in names:
        # A cell may hold an apostrophe as it is or as a character reference.
        words = r"\s+".join(re.escape(html.escape(word, quote=False)) for word in name.split())
        words = words.replace("'", "(?:'|&#x27;|&#39;|&apos;)")
        text = re.sub(rf"(?<!\w){words}(?!\w)", WITHHELD, text)
    return replace(cell, html=text)
