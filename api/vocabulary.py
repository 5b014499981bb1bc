"""The words of the graph: `/ns` classes and properties, `/code` code lists and their colours, VoID of the dataset."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.exceptions import NotAcceptable

from api import queries
from api.facts import Named
from api.forms import Given
from api.negotiate import GRAPHS, choose, listing
from api.queries import Record
from api.spreadsheets import Table
from api.twins import page
from kg.prefixes import PREFIXES, shortened
from kg.questions import load_questions
from kg.questions.binding import iri as as_iri

blueprint = Blueprint("vocabulary", __name__)

OURS: Final = ("plan", "code")
"""The prefixes of our own words."""
FOR_EVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asking:
    """A named question that uses a term."""

    name: str
    title: str


@dataclass(frozen=True)
class Term:
    """A class, a property or a code: `name` with its prefix, how often the graph uses it, which questions ask by it.

    `kind` is class, property or code. `kinds_of` are the terms above it, `domain` and `range` what a property leads
    from and to. A term of another vocabulary has no definition here.
    """

    iri: str
    name: str
    kind: str
    label: str
    definition: str | None
    example: str | None
    kinds_of: tuple[Named, ...]
    domain: tuple[Named, ...]
    range: tuple[Named, ...]
    uses: int
    questions: tuple[Asking, ...]

    @property
    def is_ours(self) -> bool:
        """Whether our vocabulary defines it."""
        return self.name.split(":")[0] in OURS


@dataclass(frozen=True)
class Vocabulary:
    """Every term that the graph is written in, and the namespace of every prefix."""

    iri: str
    prefixes: Mapping[str, str]
    terms: tuple[Term, ...]

    def ours(self, kind: str) -> list[Term]:
        """The classes or the properties that our vocabulary defines."""
        return [term for term in self.terms if term.is_ours and term.kind == kind]

    def reused(self) -> list[Term]:
        """Terms of other vocabularies."""
        return [term for term in self.terms if not term.is_ours]

    def below(self, iri: str = "") -> list[Term]:
        """Our classes that are a kind of the class `iri`; those that are a kind of none of ours, without it."""
        classes = self.ours("class")
        names = {term.iri for term in classes}
        return [term for term in classes if iri in ({above.iri for above in term.kinds_of} & names or {""})]

    def leading_from(self, iri: str) -> list[tuple[Term, list[Named]]]:
        """Our properties that lead from the class `iri` to other classes of ours, and to which."""
        names = {term.iri for term in self.ours("class")}
        here = [term for term in self.ours("property") if iri in {named.iri for named in term.domain}]
        leading = ((term, [named for named in term.range if named.iri in names]) for term in here)
        return [(term, ends) for term, ends in leading if ends]

    def table(self) -> Table:
        """A row a term."""
        columns = ["term", "kind", "label", "definition", "example", "kinds of", "from", "to", "uses", "questions"]
        return Table(columns, [_row(term) for term in self.terms], "Vocabulary")


def _row(term: Term) -> list[str | int | None]:
    ends = (", ".join(named.name for named in end) or None for end in (term.kinds_of, term.domain, term.range))
    asked = ", ".join(question.name for question in term.questions) or None
    return [term.name, term.kind, term.label, term.definition, term.example, *ends, term.uses, asked]


@dataclass(frozen=True)
class Code:
    """One code: what it means, the colour of its box (white text on it), how many facts use it.

    `short` is what it is called where there is little room, None where its name is short enough.
    """

    iri: str
    name: str
    short: str | None
    definition: str | None
    example: str | None
    colour: str | None
    uses: int
    questions: tuple[Asking, ...]

    @property
    def local(self) -> str:
        """Its name within the namespace."""
        return self.iri.rsplit("#", 1)[-1]


@dataclass(frozen=True)
class CodeList:
    """A list of codes in its own order."""

    iri: str
    name: str
    definition: str | None
    codes: tuple[Code, ...]

    @property
    def local(self) -> str:
        """Its name within the namespace."""
        return self.iri.rsplit("#", 1)[-1]


@dataclass(frozen=True)
class Codes:
    """The code lists, by name."""

    iri: str
    lists: tuple[CodeList, ...]

    def table(self) -> Table:
        """A row a code."""
        columns = ["list", "code", "name", "definition", "example", "colour", "uses"]
        rows = [
            [one.name, code.local, code.name, code.definition, code.example, code.colour, code.uses]
            for one in self.lists
            for code in one.codes
        ]
        return Table(columns, rows, "Codes")


@page(blueprint, "/ns", "vocabulary.html", title="Vocabulary", door="Ask", rdf=True)
def vocabulary(_given: Given) -> Vocabulary:
    """Every class and property: what it means, an example, what it leads from and to, which questions use it."""
    found: Vocabulary = queries.kept("vocabulary", _vocabulary)
    return found


@page(blueprint, "/code", "codes.html", title="Codes", door="Ask", rdf=True)
def codes(_given: Given) -> Codes:
    """The code lists: states, roles, certainties, themes and the others, each code with its meaning and colour."""
    found: Codes = queries.kept("codes", _codes)
    return found


@blueprint.get("/codes.css")
def colours() -> Response:
    """The colours of the codes as a style sheet; its address names the snapshot, so it can be kept for ever."""
    response = make_response(render_template("codes.css", lists=queries.kept("codes", _codes).lists))
    snapshot = queries.own_store().snapshot
    response.mimetype = "text/css"
    response.headers["Cache-Control"] = FOR_EVER if request.args.get("v") == snapshot else "no-cache"
    response.set_etag(snapshot)
    response.make_conditional(request)
    return response


@blueprint.get("/.well-known/void")
def void() -> Response:
    """The dataset described in VoID."""
    offer = choose(request.headers.get("Accept", ""), GRAPHS)
    if offer is None:
        raise NotAcceptable(f"The description of the dataset exists as {listing(GRAPHS)}.")
    service = as_iri(url_for("sparql.endpoint", _external=True))
    dump = as_iri(url_for("downloads.file", name="plangraph.nq", _external=True))
    response = Response(queries.graph("void", offer.name, service=(service,), dump=(dump,)), mimetype=offer.media_type)
    response.vary.add("Accept")
    response.set_etag(f"{queries.own_store().snapshot}-{offer.name}", weak=True)
    response.make_conditional(request)
    return response


def _vocabulary() -> Vocabulary:
    ends: dict[tuple[str, str], list[Named]] = defaultdict(list)
    for row in queries.records("vocabulary-ends"):
        ends[row["term"], row["end"]].append(Named(row["other"], row["other_label"] or shortened(row["other"])))
    uses = {(row["term"], row["kind"]): row["uses"] for row in queries.records("vocabulary-uses")}
    ours = [_term(row, ends, uses.pop((row["term"], row["kind"]), 0)) for row in queries.records("vocabulary-terms")]
    own_codes = [_code_term(code) for one in _codes().lists for code in one.codes]
    reused = [_reused(iri, kind, n) for (iri, kind), n in uses.items() if shortened(iri).split(":")[0] in REUSED]
    return Vocabulary(PREFIXES["plan"].rstrip("#"), PREFIXES, (*ours, *own_codes, *reused))


REUSED: Final = frozenset(PREFIXES) - {*OURS, "sh", "owl"}
"""The vocabularies that facts are written in besides ours; SHACL and OWL only write the vocabulary itself."""


def _term(row: Record, ends: Mapping[tuple[str, str], Sequence[Named]], uses: int) -> Term:
    above, domain, range_ = (tuple(ends.get((row["term"], end), ())) for end in ("kind", "domain", "range"))
    name = shortened(row["term"])
    return Term(
        row["term"], name, row["kind"], row["label"], row["definition"], row["example"], above, domain, range_, uses,
        _questions().get(name, ()),
    )  # fmt: skip


def _code_term(code: Code) -> Term:
    name = f"code:{code.local}"
    return Term(
        code.iri, name, "code", code.name, code.definition, code.example, (), (), (), code.uses, code.questions
    )  # fmt: skip


def _reused(iri: str, kind: str, uses: int) -> Term:
    name = shortened(iri)
    return Term(iri, name, kind, name, None, None, (), (), (), uses, _questions().get(name, ()))


def _codes() -> Codes:
    lists = []
    for iri, rows in queries.grouped(queries.records("codes"), "scheme"):
        made = tuple(
            Code(
                row["code"], row["label"], row["short"], row["definition"], row["example"], row["colour"], row["uses"],
                _questions().get(shortened(row["code"]), ()),
            )
            for row in rows
        )  # fmt: skip
        lists.append(CodeList(iri, rows[0]["scheme_label"], rows[0]["scheme_definition"], made))
    return Codes(PREFIXES["code"].rstrip("#"), tuple(lists))


@cache
def _questions() -> Mapping[str, tuple[Asking, ...]]:
    """The named questions by the terms their queries are written in."""
    found: dict[str, list[Asking]] = defaultdict(list)
    for question in load_questions().values():
        body = re.sub(r"^PREFIX .*$", "", question.sparql, flags=re.MULTILINE)
        for name in sorted(set(re.findall(r"\b[a-z]+:[A-Za-z][\w-]*", body))):
            found[name].append(Asking(question.name, question.title))
    return {name: tuple(asking) for name, asking in found.items()}
