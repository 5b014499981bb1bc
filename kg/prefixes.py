"""The prefixes we use, as plain text: a worker process needs them and must start without rdflib."""

from typing import Final

PREFIXES: Final[dict[str, str]] = {
    "plan": "https://w3id.org/plangraph/ns#",
    "code": "https://w3id.org/plangraph/code#",
    "org": "http://www.w3.org/ns/org#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "schema": "https://schema.org/",
    "oa": "http://www.w3.org/ns/oa#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "void": "http://rdfs.org/ns/void#",
    "sh": "http://www.w3.org/ns/shacl#",
    "interval": "http://reference.data.gov.uk/def/intervals/",
    "fy": "http://reference.data.gov.uk/id/government-year/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def shortened(address: str) -> str:
    """An IRI by its prefix (plan:hasLead), or as it is where it has none of ours."""
    for prefix, namespace in PREFIXES.items():
        if address.startswith(namespace) and address != namespace:
            return f"{prefix}:{address.removeprefix(namespace)}"
    return address
