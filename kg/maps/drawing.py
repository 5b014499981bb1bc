"""What a picture is made of: boxes, lines between them and captions, placed; it knows neither plans nor SVG."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

Point = tuple[float, float]
"""x to the right and y down, in pixels at the size the picture is made for."""


@dataclass(frozen=True)
class Box:
    """An opaque box with text, around its centre `x`, `y`.

    `key` says what it stands for: an IRI, or a name as printed. `size` is that of the text in pixels, `kind` the name
    its fill is looked up by (the last part of a code: "ptype-police"). `align` is "middle", or "start" where its text
    begins at its left side.
    """

    key: str
    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float
    size: int
    kind: str
    align: str = "middle"

    @property
    def left(self) -> float:
        """Its left side."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """Its right side."""
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        """Its upper side."""
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Line:
    """A line from the border of box `a` to that of box `b`.

    `path` holds two points where it is straight, else a cubic curve (end, two handles, end) or several, each from the
    end of the one before with three points more. `weight` is the number it stands for, printed at `at` where that is
    not None. `directed`: it has an arrow head at `b`.
    """

    a: str
    b: str
    weight: int
    path: tuple[Point, ...]
    at: Point | None = None
    kind: str = ""
    directed: bool = False


@dataclass(frozen=True)
class Caption:
    """Words beside the boxes, beginning at `x`, on the baseline `y`."""

    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """A picture, `width` by `height` pixels, everything within it. `keys` of boxes are unique."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    captions: tuple[Caption, ...] = ()

    @cached_property
    def by_key(self) -> Mapping[str, Box]:
        """The boxes by their keys."""
        return {box.key: box for box in self.boxes}
