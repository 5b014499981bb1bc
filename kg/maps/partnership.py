"""The pictures of a partnership: who leads with whom, and who leads which action, out of a network of leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import networkx as nx

from kg.maps.columns import Edge, Item
from kg.maps.columns import place as in_columns
from kg.maps.drawing import Drawing
from kg.maps.partners import place as around_hubs
from kg.maps.picture import Picture, kinds_of
from kg.maps.svg import Kind
from kg.network import actions_of, partners, partners_of
from kg.network.partners import doubt_of
from kg.questions import counted

Placing = Callable[["nx.Graph[str]"], Drawing]
"""Says where the partners of a network stand."""
ACTION: Final = Kind("action", "Action", "#505a5f", 2)


def of_partners(
    leads: nx.Graph[str], least: int = 1, around: str | None = None, place: Placing = around_hubs
) -> Picture:
    """Who leads with whom.

    With `least` above 1 only pairs that share so many actions, and the partners in them; with `around` (a key) only
    that partner and those it shares an action with. What is left out changes no number of what stays.
    """
    network = partners(leads)
    if around is not None:
        # Not by a subgraph: that of a set has its nodes in another order each time the program runs.
        network.remove_nodes_from([key for key in network if key != around and not network.has_edge(key, around)])
    if least > 1:
        weak = [ends for *ends, weight in network.edges(data="weight") if weight < least]
        network.remove_edges_from(weak)
        network.remove_nodes_from([key for key in network if not network.degree(key)])
    names = network.nodes(data="label")
    lines = {}
    for one, other, said in network.edges(data=True):
        doubt = f" (read with doubt: {said['doubt']})" if said["doubt"] else ""
        words = f"{names[one]} and {names[other]}: {counted(said['weight'], 'shared action')}, {said['refs']}{doubt}"
        lines[one, other] = lines[other, one] = words
    alone = sum(1 for key in network if not network.degree(key))
    pairs = f"{counted(network.number_of_edges(), 'pair')} sharing {counted(least, 'action')} or more"
    apart = f"; {counted(alone, 'partner')} sharing none" if alone else ""
    return Picture(
        "Who leads actions together",
        f"{counted(len(network), 'partner')}: {pairs}{apart}.",
        network,
        kinds_of(network),
        {key: partner_in_words(network, key) for key in network},
        lines,
        lambda: place(network),
    )


def of_actions(leads: nx.Graph[str]) -> Picture:
    """Who leads which action: partners on the left, the actions in the order of the plans on the right."""
    actions = actions_of(leads)
    order = {action: number for number, action in enumerate(actions)}
    # A partner stands where its actions stand on average, so that lines run level.
    left = sorted(partners_of(leads), key=lambda key: (sum(order[a] for a in leads[key]) / len(leads[key]), key))
    names = leads.nodes(data="label")
    columns = [
        [Item(key, f"{names[key]} ({leads.degree(key)})", str(leads.nodes[key]["kind"])) for key in left],
        [Item(action, str(names[action]), ACTION.name) for action in actions],
    ]
    ends = [(key, action) for key in left for action in sorted(leads[key], key=order.__getitem__)]
    together = partners(leads)
    boxes = {key: partner_in_words(together, key) for key in left}
    for action in actions:
        who = ", ".join(sorted(str(names[key]) for key in leads[action])) or "nobody that counts here"
        boxes[action] = f"{names[action]}. Led by {who}"
    return Picture(
        "Who leads which action",
        f"{counted(len(left), 'partner')}, {counted(len(actions), 'action')}, {counted(len(ends), 'lead')}.",
        leads,
        (*kinds_of(leads.subgraph(left)), ACTION),
        boxes,
        {
            (key, action): f"{names[key]} leads {names[action]}: {_role(leads.edges[key, action])}"
            for key, action in ends
        },
        lambda: in_columns(columns, [Edge(*end) for end in ends], heads=("Partners", "Actions"), free=(0,)),
    )


def _role(lead: dict[str, str]) -> str:
    doubt = doubt_of(lead["certainty"])
    return f"{lead['role']}, {doubt}" if doubt else lead["role"]


def partner_in_words(network: nx.Graph[str], key: str) -> str:
    """A node of a network of partners in a sentence: its type, how much it leads, and with how many."""
    said = network.nodes[key]
    beside = f"shares actions with {counted(network.degree(key), 'other')}" if network.degree(key) else "shares none"
    alone = f"{said['alone']} of them alone" if said["alone"] else "none of them alone"
    # It begins as the box reads: who says aloud what they see is understood.
    leads = f"Leads {counted(said['n'], 'action')}, {alone}; {beside}"
    may_be = f"; may be the same as {said['may_be']}" if said["may_be"] else ""
    return f"{said['label']} ({said['n']}). {said['kind_label']}. {leads}{may_be}"
