"""Relations that a clause states → whom and what they are about."""

from kg.extraction.statements.arguments.finder import ArgumentFinder, Arguments

__all__ = ["ArgumentFinder", "Arguments"]
