"""What is opened to whom, and which words of opening say nothing of that: 开源社区, `捐赠给清华大学`, 开放日."""

from kg.expressions import compiled
from kg.extraction.statements.arguments.facts import ACTORS
from kg.extraction.statements.arguments.places import Candidate, Place
from kg.extraction.statements.arguments.rows import behind_preposition, runs
from kg.model import Kind, Predicate

_CODE = compiled("源代码|源码|代码|权重|开源")
_OPENED_CODE = compiled("(?:开放|公开)了?(?:其|自己的?)?(?P<code>[\\p{Han}\\p{L}\\d ]{0,8}?(?:源代码|源码|代码|权重))")
_WORK = compiled("源代码|源码|代码|权重|开源|操作系统|框架|软件|技术|专利|模型|数据集|算法|架构|内核|编译器")
_GIVEN = ("捐", "移交", "无偿", "贡献")  # what begins the words for giving something away, which need not be code
_CONTRIBUTED = compiled("(?:给|到|至|了?(?:全部|部分|大量|其)?(?:源代码|源码|代码))")
_NEAR = 40  # characters before a clause that may say what it is that is given
# behind 开源 what is only of that kind
_OF_A_KIND = compiled(
    "(?:项目|社区|社群|基金会|策略|战略|生态|贡献|许可|协议|组织|力量|世界|文化|精神|创新|控股|平台|促进|大会|峰会|论坛|爱好者|开发|组件|路线|技术|"
    "运动|界|圈|领域|公司|企业|厂商|软件|工具|理念|模式|人士)"
)


def opened(place: Place, chosen: Candidate) -> Candidate | None:
    """Return the thing right before the word for opening (`我们的编译器去年就开源了`), where what was chosen stands elsewhere.

    Of code it is what stands behind it (`向公众开放了部分源代码`).
    """
    if place.predicate is not Predicate.OPEN_SOURCES or not place.cues:
        return None
    start = place.clause.begin
    code = _OPENED_CODE.match(place.survey.context.view, place.anchor, place.clause.end)
    if code is not None:
        return Candidate((place.survey.named(place.clause, *code.span("code")),), place.clause.number, ["opened"])
    if chosen.clause == place.clause.number:
        return None
    names = [place.survey.named(place.clause, *span) for span in runs(place) if start <= span[0] and span[1] <= place.anchor]
    things = [
        name
        for name in names
        if name.name and name.kind not in ACTORS and name.kind is not Kind.PERSON and not behind_preposition(place, name.start)
    ]
    return Candidate((things[-1],), place.clause.number, ["opened"]) if things else None


def opens_nothing(place: Place) -> bool:
    """Say whether the words for opening only name a kind of thing, an organisation, or what is given or open in another sense."""
    if place.predicate is not Predicate.OPEN_SOURCES or not place.cues:
        return False
    view, clause = place.survey.context.view, place.clause
    return all(_opens_nothing(place, view[start:end], (start, end)) for start, end in place.cues if clause.start <= start)


def _opens_nothing(place: Place, word: str, span: tuple[int, int]) -> bool:
    view, clause = place.survey.context.view, place.clause
    if any(one.mention.start <= span[0] and span[1] <= one.mention.end for one in clause.references):
        return True
    if word.startswith("开源") or word.endswith("开源"):
        return _OF_A_KIND.search(word) is not None or _OF_A_KIND.match(view, span[1]) is not None
    if word == "贡献":
        return _CONTRIBUTED.match(view, span[1]) is None
    near = (max(0, clause.start - _NEAR), clause.end)
    if word.startswith(_GIVEN):
        return _WORK.search(view, *near) is None
    return word.endswith("开放") and _CODE.search(view, clause.start, clause.end) is None
