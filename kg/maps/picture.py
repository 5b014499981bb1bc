"""A network and its drawing with the words of every box and line: the one thing that pages, files and briefs show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import networkx as nx

from kg.errors import TooLarge
from kg.maps.drawing import Drawing
from kg.maps.png import as_png
from kg.maps.svg import Frame, Kind, Words, as_svg

LARGEST: Final = 500
"""More boxes than this are no picture; of partners around hubs it is fewer, see `kg.maps.partners`."""


@dataclass(frozen=True)
class Picture:
    """A network and how it is drawn. `boxes` are the words of each node, `lines` those of each edge by its two ends.

    `title` and `summary` are what a reader is told first; `kinds` is the key, in order. `place` works the drawing out,
    when it is first wanted.
    """

    title: str
    summary: str
    network: nx.Graph[str]
    kinds: tuple[Kind, ...]
    boxes: Mapping[str, str]
    lines: Mapping[tuple[str, str], str]
    place: Callable[[], Drawing]

    @cached_property
    def drawing(self) -> Drawing:
        """Where every box and line stands. Raises TooLarge where there are more than a picture can show."""
        if len(self.network) > LARGEST:
            raise TooLarge(
                f"{len(self.network):,} boxes are more than a picture can show ({LARGEST}): choose one plan,"
                " priority or partner. The tables and files hold all of them."
            )
        return self.place()

    def as_svg(
        self,
        *,
        box: Callable[[str], str] = lambda _key: "",
        line: Callable[[str, str], str] = lambda _a, _b: "",
        picked: Collection[str] = (),
        notes: Sequence[str] | None = None,
    ) -> str:
        """The SVG. `box` and `line` give the address a box or a line leads to; with `notes` it is a file by itself.

        Where a box is `picked`, or the two ends of a line, all that does not touch it steps back.
        """
        lit = self._lit(picked)

        def is_lit(ends: tuple[str, str]) -> bool:
            return lit.issuperset(ends) and (len(picked) != 1 or not set(picked).isdisjoint(ends))

        return as_svg(
            self.drawing,
            self.kinds,
            title=self.title,
            description=self.summary,
            boxes={key: Words(words, box(key), key not in lit) for key, words in self.boxes.items()},
            lines={ends: Words(words, line(*ends), not is_lit(ends)) for ends, words in self.lines.items()},
            frame=None if notes is None else Frame(self.title, self.summary, tuple(notes)),
        )

    def as_png(self, notes: Sequence[str], picked: Collection[str] = ()) -> bytes:
        """The file as PNG."""
        return as_png(self.as_svg(notes=notes, picked=picked))

    def _lit(self, picked: Collection[str]) -> frozenset[str]:
        """The boxes that stay in front: all, or what was picked and, where that is one box, its neighbours."""
        if not picked:
            return frozenset(self.network)
        beside = set(nx.all_neighbors(self.network, *picked)) if len(picked) == 1 else set()
        return frozenset(picked) | beside


def kinds_of(network: nx.Graph[Any]) -> tuple[Kind, ...]:
    """The kinds of the nodes of a network, each once, in the order of their list."""
    found = {
        Kind(str(said["kind"]), str(said["kind_label"]), str(said["colour"]), int(said["kind_order"]))
        for _, said in network.nodes(data=True)
    }
    return tuple(sorted(found, key=lambda kind: kind.order))
