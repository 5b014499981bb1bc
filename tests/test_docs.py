"""The documents tell the truth: what they name exists, and what exists they name."""

import re
import shlex
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from api import create_app
from api.current import CurrentStore
from api.twins import PAGES
from kg import cli, errors
from kg.graph.store import LocalStore
from kg.graph.workers import WorkerPool
from kg.questions import load_questions
from kg.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = cli.main.commands


def shell_lines() -> list[str]:
    """The command lines of the README's sh blocks, continued lines and quoted line breaks joined."""
    blocks = re.findall(r"^```(?:sh|powershell)\n(.*?)^```", README, re.M | re.S)
    lines, pending = [], ""
    for line in "".join(blocks).splitlines():
        pending = f"{pending}\n{line}" if pending else line
        if pending.count("'") % 2 == 0 and not pending.endswith("\\"):
            lines.append(pending)
            pending = ""
    assert not pending
    return [line for line in lines if line.strip()]


def plangraph_calls() -> list[list[str]]:
    """The arguments of every call of our command in the README's blocks."""
    calls = []
    for line in shell_lines():
        for part in re.split(r"[|;]", re.sub(r"'[^']*'", "QUOTED", line)):
            words = shlex.split(part.replace("\\", "/"), comments=True)
            if words and words[0].endswith("plangraph"):
                calls.append(words[1:])
    return calls


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_names_every_command(name):
    assert re.search(rf"^\| `plangraph {name}\b", README, re.M)


def options() -> list[tuple[str, str]]:
    return [
        (name, option)
        for name, command in COMMANDS.items()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    ]


@pytest.mark.parametrize(("command", "option"), options())
def test_the_readme_names_every_option(command, option):
    assert re.search(rf"`{option}\b|`[^`]* {option}\b", README), f"{command} {option}"


SERVER = README[README.index("\n## The server") : README.index("\n## Correct a fact")]


def row_of(start: str, text: str = README) -> str:
    """The row of a table that begins so."""
    return next(line for line in text.splitlines() if re.match(start, line))


def says(row: str, word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", row) is not None


@pytest.mark.parametrize(
    ("command", "choice"),
    [(name, choice) for name, command in COMMANDS.items() for parameter in command.params
     if isinstance(parameter.type, click.Choice) for choice in parameter.type.choices],
)  # fmt: skip
def test_the_row_of_a_command_names_every_choice_of_its_options(command, choice):
    assert says(row_of(rf"\| `plangraph {command}\b"), choice)


FEW = 6
"""So many choices stand in the README; of more it names the parameter, and `/openapi` the choices."""


def test_the_row_of_a_page_names_the_choices_of_its_parameters(tmp_path):
    create_app(Settings.read(environ={}, home=tmp_path), None, None)
    checked = set()
    for made in PAGES.values():
        for parameter in (one for one in made.parameters if one.choices):
            row = row_of(rf"\|[^|]*\|[^|]*`{re.escape(made.rule)}`", SERVER)
            assert f"`{parameter.name}=" in row or len(parameter.choices) <= FEW, (made.rule, parameter.name)
            missing = [choice for choice in parameter.choices if not says(row, choice)]
            assert missing == [] or len(parameter.choices) > FEW, (made.rule, parameter.name)
            checked.add((made.rule, parameter.name))
    assert checked >= {("/map", "of"), ("/map", "view"), ("/trace", "direction")}


@pytest.mark.parametrize("name", ["home", "data", "base", "host", "port", "hosts"])
def test_the_readme_names_every_setting_with_its_flag(name):
    assert re.search(rf"^\| `PLANGRAPH_{name.upper()}` \| `--{name}` \|", README, re.M)
    assert f"PLANGRAPH_{name.upper()}" in cli.SETTINGS[name](lambda: None).__click_params__[0].help


def test_settings_and_options_are_the_same_list():
    assert {*cli.SETTINGS, "ontology"} == set(Settings.__dataclass_fields__)


@pytest.mark.parametrize("call", plangraph_calls(), ids=" ".join)
def test_the_commands_in_the_readme_parse(call):
    context = cli.main.make_context("plangraph", [*call], resilient_parsing=False)
    name, command, rest = cli.main.resolve_command(context, [*context._protected_args, *context.args])
    if "-" not in rest:  # a file named there need not exist here
        rest = [word if not word.endswith(".rq") else str(ROOT / "README.md") for word in rest]
    command.make_context(name, list(rest), parent=context)


def test_the_readme_shows_calls():
    assert {call[0] for call in plangraph_calls()} >= {"serve", "query", "ask", "read", "build"}


@pytest.mark.parametrize("line", [line for line in shell_lines() if line.startswith("make ")])
def test_the_make_targets_in_the_readme_exist(line):
    assert re.search(rf"^{line.split()[1]}:", (ROOT / "Makefile").read_text("utf-8"), re.M)


def routes(tmp_path) -> set[str]:
    """Every address of the server, without its endings; the pages of things by what is named in them."""
    app = create_app(Settings.read(environ={}, home=tmp_path), None, None)
    stems = {re.sub(r"\.?<any\([^)]*\):\w+>$", "", rule.rule) for rule in app.url_map.iter_rules()} - {"/index"}
    return {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", stem) for stem in stems} | {made.rule for made in PAGES.values()}


def test_the_readme_names_every_address_of_the_server_and_no_other(tmp_path):
    cells = re.findall(r"^\|[^|]*\|([^|]*)\|", SERVER, re.M)
    named = [address for cell in cells for address in re.findall(r"`(/[^`]*)`", cell)]
    assert sorted(named) == sorted(routes(tmp_path))


def test_the_readme_shows_each_page_under_its_door(tmp_path):
    door = ""
    doors = {}
    for named, addresses in re.findall(r"^\|([^|]*)\|([^|]*)\|[^|]*\|$", README, re.M):
        door = named.strip() or door
        doors |= dict.fromkeys(re.findall(r"`(/[^`]*)`", addresses), door)
    for made in PAGES.values():
        if made.door:
            assert doors[made.rule] == made.door, made.rule


def test_the_readme_says_how_to_list_the_questions():
    assert "`plangraph ask`" in README
    assert "`/questions`" in README
    listed = CliRunner().invoke(cli.main, ["ask"])
    for question in load_questions().values():
        assert f"{question.id} {question.name}" in listed.output


def test_the_python_of_the_readme_prints_what_it_says(hackney, monkeypatch, capsys):
    monkeypatch.setenv("PLANGRAPH_HOME", str(hackney.settings.home))
    code, printed = re.search(r"```python\n(.*?)```\n\nprints\n\n```\n(.*?)```", README, re.S).groups()
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102  the README's own example
    assert capsys.readouterr().out == printed


def test_the_readme_names_every_exit_code():
    codes = {kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "exit_code")}
    for code in codes | {0, 1}:
        assert re.search(rf"^\| {code} \|", README, re.M)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:kg|api|data|ontology|tests)/[\w/.-]*)`", README))))
def test_the_paths_in_the_readme_exist(path):
    assert (ROOT / path).exists() or (ROOT / path).with_suffix("").is_dir()


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_the_links_in_the_readme_lead_somewhere(link):
    assert (ROOT / link).is_file()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_ends_with_an_example(name):
    command = COMMANDS[name]
    text = command.get_help(click.Context(command, info_name=f"plangraph {name}"))
    assert "Example:" in text
    assert f"plangraph {name}" in text.split("Example:")[1]


def shown_answers() -> list[tuple[str, str]]:
    """Each command of the README that has its answer below it, and the answer."""
    return re.findall(r"^```sh\n([^`]*)```\n\n```csv\n([^`]*)```", README, re.M)


@pytest.mark.parametrize(("command", "answer"), shown_answers(), ids=lambda text: text[:60])
def test_the_answers_in_the_readme_are_those_of_a_run(command, answer, hackney, monkeypatch, client_of_hackney):
    if command.startswith("curl"):
        accept, query = re.search(r"'Accept: (.*?)' --data-urlencode 'query=(.*?)' http", command, re.S).groups()
        given = client_of_hackney.post("/sparql", data={"query": query}, headers={"Accept": accept}).text
    else:
        # Typed as it stands, but for where the command lies.
        typed = command.replace(".venv/bin/plangraph", f"{shlex.quote(sys.executable)} -m kg.cli")
        monkeypatch.setenv("PLANGRAPH_HOME", str(hackney.settings.home))
        given = subprocess.run(["sh", "-c", typed], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert given.replace("\r\n", "\n") == answer


@pytest.fixture(scope="module")
def client_of_hackney(hackney):
    with closing(WorkerPool(hackney.snapshot, size=1)) as pool:
        store = CurrentStore(lambda: hackney.snapshot, LocalStore)
        yield create_app(hackney.settings, store, pool).test_client()
        store.close()
