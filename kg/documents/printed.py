"""What is printed in a cell: its small HTML becomes segments of text with their marks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass(frozen=True)
class Run:
    """A stretch ``start:end`` of a segment's text that is printed alike."""

    start: int
    end: int
    bold: bool = False
    italic: bool = False
    link: str | None = None
    """The printed hyperlink target; "#" leads nowhere, None is no link."""


@dataclass(frozen=True)
class Segment:
    """One paragraph, list item or gap-separated piece of a cell, blanks collapsed.

    ``kind`` is "text", "item" (a ``<li>``) or "dash" (after a free-standing " - ", see `Cell.listed`).
    ``gap`` says that two or more blanks, not a block, part it from the segment before.
    """

    text: str
    kind: str = "text"
    gap: bool = False
    runs: tuple[Run, ...] = ()

    @property
    def bold(self) -> bool:
        """Whether every word is bold."""
        return bool(self.runs) and all(run.bold or not self.text[run.start : run.end].strip() for run in self.runs)

    def bold_until(self) -> int:
        """How far the bold opening of the segment reaches, in characters (0: it opens plainly)."""
        end = 0
        for run in self.runs:
            if not run.bold and self.text[run.start : run.end].strip():
                break
            if run.bold:
                end = run.end
        return end

    def link_at(self, start: int, end: int) -> str | None:
        """The hyperlink target printed behind any of the characters ``start:end``."""
        return next((r.link for r in self.runs if r.link is not None and r.start < end and r.end > start), None)

    def part(self, start: int, end: int, kind: str | None = None, gap: bool = False) -> "Segment":
        """The piece ``start:end`` as a segment of its own, blanks at its ends dropped."""
        words = self.text[start:end]
        start += len(words) - len(words.lstrip())
        end = start + len(words.strip())
        runs = tuple(
            Run(max(r.start, start) - start, min(r.end, end) - start, r.bold, r.italic, r.link)
            for r in self.runs
            if r.start < end and r.end > start
        )
        return Segment(self.text[start:end], kind or self.kind, gap, runs)


_MARKDOWN_BOLD = re.compile(r"\*\*([^*]{1,5000})\*\*")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]{1,500})\]\(([^()\s]{0,2000})\)")
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_BLOCKS = _HEADINGS | {"p", "div", "ul", "ol", "li", "br", "table", "tr", "td", "th", "hr", "blockquote"}
_UNPRINTED = frozenset({"script", "style"})
_GAP = re.compile(r"[^\S\n\xa0]{2,}")


@dataclass
class _Piece:
    """Text as it comes out of the tags: characters with the marks that hold for them."""

    text: str
    bold: bool
    italic: bool
    link: str | None


class _Printed(HTMLParser):
    """Collects pieces of text block by block.

    A stream, not a tree: no input can make it recurse. Tags that were never opened are passed over, tags that
    were never closed hold until the end of the cell.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, list[_Piece]]] = [("text", [])]
        self._depth = {"bold": 0, "italic": 0, "item": 0, "unprinted": 0}
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "li":
            # A browser closes the item before; so do we, or unclosed items would seem nested.
            self._depth["item"] = 1
        if tag in _BLOCKS:
            self._new_block()
        elif tag == "a":
            self._links.append(dict(attrs).get("href") or "")
        elif mark := _mark(tag):
            self._depth[mark] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in {"li", "ul", "ol"}:
            self._depth["item"] = 0
        if tag in _BLOCKS:
            self._new_block()
        elif tag == "a":
            if self._links:
                self._links.pop()
        elif mark := _mark(tag):
            self._depth[mark] = max(0, self._depth[mark] - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _BLOCKS:
            self._new_block()

    def handle_data(self, data: str) -> None:
        if not self._depth["unprinted"]:
            link = self._links[-1] if self._links else None
            self.blocks[-1][1].append(_Piece(data, self._depth["bold"] > 0, self._depth["italic"] > 0, link))

    def _new_block(self) -> None:
        kind = "item" if self._depth["item"] else "text"
        if self.blocks[-1][1]:
            self.blocks.append((kind, []))
        else:
            self.blocks[-1] = (kind, [])


def _mark(tag: str) -> str | None:
    if tag in {"b", "strong"}:
        return "bold"
    if tag in {"i", "em"}:
        return "italic"
    return "unprinted" if tag in _UNPRINTED else None


def segments_of(html: str) -> Iterator[Segment]:
    """Paragraphs, list items and pieces parted by two or more blanks, in printed order."""
    html = _MARKDOWN_BOLD.sub(r"<b>\1</b>", html)
    html = _MARKDOWN_LINK.sub(
        lambda m: f'<a href="{m[2].replace("&", "&amp;").replace(chr(34), "&quot;")}">{m[1]}</a>', html
    )
    for kind, pieces in _blocks_of(html):
        first = True
        for whole in _at_gaps(pieces, kind):
            segment = _without_dash(whole) if kind == "item" and first else whole
            if segment.text:
                yield Segment(segment.text, segment.kind, not first, segment.runs)
                first = False


def _blocks_of(html: str) -> list[tuple[str, list[_Piece]]]:
    """The pieces of each block, with what it is: "text" or "item"."""
    if "<" not in html and "&" not in html:
        # Most cells of a workbook hold no mark at all.
        return [("text", [_Piece(html, bold=False, italic=False, link=None)])]
    parser = _Printed()
    parser.feed(html)
    parser.close()
    return parser.blocks


def _at_gaps(pieces: list[_Piece], kind: str) -> Iterator[Segment]:
    """The pieces of one block as segments, parted where two or more blanks stand."""
    text = "".join(piece.text for piece in pieces)
    marks = [piece for piece in pieces for _ in piece.text]
    start = 0
    for gap in _GAP.finditer(text):
        yield _collapsed(text, marks, start, gap.start(), kind)
        start = gap.end()
    yield _collapsed(text, marks, start, len(text), kind)


def _collapsed(text: str, marks: list[_Piece], start: int, end: int, kind: str) -> Segment:
    """The characters ``start:end`` with blanks collapsed, as one segment with its runs."""
    if start < end and marks[start] is marks[end - 1]:
        # Between the first and the last character of one piece there is no other.
        piece, words = marks[start], " ".join(text[start:end].split())
        return Segment(words, kind, False, (Run(0, len(words), piece.bold, piece.italic, piece.link),) if words else ())
    out: list[str] = []
    owners: list[_Piece] = []
    for index in range(start, end):
        character = " " if text[index].isspace() else text[index]
        if character == " " and (not out or out[-1] == " "):
            continue
        out.append(character)
        owners.append(marks[index])
    while out and out[-1] == " ":
        out.pop()
        owners.pop()
    runs: list[Run] = []
    for index, piece in enumerate(owners):
        if runs and (runs[-1].bold, runs[-1].italic, runs[-1].link) == (piece.bold, piece.italic, piece.link):
            runs[-1] = Run(runs[-1].start, index + 1, piece.bold, piece.italic, piece.link)
        else:
            runs.append(Run(index, index + 1, piece.bold, piece.italic, piece.link))
    return Segment("".join(out), kind, False, tuple(runs))


# --- bullets printed as " - " ------------------------------------------------------------------------------

_BULLET = re.compile(r"(?:^|(?<=\s))[-–•*·](?=\s)")
_LEADING_DASH = re.compile(r"^[-–•*·]\s+")
_HEADING_WORDS = 5


def _without_dash(segment: Segment) -> Segment:
    """A list item without the dash typed in front of it."""
    dash = _LEADING_DASH.match(segment.text)
    return segment.part(dash.end(), len(segment.text)) if dash else segment


def split_dashes(segment: Segment) -> Iterator[Segment]:
    """The segment parted at its bullets.

    A " - " is a bullet at the start, after a stop, colon or semicolon, after a bold or short heading, or
    where a list has begun already; elsewhere it is a dash within a sentence, and so it is inside bold words
    and items.
    """
    if segment.kind == "item":
        yield segment
        return
    start = 0
    listing = ""
    for bullet in _BULLET.finditer(segment.text):
        if listing and bullet.group() != listing:
            continue
        before = segment.text[start : bullet.start()].strip()
        run = next((r for r in segment.runs if r.start <= bullet.start() < r.end), None)
        inside_bold = run is not None and run.bold and run.end > bullet.end() + 1
        if inside_bold and before and before[-1] not in ".:;":
            continue
        capital = re.match(r"\s+[\W_]*[A-Z0-9]", segment.text[bullet.end() :]) is not None
        opens = (
            not before
            or before[-1] in ".:;)!?"
            or (capital and (bool(listing) or _bold_before(segment, bullet.start())))
            or (capital and len(before.split()) <= _HEADING_WORDS and bullet.group() == "-")
        )
        if not opens:
            continue
        if before:
            yield segment.part(start, bullet.start(), "dash" if listing else None, segment.gap and not listing)
        start = bullet.end()
        listing = bullet.group()
    if start == 0:
        yield segment
    elif segment.text[start:].strip():
        yield segment.part(start, len(segment.text), "dash")


def _bold_before(segment: Segment, position: int) -> bool:
    return any(run.bold and run.end <= position <= run.end + 1 for run in segment.runs)
