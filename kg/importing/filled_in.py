"""A plan that a person wrote straight into the sheets of its tables: checked, not interpreted."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from kg.documents import Cell, Document
from kg.errors import InputError, Problem
from kg.importing.memory import Memory
from kg.reading import Interpretation
from kg.reading.naming import Names
from kg.reading.parts import Layout, Placed
from kg.register import Body, Spelling
from kg.tables import named, parse_cell
from kg.workbooks import Folder, open_workbook, read_tables


def read_plan_workbook(path: Path, codes: frozenset[str]) -> tuple[Document, Folder]:
    """The tables in a workbook of plan tables, and the workbook as a document. InputError with every problem."""
    book = open_workbook(path)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    problems: list[Problem] = []
    held = read_tables(book, codes, problems, file=path.name, sha256=sha256)
    if problems or held is None:
        raise InputError([replace(problem, file=f"{path.name}, sheet {problem.file}") for problem in problems])
    return Document(path, sha256, 0, (), "workbook"), held


def with_register(held: Folder, memory: Memory) -> Memory:
    """The memory with the bodies and spellings that the workbook brings; what was decided since wins."""
    bodies = (row for row in held.register.get("bodies", ()) if isinstance(row, Body))
    spellings = (row for row in held.register.get("spellings", ()) if isinstance(row, Spelling))
    brought = Memory(bodies=tuple(bodies), spellings=tuple(spellings))
    return brought.with_more(memory)


def as_read(held: Folder, names: Names, given: Mapping[str, str | None]) -> Interpretation:
    """The tables as a reading: names of bodies and plans that nobody knows are proposed as in any other document."""
    said = {key: value for key, value in given.items() if value}
    plan = replace(held.plan, meta=held.plan.meta.model_copy(update=said))
    problems = []
    for table, rows in plan.rows.items():
        for row in rows:
            for column, mark, name in named(row):
                known = mark.elements and name in plan.elements
                code = mark.codes and name.startswith(f"{mark.codes}-")
                if known or code or names.register.find(name, plan.meta.borough, mark.kinds):
                    continue
                cell = parse_cell(row.source[0])
                placed = Placed(Cell(cell.line, 0, "", cell.sheet), cell.column)
                if "body" in mark.kinds:
                    names.propose_body(name, placed)
                elif "plan" in mark.kinds:
                    names.propose_plan(name, placed)
                else:
                    problems.append(plan.problem(f'"{name}" is nobody in the register.', table, row, column))
    if problems:
        raise InputError(problems)
    return Interpretation(plan, names, tuple(names.doubts), Layout())
