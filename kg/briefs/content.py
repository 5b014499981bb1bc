"""Writes a brief: each fact is a row of the answer to a named question, each section names the questions it asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from kg.briefs.asking import Asked, Row
from kg.briefs.document import UNSTATED, Brief, Cell, Section, Table
from kg.briefs.facts import (
    CONTENTS,
    LED,
    MENTIONS,
    OPEN,
    OWED,
    PLANS,
    REFERENCES,
    STATUSES,
    TARGETS,
    UPDATES,
    WAITING,
    WITHOUT,
    Facts,
)
from kg.briefs.figure import map_detail
from kg.briefs.summary import summary
from kg.maps.partners import place as around_hubs
from kg.maps.partnership import Placing
from kg.network import LEADS
from kg.network.partners import COLLECTIVE
from kg.questions import Asker, Names, counted, date_in_words, figure

STATED: Final = "Stated"
AS_PRINTED: Final = "as printed"
STRUCTURE: Final = (
    "This brief shows structure, not performance: what the plan says, not how things stand today or how well anybody "
    "works. Two bodies are joined where the document names both as lead in one cell; that is no measure of how they "
    "work together."
)
HOW_TO_READ: Final = (
    "Words in quotation marks are as printed in the document, all others are ours. Each line ends on the line and the "
    "column of the document it was read from. Beside a reading that is not plainly stated stands how certain it is: "
    "normalised (another spelling of a known name), inferred (our reading of what is not said outright), ambiguous "
    "(it can be read otherwise)."
)
OPEN_ONLY: Final = (
    "Left out here, and listed on the page To decide (/gaps): what cannot be measured, is not held, is not printed "
    "whole or is read with doubt."
)
ABOVE: Final = "those of the year, above"
"""What stands for words that the brief has already."""


def brief(ask: Asker, names: Names, snapshot: str, given: Mapping[str, str], place: Placing = around_hubs) -> Brief:
    """The brief about what `given` names: partner, priority, plan, year, as people write them.

    `ask` answers a named question, `snapshot` is the id of the graph it asks, `place` says where the partners of the
    map stand. Raises NotFound for a name that names nothing, InputError where neither a partner nor a priority is
    given, where a name stands for several, and where the plan is known by name only.
    """
    facts = Facts(Asked.about(ask, names, given), place)
    sections = (
        leading(facts), led_by_units(facts), sharing(facts), yearly(facts), updated(facts), dated(facts),
        undecided(facts), leaning_on(facts), relied_on(facts), measured(facts), provenance(facts, snapshot),
    )  # fmt: skip
    where = ", ".join(plan["plan_name"] for plan in facts.plans) or "no plan is held"
    year = f", {facts.asked.year.name}" if facts.asked.year else ""
    return Brief(
        iri=facts.asked.subject.iri,
        name=facts.name,
        title=f"Brief: {facts.name}",
        subtitle=f"{where}{year}",
        summary=tuple(summary(facts)),
        sections=tuple(section for section in sections if section),
        snapshot=snapshot,
    )


def leading(facts: Facts) -> Section:
    """What it leads; of a priority, who leads what."""
    partner = facts.asked.partner
    title = f"What {facts.it} leads" if partner else "Who leads what"
    if not facts.actions:
        within = " of an action in this priority" if facts.asked.priority else ""
        nothing = f"{facts.it} is named in no lead cell{within}." if partner else "No action stands in this priority."
        return Section(title, (nothing, HOW_TO_READ), (), (LEADS,))
    rows = tuple(_led(facts, leads) for leads in facts.actions.values())
    caption = f"{title}: {counted(len(rows), 'action')}"
    if partner:
        columns = ("Ref", "Action", "Priority", "Role", "With whom", "Source")
        table = Table(caption, columns, (6, 28, 8, 21, 21, 16), rows)
    else:
        table = Table(caption, ("Ref", "Action", "Priority", "Led by", "Source"), (7, 31, 9, 36, 17), rows)
    priorities = "; ".join(f"{number} {title.rstrip('.')}" for number, title in facts.delivery_priorities.values())
    return Section(title, (f"Delivery priorities: {priorities}.", HOW_TO_READ), (table,), (LEADS, CONTENTS))


def _led(facts: Facts, leads: Sequence[Row]) -> tuple[Cell, ...]:
    """An action with who leads it."""
    one = leads[0]
    start = (
        _action(facts, one), Cell(one["title"]), Cell(one["delivery_priority"], one["delivery_priority_iri"])
    )  # fmt: skip
    if not facts.asked.partner:
        named = ", ".join(f"{row['partner']} ({row['role'].lower()})" for row in leads)
        return (*start, Cell(named, notes=_doubts(leads)), _source(leads))
    own = [row for row in leads if facts.is_it(row)]
    others = ", ".join(row["partner"] for row in leads if not facts.is_it(row))
    printed = tuple(f"printed “{row['printed']}”" for row in own if row["printed"] != row["partner"])
    role = ", ".join(dict.fromkeys(row["role"] for row in own))
    return (*start, Cell(role, notes=(*printed, *_doubts(own))), Cell(others or "nobody"), _source(own))


def led_by_units(facts: Facts) -> Section | None:
    """What the units of a body lead, which no number of its brief counts."""
    if not facts.of_units:
        return None
    title = f"What units of {facts.it} lead"
    rows = tuple(
        (_action(facts, row), Cell(row["title"]), Cell(row["partner"], row["partner_iri"], notes=_doubts([row])),
         Cell(row["role"]), _source([row]))
        for row in facts.of_units
    )  # fmt: skip
    table = Table(title, ("Ref", "Action", "Unit", "Role", "Source"), (7, 35, 25, 16, 17), rows)
    words = "The numbers above, and all that follows below, leave these out. Each unit has a brief of its own."
    return Section(title, (words,), (table,), (LED, LEADS))


def sharing(facts: Facts) -> Section | None:
    """With whom, and the detail of the map."""
    if not facts.actions:
        return None
    partner = facts.asked.partner
    title = "With whom" if partner else "Who leads most"
    if not facts.partners:
        return Section(title, (f"{facts.it} leads all of them alone.",), (), (LEADS,))
    rows = tuple(
        (Cell(one["partner"], one["partner_iri"]), Cell(one["type"]), Cell(str(len(theirs))),
         Cell(", ".join(row["ref"] for row in theirs)))
        for one, theirs in facts.partners
    )  # fmt: skip
    collective = any(facts.is_it(row) and row["type_iri"] == COLLECTIVE for row in facts.leads)
    detail = map_detail(facts.around, partner.iri if partner else None, facts.name, facts.place, collective=collective)
    table = Table(title, ("Partner", "What it is", "Actions", "Which"), (34, 20, 8, 38), rows)
    return Section(title, (), (table,), (LEADS,), detail)


def yearly(facts: Facts) -> Section | None:
    """What is said of each year, a table a plan: plans may have other years."""
    if not facts.actions:
        return None
    by_plan: dict[str, list[Row]] = defaultdict(list)
    for row in facts.statuses:
        by_plan[row["plan_name"]].append(row)
    tables = tuple(_years_of(facts, plan, rows) for plan, rows in by_plan.items())
    said = "Intended, unless it says that it was reported as done." if tables else "Nothing is said by year."
    return Section("Year by year", (said,), tables, (STATUSES,))


def _years_of(facts: Facts, plan: str, rows: Sequence[Row]) -> Table:
    years = tuple(sorted({row["year"] for row in rows}))
    said: dict[str, dict[str, Cell]] = defaultdict(dict)
    for row in rows:
        reported = ("reported as done",) if row["stated_as"] == "Reported" else ()
        said[row["ref_iri"]][row["year"]] = Cell(
            row["words"], quoted=row["wording"] == AS_PRINTED, notes=(*reported, *_doubts([row])),
            source=row["source"], plan=row["plan_name_iri"],
        )  # fmt: skip
    filled = tuple(
        (_action(facts, facts.actions[action][0]), *(cells.get(year, Cell(UNSTATED)) for year in years))
        for action, cells in said.items()
    )
    return Table(f"Year by year: {plan}", ("Ref", *years), (6, *[94 // len(years)] * len(years)), filled)


def updated(facts: Facts) -> Section | None:
    """What partners said since, the newest of each action first; nothing where nobody was asked or has answered."""
    rows = tuple(
        (_action(facts, row), Cell(row["rag"] or row["state"] or UNSTATED), Cell(row["words"], notes=_doubts([row])),
         Cell(row["said_by"] or UNSTATED, row["said_by_iri"]), Cell(date_in_words(row["date"] or "") or UNSTATED),
         Cell(f"{row['file']}, {row['source']}"))
        for row in sorted(facts.updates, key=lambda row: row["nth"], reverse=True)
    )  # fmt: skip
    if not rows:
        return None
    columns = ("Ref", "Stands", "What was said", "By whom", "When", "Source")
    actions = len({row["ref_iri"] for row in facts.updates})
    words = (
        f"Statements of partners on {counted(actions, 'action')}, each with who said so and when. A later one stands "
        f"beside the earlier. Nothing was said of the other {len(facts.actions) - actions}."
    )
    caption = f"What was said since: {counted(len(rows), 'statement')}"
    return Section(
        "What was said since", (words,), (Table(caption, columns, (7, 12, 33, 18, 12, 18), rows),), (UPDATES,)
    )


def dated(facts: Facts) -> Section | None:
    """What has a date or a rhythm; what hangs on a condition alone is undecided."""
    rows = tuple(
        (_action(facts, row), _words(row, *_doubts([row])), Cell(date_in_words(row["due"] or "") or UNSTATED),
         Cell(row["how_often"] or UNSTATED), Cell(row["conditional_on"] or "nothing stated"), _source([row]))
        for row in facts.dated
    )  # fmt: skip
    if not rows:
        return None
    columns = ("Ref", "What", "By when", "How often", "Depends on", "Source")
    words = "What hangs on a condition alone stands below, with what is undecided."
    table = Table("What has a date or a rhythm", columns, (7, 33, 13, 14, 16, 17), rows)
    return Section("Dates and rhythms", (words,), (table,), (OWED,))


def undecided(facts: Facts) -> Section | None:
    """What must be decided, what is open in the same words for several years in one row."""
    if not facts.actions:
        return None
    title = "What is undecided"
    if not facts.open:
        return Section(title, ("Nothing is marked as undecided.", OPEN_ONLY), (), (OPEN,))
    rows = []
    for same in _together(facts.open, "open", "ref_iri", "words", "conditional_on"):
        row = same[0]
        about = Cell(f"{row['ref']} {row['title']}", row["ref_iri"], notes=_plan(facts, row))
        waits = (f"waits for: {row['conditional_on']}",) if row["conditional_on"] else ()
        # Where no lead is named, the delivery priority follows; it stands in the first cell.
        owner = Cell(row["owner"].partition(":")[0])
        rows.append(
            (about, Cell(row["open"].capitalize(), notes=_years(same)), _words(row, *waits, *_doubts(same)), owner,
             _source(same))
        )  # fmt: skip
    theirs = ", with what is open of the delivery priorities it leads in" if facts.asked.partner else ""
    words = f"To be confirmed, in development, conditional or left for later{theirs}; a point for each year."
    columns = ("About", "What is open", "What is said", "Whose decision", "Source")
    caption = f"{title}: {counted(len(facts.open), 'point')}"
    table = Table(caption, columns, (26, 16, 24, 18, 16), tuple(rows))
    return Section(title, (f"{words} {OPEN_ONLY}",), (table,), (OPEN,))


def leaning_on(facts: Facts) -> Section | None:
    """The plans, forums and actions it leans on, those first on which most leans."""
    if not facts.actions:
        return None
    title = f"What {facts.it} leans on"
    if not facts.leaning:
        return Section(title, ("None of its actions points to another plan, forum or action.",), (), (REFERENCES,))
    weight = Counter(row["to_iri"] for row in facts.leaning)
    above = {(row["ref_iri"], row["year"], row["words"]) for row in facts.statuses}
    told = [
        {**row, "words": ABOVE if (row["from_iri"], row["year"], row["words"]) in above else row["words"] or UNSTATED}
        for row in facts.leaning
    ]
    rows = []
    by_weight = sorted(told, key=lambda row: (-weight[row["to_iri"]], row["to"]))
    for same in _together(by_weight, "to_iri", "from_iri", "kind", "words"):
        one = same[0]
        within = (f"in {one['within']}",) if one["within"] not in (None, one["to"]) else ()
        leads = facts.actions.get(one["from_iri"])
        rows.append(
            (Cell(one["to"], one["to_iri"], notes=within), Cell(one["kind"], notes=_years(same)),
             _action(facts, leads[0]) if leads else Cell(one["from"], one["from_iri"]),
             Cell(one["words"], notes=_doubts(same)), _source(same))
        )  # fmt: skip
    caption = f"{title}: {counted(len(weight), 'plan, forum or action', 'plans, forums and actions')}"
    columns = ("Plan, forum or action", "How", "From", "The words", "Source")
    table = Table(caption, columns, (28, 21, 9, 22, 20), tuple(rows))
    return Section(title, ("The words are as printed where they are kept.",), (table,), (REFERENCES,))


def relied_on(facts: Facts) -> Section:
    """Who leans on it, and where it is named without leading."""
    partner = facts.asked.partner
    title = f"Where {facts.it} is relied on or named" + (" without leading" if partner else "")
    asked = (REFERENCES, MENTIONS, WAITING)
    if not facts.leant_on:
        nowhere = (
            "It is named by no action that it does not lead." if partner else "Nothing outside of it points to it."
        )
        return Section(title, (nowhere,), (), asked)
    rows = tuple(
        (Cell(same[0]["from"], same[0]["from_iri"]), Cell(same[0]["kind"], notes=_years(same)),
         Cell(same[0]["words"] or UNSTATED, notes=_doubts(same)), _source(same))
        for same in _together(facts.leant_on, "from_iri", "kind", "words")
    )  # fmt: skip
    caption = f"{title}: {counted(len({row['from_iri'] for row in facts.leant_on}), 'place')}"
    table = Table(caption, ("Where", "How", "The words", "Source"), (34, 20, 29, 17), rows)
    return Section(title, (), (table,), asked)


def measured(facts: Facts) -> Section | None:
    """The figures of the delivery priorities, and the delivery priorities that have none."""
    if not facts.actions:
        return None
    tables = []
    if facts.targets:
        columns = ("Priority", "Indicator", "Year", "Target", "Actual", "Verdict", "Source")
        figures = tuple(_figures(number, row) for number, row in facts.targets)
        tables.append(Table("Targets and actuals", columns, (7, 29, 15, 9, 9, 13, 18), figures))
    if facts.without:
        rows = tuple(
            (Cell(f"{facts.delivery_priorities[row['dp_iri']][0]} {row['title']}", row["dp_iri"]),
             Cell(row["why"].capitalize()), _source([row]))
            for row in facts.without
        )  # fmt: skip
        tables.append(Table("Delivery priorities without a figure", ("Priority", "Why", "Source"), (60, 22, 18), rows))
    words = () if facts.targets else ("None of its delivery priorities has a target with a figure.",)
    return Section("Indicators of its delivery priorities", words, tuple(tables), (TARGETS, WITHOUT))


def _figures(number: str, row: Row) -> tuple[Cell, ...]:
    """A target and what came of it."""
    unit = row["unit_iri"]
    base = (f"against {row['base_year']}",) if row["base_year"] else ()
    reserve = (row["reserve"],) if row["reserve"] else ()
    return (
        Cell(number), Cell(row["indicator"], row["indicator_iri"], notes=(f"{row['better']} is better",)),
        Cell(row["year"], notes=base), Cell(figure(row["target"], unit), notes=_doubts([row])),
        Cell(UNSTATED if row["actual"] is None else figure(row["actual"], unit)), Cell(row["verdict"], notes=reserve),
        _source([row]),
    )  # fmt: skip


def provenance(facts: Facts, snapshot: str) -> Section:
    """Where all of it comes from."""
    rows = tuple(
        (Cell(plan["plan_name"], plan["plan_name_iri"]), Cell(f"{plan['first_year']} to {plan['last_year']}"),
         Cell(plan["publisher"] or UNSTATED),
         Cell(plan["file"], notes=(f"sha256 begins {plan['sha256'][:8]}",)))
        for plan in facts.plans
    )  # fmt: skip
    columns = ("Plan", "Years", "Published by", "Read from")
    tables = (Table("The documents", columns, (30, 17, 23, 30), rows),) if rows else ()
    made = f"Made by Plangraph from snapshot {snapshot}; the same snapshot gives the same brief."
    return Section("Where this comes from", (STRUCTURE, made), tables, (PLANS,))


# --- cells that several sections have --------------------------------------------------------------------------------


def _action(facts: Facts, row: Row) -> Cell:
    """The reference of an action."""
    return Cell(row["ref"], row["ref_iri"], notes=_plan(facts, row))


def _plan(facts: Facts, row: Row) -> tuple[str, ...]:
    """The plan of a row, where the brief is about several."""
    return (row["plan_name"],) if len(facts.plans) > 1 else ()


def _words(row: Row, *notes: str) -> Cell:
    """What is said; where a cell holds no words of its own, it was left to be confirmed."""
    return Cell(row["words"] or "To be confirmed", quoted=row["wording"] == AS_PRINTED, notes=notes)


def _source(rows: Sequence[Row]) -> Cell:
    """Where these rows of one plan stand, each place once."""
    places = "; ".join(dict.fromkeys(place for row in rows for place in row["source"].split("; ")))
    return Cell(places, source=places, plan=rows[0]["plan_name_iri"])


def _doubts(rows: Iterable[Row]) -> tuple[str, ...]:
    """How certain the readings are, where that is not plainly stated."""
    return tuple(dict.fromkeys(row["certainty"].lower() for row in rows if row["certainty"] not in (None, STATED)))


def _years(rows: Iterable[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row["year"] for row in rows if row["year"]))


def _together(rows: Iterable[Row], *columns: str) -> list[list[Row]]:
    """Rows that say the same in these columns, in the order in which they first stand."""
    found: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row[column] for column in columns)].append(row)
    return list(found.values())
