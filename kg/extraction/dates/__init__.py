"""Dates: what one looks like (grammar), what it means (resolution), which may be a statement's (candidates), which is (choice)."""

from kg.extraction.dates.candidates import Claim, Timeline, candidates, features, timeline
from kg.extraction.dates.choice import choose_times
from kg.extraction.dates.expressions import now_expressions, time_expressions

__all__ = ["Claim", "Timeline", "candidates", "choose_times", "features", "now_expressions", "time_expressions", "timeline"]
