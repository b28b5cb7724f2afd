"""Which units texts name: dated names, same-name units, self-reference, compounds, and what must be turned down."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.loader import DEFAULT_REGION
from config.model import Collision
from config.reading import read_rows
from extract.model import Context, Mention, Places, Veto
from extract.places import find_places
from tests.extract.test_gazetteer import make_gazetteer

GAZETTEER = make_gazetteer()


def read(text: str, day: str | None = None, publisher: str | None = None, title: str = "", name: str = "") -> Places:
    when = date.fromisoformat(day) if day else None
    return find_places(text, GAZETTEER, Context(title=title, publisher=publisher, publisher_name=name, day=when))


def named(*args: object, **kwargs: object) -> list[tuple[str, str]]:
    return [(m.text, m.code) for m in read(*args, **kwargs).mentions]  # type: ignore[arg-type]


def kinds(text: str, **kwargs: str) -> list[tuple[str, str]]:
    return [(mention.text, mention.kind) for mention in read(text, **kwargs).mentions]


def test_parent_and_child_are_both_named() -> None:
    assert named("河北省廊坊市固安县与北京市大兴区签约") == [
        ("河北省", "130000"),
        ("廊坊市", "131000"),
        ("固安县", "131022"),
        ("北京市", "110000"),
        ("大兴区", "110115"),
    ]


@pytest.mark.parametrize(
    ("text", "day", "codes"),
    [
        ("密云推进建设", "2010-01-01", ["110228"]),
        ("密云推进建设", "2020-01-01", ["110118"]),
        ("密云推进建设", None, ["110118"]),
        ("蓟县与北京市宣武区", "2024-01-01", ["120225", "110000", "110104"]),
        ("保定地区与衡水地区", "1986-01-01", ["132400", "133000"]),
        ("保定地区与衡水地区", "2016-01-01", ["130600", "131100"]),
        ("曹妃甸承接项目", "2006-01-01", ["F-HE-TS-CFDGYQ"]),
        ("曹妃甸承接项目", "2010-01-01", ["F-HE-TS-CFDXQ"]),
        ("曹妃甸承接项目", "2020-01-01", ["130209"]),
        ("白沟的市场", "2005-01-01", ["130684"]),
        ("白沟的市场", "2015-01-01", ["130672"]),
        ("滨海新区开发", "2006-01-01", ["F-TJ-BHXQ"]),
        ("滨海新区开发", "2016-01-01", ["120116"]),
    ],
)
def test_names_mean_the_version_of_the_day(text: str, day: str | None, codes: list[str]) -> None:
    assert [code for _, code in named(text, day)] == codes


@pytest.mark.parametrize(
    ("text", "day", "publisher", "title", "expected"),
    [
        ("沧州市新华区和石家庄市新华区", "2020-01-01", None, "", ["130900", "130902", "130100", "130105"]),
        ("邢台市桥东区与桥西区", "2018-01-01", None, "", ["130500", "130502", "130503"]),
        ("桥西区召开会议", "2018-01-01", "130700", "", ["130703"]),
        ("桥西区召开会议", "2018-01-01", None, "石家庄的消息", ["130104"]),
        ("在河北省，新华区和桥西区都已启动", "2024-01-01", None, "", ["130000", "130105", "130104"]),
        ("天津和平、南开、河北、红桥四区", "2020-01-01", None, "", ["120000", "120101", "120104", "120105", "120106"]),
        ("河北、天津与和平发展", "2020-01-01", None, "", ["130000", "120000"]),
        ("廊坊三河、大厂、香河三地", "2020-01-01", None, "", ["131000", "131082", "131028", "131024"]),
    ],
)  # fmt: skip
def test_shared_names_are_settled_by_their_surroundings(
    text: str, day: str, publisher: str | None, title: str, expected: list[str]
) -> None:
    assert [code for _, code in named(text, day, publisher, title)] == expected


def test_every_mention_says_how_it_was_resolved() -> None:
    reasons = {m.text: m.reason for m in read("沧州市新华区、运河区；海淀区；固安", "2015-03-23").mentions}
    assert reasons["新华区"] == "parent before"
    assert reasons["海淀区"] == "unique name"
    assert reasons["固安"] == "valid on 2015-03-23"


@pytest.mark.parametrize(
    ("word", "publisher", "code"),
    [
        ("我市", "131000", "131000"),
        ("我市", "131022", "131000"),
        ("我市", "131082", "131082"),
        ("我省", "131022", "130000"),
        ("我县", "131022", "131022"),
        ("我区", "110108", "110108"),
        ("本市", "110108", "110000"),
        ("市政府", "130600", "130600"),
    ],
)
def test_self_reference_is_the_publisher_or_the_unit_above_it(word: str, publisher: str, code: str) -> None:
    found = read(f"近日，{word}与天津市武清区签约。", "2019-01-01", publisher).mentions[0]
    assert (found.text, found.code, found.kind) == (word, code, "self")


def test_self_reference_needs_a_publisher_and_no_owner() -> None:
    assert named("我市与武清区签约", "2019-01-01") == [("武清区", "120114")]
    assert [kind for _, kind in kinds("北京市委市政府与省外", publisher="131000")] == ["place"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("京冀合作", {"110000", "130000"}),
        ("通武廊试点", {"110112", "120114", "131000"}),
        ("静沧廊先行", {"120118", "130900", "131000"}),
        ("京保石发展轴", {"110000", "130600", "130100"}),
        ("支持北三县", {"131082", "131028", "131024"}),
        ("雄石沧低空", {"F-HE-XIONGAN", "130100", "130900"}),
    ],
)
def test_compounds_name_each_unit_with_one_span(text: str, codes: set[str]) -> None:
    mentions = read(text, "2024-01-01").mentions
    assert {mention.code for mention in mentions} == codes
    assert len({(mention.start, mention.end) for mention in mentions}) == 1


def test_initials_that_the_text_explains() -> None:
    text = "丰台区与容城县签约，“丰容”合作区揭牌，丰容两地共建。"
    assert [m.code for m in read(text, "2024-01-01").mentions if m.text == "丰容"] == ["110106", "130629"] * 2
    assert all(m.text != "丰容" for m in read("丰台区与容城县：丰容的面貌", "2024-01-01").mentions)


def test_the_region_as_a_whole_is_no_party() -> None:
    found = read("京津冀协同发展")
    assert not found.mentions
    assert [veto.text for veto in found.vetoes] == ["京津冀"]


def test_the_second_centre_of_beijing_is_tongzhou() -> None:
    assert named("北京城市副中心与北三县", "2022-01-01")[0] == ("北京城市副中心", "110112")


@pytest.mark.parametrize(
    "text",
    [
        "做好搬迁安置工作",
        "完善健康保障制度",
        "他曾担任县委书记",
        "收支平衡水平",
        "大城市病",
        "河南和湖北",
        "决定兴建水库",
        "大兴调查研究之风",
        "维护世界和平与发展",
        "民族复兴",
        "朝阳产业",
        "江苏新河",
        "沈阳市和平区与西安长安区",
        "辽宁省朝阳市",
        "安徽省肥西县三河镇",
        "杭州未来科技城",
        "国家级高新区",
        "北京时间八时",
        "京沪高铁与京杭大运河",
        "京张高铁开通",
        "在北京西站换乘",
        "广州北京路",
        "天津日报讯",
        "淮河北岸",
    ],
)
def test_what_only_looks_like_a_unit(text: str) -> None:
    assert named(text, "2020-01-01") == []


def test_vetoes_are_visible_with_their_reason() -> None:
    reasons = {veto.text: veto.reason for veto in read("搬迁安置；沈阳和平区；京张高铁").vetoes}
    assert reasons == {
        "迁安": "across word boundaries",
        "和平区": "of 沈阳, outside the region",
        "京张": "named after the place: 京张高铁",
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("河北区域协调", [("河北", "130000")]),
        ("北京市民出行", [("北京", "110000")]),
        ("在湖北京山", []),
        ("环京津的农户进京", [("京津", "110000"), ("京津", "120000"), ("京", "110000")]),
        ("在津召开", [("津", "120000")]),
        ("北京奥运会", [("北京", "110000")]),
        ("唐县与行唐县、任丘市", [("唐县", "130627"), ("行唐县", "130125"), ("任丘市", "130982")]),
        ("⼴阳区与北京", [("⼴阳区", "131003"), ("北京", "110000")]),
    ],
)
def test_word_boundaries_and_longest_names(text: str, found: list[tuple[str, str]]) -> None:
    assert named(text, "2020-01-01", title="河北") == found


def test_bodies_named_after_a_place() -> None:
    assert kinds("北京大学与天津港集团、涿州市第一中学在雄安新区签约") == [
        ("北京", "organisation"),
        ("天津", "organisation"),
        ("涿州市", "organisation"),
        ("雄安新区", "place"),
    ]
    assert kinds("首钢迁往曹妃甸")[0] == ("首钢", "organisation")
    assert kinds("北京市发展改革委、廊坊市政府联合印发") == [("北京市", "place"), ("廊坊市", "place")]


_FRAGMENTS = st.sampled_from(
    [
        "新华区",
        "河北",
        "、",
        "和平",
        "北京市",
        "我市",
        "京津",
        "担任县委",
        "(",
        "沈阳",
        "大学",
        "，",
        "丰",
        "容",
        "“",
        "\U00020000",
        "⼴",
    ]
)


@settings(max_examples=200)
@given(
    st.one_of(st.text(), st.lists(_FRAGMENTS).map("".join)),
    st.sampled_from([None, "131000", "110108", "no unit"]),
    st.one_of(st.none(), st.dates()),
    st.text(max_size=10),
)
def test_any_text_is_read_with_true_offsets(text: str, publisher: str | None, day: date | None, title: str) -> None:
    context = Context(title=title, publisher=publisher, day=day)
    found = find_places(text, GAZETTEER, context)
    items: tuple[Mention | Veto, ...] = (*found.mentions, *found.vetoes)
    for item in items:
        assert 0 <= item.start < item.end <= len(text)
        assert text[item.start : item.end] == item.text
    assert all(mention.code in GAZETTEER.versions for mention in found.mentions)
    assert find_places(text, GAZETTEER, context) == found


@pytest.mark.parametrize("unit", ["新华区、", "河北和平、", "京津冀", "担任县委", "北京大学"])
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    find_places(unit * 20_000, GAZETTEER, Context(title="河北", publisher="131000"))


def test_collisions_name_each_word_once() -> None:
    patterns = [row.pattern for row in read_rows(DEFAULT_REGION / "collisions.csv", Collision)]
    assert len(patterns) == len(set(patterns))
