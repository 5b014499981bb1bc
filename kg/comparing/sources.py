"""What a version to compare is called: a folder of tables, a document, or a plan of the published snapshot."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from kg.comparing.decisions import FILE, Decision, load_decisions
from kg.errors import InputError, NotFound
from kg.importing import import_document
from kg.register import Register
from kg.settings import Settings
from kg.tables import Plan, known_codes, load_plan, nearest


@dataclass(frozen=True)
class Source:
    """A plan to compare, and the folder whose register/ and proposed/ its names come from."""

    plan: Plan
    register: Register


def published(tables: Path, codes: frozenset[str]) -> dict[str, Plan]:
    """The versions a snapshot holds, by `{borough}/{plan}/{version}`, in order."""
    plans = (load_plan(path.parent, codes) for path in sorted(tables.glob("plans/*/*/plan.toml")))
    return {plan.meta.graph_path: plan for plan in plans}


def find_published(held: dict[str, Plan], name: str) -> Plan:
    """The version of this name: its path, the plan's path or id (its last version), or its title.

    Raises NotFound with what is nearest, where no version answers to it.
    """
    folded = name.strip().casefold()
    for plan in reversed(held.values()):
        meta = plan.meta
        if folded in (meta.graph_path, f"{meta.borough}/{meta.plan}", meta.id, meta.plan, meta.label.casefold()):
            return plan
    raise NotFound(
        f'No version held is called "{name[:80]}"{nearest(name, held)}. Held are {", ".join(held) or "none"}.'
    )


def names_of(tables: Path, codes: frozenset[str]) -> Register:
    """The register of a data folder with what its plans add."""
    register = Register.load(tables / "register", codes)
    for folder, proposed in (("register", False), ("proposed", True)):
        for path in sorted(tables.glob(f"plans/*/*/{folder}")):
            register = register.extended(path, codes, proposed=proposed)
    return register


def read_side(settings: Settings, name: str, tables: Path | None) -> Source:
    """What `name` names: a folder of plan tables, a document to read, else a version in the tables of a snapshot.

    Raises InputError where a file cannot be read and NotFound where there is neither a file nor a version.
    """
    codes = known_codes(settings.ontology)
    path = Path(name)
    known = Register.load(settings.data / "register", codes)
    if path.is_dir():
        return Source(load_plan(path, codes), _with_names(known, path, codes))
    if path.is_file():
        with tempfile.TemporaryDirectory(prefix="plangraph-") as folder:
            out = Path(folder) / "plan"
            import_document(path, out, data=settings.data)
            return Source(load_plan(out, codes), _with_names(known, out, codes))
    if tables is None:
        raise InputError(f"There is no file or folder {name[:200]}.")
    return Source(find_published(published(tables, codes), name), names_of(tables, codes))


def _with_names(register: Register, folder: Path, codes: frozenset[str]) -> Register:
    for name, proposed in (("register", False), ("proposed", True)):
        if (folder / name).is_dir():
            register = register.extended(folder / name, codes, proposed=proposed)
    return register


def both_registers(old: Source, new: Source) -> Register:
    """The names of both sides; where they disagree, the newer speaks."""
    return Register(
        {**old.register.entries, **new.register.entries},
        tuple(dict.fromkeys((*new.register.spellings, *old.register.spellings))),
    )


def decisions_of(settings: Settings) -> tuple[Decision, ...]:
    """What people decided: in the data folder, then in that of the snapshots."""
    return load_decisions([settings.data / FILE, settings.home / FILE])
