"""The `plangraph` command: what it prints, where, and with which exit code."""

import csv
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import rdflib
from click.testing import CliRunner, Result

from kg.cli import main
from kg.graph.store import list_snapshots, publish, write_snapshot
from kg.prefixes import PREFIXES
from kg.questions import load_questions
from kg.questions.question import TOPICS

ROOT = Path(__file__).parent.parent
GRAPH = "https://w3id.org/plangraph/graph/tinford/plan/1"
PLAN = "https://w3id.org/plangraph/id/tinford/plan/plan"
ALL_ROWS = "SELECT ?s ?p ?o { ?s ?p ?o }"
# Sixty actions, joined with themselves four times: thirteen million rows, far over any limit below.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a != ?j) }"


def quads(label: str) -> list[str]:
    """A plan with sixty actions, as N-Quads lines."""
    triples = [
        f"<{PLAN}> <{PREFIXES['rdf']}type> <{PREFIXES['plan']}Plan>",
        f'<{PLAN}> <{PREFIXES["rdfs"]}label> "{label}"@en',
    ]
    triples += [f"<{PLAN}/action/{i}> <{PREFIXES['rdf']}type> <{PREFIXES['plan']}Action>" for i in range(60)]
    return [f"{triple} <{GRAPH}> .\n" for triple in triples]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with two snapshots, the second published, and no other setting."""
    for name in ("HOME", "DATA", "BASE", "HOST", "PORT", "HOSTS"):
        monkeypatch.delenv(f"PLANGRAPH_{name}", raising=False)
    folder = tmp_path / "home"
    for label in ("[bold]First[/bold]", "[bold]Second[/bold]"):
        publish(folder, write_snapshot(folder, quads(label), frozenset([GRAPH]), [PLAN]))
    monkeypatch.setenv("PLANGRAPH_HOME", str(folder))
    return folder


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=stdin)


def command(*arguments: str, **options) -> subprocess.Popen:
    """The command in a process of its own."""
    words = [sys.executable, "-m", "kg.cli", *arguments]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


# --- query ---------------------------------------------------------------------------------------


def test_query_reads_standard_input_and_knows_our_prefixes(home):
    answer = run("query", "-", "--format", "csv", stdin="SELECT (COUNT(?a) AS ?n) { ?a a plan:Action }")
    assert (answer.exit_code, answer.stdout.split(), answer.stderr) == (0, ["n", "60"], "")


def test_query_reads_a_file_with_or_without_a_byte_order_mark(home, tmp_path):
    for encoding in ("utf-8", "utf-8-sig"):
        file = tmp_path / "ask.rq"
        file.write_text("ASK { ?a a plan:Action }", encoding=encoding)
        assert json.loads(run("query", str(file)).stdout)["boolean"] is True


def test_every_prefix_is_declared(home):
    uses = " ".join(f"OPTIONAL {{ ?s {prefix}:x ?o }}" for prefix in PREFIXES)
    assert run("query", "-", stdin=f"SELECT * {{ {uses} }}").exit_code == 0


def test_a_query_may_declare_a_prefix_of_ours_again(home):
    answer = run("query", "-", stdin="PREFIX plan: <urn:other:>\nASK { ?a a plan:Action }")
    assert json.loads(answer.stdout)["boolean"] is False


@pytest.mark.parametrize(
    ("form", "begins"), [("json", '{"head"'), ("xml", "<?xml"), ("csv", "s,p,o"), ("tsv", "?s\t?p\t?o")]
)
def test_rows_come_in_each_form(home, form, begins):
    answer = run("query", "-", "--format", form, stdin=ALL_ROWS)
    assert (answer.exit_code, answer.stdout[: len(begins)]) == (0, begins)


@pytest.mark.parametrize(("form", "parser"), [("ttl", "turtle"), ("nt", "nt"), ("jsonld", "json-ld"), ("rdf", "xml")])
def test_graphs_come_in_each_form(home, form, parser):
    answer = run("query", "-", "--format", form, stdin="CONSTRUCT WHERE { ?a a plan:Action }")
    assert len(rdflib.Graph().parse(data=answer.stdout, format=parser)) == 60


def test_without_a_terminal_rows_are_json_and_graphs_turtle(home):
    assert run("query", "-", stdin=ALL_ROWS).stdout.startswith('{"head"')
    assert "@prefix" in run("query", "-", stdin="CONSTRUCT WHERE { ?a a plan:Plan }").stdout


def test_a_table_shows_labels_as_they_are(home):
    answer = run("query", "-", "--format", "table", stdin="SELECT ?label ?none { ?p a plan:Plan ; rdfs:label ?label }")
    assert "[bold]Second[/bold]" in answer.stdout
    assert "none" in answer.stdout  # the head of a column without a value


def test_on_a_terminal_the_answer_is_a_table(home):
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals on Windows")
    main_end, terminal = pty.openpty()
    with open(terminal, "wb") as out:  # noqa: PTH123  a descriptor, not a path
        words = [sys.executable, "-m", "kg.cli", "query", "-"]
        query = b"SELECT (COUNT(?a) AS ?n) { ?a a plan:Action }"
        subprocess.run(words, input=query, stdout=out, check=True, env={**os.environ, "TERM": "xterm"})
    shown = os.read(main_end, 10_000).decode()
    os.close(main_end)
    assert "60" in shown
    assert "head" not in shown


@pytest.mark.parametrize(
    ("query", "form", "sentence"),
    [
        (ALL_ROWS, "ttl", "This query answers with rows; ask for json, xml, csv, tsv or table."),
        (
            "CONSTRUCT WHERE { ?s ?p ?o }",
            "json",
            "This query answers with a graph; ask for ttl, nt, jsonld or rdf.",
        ),
    ],
)
def test_a_form_the_answer_cannot_take_is_bad_input(home, query, form, sentence):
    answer = run("query", "-", "--format", form, stdin=query)
    assert (answer.exit_code, answer.stdout, answer.stderr.strip()) == (2, "", sentence)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT * {\n ?s ?p }", "line 2"),
        ("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", "SERVICE in line 1"),
        ("INSERT DATA { <urn:s> <urn:p> <urn:o> }", "updates are not taken"),
    ],
)
def test_a_query_that_is_refused_ends_with_3_and_names_its_line(home, query, says):
    answer = run("query", "-", stdin=query)
    assert (answer.exit_code, answer.stdout) == (3, "")
    assert says in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_query_over_its_time_ends_with_3(home):
    began = time.monotonic()
    answer = run("query", "-", "--timeout", "0.5", stdin=ENDLESS)
    assert answer.exit_code == 3
    assert "0.5 seconds" in answer.stderr
    assert time.monotonic() - began < 10


def test_what_is_no_text_is_bad_input(home):
    answer = run("query", "-", stdin=b"\xff\xfe\x00")
    assert (answer.exit_code, "UTF-8" in answer.stderr) == (2, True)


def test_a_missing_file_is_bad_input(home):
    assert run("query", "nowhere.rq").exit_code == 2


def test_a_reader_that_has_seen_enough_is_no_error(home):
    long = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 50000"
    asking = command("query", "-", "--format", "csv", stdin=subprocess.PIPE)
    asking.stdin.write(long)
    asking.stdin.close()
    assert asking.stdout.readline().startswith("a,b,c")
    asking.stdout.close()
    assert (asking.stderr.read(), asking.wait(20)) == ("", 0)
    asking.stderr.close()


# --- read and build ------------------------------------------------------------------------------


def test_read_leaves_tables_that_a_person_corrected(home, tmp_path):
    document, out = ROOT / "tests" / "tiny" / "tiny-plan.txt", tmp_path / "my-plan"
    again = ("read", str(document), "--out", str(out), "--borough", "tinford", "--plan", "safety-plan-2023-25")
    assert run(*again).exit_code == 0
    assert run(*again).exit_code == 0  # nobody touched what was read
    corrected = out / "actions.csv"
    text = corrected.read_text("utf-8").replace("Ways out", "Ways out of violence")
    corrected.write_text(text, "utf-8")
    for document_given in (str(document), "typo.txt"):
        refused = run("read", document_given, "--out", str(out))
        assert refused.exit_code == 2
        assert "corrected by hand" in refused.stderr
        assert corrected.read_text("utf-8") == text
    assert run(*again, "--replace").exit_code == 0
    assert "of violence" not in corrected.read_text("utf-8")


def test_build_says_which_plans_it_leaves_out(home):
    built = run("build")
    assert built.exit_code == 0
    assert "Built without" in built.stderr


def test_build_without_examples_says_that_there_are_none(home, tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("examples"))
    refused = run("build", "--examples", "--data", str(tmp_path / "data"))
    assert refused.exit_code == 2
    assert "no examples to build" in refused.stderr


# --- snapshots, rollback, export -----------------------------------------------------------------


def test_snapshots_lists_the_newest_first_and_marks_the_published_one(home):
    first, second = (snapshot.id for snapshot in list_snapshots(home))
    lines = run("snapshots").stdout.splitlines()
    assert {line.split()[0] for line in lines if line.startswith("*")} == {"*"}
    assert {line[2:14] for line in lines} == {first, second}
    assert sum(line.startswith("*") for line in lines) == 1


def test_rollback_goes_back_until_there_is_nothing_before(home):
    label = "SELECT ?label { ?p a plan:Plan ; rdfs:label ?label }"
    assert "Second" in run("query", "-", stdin=label).stdout
    assert run("rollback").exit_code == 0
    assert "First" in run("query", "-", stdin=label).stdout
    again = run("rollback")
    assert (again.exit_code, again.stdout) == (2, "")
    assert "no earlier snapshot" in again.stderr


@pytest.mark.parametrize(
    ("form", "parser"),
    [("ttl", "turtle"), ("nt", "nt"), ("jsonld", "json-ld"), ("nq", "nquads"), ("trig", "trig")],
)
def test_export_writes_the_same_to_a_file_and_to_standard_output(home, tmp_path, form, parser):
    out = tmp_path / "graph"
    told = run("export", "--format", form, "--out", str(out))
    assert (told.exit_code, told.stdout) == (0, "")
    text = out.read_text("utf-8")
    assert run("export", "--format", form).stdout == text
    assert len(rdflib.Dataset(default_union=True).parse(data=text, format=parser)) == 62
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graph", "home"]


def test_an_export_that_fails_leaves_the_old_file(home, tmp_path):
    out = tmp_path / "graph.ttl"
    out.write_text("old")
    failed = run("export", "--format", "ttl", "--graph", "urn:nowhere", "--out", str(out))
    assert failed.exit_code == 2
    assert out.read_text() == "old"
    assert not list(tmp_path.glob(".*"))


# --- serve ---------------------------------------------------------------------------------------


@pytest.fixture
def served(home):
    """A running server and its address; ended as Ctrl-C would."""
    server = command("serve", "--port", "0")
    address = re.search(r"http://\S+", server.stdout.readline())[0]
    yield server, address
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
    server.wait(15)
    server.stdout.close()
    server.stderr.close()


def fetch(address: str, **headers: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_serve_says_its_address_once_it_answers(served, home):
    _, address = served
    status, text = fetch(f"{address}/healthz")
    assert (status, json.loads(text)["status"]) == (200, "ok")
    assert (
        "[bold]Second[/bold]" in fetch(f"{address}/sparql?query=SELECT+*+%7B%3Fs+%3Fp+%3Fo%7D", Accept="text/html")[1]
    )


def test_serve_picks_up_a_new_snapshot(served, home):
    _, address = served
    before = json.loads(fetch(f"{address}/healthz")[1])["snapshot"]
    third = write_snapshot(home, quads("Third"), frozenset([GRAPH]), [PLAN])
    publish(home, third)
    assert before != third.id
    assert json.loads(fetch(f"{address}/healthz")[1])["snapshot"] == third.id
    assert "Third" in fetch(f"{address}/sparql?query=SELECT+*+%7B%3Fs+%3Fp+%3Fo%7D")[1]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to catch")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_ends_cleanly_and_takes_its_workers_along(served, number):
    server, address = served
    workers = children(server.pid)
    assert fetch(f"{address}/sparql?query=ASK%7B%7D")[0] == 200
    workers |= children(server.pid)
    assert workers
    server.send_signal(number)
    assert server.wait(5) == 0
    assert server.stderr.read() == ""
    assert not {pid for pid in workers if Path(f"/proc/{pid}").exists()}


def children(pid: int) -> set[int]:
    """The processes a process started, by any of its threads (Linux; elsewhere none are seen)."""
    stats = (path.read_text() for path in Path("/proc").glob("[0-9]*/stat"))
    fields = ([stat.split(" ", 1)[0], *stat.rpartition(")")[2].split()] for stat in stats)
    return {int(number) for number, _state, parent, *_ in fields if int(parent) == pid}


def test_a_port_in_use_is_one_sentence(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        # In a process of its own: waitress leaves the socket it could not bind to the garbage collector.
        refused = command("serve", "--port", str(port))
        stdout, stderr = refused.communicate(timeout=30)
    assert (refused.returncode, stdout) == (2, "")
    assert stderr == f"Port {port} on 127.0.0.1 is in use; name another one with --port.\n"


# --- ask -----------------------------------------------------------------------------------------


@pytest.fixture
def asked(hackney, monkeypatch):
    """Asks the bundled plan."""
    monkeypatch.setenv("PLANGRAPH_HOME", str(hackney.settings.home))
    return lambda *arguments: run("ask", *arguments)


def test_ask_without_a_name_lists_the_questions_by_topic(asked):
    answer = asked()
    assert (answer.exit_code, answer.stderr) == (0, "")
    topics = [line.removesuffix(":") for line in answer.stdout.splitlines() if line.removesuffix(":") in TOPICS]
    assert topics == list(TOPICS)
    for question in load_questions().values():
        assert f"{question.id} {question.name}" in answer.stdout


@pytest.mark.parametrize("name", ["who-leads-an-action", "Q03", "q03"])
@pytest.mark.parametrize("given", [["--action", "2.3"], ["--parameter", "action=2.3"], ["-p", "action=2.3"]])
def test_a_question_is_asked_by_name_or_number_with_options_or_pairs(asked, name, given):
    answer = asked(name, *given, "--format", "csv")
    assert answer.exit_code == 0
    assert [row["partner"] for row in csv.DictReader(io.StringIO(answer.stdout))] == [
        "Metropolitan Police Service", "Safer Communities", "LBH Licensing", "Town Centre Management",
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv", "table"])
def test_an_answer_comes_in_each_form(asked, form):
    answer = asked("joint-actions", "--partner", "MPS", "--format", form)
    assert (answer.exit_code, "2.3" in answer.stdout) == (0, True)


def test_a_table_leaves_addresses_out_and_says_what_is_not_stated(asked, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    shown = asked("targets-against-actuals", "--format", "table").stdout
    assert "not stated" in shown
    assert "_iri" not in shown
    assert "http" not in shown


def test_the_help_of_a_question_names_its_parameters_with_examples(asked):
    shown = asked("Q03", "--help").stdout
    assert "--action ACTION" in shown
    assert "needed; example: 2.3" in shown
    assert 'plangraph ask Q03 --action "2.3"' in shown


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["joint-action"], 'There is no question "joint-action" (nearest: joint-actions)'),
        (["Q03"], 'Q03 (Who leads an action) needs "action"; try "2.3".'),
        (["Q03", "--action", "9.9"], '"2.3" would work.'),
        (["Q03", "--acton", "2.3"], "--action"),
        (["Q03", "-p", "acton=2.3"], "it takes: borough, plan, action."),
        (["Q03", "-p", "action"], "--parameter wants NAME=VALUE"),
        (["Q03", "--action", "2.3", "-p", "action=2.3"], 'The parameter "action" is given twice.'),
    ],
)
def test_a_wrong_question_is_told_what_would_work(asked, arguments, sentence):
    answer = asked(*arguments)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert sentence in answer.stderr


# --- the command as a whole ----------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["--help"], ["query", "--help"], ["serve", "-h"]])
def test_help_does_not_wait_for_the_libraries(arguments):
    heavy = "{'rdflib', 'pyshacl', 'pydantic', 'pyoxigraph', 'flask', 'rich', 'lxml'}"
    code = (
        "import sys; from kg.cli import main\n"
        f"try: main({arguments!r})\nexcept SystemExit as end: assert not end.code\n"
        f"assert not {heavy} & sys.modules.keys(), {heavy} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)


def test_query_does_not_wait_for_rdflib(home):
    code = (
        "import sys; from kg.cli import main\n"
        "try: main(['query', '-', '--format', 'csv'])\nexcept SystemExit as end: assert not end.code\n"
        "assert not {'rdflib', 'pyshacl', 'pydantic', 'flask'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL, cwd=ROOT, input=b"ASK {}")


def test_a_setting_that_cannot_be_used_is_one_sentence(home, monkeypatch):
    monkeypatch.setenv("PLANGRAPH_PORT", "eighty")
    answer = run("serve")
    assert (answer.exit_code, "PLANGRAPH_PORT" in answer.stderr) == (2, True)


def test_an_unknown_command_is_bad_input():
    assert run("bogus").exit_code == 2


def test_a_home_that_cannot_be_written_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PLANGRAPH_HOME", str(tmp_path / "file" / "home"))
    (tmp_path / "file").write_text("no folder")
    answer = run("query", "-", stdin="ASK {}")
    assert answer.exit_code == 2
    assert "Traceback" not in answer.stderr
