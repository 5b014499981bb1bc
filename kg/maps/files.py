"""A picture as a file, by the ending of its name: to look at, to open offline, or to take into other tools."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import networkx as nx

from kg.maps.offline import as_page
from kg.maps.picture import Picture
from kg.network import as_gexf, as_graphml, measures

Maker = Callable[[Picture, "nx.Graph[str]", Sequence[str]], bytes]


def measured(picture: Picture, leads: nx.Graph[str]) -> nx.Graph[str]:
    """The network of a picture, each partner with its measures in the network of leads it came from."""
    network: nx.Graph[str] = picture.network.copy()
    for key, values in measures(leads).items():
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


FILES: Final[Mapping[str, Maker]] = {
    "html": as_page,
    "svg": lambda picture, _leads, notes: picture.as_svg(notes=notes).encode(),
    "png": lambda picture, _leads, notes: picture.as_png(notes),
    "graphml": lambda picture, leads, _notes: as_graphml(measured(picture, leads)),
    "gexf": lambda picture, leads, _notes: as_gexf(measured(picture, leads)),
    "csv": lambda picture, _leads, _notes: as_csv(picture),
}
"""What makes the file of an ending from a picture, the network of leads it came from, and its notes."""
