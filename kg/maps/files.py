"""A picture as a file, by the ending of its name: to look at, to open offline, or to take into other tools."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from typing import Final

import networkx as nx

from kg.maps.asking import ACTIONS, DEPENDENCIES, Drawn
from kg.maps.offline import as_page
from kg.network import actions_of, as_gexf, as_graphml, measures
from kg.questions import Value, harmless, legal


def measured(drawn: Drawn) -> nx.Graph[str]:
    """The network of a picture, each partner with its measures among the leads it was drawn from."""
    network: nx.Graph[str] = drawn.picture.network.copy()
    if drawn.wanted.of != DEPENDENCIES:
        for key, values in measures(drawn.leads).items():
            if key in network:
                # One name for one number: `n` is `led`.
                network.nodes[key].pop("n", None)
                network.nodes[key].update(values)
    return network


def rows(drawn: Drawn) -> tuple[list[str], list[list[Value]]]:
    """Every line as a row, and the columns: the same wherever a map is a table."""
    network, label = drawn.picture.network, drawn.picture.network.nodes(data="label")
    edges = network.edges(data=True)
    if drawn.wanted.of == DEPENDENCIES:
        label = network.nodes(data="called")
        columns = ["from", "to", "n", "how", "doubt", "source"]
        found = [
            [label[a], label[b], said["weight"], said["how"], said["doubt"], said["sources"]] for a, b, said in edges
        ]
    elif drawn.wanted.of == ACTIONS:
        columns = ["partner", "ref", "title", "role", "printed", "certainty", "source", "plan"]
        found = []
        for action in actions_of(drawn.leads):
            of = network.nodes[action]
            for key, said in network[action].items():
                words = [said[name] for name in ("role", "printed", "certainty", "source")]
                found.append([label[key], of["ref"], of["title"], *words, of["plan_label"]])
    else:
        columns = ["a", "b", "shared", "refs", "doubt"]
        found = [[label[a], label[b], said["weight"], said["refs"], said["doubt"]] for a, b, said in edges]
        found.sort(key=lambda row: (-row[2], row[0], row[1]))
    return columns, [[value if value != "" else None for value in row] for row in found]


def as_csv(drawn: Drawn) -> bytes:
    """The rows as CSV. What is not stated is said so."""
    columns, found = rows(drawn)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in found)
    return out.getvalue().encode()


def _cell(value: Value) -> Value:
    if value is None:
        return "not stated"
    return harmless(legal(value)) if isinstance(value, str) else value


FILES: Final[Mapping[str, Callable[[Drawn], bytes]]] = {
    "html": lambda drawn: as_page(drawn.picture, drawn.leads, drawn.notes),
    "svg": lambda drawn: drawn.picture.as_svg(notes=drawn.notes).encode(),
    "png": lambda drawn: drawn.picture.as_png(drawn.notes),
    "graphml": lambda drawn: as_graphml(measured(drawn)),
    "gexf": lambda drawn: as_gexf(measured(drawn)),
    "csv": as_csv,
}
"""What makes the file of an ending from what was drawn."""
