"""What the ledger is asked: links, promises, questions and answers in stretches, and where a statement or a proposition comes from."""

from collections.abc import Sequence
from dataclasses import dataclass

from kg.errors import QueryError
from kg.graph.access import text_of
from kg.graph.ledger.promises import status as status_of
from kg.graph.records import (
    AttributionRecord,
    ExchangeRecord,
    Key,
    LinkRecord,
    LinkType,
    PromiseRecord,
    SourcesRecord,
    StatementRecord,
    Status,
    Stretch,
)
from kg.graph.statements import Statements
from kg.graph.tables.compared import Compared
from kg.graph.tables.findings import ExchangeRow, LinkRow, PromiseRow
from kg.graph.vocabulary import TERMS
from kg.model import Stance, Taking


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of a store. Lists begin with an empty key; dates are days, ISO 8601; entities go by the name they have in the graph."""

    compared: Compared
    statements: Statements

    @property
    def state(self) -> str | None:
        """The digest of what the ledger was made of, None where it was never made."""
        access = self.statements.access
        return text_of(next((quad.object for quad in access.match(access.iris.ledger, TERMS["ledgerState"], None)), None))

    def links(
        self,
        after: Key = (),
        limit: int = 1_000_000,
        *,
        type: LinkType | None = None,
        about: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Stretch[LinkRecord]:
        """Return links, newest first: of a type, whose later statement is about an entity or by it, or was said between two days."""
        part = self.compared.links(after, limit, type=type, about=about, since=since, until=until)
        return Stretch([self._link(row) for row in part.items], part.after, part.total)

    def promises(
        self,
        after: Key = (),
        limit: int = 1_000_000,
        *,
        as_of: str,
        status: Status | None = None,
        about: str | None = None,
        due_since: str | None = None,
        due_until: str | None = None,
    ) -> Stretch[PromiseRecord]:
        """Return promises made until a day, those due first before the others, each as it stood on that day."""
        part = self.compared.promises(after, limit, as_of=as_of, status=status, about=about, due_since=due_since, due_until=due_until)
        return Stretch([self._promise(row, as_of) for row in part.items], part.after, part.total)

    def exchanges(
        self,
        after: Key = (),
        limit: int = 1_000_000,
        *,
        outcome: Taking | None = None,
        answerer: str | None = None,
        document: str | None = None,
    ) -> Stretch[ExchangeRecord]:
        """Return questions with their answers, document by document: those that were taken so, by somebody, in a document."""
        part = self.compared.exchanges(after, limit, outcome=outcome, answerer=answerer, document=document)
        return Stretch([self._exchange(row) for row in part.items], part.after, part.total)

    def bearing(self, statements: Sequence[str]) -> list[LinkRecord]:
        """Return the links from and to some statements, newest first."""
        return [self._link(row) for row in self.compared.bearing(statements)]

    def attribution(self, statement: str) -> AttributionRecord:
        """Return through whom a reader hears a statement."""
        access, record = self.statements.access, self._statement(statement)
        document = self.statements.document(record.document)
        own = access.properties(access.iris.statement(statement))
        depth, role, voice, copied = (own.get(TERMS[name]) for name in ("hearsayDepth", "speakerRole", "voice", "copies"))
        return AttributionRecord(
            document.publisher,
            document.author,
            record.speaker,
            None if role is None else role.value,
            record.on_behalf_of or (None if voice is None or access.key(voice) == record.speaker else access.key(voice)),
            0 if depth is None else int(depth.value),
            None if copied is None else access.key(copied),
        )

    def sources(self, proposition: str) -> SourcesRecord:
        """Return where a proposition comes from."""
        access = self.statements.access
        node = access.iris.proposition(proposition)
        own = access.properties(node)
        first, independent = own.get(TERMS["firstSaidIn"]), own.get(TERMS["independentSources"])
        if first is None:  # it is said once
            first = next((quad.subject for quad in access.match(None, TERMS["expresses"], node)), None)
        related = sorted(access.key(quad.object) for quad in access.match(node, TERMS["relatedTo"], None))
        sources = int(first is not None) if independent is None else int(independent.value)
        return SourcesRecord(None if first is None else access.key(first), sources, tuple(related))

    def _statement(self, statement: str) -> StatementRecord:
        record = self.statements.statement(statement)
        if record is None:
            raise QueryError(f"there is no statement {statement!r}, or the ledger is older than the store; make it again with `kg ledger`")
        return record

    def _link(self, row: LinkRow) -> LinkRecord:
        iri = self.statements.access.iris.link(row.type, row.later, row.earlier).value
        return LinkRecord(row.id, iri, row.type, row.basis, row.quantifier, self._statement(row.later), self._statement(row.earlier))

    def _promise(self, row: PromiseRow, as_of: str) -> PromiseRecord:
        asked = row.commitment is Stance.REPORTS
        status = status_of(row.outcome, row.decided_on, row.due_by, asked=asked, as_of=as_of)
        known = status not in (Status.OPEN, Status.DUE, Status.ASKED)
        progress = tuple(one for one in map(self._statement, row.progress) if one.said_on is None or one.said_on <= as_of)
        return PromiseRecord(
            id=row.id,
            iri=self.statements.access.iris.promise(row.id).value,
            status=status,
            commitment=row.commitment,
            party=row.party,
            promised_on=row.promised_on,
            value=row.value,
            unit=row.unit,
            comparator=row.comparator,
            due=row.due,
            due_by=row.due_by,
            statements=row.statements,
            statement=self._statement(row.statement),
            progress=progress,
            decided=self._statement(row.decided_by) if known and row.decided_by is not None else None,
            revised_to=row.revised_to if known else None,
        )

    def _exchange(self, row: ExchangeRow) -> ExchangeRecord:
        document = self.statements.document(row.document)
        return ExchangeRecord(
            row.id,
            f"{self.statements.access.iris.base}exchange/{row.id}",
            document.id,
            document.name,
            document.published,
            row.asker,
            row.question,
            row.answerer,
            row.answer,
            row.outcome,
            tuple(map(self._statement, row.premises)),
            tuple(map(self._statement, row.replies)),
        )
