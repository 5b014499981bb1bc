"""How much room words take: measured with the font that pictures are drawn with, and broken into lines."""

from __future__ import annotations

from functools import cache
from typing import Final

import font_roboto
from PIL import ImageFont

FONT: Final = str(font_roboto.Roboto)
"""The font file. Where a reader's browser takes Arial or Helvetica instead, the same words are as wide to 2 in 100."""
SPARE: Final = 1.04
"""What is added to every width, so that other fonts fit as well."""
LEADING: Final = 1.2
"""The distance of two lines of text, as a multiple of its size."""


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)


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


def _filled(parts: list[str], size: int, room: float) -> tuple[str, ...]:
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]} {part}" if lines else part
        if lines and width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(part)
    return tuple(lines)
