"""Sources behind a preposition: `据路透社报道`, `根据公告`, `按照他的说法`."""

from collections.abc import Sequence
from dataclasses import dataclass

from kg.extraction.attribution.names import HIDDEN, Names
from kg.extraction.attribution.scene import Frame
from kg.model import Kind, Reference

_REACH = 60


@dataclass(frozen=True, slots=True)
class Citations:
    """Finds the preposition at the head of a clause and the source it leads to."""

    names: Names

    def frame(self, start: int, end: int) -> Frame | None:
        """Return the frame that opens the clause at start:end, or None where its preposition leads to no source."""
        text, patterns = self.names.scene.text, self.names.words.patterns
        lead = patterns["preposition"].search(text, start, end + 1)
        if (
            not lead
            or not self.names.words.gap.fullmatch(text, start, lead.start())
            or self.names.words.hearsay.match(text, lead.start(), end)
        ):
            return None
        limit = min(end, lead.end() + _REACH)
        handing = next(reversed(list(patterns["handing_over"].finditer(text, lead.end(), limit))), None)
        stop = handing.end() if handing else end
        named = self.names.scene.between(lead.end(), stop if handing else limit)
        if not handing and not (named and named[-1].mention.end == end):
            return None
        speaker, hearsay = self._named(lead.end(), stop, named) if named else self._unnamed(lead.end(), stop)
        return Frame(lead.start(), stop, "report" if patterns["data"].search(text, lead.end(), stop) else "cite", speaker, hearsay)

    def citing(self, outlet: Reference, start: int, stop: int) -> Frame:
        """Return the frame of a medium that cites somebody between start and stop: the one it names, else the medium itself."""
        inner = self.names.scene.between(start, stop)
        voice = self.names.voice(inner[-1].mention.end if inner else start, stop)
        if inner and (inner[-1].kind is Kind.PERSON or voice in (None, "owner")):
            return Frame(outlet.mention.start, stop, "cite", inner[-1].entity, False)
        return Frame(outlet.mention.start, stop, "cite", outlet.entity, voice in HIDDEN | {"observer", "company", "insider"})

    def _named(self, start: int, stop: int, named: Sequence[Reference]) -> tuple[str | None, bool]:
        """Return the innermost source: the last person, else the last organisation, and whether it is hearsay."""
        last = named[-1]
        people = [reference for reference in named if reference.kind is Kind.PERSON]
        if people:
            return people[-1].entity, False
        if last.kind is Kind.STATE:
            behind = last.mention.end
            name = self.names.formed(behind, stop) or self.names.phrase("cited_phrase", behind, stop)
            if name:
                return name, False
        voice = self.names.voice(last.mention.end, stop)
        relayed = self.names.words.patterns["cited"], self.names.words.patterns["heard_from"]
        if any(pattern.search(self.names.scene.text, start, stop) for pattern in relayed):
            return named[0].entity, voice in HIDDEN | {"observer"}
        if voice in ("secret", "observer"):
            return None, voice == "secret"
        return last.entity, False

    def _unnamed(self, start: int, stop: int) -> tuple[str | None, bool]:
        """Return the source that no reference covers, and whether it is hearsay."""
        text, names = self.names.scene.text, self.names
        pronoun = names.words.pronoun.match(text, start, stop)
        if pronoun:
            return names.pronoun(pronoun["word"], "cite"), False
        formed = names.formed(start, stop)
        if formed:
            return formed, False
        voice = names.voice(start, stop)
        citing = names.phrase("citing_phrase", start, stop)
        if citing:
            return citing, voice in HIDDEN | {"observer", "insider"}
        if voice in HIDDEN or voice == "observer":
            return None, voice != "observer"
        phrase = names.phrase("cited_phrase", start, stop)
        if phrase:
            return phrase, False
        company = voice in ("issuer", "company") or names.words.patterns["introduced_by_itself"].match(text, start, stop)
        return (names.memory.topic if company else None), False
