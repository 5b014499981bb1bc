"""The pipeline on one screen: read the tables, relate them, derive the edges, check them, publish a snapshot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from rdflib import Graph, URIRef

from kg.documents import open_document
from kg.errors import InputError, PlangraphError, Problem
from kg.finding import open_index
from kg.graph import triples as rdf
from kg.graph.shapes import Finding, report_triples, validate
from kg.graph.store import LocalStore, MemoryStore, Snapshot, building, publish, write_snapshot
from kg.maps.asking import Wanted, draw
from kg.maps.partners import place
from kg.maps.saved import saving
from kg.questions import Answer, Names, ask, load_questions
from kg.reading import Rules, cells_by_id, quoted
from kg.register import Register
from kg.settings import Settings
from kg.tables import DECISIONS_FILE, REPORT_FILE, Plan, Update, header, known_codes, load_plan, rows_as_csv, shown
from kg.workbooks.kept import with_carried_updates, with_kept_updates

RULES: Final = Path(__file__).resolve().parent / "graph" / "rules"
ONTOLOGY_FILES: Final = ("plangraph.ttl", "codes.ttl", "alignment.ttl", "shapes.ttl")


@dataclass(frozen=True)
class Tables:
    """Everything a build reads: the plans in the order given, the register with their additions, the codes."""

    plans: tuple[Plan, ...]
    register: Register
    codes: frozenset[str]

    def minter(self, base: str) -> rdf.Minter:
        """What makes the IRIs of these plans."""
        return rdf.Minter(base, self.register, self.codes, _held(self.plans))


@dataclass(frozen=True)
class Checked:
    """One plan's triples, asserted and derived, and what the shapes found in them."""

    plan: Plan
    asserted: tuple[rdf.Triple, ...]
    derived: tuple[str, ...]
    findings: tuple[Finding, ...]


def build(
    settings: Settings,
    *,
    source: Path | None = None,
    add: Sequence[Path] = (),
    examples: bool = False,
    on_progress: Callable[[str], object] = lambda _words: None,
) -> Snapshot:
    """Build the bundled plans and those of the folders in `add`, and publish the snapshot.

    `source` is the document a plan was read from: its exact words are laid over the tables. Raises InputError with
    every problem of the tables, or with every violated shape; nothing is published then.
    """
    with building(settings.home):
        on_progress("Reading the tables")
        tables = read_tables(settings, add, examples)
        words: dict[str, dict[str, str]] = {}
        if source:
            tables, words = with_exact_words(settings, tables, source)
        minter = tables.minter(settings.base)
        on_progress("Relating and checking")
        checked = relate(settings, tables, words)
        refuse_violations(checked)
        on_progress("Writing the snapshot")
        quads, default = dataset(settings, tables, checked, minter)
        plans = [plan.meta.id for plan in tables.plans]
        snapshot = write_snapshot(settings.home, quads, default, plans, table_files(settings, tables))
        on_progress("Indexing its words, drawing its map")
        prepare(settings, snapshot)
        publish(settings.home, snapshot)
        return snapshot


def prepare(settings: Settings, snapshot: Snapshot) -> None:
    """Make the index that search asks and the drawing of the map, so that nobody has to wait for them later."""
    store = LocalStore(snapshot)
    with closing(store):
        # Where one cannot be made, the graph is none the worse; its page says why when it is asked.
        with suppress(PlangraphError):
            open_index(settings.home, store).close()
        with suppress(PlangraphError):
            names = Names.load(store)

            def asker(name: str, given: Mapping[str, str]) -> Answer:
                return ask(store, name, names, **given)

            # It is drawn when it is first looked at, and kept.
            _ = draw(asker, Wanted(), snapshot.id, saving(settings.home, place)).picture.drawing


def read_tables(settings: Settings, add: Sequence[Path] = (), examples: bool = False) -> Tables:
    """The register and every plan to build. Raises InputError with every problem found."""
    codes = known_codes(settings.ontology)
    register = Register.load(settings.data / "register", codes)
    folders = sorted(path.parent for path in (settings.data / "plans").glob("*/*/plan.toml"))
    if examples:
        found = sorted(path.parent for path in (settings.data / "examples").glob("**/plan.toml"))
        if not found:
            raise InputError(f"There are no examples to build in {settings.data / 'examples'}.")
        folders += found
    plans: list[Plan] = []
    problems: list[Problem] = []
    for folder in [*folders, *add]:
        try:
            plans.append(with_kept_updates(load_plan(folder, codes), settings.home, codes))
            if (folder / "register").is_dir():
                register = register.extended(folder / "register", codes)
        except InputError as error:
            problems.extend(error.problems)
    # What a person reviewed speaks first, in whichever folder; a proposal is one until somebody did.
    for folder in [*folders, *add]:
        if (folder / "proposed").is_dir():
            register = register.extended(folder / "proposed", codes, proposed=True)
    plans = with_carried_updates(plans)
    minter = Tables(tuple(plans), register, codes).minter(settings.base)
    problems.extend(problem for plan in plans for problem in rdf.unknown_names(plan, minter))
    problems.extend(_twice(plans))
    if problems or not plans:
        raise InputError(problems or f"There is no plan to build in {settings.data / 'plans'}.")
    return Tables(tuple(plans), register, codes)


def _held(plans: Iterable[Plan]) -> frozenset[str]:
    """The ids of plans and of all their elements."""
    ids = (f"{plan.meta.id}/{path}" if row else plan.meta.id for plan in plans for path, row in plan.elements.items())
    return frozenset(ids)


def table_files(settings: Settings, tables: Tables) -> dict[str, bytes]:
    """The files that were read, by their paths in a data folder from which the same could be built again."""
    files = {f"register/{path.name}": path.read_bytes() for path in sorted((settings.data / "register").glob("*.csv"))}
    versions: Counter[str] = Counter()
    for plan in tables.plans:
        if plan.folder is None:
            continue
        versions[plan.meta.id] += 1
        # Folders are read in the order of their names, so later versions stay later; no slug has a dot.
        below = f"plans/{plan.meta.borough}/{plan.meta.plan}"
        below += f".{versions[plan.meta.id]}" if versions[plan.meta.id] > 1 else ""
        # Nothing but what was read, and no link: a snapshot's tables are handed out.
        for path in sorted(
            [
                *plan.folder.glob("*.csv"),
                plan.folder / "plan.toml",
                *plan.folder.glob("register/*.csv"),
                *plan.folder.glob("proposed/*.csv"),
            ]
        ):
            if path.name not in (REPORT_FILE, DECISIONS_FILE) and path.is_file() and not path.is_symlink():
                files[f"{below}/{path.relative_to(plan.folder).as_posix()}"] = path.read_bytes()
        # What was said since lies in no folder of the plan.
        if plan.rows["updates"]:
            files[f"{below}/updates.csv"] = rows_as_csv(header(Update), plan.rows["updates"]).encode()
    return files


def _twice(plans: Iterable[Plan]) -> list[Problem]:
    seen: dict[tuple[str, str], Plan] = {}
    problems = []
    for plan in plans:
        key = (plan.meta.id, plan.meta.graph_version)
        if key in seen:
            first = seen[key].folder
            where = shown(first) if first else "another plan"
            sentence = f"version {key[1]} of {key[0]} is built already, from {where}: give this one a version."
            problems.append(plan.problem(sentence, "plan.toml"))
        seen.setdefault(key, plan)
    return problems


def with_exact_words(settings: Settings, tables: Tables, source: Path) -> tuple[Tables, dict[str, dict[str, str]]]:
    """The tables of the plan read from `source` with its exact words, and those of every cell.

    The words of the cells are given by the sha256 of the document and the cell id. InputError where no plan was read
    from this document.
    """
    document = open_document(source)
    known = {plan.meta.source.sha256: plan for plan in tables.plans}
    if document.sha256 not in known:
        names = " or ".join(f"{plan.meta.source.file} (sha256 {sha[:8]}...)" for sha, plan in known.items())
        raise InputError(
            f"{source} (sha256 {document.sha256[:8]}...) is not the document a plan was read from; that is {names}."
        )
    rules = Rules.load(settings.data / "reading")
    plans = tuple(
        quoted(plan, document, rules, tables.register) if plan.meta.source.sha256 == document.sha256 else plan
        for plan in tables.plans
    )
    return replace(tables, plans=plans), {document.sha256: cells_by_id(document, rules)}


def relate(settings: Settings, tables: Tables, words: Mapping[str, Mapping[str, str]]) -> list[Checked]:
    """Each plan's triples, its derived edges, and what the shapes say of them."""
    minter = tables.minter(settings.base)
    vocabulary = ontology_triples(settings.ontology)
    checked = []
    for plan in tables.plans:
        asserted = tuple(rdf.plan_triples(plan, minter, words.get(plan.meta.source.sha256)))
        reference = tuple(rdf.reference_triples(tables.register, rdf.periods_of(plan), minter, [plan]))
        derived = derive([*asserted, *reference])
        everything = [*asserted, *reference, *vocabulary, *rdf.elsewhere(plan, minter)]
        checked.append(Checked(plan, asserted, derived, tuple(validate(everything, settings.ontology))))
    return checked


def derive(triples: Iterable[rdf.Triple]) -> tuple[str, ...]:
    """The edges that the rules derive from triples, as sorted N-Triples lines."""
    memory = MemoryStore(_line(triple) for triple in triples)
    return tuple(
        sorted({line for rule in sorted(RULES.glob("*.rq")) for line in memory.construct(rule.read_text("utf-8"))})
    )


def refuse_violations(checked: Iterable[Checked]) -> None:
    """Raise InputError where a shape is violated; warnings pass."""
    problems = [
        Problem(str(finding), one.plan.meta.id)
        for one in checked
        for finding in one.findings
        if finding.severity == "violation"
    ]
    if problems:
        raise InputError(problems)


def dataset(
    settings: Settings, tables: Tables, checked: Sequence[Checked], minter: rdf.Minter
) -> tuple[list[str], frozenset[str]]:
    """All quads as N-Quads lines, and the graphs whose union is the default graph."""
    graphs: dict[str, list[str]] = {}

    def put(graph: URIRef, lines: Iterable[str]) -> None:
        graphs.setdefault(str(graph), []).extend(sorted(set(lines)))

    periods = {period for plan in tables.plans for period in rdf.periods_of(plan)}
    current = current_versions(tables.plans)
    reference = rdf.reference_triples(tables.register, periods, minter, current.values())
    put(minter.graph("reference"), map(_line, reference))
    put(minter.graph("ontology"), map(_line, ontology_triples(settings.ontology)))
    questions = load_questions().values()
    told = ((one.name, one.id, one.title, one.question, one.sparql) for one in questions)
    put(minter.graph("questions"), map(_line, rdf.question_triples(told, minter)))
    for one in checked:
        put(minter.plan_graph(one.plan), map(_line, one.asserted))
        put(rdf.derived_graph(minter.plan_graph(one.plan)), one.derived)
    findings = sorted({finding for one in checked for finding in one.findings})
    quality = minter.graph("quality")
    put(quality, map(_line, report_triples(findings, str(quality))))
    sizes = {graph: len(lines) for graph, lines in graphs.items()}
    catalog = [*rdf.shared_catalog_triples(minter, sizes)]
    for plan in tables.plans:
        catalog.extend(rdf.catalog_triples(plan, minter, sizes, current=plan in current.values()))
    put(minter.graph("catalog"), map(_line, catalog))
    default = {str(minter.graph(name)) for name in ("reference", "catalog", "ontology")}
    for plan in current.values():
        asserted = minter.plan_graph(plan)
        default |= {str(asserted), str(rdf.derived_graph(asserted))}
    quads = [f"{line[: -len(' .' + chr(10))]} <{graph}> .\n" for graph, lines in graphs.items() for line in lines]
    return quads, frozenset(default)


def current_versions(plans: Iterable[Plan]) -> dict[str, Plan]:
    """The version of each plan that counts: the last given that no other says it revises."""
    plans = tuple(plans)
    revised = {plan.meta.revised_path for plan in plans} - {""}
    return {plan.meta.id: plan for plan in sorted(plans, key=lambda plan: plan.meta.graph_path not in revised)}


@cache
def ontology_triples(folder: Path) -> tuple[rdf.Triple, ...]:
    """The vocabulary, codes and shapes, without blank nodes."""
    return tuple(triple for name in ONTOLOGY_FILES for triple in rdf.skolemised(Graph().parse(folder / name)))


def _line(triple: rdf.Triple) -> str:
    return f"{' '.join(map(rdf.ntriples, triple))} .\n"
