"""A picture to move about: its boxes and lines as pyvis has them for vis-network, beginning where the picture has them.

Only the data comes from pyvis. Its own page links other servers, and makes HTML of titles: ours is a template of the
web pages, and every label stays text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pyvis.network import Network

from kg.maps.picture import Picture
from kg.maps.svg import PLAIN, STROKES, look_of


def as_explorable(picture: Picture) -> Mapping[str, Any]:
    """The nodes, edges and options of vis-network, as JSON can hold them. Nothing moves until a reader moves it."""
    made = Network()
    made.toggle_physics(False)
    for box in picture.drawing.boxes:
        look = look_of(picture.kinds, box.kind)
        colours = {"background": look.fill, "border": look.stroke}
        made.add_node(
            box.key, label="\n".join(box.lines), title=picture.boxes[box.key], shape="box", x=box.x, y=box.y,
            physics=False, color={**colours, "highlight": colours, "hover": colours},
            font={"color": look.text, "size": box.size}, widthConstraint={"minimum": box.width - 10},
            shapeProperties={"borderDashes": _dashes(look.dashes), "borderRadius": min(look.radius, 10)},
        )  # fmt: skip
    for line in picture.drawing.lines:
        colour, dashes = STROKES.get(line.kind, PLAIN)
        made.add_edge(
            line.a, line.b, label=str(line.weight) if line.weight > 1 else "", title=picture.lines[line.a, line.b],
            width=min(line.weight, 12), color=colour, dashes=_dashes(dashes),
            arrows="to" if line.directed else "",
        )  # fmt: skip
    return {"nodes": made.nodes, "edges": made.edges, "options": json.loads(made.options.to_json())}


def _dashes(words: str) -> list[int] | bool:
    """Dashes as vis-network has them: their lengths, or false for a whole line."""
    return [int(part) for part in words.split()] or False
