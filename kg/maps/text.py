"""How much room words take: measured with the font that pictures are drawn with, and broken into lines."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache, lru_cache
from typing import Final

import font_roboto
from PIL import ImageFont

FONT: Final = str(font_roboto.Roboto)
"""The font file. Where a reader's browser takes Arial or Helvetica instead, the same words are as wide to 2 in 100."""
SPARE: Final = 1.04
"""What is added to every width, so that other fonts fit as well."""
LEADING: Final = 1.2
"""The distance of two lines of text, as a multiple of its size."""
ELLIPSIS: Final = "…"
LONGEST: Final = 400
"""More letters than these are nowhere shown."""


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    # The plain way of setting letters, which every build of Pillow has: widths are the same everywhere.
    return ImageFont.truetype(FONT, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=20_000)
def width(words: str, size: int) -> float:
    """How wide these words are in pixels, set in one line at this size."""
    return float(_font(size).getlength(words)) * SPARE


def broken(words: str, size: int, widest: float) -> tuple[str, ...]:
    """The words in as few lines as fit into `widest` pixels, the lines as even as they can be.

    A single word that is wider keeps its line.
    """
    parts = words.split()
    room = max([widest, *(width(part, size) for part in parts)])
    count = len(_filled(parts, size, room))
    narrowest = room
    # A narrower measure with as many lines makes them more even.
    for step in range(1, 20):
        tried = room * (1 - step / 20)
        if len(_filled(parts, size, tried)) != count or any(width(part, size) > tried for part in parts):
            break
        narrowest = tried
    return _filled(parts, size, narrowest)


def fitted(words: str, size: int, widest: float, most: int) -> tuple[str, ...]:
    """The words in one to so many lines of `widest` pixels; what has no room is cut, and an ellipsis says so.

    White space of any kind is one space.
    """
    # More than fits into any box is never measured.
    parts = words[:LONGEST].split()
    lines = _filled(parts, size, widest)
    if len(lines) <= most and all(width(line, size) <= widest for line in lines) and len(words) <= LONGEST:
        return broken(" ".join(parts), size, widest) or ("",)
    kept = (*lines[: most - 1], " ".join(lines[most - 1 :]) + (ELLIPSIS if len(words) > LONGEST else ""))
    return tuple(_cut(line, size, widest) for line in kept if line) or ("",)


def _cut(words: str, size: int, widest: float) -> str:
    if width(words, size) <= widest:
        return words
    fits = bisect_right(range(len(words)), widest, key=lambda end: width(words[:end].rstrip() + ELLIPSIS, size))
    return words[: max(0, fits - 1)].rstrip() + ELLIPSIS


def _filled(parts: list[str], size: int, room: float) -> tuple[str, ...]:
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]} {part}" if lines else part
        if lines and width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(part)
    return tuple(lines)
