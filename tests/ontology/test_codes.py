"""codes.ttl: every code stands complete in one list; colours can be read and told apart by everyone."""

import itertools
import math
import re

import pytest
from rdflib import RDF, Graph, URIRef

from kg.names import CODE, ORG, RDFS, SCHEMA, SKOS
from kg.prefixes import PREFIXES

# Each list with the prefix of its codes, and the codes that the design fixes.
FIXED = {
    "state": (
        "status",
        "ongoing elsewhere see in-development tbc na conditional described complete not-started delayed not-stated",
    ),
    "rag-rating": ("rag", "red amber green complete not-started"),
    "stated-as": ("stated", "intended reported"),
    "role": ("role", "sole joint principal contributing"),
    "certainty": ("cert", "stated normalised inferred ambiguous"),
    "body-type": ("ptype", "council police health justice voluntary housing forum collective unstated"),
    "unit": ("unit", "percent-change percent unstated"),
    "method": ("method", "recorded evaluation perception other-plan"),
    "cross-reference": ("xref", "see-also delivers managed-by measured-by shares-indicators feeds"),
    "flaw": ("flaw", "unfinished date pending"),
    "condition": ("cond", "funding decision evaluation"),
    "frequency": ("freq", "weekly monthly quarterly six-monthly annual"),
    "document-type": (
        "doctype",
        "strategy action-plan policy needs-assessment service-specification programme development-plan"
        " indicator-set agenda",
    ),
}
GROWING = {"theme": ("theme", range(15, 27)), "group": ("group", range(12, 23)), "purpose": ("purpose", range(12, 30))}
COLOURED = ("state", "body-type", "rag-rating")


def members(codes: Graph, scheme: str) -> set[str]:
    return {local(code) for code in codes.subjects(SKOS.inScheme, CODE[scheme])}


def local(code: URIRef) -> str:
    return str(code).removeprefix(PREFIXES["code"])


def test_the_lists_are_these(codes):
    assert {local(scheme) for scheme in codes.subjects(RDF.type, SKOS.ConceptScheme)} == {*FIXED, *GROWING}


@pytest.mark.parametrize("scheme", FIXED)
def test_a_fixed_list_holds_the_codes_of_the_design(scheme, codes):
    prefix, tails = FIXED[scheme]
    assert members(codes, scheme) == {f"{prefix}-{tail}" for tail in tails.split()}


@pytest.mark.parametrize("scheme", GROWING)
def test_a_growing_list_stays_short_and_keeps_its_prefix(scheme, codes):
    prefix, size = GROWING[scheme]
    assert len(members(codes, scheme)) in size
    assert all(code.startswith(f"{prefix}-") for code in members(codes, scheme))


def test_a_code_is_complete(codes):
    concepts = set(codes.subjects(RDF.type, SKOS.Concept))
    assert concepts
    for code in concepts:
        (scheme,) = codes.objects(code, SKOS.inScheme)
        assert (scheme, RDF.type, SKOS.ConceptScheme) in codes
        for said in (SKOS.prefLabel, RDFS.label, SKOS.definition, SKOS.example):
            (text,) = codes.objects(code, said)
            assert text.language == "en", code
            assert text.strip() == str(text) != "", code
        assert codes.value(code, SKOS.prefLabel) == codes.value(code, RDFS.label)
        assert [str(one) for one in codes.objects(code, SKOS.notation)] == [local(code)]


def test_a_state_has_at_most_one_short_name_that_fits_a_narrow_column_and_is_no_other_states(codes):
    names = {code: [str(name) for name in codes.objects(CODE[code], SKOS.altLabel)] for code in members(codes, "state")}
    assert all(len(short) <= 1 for short in names.values())
    short = [(found or [str(codes.value(CODE[code], RDFS.label))])[0] for code, found in names.items()]
    assert len(set(short)) == len(short)
    assert max(map(len, short)) <= 10


def test_labels_and_places_are_not_used_twice_in_a_list(codes):
    for scheme in codes.subjects(RDF.type, SKOS.ConceptScheme):
        inside = list(codes.subjects(SKOS.inScheme, scheme))
        labels = [str(codes.value(code, RDFS.label)).casefold() for code in inside]
        assert len(set(labels)) == len(labels)
        assert sorted(int(codes.value(code, SCHEMA.position)) for code in inside) == [*range(1, len(inside) + 1)]


def test_a_list_is_labelled_and_defined(codes):
    for scheme in codes.subjects(RDF.type, SKOS.ConceptScheme):
        assert codes.value(scheme, RDFS.label) == codes.value(scheme, SKOS.prefLabel) is not None
        assert codes.value(scheme, SKOS.definition)


def test_roles_are_roles_of_the_organisation_ontology_too(codes):
    assert {local(role) for role in codes.subjects(RDF.type, ORG.Role)} == members(codes, "role")


def test_a_code_is_defined_on_a_line_of_its_own(codes, folder):
    """The tables find the codes by that line, without an RDF parser."""
    lines = re.findall(r"^code:(\S+) a skos:Concept[ ,]", (folder / "codes.ttl").read_text("utf-8"), re.MULTILINE)
    assert len(lines) == len(set(lines))
    assert set(lines) == {local(code) for code in codes.subjects(RDF.type, SKOS.Concept)}


# -------------------- Colours

# How linear RGB looks to people with each kind of colour blindness (Machado, Oliveira and Fernandes 2009, whole loss).
SIGHT = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.1523, 1.0526, -0.2049), (0.1145, 0.7863, 0.0992), (-0.0039, -0.0481, 1.0520)),
    "no green": ((0.3673, 0.8606, -0.2280), (0.2801, 0.6725, 0.0474), (-0.0118, 0.0429, 0.9689)),
    "no blue": ((1.2555, -0.0767, -0.1788), (-0.0784, 0.9309, 0.1476), (0.0047, 0.6914, 0.3039)),
}
XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
DAYLIGHT = (0.9505, 1.0, 1.0890)


def linear(colour: str) -> list[float]:
    """#rrggbb as linear RGB, 0 to 1."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]


def seen(matrix, vector) -> list[float]:
    return [sum(factor * part for factor, part in zip(row, vector, strict=True)) for row in matrix]


def contrast_with_white(colour: str) -> float:
    """The contrast ratio of WCAG 2."""
    return 1.05 / (seen(XYZ, linear(colour))[1] + 0.05)


def lab(colour: str, sight) -> tuple[float, float, float]:
    """CIE L*a*b* of a colour as somebody sees it."""
    xyz = seen(XYZ, [min(1, max(0, part)) for part in seen(sight, linear(colour))])
    shares = [part / white for part, white in zip(xyz, DAYLIGHT, strict=True)]
    x, y, z = (share ** (1 / 3) if share > 0.008856 else 7.787 * share + 16 / 116 for share in shares)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def colours(codes: Graph, scheme: str) -> dict[str, str]:
    return {code: str(codes.value(CODE[code], SCHEMA.color)) for code in members(codes, scheme)}


@pytest.mark.parametrize("scheme", COLOURED)
def test_white_text_can_be_read_on_every_colour(scheme, codes):
    for code, colour in colours(codes, scheme).items():
        assert re.fullmatch("#[0-9a-f]{6}", colour), code
        assert contrast_with_white(colour) >= 4.5, code


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("scheme", COLOURED)
def test_colours_of_a_list_can_be_told_apart(scheme, sight, codes):
    """A distance of 2 is just seen side by side; 15 is seen across a page."""
    pairs = itertools.combinations(colours(codes, scheme).items(), 2)
    near = [
        (one, other)
        for (one, first), (other, second) in pairs
        if math.dist(lab(first, SIGHT[sight]), lab(second, SIGHT[sight])) < 15
    ]
    assert near == []


def test_only_lists_that_are_drawn_have_colours(codes):
    coloured = {codes.value(code, SKOS.inScheme) for code in codes.subjects(SCHEMA.color)}
    assert coloured == {CODE[scheme] for scheme in COLOURED}
