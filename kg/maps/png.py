"""A picture as PNG, drawn from its SVG with the font its words were measured with."""

from __future__ import annotations

from typing import Final

import font_roboto
import resvg_py

from kg.maps.text import FONT

FONTS: Final = [FONT, str(font_roboto.RobotoBold)]
SCALE: Final = 2
"""Pixels of the PNG for a pixel of the picture, so that it is sharp on paper."""


def as_png(svg: str, scale: float = SCALE) -> bytes:
    """The PNG of an SVG file, on white. Fonts of the machine are left out: the same SVG is the same PNG everywhere."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, zoom=scale, background="#ffffff", skip_system_fonts=True, font_files=FONTS,
            font_family="Roboto", sans_serif_family="Roboto",
        )
    )  # fmt: skip
