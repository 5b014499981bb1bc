"""Counts what is published, each number with its rule, and says what the shapes found."""

from kg.checks.checking import Count, PlanCounts, Report, check

__all__ = ["Count", "PlanCounts", "Report", "check"]
