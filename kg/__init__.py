"""Partnership plans as knowledge graphs: everything that is true without a web server.

Documents become tables, tables become triples, triples answer questions, answers are shown. The names below are the
public ones; each is imported from its room when it is first asked for, so that a worker process and `--help` wait
neither for rdflib nor for pydantic. The pipeline is a room of its own: `from kg.build import build`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kg.checks import check as check
    from kg.errors import InputError as InputError
    from kg.errors import NoSnapshot as NoSnapshot
    from kg.errors import NotFound as NotFound
    from kg.errors import PlangraphError as PlangraphError
    from kg.errors import Problem as Problem
    from kg.errors import QueryLimit as QueryLimit
    from kg.errors import QueryRefused as QueryRefused
    from kg.errors import QueryTimeout as QueryTimeout
    from kg.errors import WorkerBusy as WorkerBusy
    from kg.graph.store import LocalStore as LocalStore
    from kg.graph.store import Snapshot as Snapshot
    from kg.graph.store import Store as Store
    from kg.importing import import_document as import_document
    from kg.questions.answer import Answer as Answer
    from kg.questions.asking import ask as ask
    from kg.questions.asking import open_graph as open_graph
    from kg.questions.question import Question as Question
    from kg.questions.question import load_questions as load_questions
    from kg.register import Register as Register
    from kg.settings import Settings as Settings
    from kg.tables import Plan as Plan
    from kg.tables import load_plan as load_plan
    from kg.tables import write_plan as write_plan

_ROOMS: Final = {
    "Answer": "kg.questions.answer",
    "InputError": "kg.errors",
    "LocalStore": "kg.graph.store",
    "NoSnapshot": "kg.errors",
    "NotFound": "kg.errors",
    "Plan": "kg.tables",
    "PlangraphError": "kg.errors",
    "Problem": "kg.errors",
    "QueryLimit": "kg.errors",
    "QueryRefused": "kg.errors",
    "QueryTimeout": "kg.errors",
    "Question": "kg.questions.question",
    "Register": "kg.register",
    "Settings": "kg.settings",
    "Snapshot": "kg.graph.store",
    "Store": "kg.graph.store",
    "WorkerBusy": "kg.errors",
    "ask": "kg.questions.asking",
    "check": "kg.checks",
    "import_document": "kg.importing",
    "load_plan": "kg.tables",
    "load_questions": "kg.questions.question",
    "open_graph": "kg.questions.asking",
    "write_plan": "kg.tables",
}
__all__ = list(_ROOMS)


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"kg has no public name {name}")
    return getattr(import_module(_ROOMS[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
