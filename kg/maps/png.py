"""A picture as PNG, drawn from its SVG with the font its words were measured with.

It is drawn in a process of its own: drawing holds the interpreter's lock for seconds and takes much memory, and a web
server must answer meanwhile. `python -m kg.maps.png SCALE` reads an SVG and writes the PNG.
"""

from __future__ import annotations

import re
import subprocess
import sys
from functools import lru_cache
from typing import Final

import font_roboto
import resvg_py

from kg.errors import TooLarge
from kg.maps.text import FONT

FONTS: Final = [FONT, str(font_roboto.RobotoBold)]
SCALE: Final = 2.0
"""Pixels of the PNG for a pixel of the picture, so that it is sharp on paper."""
MOST_PIXELS: Final = 24_000_000
"""A larger PNG is drawn at a smaller scale."""
SMALLEST_SCALE: Final = 0.75
"""At a smaller one nobody reads the words."""
PATIENCE: Final = 30.0
"""Seconds after which a drawing is given up."""
_SIZE: Final = re.compile(r'<svg\b[^>]* width="([\d.]+)" height="([\d.]+)"')


@lru_cache(maxsize=24)
def as_png(svg: str) -> bytes:
    """The PNG of an SVG file, on white. Fonts of the machine are left out: the same SVG is the same PNG everywhere.

    Raises TooLarge for a picture that is too large to be read as one.
    """
    size = _SIZE.search(svg)
    pixels = float(size[1]) * float(size[2]) if size else 1.0
    scale = min(SCALE, (MOST_PIXELS / pixels) ** 0.5)
    if scale < SMALLEST_SCALE:
        raise TooLarge("This picture is too large for a PNG: take the SVG, or choose one plan, priority or partner.")
    command = [sys.executable, "-m", "kg.maps.png", f"{scale:.3f}"]
    try:
        drawn = subprocess.run(command, input=svg.encode(), capture_output=True, timeout=PATIENCE, check=True)
    except subprocess.SubprocessError:
        raise TooLarge("The PNG could not be drawn in time; take the SVG, or choose less.") from None
    return drawn.stdout


def main() -> None:
    """Draw what comes on standard input."""
    svg = sys.stdin.buffer.read().decode()
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg, zoom=float(sys.argv[1]), background="#ffffff", skip_system_fonts=True, font_files=FONTS,
        font_family="Roboto", sans_serif_family="Roboto",
    )  # fmt: skip
    sys.stdout.buffer.write(bytes(drawn))


if __name__ == "__main__":
    main()
