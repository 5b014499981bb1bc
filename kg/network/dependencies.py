"""What leans on what, out of the network of references: each element of a plan, and the plans and forums behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import networkx as nx

from kg.network.references import DEPENDING, LED_BY, NAMING, above, doubted
from kg.questions import short_names

STRATEGIC, DELIVERY, ACTION, PLAN, NAMED_ONLY, FORUM, OTHER = KINDS = (
    "strategic priority", "delivery priority", "action", "plan", "plan named only", "forum", "other",
)  # fmt: skip
"""What a node is; a plan has its kind by whether its text is held, and `OTHER` is a body or an initiative."""
ELEMENTS: Final = (STRATEGIC, DELIVERY, ACTION)


def dependencies(network: nx.MultiDiGraph[str], plans: Iterable[str] = ()) -> nx.DiGraph[str]:
    """Everything that leans on something, and what it leans on, in the plans given by their IRIs (in all, if none).

    Nodes are the plans' elements in the order of the documents, those that lean on nothing too, then what they lean
    on: a section counts for its plan, an improvement action for its delivery priority. A node has `label`, `called`
    (the same, where there are several plans with that of an element behind it), `kind` (of KINDS), `plan` and
    `plan_name` (those of its plan, "" where it is no element) and `part_of` (the element above it). An edge stands for
    all facts between two things: `weight` says how many, `how` in which ways and years, `sources` where, `doubt` how
    uncertain the reading of one is ("" where none is), and `depends` whether one says that its beginning depends on
    its end; the others only point there.
    """
    wanted = set(plans)
    kinds: dict[str, str] = dict(network.nodes(data="kind"))
    held = {whole for node, kind in kinds.items() if kind == STRATEGIC for whole in above(network, node)}
    found: nx.DiGraph[str] = nx.DiGraph()
    for node, kind in kinds.items():
        wholes = list(above(network, node))
        if kind in ELEMENTS and wholes and (not wanted or wholes[-1] in wanted):
            found.add_node(
                node,
                label=network.nodes[node]["label"],
                kind=kind,
                plan=wholes[-1],
                plan_name=network.nodes[wholes[-1]]["label"],
                part_of=wholes[0] if wholes[0] in found else "",
            )
    gathered: dict[tuple[str, str], list[dict[str, str | None]]] = {}
    for one, other, said in network.edges(data=True):
        if said["kind"] == LED_BY or said["kind"] in NAMING or (wanted and said["plan_name_iri"] not in wanted):
            continue
        ends = (_counting(network, one, found), _counting(network, other, found))
        for end in ends:
            if end not in found:
                label, kind = network.nodes[end]["label"], _kind(kinds[end], end in held)
                found.add_node(end, label=label, kind=kind, plan="", plan_name="", part_of="")
        gathered.setdefault(ends, []).append(said)
    for ends, facts in gathered.items():
        _add(found, ends, facts)
    # Two plans may use one reference: `called` says whose it is.
    plans = short_names({said["plan"]: said["plan_name"] for _, said in found.nodes(data=True) if said["plan"]})
    for _, said in found.nodes(data=True):
        said["called"] = (
            f"{said['label']} ({plans[said['plan']]})" if len(plans) > 1 and said["plan"] else said["label"]
        )
    return found


def under(network: nx.DiGraph[str], wholes: Iterable[str]) -> nx.DiGraph[str]:
    """The part of a network of dependencies that lies in these elements, what it leans on, and what is above both."""
    wanted = set(wholes)
    inside = [node for node in network if not wanted.isdisjoint(_upwards(network, node))]
    edges = list(network.out_edges(inside))
    kept = {up for node in (*inside, *(other for _, other in edges)) for up in _upwards(network, node)}
    part: nx.DiGraph[str] = nx.DiGraph()
    part.add_nodes_from((node, said) for node, said in network.nodes(data=True) if node in kept)
    part.add_edges_from((*ends, network.edges[ends]) for ends in edges)
    return part


def _upwards(network: nx.DiGraph[str], node: str) -> list[str]:
    """A node and the elements above it."""
    found = [node]
    while part_of := network.nodes[found[-1]]["part_of"]:
        found.append(part_of)
    return found


def _counting(network: nx.MultiDiGraph[str], node: str, found: nx.DiGraph[str]) -> str:
    """What a thing counts for: the element drawn that it is or lies in, else the plan it lies in, else itself."""
    wholes = (node, *above(network, node))
    return next((whole for whole in wholes if whole in found and found.nodes[whole]["plan"]), wholes[-1])


def _kind(kind: str, is_held: bool) -> str:
    if kind == PLAN:
        return PLAN if is_held else NAMED_ONLY
    return kind if kind in KINDS else OTHER


def _add(found: nx.DiGraph[str], ends: tuple[str, str], facts: Sequence[dict[str, str | None]]) -> None:
    """One edge for all facts between two things."""
    years: dict[str, list[str]] = {}
    for said in facts:
        of_kind = years.setdefault(str(said["kind"]), [])
        if said["year"] and said["year"] not in of_kind:
            of_kind.append(said["year"])
    how = (f"{kind} in {' and '.join(those)}" if those else kind for kind, those in years.items())
    found.add_edge(
        *ends,
        weight=len(facts),
        how="; ".join(how),
        sources="; ".join(dict.fromkeys(str(said["source"]) for said in facts if said["source"])),
        doubt=doubted(said["certainty"] for said in facts),
        depends=any(said["kind"] in DEPENDING for said in facts),
    )
