"""Words with their marks become the small HTML of a cell: runs, paragraphs, lists."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.documents.gathering import escaped


@dataclass(frozen=True)
class Piece:
    """A stretch of words printed alike; "\\n" in them is a line break. ``link`` as in `Run`."""

    words: str
    bold: bool = False
    italic: bool = False
    link: str | None = None


@dataclass
class Paragraph:
    """A paragraph: its pieces, and the list it is an item of ("ul", "ol" or "") with the depth, from 0."""

    pieces: list[Piece] = field(default_factory=list)
    listed: str = ""
    depth: int = 0

    @property
    def words(self) -> str:
        """Its words alone."""
        return "".join(piece.words for piece in self.pieces)

    @property
    def html(self) -> str:
        """Its words with their marks."""
        return inline(self.pieces)


def inline(pieces: Iterable[Piece]) -> str:
    """Pieces as HTML, neighbours that are printed alike in one tag."""
    out = ""
    marks: tuple[bool, bool, str | None] | None = None
    words = ""
    for piece in pieces:
        found = (piece.bold, piece.italic, piece.link)
        if found == marks:
            words += piece.words
            continue
        out += _marked(words, marks)
        marks, words = found, piece.words
    return out + _marked(words, marks)


def _marked(words: str, marks: tuple[bool, bool, str | None] | None) -> str:
    if marks is None or not words:
        return ""
    bold, italic, link = marks
    out = escaped(words).replace("\n", "<br>")
    if not words.strip():
        return out
    out = f"<i>{out}</i>" if italic else out
    out = f"<b>{out}</b>" if bold else out
    return out if link is None else f'<a href="{link_target(link)}">{out}</a>'


def link_target(link: str) -> str:
    """A hyperlink's target as an attribute; "#" where it leads nowhere outside."""
    link = re.sub(r"\s", "", link)
    return html.escape(link if re.match(r"(?:https?://|mailto:)", link, re.IGNORECASE) else "#")[:2000]


def assembled(paragraphs: Iterable[Paragraph]) -> str:
    """The HTML of a cell."""
    kept = [paragraph for paragraph in paragraphs if paragraph.words.strip()]
    if len(kept) == 1 and not kept[0].listed:
        return kept[0].html
    out = ""
    open_lists: list[str] = []
    for paragraph in kept:
        depth = min(paragraph.depth, 8) + 1 if paragraph.listed else 0
        while len(open_lists) > depth or (depth and len(open_lists) == depth and open_lists[-1] != paragraph.listed):
            out += f"</{open_lists.pop()}>"
        while len(open_lists) < depth:
            open_lists.append(paragraph.listed)
            out += f"<{paragraph.listed}>"
        out += f"<li>{paragraph.html}</li>" if depth else f"<p>{paragraph.html}</p>"
    while open_lists:
        out += f"</{open_lists.pop()}>"
    return out
