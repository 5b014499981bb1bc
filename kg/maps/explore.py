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
from kg.maps.svg import look_of


def as_explorable(picture: Picture) -> Mapping[str, Any]:
    """The nodes, edges and options of vis-network, as JSON can hold them. Nothing moves until a reader moves it."""
    made = Network(directed=any(line.directed for line in picture.drawing.lines))
    made.toggle_physics(False)
    for box in picture.drawing.boxes:
        look = look_of(picture.kinds, box.kind)
        made.add_node(
            box.key, label="\n".join(box.lines), title=picture.boxes[box.key], shape="box", x=box.x, y=box.y,
            physics=False, color={"background": look.fill, "border": look.stroke},
            font={"color": look.text, "size": box.size},
        )  # fmt: skip
    for line in picture.drawing.lines:
        label = str(line.weight) if line.weight > 1 else ""
        made.add_edge(line.a, line.b, label=label, title=picture.lines[line.a, line.b], width=min(line.weight, 12))
    return {"nodes": made.nodes, "edges": made.edges, "options": json.loads(made.options.to_json())}
