"""Who is meant by words that no reference covers: pronouns, titles, papers, names that only their form gives away."""

from dataclasses import dataclass

from kg.extraction.attribution.scene import Memory, Scene
from kg.extraction.attribution.words import Words

HIDDEN = frozenset({"secret", "media"})  # voices without a name that pass on what they do not stand for
BESIDE = frozenset({"company", "insider", "title", "issuer", "owner"})  # voices of the organisation named beside them
_POINTING = ("该", "这", "此")  # before the organisation named last, whoever spoke
_GROUP = "集团"  # what names end in that 集团方面 stands for


@dataclass(frozen=True, slots=True)
class Names:
    """Reads stretches of a scene; every method takes the offsets of one."""

    scene: Scene
    words: Words
    memory: Memory

    def voice(self, start: int, stop: int) -> str | None:
        """Return whose voice the last people noun of a stretch is, else its last report noun."""
        text, voice = self.scene.text, None
        for found in self.words.people.finditer(text, start, stop):
            voice = self.words.people_voices[found.group()]
        if voice is None:
            for found in self.words.reports.finditer(text, start, stop):
                voice = self.words.report_voices[found.group()]
        return voice

    def pronoun(self, word: str, kind: str) -> str | None:
        """Return whom a pronoun of the table stands for before a verb of a kind: `其表示` is who spoke, `其财报显示` the company."""
        memory = self.memory
        match self.words.pronoun_refers[word]:
            case "person":
                later = memory.person if memory.named_at > memory.talked_at else None
                return later or memory.talker or memory.person or memory.speaker
            case "either":
                return memory.topic if kind in ("report", "cite") else memory.speaker or memory.topic
            case "organisation":
                return (None if word.startswith(_POINTING) else self._speaking()) or memory.topic
            case "issuer":
                return memory.issuer or memory.topic
            case "group":
                return next((one.entity for one in self.scene.references if one.entity.endswith(_GROUP)), memory.topic)
            case "paper":
                return memory.outlet or memory.topic
            case "outlet":
                return memory.outlet
            case _:
                return memory.speaker

    def _speaking(self) -> str | None:
        """Return who spoke last, where that is an organisation: it goes on as 公司."""
        speaker = self.memory.speaker
        named = any(one.entity == speaker for one in self.scene.references) and speaker not in self.scene.people
        return speaker if named else None

    def officer(self, start: int, stop: int) -> str | None:
        """Return who alone holds the title in a stretch, else the organisation spoken of."""
        title = self.words.people.search(self.scene.text, start, stop)
        return self.scene.officers.get(title.group(), self.memory.topic) if title else self.memory.topic

    def formed(self, start: int, stop: int) -> str | None:
        """Return the first name of a person, or the organisation a stretch opens with, by their form alone."""
        person = self.words.patterns["raw_person"].search(self.scene.text, start, stop)
        if person:
            return str(person.group())
        organisation = self.words.patterns["raw_organisation"].match(self.scene.text, start, stop)
        return bare(organisation["name"]) if organisation else None

    def phrase(self, pattern: str, start: int, stop: int) -> str | None:
        """Return the noun phrase that a pattern finds at the head of a stretch, unless frame words are all there is to it."""
        found = self.words.patterns[pattern].match(self.scene.text, start, stop)
        if found and not self.words.gap.fullmatch(self.scene.text, *found.span("name")):
            return bare(found["name"])
        return None


def bare(name: str) -> str:
    """Return a name without the marks a text sets it in, and without what stands behind them.

    >>> bare("《江城早报》"), bare("《江城早报》刊")
    ('江城早报', '江城早报')
    """
    return name.strip(" 《「").split("》")[0].strip(" 」")
