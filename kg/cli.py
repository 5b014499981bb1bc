"""The `plangraph` command: reads arguments, asks the rooms, prints; decides nothing."""

import functools
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from importlib.metadata import entry_points
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import click

from kg.errors import InputError, NoSnapshot, PlangraphError
from kg.settings import Settings
from kg.writing import written_whole

# The rooms are imported inside the commands: `--help` must not wait for rdflib, nor `query` for pyshacl.
if TYPE_CHECKING:
    from kg.comparing import Changes
    from kg.curating import Change
    from kg.graph.store import Result, Snapshot, Store
    from kg.questions import Question

ROW_FORMATS: Final = ("json", "xml", "csv", "tsv")
GRAPH_FORMATS: Final = ("ttl", "nt", "jsonld", "rdf")
EXPORT_FORMATS: Final = ("ttl", "trig", "nq", "nt", "jsonld")

INTERRUPTED: Final = 130

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)


class Commands(click.Group):
    """A group whose failures are one sentence and an exit code, never a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click hands it over
        """The order of the work, not of the alphabet."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; whoever reads its output may have seen enough, which is no failure."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Caught here, because click would make a failure of it. The interpreter would complain when it flushes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run, turn what went wrong into words, and end with a code.

        0 done, 1 findings of `check`, 2 bad input, 3 query refused or over a limit, 130 interrupted.
        """
        try:
            # Not click's own ending, which gives 1 to an interrupt and to a closed pipe.
            sys.exit(super().main(*args, **{**extra, "standalone_mode": False}) or 0)
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except click.Abort:
            click.echo("Interrupted.", err=True)
            sys.exit(INTERRUPTED)
        except PlangraphError as error:
            click.echo(str(error), err=True)
            sys.exit(error.exit_code)
        except OSError as error:
            click.echo(f"{error.filename or 'The system'}: {error.strerror or error}", err=True)
            sys.exit(InputError.exit_code)


def example(*lines: str) -> str:
    """The example at the end of a `--help`, kept line by line."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


SETTINGS: Final = {
    "home": click.option("--home", type=FOLDER, help="Where snapshots are kept.  [env: PLANGRAPH_HOME]"),
    "data": click.option("--data", type=FOLDER, help="The tables to build from.  [env: PLANGRAPH_DATA]"),
    "base": click.option("--base", help="What every IRI begins with.  [env: PLANGRAPH_BASE]"),
    "host": click.option("--host", help="The address to listen on.  [env: PLANGRAPH_HOST]"),
    "port": click.option("--port", type=click.IntRange(0, 65535), help="The port.  [env: PLANGRAPH_PORT]"),
    "hosts": click.option(
        "--hosts", help="Further Host names to answer to, separated by commas.  [env: PLANGRAPH_HOSTS]"
    ),
}
TIMEOUT: Final = click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds after which the query is stopped.",
)
DEFAULT_FORMAT: Final = "[default: a table on a terminal, else json or ttl]"
FORMAT: Final = click.option(
    "--format", "form", type=click.Choice(("table", *ROW_FORMATS, *GRAPH_FORMATS)), help=DEFAULT_FORMAT
)
FORMAT_OF_ROWS: Final = click.option(
    "--format", "form", type=click.Choice(("table", *ROW_FORMATS)), help=DEFAULT_FORMAT
)


def with_settings(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the options of the named settings, and the settings themselves as its first argument."""

    def wrap(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def run(**options: Any) -> Any:
            flags = {name: value for name in names if (value := options.pop(name)) is not None}
            return command(Settings.read(**flags), **options)

        for name in reversed(names):
            run = SETTINGS[name](run)
        return run

    return wrap


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="plangraph", prog_name="plangraph")
def main() -> None:
    """Partnership plans as a knowledge graph: build it, ask it, serve it."""


@main.command(epilog=example("plangraph build", "plangraph build --source plan.txt --add my-plan/"))
@with_settings("home", "data", "base")
@click.option("--source", type=FILE, help="The source document: lays its exact words over the bundled plan.")
@click.option("--add", type=FOLDER, multiple=True, help="A folder of plan tables to build too (repeatable).")
@click.option("--examples", is_flag=True, help="Build the synthetic examples too.")
def build(settings: Settings, source: Path | None, add: tuple[Path, ...], examples: bool) -> None:
    """Turn tables into a checked graph and publish it as a snapshot."""
    from kg.graph.store import current

    before: tuple[str, ...] = ()
    with suppress(NoSnapshot):
        before = published.plans if (published := current(settings.home)) else ()
    snapshot = _build(settings, source=source, add=add, examples=examples)
    for plan in sorted(set(before) - set(snapshot.plans)):
        click.echo(f"Built without {plan}, which the snapshot before held; --add builds its folder too.", err=True)
    _tell_unheard(settings, snapshot)
    click.echo(f"Snapshot {snapshot.id} is published: {snapshot.triples:,} triples.")


def _tell_unheard(settings: Settings, snapshot: "Snapshot") -> None:
    from kg.workbooks import unheard

    for sentence in unheard(settings.home, snapshot.tables_path):
        click.echo(sentence, err=True)


@main.command(epilog=example("plangraph serve --port 8000"))
@with_settings("home", "data", "base", "host", "port", "hosts")
def serve(settings: Settings) -> None:
    """Serve pages and /sparql until Ctrl-C."""
    _snapshot(settings)
    # Looked up by name, because nothing in kg imports api.
    (server,) = entry_points(group="plangraph.server")
    server.load()(settings, on_listening=lambda address: click.echo(f"Plangraph is served on {address}"))


@main.command(
    epilog=example(
        "plangraph query actions.rq --format csv",
        "echo 'SELECT ?label { ?a a plan:Action ; rdfs:label ?label }' | plangraph query -",
    )
)
@with_settings("home", "data", "base")
@click.argument("file", type=click.File("rb"))
@FORMAT
@TIMEOUT
def query(settings: Settings, file: Any, form: str | None, timeout: float) -> None:
    """Ask the SPARQL query in FILE (- is standard input).

    Our prefixes are declared for it. Rows come as table, json, xml, csv or tsv; a graph as ttl, nt, jsonld
    or rdf.
    """
    from kg.prefixes import PREFIXES

    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("The query is no UTF-8 text.") from None
    # On the query's own first line, so that the line numbers in messages stay true.
    declared = " ".join(f"PREFIX {prefix}: <{namespace}>" for prefix, namespace in PREFIXES.items())
    _answer(settings, lambda _store: f"{declared} {text}", form, timeout)


class Questions(click.Group):
    """The named questions as commands: each takes its parameters as options."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click hands it over
        """The order of the catalogue."""
        from kg.questions import load_questions

        return list(load_questions())

    def get_command(self, ctx: click.Context, name: str) -> click.Command:  # noqa: ARG002  click hands it over
        """The question of this name or number. Raises NotFound with the nearest names."""
        from kg.questions import find_question

        return _question_command(find_question(name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The questions by topic."""
        from itertools import groupby

        from kg.questions import load_questions

        for topic, questions in groupby(load_questions().values(), lambda question: question.topic):
            with formatter.section(topic):
                formatter.write_dl([(f"{each.id} {each.name}", each.question) for each in questions], col_max=50)


@main.group(
    cls=Questions,
    invoke_without_command=True,
    subcommand_metavar="NAME [--PARAMETER VALUE]...",
    epilog=example('plangraph ask D01 --partner "Hackney Housing" --format csv', "plangraph ask D01 --help"),
)
@click.pass_context
def ask(context: click.Context) -> None:
    """Ask a named question; NAME is its name or its number (Q01). Without a NAME, list the questions."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _question_command(question: "Question") -> click.Command:
    """A question as a command."""

    @with_settings("home", "data", "base")
    @click.option("--parameter", "-p", "pairs", multiple=True, metavar="NAME=VALUE", help="Another way to fill one.")
    @FORMAT_OF_ROWS
    @TIMEOUT
    def run(
        settings: Settings, pairs: tuple[str, ...], form: str | None, timeout: float, **options: str | None
    ) -> None:
        from kg.questions import Names, bound

        given = _pairs(pairs, {name: value for name, value in options.items() if value is not None})
        _answer(settings, lambda store: bound(question, Names.load(store), given), form, timeout, for_people=True)

    least = "".join(f' --{each.name} "{each.example}"' for each in question.parameters if each.required)
    command = click.command(question.name, epilog=example(f"plangraph ask {question.id}{least}"))(run)
    command.help = f"{question.question}\n\n{question.why}"
    command.params = [
        *(
            click.Option(
                [f"--{each.name}", each.name],
                metavar=each.type.upper(),
                help=f"{each.meaning}  [{'needed; ' if each.required else ''}example: {each.example}]".strip(),
            )
            for each in question.parameters
        ),
        *command.params,
    ]
    return command


@main.command(epilog=example("plangraph read plan.txt --out my-plan --borough camden --plan safety-plan-2024"))
@with_settings("data")
@click.argument("document", type=FILE)
@click.option("--out", type=FOLDER, required=True, help="Where the tables and the report go.")
@click.option("--borough", help="The borough, as a slug.")
@click.option("--plan", help="The plan, as a slug.")
@click.option("--title", default="", help="The plan's title, where the document prints another or none.")
@click.option("--first-period", default="", help="The first year of the plan, such as 2024-2025.")
@click.option("--last-period", default="", help="The last year of the plan.")
@click.option("--replace", is_flag=True, help="Overwrite tables in the folder that were corrected by hand.")
def read(settings: Settings, document: Path, out: Path, **said: Any) -> None:
    """Turn a plan document into plan tables, a report and a repair sheet.

    The folder then holds the tables, report.html (what was understood, what is doubtful) and repair.xlsx: correct that
    workbook and read the document again, or read the workbook itself. What was corrected stays. A workbook of tables
    that `template --from` wrote gives the same tables again.
    """
    from kg.importing import import_document
    from kg.workbooks.template import is_tables, restored

    if is_tables(document):
        click.echo(f"{restored(document, out, settings.ontology, replaced=said['replace'])} Written to {out}.")
        return
    click.echo(str(import_document(document, out, data=settings.data, **said)))


@main.command(epilog=example("plangraph template --out plan.xlsx", "plangraph template --from my-plan --out plan.xlsx"))
@with_settings("home", "data", "base")
@click.option("--from", "source", default="", help="Fill it from this folder of tables, or from this published plan.")
@click.option("--period", default="", help="The first year of a new plan.  [default: the year this is]")
@click.option("--out", type=FILE, required=True, help="The workbook to write.")
def template(settings: Settings, source: str, period: str, out: Path) -> None:
    """Write a workbook to plan in: empty, with guidance, choices and an example, or with every table of a plan."""
    from datetime import date

    from kg.updating import empty_template, template_of

    if out.suffix.lower() != ".xlsx":
        raise InputError(f'A template is a workbook: let --out end with .xlsx, not "{out.suffix or out.name}".')
    if source and period:
        raise InputError("Give --from or --period: a plan that exists has its years.")
    if source:
        book = template_of(settings, source, lambda: _snapshot(settings))
    else:
        # The year of people who plan; a graph has no clock.
        today = date.today()  # noqa: DTZ011
        first = today.year - (today.month < 4)
        book = empty_template(settings, period or f"{first}-{first + 1}")
    _write(out, book.save)
    click.echo(f"Written to {out}; its first sheet says how it is filled in.", err=True)


@main.command(
    epilog=example(
        'plangraph update --partner "Hackney Housing" --period 2016-2017 --out housing.xlsx',
        "plangraph update housing.xlsx police.xlsx",
    )
)
@with_settings("home", "data", "base")
@click.argument("files", type=FILE, nargs=-1)
@click.option("--partner", help="Whom to ask: the body that leads.")
@click.option("--period", help="About which year or quarter: 2016-2017, 2016-2017-q1.")
@click.option("--plan", default="", help="About which plan, where several are published.")
@click.option("--with-units", is_flag=True, help="Ask about what units of the body lead too.")
@click.option("--out", type=FILE, help="The workbook to write.  [default: named after partner and period]")
def update(
    settings: Settings, files: tuple[Path, ...], partner: str | None, period: str | None, plan: str, with_units: bool,
    out: Path | None,
) -> None:  # fmt: skip
    """Keep a plan up: write a workbook that asks a partner, or take the FILES that came back.

    What comes back is added as dated statements, each with who said so; nothing is written over. Where anything is
    wrong with a file, nothing is added and everything wrong is listed.
    """
    from datetime import date

    from kg.reading.wording import slug
    from kg.updating import ask_partner, take_updates

    if files and (partner or period or out):
        raise InputError("Give the files that came back, or a partner and a period to ask about, not both.")
    if files:
        snapshot = _snapshot(settings)
        for taken in take_updates(settings, snapshot, files, date.today()):  # noqa: DTZ011  a day of people
            click.echo("\n".join(taken.sentences))
        _tell_unheard(settings, snapshot)
        click.echo("Build again to see it on the pages: plangraph build, with the same --add as before.", err=True)
        return
    if not (partner and period):
        raise InputError(
            "To ask, give --partner and --period; to take what came back, give the files. "
            "`plangraph update --help` shows both."
        )
    book, asked = ask_partner(
        settings, _snapshot(settings), partner=partner, period=period, plan=plan, units=with_units
    )
    out = out or Path(f"update-{slug(asked.name, most_words=8)[:80]}-{asked.period}.xlsx")
    _write(out, book.save)
    click.echo(f"{len(asked.actions)} actions that {asked.name} leads are asked about. Written to {out}.", err=True)


@main.command(
    epilog=example(
        "plangraph compare last-year/ this-year/ --format json",
        "plangraph compare plan-2024.docx plan-2025.docx --out changes.xlsx",
        "plangraph compare last-year/ this-year/ --same 1.2=1.4",
    )
)
@with_settings("home", "data", "base")
@click.argument("old")
@click.argument("new")
@click.option("--format", "form", type=click.Choice(("table", "json", "csv", "xlsx")),
              help="[default: by the ending of --out; else a table on a terminal, json otherwise]")  # fmt: skip
@click.option("--out", type=FILE, help="The file to write.")
@click.option("--same", "same", multiple=True, metavar="OLD=NEW",
              help="These two references are one action (repeatable); remembered.")  # fmt: skip
@click.option("--different", multiple=True, metavar="OLD=NEW",
              help="These two are not one action (repeatable); remembered.")  # fmt: skip
def compare(
    settings: Settings, old: str, new: str, form: str | None, out: Path | None, same: tuple[str, ...],
    different: tuple[str, ...],
) -> None:  # fmt: skip
    """Say what changed from the plan OLD to the plan NEW.

    Each is a folder of plan tables, a document or workbook, or a plan of the published snapshot: its title, its id, or
    BOROUGH/PLAN/VERSION. Actions are paired by their words and their place. A status is changed where its states or
    what it is delivered through are others: a Tbc that was resolved or is new is among them. What --same and
    --different say is kept in alignments.csv in the folder of the snapshots, and used from then on.
    """
    from kg.comparing import DIFFERENT, SAME, decide_pairs
    from kg.comparing import compare as compared
    from kg.comparing.files import FILES as MADE
    from kg.comparing.sources import both_registers, decisions_of, read_side

    ending = out.suffix.removeprefix(".").lower() if out else ""
    form = form or (ending if ending in MADE else "table" if out is None and sys.stdout.isatty() else "json")
    if form == "xlsx" and out is None:
        raise InputError("A workbook is a file: say which with --out.")
    tables = None if Path(old).exists() and Path(new).exists() else _snapshot(settings).tables_path
    sides = read_side(settings, old, tables), read_side(settings, new, tables)
    said = [(kind, one) for kind, pairs in ((SAME, same), (DIFFERENT, different)) for one in pairs]
    if said:
        kept = decide_pairs(settings.home, sides[0].plan, sides[1].plan, _decided_pairs(said))
        click.echo(f"Remembered in {kept}.", err=True)
    changes = compared(sides[0].plan, sides[1].plan, decisions_of(settings), both_registers(*sides))
    if form == "table":
        _print_changes(changes, out)
        return
    body = MADE[form](changes)
    if out is None:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
    else:
        _write(out, lambda file: file.write(body))
        click.echo(f"{changes.summary} Written to {out}.", err=True)


def _decided_pairs(said: Sequence[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """(same or different, old, new) of what stood behind --same and --different."""
    found = []
    for kind, words in said:
        old, equals, new = words.partition("=")
        if not (equals and old.strip() and new.strip()):
            raise InputError(f'--{kind} takes two references such as 1.2=1.4, not "{words[:40]}".')
        found.append((kind, old.strip(), new.strip()))
    return found


def _print_changes(changes: "Changes", out: Path | None) -> None:
    """The summary and a table a kind of change, for people."""
    import io

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from kg.comparing import KINDS

    page = io.StringIO()
    console = Console(file=page if out else None, width=120 if out else None)
    console.print(Text(changes.summary))
    for name, entries in changes.lists():
        if not entries:
            continue
        table = Table(title=f"{KINDS[name]} ({len(entries)})", title_justify="left")
        for column in ("old", "new", "title", "before", "after", "year", "note"):
            if any(getattr(one, column) for one in entries):
                table.add_column(column)
        columns = [str(column.header) for column in table.columns]
        for one in entries:
            table.add_row(*(Text(getattr(one, column) or "") for column in columns))
        console.print(table)
    if out:
        _write(out, lambda file: file.write(page.getvalue().encode()))


@main.command(epilog=example("plangraph check"))
@with_settings("home", "data", "base")
def check(settings: Settings) -> None:
    """Print the counts with the rule behind each, and the findings; exit code 1 where a rule is broken.

    Counts are those of the published snapshot; findings are those in it and in the tables as they stand.
    """
    from kg.checks import check as run

    report = run(settings)
    for plan in report.plans:
        click.echo(f"{plan.label}, snapshot {report.snapshot}")
        for count in plan.counts:
            click.echo(f"{count.number:>6} {count.words}")
    for finding in report.findings:
        click.echo(f"{finding.severity.capitalize()}: {finding}")
    if not report.findings:
        click.echo("The shapes found nothing.")
    for label, number in report.differences.items():
        click.echo(f"{label}: {number} differences between the reader and the tables are listed with a reason.")
    sys.exit(1 if report.violations else 0)


@main.command(
    "map",
    epilog=example(
        "plangraph map --out map.html", 'plangraph map --of actions --partner "Hackney Housing" --out ours.png'
    ),
)
@with_settings("home", "data", "base")
@click.option("--of", type=click.Choice(("partners", "actions", "dependencies")), default="partners",
              show_default=True, help="Who leads with whom, who leads what, or what leans on what.")  # fmt: skip
@click.option("--view", type=click.Choice(("picture", "explore")), default="picture", show_default=True,
              help="explore: boxes to move about (html only).")  # fmt: skip
@click.option("--names", type=click.Choice(("canonical", "printed", "rolled", "role")), default="canonical",
              show_default=True, help="Usual names, as printed, units as the body at the top, or roles.")  # fmt: skip
@click.option("--collective", is_flag=True, help="Count wording such as All Partners as a partner.")
@click.option("--least", type=click.IntRange(min=1), default=1, show_default=True,
              help="Only pairs that share at least so many actions.")  # fmt: skip
@click.option("--plan", help="Only this plan.")
@click.option("--borough", help="Only the plans of this borough.")
@click.option("--priority", help="Only this strategic (2) or delivery priority (2/1).")
@click.option("--theme", help="Only actions of this theme.")
@click.option("--year", help="Only actions that apply in this year.")
@click.option("--partner", help="Only the actions that this body leads.")
@click.option("--out", type=FILE, required=True,
              help="The file to write; its ending chooses: html, svg, png, graphml, gexf, csv.")  # fmt: skip
def draw(settings: Settings, out: Path, view: str, **choices: Any) -> None:
    """Draw the partnership into one file that opens without a server and asks nobody for anything."""
    from kg.graph.store import LocalStore
    from kg.maps.asking import NARROWING, Wanted
    from kg.maps.asking import draw as drawn_as
    from kg.maps.files import FILES
    from kg.maps.offline import as_free_page
    from kg.questions import Names
    from kg.questions import ask as put

    form = out.suffix.removeprefix(".").lower()
    if form not in FILES:
        raise InputError(f'"{out.name}" ends with none of {_listing(tuple(f".{name}" for name in FILES))}.')
    if view == "explore" and form != "html":
        raise InputError("Boxes to move about are a page: let --out end with .html.")
    words = {name: value for name in NARROWING if (value := choices.pop(name))}
    with closing(LocalStore(_snapshot(settings))) as store:
        names = Names.load(store)
        wanted = Wanted.read(names, words, **choices)
        drawn = drawn_as(lambda question, given: put(store, question, names, **given), wanted, store.snapshot)
    if not drawn.picture.network:
        raise InputError(
            f"Nobody leads an action in what was asked for, so there is nothing to draw. {drawn.notes[-2]}"
        )
    if view == "explore":
        # Looked up by name, as the server is: it is built with the web pages.
        (script,) = entry_points(group="plangraph.scripts", name="explore")
        body = as_free_page(drawn.picture, drawn.notes, script.load()())
    else:
        body = FILES[form](drawn)
    _write(out, lambda file: file.write(body))
    click.echo(f"{drawn.picture.summary} Written to {out}.", err=True)


@main.command(
    epilog=example('plangraph brief --partner "Hackney Housing"', "plangraph brief --priority 2/1 --out night.docx")
)
@with_settings("home", "data", "base")
@click.option("--partner", default="", help="What this body leads, with whom, what is undecided, what it leans on.")
@click.option("--priority", default="", help="A strategic priority (2) or a delivery priority (2/1).")
@click.option("--borough", default="", help="Only the plans of this borough.")
@click.option("--plan", default="", help="Only this plan.")
@click.option("--year", default="", help="Only this year.")
@click.option("--out", type=FILE, help="The Word document to write.  [default: named after what it is about]")
def brief(settings: Settings, out: Path | None, **given: str) -> None:
    """Write a brief for the board as a Word document: about a partner, a priority, or a partner within a priority."""
    if out is not None and out.suffix.lower() != ".docx":
        raise InputError(f'A brief is a Word document: let --out end with .docx, not "{out.suffix or out.name}".')
    from kg.briefs import as_word
    from kg.briefs import brief as written
    from kg.graph.store import LocalStore
    from kg.questions import Names
    from kg.questions import ask as put
    from kg.reading.wording import slug

    with closing(LocalStore(_snapshot(settings))) as store:
        names = Names.load(store)
        paper = written(lambda question, words: put(store, question, names, **words), names, store.snapshot, given)
    out = out or Path(f"brief-{slug(paper.name, most_words=8)[:80]}.docx")
    _write(out, lambda file: file.write(as_word(paper)))
    click.echo(f"{' '.join(paper.summary)} Written to {out}.", err=True)


@main.command(epilog=example("plangraph export --format trig --out plan.trig"))
@with_settings("home", "data", "base")
@click.option(
    "--format", "form", type=click.Choice(EXPORT_FORMATS), required=True, help="nq and trig hold every graph."
)
@click.option("--graph", metavar="IRI", help="One named graph instead of the default graph (ttl, nt, jsonld).")
@click.option("--out", type=FILE, help="The file to write.  [default: standard output]")
def export(settings: Settings, form: str, graph: str | None, out: Path | None) -> None:
    """Write the graph: the default graph as ttl, nt or jsonld, every graph as trig or nq."""
    from kg.graph.store import dump

    snapshot = _snapshot(settings)
    if out is None:
        dump(snapshot, form, sys.stdout.buffer, graph)
        sys.stdout.buffer.flush()
    else:
        _write(out, lambda file: dump(snapshot, form, file, graph))


@main.group(epilog=example('plangraph register merge "LBH Planning" "Planning Service" --reason "One service."'))
def register() -> None:
    """Look after the register: who the names of plans mean. What would change is shown, and changed only with --yes."""


REASON: Final = click.option("--reason", required=True, help="Why; it is written beside every new row.")
YES: Final = click.option("--yes", is_flag=True, help="Make the change; without it, it is shown.")


@register.command("list", epilog=example("plangraph register list --borough hackney"))
@with_settings("data")
@click.option("--borough", default="", help="Only bodies of this borough, as its addresses write it.")
def list_register(settings: Settings, borough: str) -> None:
    """List the bodies: borough, roles, other spellings, and how many rows of which plan name each."""
    from kg.curating import bodies

    for one in bodies(settings):
        if borough and one.borough != borough:
            continue
        roles = ", ".join(purpose.removeprefix("purpose-") for purpose in one.body.purpose) or "no role stated"
        used = ", ".join(f"{plan} {n}" for plan, n in one.used.items()) or "named by no plan"
        click.echo(f"{one.body.label} ({one.body.id}; {one.borough or 'of several boroughs'}; {roles})")
        click.echo(f"    spelt {', '.join(one.spellings) or 'only so'}; {used}")


@register.command(epilog=example(
    "plangraph register propose my-plan",
    'plangraph register propose my-plan --accept "Youth Svc" --of "Youth Service" --reason "Short form."',
))  # fmt: skip
@with_settings("home", "data")
@click.argument("folder", type=FOLDER)
@click.option("--accept", "name", default="", help="The proposed name to take into the register.")
@click.option("--of", default="", help="The body it is a spelling of.  [default: a body of its own]")
@click.option("--reason", default="", help="Why; it is written beside the new row.")
@click.option("--certainty", type=click.Choice(("cert-stated", "cert-normalised", "cert-inferred", "cert-ambiguous")),
              default="cert-inferred", show_default=True, help="How sure that is.")  # fmt: skip
@YES
def propose(settings: Settings, folder: Path, name: str, of: str, reason: str, certainty: str, yes: bool) -> None:
    """Review the bodies that `read` proposed in FOLDER: matched, suggested with a score (0 to 100), unknown."""
    from kg.curating import accept, proposals

    if name:
        _change(settings, accept(settings, folder, name, of, reason, certainty), yes)
        return
    found = proposals(settings, folder)
    for one in found:
        near = f" {one.known} ({one.score:g})" if one.known else ""
        click.echo(f"{one.verdict}: {one.body.label}{near}")
    if not found:
        click.echo(f"Nothing is proposed in {folder / 'proposed'}.")


@register.command(epilog=example('plangraph register merge "LBH Housing" "Hackney Housing" --reason "One service."'))
@with_settings("home", "data")
@click.argument("kept")
@click.argument("gone")
@REASON
@click.option("--even-so", is_flag=True, help="Merge bodies of two kinds, types or boroughs all the same.")
@YES
def merge(settings: Settings, kept: str, gone: str, reason: str, even_so: bool, yes: bool) -> None:
    """Make the body GONE a spelling of the body KEPT, in the register and in every plan of the data folder."""
    from kg.curating import merge as merged

    _change(settings, merged(settings, kept, gone, reason, even_so=even_so), yes)


@register.command(epilog=example(
    'plangraph register split "Probation" --into "Probation Trust" --spelling "the Trust" --reason "Two bodies."'
))  # fmt: skip
@with_settings("home", "data")
@click.argument("body")
@click.option("--into", required=True, help="The name of the new body.")
@click.option("--spelling", "spellings", multiple=True, required=True, help="A spelling that means it (repeatable).")
@REASON
@YES
def split(settings: Settings, body: str, into: str, spellings: tuple[str, ...], reason: str, yes: bool) -> None:
    """Part a new body from BODY: it takes these spellings, and what the plans print so."""
    from kg.curating import split as parted

    _change(settings, parted(settings, body, into, spellings, reason), yes)


def _change(settings: Settings, change: "Change", yes: bool) -> None:
    """Show a change of the register, and make it where it was agreed to."""
    for line in change.told():
        click.echo(line)
    if not yes:
        click.echo("Nothing is changed yet; --yes makes the change.")
        return
    kept = change.write(settings.home)
    click.echo(f"Changed. To undo: cp -r {kept}/. {settings.data}/. Now run `plangraph build`.")


@main.command(epilog=example("plangraph snapshots"))
@with_settings("home")
def snapshots(settings: Settings) -> None:
    """List what was built, newest first; * marks the published one."""
    from kg.graph.store import current, list_snapshots

    published = current(settings.home)
    for snapshot in reversed(list_snapshots(settings.home)):
        mark = "*" if published and snapshot.id == published.id else " "
        click.echo(f"{mark} {snapshot.id}  {snapshot.created}  {snapshot.triples:>10,} triples")


@main.command(epilog=example("plangraph rollback"))
@with_settings("home")
def rollback(settings: Settings) -> None:
    """Publish again what was published before."""
    from kg.graph.store import rollback as go_back

    click.echo(f"Snapshot {go_back(settings.home).id} is published.")


# --- what the commands share ----------------------------------------------------------------------


def _build(settings: Settings, **choices: Any) -> "Snapshot":
    from rich.console import Console

    from kg.build import build as run

    with Console(stderr=True).status("Building the graph") as status:
        return run(settings, **choices, on_progress=status.update)


def _snapshot(settings: Settings) -> "Snapshot":
    """The published snapshot; where there is none, the bundled plan is built first."""
    from kg.graph.store import current

    published = current(settings.home)
    if published is None:
        click.echo("No snapshot yet: building the bundled plan.", err=True)
        published = _build(settings, source=None, add=(), examples=False)
    return published


def _write(out: Path, fill: Callable[[IO[bytes]], object]) -> None:
    """Write a file beside it first, so that a full disk leaves no half of one under the name that was asked for."""
    if not out.absolute().parent.is_dir():
        raise InputError(f"There is no folder {out.parent} to write {out.name[:80]} to.")

    def write(part: Path) -> None:
        with part.open("wb") as file:
            fill(file)

    written_whole(out, write)


def _pairs(given: Sequence[str], pairs: dict[str, str]) -> dict[str, str]:
    """The parameters written as NAME=VALUE, with those written as options."""
    for text in given:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise InputError(f'--parameter wants NAME=VALUE, not "{text}".')
        if name in pairs:
            raise InputError(f'The parameter "{name}" is given twice.')
        pairs[name] = value
    return pairs


def _answer(
    settings: Settings,
    query: Callable[["Store"], str],
    form: str | None,
    timeout: float,
    *,
    for_people: bool = False,
) -> None:
    """Ask in a process that can be killed, and print the answer and nothing else.

    A table `for_people` leaves out the addresses of what it names, and says "not stated".
    """
    from kg.graph.workers import WorkerPool

    snapshot = _snapshot(settings)
    wants_table = form == "table" or (form is None and sys.stdout.isatty())
    with closing(WorkerPool(snapshot, size=1, timeout=timeout)) as pool:
        result = pool.query(
            query(pool),
            solutions=form if form in ROW_FORMATS else "json",
            graph=form if form in GRAPH_FORMATS else "ttl",
        )
    if form in GRAPH_FORMATS and result.kind != "graph":
        raise InputError(f"This query answers with rows; ask for {_listing((*ROW_FORMATS, 'table'))}.")
    if form in ROW_FORMATS and result.kind == "graph":
        raise InputError(f"This query answers with a graph; ask for {_listing(GRAPH_FORMATS)}.")
    if wants_table and result.kind != "graph":
        _print_table(result, for_people)
    else:
        sys.stdout.buffer.write(result.body if result.body.endswith(b"\n") else result.body + b"\n")
        sys.stdout.buffer.flush()


def _listing(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _print_table(result: "Result", for_people: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from kg.questions.answer import IRI_ENDING, Answer

    if result.kind == "boolean":
        click.echo("yes" if b"true" in result.body else "no")
        return
    answer = Answer.parse(result.body)
    shown = [n for n, column in enumerate(answer.columns) if not (for_people and column.endswith(IRI_ENDING))]
    unstated = "not stated" if for_people else ""
    table = Table()
    for n in shown:
        table.add_column(answer.columns[n], overflow="fold")
    for row in answer.rows:
        # Text, because a label may hold what rich would take for markup.
        table.add_row(*(Text(unstated if row[n] is None else str(row[n])) for n in shown))
    Console().print(table)


if __name__ == "__main__":
    main()
