"""The picture of dependencies: priorities, delivery priorities and actions in document order, and what they lean on."""

from __future__ import annotations

from typing import Final

import networkx as nx

from kg.maps.columns import Edge, Item, place
from kg.maps.picture import Picture
from kg.maps.svg import Kind
from kg.network.dependencies import ACTION, DELIVERY, ELEMENTS, FORUM, NAMED_ONLY, OTHER, PLAN, STRATEGIC
from kg.questions import counted

HEADS: Final = ("Strategic priority", "Delivery priority", "Action", "What they lean on")
ALONE: Final = "action that leans on nothing"
KINDS: Final = (
    Kind(STRATEGIC, "Strategic priority", "#1d70b8", 1),
    Kind(DELIVERY, "Delivery priority", "#1d70b8", 2),
    Kind(ACTION, "Action", "#4c2c92", 4),
    Kind(ALONE, "Action that leans on nothing", "#6f777b", 7),
    Kind(PLAN, "Plan", "#b5570b", 3),
    Kind(NAMED_ONLY, "Plan named only, text not held", "#b5570b", 5),
    Kind(FORUM, "Forum or board", "#026c38", 1),
    Kind(OTHER, "Other body or initiative", "#505a5f", 2),
)
GROUPS: Final = {
    PLAN: "Plans and documents", NAMED_ONLY: "Plans and documents", FORUM: "Forums and boards", OTHER: "Others",
}  # fmt: skip
"""The words above what is leant on. Plans may stand on both sides of the others: far fewer lines cross."""
PART: Final = "part"
DEPENDS: Final = "depends"
REFERS: Final = "refers"
"""The kinds of line: down the structure of a plan, to what delivers an element, to what it only points to."""


def of_dependencies(network: nx.DiGraph[str]) -> Picture:
    """The picture of a network of dependencies (see `kg.network.dependencies`)."""
    columns, edges = columns_of(network)
    names = network.nodes(data="called")
    boxes = {key: _in_words(network, key) for key in network}
    # Each begins as its box reads.
    for item in (item for column in columns for item in column):
        if not boxes[item.key].startswith(item.label):
            boxes[item.key] = f"{item.label}. {boxes[item.key]}"
    lines = {}
    for edge in edges:
        if edge.kind == PART:
            lines[edge.a, edge.b] = f"{names[edge.b]} is part of {names[edge.a]}"
        else:
            said = network.edges[edge.a, edge.b]
            count = counted(said["weight"], "reference")
            lines[edge.a, edge.b] = f"{names[edge.a]} to {names[edge.b]}, {count}: {_how(said)} ({said['sources']})"
    actions = [key for key in network if network.nodes[key]["kind"] == ACTION]
    leaning = sum(1 for key in actions if network.out_degree(key))
    return Picture(
        "What leans on what",
        f"{counted(len(actions), 'action')}, {leaning} of which lean on something; {len(columns[3])} plans, documents, "
        "forums and others they or their priorities lean on. A broken line only points there.",
        network,
        KINDS,
        boxes,
        lines,
        lambda: place(columns, edges, heads=HEADS),
    )


def columns_of(network: nx.DiGraph[str]) -> tuple[list[list[Item]], list[Edge]]:
    """The columns of HEADS and the lines between them. Where there are several plans, the first column names them.

    A plan that leans on something as a whole stands among what is leant on; if nobody leans on it, before its parts.
    """
    names = {node["plan"]: node["plan_name"] for _, node in network.nodes(data=True) if node["plan"]}
    columns: list[list[Item]] = [[] for _ in HEADS]
    for key, node in network.nodes(data=True):
        kind = node["kind"]
        if kind in ELEMENTS:
            is_alone = kind == ACTION and not network.out_degree(key)
            group = node["plan_name"] if kind == STRATEGIC and len(names) > 1 else ""
            columns[ELEMENTS.index(kind)].append(Item(key, node["label"], ALONE if is_alone else kind, group))
        elif network.in_degree(key) or key not in names:
            columns[-1].append(Item(key, node["label"], kind, GROUPS[kind], together=GROUPS[kind] != GROUPS[PLAN]))
    for key in reversed(names):
        if key in network and not network.in_degree(key):
            group = names[key] if len(names) > 1 else ""
            first = next((at for at, item in enumerate(columns[0]) if network.nodes[item.key]["plan"] == key), 0)
            columns[0].insert(first, Item(key, "The plan as a whole", PLAN, group))
    at = {item.key: number for number, column in enumerate(columns) for item in column}
    edges = [Edge(node["part_of"], key, kind=PART) for key, node in network.nodes(data=True) if node["part_of"]]
    for one, other, said in network.edges(data=True):
        # From left to right goes without saying.
        is_against = at[one] >= at[other]
        edges.append(Edge(one, other, said["weight"], DEPENDS if said["depends"] else REFERS, directed=is_against))
    return columns, edges


def _in_words(network: nx.DiGraph[str], key: str) -> str:
    """A node in a sentence: what it is, what it leans on and what leans on it."""
    node, names = network.nodes[key], network.nodes(data="called")
    out = [f"{names[other]}, {_how(said)}" for _, other, said in network.out_edges(key, data=True)]
    into = [str(names[one]) for one, _ in network.in_edges(key)]
    told = [f"{node['called']} ({node['kind']})"]
    if out:
        told.append(f"leans on {'; '.join(out)}")
    elif node["kind"] == ACTION:
        told.append("leans on nothing")
    if into:
        told.append(f"leant on by {'; '.join(into)}")
    return ". ".join(sentence[:1].upper() + sentence[1:] for sentence in told)


def _how(said: dict[str, str]) -> str:
    """In which way, and in which years, one thing leans on another."""
    return said["how"] + (f"; {said['doubt']}" if said["doubt"] else "")
