"""Statements and exchanges of one document, read from what its graph says.

One node stands for an entity however it is called. Who speaks for whom by a post is seen only from all documents together: see `posts`.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from kg.graph.access import Node, Properties, text_of
from kg.graph.iris import Iris
from kg.graph.ledger.entries import Answered, Entry, Period
from kg.graph.vocabulary import DC, DCT, OA, PREDICATES, PROV, RDF, STANCES, TAKINGS, TERMS
from kg.model import Predicate, Stance, Taking

_PREDICATES = {node: Predicate(predicate) for predicate, node in PREDICATES.items()}
_STANCES = {node: Stance(stance) for stance, node in STANCES.items()}
_TAKINGS = {node: Taking(taking) for taking, node in TAKINGS.items()}

# all that is read of a document's graph, which is half of what it says
READ: Final = (
    *(TERMS[name] for name in ("stance", "expresses", "speakerText", "onBehalfOf", "evidence", "value", "amount", "unit", "confidence")),
    *(TERMS[name] for name in ("saidStart", "saidEnd", "whenStart", "whenEnd", "due", "dueStart", "dueEnd")),
    *(TERMS[name] for name in ("question", "answer", "wording")),
    *(RDF["subject"], RDF["predicate"], RDF["object"], PROV["wasAttributedTo"]),
    *(OA["exact"], OA["start"], OA["end"], DCT["identifier"], DC["publisher"]),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads documents. `renaming` says which node stands for which others; who is called as one of the `askers` only asks."""

    iris: Iris
    askers: Collection[str]
    renaming: Mapping[Node, Node]

    def read(self, document: str, said: Mapping[Node, Properties]) -> tuple[list[Entry], list[Answered]]:
        """Return the statements of a document in the order of time, nobody having a post yet, and its exchanges in the order of the text.

        `document` is its id, `said` what its graph says of nodes.
        """
        exchanges = sorted(self._exchanges(document, said), key=lambda one: one.answer)
        entries = sorted(self._entries(document, said, _Places(exchanges)), key=lambda entry: entry.order)
        return entries, exchanges

    def _entries(self, document: str, said: Mapping[Node, Properties], places: "_Places") -> Iterator[Entry]:
        about = said.get(self.iris.document(document), {})
        publisher = text_of(about.get(DC["publisher"]))
        for node, own in said.items():
            if TERMS["stance"] not in own:
                continue
            proposition, amount = own[TERMS["expresses"]], text_of(own.get(TERMS["amount"]))
            claim = said[proposition]
            quote, position = self.iris.selectors(own[TERMS["evidence"]])
            start = int(said[position][OA["start"]].value)
            called, _ = self._name(own.get(PROV["wasAttributedTo"]))
            speaker = called or text_of(own.get(TERMS["speakerText"]))
            principal, _ = self._name(own.get(TERMS["onBehalfOf"]))
            subject, subject_is_entity = self._name(claim.get(RDF["subject"]))
            obj, object_is_entity = self._name(claim.get(RDF["object"]))
            yield Entry(
                id=self._key(node),
                node=node,
                proposition=self.renaming.get(proposition, proposition),
                document=document,
                document_name=about[DCT["identifier"]].value,
                publisher=publisher,
                start=start,
                quote=said[quote][OA["exact"]].value,
                speaker=speaker,
                speaker_is_entity=called is not None,
                principal=principal,
                asked=speaker in self.askers,
                voice=principal or called,
                by_post=False,
                role=None,
                stance=_STANCES[own[TERMS["stance"]]],
                subject=subject,
                subject_is_entity=subject_is_entity,
                predicate=_PREDICATES[claim[RDF["predicate"]]],
                object=obj,
                object_is_entity=object_is_entity,
                value=text_of(own.get(TERMS["value"])),
                amount=None if amount is None else Decimal(amount),
                unit=text_of(own.get(TERMS["unit"])),
                said=_period(own, "said"),
                when=_period(own, "when"),
                due=text_of(own.get(TERMS["due"])),
                due_days=_period(own, "due"),
                exchange=places.at(start),
                confidence=float(own[TERMS["confidence"]].value),
            )

    def _exchanges(self, document: str, said: Mapping[Node, Properties]) -> Iterator[Answered]:
        def span(evidence: Node) -> tuple[int, int]:
            position = said[self.iris.selectors(evidence)[1]]
            return int(position[OA["start"]].value), int(position[OA["end"]].value)

        for node, own in said.items():
            if TERMS["answer"] in own:
                question = own.get(TERMS["question"])
                wording = _TAKINGS[own[TERMS["wording"]]]
                yield Answered(node, document, None if question is None else span(question), span(own[TERMS["answer"]]), wording)

    def _name(self, term: Any) -> tuple[str | None, bool]:
        """Return what a term is called, and whether it is an entity."""
        if term is None:
            return None, False
        return (self._key(self.renaming.get(term, term)), True) if isinstance(term, Node) else (term.value, False)

    def _key(self, node: Node) -> str:
        key = self.iris.key(node.value)
        assert key is not None, node
        return key


def _period(own: Properties, stem: str) -> Period | None:
    first = own.get(TERMS[f"{stem}Start"])
    return None if first is None else (first.value, own[TERMS[f"{stem}End"]].value)


class _Places:
    """Which exchange a place in a document belongs to."""

    def __init__(self, exchanges: Iterable[Answered]) -> None:
        spans = [(one.question[0], one.answer[1], one.node) for one in exchanges if one.question is not None]
        self._spans: Sequence[tuple[int, int, Node]] = sorted(spans, key=lambda span: span[:2])

    def at(self, start: int) -> Node | None:
        """Return the exchange there, or None."""
        number = bisect_right(self._spans, start, key=lambda span: span[0]) - 1
        return self._spans[number][2] if number >= 0 and start < self._spans[number][1] else None
