"""Answers become networks: partners as nodes, the actions they share as edges, for tools that draw and measure."""

from __future__ import annotations

import io
import re
from typing import Any, Final

import networkx as nx

from kg.questions import Answer

SHARED: Final = "shared-actions"
"""The question whose answer is the network of partners."""


def partners(answer: Answer) -> nx.Graph[str]:
    """The network in an answer to `SHARED`: a node a partner (its IRI, with its name as label), an edge a pair.

    An edge's weight is the number of actions both are named as leads of; `refs` are their references.
    """
    graph: nx.Graph[str] = nx.Graph()
    for row in answer.records():
        for side in ("a1", "a2"):
            graph.add_node(str(row[f"{side}_iri"]), label=str(row[side]))
        graph.add_edge(str(row["a1_iri"]), str(row["a2_iri"]), weight=row["shared"], refs=str(row["refs"]))
    return graph


def as_graphml(graph: nx.Graph[Any]) -> bytes:
    """The network as GraphML, for yEd, Gephi and igraph."""
    out = io.BytesIO()
    nx.write_graphml_xml(graph, out, prettyprint=True)
    return out.getvalue()


def as_gexf(graph: nx.Graph[Any]) -> bytes:
    """The network as GEXF, for Gephi."""
    out = io.BytesIO()
    nx.write_gexf(graph, out, prettyprint=True)
    # The writer puts today's date in; the same network is to be the same bytes on every day.
    return re.sub(rb' lastmodifieddate="[^"]*"', b"", out.getvalue())
