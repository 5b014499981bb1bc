"""`/references`: what the plans lean on and point to, one row a reference, and which documents those are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint

from api import queries
from api.facts import Coded, Named, Statement
from api.forms import Given
from api.queries import Record
from api.said import said_of
from api.spreadsheets import Table
from api.twins import page
from kg.names import DCTERMS, PLAN
from kg.network import DEPENDING, POINTING, REFERRING, SAYS
from kg.questions import Parameter, find_question

blueprint = Blueprint("references", __name__)

# A bare # is the address of the page it stands on: such a link leads nowhere.
DEAD: Final = "#"
NARROWING: Final = (
    Parameter(name="kind", type="choice", choices=REFERRING, example="see also", meaning="Only this kind"),
    Parameter(name="to", type="thing", example="Youth Justice Plan", meaning="Only what leads to it or a part of it"),
    Parameter(name="from", type="thing", example="1.6", meaning="Only what this action or priority says"),
)


@dataclass(frozen=True)
class Reference(Statement):
    """One pointer of one element: its kind, what it leads to, and the document that is or is a part of.

    `how` is the kind as a choice has it, `kind` as a verb: words that deliver a body may be delivered through it.
    `year` is that of the year cell it stands in, `locator` the place within the document and `link` the target of the
    hyperlink, both as printed; None where there is none. `document` is None where it leads to a body. `is_action`:
    an action says it.
    """

    element: Named
    is_action: bool
    plan: Named
    how: str
    kind: Coded
    target: Named
    document: Named | None
    year: str | None
    locator: str | None
    link: str | None

    @property
    def depends(self) -> bool:
        """Whether it makes its element depend on the target."""
        return self.how in DEPENDING

    @property
    def points(self) -> bool:
        """Whether it is a cross-reference: the others say through what a year is delivered."""
        return self.how in POINTING

    @property
    def row(self) -> list[str | None]:
        """It as a row of a table; see COLUMNS."""
        document = self.document.name if self.document else None
        cells = "; ".join(source.label for source in self.sources)
        return [self.element.name, self.kind.name, self.target.name, document, self.printed, self.locator, self.year,
                self.link, self.certainty, self.note, cells, self.plan.name]  # fmt: skip


COLUMNS: Final = ("from", "kind", "to", "document", "printed", "locator", "year", "link", "certainty", "note", "source",
                  "plan")  # fmt: skip


@dataclass(frozen=True)
class Leaning:
    """Who leans on something in one way: actions, other elements (priorities, a plan itself), and the years said."""

    actions: tuple[Named, ...]
    others: tuple[Named, ...]
    years: tuple[str, ...]


@dataclass(frozen=True)
class Referred:
    """A document or body that is leant on; `kind` is its type, `held` whether the text of the document is held.

    `depends`: it delivers what the element promises, in some year or by its words. `refers`: a pointer leads to it.
    """

    iri: str
    name: str
    kind: str | None
    is_document: bool
    held: bool
    depends: Leaning
    refers: Leaning

    @property
    def actions(self) -> int:
        """How many actions lean on it in either way."""
        return len({*self.depends.actions, *self.refers.actions})


@dataclass(frozen=True)
class Hyperlink(Statement):
    """A hyperlink of the document: the words it is behind, where it leads, what the words name, and who says them."""

    element: Named
    plan: Named
    named: Named
    link: str

    @property
    def dead(self) -> bool:
        """Whether it leads nowhere."""
        return self.link == DEAD


@dataclass(frozen=True)
class References:
    """References in the order of their plans, what they lead to (the most leant on first), and the hyperlinks.

    `elements` and `targets` are what there is to narrow by. The hyperlinks are those of the plan and of what the
    partner in the scope leads; nothing else narrows them.
    """

    references: tuple[Reference, ...]
    referred: tuple[Referred, ...]
    hyperlinks: tuple[Hyperlink, ...]
    elements: tuple[Named, ...]
    targets: tuple[Named, ...]

    @property
    def pointers(self) -> int:
        """How many rows are cross-references; the others say through what a year is delivered."""
        return sum(one.points for one in self.references)

    @property
    def kinds(self) -> tuple[tuple[str, str], ...]:
        """The kinds there are to narrow by, each with its verb."""
        return tuple((kind, SAYS[kind]) for kind in REFERRING)

    @property
    def dead(self) -> int:
        """How many hyperlinks lead nowhere."""
        return sum(link.dead for link in self.hyperlinks)

    def table(self) -> Table:
        """A row a reference."""
        return Table(COLUMNS, [one.row for one in self.references], "References")


@page(
    blueprint, "/references", "references.html", title="Documents referred to", door="Connections", parameters=NARROWING
)
def references(given: Given) -> References:
    """Every reference to a plan, a forum or another part, and the documents they lead to with who leans on each."""
    scoped = within_scope(given, every_reference())
    shown = tuple(one for one in scoped if _fits(one, given))
    return References(
        shown,
        referred(shown),
        hyperlinks(given),
        tuple(dict.fromkeys(one.element for one in scoped)),
        tuple(sorted({one.document or one.target for one in scoped}, key=lambda named: named.name.casefold())),
    )


def every_reference() -> tuple[Reference, ...]:
    """Every reference of every plan held, in document order; read once for a snapshot."""
    found: tuple[Reference, ...] = queries.kept("references", _read)
    return found


def within_scope(given: Given, found: Iterable[Reference]) -> tuple[Reference, ...]:
    """The references in the scope of a request: of a plan, of what a body leads, of a year."""
    plans, years = _iris(given, "plan"), {thing.name for thing in given.things.get("year", ())}
    led = led_by(given)
    return tuple(
        one
        for one in found
        if (not plans or one.plan.iri in plans)
        and (led is None or one.element.iri in led)
        and (not years or one.year in years)
    )


def led_by(given: Given) -> frozenset[str] | None:
    """The actions that the body of the scope leads; None where no body was given."""
    partners = _iris(given, "partner")
    if not partners:
        return None
    return frozenset(lead["action"] for lead in queries.records("actions-leads") if lead["partner"] in partners)


def referred(found: Sequence[Reference]) -> tuple[Referred, ...]:
    """What these references lead to, parts of the same plan left out, the most leant on first."""
    by_target: dict[Named, list[Reference]] = {}
    for one in found:
        if one.document != one.plan:
            by_target.setdefault(one.document or one.target, []).append(one)
    said = said_of(target.iri for target in by_target)
    rows = []
    for target, ones in by_target.items():
        its = said[target.iri]
        type_ = its.code(DCTERMS.type)
        rows.append(
            Referred(
                target.iri,
                target.name,
                type_.name if type_ else None,
                any(one.document for one in ones),
                bool(its.all(DCTERMS.source)),
                leaning(one for one in ones if one.depends),
                leaning(one for one in ones if one.points),
            )
        )
    return tuple(sorted(rows, key=lambda row: (not row.is_document, -row.actions, row.name)))


def leaning(found: Iterable[Reference]) -> Leaning:
    """Who makes these references, each once, and in which years."""
    ones = tuple(found)
    return Leaning(
        tuple(dict.fromkeys(one.element for one in ones if one.is_action)),
        tuple(dict.fromkeys(one.element for one in ones if not one.is_action)),
        tuple(sorted({one.year for one in ones if one.year})),
    )


def hyperlinks(given: Given) -> tuple[Hyperlink, ...]:
    """The hyperlinks of the documents in scope, in their order."""
    found: tuple[Hyperlink, ...] = queries.kept("hyperlinks", _read_hyperlinks)
    plans, led = _iris(given, "plan"), led_by(given)
    return tuple(
        one for one in found if (not plans or one.plan.iri in plans) and (led is None or one.element.iri in led)
    )


def element_name(name: str, kind: str) -> str:
    """An element as a table names it: what a number is the number of, where that is no action."""
    return f"{kind.capitalize()} {name}" if kind.endswith("priority") else name


def _read() -> tuple[Reference, ...]:
    rows: list[Record] = list(queries.ask(find_question("every-reference"), {}).records())
    said = said_of(row["words_iri"] for row in rows)
    return tuple(
        Reference(
            **vars(said[row["words_iri"]].statement),
            element=Named(row["from_iri"], element_name(row["from"], row["from_kind"])),
            is_action=row["from_kind"] == "action",
            plan=Named(row["plan_name_iri"], row["plan_name"]),
            how=row["kind"],
            kind=Coded(row["kind_iri"], SAYS[row["kind"]].capitalize()),
            target=Named(row["to_iri"], element_name(row["to"], row["to_kind"])),
            document=_document(row),
            year=row["year"],
            locator=row["locator"],
            link=said[row["words_iri"]].one(PLAN.link),
        )
        for row in rows
    )


def _document(row: Record) -> Named | None:
    if row["within_iri"]:
        return Named(row["within_iri"], row["within"])
    return Named(row["to_iri"], row["to"]) if row["to_kind"] == "plan" else None


def _read_hyperlinks() -> tuple[Hyperlink, ...]:
    rows = queries.records("hyperlinks")
    said = said_of(row["statement"] for row in rows)
    return tuple(
        Hyperlink(
            **vars(said[row["statement"]].statement),
            element=Named(row["element"], element_name(row["element_name"], row["kind"])),
            plan=Named(row["plan"], row["plan_name"]),
            named=Named(row["named"], row["named_name"]),
            link=row["link"],
        )
        for row in rows
    )


def _iris(given: Given, name: str) -> frozenset[str]:
    return frozenset(thing.iri for thing in given.things.get(name, ()))


def _fits(one: Reference, given: Given) -> bool:
    to, from_ = _iris(given, "to"), _iris(given, "from")
    kind = given.choice("kind", "")
    leads_to = {one.target.iri, one.document.iri if one.document else ""}
    return (not kind or one.how == kind) and (not to or bool(to & leads_to)) and (not from_ or one.element.iri in from_)
