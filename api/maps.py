"""`/map`: the partnership as a picture, with the same facts as tables below it and as files to take away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

import networkx as nx
from flask import Blueprint
from markupsafe import Markup
from pydantic import Field

from api import forms, queries
from api.facts import Named
from api.forms import Given
from api.shared import WHO_COUNTS
from api.spreadsheets import Table
from api.twins import page
from kg import network
from kg.errors import TooLarge
from kg.maps.asking import DEPENDENCIES, OF, PARTNERS, Drawn, Wanted, draw
from kg.maps.drawing import Drawing
from kg.maps.explore import as_explorable
from kg.maps.files import measured, rows
from kg.maps.offline import as_page
from kg.maps.partnership import ACTION
from kg.maps.picture import Picture
from kg.maps.svg import Kind, Look, look_of
from kg.network.measures import cut_off_without
from kg.questions import Parameter, Thing, find_question, listed
from kg.register import folded

blueprint = Blueprint("maps", __name__)

PICTURE, EXPLORE = VIEWS = ("picture", "explore")
PARAMETERS: Final = (
    Parameter(
        name="of", type="choice", example=PARTNERS, choices=OF,
        meaning="partners: who leads with whom; actions: who leads what; dependencies: what leans on what",
    ),
    Parameter(
        name="view", type="choice", example=PICTURE, choices=VIEWS,
        meaning="picture: everything in its place; explore: boxes to move about (needs JavaScript)",
    ),
    *WHO_COUNTS,
    Parameter(name="theme", type="theme", example="Night time economy", meaning="Only actions of this theme"),
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
    `Map.meanings`. `cut_off` are the partners that would lose their link with the rest without it, group by group.
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
    cut_off: tuple[tuple[str, ...], ...]


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

    `selected` holds the keys of the box, or of the two ends of the line, that was picked out; `missing` says what was
    to be picked out and is not on this map, "" where all is; `notes` what to know when reading it; `priorities` and
    `weights` what there is to narrow by. Where there is too much for a picture, `drawing` is null and `too_large` says
    so. The picture, the tables and every file show these boxes and lines and no others.
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
    drawing: Drawing | None
    too_large: str
    selected: tuple[str, ...]
    missing: str
    # Not the Drawn that it is: pydantic would want to describe the networks inside.
    drawn: Annotated[Any, Field(exclude=True)]

    @property
    def by_key(self) -> Mapping[str, Node]:
        """The boxes by their keys."""
        return {node.key: node for node in self.nodes}

    @property
    def key(self) -> list[tuple[Kind, Look]]:
        """The kinds of boxes there are and how they look."""
        shown = {box.kind for box in self.drawing.boxes} if self.drawing else {node.kind for node in self.nodes}
        kinds = [kind for kind in self._picture.kinds if kind.name in shown]
        return [(kind, look_of(kinds, kind.name)) for kind in kinds]

    @property
    def findable(self) -> list[tuple[str, list[Node]]]:
        """The boxes to find: the partners by name, with no kind; of dependencies all boxes by kind."""
        if self.of != DEPENDENCIES:
            return [("", sorted((node for node in self.nodes if node.measures), key=lambda node: node.label))]
        kinds = dict.fromkeys(node.kind_label for node in self.nodes)
        return [(kind, [node for node in self.nodes if node.kind_label == kind]) for kind in kinds]

    @property
    def svg(self) -> Markup:
        """The picture, every box and line a link that picks it out."""
        labels = {node.key: node.called for node in self.nodes}

        def line(a: str, b: str) -> str:
            return f"{forms.here(select=labels[a], beside=labels[b])}#selected"

        return Markup(  # noqa: S704  its template has escaped what it was given
            self._picture.as_svg(
                box=lambda key: f"{forms.here(select=labels[key], beside=None)}#selected",
                line=line,
                picked=self.selected,
            )
        )

    @property
    def explorable(self) -> Mapping[str, Any]:
        """What the free view is made of."""
        return as_explorable(self._picture)

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
        columns, found = rows(self.drawn)
        return Table(columns, found, "Lines")

    def more_tables(self) -> tuple[Table, ...]:
        """A row a box with its measures, and what these mean."""
        columns = ["label", "type", *self.meanings, "refs"]
        boxes = [
            [node.label, node.kind_label, *(node.measures.get(name) for name in self.meanings),
             " ".join(action.ref for action in node.actions)]
            for node in self.nodes
        ]  # fmt: skip
        return Table(columns, boxes, "Boxes"), Table(["measure", "meaning"], list(self.meanings.items()), "Measures")

    def as_svg(self) -> bytes:
        """The picture as a file, with its key and notes."""
        return self._picture.as_svg(notes=self.notes, picked=self.selected).encode()

    def as_png(self) -> bytes:
        """The same as PNG."""
        return self._picture.as_png(self.notes, self.selected)

    def as_graphml(self) -> bytes:
        """The network with its measures."""
        return network.as_graphml(measured(self.drawn))

    def as_gexf(self) -> bytes:
        """The same for Gephi."""
        return network.as_gexf(measured(self.drawn))

    def as_offline_page(self) -> bytes:
        """One page that opens without this server and asks nobody for anything."""
        return as_page(self._picture, self.drawn.leads, self.notes)

    @property
    def _picture(self) -> Picture:
        picture: Picture = self.drawn.picture
        return picture


@page(blueprint, "/map", "map.html", title="Map", door="Partners", parameters=PARAMETERS)
def maps(given: Given) -> Map:
    """Who leads with whom, or who leads what, as a picture; the same as tables, files and a network."""
    wanted = Wanted.read(
        queries.names(),
        given.words,
        of=given.choice("of", PARTNERS),
        names=given.choice("names", network.CANONICAL),
        collective=given.flag("collective"),
        least=max(1, given.number("least", 1)),
    )
    drawn = draw(queries.asker, wanted, queries.own_store().snapshot, queries.place_once())
    nodes, drawing, too_large = tuple(_nodes(drawn, wanted)), None, ""
    selected, missing = _selected(given, drawn, nodes)
    try:
        drawing = drawn.picture.drawing
    except TooLarge as error:
        too_large = str(error)
    return Map(
        of=wanted.of,
        view=given.choice("view", PICTURE),
        names=wanted.names,
        collective=wanted.collective,
        least=wanted.least,
        title=drawn.picture.title,
        summary=drawn.picture.summary,
        notes=drawn.notes,
        nodes=nodes,
        edges=tuple(_edges(drawn, wanted)),
        meanings=network.MEANINGS if wanted.of == PARTNERS else {},
        priorities=_priorities(given),
        weights=_weights(drawn.leads),
        drawing=drawing,
        too_large=too_large,
        selected=selected,
        missing=missing,
        drawn=drawn,
    )


def _priorities(given: Given) -> tuple[Named, ...]:
    words = {name: given.words[name] for name in ("plan", "borough") if name in given.words}
    rows = queries.ask(find_question(network.LEADS), words).records()
    return tuple(dict.fromkeys(Named(str(row["priority_iri"]), str(row["priority"])) for row in rows))


def _weights(leads: nx.Graph[str]) -> tuple[int, ...]:
    """How many actions pairs share, each number once, from 1."""
    return tuple(sorted({1, *(weight for *_, weight in network.partners(leads).edges(data="weight"))}))


def _nodes(drawn: Drawn, wanted: Wanted) -> list[Node]:
    """Every box: partners first, who leads most first; all else in the order of the plans."""
    picture, leads, base = drawn.picture, drawn.leads, f"{queries.names().base}id/"
    measures = network.measures(leads) if wanted.of != DEPENDENCIES else {}
    labels = {kind.name: kind.label for kind in picture.kinds}
    together = network.partners(leads) if wanted.of != DEPENDENCIES else nx.Graph()
    labels_of = leads.nodes(data="label")

    def order(key: str) -> tuple[int, int, str]:
        return (0, -int(leads.degree(key)), str(leads.nodes[key]["label"])) if key in measures else (1, 0, "")

    return [
        Node(
            key,
            key.removeprefix(base),
            key if key.startswith(base) else None,
            str(picture.network.nodes[key].get("called") or picture.network.nodes[key]["label"]),
            str(picture.network.nodes[key].get("kind", ACTION.name)),
            labels[str(picture.network.nodes[key].get("kind", ACTION.name))],
            picture.boxes[key],
            tuple(_action(leads, action) for action in network.actions_of(leads, key)) if key in measures else (),
            measures.get(key, {}),
            tuple(tuple(str(labels_of[one]) for one in group) for group in cut_off_without(together, key))
            if key in together
            else (),
        )
        for key in sorted(picture.network, key=order)
    ]


def _edges(drawn: Drawn, wanted: Wanted) -> list[Edge]:
    """Every line, the strongest first; of dependencies in the order of the plans."""
    picture, leads, label = drawn.picture, drawn.leads, drawn.picture.network.nodes(data="label")
    made = []
    for one, other, said in picture.network.edges(data=True):
        a, b = (one, other) if (one, other) in picture.lines else (other, one)
        behind = said.get("actions", (b,) if b in leads and wanted.of != DEPENDENCIES else ())
        actions = tuple(_action(leads, action) for action in behind)
        made.append(Edge(a, b, int(said.get("weight", 1)), picture.lines[a, b], actions))
    if wanted.of == DEPENDENCIES:
        return made
    return sorted(made, key=lambda edge: (-edge.weight, str(label[edge.a]), str(label[edge.b])))


def _action(leads: nx.Graph[str], action: str) -> Action:
    said = leads.nodes[action]
    return Action(action, str(said["ref"]), str(said["title"]), str(said["plan_label"]))


def _selected(given: Given, drawn: Drawn, nodes: tuple[Node, ...]) -> tuple[tuple[str, ...], str]:
    """The keys of what is to be picked out, and a sentence on what of it is not on this map, "" where all is."""
    words = {name: given.words[name] for name in ("select", "beside") if name in given.words}
    keys = {name: _key(word, name, drawn, nodes) for name, word in words.items()}
    missing = [f"“{words[name][:80]}”" for name, key in keys.items() if key is None]
    if missing:
        are = "is" if len(missing) == 1 else "are"
        return (), f"{listed(missing)} {are} not on this map: nothing in what is in scope and chosen leads there."
    return tuple(dict.fromkeys(key for key in keys.values() if key)), ""


def _key(words: str, parameter: str, drawn: Drawn, nodes: tuple[Node, ...]) -> str | None:
    """The key of the box that is called so, in any spelling; None for what is not on this map.

    Raises NotFound for a name that names nothing, Several where the map has several boxes of that name.
    """
    said, names = folded(words), queries.names()
    found = [node for node in nodes if said in (folded(node.called), folded(node.key))]
    found = found or [node for node in nodes if said == folded(node.label)]
    if not found:
        wanted = {thing.iri for thing in names.find(words, "thing", "Hackney Housing")}
        bodies = drawn.picture.network.nodes(data="bodies", default=())
        found = [node for node in nodes if wanted & {node.key, *bodies[node.key]}]
    if not found:
        return None
    return names.only([Thing(node.key, "", node.label) for node in found], words, parameter).iri
