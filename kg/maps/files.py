"""A picture as a file, by the ending of its name: to look at, to open offline, or to take into other tools."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from typing import Final

import networkx as nx

from kg.maps.asking import DEPENDENCIES, Drawn
from kg.maps.offline import as_page
from kg.maps.picture import Picture
from kg.network import as_gexf, as_graphml, measures


def measured(drawn: Drawn) -> nx.Graph[str]:
    """The network of a picture, each partner with its measures among the leads it was drawn from."""
    network: nx.Graph[str] = drawn.picture.network.copy()
    if drawn.wanted.of != DEPENDENCIES:
        for key, values in measures(drawn.leads).items():
            if key in network:
                network.nodes[key].update(values)
    return network


def as_csv(picture: Picture) -> bytes:
    """A row a line: the labels of its ends, its number, and what it says."""
    label = picture.network.nodes(data="label")
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("a", "b", "n", "words"))
    for line in picture.drawing.lines:
        writer.writerow((label[line.a], label[line.b], line.weight, picture.lines[line.a, line.b]))
    return out.getvalue().encode()


FILES: Final[Mapping[str, Callable[[Drawn], bytes]]] = {
    "html": lambda drawn: as_page(drawn.picture, drawn.leads, drawn.notes),
    "svg": lambda drawn: drawn.picture.as_svg(notes=drawn.notes).encode(),
    "png": lambda drawn: drawn.picture.as_png(drawn.notes),
    "graphml": lambda drawn: as_graphml(measured(drawn)),
    "gexf": lambda drawn: as_gexf(measured(drawn)),
    "csv": lambda drawn: as_csv(drawn.picture),
}
"""What makes the file of an ending from what was drawn."""
