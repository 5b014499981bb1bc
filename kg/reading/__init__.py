"""Cells become rows of the plan tables; doubt is marked, nothing is guessed silently."""

from kg.reading.layout import cells_by_id
from kg.reading.reader import read_document
from kg.reading.report import Doubt, Report
from kg.reading.rules import Rules

__all__ = ["Doubt", "Report", "Rules", "cells_by_id", "read_document"]
