"""Who holds which post where, as the documents say it, and whom a statement therefore counts for."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kg.graph.ledger.entries import Entry
from kg.model import Kind, Predicate, Stance

PERSONS: Final = frozenset({Kind.PERSON})
BODIES: Final = frozenset({Kind.COMPANY, Kind.ORGANISATION, Kind.UNIT, Kind.STATE})  # what somebody can hold a post at


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody holds at an organisation, as said on some day; `rank` puts what is said of one person in order."""

    said: str
    organisation: str
    role: str | None
    rank: tuple[str, int, str]


def stated(entry: Entry) -> tuple[str, Post] | None:
    """Return the post that a statement asserts, with who holds it; whether that is a person, and the other a body, is not seen here."""
    if (
        entry.stance is Stance.ASSERTS
        and entry.predicate is Predicate.HOLDS_ROLE
        and entry.subject is not None
        and entry.object is not None
        and entry.subject_is_entity
        and entry.object_is_entity
    ):
        day = entry.said[0] if entry.said else ""
        return entry.subject, Post(day, entry.object, entry.value, (day, entry.start, entry.node.value))
    return None


class Posts:
    """Who holds which post where. Of a person's organisations the one that is named most often counts: single namings are often misread."""

    def __init__(self, posts: Iterable[tuple[str, Post]]) -> None:
        """Take posts, each with who holds it."""
        by_person: Mapping[str, list[Post]] = defaultdict(list)
        for person, post in posts:
            by_person[person].append(post)
        self._posts: dict[str, Sequence[Post]] = {}
        for person, held in by_person.items():
            counts = Counter(post.organisation for post in held)
            main = max(counts, key=lambda name: (counts[name], name))
            self._posts[person] = sorted((post for post in held if post.organisation == main), key=lambda post: post.rank)

    def placed(self, entry: Entry) -> Entry:
        """Return a statement with the post that its speaker holds on its day, and with whom it counts for by that."""
        post = self._on(entry.speaker, entry.said[0] if entry.said else "") if entry.speaker_is_entity else None
        if post is None:
            return entry
        by_post = entry.principal is None
        return replace(entry, voice=post.organisation if by_post else entry.voice, by_post=by_post, role=post.role)

    def _on(self, person: str | None, day: str) -> Post | None:
        """Return the post held on a day: what was said last until then, else what was said first after it."""
        held = self._posts.get(person) if person is not None else None
        if not held:
            return None
        place = bisect_right(held, day, key=lambda post: post.said)
        return held[max(place - 1, 0)]
