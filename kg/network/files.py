"""Networks as files that other tools read: GraphML and GEXF. The same network is the same bytes on every day."""

from __future__ import annotations

import io
import re
from typing import Any

import networkx as nx

from kg.questions import legal


def as_graphml(network: nx.Graph[Any]) -> bytes:
    """The network as GraphML, for yEd, Gephi and igraph."""
    out = io.BytesIO()
    nx.write_graphml_xml(_plain(network), out, prettyprint=True)
    return out.getvalue()


def as_gexf(network: nx.Graph[Any]) -> bytes:
    """The network as GEXF, for Gephi."""
    out = io.BytesIO()
    nx.write_gexf(_plain(network), out, prettyprint=True)
    # The writer puts today's date in.
    return re.sub(rb' lastmodifieddate="[^"]*"', b"", out.getvalue())


def _plain(network: nx.Graph[Any]) -> nx.Graph[Any]:
    """The same with attributes that such files can hold: several values as one text, nothing where none is stated."""
    plain: nx.Graph[Any] = network.__class__()
    for node, said in network.nodes(data=True):
        plain.add_node(legal(str(node)), **_texts(said))
    for one, other, said in network.edges(data=True):
        plain.add_edge(legal(str(one)), legal(str(other)), **_texts(said))
    return plain


def _texts(said: dict[str, Any]) -> dict[str, Any]:
    return {name: _text(value) for name, value in said.items() if value is not None}


def _text(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return legal(" ".join(map(str, value)))
    return legal(value) if isinstance(value, str) else value
