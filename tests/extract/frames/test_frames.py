"""Each frame in the orders, distances and wordings in which its parties stand, and in those that are something else."""

from __future__ import annotations

import pytest

from tests.extract.reading import pairs, read


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("沧州市与天津市在港口、物流、旅游等领域，开展深度合作。", {"天津-沧州"}),
        ("廊坊市继续加强同北京市大兴区的产业对接。", {"大兴-廊坊"}),
        ("固安县与大兴区、永清县与房山区结成帮扶对子。", {"大兴-固安", "房山-永清"}),
        ("与天津大学共建的中试基地昨天在石家庄市投用。", {"天津-石家庄"}),
        ("京津冀环境联盟的成员单位为大兴区、西青区和安国市。", {"大兴-西青", "大兴-安国", "西青-安国"}),
        ("昌平区联合延庆区推动石家庄市、保定市、唐山市三地成立旅游联盟。", {"石家庄-保定", "石家庄-唐山", "唐山-保定"}),
        ("蓟州区与平谷区、三河市共同举办旅游推介，共同编制规划。", {"平谷-蓟州", "蓟州-三河", "平谷-三河"}),
        ("石家庄市、保定市、邢台市重点开展工业协同治理。", set()),
        ("廊坊市、保定市与某投资公司签署合作协议。", set()),
        ("以廊坊市、沧州市、保定市为重点，合力推进污染治理。", set()),
    ],
)
def test_acting_together(text: str, wanted: set[str]) -> None:
    assert pairs(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("北京市西城区对口帮扶阜平县。", {"西城-阜平"}),
        ("阜平县医院由北京友谊医院托管。", {"北京-阜平"}),
        ("天津市向承德市选派教师三十名。", {"天津-承德"}),
        ("曹妃甸区牵手东城区。", {"东城-曹妃甸"}),
        ("涞水县党政考察团赴北京市房山区洽谈旅游项目。", {"房山-涞水"}),
        ("廊坊市保健院加入北京友谊医院医联体。", {"北京-廊坊"}),
        ("总书记来到北京市、河北省考察。", set()),
    ],
)
def test_acting_on_another(text: str, wanted: set[str]) -> None:
    assert pairs(text) == wanted


@pytest.mark.parametrize(
    ("text", "giver", "taker"),
    [
        ("北京新发地市场的商户陆续搬进高碑店市。", "110000", "130684"),
        ("从北京市丰台区外迁的服装商户，如今已在永清县重新开张。", "110106", "131023"),
        ("沧州市从北京转移过来的药企已有二十家。", "110000", "130900"),
        ("承德县腾出厂房，静候北京市朝阳区一家器械厂迁来。", "110105", "130821"),
        ("在沧州市，一批北京医药企业入驻当地产业园。", "110000", "130900"),
        ("由北京城建集团投资的涿州市产业园开工。", "110000", "130681"),
        ("正定县被确定为北京服装批发业态的承接地。", "110000", "130123"),
        ("作为北京产业转移的重要承接地，固安县新增企业三十家。", "110000", "131022"),
        ("高碑店市物流园入驻商户四千户，大部分来自北京。", "110000", "130684"),
    ],
)
def test_what_moves_has_a_giver_and_a_taker(text: str, giver: str, taker: str) -> None:
    (pair,) = read(text).pairs
    assert {pair.a, pair.b} == {giver, taker}
    assert pair.direction == ("a>b" if giver < taker else "b>a")


@pytest.mark.parametrize(
    "text",
    [
        "北京游客纷纷来到承德市。",
        "从北京市到石家庄市的列车每天开行十八对。",
        "天津港出运货物占七成，经黄骅港出运不足一成。",
        "严禁以承接为名引进北京市淘汰的铸造企业。",
        "廊坊市与北京某公司2015年签订的合作协议自即日起终止。",
    ],
)
def test_what_is_no_statement(text: str) -> None:
    assert pairs(text, publisher="131000") == set()
