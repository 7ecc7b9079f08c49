"""What the steps of cutting hand to one another."""

from dataclasses import dataclass

from kg.model import Block, Document


@dataclass(frozen=True, slots=True)
class Page:
    """A document, its folded view, and its blocks."""

    document: Document
    folded: str
    blocks: tuple[Block, ...]
