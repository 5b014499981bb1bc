"""What can be said of each partner in a network by counting: each measure with the sentence that defines it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

import networkx as nx

from kg.network.partners import actions_of, partners, partners_of

Number = int | float | None

MEANINGS: Final[Mapping[str, str]] = {
    "led": "How many actions name it as lead",
    "alone": "How many of those name nobody else, not even wording such as All Partners",
    "jointly": "How many of those name somebody else too",
    "partners": "With how many others it shares an action (degree)",
    "shared_pairs": "The actions it shares, counted once for each other partner on them (weighted degree)",
    "priorities": "Under how many strategic priorities it leads: who leads under several links them (a broker)",
    "on_every_action": "In how many delivery priorities of several actions it leads every one",
    "bridges": "How many of its links are the only way between the partners on either side",
    "cut_point": "1 where some partners would no longer be linked without it, else 0",
    "group": "The number of its component: partners with the same number are linked somehow; 1 is the largest",
    "community": "The number of its community: partners more linked with each other than with the rest "
    "(greedy modularity, weighted by shared actions); 1 is the largest",
    "betweenness": "The share of shortest ways between two others that go through it, 0 to 1",
    "closeness": "How near it is to the partners it can reach, 0 to 1 (corrected for how many those are)",
    "eigenvector": "High where its partners are themselves well linked, 0 to 1, the highest of its group being 1; "
    "0 without links",
    "clustering": "How many of the possible links among its partners exist, 0 to 1; not stated with fewer than two",
    "core": "The largest k for which it belongs to partners who each share with k others of them (k-core)",
}
"""Every measure and what it means, in the order of the columns. Structure, not performance: no measure is a score."""


def measures(network: nx.Graph[str]) -> dict[str, dict[str, Number]]:
    """Each partner of a network of leads with its measures by name; see MEANINGS. Ways are counted in links."""
    graph = partners(network)
    found: dict[str, dict[str, Number]] = {key: dict.fromkeys(MEANINGS) for key in graph}
    for key, priorities, carries in _by_actions(network):
        of = graph.nodes[key]
        found[key] |= {
            "led": of["n"], "alone": of["alone"], "jointly": of["n"] - of["alone"], "partners": graph.degree(key),
            "shared_pairs": graph.degree(key, weight="weight"), "priorities": priorities, "on_every_action": carries,
        }  # fmt: skip
    cut = set(nx.articulation_points(graph))
    bridges = [end for bridge in nx.bridges(graph) for end in bridge]
    betweenness, closeness = nx.betweenness_centrality(graph), nx.closeness_centrality(graph)
    clustering, core = nx.clustering(graph), nx.core_number(graph)
    groups = _numbered(nx.connected_components(graph), graph)
    communities = _numbered(nx.community.greedy_modularity_communities(graph, "weight") if graph.edges else [], graph)
    eigenvector = _eigenvector(graph)
    for key in graph:
        found[key] |= {
            "bridges": bridges.count(key), "cut_point": int(key in cut), "group": groups[key],
            "community": communities.get(key, groups[key]), "betweenness": _rounded(betweenness[key]),
            "closeness": _rounded(closeness[key]), "eigenvector": _rounded(eigenvector[key]),
            "clustering": _rounded(clustering[key]) if graph.degree(key) > 1 else None, "core": core[key],
        }  # fmt: skip
    return found


def cut_off_without(graph: nx.Graph[str], key: str) -> list[list[str]]:
    """Who would no longer be linked with the rest of its component of a network of partners without this one.

    Groups of keys, the largest first; the group that would be called the rest, the largest of all, is left out.
    """
    component = nx.node_connected_component(graph, key)
    parts = nx.connected_components(graph.subgraph(component - {key}))
    place = {node: number for number, node in enumerate(graph)}
    in_order = [sorted(part, key=place.__getitem__) for part in parts]
    return sorted(in_order, key=lambda part: (-len(part), place[part[0]]))[1:]


def measured(network: nx.Graph[str]) -> nx.Graph[str]:
    """The network of partners in a network of leads, each with its measures as attributes: what files hold of it."""
    graph = partners(network)
    for key, values in measures(network).items():
        graph.nodes[key].update(values)
    return graph


def _by_actions(network: nx.Graph[str]) -> list[tuple[str, int, int]]:
    """Each partner, under how many strategic priorities it leads, and how many delivery priorities it carries alone."""
    below: dict[tuple[str, str], set[str]] = {}
    for action in actions_of(network):
        below.setdefault(_delivery_priority(network, action), set()).add(action)
    rows = []
    for key in partners_of(network):
        led = set(network[key])
        carries = sum(1 for actions in below.values() if len(actions) > 1 and actions <= led)
        rows.append((key, len({network.nodes[action]["priority"] for action in led}), carries))
    return rows


def _delivery_priority(network: nx.Graph[str], action: str) -> tuple[str, str]:
    of = network.nodes[action]
    return str(of["plan"]), str(of["delivery_priority"])


def _numbered(groups: Iterable[Collection[str]], graph: nx.Graph[str]) -> dict[str, int]:
    """The number of each node's group, the largest being 1; groups of one size in the order of their first nodes."""
    place = {key: number for number, key in enumerate(graph)}
    in_order = sorted(groups, key=lambda group: (-len(group), min(place[key] for key in group)))
    return {key: number for number, group in enumerate(in_order, 1) for key in group}


def _rounded(value: float) -> float:
    """To four places, and always a float: files name the type of a column."""
    return float(round(value, 4))


def _eigenvector(graph: nx.Graph[str]) -> dict[str, float]:
    """Within each component by itself, because across components it is not defined."""
    found = dict.fromkeys(graph, 0.0)
    for component in nx.connected_components(graph):
        if len(component) == 1:
            continue
        part = graph.subgraph(component)
        vector = nx.eigenvector_centrality(part, max_iter=10_000, tol=1e-8, weight="weight")
        highest = max(vector.values())
        found |= {key: value / highest for key, value in vector.items()}
    return found
