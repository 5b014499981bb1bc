"""The family of errors: each says what is wrong in a sentence, and where.

    PlangraphError          exit 2, HTTP 500
    ├── InputError          exit 2, HTTP 400   tables, documents, arguments, settings
    │   ├── NotFound        exit 2, HTTP 404   a name that names nothing
    │   ├── Several         exit 2, HTTP 400   words that name several things where one is needed
    │   └── TooLarge        exit 2, HTTP 400   more than a picture can show
    ├── NoSnapshot          exit 2, HTTP 503   nothing is built, or what is there cannot be opened
    ├── QueryRefused        exit 3, HTTP 400   syntax, SERVICE, updates, too deep, too long
    └── QueryLimit          exit 3, HTTP 503   begun, and stopped: memory, size of the answer
        ├── QueryTimeout    exit 3, HTTP 504   the time was up
        ├── AnswerTooLarge  exit 3, HTTP 503   the answer has more bytes than it may have
        └── WorkerBusy      exit 3, HTTP 503   too many queries wait already

`str(error)` is what a person reads: one sentence, or one line for each problem. Whoever catches one needs no table:
`exit_code` is the code of the command, `status` the HTTP status.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

# More lines than this help nobody; the rest is counted.
PROBLEMS_SHOWN: Final = 20


class PlangraphError(Exception):
    """Anything that went wrong in a way we have words for."""

    exit_code: ClassVar[int] = 2
    status: ClassVar[int] = 500


@dataclass(frozen=True)
class Problem:
    """One thing wrong with what was given.

    `row` is the line a spreadsheet shows, the header being row 1. Printed as `file:row: column "x": message`, leaving
    out what is not known.
    """

    message: str
    file: str = ""
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        where = ":".join(part for part in (self.file, "" if self.row is None else str(self.row)) if part)
        column = f'column "{self.column}"' if self.column else ""
        return ": ".join(part for part in (where, column, self.message) if part)


class InputError(PlangraphError):
    """What was given cannot be used. Nothing was published.

    `problems` holds all of them, in the order found; the text shows the first twenty and counts the others.
    """

    exit_code = 2
    status = 400

    def __init__(self, problems: "Sequence[Problem] | Problem | str") -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:PROBLEMS_SHOWN]]
        hidden = len(self.problems) - len(lines)
        if hidden:
            lines.append(f"... and {hidden} more {'problem' if hidden == 1 else 'problems'}.")
        return "\n".join(lines)


class NotFound(InputError):
    """A name that names nothing: a question, a graph, a snapshot."""

    status = 404


@dataclass(frozen=True)
class Candidate:
    """One of several things of one name: its address, the path of that, its name, and the plan and borough it is of."""

    iri: str
    path: str
    name: str
    plan: str
    borough: str

    def __str__(self) -> str:
        around = ", ".join(part for part in (self.plan, self.borough) if part)
        return f"{self.name} ({around})" if around else self.name


class Several(InputError):
    """Words that name several things where one is needed: nothing is chosen for whoever asked.

    `words` were given as `parameter`; `candidates` are what they name.
    """

    def __init__(self, words: str, parameter: str, candidates: Sequence[Candidate]) -> None:
        self.words, self.parameter, self.candidates = words, parameter, tuple(candidates)
        listed = "; ".join(f"{one}: {one.path}" for one in self.candidates)
        super().__init__(f'"{words[:80]}" is the name of several: {listed}. Give one of these addresses.')


class TooLarge(InputError):
    """More than a picture can show so that anybody could read it: the sentence says what to narrow."""


class NoSnapshot(PlangraphError):
    """There is no graph to ask: nothing was built yet, or what is there cannot be opened."""

    exit_code = 2
    status = 503


class QueryRefused(PlangraphError):
    """The query was not run to its end and never will be: the fault lies in the query."""

    exit_code = 3
    status = 400


class QueryLimit(PlangraphError):
    """The query was stopped at a limit: memory, or the size of its answer. Asked for less, it may pass."""

    exit_code = 3
    status = 503


class QueryTimeout(QueryLimit):
    """The time allowed was up, waiting for a free worker included."""

    status = 504


class AnswerTooLarge(QueryLimit):
    """The answer has more bytes than it may have; another form may have more."""


class WorkerBusy(QueryLimit):
    """Too many queries wait already; the same query may pass in a moment."""

    status = 503
