"""The stages in their order: a Document goes in, an Extraction comes out."""

from typing import Literal

from kg.extraction.attribution import attribute
from kg.extraction.link import link
from kg.extraction.mentions import mentions
from kg.extraction.ner import Ner, ner
from kg.extraction.segment import segment
from kg.extraction.statements.context import Context, Findings, build_context
from kg.extraction.values import quantities
from kg.folding import fold
from kg.lexicon import Lexicon
from kg.model import Document, Unresolved


class Pipeline:
    """Reads statements out of documents; holds no state of any document."""

    def __init__(self, lexicon: Lexicon, ner_model: Literal["lac", "none"] = "lac") -> None:
        self._lexicon = lexicon
        self._ner: Ner | None = ner() if ner_model == "lac" else None

    def analyse(self, document: Document) -> tuple[Context, list[Unresolved]]:
        """Run the stages that come before statements: layout, names, quantities, who speaks."""
        view = fold(document.text)
        layout = segment(document, self._lexicon)
        references, unresolved = link(document, view, mentions(view, layout, self._lexicon, self._ner), self._lexicon)
        findings = Findings(
            layout,
            references,
            quantities(view, self._lexicon),
            attribute(document, view, layout, references, self._lexicon),
        )
        return build_context(document, view, findings, self._lexicon), unresolved
