"""The documents tell the truth: what they name exists, and what exists they name."""

import re
import shlex
from pathlib import Path

import click
import pytest

from api import create_app
from kg import cli, errors
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


def test_the_readme_names_every_route(tmp_path):
    app = create_app(Settings.read(environ={}, home=tmp_path), None, None)
    for rule in app.url_map.iter_rules():
        assert f"`{rule.rule.replace('<path:filename>', '...')}`" in README


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


def test_the_readme_waits_for_no_editor():
    assert "EDITOR" not in README
