"""`/map`: the partnership as a picture, with the same facts as tables below it and as files to take away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

import networkx as nx
from flask import Blueprint, current_app
from markupsafe import Markup
from pydantic import Field

from api import forms, queries
from api.facts import Named
from api.forms import Given
from api.shared import WHO_COUNTS
from api.spreadsheets import Table
from api.twins import page
from kg import network
from kg.errors import NotFound
from kg.maps.asking import NARROWING, OF, PARTNERS, Wanted, leads_for, notes_on, pictured
from kg.maps.drawing import Drawing
from kg.maps.explore import as_explorable
from kg.maps.files import measured
from kg.maps.offline import as_page
from kg.maps.partners import place as around_hubs
from kg.maps.picture import Picture
from kg.maps.saved import saving
from kg.maps.svg import Kind, Look, look_of
from kg.questions import Parameter, find_question
from kg.register import folded
from kg.settings import Settings
from kg.tables import nearest

blueprint = Blueprint("maps", __name__)

PICTURE, EXPLORE = VIEWS = ("picture", "explore")
PARAMETERS: Final = (
    Parameter(
        name="of", type="choice", example=PARTNERS, choices=OF,
        meaning="partners: who leads with whom; actions: who leads what",
    ),
    Parameter(
        name="view", type="choice", example=PICTURE, choices=VIEWS,
        meaning="picture: everything in its place; explore: boxes to move about (needs JavaScript)",
    ),
    *WHO_COUNTS,
    Parameter(name="theme", type="theme", example="Night time economy", meaning="Only actions of this theme"),
    Parameter(name="borough", type="text", example="hackney", meaning="Only plans of this borough, as in addresses"),
    Parameter(name="least", type="number", example="2", meaning="Only pairs that share at least so many actions"),
    Parameter(
        name="select", type="text", example="Hackney Housing",
        meaning="What to pick out: a partner in any spelling, an action by its reference",
    ),
    Parameter(name="beside", type="text", example="Safer Communities", meaning="The other end of a line to pick out"),
)  # fmt: skip


@dataclass(frozen=True)
class Action:
    """An action by its reference; `plan` is the name of the plan, because two plans may use one reference."""

    iri: str
    ref: str
    title: str
    plan: str


@dataclass(frozen=True)
class Node:
    """A box: what it stands for (`iri` is None for a name as printed), its type, the actions behind it, its measures.

    `called` is what `select` takes. `words` says all of it in a sentence. `measures` is empty for an action; see
    `Map.meanings`.
    """

    key: str
    called: str
    iri: str | None
    label: str
    kind: str
    kind_label: str
    words: str
    actions: tuple[Action, ...]
    measures: Mapping[str, int | float | None]


@dataclass(frozen=True)
class Edge:
    """A line between the boxes `a` and `b`: the actions behind it, how many they are, and all that in words."""

    a: str
    b: str
    weight: int
    words: str
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class Map:
    """A network as boxes and lines, and where they stand: `drawing` holds positions in pixels.

    `selected` holds the keys of the box, or of the two ends of the line, that was picked out; `notes` what to know
    when reading it; `priorities` and `weights` what there is to narrow by. The picture, the tables and every file show
    these boxes and lines and no others.
    """

    of: str
    view: str
    names: str
    collective: bool
    least: int
    title: str
    summary: str
    notes: tuple[str, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    meanings: Mapping[str, str]
    priorities: tuple[Named, ...]
    weights: tuple[int, ...]
    drawing: Drawing
    selected: tuple[str, ...]
    # Not the Picture and the network of leads that they are: pydantic would want to describe what is inside.
    picture: Annotated[Any, Field(exclude=True)]
    leads: Annotated[Any, Field(exclude=True)]

    @property
    def by_key(self) -> Mapping[str, Node]:
        """The boxes by their keys."""
        return {node.key: node for node in self.nodes}

    @property
    def key(self) -> list[tuple[Kind, Look]]:
        """The kinds of boxes there are and how they look."""
        return [(kind, look_of(self.picture.kinds, kind.name)) for kind in self.picture.kinds]

    @property
    def svg(self) -> Markup:
        """The picture, every box and line a link that picks it out."""
        labels = {node.key: node.called for node in self.nodes}

        def line(a: str, b: str) -> str:
            return f"{forms.here(select=labels[a], beside=labels[b])}#selected"

        return Markup(  # noqa: S704  its template has escaped what it was given
            self.picture.as_svg(
                box=lambda key: f"{forms.here(select=labels[key], beside=None)}#selected",
                line=line,
                picked=self.selected,
            )
        )

    @property
    def explorable(self) -> Mapping[str, Any]:
        """What the free view is made of."""
        return as_explorable(self.picture)

    @property
    def picked(self) -> list[Node]:
        """The box, or the ends of the line, that was picked out."""
        return [self.by_key[key] for key in self.selected]

    @property
    def picked_lines(self) -> list[Edge]:
        """The lines at the box, or the line, that was picked out."""
        wanted = set(self.selected)
        return [edge for edge in self.edges if wanted and wanted <= {edge.a, edge.b}]

    def table(self) -> Table:
        """A row a line."""
        label = {node.key: node.label for node in self.nodes}
        rows = [
            (label[edge.a], label[edge.b], edge.weight, " ".join(action.ref for action in edge.actions))
            for edge in self.edges
        ]
        return Table(["a", "b", "shared" if self.of == PARTNERS else "leads", "refs"], rows, "Lines")

    def more_tables(self) -> tuple[Table, ...]:
        """A row a box with its measures, and what these mean."""
        columns = ["label", "type", *self.meanings, "refs"]
        rows = [
            [node.label, node.kind_label, *(node.measures.get(name) for name in self.meanings),
             " ".join(action.ref for action in node.actions)]
            for node in self.nodes
        ]  # fmt: skip
        return Table(columns, rows, "Boxes"), Table(["measure", "meaning"], list(self.meanings.items()), "Measures")

    def as_svg(self) -> bytes:
        """The picture as a file, with its key and notes."""
        return self._picture.as_svg(notes=self.notes, picked=self.selected).encode()

    def as_png(self) -> bytes:
        """The same as PNG."""
        return self._picture.as_png(self.notes, self.selected)

    def as_graphml(self) -> bytes:
        """The network with its measures."""
        return network.as_graphml(measured(self._picture, self.leads))

    def as_gexf(self) -> bytes:
        """The same for Gephi."""
        return network.as_gexf(measured(self._picture, self.leads))

    def as_offline_page(self) -> bytes:
        """One page that opens without this server and asks nobody for anything."""
        return as_page(self._picture, self.leads, self.notes)

    @property
    def _picture(self) -> Picture:
        picture: Picture = self.picture
        return picture


@page(blueprint, "/map", "map.html", title="Map", door="Partners", parameters=PARAMETERS)
def maps(given: Given) -> Map:
    """Who leads with whom, or who leads what, as a picture; the same as tables, files and a network."""
    wanted = Wanted(
        given.choice("of", PARTNERS),
        given.choice("names", network.CANONICAL),
        given.flag("collective"),
        max(1, given.number("least", 1)),
        {name: given.words[name] for name in NARROWING if name in given.words},
        tuple(thing.iri for thing in given.things.get("partner", ())),
    )
    leads = leads_for(queries.asker, wanted)
    settings: Settings = current_app.extensions["plangraph.settings"]
    picture = pictured(leads, wanted, saving(settings.home, around_hubs))
    nodes = tuple(_nodes(picture, leads, wanted.names))
    return Map(
        of=wanted.of,
        view=given.choice("view", PICTURE),
        names=wanted.names,
        collective=wanted.collective,
        least=wanted.least,
        title=picture.title,
        summary=picture.summary,
        notes=notes_on(leads, wanted, queries.own_store().snapshot),
        nodes=nodes,
        edges=tuple(_edges(picture, leads)),
        meanings=network.MEANINGS,
        priorities=_priorities(given),
        weights=_weights(leads),
        drawing=picture.drawing,
        selected=_selected(given, leads, nodes),
        picture=picture,
        leads=leads,
    )


def _priorities(given: Given) -> tuple[Named, ...]:
    words = {name: given.words[name] for name in ("plan", "borough") if name in given.words}
    rows = queries.ask(find_question(network.LEADS), words).records()
    return tuple(dict.fromkeys(Named(str(row["priority_iri"]), str(row["priority"])) for row in rows))


def _weights(leads: nx.Graph[str]) -> tuple[int, ...]:
    """How many actions pairs share, each number once, from 1."""
    return tuple(sorted({1, *(weight for *_, weight in network.partners(leads).edges(data="weight"))}))


def _nodes(picture: Picture, leads: nx.Graph[str], names: str) -> list[Node]:
    measures, base = network.measures(leads), f"{queries.names().base}id/"
    return [
        Node(
            key,
            key.removeprefix(base),
            key if said.get("side") == network.ACTION or names != network.PRINTED else None,
            str(said["label"]),
            str(said.get("kind", "action")),
            str(said.get("kind_label", "Action")),
            picture.boxes[key],
            tuple(_action(leads, action) for action in network.actions_of(leads, key)) if key in measures else (),
            measures.get(key, {}),
        )
        for key, said in sorted(picture.network.nodes(data=True), key=lambda node: _order(leads, *node))
    ]


def _order(leads: nx.Graph[str], key: str, said: Mapping[str, Any]) -> tuple[int, int, str]:
    """Partners first, who leads most first; then actions in the order of the plans."""
    if said.get("side") == network.ACTION:
        return 1, int(said["position"]), ""
    return 0, -int(leads.degree(key)), str(said["label"])


def _edges(picture: Picture, leads: nx.Graph[str]) -> list[Edge]:
    made = []
    for a, b, said in picture.network.edges(data=True):
        one, other = (b, a) if picture.network.nodes[a].get("side") == network.ACTION else (a, b)
        actions = tuple(_action(leads, action) for action in said.get("actions", (other,)))
        made.append(Edge(one, other, int(said.get("weight", 1)), picture.lines[one, other], actions))
    label = picture.network.nodes(data="label")
    return sorted(made, key=lambda edge: (-edge.weight, str(label[edge.a]), str(label[edge.b])))


def _action(leads: nx.Graph[str], action: str) -> Action:
    said = leads.nodes[action]
    return Action(action, str(said["ref"]), str(said["title"]), str(said["plan_label"]))


def _selected(given: Given, leads: nx.Graph[str], nodes: tuple[Node, ...]) -> tuple[str, ...]:
    words = [given.words[name] for name in ("select", "beside") if name in given.words]
    return tuple(dict.fromkeys(_key(word, leads, nodes) for word in words))


def _key(words: str, leads: nx.Graph[str], nodes: tuple[Node, ...]) -> str:
    """The key of the box that is called so, in any spelling. Raises NotFound also for what is not on this map."""
    for node in nodes:
        if folded(words) in (folded(node.label), folded(node.called), folded(node.key)):
            return node.key
    wanted = {thing.iri for thing in queries.names().find(words, "thing", "Hackney Housing")}
    for node in nodes:
        if wanted & {node.key, *leads.nodes[node.key].get("bodies", ())}:
            return node.key
    raise NotFound(f'"{words[:80]}" is not on this map{nearest(words, [node.label for node in nodes])}.')
