"""A real Chromium on a real server over the bundled plan: the system's browser, else the one Playwright brought."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "api" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# As root (in a container) Chromium refuses to run with its sandbox; it calls nobody while it is tested.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]


def _without(reason: str) -> None:
    if os.environ.get("PLANGRAPH_BROWSER") == "required":
        pytest.fail(f"PLANGRAPH_BROWSER=required, and {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium, started once."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next((path for name in names if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        if found is None and not Path(playwright.chromium.executable_path).exists():
            _without("there is no Chromium: install the system's, or run `playwright install chromium`")
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker's script."""
    if not AXE.exists():
        _without("axe-core is not installed: `make install` brings it")
    return AXE.read_text("utf-8")


@pytest.fixture(scope="session")
def server(hackney) -> Iterator[str]:
    """The address of a server over the bundled plan."""
    command = [sys.executable, "-m", "kg.cli", "serve", "--port", "0", "--home", str(hackney.settings.home)]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield re.search(r"http://\S+", running.stdout.readline())[0]
    finally:
        running.terminate()
        assert running.wait(15) == 0
        running.stdout.close()
