"""What the shapes find is told in words, with the name and the cells of what is meant."""

import shutil

import pytest

from kg.build import derive, ontology_triples, read_tables, refuse_violations, relate
from kg.errors import InputError
from kg.graph.shapes import Finding, report_triples, validate
from kg.graph.triples import Minter, periods_of, plan_triples, reference_triples
from kg.names import RDF, SH
from kg.settings import Settings, bundled
from tests.conftest import tiny_data


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    """Settings of a tiny plan with mistakes that only the shapes can see."""
    data = tiny_data(tmp_path_factory.mktemp("data"))
    plan = data / "plans" / "tinford" / "safety-plan-2023-25"
    for table, old, new in (
        # a lead called sole beside another
        ("leads", "action/1.1,1,Westmere Constabulary,role-joint", "action/1.1,1,Westmere Constabulary,role-sole"),
        # a vehicle without the state that says so
        (
            "statuses",
            "status-elsewhere,stated-intended,Youth Action Plan",
            "status-na,stated-intended,Youth Action Plan",
        ),
        # figures, and nobody says which way is good
        ("indicators", "unit-percent-change,false", "unit-percent-change,"),
    ):
        path = plan / f"{table}.csv"
        told = path.read_text("utf-8")
        assert old in told
        path.write_text(told.replace(old, new, 1), "utf-8")
    return Settings.read(environ={}, data=data, home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def findings(spoilt) -> tuple[Finding, ...]:
    (checked,) = relate(spoilt, read_tables(spoilt), {})
    return checked.findings


def test_each_mistake_is_found_once_with_its_rule_and_severity(findings):
    assert [(finding.severity, finding.shape.rsplit("#")[1]) for finding in findings] == [
        ("violation", "SoleLead"),
        ("violation", "VehicleWithoutState"),
        ("warning", "IndicatorDirection"),
        ("warning", "DeliveryPriorityMeasured"),
    ]


def test_a_finding_reads_as_a_sentence_with_name_and_cells(findings):
    assert str(findings[0]) == (
        "Ways out: One lead of this action is called the sole lead, and there are others. "
        "(line 8, activity; line 8, ref-no)"
    )


def test_violations_refuse_the_build_and_warnings_pass(spoilt, findings):
    checked = relate(spoilt, read_tables(spoilt), {})
    with pytest.raises(InputError) as caught:
        refuse_violations(checked)
    assert [problem.file for problem in caught.value.problems] == ["tinford/plan/safety-plan-2023-25"] * 2
    assert "Ways out: One lead" in str(caught.value)


def test_the_report_has_no_blank_nodes_and_says_what_the_findings_say(findings):
    triples = list(report_triples(findings, "https://example.org/graph/quality"))
    assert all(subject.startswith("https://example.org/graph/quality#") for subject, _, _ in triples)
    assert sum((p, o) == (RDF.type, SH.ValidationResult) for _, p, o in triples) == len(findings)
    assert {str(o) for _, p, o in triples if p == SH.resultMessage} == {finding.message for finding in findings}
    assert [bool(o) for _, p, o in triples if p == SH.conforms] == [False]


def test_a_report_of_warnings_alone_conforms():
    warning = Finding("warning", "urn:x", "X", "hm.", "urn:shape")
    assert [bool(o) for _, p, o in report_triples([warning], "urn:g") if p == SH.conforms] == [True]


def test_a_plan_as_it_should_be_has_no_finding_but_of_what_it_leaves_unmeasured(tmp_path):
    settings = Settings.read(environ={}, data=tiny_data(tmp_path))
    tables = read_tables(settings)
    minter = Minter(settings.base, tables.register, tables.codes)
    (plan,) = tables.plans
    told = [*plan_triples(plan, minter), *reference_triples(tables.register, periods_of(plan), minter)]
    assert derive(told)
    (finding,) = validate([*told, *ontology_triples(bundled("ontology"))], bundled("ontology"))
    assert (finding.severity, finding.label) == ("warning", "Cycle theft")


def test_ontology_files_elsewhere_are_read_from_there(tmp_path):
    ontology = shutil.copytree(bundled("ontology"), tmp_path / "ontology")
    shapes = ontology / "shapes.ttl"
    message = "Nobody has said what type this body is, or it is said twice."
    shapes.write_text(shapes.read_text("utf-8").replace(message, "No type!"), "utf-8")
    settings = Settings.read(environ={}, data=tiny_data(tmp_path / "data"))
    tables = read_tables(settings)
    minter = Minter(settings.base, tables.register, tables.codes)
    told = [t for t in reference_triples(tables.register, (), minter) if not t[1].endswith("#classification")]
    found = validate([*told, *ontology_triples(ontology)], ontology)
    assert {finding.message for finding in found} == {"No type!"}
