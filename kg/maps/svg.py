"""A picture as SVG: by itself for a file, or within a page, where boxes and lines are links."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kg.maps.drawing import Box, Drawing, Line
from kg.maps.text import LEADING, broken, width
from kg.questions import legal

FAMILY: Final = "Arial, Helvetica, 'Liberation Sans', Roboto, sans-serif"
TINT: Final = 0.16
"""How much of its colour is in the fill of a box; its border is the colour itself."""
DARK: Final = 0.04
"""A colour of less luminance than this fills the box whole, and its text is white."""
OUTLINES: Final = ((3, ""), (0, ""), (12, ""), (6, ""), (12, "6 3"), (0, "6 3"), (0, ""), (12, "2 3"))
"""Corner radius and dashes of the kinds, by their place in the list: without colours they differ all the same."""
STROKES: Final = {"part": ("#8b9499", ""), "refers": ("#6f777b", "5 3")}
"""Colour and dashes of lines of these kinds: what is a part, what only points there. All others are PLAIN."""
PLAIN: Final = ("#6f777b", "")
MARGIN: Final = 24
NARROWEST: Final = 420
"""A picture with a title is at least so wide, so that the title has few lines."""
KEY_ROW: Final = 26
HEX: Final = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Kind:
    """A kind of box: `name` is what `Box.kind` says, `label` its words, `colour` as #rrggbb, `order` from 1."""

    name: str
    label: str
    colour: str
    order: int


@dataclass(frozen=True)
class Words:
    """What a box or a line says to who cannot see it, and where it leads; no address, no link. `dim`: it steps back."""

    label: str
    address: str = ""
    dim: bool = False


@dataclass(frozen=True)
class Frame:
    """What stands around a picture that is a file by itself: a title, a line below it, notes; any may be none."""

    title: str
    subtitle: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """How boxes of one kind look."""

    fill: str
    stroke: str
    text: str
    radius: int
    dashes: str


def as_svg(
    drawing: Drawing,
    kinds: Sequence[Kind],
    *,
    title: str,
    description: str,
    boxes: Mapping[str, Words],
    lines: Mapping[tuple[str, str], Words],
    frame: Frame | None = None,
) -> str:
    """The picture as an SVG element; with a `frame` as a file by itself, the key of its kinds below it.

    `boxes` holds the words of each box by its key, `lines` those of each line by the keys of its ends. `title` and
    `description` say what the picture is to who cannot see it.
    """
    shown = {box.kind for box in drawing.boxes}
    looks = _looks(kinds)
    key = _key(drawing, [kind for kind in kinds if kind.name in shown]) if frame else []
    wide = max(drawing.width, NARROWEST if frame and frame.title else 0)
    head = _head(frame, wide) if frame else []
    notes = [line for note in frame.notes for line in broken(note, 12, wide)] if frame else []
    top = MARGIN + 1.25 * sum(size for _, size, _ in head) + 6 if head else MARGIN if frame else 0
    foot = (len({row for *_, row in key}) * KEY_ROW + 20 * len(notes) + MARGIN) if frame else 0
    svg: str = templates().get_template("drawing.svg").render(
        drawing=drawing, looks=looks, title=title, description=description, boxes=boxes, lines=lines, frame=frame,
        wide=wide, head=head, notes=notes, key=key, top=top, foot=foot, margin=MARGIN if frame else 0,
        key_row=KEY_ROW, family=FAMILY,
        baselines=_baselines, path=_path, thickness=_thickness, n=_number, arrow=_arrow, strokes=STROKES, plain=PLAIN,
        number_width=lambda line: width(str(line.weight), 12) + 6,
    )  # fmt: skip
    return svg


def look_of(kinds: Sequence[Kind], name: str) -> Look:
    """How the boxes of a kind look, for a key outside the picture."""
    return _looks(kinds)[name]


@cache
def templates() -> Environment:
    """The templates of pictures. What they are given is escaped."""
    return Environment(
        loader=PackageLoader("kg.maps"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_legal,
    )


def _legal(value: object) -> object:
    """What a template puts out, without what XML cannot hold."""
    if isinstance(value, Markup):
        return Markup(legal(value))  # noqa: S704  what was escaped stays so
    return legal(value) if isinstance(value, str) else value


def _looks(kinds: Sequence[Kind]) -> dict[str, Look]:
    looks = {}
    for kind in kinds:
        # Colours come with the data: what is none is grey.
        colour = kind.colour if HEX.fullmatch(kind.colour) else "#505a5f"
        radius, dashes = OUTLINES[(kind.order - 1) % len(OUTLINES)]
        red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        dark = _luminance(red, green, blue) < DARK
        mixed = "".join(f"{round(255 * (1 - TINT + TINT * part)):02x}" for part in (red, green, blue))
        fill, text = (colour, "#ffffff") if dark else (f"#{mixed}", "#0b0c0c")
        looks[kind.name] = Look(fill, colour, text, radius, "" if dark else dashes)
    return looks


def _luminance(*parts: float) -> float:
    """The relative luminance of a colour, as WCAG has it."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _key(drawing: Drawing, kinds: Sequence[Kind]) -> list[tuple[Kind, float, int]]:
    """The kinds of the key, each with its x and the row it stands in."""
    placed, x, row = [], 0.0, 0
    for kind in kinds:
        wide = 38 + width(kind.label, 13) + 18
        if x and x + wide > drawing.width:
            x, row = 0.0, row + 1
        placed.append((kind, x, row))
        x += wide
    return placed


def _head(frame: Frame, wide: float) -> list[tuple[str, int, float]]:
    """The lines of title and subtitle, each with its size and its baseline above the picture."""
    lines = [(words, 24) for words in broken(frame.title, 24, wide)]
    lines += [(words, 14) for words in broken(frame.subtitle, 14, wide)]
    placed: list[tuple[str, int, float]] = []
    y = -16.0
    for words, size in reversed(lines):
        placed.insert(0, (words, size, y))
        y -= 1.25 * size
    return placed


def _baselines(box: Box) -> list[tuple[str, float]]:
    """The lines of a box, each with its baseline."""
    step = box.size * LEADING
    first = box.y - step * (len(box.lines) - 1) / 2 + box.size * 0.35
    return [(words, first + number * step) for number, words in enumerate(box.lines)]


def _path(line: Line) -> str:
    points = [f"{_number(x)} {_number(y)}" for x, y in line.path]
    return f"M{points[0]}{'C' if len(points) > 2 else 'L'}{' '.join(points[1:])}"


def _arrow(line: Line) -> str:
    """The head of an arrow at the end of a line, as the points of a triangle."""
    (x0, y0), (x1, y1) = line.path[-2], line.path[-1]
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 or 1
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    corners = ((x1, y1), (x1 - 7 * dx - 3 * dy, y1 - 7 * dy + 3 * dx), (x1 - 7 * dx + 3 * dy, y1 - 7 * dy - 3 * dx))
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in corners)


def _thickness(line: Line) -> str:
    return _number(min(12.0, 0.75 + line.weight))


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
