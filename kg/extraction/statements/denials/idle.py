"""Negations that deny nothing: they tell which thing is meant, stand in a condition, a purpose or a question, or are half a word."""

import regex

from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.cues import family
from kg.extraction.statements.denials.wording import wordings
from kg.lexicon import Lexicon, Row

_DENYING = frozenset(("negation", "rejection", "failure"))  # a longer cue of another family is no negation: 不断, 是不是, 坚定不移
# patterns of what stands before a negation that denies nothing, and of what stands behind it
_BEFORE = ("why_not", "if_not", "worried", "purpose_before", "the_way_is")
_BEHIND = ("even_without", "turned_down")
_HANDLING = "对把将向给拿"
_OF, _IS = "的", "是"
_BEFORE_VERBS = "verb"  # the frame of negations that stand before a verb
_PERFECT = "了过"
_MODALS = ("能", "会", "被", "可", "得到", "经过")
_TWICE = frozenset("不没")  # between the same two characters: 做不做
_LACKING = ("缺乏", "缺少")


class Idle:
    """Says which negations of one clause deny nothing; what holds of the clause alone is looked at once."""

    def __init__(self, context: Context, clause: ClauseContext, lexicon: Lexicon) -> None:
        self._view, self._clause = context.view, clause
        self._known = wordings(lexicon)
        self._prepositions = frozenset(lexicon.words("denied_phrases"))
        sentence = context.layout.sentences[clause.sentence]
        self._punished = self._known["punished_for"].search(context.view, sentence.start, sentence.end)
        self._consequent = self._known["follows_from_condition"].search(context.view, sentence.start, clause.start) is not None
        self._words = {token.start: token for token in clause.tokens}
        self._plain = [(cue.start, cue.end) for cue in clause.stance_cues if cue.points_to[0] not in _DENYING]
        self._names = [(reference.mention.start, reference.mention.end) for reference in clause.references]
        self._either = {one.end() for one in self._known["either"].finditer(context.view, clause.start, clause.end)}  # 做与不做

    def __call__(self, negation: "regex.Match[str]", row: Row, *, first: bool) -> bool:
        """Say whether a negation, with its row of data/lexicon/negations.tsv, denies nothing; `first`: it is the first of the clause."""
        start, end = negation.span()
        return (
            self._in_a_frame(start, end)
            or self._in_a_word(start, end)
            or start in self._either
            or self._asks(start)
            or self._in_an_attribute(start, end, row)
            or self._calls_untrue(start, end)
            or self._of_what_is_handled(start)
            or (not first and negation[0] in _LACKING)  # 不会生产缺乏…的车
            or not (start in self._words or negation[0][0] in _TWICE)
        )

    def _in_a_frame(self, start: int, end: int) -> bool:
        """Say whether a condition, a purpose, a worry, a question or an order holds the negation."""
        view, clause, known = self._view, self._clause, self._known
        if self._punished is not None and self._punished.start() < start < self._punished.end():
            return True  # 因未披露年报被罚款: what somebody was punished for
        if any(known[name].search(view, clause.start, start) for name in _BEFORE) or known["decree"].search(view, clause.start, end):
            return True
        if any(known[name].match(view, start, clause.end) for name in _BEHIND) or known["unknown_whether"].match(view, start, clause.end):
            return True  # 没有补贴也能盈利, 拒绝了甲公司的申请, 尚未明确是否接入
        if self._consequent and known["then_not"].search(view, clause.start, start):
            return True  # 只要用户不提交,数据就不会被使用
        return known["ground"].search(view, end, clause.end) is not None  # 以公司不能清偿债务为由: the ground that somebody gives

    def _in_a_word(self, start: int, end: int) -> bool:
        """Say whether the negation is part of a longer word without its sense, or of a name: 不断; the second 不 of 不得不."""
        within = any(first < start < last or first == start <= end <= last for first, last in self._plain)
        return within or any(first <= start < last for first, last in self._names)

    def _asks(self, start: int) -> bool:
        """Say whether the negation stands between the same verb twice: `做不做芯片`."""
        view, clause = self._view, self._clause
        return view[start] in _TWICE and clause.start < start < clause.end - 1 and view[start - 1] == view[start + 1]

    def _in_an_attribute(self, start: int, end: int, row: Row) -> bool:
        """Say whether the negation only tells which thing is meant: `从未见过的物品`, `拒绝的原因`, `在无法偿还债务时`."""
        view, clause = self._view, self._clause
        if tells_which(view, clause, start, self._known["of_which_kind"]):
            return True
        if row["frame"] != _BEFORE_VERBS:
            return False  # 没有上市的计划
        while modal := next((word for word in _MODALS if view.startswith(word, end)), None):
            end += len(modal)
        verb, whole = self._words.get(end), self._words.get(start)
        if whole is not None and whole.end > end:
            end = whole.end  # 从未见过
        elif verb is not None and not row["keeps"] and verb.tag[0] == "v" and verb.tag != "vn":
            end = verb.end + (view[verb.end : verb.end + 1] in _PERFECT)
        behind = end + len(_OF)
        return view.startswith(_OF, end) and behind < clause.end and not view.startswith(_IS, behind) and view[behind].isalnum()

    def _calls_untrue(self, start: int, end: int) -> bool:
        """Say whether the negation only begins a word that calls something untrue: 毫无 of `毫无根据的揣测`."""
        cues = self._clause.stance_cues
        covering = (cue.end for cue in cues if family(cue) == "rejection" and cue.start <= start < end < cue.end)
        return any(self._view.startswith(_OF, end) for end in covering)

    def _of_what_is_handled(self, start: int) -> bool:
        """Say whether the negation stands right behind a preposition: `对不合格的电梯加以整改`."""
        inside = any(token.end == start and token.text in self._prepositions for token in self._clause.tokens)
        return inside and self._view[start - 1] in _HANDLING


def tells_which(view: str, clause: ClauseContext, start: int, kinds: "regex.Pattern[str]") -> bool:
    """Say whether a negation only says which things are meant, and denies nothing: `已授予但尚未解锁的股票`, `大型的非本地业务`."""
    return any(one.start("negation") <= start < one.end("negation") for one in kinds.finditer(view, clause.start, clause.end))
