"""Cells become rows of the plan tables; doubt is marked, nothing is guessed silently."""

from kg.reading.layout import cells_by_id
from kg.reading.quoting import quoted
from kg.reading.reader import Interpretation, interpret
from kg.reading.reconcile import Disagreement, Reconciliation, disagreements, misquoted, reconcile
from kg.reading.report import Doubt, Report
from kg.reading.rules import Rules

__all__ = [
    "Disagreement",
    "Doubt",
    "Interpretation",
    "Reconciliation",
    "Report",
    "Rules",
    "cells_by_id",
    "disagreements",
    "interpret",
    "misquoted",
    "quoted",
    "reconcile",
]
