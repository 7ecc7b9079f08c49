"""The stages in their order: a Document goes in, an Extraction comes out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from kg.extraction.attribution import attribute
from kg.extraction.exchanges import exchanges
from kg.extraction.link import as_written, entities, link
from kg.extraction.mentions import mentions
from kg.extraction.ner import Ner, ner
from kg.extraction.segment import segment
from kg.extraction.statements.assemble import Models, shipped_models, statements
from kg.extraction.statements.context import Context, Findings, build_context
from kg.extraction.values import quantities
from kg.folding import fold
from kg.lexicon import Lexicon
from kg.model import Attribution, Document, Entity, Exchange, Extraction, Kind, Mention, Reference, Statement, Unresolved, digest


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a text was read, stage by stage."""

    mentions: tuple[Mention, ...]
    references: tuple[Reference, ...]
    attributions: tuple[Attribution, ...]
    statements: tuple[Statement, ...]
    unresolved: tuple[Unresolved, ...]


class Pipeline:
    """Reads statements out of documents; holds no state of any document."""

    def __init__(self, lexicon: Lexicon, ner_model: Literal["lac", "none"] = "lac", models: Models | None = None) -> None:
        self.lexicon = lexicon
        self._ner: Ner | None = ner() if ner_model == "lac" else None
        self._models = models

    def analyse(self, document: Document) -> tuple[Context, list[Unresolved]]:
        """Run the stages that come before statements: layout, names, quantities, who speaks."""
        view = fold(document.text)
        layout = segment(document, self.lexicon)
        found = mentions(view, layout, self.lexicon, self._ner)
        linked, unresolved = link(document, view, found, self.lexicon)
        references = sorted((*linked, *as_written(document, found, unresolved)), key=lambda one: one.mention.start)
        findings = Findings(
            layout,
            references,
            quantities(view, self.lexicon),
            attribute(document, view, layout, references, self.lexicon),
        )
        return build_context(document, view, findings, self.lexicon), unresolved

    def extract(self, document: Document) -> Extraction:
        """Read a document: its statements in the order of the text, the entities they name, what stayed unresolved."""
        context, unresolved = self.analyse(document)
        found, unfound = self.stated(context)
        named = named_entities(found, context.references)
        return Extraction(document, named, tuple(found), (*unresolved, *unfound), exchanges=self.exchanges(context))

    def exchanges(self, context: Context) -> tuple[Exchange, ...]:
        """Return what was asked in a document and how it was answered."""
        return tuple(exchanges(context.view, context.layout, context.references, self.lexicon))

    def explain(self, text: str) -> Explanation:
        """Read a text and keep what each stage found."""
        document = Document(digest(text), "text", text, "text")
        context, unresolved = self.analyse(document)
        found, unfound = self.stated(context)
        return Explanation(
            tuple(reference.mention for reference in context.references),
            context.references,
            tuple(clause.attribution for clause in context.clauses),
            tuple(found),
            (*unresolved, *unfound),
        )

    def stated(self, context: Context) -> tuple[list[Statement], list[Unresolved]]:
        """Run the statement stage: what is stated, and whom it is stated of where that could not be found."""
        if self._models is None:
            self._models = shipped_models()
        return statements(context, self.lexicon, self._models)


def named_entities(found: Iterable[Statement], references: Sequence[Reference]) -> tuple[Entity, ...]:
    """Return the entities that statements name, each once, with the forms the document gives them, sorted by name."""
    known = {entity.name: entity for entity in entities(references)}
    kinds: dict[str, Kind] = {}
    for statement in found:
        for name, kind in (
            (statement.subject, statement.subject_kind),
            (statement.object, statement.object_kind),
            (statement.speaker, statement.speaker_kind),
            (statement.on_behalf_of, Kind.COMPANY if statement.on_behalf_of else None),
        ):
            if name is not None and kind is not None:
                kinds.setdefault(name, kind)
    return tuple(known.get(name, Entity(name, kind)) for name, kind in sorted(kinds.items()))
