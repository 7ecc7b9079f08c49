"""Subject, object, value and evidence of stated relations: labels, phrases, names, and models fitted on a handful of sentences."""

from dataclasses import replace

import numpy as np
import pytest

from kg.errors import LexiconError
from kg.extraction.pipeline import Pipeline
from kg.extraction.statements.arguments import ArgumentFinder
from kg.extraction.statements.arguments.coded import CodedModel
from kg.extraction.statements.arguments.facts import gather
from kg.extraction.statements.arguments.names import named
from kg.extraction.statements.arguments.network import joined
from kg.extraction.statements.arguments.phrases import phrases
from kg.extraction.statements.arguments.places import Place
from kg.extraction.statements.arguments.posts import posts, titles
from kg.extraction.statements.arguments.spans import LABELS, decode, read_spans
from kg.extraction.statements.arguments.subjects import subject_candidates
from kg.extraction.statements.arguments.survey import Survey
from kg.extraction.statements.arguments.wanted import Anchor, Wanted, anchors
from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.linear import Rounding
from kg.lexicon import Lexicon
from kg.model import Kind, Predicate, Stance
from kg.reading import Metadata, read_text
from kg.training.arguments import fit, labels_of, locate, picks, surfaces
from kg.training.corpus import Annotated, Record, align
from kg.training.network import fit_network
from kg.training.ranking import Group, fit_ranking

LEXICON = Lexicon()
PIPELINE = Pipeline(LEXICON, "none")


def context(text: str) -> Context:
    return PIPELINE.analyse(read_text(text, "test.txt", Metadata(published="2021-09-24")))[0]


def only_clause(text: str) -> tuple[Context, ClauseContext]:
    found = context(text)
    (clause,) = found.clauses
    return found, clause


def record(text: str, quote: str, /, **fields: str | None) -> Record:
    start = text.index(quote)
    blank = dict.fromkeys(("subject", "object", "value", "unit"))
    return blank | {"stance": "asserts", "start": start, "end": start + len(quote)} | fields


def test_labels_go_on_only_after_they_began() -> None:
    scores = np.zeros((4, len(LABELS)), np.float32)
    scores[0, LABELS.index("object")] = 5  # nothing began: cannot be taken
    scores[1, LABELS.index("subject+")] = 2
    scores[2, LABELS.index("object")] = 5
    scores[2, LABELS.index("subject")] = 3
    scores[3, LABELS.index("out")] = 1
    assert [LABELS[label] for label in decode([scores])[0]] == ["out", "subject+", "subject", "out"]


def test_neighbouring_items_of_a_list_stay_apart() -> None:
    _, clause = only_clause("华为支持手机平板。")
    labels = ["out"] * len(clause.tokens)
    labels[-2:] = ["object+", "object+"]
    scores = np.zeros((len(labels), len(LABELS)), np.float32)
    found = read_spans(clause, scores, [LABELS.index(label) for label in labels])
    assert len(found) == 2 and found[0].end == found[1].start


def test_a_measure_has_one_anchor_a_quantity() -> None:
    _, clause = only_clause("屿S7车长4.9米、轴距3米。")
    assert [anchor.word for anchor in anchors(clause, Predicate.METRIC)] == ["米", "米"]
    assert len(anchors(clause, Predicate.USES)) == 1


def test_cues_of_a_relation_make_one_anchor() -> None:
    _, clause = only_clause("华为正在研发并打造新的系统。")
    (anchor,) = anchors(clause, Predicate.DEVELOPS)
    assert isinstance(anchor, Anchor) and len(anchor.spans) == 2


def test_phrases_of_a_clause() -> None:
    found, clause = only_clause("华为发布了面向行业的操作系统。")
    texts = {found.document.text[start:end] for start, end, _ in phrases(clause)}
    assert "华为" in texts and any(text.endswith("操作系统") for text in texts)


@pytest.mark.parametrize(("text", "words", "name"), [
    ("《鸿蒙》已经上线。", "《鸿蒙》", "鸿蒙"),
    ("华为公司已经回应。", "华为公司", "华为"),
    ("国产大型客机已经起飞。", "国产大型客机", "国产大型客机"),
])  # fmt: skip
def test_names_are_those_of_entities(text: str, words: str, name: str) -> None:
    found, clause = only_clause(text)
    start = text.index(words)
    assert named(found, clause, start, start + len(words)).name == name


def test_a_version_is_part_of_the_name() -> None:
    text = "HarmonyOS 2已经上线。"
    found, clause = only_clause(text)
    assert named(found, clause, 0, len("HarmonyOS 2")).name == "HarmonyOS 2"


def test_the_organisation_before_a_person_is_the_employer() -> None:
    facts = gather(context("华为轮值董事长徐直军出席了会议。徐直军说，华为不会退出。"), LEXICON)
    assert facts.employers.get("徐直军") == "华为" and facts.main == "华为"


def test_gold_names_are_found_in_the_words_of_a_clause() -> None:
    text = "桉屿汽车推出了城市智能辅助驾驶功能。"
    found, clause = only_clause(text)
    span = locate("城市智能辅助驾驶", clause, found.view)
    assert span is not None and "辅助驾驶" in text[slice(*span)]
    assert locate("光伏电站", clause, found.view) is None


def test_words_are_labelled_as_gold_has_them() -> None:
    text = "华为支持安卓和苹果。"
    found, clause = only_clause(text)
    records = [record(text, text[:-1], subject="华为", predicate="supports", object=name) for name in ("安卓", "苹果")]
    labels = labels_of(clause, records, found.view)
    assert labels[0] == "subject+" and labels.count("object+") == 2


def test_ranking_learns_what_the_right_ones_share() -> None:
    groups = [Group([{"near", f"n{i}"}, {"far", f"f{i}"}], [True, False]) for i in range(6)]
    model = fit_ranking(groups, 1.0, Rounding())
    near, far = model.scores([{"near"}, {"far"}])[:, 0]
    assert near > far


def test_a_network_learns_the_same_from_the_same_groups() -> None:
    groups = [Group([("near", f"n{i % 7}"), ("far", f"f{i % 7}")], [True, False]) for i in range(600)]
    model = fit_network(groups, Rounding())
    near, far = joined(model.scores([("near",), ("far",)]))
    assert near > far and (fit_network(groups, Rounding()).weights == model.weights).all()


def test_a_wording_stands_for_its_entity() -> None:
    found = context("华为公告。Huawei发布了年报。")
    _, reference = found.references
    assert reference.entity == "华为" and surfaces(found)["Huawei"] == "华为"


def test_the_names_before_a_clause_are_candidates_and_pronouns_are_not() -> None:
    found = context("华为发布了年报。此外，公司收购了阙舟机器人。")
    clause = found.clauses[-1]
    wanted = Wanted(Predicate.ACQUIRES, Stance.ASSERTS, anchors(clause, Predicate.ACQUIRES)[0])
    leanings = np.zeros(len(clause.tokens), np.float32)
    place = Place(Survey(found, gather(found, LEXICON)), clause, wanted.predicate, wanted.stance, [], clause.end, leanings, leanings,
                  {"公司": "company"}, frozenset(), (), "收购")  # fmt: skip
    offered = subject_candidates(place)
    seen = {one.candidate.names[0].name if one.candidate.names else "": one.where for one in offered}
    assert seen["华为"] == "before" and seen[""] == "nobody" and "公司" not in seen


NOTES = [
    ("泠湖集团收购了鹭渡智行10%的股份。", "泠湖集团", "acquires", "鹭渡智行"),
    ("椋原能源收购了雁渡锂业。", "椋原能源", "acquires", "雁渡锂业"),
    ("桉屿汽车收购了栎声科技。", "桉屿汽车", "acquires", "栎声科技"),
    ("岫东制药收购了澹川药业。", "岫东制药", "acquires", "澹川药业"),
    ("华为收购了阙舟机器人。", "华为", "acquires", "阙舟机器人"),
    ("小米收购了榧木半导体。", "小米", "acquires", "榧木半导体"),
]


@pytest.fixture(scope="module")
def models() -> dict[str, object]:
    documents = []
    for number, (text, subject, predicate, thing) in enumerate(NOTES * 3):
        found = context(text)
        gold = [record(text, text[:-1], subject=subject, predicate=predicate, object=thing)]
        documents.append(Annotated(f"note{number}", found, tuple(align(found, gold))))
    return fit(documents, LEXICON)


def test_fitted_models_find_both_sides_of_a_deal(models) -> None:  # type: ignore[no-untyped-def]
    found = context("腾讯收购了鹭渡智行。")
    (arguments,) = ArgumentFinder(found, LEXICON, models).find(0, Predicate.ACQUIRES, Stance.ASSERTS)
    assert (arguments.subject, arguments.subject_kind) == ("腾讯", Kind.COMPANY)
    assert arguments.object == "鹭渡智行"
    assert found.document.text[arguments.start : arguments.end] == "腾讯收购了鹭渡智行"


def test_the_same_document_gives_the_same_arguments(models) -> None:  # type: ignore[no-untyped-def]
    found = context("腾讯收购了鹭渡智行。小米收购了雁渡锂业。")
    first, second = (
        [ArgumentFinder(found, LEXICON, models).find(number, Predicate.ACQUIRES, Stance.ASSERTS) for number in (0, 1)] for _ in "ab"
    )
    assert first == second


def test_a_relation_stated_twice_in_a_clause_is_one_pick() -> None:
    text = "华为支持安卓和苹果。"
    found = context(text)
    records = [record(text, text[:-1], subject="华为", predicate="supports", object=name) for name in ("安卓", "苹果")]
    document = Annotated("note", found, tuple(align(found, records)))
    (pick,) = picks(document)
    assert len(pick.records) == 2
    assert picks(replace(document, records=())) == []


@pytest.mark.parametrize(("text", "predicate", "subjects", "objects"), [
    ("小米被华为收购。", Predicate.ACQUIRES, {"华为"}, {"小米"}),
    ("鸿蒙由华为研发。", Predicate.DEVELOPS, {"华为"}, {"鸿蒙"}),
    ("小米被华为和腾讯收购。", Predicate.ACQUIRES, {"华为", "腾讯"}, {"小米"}),
])  # fmt: skip
def test_the_doer_stands_behind_the_passive_word(models, text, predicate, subjects, objects) -> None:  # type: ignore[no-untyped-def]
    found = ArgumentFinder(context(text), LEXICON, models).find(0, predicate, Stance.ASSERTS)
    assert {one.subject for one in found} == subjects and {one.object for one in found} == objects


def test_nobody_does_it_to_itself(models) -> None:  # type: ignore[no-untyped-def]
    found = context("小米发布了年报。收购了华为。")
    finder = ArgumentFinder(found, LEXICON, models)
    (arguments,) = finder.find(1, Predicate.ACQUIRES, Stance.ASSERTS)
    assert arguments.object == "华为" and arguments.subject != "华为"


@pytest.mark.parametrize(("text", "expected"), [
    ("华为高级副总裁徐直军到场。", [("高级副总裁", "华为", "徐直军")]),
    ("华为董事长、首席执行官任正非到场。", [("董事长", "华为", "任正非"), ("首席执行官", "华为", "任正非")]),
    ("任正非曾担任华为首席执行官。", [("首席执行官", "华为", None)]),
    ("徐直军先生到场。", []),
])  # fmt: skip
def test_titles_stand_between_an_organisation_and_a_person(models, text, expected) -> None:  # type: ignore[no-untyped-def]
    found, clause = only_clause(text)
    wanted = Wanted(Predicate.HOLDS_ROLE, Stance.ASSERTS, anchors(clause, Predicate.HOLDS_ROLE)[0])
    place = ArgumentFinder(found, LEXICON, models).place(clause, wanted)
    assert [
        (found.view[post.start : post.end], post.organisation and post.organisation.name, post.person and post.person.name)
        for post in posts(place, titles(LEXICON))
    ] == expected


def test_a_degree_is_a_value_where_no_number_is() -> None:
    text = "负债较高。"
    _, clause = only_clause(text)
    labels = labels_of(clause, [record(text, text[:-1], subject="华为", predicate="metric", object="负债", value="较高")], text)
    assert [label.rstrip("+") for label in labels if label != "out"] == ["object", *["value"] * (len(labels) - labels.count("out") - 1)]


def test_weights_of_another_version_are_refused(models) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(LexiconError, match="make train"):
        CodedModel(models["argument_spans"], (("word", "tag"),))
