"""Dates and periods: what one looks like (grammar), what it means (resolution), which one a statement takes (choice)."""

from kg.extraction.dates.choice import Timeline, choose_times, timeline
from kg.extraction.dates.expressions import now_expressions, time_expressions

__all__ = ["Timeline", "choose_times", "now_expressions", "time_expressions", "timeline"]
