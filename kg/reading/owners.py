"""Posts: those that own an action, and those that stand where a lead partner should."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.reading.layout import Placed
from kg.reading.naming import BODY, Names, Thing
from kg.reading.persons import posts_in
from kg.reading.rules import Rules, phrase

_PARTS = re.compile(r"\s*[;/]\s*")
_PIECES = re.compile(r"\s*,\s*|\s+[–-]\s+|\s*[()]\s*")
_COLUMN = "lead-partners"


@dataclass(frozen=True)
class PostRead:
    """A post, the body its words name ("": none), and their cell."""

    post: str
    partner: str
    placed: Placed


def owners_of(cells: Sequence[Placed], names: Names) -> Iterator[PostRead]:
    """The posts in the cells of a column of owners."""
    for placed in cells:
        for post in posts_in(placed.cell.text):
            known = body_in(post, names)
            yield PostRead(post, known.name if known else "", placed)


def body_in(post: str, names: Names) -> Thing | None:
    """The first body that the words of a post name, None where the register knows none of them."""
    found = (name.only(BODY) for name in names.scan(post, _COLUMN, (BODY,)))
    return next((thing for thing in found if thing is not None), None)


def without_posts(placed: Placed, rules: Rules, names: Names) -> tuple[Placed, list[PostRead]]:
    """A cell of partners without the posts in it, and those posts: "Head of Housing, LBH" leaves "LBH"."""
    posts: list[PostRead] = []
    lines: list[str] = []
    for segment in placed.cell.segments:
        kept: list[str] = []
        for part in _PARTS.split(segment.text):
            words, bodies = _parted(part, rules, names)
            if words:
                posts.append(PostRead(words, next(iter(bodies), ""), placed))
            kept += bodies if words else [part]
        lines.append("; ".join(kept))
    if not posts:
        return placed, []
    cell = replace(placed.cell, html="".join(f"<p>{html.escape(line)}</p>" for line in lines if line))
    return replace(placed, cell=cell), posts


def _parted(part: str, rules: Rules, names: Names) -> tuple[str, list[str]]:
    """The post in a part of a cell of partners, "" where it names none, and the bodies printed beside it."""
    known = names.scan(part, _COLUMN, (BODY,))
    finders = [phrase(word) for word in rules.posts_beside_bodies]
    begins = [match.start() for finder in finders for match in finder.finditer(part)]
    if not any(all(not name.start <= begin < name.end for name in known) for begin in begins):
        return "", []
    post: list[str] = []
    bodies: list[str] = []
    for piece in _PIECES.split(part):
        is_post = any(finder.search(piece) for finder in finders)
        if piece and not is_post and _is_body(piece, rules, names):
            bodies.append(piece)
        elif piece:
            post.append(piece)
    return ", ".join(post), bodies


def _is_body(piece: str, rules: Rules, names: Names) -> bool:
    """Whether words beside a post are a body: one the register knows, an abbreviation, or they end as names do."""
    known = any(name.start == 0 and name.end == len(piece) for name in names.scan(piece, _COLUMN, (BODY,)))
    ending = any(end == len(piece) for _, _, end in rules.find_cues("body-ending", piece))
    return known or ending or re.fullmatch(r"[A-Z][A-Z&]{1,6}", piece) is not None
