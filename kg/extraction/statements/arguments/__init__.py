"""Relations that a clause states → whom and what they are about."""

from kg.extraction.statements.arguments.finder import PARTS_LEARNED, ArgumentFinder, Arguments

__all__ = ["PARTS_LEARNED", "ArgumentFinder", "Arguments"]
