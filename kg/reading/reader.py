"""A document becomes plan tables: every part is read by its room and written as rows with their cells."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from kg.documents import Cell, Document, cell_id
from kg.reading.activity import Activity, read_activity
from kg.reading.deadlines import read_deadlines
from kg.reading.layout import ActionRow, DeliveryRows, Layout, Line, Placed, PriorityRows, lay_out, lines_of
from kg.reading.leads import LeadReading, read_leads
from kg.reading.measures import measures_in
from kg.reading.naming import NOT_STATED, Names
from kg.reading.owners import PostRead, body_in, owners_of, without_posts
from kg.reading.periods import find_dates, span_in
from kg.reading.persons import is_post, withheld, without_mark
from kg.reading.priority import (
    PriorityCell,
    ReadingFound,
    base_year,
    kind_of,
    read_figures,
    read_indicators,
    read_priority,
    unfinished,
    words_of,
)
from kg.reading.references import Mentioned, Pointer, References
from kg.reading.report import Doubt
from kg.reading.rules import Rules
from kg.reading.statuses import conditions_in, read_status
from kg.reading.updates import rated_periods, read_updates, with_key
from kg.reading.wording import LABEL_LENGTH, sentences, shortened, title
from kg.register import Register
from kg.tables import CERTAINTIES, TABLES, Plan, PlanMeta, PlanSource, period_column, period_label, year_of
from kg.tables.values import is_financial_year

_TRUTH = {None: "", False: "false", True: "true"}
_KEPT = frozenset({"resources", "comments", "target"})
_FIGURES = frozenset({"target", "actual"})
_DIRECTION = {"lower": "false", "higher": "true"}


@dataclass(frozen=True)
class Interpretation:
    """What a document says: its plan tables, the names met on the way with proposals for those nobody knows, doubts.

    ``layout`` is where everything stands in ``document``, which is the one given without persons' names.
    """

    tables: Plan
    names: Names
    doubts: tuple[Doubt, ...]
    layout: Layout
    document: Document


def interpret(document: Document, rules: Rules, register: Register, borough: str, plan: str) -> Interpretation:
    """Read ``document`` as the plan called ``plan`` (slugs); nothing is written. InputError where it is no plan."""
    reading = _Reading(document, rules, register, borough, plan)
    tables = reading.run()
    return Interpretation(tables, reading.names, tuple(reading.doubts()), reading.layout, reading.document)


class _Reading:
    """One document on its way into rows. Rows are collected by table, in document order."""

    def __init__(self, document: Document, rules: Rules, register: Register, borough: str, plan: str) -> None:
        self.rules = with_key(rules, document)
        self.register = register
        self.borough = borough
        self.plan = plan
        self.document, hidden = withheld(document, rules)
        self.layout: Layout = lay_out(self.document, rules)
        self.rated = rated_periods(self.layout, self.rules)
        self.names = Names(register, borough, rules)
        self.rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
        self._doubts: list[Doubt] = [*self.layout.doubts, *hidden]
        self._pointers: dict[str, list[Pointer]] = defaultdict(list)
        self._mentions: dict[str, list[Mentioned]] = defaultdict(list)
        self._coloured: dict[tuple[str, str, str, str], list[Placed]] = defaultdict(list)
        self._reported: set[str] = set()
        self.references = References(
            rules,
            self.names,
            {action.reference: f"action/{action.reference}" for action in self.layout.actions},
            {
                (priority.number, delivery.number): f"sp/{priority.number}/dp/{delivery.number}"
                for priority in self.layout.priorities
                for delivery in priority.deliveries
            },
            self._doubts,
        )

    def run(self) -> Plan:
        cells = {
            id(delivery): read_priority(delivery.cells, self.rules)
            for priority in self.layout.priorities
            for delivery in priority.deliveries
        }
        self._reported = _years_over(cells.values()) or set(self.layout.periods[:1])
        self._propose_leads_first()
        for position, priority in enumerate(self.layout.priorities, start=1):
            self._priority(priority, position)
            for delivery in priority.deliveries:
                self._delivery(priority, delivery, cells[id(delivery)])
                for action in delivery.actions:
                    self._action(priority, action)
                self._improvements(priority, delivery)
        self._outside()
        self._doubt_colours()
        self._write_references()
        rows = {table: tuple(TABLES[table].model_validate(row) for row in self.rows[table]) for table in TABLES}
        return Plan(self._meta(), rows)

    def doubts(self) -> list[Doubt]:
        """All doubts, in document order, each once."""
        return sorted(dict.fromkeys([*self._doubts, *self.names.doubts]), key=lambda doubt: doubt.line)

    # --- the plan and its parts ---

    def _meta(self) -> PlanMeta:
        label, publisher = "", ""
        if self.layout.title is not None:
            label = title(self.layout.title.cell.words, 200)
        if not label:
            label = self.plan.replace("-", " ").capitalize()
            self._doubts.append(Doubt(0, "plan", label, "is the title we gave; the document prints none."))
        years = self._years(label)
        return PlanMeta(
            borough=self.borough,
            plan=self.plan,
            label=label,
            publisher=publisher,
            first_period=years[0],
            last_period=years[1],
            source=PlanSource(file=self.document.path.name, sha256=self.document.sha256),
        )

    def _years(self, label: str) -> tuple[str, str]:
        """The first and last year of the plan: of its year columns, else of its title, else of what it reports."""
        headed = [period for period in self.layout.periods if any(a.column(period) for a in self.layout.actions)]
        whole = [period for period in headed if year_of(period) == period]
        if whole:
            return whole[0], whole[-1]
        span = span_in(label)
        if span:
            words = f"{period_label(span[0])} to {period_label(span[1])}"
            self._doubts.append(Doubt(0, "plan", label, "names the years of the plan.", proposed=words))
            return span
        years = sorted({year_of(period) for period in self.layout.periods})
        return (years[0], years[-1]) if years else ("", "")

    def _add(
        self,
        table: str,
        row: Mapping[str, Any],
        source: Iterable[str],
        certainty: str = "cert-stated",
        note: str = "",
    ) -> None:
        self.rows[table].append(
            {
                **row,
                "source": tuple(dict.fromkeys(source)),
                "certainty": certainty,
                "editorial_note": note.strip(),
            }
        )

    def _missing(self, action: ActionRow, column: str, sentence: str) -> None:
        self._doubts.append(Doubt(action.line, column, "", sentence, action.sheet))

    def _doubt(self, placed: Placed, words: str, sentence: str, proposed: str = "", *, kind: str = "doubtful") -> None:
        cell = placed.cell
        self._doubts.append(Doubt(cell.line, placed.column, words, sentence, cell.sheet, proposed, kind=kind))

    def _priority(self, priority: PriorityRows, position: int) -> None:
        path = f"sp/{priority.number}"
        row: dict[str, Any] = {"identifier": priority.number, "position": position}
        placed = priority.heading
        outcome = priority.outcome
        if placed is None:
            row["label"] = title(priority.title.text, 200) if priority.title else f"Priority {priority.number}"
            note = priority.note or "The document prints no heading for this priority."
            self._add("priorities", row, [priority.deliveries[0].header.id], "cert-inferred", note)
            return
        row["label"] = priority.title.text if priority.title and priority.title.text else f"Priority {priority.number}"
        self._add("priorities", row, [placed.id])
        if outcome:
            line = Line(outcome[1], (outcome[0],))
            self._outcome(path, [line])
            self._refer(path, line, outcome[0].column, priority.number)

    def _delivery(self, priority: PriorityRows, delivery: DeliveryRows, cell: PriorityCell) -> None:
        path = f"sp/{priority.number}/dp/{delivery.number}"
        objective = words_of(cell.objective)
        heading = title(delivery.title.text, 200) if delivery.title else ""
        label = heading or cell.title or title(objective, 200) or f"Delivery priority {delivery.number}"
        source = [placed.id for placed in delivery.cells]
        certainty, note = ("cert-inferred", delivery.note) if delivery.note else ("cert-stated", "")
        if heading:
            source = [delivery.header.id, *source]
        elif not source:
            source = [delivery.header.id]
            certainty, note = "cert-inferred", "No cell describes this delivery priority."
            where = delivery.header.cell
            sentence = f"Nothing describes {path}."
            self._doubts.append(Doubt(where.line, "delivery-priority", "", sentence, where.sheet))
        position = priority.deliveries.index(delivery) + 1
        self._add(
            "delivery-priorities",
            {
                "is_part_of": f"sp/{priority.number}",
                "identifier": delivery.number,
                "position": position,
                "label": label,
                "objective": objective,
                "description": words_of(cell.description),
                "state": ("status-tbc",) if cell.to_confirm else (),
            },
            source,
            certainty,
            note,
        )
        rows = [row for row in self.layout.indicators if row.delivery is delivery]
        indicators, doubts = read_indicators(rows, self.rules)
        cell.indicators += indicators
        cell.doubts += doubts
        self._indicators(path, cell)
        for line in cell.pointers:
            self._refer(path, line, "delivery-priority", priority.number, type_="xref-shares-indicators")
        for line in cell.lines:
            self._refer(path, line, "delivery-priority", priority.number)
        for line, sentence in cell.doubts:
            self._doubt(line.sources[0], line.text, sentence)

    def _indicators(self, path: str, cell: PriorityCell) -> None:
        taken: set[str] = set()
        for position, indicator in enumerate(cell.indicators, start=1):
            kind = kind_of(indicator, cell.indicators, self.rules)
            identifier = kind.identifier
            while identifier in taken:
                identifier = f"{kind.identifier}-{position}"
            taken.add(identifier)
            self._add(
                "indicators",
                {
                    "element": path,
                    "identifier": identifier,
                    "position": position,
                    "label": indicator.name,
                    "unit": kind.unit,
                    "higher_is_better": _TRUTH[kind.higher_is_better],
                    "state": ("status-tbc",) if indicator.to_confirm else (),
                    "verbatim": indicator.name,
                },
                indicator.line.source,
                "cert-ambiguous" if kind.note else "cert-stated",
                kind.note,
            )
            if kind.note:
                self._doubt(indicator.line.sources[0], indicator.name, kind.note)
            self._readings(f"{path}/indicator/{identifier}", indicator.readings, kind.unit)

    def _readings(self, element: str, readings: Iterable[ReadingFound], unit: str) -> None:
        for reading in readings:
            self._add(
                "readings",
                {
                    "element": element,
                    "period": reading.period,
                    "base_year": base_year(reading, unit),
                    "target": _figure(reading.target),
                    "actual": _figure(reading.actual),
                    "state": ("status-tbc",) if reading.to_come else (),
                    "verbatim": reading.line.text,
                },
                reading.line.source,
                reading.certainty,
                reading.note,
            )

    # --- an action ---

    def _propose_leads_first(self) -> None:
        """Meet every lead cell before any other, so that an unknown partner is known wherever it is named."""
        for action in self.layout.actions:
            for column in ("lead-partners", "supporting-partners"):
                self._read_leads(action, column)

    def _action(self, priority: PriorityRows, action: ActionRow) -> None:
        path = f"action/{action.reference}"
        activity = read_activity(action.column("activity"), self.rules, action.opening)
        everything = action.column("activity") + action.column("expected-outcome")
        words = " ".join(placed.cell.words for placed in everything)
        reference_cells = [placed.id for placed in action.column("ref-no")]
        source = [*reference_cells, *(placed.id for placed in action.column("activity"))]
        note = "The document prints no reference for this action." if action.invented else ""
        self._add(
            "actions",
            {
                "is_part_of": f"sp/{priority.number}/dp/{action.priority.number}",
                "identifier": action.reference,
                "position": len(self.rows["actions"]) + 1,
                "label": activity.title or f"Action {action.reference}",
                "subject": _suggested(words, [(row.spelling, row.subject) for row in self.register.themes]),
                "for_group": _suggested(words, [(row.spelling, row.for_group) for row in self.register.groups]),
            },
            source or [placed.id for cells in action.cells.values() for placed in cells][:1],
            "cert-inferred" if note else "cert-stated",
            note,
        )
        if not activity.steps:
            self._missing(action, "activity", f"{action.reference} has no activity.")
        self._reference_cell(path, action, priority)
        self._leads(path, action)
        self._activity(path, activity, priority)
        self._action_outcome(path, action, priority)
        for period in self.layout.periods:
            self._status(path, action, period, priority)
        self._measures(path, action)
        self._deadlines(path, action)
        self._owners(path, action)
        self._updates(path, action)
        self._kept(action)

    def _reference_cell(self, path: str, action: ActionRow, priority: PriorityRows) -> None:
        """The words that stand behind the reference in its cell."""
        for line in lines_of(action.column("ref-no"), listed=False):
            text = line.text
            start = len(action.reference) if text.startswith(action.reference) else 0
            rest = line.segment.part(start, len(text))
            if rest.text.strip(" ."):
                self._refer(path, Line(rest, line.sources), "ref-no", priority.number)

    def _read_leads(self, action: ActionRow, column: str) -> tuple[list[LeadReading], list[tuple[str, str]]]:
        """The partners in a column of an action, without the posts that stand among them."""
        cells = action.column(column)
        if self.rules.state_alone(" ".join(placed.cell.words for placed in cells)) == "status-na":
            return [], []
        named = (without_posts(without_mark(placed), self.rules, self.names)[0] for placed in cells)
        return read_leads([placed for placed in named if not placed.cell.empty], self.rules, self.names)

    def _leads(self, path: str, action: ActionRow) -> None:
        leads, doubts = self._read_leads(action, "lead-partners")
        others, more = self._read_leads(action, "supporting-partners")
        leads = leads or self._lead_without_name(action)
        # Who supports does not lead, and would make every action a joint one: the name is a mention of the action.
        known = {lead.thing.id for lead in leads}
        self._mentions[path] += [
            Mentioned(other.thing, other.words, other.source, "") for other in others if other.thing.id not in known
        ]
        cells = action.column("lead-partners") or action.column("supporting-partners")
        for position, lead in enumerate(leads, start=1):
            self._add(
                "leads",
                {
                    "element": path,
                    "position": position,
                    "partner": lead.thing.name,
                    "role": lead.role,
                    "verbatim": lead.words,
                },
                lead.source,
                lead.thing.certainty,
                lead.thing.note,
            )
        for words, sentence in [*doubts, *more]:
            self._doubt(cells[0], words, sentence)

    def _lead_without_name(self, action: ActionRow) -> list[LeadReading]:
        """The leads where a cell names posts alone: the bodies in their words, or the one that says "not stated"."""
        cells = action.column("lead-partners")
        leads: dict[str, LeadReading] = {}
        for placed in cells:
            for post in without_posts(without_mark(placed), self.rules, self.names)[1]:
                thing = body_in(post.post, self.names)
                if thing is None:
                    self._doubt(placed, post.post, "is a post and names no body; which body is it of?")
                    continue
                note = "The body is read from the words of its post."
                self._doubt(placed, post.post, "is a post; the body in its words is read as the lead.", thing.name)
                known = replace(thing, certainty="cert-inferred", note=note)
                leads.setdefault(thing.id, LeadReading(known, "role-sole", post.post, (placed.id,)))
        if leads:
            role = "role-sole" if len(leads) == 1 else "role-joint"
            return [replace(lead, role=role) for lead in leads.values()]
        self._missing(action, "lead-partners", f"Nobody leads {action.reference}.")
        where = cells[0] if cells else Placed(Cell(action.line, 0, "", action.sheet), "lead-partners")
        return [LeadReading(self.names.nobody(NOT_STATED, where), "role-sole", "", (where.id,))]

    def _activity(self, path: str, activity: Activity, priority: PriorityRows) -> None:
        for line in activity.around:
            self._refer(path, line, "activity", priority.number)
        for position, line in enumerate(activity.steps, start=1):
            self._step(path, position, line)
            if line not in activity.around:
                self._refer(f"{path}/step/{position}", line, "activity", priority.number)

    def _step(self, path: str, position: int, line: Line, *, only_if_dated: bool = False) -> None:
        """One step; with ``only_if_dated`` only where it has a date, a frequency or a condition."""
        dates = list(find_dates(line.text))
        frequency = self.rules.first_meaning("frequency", line.text) or ""
        conditional = next(self.rules.find_cues("conditional", line.text), None)
        if only_if_dated and not (dates or frequency or conditional):
            return
        notes = []
        if dates and dates[-1].odd:
            printed = line.text[dates[-1].start : dates[-1].end]
            notes.append(f"{printed} is no financial year; read as the month {dates[-1].value}.")
            self._doubt(line.sources[0], printed, f"is no financial year; read as the month {dates[-1].value}.")
        conditions = tuple(conditions_in(line.text[conditional[2] :], self.rules)) if conditional else ()
        self._add(
            "steps",
            {
                "element": path,
                "position": position,
                "label": shortened(line.text),
                "due": dates[-1].value if dates else "",
                "frequency": frequency,
                "conditional_on": conditions,
                "flaw": "flaw-date" if notes else "",
                "verbatim": line.text,
            },
            line.source,
            "cert-ambiguous" if notes else "cert-stated",
            " ".join(notes),
        )

    def _outcome(self, path: str, lines: Sequence[Line]) -> None:
        words = words_of(lines)
        stops = unfinished(words, self.rules)
        pending = any(start == 0 for _, start, _ in self.rules.find_cues("pending", words))
        note = "The text stops in the middle of a sentence." if stops else ""
        if stops:
            self._doubt(lines[0].sources[0], shortened(words), "stops in the middle of a sentence.")
        self._add(
            "outcomes",
            {
                "element": path,
                "position": 1,
                "label": shortened(words),
                "flaw": "flaw-unfinished" if stops else "flaw-pending" if pending else "",
                "verbatim": words,
            },
            [cell for line in lines for cell in line.source],
            "cert-ambiguous" if stops else "cert-stated",
            note,
        )

    def _action_outcome(self, path: str, action: ActionRow, priority: PriorityRows) -> None:
        cells = action.column("expected-outcome")
        lines = lines_of(cells, listed=False, unfinished=[cue.words for cue in self.rules.cues_of("unfinished")])
        if not lines:
            # Where no action has one the plan has no such column, and lacks none.
            if any(each.column("expected-outcome") for each in self.layout.actions):
                self._missing(action, "expected-outcome", f"{action.reference} has no outcome.")
            return
        self._outcome(path, lines)
        position = 0
        for line in lines:
            for date in find_dates(line.text):
                words = line.text[date.start : date.end]
                self._doubt(line.sources[0], words, "is a date in an outcome; no table of the plan holds it.")
            for sentence in sentences(line):
                for measure in measures_in(sentence, self.rules):
                    position += 1
                    self._add(
                        "measures",
                        {
                            "element": path,
                            "position": position,
                            "label": measure.label,
                            "type": measure.method,
                            "higher_is_better": _DIRECTION.get(measure.polarity, ""),
                            "verbatim": measure.line.text,
                        },
                        measure.line.source,
                    )
            self._refer(path, line, "expected-outcome", priority.number)

    def _measures(self, path: str, action: ActionRow) -> None:
        """The measures that have a column of their own, behind those of the outcome."""
        position = sum(row["element"] == path for row in self.rows["measures"])
        for line in lines_of(action.column("measure"), listed=True):
            position += 1
            polarity = self.rules.first_meaning("polarity", line.text) or ""
            self._add(
                "measures",
                {
                    "element": path,
                    "position": position,
                    "label": title(line.text, LABEL_LENGTH) or line.text,
                    "type": self.rules.first_meaning("method", line.text) or "",
                    "higher_is_better": _DIRECTION.get(polarity, ""),
                    "verbatim": line.text,
                },
                line.source,
            )

        self._figures(path, action, position)

    def _figures(self, path: str, action: ActionRow, measures: int) -> None:
        """Targets and actuals beside an action are readings of its only measure; without one they are kept aside."""
        figures = [
            (*found, placed)
            for column, cells in action.cells.items()
            if (found := period_column(column)) and found[1] in _FIGURES
            for placed in cells
        ]
        if measures == 1:
            readings, unread = read_figures(figures, self.rules)
            self._readings(f"{path}/measure/1", readings, "")
        else:
            unread = [(f"figures of {period_label(period)}", placed) for period, _, placed in figures]
        for says, placed in unread:
            sentence = f"stands among the {says} and belongs to no one measure, or is no figure; it is kept aside."
            self._doubt(placed, placed.cell.words, sentence, kind="kept")

    def _deadlines(self, path: str, action: ActionRow) -> None:
        position = 0
        for line in lines_of(action.column("timescale"), listed=True):
            for deadline in read_deadlines(line, self.rules):
                position += 1
                self._add(
                    "deadlines",
                    {
                        "element": path,
                        "position": position,
                        "label": shortened(deadline.words),
                        "due": deadline.due,
                        "period": deadline.period,
                        "frequency": deadline.frequency,
                        "state": deadline.state,
                        "verbatim": deadline.words,
                    },
                    line.source,
                    "cert-ambiguous" if deadline.note else "cert-stated",
                    deadline.note,
                )
                if deadline.doubt:
                    self._doubt(line.sources[0], deadline.words, deadline.doubt, deadline.due or deadline.period)

    def _owners(self, path: str, action: ActionRow) -> None:
        """The posts in the owner column and among the leads; a person's name is no post and is kept nowhere."""
        owners = list(owners_of(action.column("owner"), self.names))
        for post in owners:
            if not is_post(post.post, self.rules):
                sentence = "stands among the owners and has no word of a post; kept as printed."
                self._doubt(post.placed, post.post, sentence)
        for position, post in enumerate([*owners, *self._posts_of(action)], start=1):
            note = "The partner is read from the words of the post." if post.partner else ""
            row = {"element": path, "position": position, "post": post.post, "partner": post.partner}
            self._add("owners", row, [post.placed.id], "cert-inferred" if note else "cert-stated", note)

    def _posts_of(self, action: ActionRow) -> list[PostRead]:
        """The posts that stand where a partner should, each with the body it is of, where a name says so."""
        found = []
        for placed in [*action.column("lead-partners"), *action.column("supporting-partners")]:
            for post in without_posts(without_mark(placed), self.rules, self.names)[1]:
                known = body_in(post.partner or post.post, self.names)
                found.append(replace(post, partner=known.name if known else ""))
        return found

    def _updates(self, path: str, action: ActionRow) -> None:
        for position, update in enumerate(read_updates(action, self.rules, self.layout.colours), start=1):
            words = " ".join(update.words)
            self._add(
                "updates",
                {
                    "element": path,
                    "position": position,
                    "period": update.period,
                    "label": shortened(words) or update.colour,
                    "state": update.state,
                    "rag": update.rag,
                    "progress": update.progress,
                    "verbatim": words,
                },
                [placed.id for placed in update.cells],
                "cert-inferred" if update.note else "cert-stated",
                update.note,
            )
            for placed, sentence in update.doubts:
                self._doubt(placed, placed.cell.words, sentence, update.rag)
            for placed in update.coloured:
                self._coloured[placed.cell.sheet, placed.cell.fill, update.colour, update.rag].append(placed)

    def _doubt_colours(self) -> None:
        """Say once for each table and colour what was read from it."""
        for (_, fill, colour, rag), cells in self._coloured.items():
            first = min(cells, key=lambda placed: placed.cell.line)
            told = "One cell is" if len(cells) == 1 else f"{len(cells)} cells are"
            self._doubt(first, "", f"{told} read as {rag} from the colour alone: {colour.lower()} ({fill}).", rag,
                        kind="formatted")  # fmt: skip

    def _kept(self, action: ActionRow) -> None:
        """Cells of columns that no table of a plan holds are listed with their words."""
        for column, cells in action.cells.items():
            if column in _KEPT:
                for placed in cells:
                    self._doubt(placed, placed.cell.words, "is kept aside; no table of a plan holds it.", kind="kept")

    def _status(self, path: str, action: ActionRow, period: str, priority: PriorityRows) -> None:
        cells = action.column(period)
        if not cells or period in self.rated:
            self._unstated(path, action, period)
            return
        status = read_status(cells, past=period in self._reported, rules=self.rules, names=self.names)
        notes = list(dict.fromkeys([*status.notes, *(thing.note for thing in status.vehicles if thing.note)]))
        self._add(
            "statuses",
            {
                "element": path,
                "period": period,
                "label": shortened(status.words),
                "state": tuple(status.states),
                "stated_as": "stated-reported" if status.reported else "stated-intended",
                "delivered_through": tuple(thing.name for thing in status.vehicles),
                "due": status.due,
                "frequency": status.frequency,
                "conditional_on": tuple(status.conditions),
                "flaw": status.flaw,
                "verbatim": status.words,
            },
            [placed.id for placed in cells],
            "cert-inferred" if status.notes else _weakest(thing.certainty for thing in status.vehicles),
            " ".join(notes),
        )
        owner = f"{path}/status/{period}"
        for thing, words, link in status.pointers:
            self._pointers[owner].append(
                Pointer("xref-see-also", thing, words, (cells[0].id,), "", link or "", thing.certainty, thing.note)
            )
        for words, sentence in status.doubts:
            self._doubt(cells[0], words, sentence)
        for line in lines_of(cells, listed=False):
            self._refer(path, line, period, priority.number, unless=frozenset(status.used))

    def _unstated(self, path: str, action: ActionRow, period: str) -> None:
        """That the cell of a financial year is empty, or a rating, is a status too, in a plan that has any."""
        if not is_financial_year(period) or not any(
            each.column(year) for each in self.layout.actions for year in self.layout.periods if year not in self.rated
        ):
            return
        row = {"element": path, "period": period, "label": "Not stated", "state": ("status-not-stated",),
               "stated_as": "stated-reported" if period in self._reported else "stated-intended"}  # fmt: skip
        self._add("statuses", row, [cell_id(action.line, period, action.sheet)])

    # --- improvements, and what stands outside the tables ---

    def _improvements(self, priority: PriorityRows, delivery: DeliveryRows) -> None:
        path = f"sp/{priority.number}/dp/{delivery.number}"
        position = 0
        for line in lines_of(delivery.improvements, listed=True):
            for sentence in sentences(line):
                position += 1
                self._add(
                    "improvements",
                    {
                        "is_part_of": path,
                        "position": position,
                        "label": shortened(sentence.text),
                        "description": sentence.text if len(sentence.text) > LABEL_LENGTH else "",
                    },
                    sentence.source,
                )
                # The statement is its own promise; a step holds what the table of improvements cannot.
                self._step(f"{path}/improvement/{position}", 1, sentence, only_if_dated=True)
                self._refer(f"{path}/improvement/{position}", sentence, "improvement-actions", priority.number)

    def _outside(self) -> None:
        for placed in [*self.layout.before, *self.layout.after]:
            if placed is self.layout.title:
                # A plan points to others, not to itself.
                continue
            where = "below" if placed in self.layout.after else "above"
            for line in lines_of([placed], listed=False):
                pointed = len(self._pointers["plan"])
                self._refer("plan", line, placed.column, "")
                if len(self._pointers["plan"]) == pointed:
                    sentence = f"stands {where} the tables and became no row of them."
                    self._doubt(placed, line.text, sentence, kind="kept")

    # --- cross-references and mentions ---

    def _refer(
        self,
        owner: str,
        line: Line,
        column: str,
        priority: str,
        *,
        type_: str = "",
        unless: frozenset[str] = frozenset(),
    ) -> None:
        for found in self.references.read(line, column, priority=priority, type_=type_, unless=unless):
            if isinstance(found, Pointer):
                self._pointers[owner].append(found)
            else:
                self._mentions[owner].append(found)

    def _write_references(self) -> None:
        for owner, pointers in self._pointers.items():
            # Each place that points is a row of its own; twice in one cell is one.
            merged: dict[tuple[str, str, tuple[str, ...]], list[Pointer]] = {}
            for pointer in pointers:
                if pointer.points_to != owner:
                    merged.setdefault((pointer.type, pointer.points_to, pointer.source), []).append(pointer)
            for position, same in enumerate(merged.values(), start=1):
                first = same[0]
                self._add(
                    "cross-references",
                    {
                        "element": owner,
                        "position": position,
                        "type": first.type,
                        "points_to": first.points_to,
                        "locator": next((p.locator for p in same if p.locator), ""),
                        "link": next((p.link for p in same if p.link), ""),
                        "verbatim": first.words,
                    },
                    first.source,
                    first.certainty,
                    first.note,
                )
        for owner, mentions in self._mentions.items():
            once: dict[tuple[str, tuple[str, ...]], Mentioned] = {}
            for mention in mentions:
                once.setdefault((mention.thing.id, mention.source), mention)
            for position, mention in enumerate(once.values(), start=1):
                self._add(
                    "mentions",
                    {
                        "element": owner,
                        "position": position,
                        "of": mention.thing.name,
                        "link": mention.link,
                        "verbatim": mention.words,
                    },
                    mention.source,
                    mention.thing.certainty,
                    mention.thing.note,
                )


def _years_over(cells: Iterable[PriorityCell]) -> set[str]:
    """The years that were over when the plan was printed: those an indicator has an actual figure for."""
    return {
        reading.period
        for cell in cells
        for indicator in cell.indicators
        for reading in indicator.readings
        if reading.actual is not None
    }


def _suggested(words: str, spellings: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The codes whose words stand in a text, each once, in the order of the register."""
    found = (code for spelling, code in spellings if _alone(spelling).search(words))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4096)
def _alone(spelling: str) -> re.Pattern[str]:
    """Finds a spelling where no letter or figure touches it, any case."""
    return re.compile(rf"(?<!\w){re.escape(spelling)}(?!\w)", re.IGNORECASE)


def _figure(value: Decimal | None) -> str:
    """A figure as a table cell; a target of nought is a target."""
    return "" if value is None else str(value)


def _weakest(certainties: Iterable[str]) -> str:
    return max(certainties, key=CERTAINTIES.index, default="cert-stated")
