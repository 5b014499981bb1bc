"""What our own pages ask: .rq files beside this module and the named questions, all of one snapshot a request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from flask import current_app, g

from kg.graph.store import Result, Store, list_snapshots
from kg.maps.partners import place
from kg.maps.partnership import Placing
from kg.maps.saved import saving
from kg.questions import Answer, Names, Question, bound, load_questions
from kg.questions.binding import bind
from kg.settings import Settings

FOLDER: Final = Path(__file__).parent / "queries"
ANSWERS_KEPT: Final = 64
Terms = Sequence[str]
Record = Mapping[str, Any]


def own_store() -> Store:
    """The store that answers our own questions: the same snapshot from the first question of a request to the last."""
    if "plangraph_store" not in g:
        g.plangraph_lease = current_app.extensions["plangraph.store"].lease()
        g.plangraph_store = g.plangraph_lease.__enter__()
    store: Store = g.plangraph_store
    return store


def release(_error: BaseException | None = None) -> None:
    """Give the snapshot of this request back."""
    lease = g.pop("plangraph_lease", None)
    g.pop("plangraph_store", None)
    if lease is not None:
        lease.__exit__(None, None, None)


def pool() -> Store:
    """The store that answers queries from outside, in processes that can be killed."""
    store: Store = current_app.extensions["plangraph.pool"]
    return store


def kept(name: str, make: Any) -> Any:
    """What `make()` gives for this snapshot, made once: for what every page needs of the whole graph."""
    memory: dict[str, tuple[str, Any]] = current_app.extensions["plangraph.kept"]
    snapshot = own_store().snapshot
    found = memory.get(name)
    if found is None or found[0] != snapshot:
        # Two threads may both make it; they make the same.
        memory[name] = found = (snapshot, make())
    return found[1]


class _Own:
    """Whatever own_store() is when asked: names outlive the request that read them."""

    def query(self, sparql: str) -> Result:
        return own_store().query(sparql)


def names() -> Names:
    """Every name in the graph."""
    found: Names = kept("names", lambda: Names.load(_Own()))
    return found


@cache
def text(name: str) -> str:
    """The query `name` as it stands in its file."""
    return (FOLDER / f"{name}.rq").read_text(encoding="utf-8")


def answer(name: str, **terms: Terms) -> Answer:
    """The rows of our query `name`, with the serialised terms of its parameters; empty terms count as not given."""
    return Answer.parse(own_store().query(bind(text(name), terms)).body)


def records(name: str, **terms: Terms) -> list[dict[str, Any]]:
    """The same, each row a dict by column; what is unbound is None."""
    return list(answer(name, **terms).records())


def record(name: str, **terms: Terms) -> dict[str, Any]:
    """The first row, or an empty dict where there is none."""
    return next(iter(records(name, **terms)), {})


def grouped(rows: Sequence[Record], key: str) -> Iterator[tuple[Any, list[Record]]]:
    """Rows that follow each other and have the same value in `key`, in order."""
    group: list[Record] = []
    for row in rows:
        if group and group[-1][key] != row[key]:
            yield group[-1][key], group
            group = []
        group.append(row)
    if group:
        yield group[-1][key], group


def ask(question: Question, given: Mapping[str, str]) -> Answer:
    """The answer to a named question, with what a person wrote for its parameters.

    The last answers are remembered: within one snapshot an answer never changes.
    """
    answered = kept("answers", lambda: lru_cache(maxsize=ANSWERS_KEPT)(_answered))
    found: Answer = answered(question.name, tuple(sorted(given.items())))
    return found


def asker(name: str, given: Mapping[str, str]) -> Answer:
    """`ask` for rooms that know a question by its name."""
    return ask(load_questions()[name], given)


def own_tables() -> Path:
    """The tables that the snapshot behind our own questions was built from."""
    settings: Settings = current_app.extensions["plangraph.settings"]
    wanted = own_store().snapshot
    return next(one for one in list_snapshots(settings.home) if one.id == wanted).tables_path


def place_once() -> Placing:
    """Where the partners of a map stand, worked out once and kept below the home of the snapshots."""
    settings: Settings = current_app.extensions["plangraph.settings"]
    return saving(settings.home, place)


def _answered(name: str, given: tuple[tuple[str, str], ...]) -> Answer:
    return Answer.parse(own_store().query(bound(load_questions()[name], names(), dict(given))).body)


def graph(name: str, form: str, **terms: Terms) -> bytes:
    """The graph that our query `name` constructs, as ttl, nt, rdf or jsonld."""
    return own_store().query(bind(text(name), terms), graph=form).body
