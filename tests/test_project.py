"""The project as a stranger meets it: locks, wheel, Makefile, the check of the whole."""

import json
import os
import re
import subprocess
import sys
import tomllib
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-node.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def pinned(lock: str) -> dict[str, str]:
    """name -> version (with its marker) of a lock file."""
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    return dict(re.match(r"([a-z0-9.-]+)(==.*?) \\$", line).groups() for line in lines if re.match(r"[a-z]", line))


# --- locks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_hash(lock):
    text = (ROOT / lock).read_text("utf-8")
    blocks = re.split(r"\n(?=[a-z])", text)[1:]
    assert len(blocks) == text.count("==") - text.count("== '") > 0
    assert all("--hash=sha256:" in block for block in blocks)


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_no_registry_and_no_machine(lock):
    assert not re.search(r"https?://|--index|--find-links|^-i |/[a-z]+/", (ROOT / lock).read_text("utf-8"), re.M)


def test_what_is_tested_is_what_is_installed():
    # Where a package goes may differ: what the tests need as well may want it on more kinds of Python.
    installed, tested = ({name: version.split(" ;")[0] for name, version in pinned(lock).items()} for lock in LOCKS[:2])
    assert installed.items() <= tested.items()


def test_the_locks_hold_every_declared_dependency():
    declared = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["build"]
    tests = PROJECT["project"]["optional-dependencies"]["test"]
    for lock, wanted in zip(LOCKS[:2], (declared, declared + tests), strict=True):
        names = {re.match(r"[A-Za-z0-9-]+", line)[0] for line in wanted}
        assert names <= pinned(lock).keys()


def test_every_dependency_has_an_upper_bound():
    for line in PROJECT["project"]["dependencies"]:
        assert re.search(r">=[\d.]+,<[\d.]+$", line), line


def test_the_build_backend_is_pinned_and_locked():
    (backend,) = PROJECT["build-system"]["requires"]
    name, version = backend.split("==")
    assert pinned(LOCKS[0])[name] == f"=={version}"


# --- the wheel -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The unpacked wheel, as pip would lay it down."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    (packed,) = folder.glob("*.whl")
    zipfile.ZipFile(packed).extractall(folder / "site")
    return folder / "site"


@pytest.mark.parametrize(
    ("kept", "packed"),
    [
        ("data", "kg/bundled/data"),
        ("ontology", "kg/bundled/ontology"),
        ("kg", "kg"),
        ("api", "api"),
    ],
)
def test_the_wheel_holds_every_file(wheel, kept, packed):
    def files(folder: Path) -> set[str]:
        found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
        # The front end's sources stay behind; what is built from them (static/built) travels.
        left_out = {"__pycache__", "bundled", "frontend"}
        return {str(path) for path in found if not left_out & set(path.parts)}

    here = files(ROOT / kept)
    assert here
    assert kept != "api" or "static/built/manifest.json" in here
    assert here == files(wheel / packed)


def test_the_wheel_says_both_licences(wheel):
    (metadata,) = wheel.glob("*.dist-info/METADATA")
    assert "License-Expression: Apache-2.0 AND CC-BY-4.0" in metadata.read_text("utf-8")
    assert (metadata.parent / "licenses" / "LICENSE").is_file()


def test_the_wheel_alone_builds_and_serves(wheel, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(wheel), "PLANGRAPH_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "kg.cli", "serve", "--port", "0"]
    server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        address = re.search(r"http://\S+", server.stdout.readline())[0]
        with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
            assert json.load(answer)["status"] == "ok"
        with urllib.request.urlopen(address, timeout=10) as answer:
            assert "Community Safety Plan" in answer.read().decode()
    finally:
        server.terminate()
        assert server.wait(10) == 0
        server.stdout.close()


# --- make and the check of the whole -------------------------------------------------------------


def make(*arguments: str) -> subprocess.CompletedProcess:
    # As a person would call it: these tests are run by make, which tells the makes below it so.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, env=environment
    )  # fmt: skip


def test_make_help_lists_every_target():
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.M)[1].split()
    assert [line.split()[1] for line in make("help").stdout.splitlines()] == targets


@pytest.mark.parametrize("version", ["3.9.2", "3.14.0"])
def test_make_refuses_another_python_with_a_sentence(tmp_path, version):
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\ntest "$1" = --version && echo "Python {version}" && exit 0\nexit 1\n')
    python.chmod(0o755)
    refused = make(f"PYTHON={python}", f"VENV={tmp_path / 'venv'}", "install")
    assert refused.returncode == 2
    assert f"Plangraph needs Python 3.11, 3.12 or 3.13; {python} is Python {version}." in refused.stdout


def test_ci_runs_bash_without_an_environment_and_without_input():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    text = script.read_text("utf-8")
    assert "exec </dev/null" in text
    assert re.search(r"^exec make .*\btest$", text, re.M)


# --- the tree ------------------------------------------------------------------------------------


def test_no_file_holds_a_machine_path_or_a_registry():
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    forbidden = re.compile("/" + r"(?:root|work|home/[a-z]+|Users/[A-Za-z]+)/|index-" + r"url\s*=|pypi\." + "org")
    found = []
    for name in files:
        try:
            text = (ROOT / name).read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        found += [f"{name}: {hit[0]}" for hit in forbidden.finditer(text)]
    assert found == []
