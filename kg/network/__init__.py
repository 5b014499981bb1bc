"""Answers become networks, for tools that draw and measure: partners, the actions they lead, what leans on what."""

from kg.network.files import as_gexf, as_graphml
from kg.network.measures import MEANINGS, measured, measures
from kg.network.partners import (
    ACTION,
    CANONICAL,
    LEADS,
    NAMES,
    PRINTED,
    ROLLED,
    SHARED,
    actions_of,
    leads,
    led_by,
    partners,
    partners_of,
)

__all__ = [
    "ACTION",
    "CANONICAL",
    "LEADS",
    "MEANINGS",
    "NAMES",
    "PRINTED",
    "ROLLED",
    "SHARED",
    "actions_of",
    "as_gexf",
    "as_graphml",
    "leads",
    "led_by",
    "measured",
    "measures",
    "partners",
    "partners_of",
]
