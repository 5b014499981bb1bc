"""What the tables call by a short name, as people read it: columns, codes, and the parts of a plan."""

import re
from functools import cache
from typing import Final

from kg.settings import bundled
from kg.tables import Plan, period_label
from kg.tables.values import period_column

_COLUMNS: Final = {
    "ref-no": "Ref", "priority": "Priority", "delivery-priority": "Delivery priority", "activity": "Action",
    "lead-partners": "Lead", "supporting-partners": "Supporting partners", "owner": "Lead post",
    "expected-outcome": "Expected outcome", "measure": "How it is measured", "timescale": "By when",
    "status": "Status", "rag": "RAG", "progress": "Progress", "resources": "Resources", "comments": "Comments",
    "improvement-actions": "Improvement actions", "target": "Target", "actual": "Actual", "aside": "Kept aside",
    "ignore": "Left out",
}  # fmt: skip
_PART: Final = re.compile(r"(?<![\w/-])(?:sp/(?P<sp>[\w.-]*\w)(?:/dp/(?P<dp>[\w.-]*\w))?|action/(?P<action>[\w.-]*\w))")
_CODE: Final = re.compile(r"(?<![\w-])[a-z]+-[a-z-]*[a-z](?![\w-])")
_LABEL: Final = re.compile(r'^code:([a-z0-9-]+) a skos:Concept\b.*?skos:prefLabel "([^"]+)"', re.MULTILINE | re.DOTALL)


def column_in_words(column: str) -> str:
    """A column of a plan as people call it, with its own name behind it: "By when (timescale)"."""
    found = period_column(column)
    words = _COLUMNS.get(column, "")
    if found:
        period, said = found
        words = f"{period_label(period)} {_COLUMNS.get(said, said.capitalize())}".strip()
    return f"{words} ({column})" if words else column


def column_named(words: str) -> str:
    """The column that a person chose by its words or its own name; the words themselves where there is none."""
    found = re.fullmatch(r".+ \(([a-z0-9-]+)\)", words)
    return found[1] if found and column_in_words(found[1]) == words else words


@cache
def code_labels() -> dict[str, str]:
    """The label of every code."""
    return dict(_LABEL.findall((bundled("ontology") / "codes.ttl").read_text("utf-8")))


def code_in_words(code: str) -> str:
    """The label of a code; what is none stays as it is."""
    return code_labels().get(code, code)


def code_named(words: str, prefix: str) -> str:
    """The code of one list that a person chose by its label or name; the words themselves where there is none."""
    return next((code for code, label in code_labels().items() if code.startswith(prefix) and label == words), words)


def in_words(sentence: str, plan: Plan | None) -> str:
    """A sentence with codes by their labels, and with priorities and actions of the plan by number and title."""
    if plan is not None:
        titles = {row.path: row.label for table in ("priorities", "delivery-priorities") for row in plan.rows[table]}
        sentence = _PART.sub(lambda found: _part(found, titles), sentence)
    labels = code_labels()
    return _CODE.sub(lambda found: labels.get(found[0], found[0]), sentence)


def _part(found: re.Match[str], titles: dict[str, str]) -> str:
    if found["action"]:
        return f"action {found['action']}"
    title = titles.get(found[0], "")
    number = found["sp"] if not found["dp"] else f"{found['sp']}.{found['dp']}"
    if found["dp"] and found["dp"].startswith(f"{found['sp']}."):
        number = found["dp"]
    name = "Delivery priority" if found["dp"] else "Priority"
    return f"{name} {number}" + (f" ({title})" if title and title != f"{name} {number}" else "")
