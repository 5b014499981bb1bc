"""The summary of a brief: its numbers in sentences, in each of which they add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from kg.briefs.facts import Facts
from kg.network.partners import COLLECTIVE
from kg.questions import counted, listed


def summary(facts: Facts) -> Iterator[str]:
    """The sentences."""
    if not facts.actions:
        yield from _nothing(facts)
        return
    alone = sum(len(leads) == 1 for leads in facts.actions.values())
    joint = len(facts.actions) - alone
    priorities = counted(len(facts.delivery_priorities), "delivery priority", "delivery priorities")
    if facts.asked.partner:
        how = f"{alone} alone and {joint} with others" if alone and joint else "all alone" if alone else "none alone"
        yield f"{facts.it} leads {len(facts.actions)} of {_all(facts)}: {how}."
        yield from _units(facts)
        yield f"{'Its own' if facts.of_units else 'They'} stand in {priorities}."
    else:
        several = f"{alone} with one lead and {joint} with several"
        yield f"It holds {len(facts.actions)} of {_all(facts)}, in {priorities}: {several}."
    yield from _partners(facts)
    if facts.open:
        points = f"{counted(len(facts.open), 'point')} {'is' if len(facts.open) == 1 else 'are'} undecided"
        yield f"{points}: {_tallied(row['open'] for row in facts.open)}."
    else:
        yield "No point is marked as undecided."
    if facts.targets:
        verdicts = _tallied(row["verdict"] for _, row in facts.targets)
        yield f"{counted(len(facts.targets), 'target')} in its delivery priorities: {verdicts}."


def _all(facts: Facts) -> str:
    where = f"the {facts.plans[0]['plan_name']}" if len(facts.plans) == 1 else "the plans held"
    return f"the {counted(facts.total, 'action')} of {where}"


def _nothing(facts: Facts) -> Iterator[str]:
    if not facts.asked.partner:
        yield f"None of {_all(facts)} stands in it."
        return
    yield f"{facts.it} leads none of {_all(facts)}{' in this priority' if facts.asked.priority else ''}."
    yield from _units(facts)
    if facts.leant_on:
        places = counted(len({row["from_iri"] for row in facts.leant_on}), "place")
        yield f"The words rely on it or name it in {places} all the same."


def _units(facts: Facts) -> Iterator[str]:
    theirs = {row["ref_iri"] for row in facts.of_units}
    if theirs:
        yield f"Its units lead {counted(len(theirs), 'action')}: {_tallied(row['partner'] for row in facts.of_units)}."
    if theirs and facts.actions:
        yield f"Together that is {len(theirs | facts.actions.keys())}; every other number here leaves the units out."


def _tallied(words: Iterable[str]) -> str:
    """How often each is there, the most first: "conditional (3), in development (1)"."""
    return ", ".join(f"{word} ({n})" for word, n in Counter(words).most_common())


def _partners(facts: Facts) -> Iterator[str]:
    named = [(one, rows) for one, rows in facts.partners if one["type_iri"] != COLLECTIVE]
    wording = [one["partner"] for one, _ in facts.partners if one["type_iri"] == COLLECTIVE]
    apart = f", and collective wording ({listed(wording)})" if wording else ""
    if not named:
        return
    n = len(named[0][1])
    most = f"{listed([one['partner'] for one, rows in named if len(rows) == n])} ({n})"
    if facts.asked.partner:
        yield f"It shares them with {counted(len(named), 'other body', 'other bodies')}{apart}; most with {most}."
    else:
        yield f"They are led by {counted(len(named), 'body', 'bodies')}{apart}; most by {most}."
