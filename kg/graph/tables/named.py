"""All names of all entities, to be searched: as written, by pinyin and its initials, by beginning and by inner part, with the reason."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from sqlite3 import Connection
from typing import Final

from kg.graph.names import ORDER, Lexical, Match, Name, Reason, compared
from kg.graph.tables.tables import Tables
from kg.pinyin import spelling, squeezed

_SHORTEST_PINYIN: Final = 2  # letters: one letter begins too many spellings to say anything
_LAST: Final = "\U0010ffff"
_REASONS: Final = [*Reason]
_RANK: Final = {reason.name: rank for reason, rank in ORDER.items()}
# ?1 is the text as it is compared, ?2 its letters where it may be pinyin, ?3 what comes after all that begins with these, ?4 the names of
# the lexicon that match; of several names of an entity that match equally well, and are as long, the first by spelling and by code point
_SEARCH: Final = """
WITH given (entity, text, reason, spelled) AS (
    SELECT {given} FROM json_each(?4)
), found (entity, text, reason, spelled) AS (
    SELECT entity, text, CASE WHEN text = entity THEN {NAME} ELSE {ALIAS} END, '' FROM name WHERE compared = ?1
    UNION ALL
    SELECT entity, text, CASE WHEN substr(compared, 1, length(?1)) = ?1 THEN {PREFIX} ELSE {INNER} END, '' FROM name
    WHERE instr(compared, ?1)
    UNION ALL
    SELECT entity, text, CASE WHEN whole = ?2 THEN {PINYIN} ELSE {PINYIN_PREFIX} END, whole FROM name WHERE whole >= ?2 AND whole < ?3
    UNION ALL
    SELECT entity, text, {INITIALS}, '' FROM name WHERE initials = ?2
    UNION ALL
    SELECT * FROM given WHERE EXISTS (SELECT * FROM name WHERE name.entity = given.entity)
    AND NOT EXISTS (SELECT * FROM name WHERE name.entity = given.entity AND name.text = given.text)
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY entity ORDER BY reason, length(text), spelled, text) AS place FROM found
)
SELECT entity, text, reason FROM ranked WHERE place = 1 ORDER BY reason, length(text), entity
""".format(given=", ".join(f"json_extract(value, '$[{place}]')" for place in range(4)), **_RANK)


def put_names(connection: Connection, entity: str, texts: Collection[str]) -> None:
    """Let an entity have these names and no others."""
    before = {text for (text,) in connection.execute("SELECT text FROM name WHERE entity = ?", (entity,))}
    gone, come = before.difference(texts), set(texts) - before
    connection.executemany("DELETE FROM name WHERE entity = ? AND text = ?", [(entity, text) for text in gone])
    spelled = [(entity, text, compared(text), *(spelling(text) or (None, None))) for text in come]
    connection.executemany("INSERT INTO name VALUES (?, ?, ?, ?, ?)", spelled)


@dataclass(frozen=True)
class Names:
    """Names of a state of the store, looked up in its tables, with those of the lexicon; make a new one after each change."""

    tables: Callable[[], Tables]
    lexicon: Callable[[], Lexical]  # read where it is needed

    @classmethod
    def of(cls, labels: Iterable[tuple[str, str]], lexicon: Lexical) -> "Names":
        """Return an index of labels, pairs of an entity and one of its names, and of nothing else."""
        texts: dict[str, set[str]] = {}
        for entity, text in labels:
            texts.setdefault(entity, set()).add(text)
        tables = Tables.empty()
        with tables.transaction() as connection:
            for entity, own in texts.items():
                put_names(connection, entity, own)
        return cls(lambda: tables, lambda: lexicon)

    def entities(self, after: str, limit: int) -> list[str]:
        """Return the names that entities go by, sorted by code point: so many that come after one."""
        rows = self.tables().rows("SELECT DISTINCT entity FROM name WHERE entity > ? ORDER BY entity LIMIT ?", after, limit)
        return [entity for (entity,) in rows]

    def count(self) -> int:
        """Return how many entities have names."""
        return int(self.tables().value("SELECT COUNT(DISTINCT entity) FROM name"))

    def called(self, text: str, *, lexicon: bool = True) -> list[str]:
        """Return the entities that go by a name, in whatever capitals, width or script.

        Those that only the lexicon calls so are returned where no document calls any so.

        >>> Names.of([("鸿蒙", "鸿蒙"), ("鸿蒙", "HarmonyOS")], Lexical()).called("ＨarmonyOS")
        ['鸿蒙']
        """
        sought = compared(text)
        own = self.tables().rows("SELECT DISTINCT entity FROM name WHERE compared = ? ORDER BY entity", sought)
        if own or not lexicon:
            return [entity for (entity,) in own]
        return sorted(self._known({name.entity for name in self.lexicon().called(sought)}))

    def search(self, text: str) -> list[Match]:
        """Return the entities that a text may mean, each once by its best match, best first.

        >>> [(match.entity, match.reason.value) for match in Names.of([("鸿蒙", "鸿蒙"), ("华为云", "华为云")], Lexical()).search("hm")]
        [('鸿蒙', 'initials')]
        """
        sought = compared(text)
        if not sought:
            return []
        letters: str | None = squeezed(sought)
        if letters is None or len(letters) < _SHORTEST_PINYIN or not letters.isascii():
            letters = None
        given = [*self._of_lexicon(sought, letters)]
        beyond = None if letters is None else letters + _LAST
        rows = self.tables().rows(_SEARCH, sought, letters, beyond, json.dumps(given, ensure_ascii=False))
        return [Match(entity, name, _REASONS[rank]) for entity, name, rank in rows]

    def _of_lexicon(self, sought: str, letters: str | None) -> Iterator[tuple[str, str, int, str]]:
        """Yield what the lexicon has: an entity, a name, the rank of the reason, and the spelling where that is how it begins."""
        for name in self.lexicon().holding(sought):
            key = compared(name.text)
            reason = Reason.LEXICON if key == sought else Reason.PREFIX if key.startswith(sought) else Reason.INNER
            yield name.entity, name.text, ORDER[reason], ""
        for name in self._lexical if letters is not None else ():
            spelled = spelling(name.text)
            if spelled is None or letters is None:
                continue
            if spelled.whole == letters:
                yield name.entity, name.text, ORDER[Reason.PINYIN], spelled.whole
            elif spelled.whole.startswith(letters):
                yield name.entity, name.text, ORDER[Reason.PINYIN_PREFIX], spelled.whole
            if spelled.initials == letters:
                yield name.entity, name.text, ORDER[Reason.INITIALS], ""

    @cached_property
    def forms(self) -> list[tuple[str, str, str]]:
        """All names: of which entity, as written, and as it is compared; sorted."""
        own = self.tables().rows("SELECT entity, text, compared FROM name")
        labels = {(entity, text) for entity, text, _ in own}
        others = [(name.entity, name.text, compared(name.text)) for name in self._lexical if (name.entity, name.text) not in labels]
        return sorted([*own, *others])

    @cached_property
    def _lexical(self) -> list[Name]:
        """The lexicon's names of the entities that there are."""
        return self.lexicon().of(self._known(self.lexicon().entities))

    def _known(self, entities: Collection[str]) -> set[str]:
        """Return those of some entities that there are."""
        sql = "SELECT value FROM json_each(?) WHERE EXISTS (SELECT * FROM name WHERE entity = value)"
        return {entity for (entity,) in self.tables().rows(sql, json.dumps([*entities], ensure_ascii=False))} if entities else set()
