"""Partners and the actions they lead, as networks: out of the one answer that has a row for every lead.

A partner is a body, the body at the top above it, or a name as printed. `leads` makes the network of partners and
actions, `partners` makes of that the network of partners alone: who is named with whom as lead of how many actions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import count, groupby
from typing import Any, Final

import networkx as nx

from kg.names import CODE
from kg.questions import Answer, Value, short_names

LEADS: Final = "every-lead"
"""The question whose answer is all of it."""
SHARED: Final = "shared-actions"
"""The question that says of each pair what `partners` says of it; a test holds the two to be the same."""
ROLES: Final = "bodies-by-role"
"""The question that says which body has which role."""
CANONICAL, PRINTED, ROLLED, ROLE = NAMES = ("canonical", "printed", "rolled", "role")
"""What a partner is: each body by its usual name; names as the lead cells print them; units as the body at the top;
the role that bodies of several boroughs are there for."""
_A_ROLE: Final[dict[str, Value]] = {
    "kind": "purpose",
    "kind_label": "Role",
    "kind_order": 0,
    "colour": "#0f4c5c",
    "may_be": "",
}
PARTNER, ACTION = "partner", "action"
COLLECTIVE: Final = str(CODE["ptype-collective"])
DOUBTS: Final = ("Inferred", "Ambiguous")
"""How certain a reading is that somebody might read otherwise."""


def leads(
    answer: Answer, names: str = CANONICAL, *, collective: bool = False, roles: Answer | None = None
) -> nx.Graph[str]:
    """The network of partners and the actions they lead; by role, as the answer `roles` has them.

    A body of several roles leads in each of them; one of none stands for itself.

    A node has a `side` (partner or action) and a `label`. A partner's key is its IRI, or the name as printed; it has
    `kind` (the last part of its type's code), `kind_label`, `kind_order` and `colour` (as the code has them),
    `bodies`, the IRIs it stands for, and `may_be`, what it may be the same as ("" where nothing is). An action's key
    is its IRI; it has `ref`, `title`, `position` (its place among all actions of the answer, from 0), `plan`,
    `plan_label`, `priority`, `priority_label`, `delivery_priority`, and `named`, how many lead it, collective wording
    with them. An edge has `role`, `printed`, `source` and `certainty`, and `by` (the bodies where the partner is a
    role, else itself), where several leads are one partner those of all of them. Collective wording is left out,
    unless asked for; an action that only it leads is there all the same.
    """
    network: nx.Graph[str] = nx.Graph()
    positions, named = count(), defaultdict[str, set[str]](set)
    having = _roles(roles) if names == ROLE and roles else {}
    for row in answer.records():
        action = str(row["ref_iri"])
        if action not in network:
            network.add_node(
                action, side=ACTION, label=f"{row['ref']} {row['title']}", ref=row["ref"], title=row["title"],
                position=next(positions), plan=row["plan_name_iri"], plan_label=row["plan_name"],
                priority=row["priority_iri"], priority_label=row["priority"],
                delivery_priority=row["delivery_priority"],
            )  # fmt: skip
        body = str(row["partner_iri"])
        for key, label, kind in having.get(body) or [_partner(row, names)]:
            by = body if body in having else key
            named[action].add(by)
            if kind["kind"] == COLLECTIVE.rpartition("#")[2] and not collective:
                continue
            if key not in network:
                network.add_node(key, side=PARTNER, label=label, bodies=(), **kind)
            network.nodes[key]["bodies"] = tuple(dict.fromkeys((*network.nodes[key]["bodies"], body)))
            said = {name: str(row[name]) for name in ("role", "printed", "source", "certainty")} | {"by": by}
            if network.has_edge(key, action):
                before = network.edges[key, action]
                said = {name: "; ".join(dict.fromkeys((before[name], value))) for name, value in said.items()}
            network.add_edge(key, action, **said)
    nx.set_node_attributes(network, {action: len(keys) for action, keys in named.items()}, "named")
    plans = _plans(network)
    for action in named if len(plans) > 1 else ():
        network.nodes[action]["label"] += f" ({plans[network.nodes[action]['plan']]})"
    return network


def _roles(answer: Answer) -> dict[str, list[tuple[str, str, dict[str, Value]]]]:
    """The roles of each body as partners: key, label and kind."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in answer.records():
        found[str(row["partner_iri"])][str(row["role_iri"])] = str(row["role"])
    return {body: [(iri, name, dict(_A_ROLE)) for iri, name in roles.items()] for body, roles in found.items()}


def _partner(row: dict[str, Value], names: str) -> tuple[str, str, dict[str, Value]]:
    """Key and label of what leads in a row, and its kind: the code, the words and the colour of its type."""
    top = "top_" if names == ROLLED else ""
    key, label = {ROLLED: ("top_iri", "top"), PRINTED: ("printed", "printed")}.get(names, ("partner_iri", "partner"))
    kind: dict[str, Value] = {
        "kind": str(row[f"{top}type_iri"]).rpartition("#")[2],
        "kind_label": str(row[f"{top}type"]), "kind_order": row[f"{top}type_order"], "colour": str(row[f"{top}colour"]),
        "may_be": "" if names == ROLLED else str(row["may_be"] or ""),
    }  # fmt: skip
    return str(row[key]), str(row[label]), kind


def _side(network: nx.Graph[str], side: str) -> Iterable[str]:
    return (node for node, kind in network.nodes(data="side") if kind == side)


def partners_of(network: nx.Graph[str]) -> list[str]:
    """The keys of the partners in a network of leads, in the order they are first named."""
    return list(_side(network, PARTNER))


def actions_of(network: nx.Graph[str], partner: str | None = None) -> list[str]:
    """The IRIs of the actions of a network of leads, or of those a partner leads, in the order of the plans."""
    found = _side(network, ACTION) if partner is None else network[partner]
    return sorted(found, key=lambda action: int(network.nodes[action]["position"]))


def led_by(network: nx.Graph[str], bodies: Iterable[str]) -> nx.Graph[str]:
    """The part of a network of leads that some bodies (IRIs) are in: the actions they lead, and all who lead those."""
    wanted = set(bodies)
    keys = [key for key in partners_of(network) if wanted.intersection(network.nodes[key]["bodies"])]
    actions = {action for key in keys for action in network[key]}
    part: nx.Graph[str] = network.subgraph({*keys, *actions, *(key for action in actions for key in network[action])})
    return part


def partners(network: nx.Graph[str]) -> nx.Graph[str]:
    """The network of partners in a network of leads.

    A node keeps what it has there and gets `n`, how many actions it leads, `alone`, how many of them name nobody else,
    not even collective wording, and `actions`, their IRIs in the order of the plans. An edge has `weight`, how many
    actions both lead, `actions`, their IRIs, `refs`, their references with a blank between (where there are several
    plans with the plan of each), and `doubt`: which of these leads are read with doubt ("" where none is). What two
    roles of one body lead by that body alone is not shared.
    """
    graph: nx.Graph[str] = nx.Graph()
    for key in partners_of(network):
        actions = actions_of(network, key)
        graph.add_node(key, **_without(network.nodes[key], "side"), n=len(actions), actions=tuple(actions))
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    place = {key: number for number, key in enumerate(graph)}
    for action in actions_of(network):
        both = sorted(network[action], key=place.__getitem__)
        for number, one in enumerate(both):
            for other in both[number + 1 :]:
                # The roles of one body share nothing by that.
                by = {body for key in (one, other) for body in network.edges[key, action]["by"].split("; ")}
                if len(by) > 1:
                    shared[one, other].append(action)
    for (one, other), actions in shared.items():
        refs = _references(network, actions)
        doubts = [doubt for action in actions if (doubt := _doubt(network, action, (one, other)))]
        doubt = ", ".join(doubts)
        graph.add_edge(one, other, weight=len(actions), actions=tuple(actions), refs=refs, doubt=doubt)
    for key, said in graph.nodes(data=True):
        beside = {action for *_, actions in graph.edges(key, data="actions") for action in actions}
        said["alone"] = sum(1 for one in said["actions"] if one not in beside and not _beside_nobody(network, one))
    return graph


def _beside_nobody(network: nx.Graph[str], action: str) -> bool:
    """Whether collective wording that is left out stands among the leads of an action."""
    counted = {by for *_, words in network.edges(action, data="by") for by in words.split("; ")}
    return int(network.nodes[action]["named"]) > len(counted)


def _plans(network: nx.Graph[str]) -> dict[str, str]:
    """The plans of the actions of a network, each by a few words that tell it from the others."""
    said = network.nodes
    return short_names({said[action]["plan"]: said[action]["plan_label"] for action in _side(network, ACTION)})


def _references(network: nx.Graph[str], actions: Iterable[str]) -> str:
    """The references of actions with a blank between; where the network is of several plans, with the plan of each."""
    plans = _plans(network)
    found = [
        (plan, " ".join(str(network.nodes[action]["ref"]) for action in group))
        for plan, group in groupby(actions, lambda action: str(network.nodes[action]["plan"]))
    ]
    return "; ".join(f"{refs} ({plans[plan]})" if len(plans) > 1 else refs for plan, refs in found)


def doubt_of(certainty: str) -> str:
    """How doubtful a reading is, in small letters; "" where it is stated, or only another spelling."""
    return " and ".join(word.lower() for word in DOUBTS if word in certainty)


def _doubt(network: nx.Graph[str], action: str, keys: Iterable[str]) -> str:
    words = doubt_of("; ".join(network.edges[key, action]["certainty"] for key in keys))
    return f"{network.nodes[action]['ref']} {words}" if words else ""


def _without(attributes: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in attributes.items() if key != name}
