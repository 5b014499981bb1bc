"""Asks a named question of the graph: what people wrote becomes terms, the terms fill the query, the store answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from kg.errors import InputError, NoSnapshot
from kg.graph.store import LocalStore, Store, current
from kg.questions.answer import Answer
from kg.questions.naming import Names
from kg.questions.question import Question, find_question
from kg.settings import Settings

Asker = Callable[[str, Mapping[str, str]], Answer]
"""Asks the question of a name, with what a person wrote for its parameters: how it is asked is left to whoever asks."""


def open_graph(home: Path | str | None = None) -> LocalStore:
    """The published snapshot, opened read-only: graph = open_graph(); ask(graph, "Q03", action="2.3").

    `home` is the folder of the snapshots, by default that of the settings. Nothing is built: raises NoSnapshot, which
    says how to, where nothing is published.
    """
    settings = Settings.read(home=home)
    published = current(settings.home)
    if published is None:
        raise NoSnapshot(f"No snapshot is published in {settings.home}; build one with `plangraph build`.")
    return LocalStore(published)


def bound(question: Question, names: Names, given: Mapping[str, str]) -> str:
    """The question's SPARQL with `given` (parameter name to what a person wrote) bound; blank counts as not given.

    Raises InputError for an unknown parameter or a missing one, NotFound for a name that names nothing.
    """
    words = {name: (value.strip(),) for name, value in given.items() if value.strip()}
    for name in given:
        question.parameter(name)
    for parameter in question.parameters:
        if parameter.required and parameter.name not in words:
            raise InputError(f'{question.id} ({question.title}) needs "{parameter.name}"; try "{parameter.example}".')
    return question.bind(names.resolved(question.parameters, words)[1])


def ask(store: Store, name: str, names: Names | None = None, **given: str) -> Answer:
    """The answer to the question called `name` (or numbered so: "Q03").

    `given` are its parameters as a person writes them: ask(store, "Q03", action="2.3"). `names` spares reading all
    names again. Raises NotFound for an unknown question or name, InputError for a wrong parameter, and what the store
    raises.
    """
    question = find_question(name)
    return Answer.parse(store.query(bound(question, names or Names.load(store), given)).body)
