"""Figures: what one looks like (grammar), what its numerals are worth (numerals), what it says (reading)."""

from kg.extraction.values.reading import quantities

__all__ = ["quantities"]
