"""Briefs over the bundled plan, each written once: one for every body that leads something, one for every priority."""

from collections.abc import Callable, Mapping
from functools import cache

import pytest

from kg.briefs import Brief, brief
from kg.questions import Answer, Asker, ask

Rows = Callable[..., list[dict]]


def asker_of(built) -> Asker:
    """Asks the questions of a built plan, each once."""

    @cache
    def answer(name: str, given: tuple[tuple[str, str], ...]) -> Answer:
        return ask(built.store, name, built.names, **dict(given))

    return lambda name, given: answer(name, tuple(sorted(given.items())))


@pytest.fixture(scope="session")
def asker(hackney) -> Asker:
    return asker_of(hackney)


@pytest.fixture(scope="session")
def rows(asker) -> Rows:
    """The rows of a question's answer."""
    return lambda name, **given: list(asker(name, given).records())


@pytest.fixture(scope="session")
def write(hackney, asker) -> Callable[..., Brief]:
    """A brief about what is given."""
    written: dict[tuple, Brief] = {}

    def made(**given: str) -> Brief:
        key = tuple(sorted(given.items()))
        if key not in written:
            written[key] = brief(asker, hackney.names, hackney.snapshot.id, given)
        return written[key]

    return made


@pytest.fixture(scope="session")
def of_bodies(write, rows) -> Mapping[str, Brief]:
    """A brief for every body that leads something, by its IRI."""
    return {iri: write(partner=iri) for iri in dict.fromkeys(row["partner_iri"] for row in rows("every-lead"))}


@pytest.fixture(scope="session")
def of_priorities(write, rows) -> Mapping[str, Brief]:
    """A brief for every strategic and every delivery priority, by its IRI."""
    leads = rows("every-lead")
    iris = [row[column] for row in leads for column in ("priority_iri", "delivery_priority_iri")]
    return {iri: write(priority=iri) for iri in dict.fromkeys(iris)}
