"""Every term is used in the bundled data and in a named question, or ontology/unused.csv says why not."""

import csv
import re
import tomllib
from pathlib import Path

import pytest
from rdflib import RDF, Graph

from kg.names import SKOS
from kg.prefixes import PREFIXES

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
QUESTIONS = ROOT / "kg" / "questions" / "rq"
RULES = ROOT / "kg" / "graph" / "rules"

# What makes a class appear in the graph: a table that is not empty. The rest of the terms are columns.
TABLES = {
    "Plan": "plans",
    "PlanElement": "sections",
    "StrategicPriority": "priorities",
    "DeliveryPriority": "delivery-priorities",
    "Action": "actions",
    "ImprovementAction": "improvements",
    "Indicator": "indicators",
    "Initiative": "initiatives",
    "Statement": "leads",
    "Step": "steps",
    "Lead": "leads",
    "Status": "statuses",
    "Reading": "readings",
    "Outcome": "outcomes",
    "Deadline": "deadlines",
    "Owner": "owners",
    "Update": "updates",
    "CrossReference": "cross-references",
    "Mention": "mentions",
}
# Terms that are made from the ids in the column `source`, such as L087-activity.
FROM_SOURCE = {"Cell", "line", "column"}
# The property that a question reaches the codes of a list by.
REACHED_BY = {
    "state": "plan:state",
    "rag-rating": "plan:rag",
    "stated-as": "plan:statedAs",
    "role": "plan:role",
    "certainty": "plan:certainty",
    "body-type": "org:classification",
    "purpose": "org:purpose",
    "unit": "plan:unit",
    "method": "dcterms:type",
    "cross-reference": "dcterms:type",
    "document-type": "dcterms:type",
    "flaw": "plan:flaw",
    "condition": "plan:conditionalOn",
    "frequency": "plan:frequency",
    "theme": "dcterms:subject",
    "group": "plan:forGroup",
}


def rows() -> dict[str, list[dict[str, str]]]:
    """The rows of each bundled table by its name, plans and register together; `plan` is what plan.toml says."""
    found: dict[str, list[dict[str, str]]] = {}
    for path in sorted([*(DATA / "plans").rglob("*.csv"), *(DATA / "register").glob("*.csv")]):
        if path.stem in {"differences", "spellings", "themes", "groups"}:  # not facts of a plan
            continue
        with path.open(encoding="utf-8-sig", newline="") as lines:
            found.setdefault(path.stem, []).extend(csv.DictReader(lines))
    for path in (DATA / "plans").rglob("plan.toml"):
        meta = tomllib.loads(path.read_text("utf-8"))
        found.setdefault("plan", []).append({key: str(value) for key, value in meta.items()})
    return found


def used_in_data(vocabulary: Graph) -> set[str]:
    """Our terms (plan:..., code:...) that the bundled tables, or a rule over them, bring into the graph."""
    tables = rows()
    cells = [(column, value) for table in tables.values() for row in table for column, value in row.items() if value]
    columns = {column for column, _ in cells}
    derived = "".join(path.read_text("utf-8") for path in RULES.glob("*.rq"))
    used = {f"code:{part.strip()}" for _, value in cells for part in value.split("|")}
    for local in locals_of(vocabulary):
        owned = TABLES.get(local.removeprefix("has"))
        if (
            snake_case(local) in columns
            or (owned is not None and tables.get(owned))
            or (local in FROM_SOURCE and "source" in columns)
            or re.search(rf"CONSTRUCT \{{ \?\w+ plan:{local} ", derived)
        ):
            used.add(f"plan:{local}")
    return used


def used_in_questions(codes: Graph) -> set[str]:
    """Our terms that the named questions ask by; a code counts where its list is reached."""
    text = "".join(path.read_text("utf-8") for path in sorted(QUESTIONS.glob("*.rq")))
    asked = set(re.findall(r"\b(?:plan|org|dcterms):[A-Za-z]+", text))
    reached = {
        f"code:{code.removeprefix(PREFIXES['code'])}"
        for code, scheme in codes.subject_objects(SKOS.inScheme)
        if REACHED_BY[scheme.removeprefix(PREFIXES["code"])] in asked
    }
    return asked | reached


def locals_of(vocabulary: Graph) -> list[str]:
    defined = vocabulary.subjects(RDF.type, unique=True)
    return [str(iri).removeprefix(PREFIXES["plan"]) for iri in defined if str(iri).startswith(PREFIXES["plan"])]


def snake_case(local: str) -> str:
    return re.sub(r"(?<=[a-z])[A-Z]", lambda capital: f"_{capital[0].lower()}", local)


def all_terms(vocabulary: Graph, codes: Graph) -> set[str]:
    concepts = {code.removeprefix(PREFIXES["code"]) for code in codes.subjects(RDF.type, SKOS.Concept)}
    return {f"plan:{local}" for local in locals_of(vocabulary)} | {f"code:{code}" for code in concepts}


def listed(folder: Path, where: str) -> set[str]:
    with (folder / "unused.csv").open(encoding="utf-8", newline="") as lines:
        return {row["term"] for row in csv.DictReader(lines) if row["where"] == where}


def test_what_no_data_uses_is_listed_and_nothing_else(vocabulary, codes, folder):
    assert all_terms(vocabulary, codes) - used_in_data(vocabulary) == listed(folder, "data")


@pytest.mark.skipif(not any(QUESTIONS.glob("*.rq")), reason="no named questions yet")
def test_what_no_question_uses_is_listed_and_nothing_else(vocabulary, codes, folder):
    assert all_terms(vocabulary, codes) - used_in_questions(codes) == listed(folder, "question")


def test_every_listed_term_has_a_reason(folder):
    with (folder / "unused.csv").open(encoding="utf-8", newline="") as lines:
        unused = list(csv.DictReader(lines))
    assert [*unused[0]] == ["term", "where", "reason"]
    assert all(row["where"] in {"data", "question"} and row["reason"].endswith(".") for row in unused)
    assert unused == sorted(unused, key=lambda row: (row["term"], row["where"]))


def test_every_list_of_codes_can_be_reached_by_a_property(codes):
    schemes = codes.subjects(RDF.type, SKOS.ConceptScheme)
    assert {scheme.removeprefix(PREFIXES["code"]) for scheme in schemes} == set(REACHED_BY)
