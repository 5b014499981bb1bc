"""One frozen dataclass of settings; reads the environment once."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

import platformdirs

from kg.errors import InputError, Problem

DEFAULT_BASE: Final = "https://w3id.org/plangraph/"
DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8000
# What SPARQL and Turtle forbid between < and >, and the marks that would cut a path off.
NOT_IN_A_BASE: Final = re.compile(r'[\x00-\x20<>"{}|\\^`?#]')


def bundled(name: str) -> Path:
    """The folder `name` ("data" or "ontology") that came with this program.

    In a wheel it lies inside the package; in a checkout beside it.
    """
    package = Path(__file__).resolve().parent
    installed = package / "bundled" / name
    return installed if installed.is_dir() else package.parent / name


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between two machines.

    home: folder of the snapshots. data: the tables to build from. ontology: the vocabulary, not to be chosen, because
    the code speaks it. base: what every IRI begins with, ends in "/". host, port: where to listen (port 0 takes a
    free one). hosts: further Host names to answer to.
    """

    home: Path
    data: Path
    ontology: Path
    base: str
    host: str
    port: int
    hosts: tuple[str, ...]

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None, **flags: Any) -> Self:
        """Settings from `flags` (home, data, base, host, port, hosts), else PLANGRAPH_*, else the defaults.

        `environ` stands for os.environ. An empty variable and a flag that is None count as not given. Raises
        InputError with one problem for each value that cannot be used.
        """
        unknown = flags.keys() - _READERS.keys()
        if unknown:
            raise TypeError(f"no such setting: {', '.join(sorted(unknown))}")
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {"ontology": bundled("ontology")}
        problems = []
        for name, (reader, default) in _READERS.items():
            variable = f"PLANGRAPH_{name.upper()}"
            given, called = flags.get(name), f"--{name}"
            if given is None:
                given, called = environ.get(variable, "").strip() or default(), variable
            try:
                values[name] = reader(given)
            except ValueError as error:
                problems.append(Problem(f"{called} {error}"))
        if problems:
            raise InputError(problems)
        return cls(**values)


def _folder(given: str | Path) -> Path:
    # Absolute, because a server or a worker may stand in another folder later.
    return Path(os.path.abspath(Path(given).expanduser()))  # noqa: PTH100  resolve() would follow links


def _base(given: str) -> str:
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname or NOT_IN_A_BASE.search(given):
        raise ValueError(f'must be an http or https address such as {DEFAULT_BASE}, not "{given}".')
    if not given.endswith("/"):
        raise ValueError(f'must end with a slash: "{given}/", not "{given}".')
    return given


def _host(given: str) -> str:
    if not given.strip() or re.search(r"[\s/]", given.strip()):
        raise ValueError(f'must be a host name or an address such as {DEFAULT_HOST}, not "{given}".')
    return given.strip()


def _port(given: str | int) -> int:
    text = str(given).strip()
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise ValueError(f'must be a number from 0 to 65535, not "{given}".')
    return int(text)


def _hosts(given: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    names = given.split(",") if isinstance(given, str) else given
    return tuple(_host(name) for name in names if name.strip())


# Each setting: how its text is read, and what it is where nothing is given.
_READERS: Final[dict[str, tuple[Any, Any]]] = {
    "home": (_folder, lambda: platformdirs.user_data_dir("plangraph", appauthor=False)),
    "data": (_folder, lambda: bundled("data")),
    "base": (_base, lambda: DEFAULT_BASE),
    "host": (_host, lambda: DEFAULT_HOST),
    "port": (_port, lambda: DEFAULT_PORT),
    "hosts": (_hosts, tuple),
}
