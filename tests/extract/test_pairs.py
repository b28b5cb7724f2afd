"""Who works with whom: sides, lists, transfers, self-reference – and what stands together without a tie."""

from __future__ import annotations

import pytest

from tests.extract.reading import pairs, read


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("静海区与沧州市、廊坊市签署协同发展合作协议。", {"静海-沧州", "静海-廊坊"}),
        ("固安县与北京市大兴区签订教育合作协议。", {"大兴-固安"}),
        ("河北省廊坊市固安县与北京市大兴区签订教育合作协议。", {"大兴-固安"}),
        ("北京市通州区、天津市武清区、河北省廊坊市三地联合发布人才措施。", {"通州-武清", "通州-廊坊", "武清-廊坊"}),
        ("通武廊三地签署合作协议。", {"通州-武清", "通州-廊坊", "武清-廊坊"}),
        ("海淀区、丰台区分别与赤城县、涞水县结对。", {"海淀-赤城", "丰台-涞水"}),
        ("天津市分别与承德市、石家庄市签订对口帮扶协议。", {"天津-承德", "天津-石家庄"}),
        ("平谷区、蓟州区、兴隆县签订林业有害生物联防联治协议。", {"平谷-蓟州", "平谷-兴隆", "蓟州-兴隆"}),
        ("北京市与天津市签署《加强科技创新合作的框架协议》。", {"北京-天津"}),
        ("《北京市人民政府 河北省人民政府关于进一步加强合作的协议》签署。", {"北京-河北"}),
        (
            "天津市滨海新区和北京市、河北省雄安新区三方签署合作备忘录。",
            {"北京-滨海新区", "北京-雄安新区", "滨海新区-雄安新区"},
        ),
        ("怀来县与延庆区签约，两地将共建葡萄酒产业带。", {"延庆-怀来"}),
        ("廊坊市和天津市武清区近日建立跨界河流联防联控机制。", {"武清-廊坊"}),
        ("丰宁、围场两县与北京市昌平区建立劳务协作关系。", {"昌平-丰宁", "昌平-围场"}),
        ("北京城市副中心与雄安新区共建人才走廊。", {"通州-雄安新区"}),
        ("保定市党政代表团赴北京市海淀区对接科技成果转化。", {"海淀-保定"}),
        ("北京市海淀区与河北省赤城县、内蒙古敖汉旗签订东西部协作协议。", {"海淀-赤城"}),
    ],
)
def test_sides_and_lists(text: str, wanted: set[str]) -> None:
    assert pairs(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted", "direction"),
    [
        ("该市场已从北京市丰台区搬迁到保定市。", {"丰台-保定"}, "a>b"),
        ("由北京转移至唐山曹妃甸的企业达到200家。", {"北京-曹妃甸"}, "a>b"),
        ("北京的30家企业落户邯郸。", {"北京-邯郸"}, "a>b"),
        ("唐山全力承接京津产业转移。", {"北京-唐山", "天津-唐山"}, "a>b"),
        ("雄安新区承接北京非首都功能疏解项目顺利推进。", {"北京-雄安新区"}, "a>b"),
        ("衡水市引进京津企业120家。", {"北京-衡水", "天津-衡水"}, "a>b"),
        ("石家庄市向北京市平谷区输出技术。", {"平谷-石家庄"}, "b>a"),
    ],
)
def test_transfers_have_a_direction(text: str, wanted: set[str], direction: str) -> None:
    found = read(text)
    assert pairs(text) == wanted
    assert {pair.direction for pair in found.pairs} == {direction}
    assert all("transfer" in pair.types for pair in found.pairs)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("首钢搬迁到曹妃甸。", {"北京-曹妃甸"}),
        ("北京大学第三医院在崇礼区设立分院。", {"北京-崇礼"}),
        ("北京现代沧州工厂投产。", {"北京-沧州"}),
        ("会上，天津港集团与唐山港集团签署战略合作协议。", {"天津-唐山"}),
        ("任丘市与北京某高校达成共建协议。", {"北京-任丘"}),
    ],
)
def test_organisations_stand_for_their_home_only_where_they_act(text: str, wanted: set[str]) -> None:
    assert pairs(text) == wanted
    assert {pair.via for pair in read(text).pairs} == {"organisation"}


def test_the_publisher_is_what_it_calls_itself() -> None:
    assert pairs("我市与天津市武清区签署战略合作框架协议。", "131000") == {"武清-廊坊"}
    assert pairs("我市与天津市武清区签署战略合作框架协议。", None) == set()


def test_an_omitted_subject_is_the_publisher() -> None:
    text = "一是与北京市朝阳区签订战略合作协议；二是与天津市西青区共建产业园。"
    assert pairs(text, "131000") == {"朝阳-廊坊", "西青-廊坊"}
    assert pairs("积极对接北京市大兴区，承接产业转移。", "131022") == {"大兴-固安"}


def test_division_of_work() -> None:
    for text in ("总部在北京、生产在沧州的模式逐渐形成。", "北京研发、沧州转化的链条形成。"):
        assert pairs(text) == {"北京-沧州"}
        assert read(text).pairs[0].types == ("division",)


def test_a_park_whose_name_holds_two_places() -> None:
    assert pairs("天津滨海-中关村科技园新增入驻企业300家。") == {"滨海新区-中关村"}
    assert pairs("研讨会在天津滨海-中关村科技园举行。") == set()


@pytest.mark.parametrize(
    "text",
    [
        "京津冀协同发展是重大国家战略。",
        "廊坊、保定、沧州今日将有大到暴雨。",
        "北京至张家口高铁开通运营。",
        "责任单位：石家庄市、唐山市、邯郸市人民政府。",
        "市民建议北京与廊坊共建地铁。",
        "石家庄市、正定县共建新区。",
        "撤销塘沽区、汉沽区、大港区，合并设立滨海新区。",
        "北京、上海、广州、深圳、天津等城市开展试点合作。",
        "沧州队与天津队在联赛中联合主办开幕式。",
        "2023年邯郸、邢台、衡水增速位居全省前列。",
        "廊坊市与天津市武清区终止合作协议。",
        "保定参与北京的评比。",
    ],
)
def test_standing_together_is_no_tie(text: str) -> None:
    assert pairs(text, "130000") == set()


def test_negated() -> None:
    assert pairs("双方没有与天津市签署任何协议。", "131000") == set()


def test_three_provinces_in_one_act_are_region_level_and_one_towards_two_are_pairs() -> None:
    joint = read("北京、天津、河北三省市共同签署合作框架协议。")
    assert (joint.pairs, joint.tag.level, joint.tag.policy) == ((), "region", True)
    assert pairs("河北加强与北京、天津的对接。") == {"北京-河北", "天津-河北"}


def test_a_compound_of_one_city_is_no_tie_of_its_members() -> None:
    assert pairs("北京市通州区与北三县一体化高质量发展。") == {"通州-三河", "通州-大厂", "通州-香河"}


@pytest.mark.parametrize(
    ("text", "day", "year"),
    [
        ("2014年8月，北京市与天津市签署五项合作协议。", "2020-05-01", 2014),
        ("去年，北京市与天津市签署五项合作协议。", "2020-05-01", 2019),
        ("昨日，北京市与天津市签署五项合作协议。", "2020-01-01", 2019),
        ("北京市与天津市签署五项合作协议。", "2020-05-01", 2020),
        ("到2035年，北京市与天津市将共建五个园区。", "2020-05-01", 2020),
        ("北京市与天津市签署五项合作协议。", None, None),
    ],
)
def test_the_year_is_the_events(text: str, day: str | None, year: int | None) -> None:
    assert [pair.year for pair in read(text, day=day).pairs] == [year]


def test_planned_and_done() -> None:
    assert read("北京市将与天津市共建园区。").pairs[0].status == "planned"
    assert read("北京市已与天津市共建园区。").pairs[0].status == "actual"


def test_evidence_is_the_statement_and_not_the_paragraph() -> None:
    text = "会议总结了全年工作，部署了下一步任务。静海区与沧州市签署合作协议，与会人员参观了展览。天气晴好。"
    (pair,) = read(text).pairs
    assert pair.evidence.text == "静海区与沧州市签署合作协议"
    assert text[pair.evidence.start : pair.evidence.end] == pair.evidence.text
    assert pair.rule == "agreement-sides"


def test_one_row_for_one_pair_in_one_sentence() -> None:
    found = read("静海区与沧州市签署合作协议，双方将共建产业园。静海区与沧州市共建医联体。").pairs
    assert [(pair.a, pair.b) for pair in found] == [("120118", "130900")] * 2
    assert "agreement" in found[0].types


def test_nothing_before_its_time() -> None:
    assert pairs("蓟县与兴隆县签署合作协议。", day="2012-03-01") == {"蓟县-兴隆"}
