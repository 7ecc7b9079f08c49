"""Who is meant by words that no reference covers: pronouns, titles, papers, names that only their form gives away."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.extraction.attribution.scene import Memory, Scene
from kg.extraction.attribution.words import Words
from kg.extraction.naming import kind_by_ending
from kg.extraction.tokens import Token, tokenizer
from kg.model import Kind

HIDDEN = frozenset({"secret", "media"})  # voices without a name that pass on what they do not stand for
BESIDE = frozenset({"company", "insider", "title", "issuer", "owner"})  # voices of the organisation named beside them
_POINTING = ("该", "这", "此")  # before the organisation named last, whoever spoke
_GROUP = "集团"  # what names end in that 集团方面 stands for
_ASIDE = frozenset("dpcrf")  # tags of words that no name opens with: 至少, 随着, 然后, 这些, 上述
_CLOSING = frozenset("dpcrfmqtua")  # tags of words that no name closes with: 却, 一, 则, 当时, 的
_SHORTEST = 2  # characters of a name
_ADDRESS = 2  # characters of what a person is addressed by behind the name: 先生
_MARK = "《"
_TURNING = frozenset("pt")  # tags of the words that lead to whom one speaks, to what one counts by, or to when


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
            case "bank":
                return self._speaking() or memory.topic
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
            return self.called(*person.span())
        organisation = self.words.patterns["raw_organisation"].match(self.scene.text, start, stop)
        return self.called(*organisation.span("name")) if organisation else None

    def phrase(self, pattern: str, start: int, stop: int) -> str | None:
        """Return the noun phrase that a pattern finds at the head of a stretch, unless frame words are all there is to it."""
        found = self.words.patterns[pattern].match(self.scene.text, start, stop)
        if found and not self.words.gap.fullmatch(self.scene.text, *found.span("name")):
            return self.called(*found.span("name"))
        return None

    def called(self, start: int, stop: int) -> str | None:
        """Return what a stretch is called whose form makes it a source, None where its words are no name.

        That is the person it ends with or the organisation it opens with, where it is no organisation of another name (`甲集团研究院`);
        else its words up to where it turns to others, to what it counts by or when (`深圳青禾向晚报`, `青禾数据按照…`, `青禾近期接受…`).
        """
        named = self.scene.between(start, stop)
        if named and named[-1].kind is Kind.PERSON and named[-1].mention.end >= stop - _ADDRESS:
            return named[-1].entity
        text, lexicon = self.scene.text[start:stop], self.words.lexicon
        opens = bool(named) and named[0].mention.start == start and named[0].kind is not Kind.STATE
        if opens and (kind_by_ending(text, lexicon) is None or named[0].mention.end < named[-1].mention.start):
            return named[0].entity  # 甲公司回复交易所
        if text.startswith(_MARK):
            return bare(text)
        words = tokenizer(lexicon).tokenize(text)
        turn = next(
            (number for number, word in enumerate(words) if number and word.tag in _TURNING and len(words) - number > 1), len(words)
        )
        kept = words[:turn]
        while kept and kept[-1].tag[0] in _CLOSING and tokenizer(lexicon).common(kept[-1].text):
            kept.pop()
        name = bare(text[: kept[-1].end]) if kept else ""
        if len(name) < _SHORTEST or name.isdigit() or self.words.patterns["no_name"].search(name) or _is_phrase(kept):
            return None
        surnames = lexicon.words("surnames")
        torn = name.endswith(lexicon.words("person_cues")) and not name.startswith(surnames) and name[1:].startswith(surnames)
        return name[1:] if torn else name  # 段先生 of 业主段先生


def _is_phrase(words: Sequence[Token]) -> bool:
    """Say whether words are a phrase and no name: they open with a word of grammar, or count something (`超20家机构`)."""
    counts = any(first.tag == "m" and second.tag == "q" for first, second in pairwise(words))
    return counts or (words[0].tag[0] in _ASIDE and len(words) > 1)


def bare(name: str) -> str:
    """Return a name without the marks a text sets it in, and without what stands behind them.

    >>> bare("《江城早报》"), bare("《江城早报》刊")
    ('江城早报', '江城早报')
    """
    return name.strip(" 《「").split("》")[0].strip(" 」")
