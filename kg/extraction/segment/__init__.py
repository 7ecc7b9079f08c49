"""Document → Layout: blocks, turns, sentences and clauses. No I/O; the same text gives the same cuts."""

from kg.extraction.segment.blocks import find_blocks, spoken
from kg.extraction.segment.clauses import cut
from kg.extraction.segment.labels import find_labels
from kg.extraction.segment.page import Page
from kg.extraction.segment.turns import find_turns
from kg.folding import fold
from kg.lexicon import Lexicon
from kg.model import Document, Layout

__all__ = ["segment"]


def segment(document: Document, lexicon: Lexicon) -> Layout:
    """Cut a document up; every clause lies in one sentence, every sentence in one turn and one block.

    Titles, headings, notes and furniture hold no sentences. A question's speaker is `记者`, whoever the journalist is
    (`投资者` on an investor platform, where answers are the company's), an answer's the person in the label; for a bare
    `答` the one person whom headline and introduction present, else None. Narration has no speaker.

    >>> text = "记者:会退出吗?\\n某公司总裁王小明:不会,我们没有这样的计划。"
    >>> layout = segment(Document("0", "a", text, "a.txt"), Lexicon())
    >>> [(turn.role.value, turn.speaker) for turn in layout.turns]
    [('question', '记者'), ('answer', '王小明')]
    >>> [text[clause.start : clause.end] for clause in layout.clauses]
    ['会退出吗', '不会', '我们没有这样的计划']
    """
    page = find_blocks(document, fold(document.text), lexicon)
    labels = find_labels(page, lexicon)
    page = Page(document, page.folded, spoken(page.blocks, labels))
    turns = find_turns(page, labels, lexicon)
    sentences, clauses = cut(page, turns, lexicon)
    return Layout(page.blocks, turns, sentences, clauses)
