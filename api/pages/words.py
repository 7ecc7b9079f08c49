"""What the closed lists are called on pages, in Chinese and English."""

from collections.abc import Mapping
from types import MappingProxyType

from api.preferences import current

Words = Mapping[str, tuple[str, str]]  # Chinese, English

STANCES: Words = MappingProxyType(
    {
        "asserts": ("断言", "asserts"),
        "denies": ("否认", "denies"),
        "plans": ("计划", "plans"),
        "aims": ("目标", "aims"),
        "predicts": ("预测", "predicts"),
        "reports": ("转述", "reports"),
    }
)
KINDS: Words = MappingProxyType(
    {
        "company": ("企业", "company"),
        "unit": ("业务单元", "business unit"),
        "product": ("产品", "product"),
        "technology": ("技术", "technology"),
        "person": ("人物", "person"),
        "organisation": ("组织", "organisation"),
        "state": ("国家", "state"),
        "place": ("地点", "place"),
        "event": ("事件", "event"),
        "concept": ("概念", "concept"),
    }
)
LINKS: Words = MappingProxyType(
    {
        "deniesRumour": ("否认传闻", "denies the rumour"),
        "confirms": ("证实", "confirms"),
        "reverses": ("反转", "reverses"),
        "restates": ("重申", "restates"),
        "updates": ("更新", "updates"),
        "conflictsWith": ("冲突", "conflicts with"),
        "copies": ("转载", "copies"),
    }
)
STATUSES: Words = MappingProxyType(
    {
        "open": ("未到期", "open"),
        "due": ("已到期未定", "due, undecided"),
        "met": ("实现", "met"),
        "missed": ("落空", "missed"),
        "revised": ("修订", "revised"),
        "withdrawn": ("撤回", "withdrawn"),
        "asked": ("仅被问及", "asked, not committed"),
    }
)
OUTCOMES: Words = MappingProxyType(
    {"accepts": ("承认", "accepts"), "rejects": ("否定", "rejects"), "evades": ("回避", "evades"), "answers": ("作答", "answers")}
)


def word(table: Words, key: str) -> str:
    """Return what a member of a closed list is called in the reader's language.

    >>> word(STANCES, "denies")
    '否认'
    """
    return current.get().say(*table[key])
