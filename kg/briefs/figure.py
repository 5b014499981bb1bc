"""The detail of the map in a brief: a partner and those it shares actions with, or the partners of a priority."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kg.briefs.asking import Row
from kg.briefs.document import Figure
from kg.errors import TooLarge
from kg.maps.partnership import Placing, of_partners
from kg.maps.svg import Frame, Words, as_svg
from kg.network import leads
from kg.questions import Answer

MEANING: Final = (
    "The number in a box says how many actions it leads {where}, the number on a line how many both lead. A line means "
    "named as lead in the same cell, not a working relationship."
)


def map_detail(
    rows: Sequence[Row], partner: str | None, name: str, place: Placing, *, collective: bool
) -> Figure | None:
    """The partners in rows of the question `every-lead`; of `partner`, where given, it and its neighbours alone.

    None where there are not two, or more than a picture can show.
    """
    if not rows:
        return None
    network = leads(Answer(tuple(rows[0]), tuple(tuple(row.values()) for row in rows)), collective=collective)
    picture = of_partners(network, around=partner, place=place)
    try:
        if len(picture.drawing.boxes) < 2:
            return None
    except TooLarge:
        return None
    title = f"{name} and those it leads actions with" if partner else "Who leads actions together"
    where = "in the plan" if partner else "in this priority"
    lines = [picture.lines[ends] for ends in picture.network.edges]
    words = f"{title}. {'; '.join(lines) or 'No two of them lead an action together'}."
    # Title and notes stand beside the picture, as text.
    svg = as_svg(
        picture.drawing, picture.kinds, title=title, description=words, frame=Frame("", "", ()),
        boxes={key: Words(said) for key, said in picture.boxes.items()},
        lines={ends: Words(said) for ends, said in picture.lines.items()},
    )  # fmt: skip
    return Figure(svg, words, f"{title}. {MEANING.format(where=where)}")
