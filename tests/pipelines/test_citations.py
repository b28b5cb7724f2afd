"""Citations tied to the documents that the warehouse holds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from config.loader import load_region
from extract.citations import Issuer
from pipelines.derivation.citations import Cited, Heading, places, spelt_number, spelt_title
from pipelines.derivation.citations import cited as cited_by

RANKS = places(load_region(None))


def document(doc_id: str, title: str, day: date | None = None, number: str | None = None) -> Heading:
    return Heading(doc_id, day, spelt_number(number) if number else (), spelt_title(title))


def cited(texts: list[tuple[str, str]], documents: list[Heading], ranks: dict[str, Issuer]) -> list[Cited]:
    days = {document.doc_id: document.day for document in documents}

    def named(numbers: Collection[str], titles: Collection[str]) -> list[Heading]:
        return [one for one in documents if not {*one.numbers, *one.titles}.isdisjoint({*numbers, *titles})]

    return cited_by(texts, days, named, ranks)


def ties(found: list[Cited]) -> list[tuple[str, str | None, str | None, str | None]]:
    return [
        (one.doc_id, one.citation.number or one.citation.title, one.citation.issuer, one.cited_doc_id) for one in found
    ]


def test_the_units_of_the_region_have_their_ranks() -> None:
    assert (RANKS["北京市"], RANKS["河北省"], RANKS["廊坊市"], RANKS["武清区"]) == (
        "provincial",
        "provincial",
        "city",
        "city",
    )


def test_a_cited_document_is_known_by_its_number_or_its_title() -> None:
    documents = [
        document("a", "廊坊市的意见"),
        document("n", "国务院关于产业的意见", number="国发[2014] 12号"),
        document("t", "北京市人民政府关于印发《北京市疏解方案》的通知"),
        document("h", "关于做好统计工作的通知"),
    ]
    texts = [
        ("a", "根据国发〔2014〕12号、《北京市疏解方案》和津政发〔2001〕1号、冀统字〔2015〕9号，制定。"),
        ("h", "冀统字〔2015〕9号\n各市："),
    ]
    assert ties(cited(texts, documents, RANKS)) == [
        ("a", "国发〔2014〕12号", "national", "n"),
        ("a", "北京市疏解方案", "provincial", "t"),
        ("a", "津政发〔2001〕1号", "provincial", None),
        ("a", "冀统字〔2015〕9号", "provincial", "h"),
    ]


def test_of_several_documents_of_a_title_the_earliest_is_meant_whatever_their_order() -> None:
    several = [
        document("z", "河北省协同发展规划"),
        document("y", "河北省协同发展规划", date(2016, 1, 1)),
        document("x", "河北省协同发展规划", date(2015, 1, 1)),
        document("a", "落实"),
    ]
    for documents in (several, several[::-1]):
        assert [one.cited_doc_id for one in cited([("a", "按《河北省协同发展规划》")], documents, RANKS)] == ["x"]


def test_no_document_cites_itself() -> None:
    own = document("a", "廊坊市人民政府关于印发《廊坊市氢能产业行动方案》的通知")
    text = "廊政发〔2022〕3号\n现将《廊坊市氢能产业行动方案》印发给你们。廊政发〔2022〕3号自发布起施行。"
    assert cited([("a", text)], [own], RANKS) == []


def test_news_about_a_policy_is_not_the_policy() -> None:
    news = document("n", "专家解读新发布《河北省协同发展规划》")
    assert [one.cited_doc_id for one in cited([("a", "按《河北省协同发展规划》")], [news], RANKS)] == [None]


def test_a_document_without_a_title_is_not_what_a_number_alone_means() -> None:
    documents = [document("e", ""), document("a", "落实")]
    assert [one.cited_doc_id for one in cited([("a", "按冀政发〔2015〕9号执行")], documents, RANKS)] == [None]


def test_an_issuer_told_by_one_citation_holds_for_the_title() -> None:
    texts = [("a", "《关于产业的意见》（国发〔2014〕12号）"), ("b", "《关于产业的意见》要求")]
    assert [one.citation.issuer for one in cited(texts, [], RANKS)] == ["national", "national"]
