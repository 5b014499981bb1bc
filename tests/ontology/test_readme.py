"""The one page about the vocabulary tells the truth: its names, its counts, its example, its addresses."""

import re
from pathlib import Path

import pytest
from rdflib import OWL, RDF

from kg.prefixes import PREFIXES
from kg.questions import Answer

ROOT = Path(__file__).parents[2]
README = (ROOT / "ontology" / "README.md").read_text("utf-8")
BASE = "https://w3id.org/plangraph/"
PLAN = f"{BASE}id/hackney/plan/community-safety-plan-2015-18"
# What "..." stands for in the example, by what follows it.
SHORTENED = {"action/": PLAN, "org/": f"{BASE}id/hackney", "cell/": f"{BASE}id/hackney/source/6935b8e2"}


def block(language: str) -> str:
    """The first fenced block of a language."""
    return re.search(rf"^```{language}\n(.*?)^```", README, re.M | re.S)[1]


def locals_of(vocabulary, *classes) -> set[str]:
    found = {iri for kind in classes for iri in vocabulary.subjects(RDF.type, kind)}
    return {str(iri).removeprefix(PREFIXES["plan"]) for iri in found if str(iri).startswith(PREFIXES["plan"])}


def test_it_counts_the_classes_and_properties(vocabulary):
    classes = locals_of(vocabulary, OWL.Class)
    properties = locals_of(vocabulary, OWL.ObjectProperty, OWL.DatatypeProperty)
    assert f"{len(classes)} classes and {len(properties)} properties" in README


def test_it_lists_every_file_beside_it(folder):
    listed = re.findall(r"^\| `([\w.]+\.\w+)` \|", README, re.M)
    assert sorted([*listed, "README.md"]) == sorted(path.name for path in folder.iterdir())


def test_every_edge_of_the_diagram_is_a_property(vocabulary):
    edges = set(re.findall(r"-->\|(\w+)\|", block("mermaid")))
    assert edges <= locals_of(vocabulary, OWL.ObjectProperty, OWL.DatatypeProperty)
    assert len(edges) > 10


def test_every_class_below_a_statement_or_an_element_is_drawn(vocabulary):
    drawn = set(re.findall(r"\b[A-Z]\w+", block("mermaid")))
    assert locals_of(vocabulary, OWL.Class) - drawn == {"PlanElement", "Initiative"}  # said in words under it


def test_every_rule_is_listed_as_an_edge():
    rules = (ROOT / "kg" / "graph" / "rules").glob("*.rq")
    derived = {re.search(r"CONSTRUCT \{ \?\w+ plan:(\w+)", path.read_text("utf-8"))[1] for path in rules}
    rows = README.split("| edge | from |")[1].split("\n\n")[0].splitlines()[2:]
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])} == derived


def test_the_example_stands_in_the_graph(hackney):
    example = re.sub(r"<\.\.\./(\w+/)", lambda found: f"<{SHORTENED[found[1]]}/{found[1]}", block("turtle"))
    prefixes = "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in ("plan", "code"))
    assert Answer.parse(hackney.store.query(f"{prefixes}ASK {{\n{example}}}").body).rows == ((True,),)


def addresses() -> list[str]:
    """Every IRI written in the lines that begin with one; those with a part to fill in are none."""
    lines = "\n".join(re.findall(r"^id/.*", README, re.M))
    whole = [BASE + path for path in re.findall(r"(?<!\S)id/[\w/.-]+(?=\s|$)", lines)]
    return whole + [f"{PLAN}/{path}" for path in re.findall(r"\.\.\./([\w/.-]*\w)", lines)]


@pytest.mark.parametrize("address", addresses())
def test_every_address_shown_stands_in_the_graph(hackney, address):
    assert Answer.parse(hackney.store.query(f"ASK {{ <{address}> ?p ?o }}").body).rows == ((True,),)
