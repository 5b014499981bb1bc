"""A picture as one page that opens without a server: SVG, tables, style and script in one file, asking nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import networkx as nx

from kg.maps.explore import as_explorable
from kg.maps.picture import Picture
from kg.maps.svg import look_of, templates
from kg.network import actions_of, partners_of

HERE: Final = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Row:
    """What is behind a box or a line: its key (of a line the two keys), a sentence, and the actions in words."""

    key: tuple[str, ...]
    words: str
    actions: tuple[str, ...]


def as_page(picture: Picture, leads: nx.Graph[str], notes: Sequence[str]) -> bytes:
    """The page of a picture out of a network of leads, in UTF-8.

    Choosing a box or a line lights it and what it touches, and says what is behind it.
    """
    boxes = [Row((box.key,), picture.boxes[box.key], _behind(leads, box.key)) for box in picture.drawing.boxes]
    lines = [
        Row((line.a, line.b), picture.lines[line.a, line.b], _behind(leads, line.a, line.b))
        for line in sorted(picture.drawing.lines, key=lambda line: -line.weight)
    ]
    number = {row.key: f"row-{n}" for n, row in enumerate((*boxes, *lines))}
    svg = picture.as_svg(box=lambda key: f"#{number[key,]}", line=lambda a, b: f"#{number.get((a, b)) or number[b, a]}")
    return _page(
        "offline.html", picture, notes, svg=svg, boxes=boxes, lines=lines, number=number,
        key=[(kind, look_of(picture.kinds, kind.name)) for kind in picture.kinds],
        script=(HERE / "map.js").read_text("utf-8"),
    )  # fmt: skip


def as_free_page(picture: Picture, notes: Sequence[str], script: str) -> bytes:
    """The picture as one page with boxes to move about; `script` draws them (api/frontend/src/explore.js, built)."""
    return _page("offline-explore.html", picture, notes, explorable=as_explorable(picture), script=script)


def _page(name: str, picture: Picture, notes: Sequence[str], **more: object) -> bytes:
    style = (HERE / "offline.css").read_text("utf-8")
    return templates().get_template(name).render(picture=picture, notes=notes, style=style, **more).encode()


def _behind(leads: nx.Graph[str], *keys: str) -> tuple[str, ...]:
    """The actions that all of these partners lead, in words; none where one is an action itself."""
    partners = set(partners_of(leads))
    if not partners.issuperset(keys):
        return ()
    found = [action for action in actions_of(leads) if all(leads.has_edge(key, action) for key in keys)]
    return tuple(str(leads.nodes[action]["label"]) for action in found)
