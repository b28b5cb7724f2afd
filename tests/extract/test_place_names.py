"""Every unit by every name it had: found wherever prose puts it, and left alone where its characters mean others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from config.model import Unit
from extract.model import Context, Mention, Places
from extract.places import find_places
from tests.extract.test_gazetteer import make_gazetteer

GAZETTEER = make_gazetteer()
TODAY = date(2025, 6, 1)
_YEARS = (date(2009, 5, 6), date(2016, 2, 20), date(2023, 10, 11))

# 〔〕 stands for the name, ↑ for its city in full, ↗ for the city's short name.
FULL_NAME = (
    "〔〕与北京市海淀区签订战略合作框架协议。",
    "近日，天津市武清区代表团赴〔〕考察对接。",
    "由〔〕、北京市顺义区共同发起的产业联盟成立。",
    "协议约定，项目落户〔〕，总投资8亿元。",
    "在〔〕召开的推进会上，双方交换了意见。",
    "各县（市、区）人民政府：请〔〕于月底前上报。",
    "北京一家机械企业整体搬迁至〔〕，三年达产",
    "把〔〕建成承接产业转移的重要基地",
    "〔〕：园区共建结出硕果",
    "（〔〕供稿）",
    "《〔〕与天津市宝坻区合作备忘录》印发",
    "会同〔〕组建了联合防火队。",
    "被〔〕人民政府确定为定点机构",
    "来自〔〕的三十名教师到北京跟岗。",
    "对口帮扶〔〕工作全面启动",
    "今年，〔〕累计承接项目21个，",
    "据〔〕发改局介绍，",
    "“〔〕”专场推介会",
    "协调〔〕开展联合执法。",
    "实施单位：〔〕发展和改革局",
    "结对 丰台区 〔〕 教育",
    "1.〔〕；2.北京市海淀区",
    "是〔〕全面融入京津的一年",
    "两年来〔〕新增高新技术企业8家",
    "——〔〕产业协作纪实",
    "截至目前〔〕已建成园区",
    "从昌平区搬到〔〕的企业",
    "以及〔〕等地",
    "联合〔〕、延庆区组建滑雪场联盟",
)
WITH_CITY = (
    "↑〔〕与天津武清区共建园区",
    "位于↗〔〕的产业园",
    "在↗〔〕签约",
    "天津企业落户↗〔〕，",
    "（↑〔〕）",
    "北京某公司与↗〔〕共建",
    "↗〔〕承接北京产业转移",
    "由↑〔〕承办",
)
SHORT_NAME = (
    "〔〕与固安签约",
    "固安与〔〕签署协议",
    "〔〕携手遵化共推旅游",
    "〔〕与延庆两地合作",
    "由〔〕迁入固安的工厂",
    "从海淀搬到〔〕的企业",
    "石景山、〔〕结对",
)
OWN_VOICE = (
    "北京海淀与〔〕签署合作协议。",
    "从北京转移到〔〕的项目已开工。",
    "〔〕携手延庆做强产业",
    "〔〕、海淀两地签约",
    "来到〔〕，记者看到",
    "近年来，〔〕承接北京项目30个",
    "〔〕：来了北京医生",
)
NAMED_AFTER = (
    "沿〔〕路向南行驶",
    "〔〕大街两侧",
    "〔〕东路与工农路交口",
    "〔〕南大街15号",
    "〔〕高速公路改扩建",
    "〔〕大桥通车",
    "〔〕站始发",
    "〔〕高铁站外",
    "〔〕线列车晚点",
    "〔〕河水位上涨",
    "《〔〕日报》报道",
    "〔〕电视台播出",
    "安徽省〔〕镇",
    "江苏省南京市〔〕路",
    "浙江省〔〕街道办事处",
    "四川省成都市〔〕村",
)
BODIES = ("〔〕大学举行论坛", "〔〕第一中学获奖", "〔〕集团股份有限公司公告", "〔〕人民医院专家坐诊")


@dataclass(frozen=True)
class Case:
    """A unit in one of its versions, on a day on which it was in force."""

    unit: Unit
    day: date

    @property
    def city(self) -> Unit:
        return GAZETTEER.unit(self.unit.parent_code, self.day)

    @property
    def full(self) -> str:
        return self.unit.name.split("/")[0]

    @property
    def shared(self) -> bool:
        """Whether the full name needs its city: other cities or provinces use it too."""
        entry = GAZETTEER.entry(self.full)
        assert entry is not None
        codes = {reading.code for reading in entry.readings if not reading.distance(self.day)}
        return len(codes) > 1 or entry.demand == "needs_parent"

    @property
    def short_is_own(self) -> bool:
        """Whether the short name means this unit on its day, and no other of the region."""
        entry = GAZETTEER.entry(self.unit.short_name)
        if entry is None or self.unit.short_name == self.city.short_name:
            return False
        return {reading.code for reading in entry.readings if not reading.distance(self.day)} == {self.unit.code}


def _days(unit: Unit) -> list[date]:
    start = unit.valid_from or date(1982, 1, 1)
    if unit.valid_to is not None:
        return [max(start, unit.valid_to - timedelta(days=500))]
    return [day for day in _YEARS if day >= start] or [TODAY]


def _cases() -> list[Case]:
    found = []
    for units in GAZETTEER.versions.values():
        for unit in units:
            if unit.level == "province" or not unit.parent_code or GAZETTEER.entry(unit.name.split("/")[0]) is None:
                continue
            found += [Case(unit, day) for day in _days(unit)]
    return found


CASES = _cases()
COUNTIES = [case for case in CASES if case.unit.level == "county"]


def read(template: str, name: str, city: Unit | None, publisher: str | None, day: date) -> tuple[Places, int, int]:
    if city is not None:
        template = template.replace("↑", city.name).replace("↗", city.short_name)
    start = template.index("〔〕")
    found = find_places(template.replace("〔〕", name), GAZETTEER, Context(publisher=publisher, day=day))
    return found, start, start + len(name)


def at(found: Places, start: int, end: int) -> list[Mention]:
    return [mention for mention in found.mentions if mention.start < end and start < mention.end]


def means(found: Places, start: int, end: int, code: str) -> bool:
    """Whether exactly this stretch is the unit, or the same place under its other code, with a reason."""
    return any(
        (mention.start, mention.end) == (start, end) and GAZETTEER.same_place(mention.code, code) and mention.reason
        for mention in found.mentions
    )


def missed(template: str, cases: list[Case], *, publisher: str = "", short: bool = False) -> list[str]:
    """The sentences in which a unit is not found; `publisher` is `city` or `own`."""
    failures = []
    for case in cases:
        name = case.unit.short_name if short else case.full
        speaker = {"city": case.unit.parent_code, "own": case.unit.code}.get(publisher)
        if not speaker and not short and case.shared:
            speaker = case.unit.parent_code
        found, start, end = read(template, name, case.city, speaker, case.day)
        if not means(found, start, end, case.unit.code):
            failures.append(f"{case.day} {speaker} {template.replace('〔〕', name)}: {at(found, start, end)}")
    return failures


@pytest.mark.parametrize("turn", range(len(FULL_NAME)))
def test_full_names_of_all_versions_are_found(turn: int) -> None:
    """Each sentence with a sixth of all versions; over the sentences every version comes up five times."""
    cases = [case for n, case in enumerate(CASES) if (n + turn) % 6 == 0 and not _is_parent_and_area(case)]
    assert missed(FULL_NAME[turn], cases) == []


def _is_parent_and_area(case: Case) -> bool:
    """唐山市汉沽管理区 and 河北雄安新区 are read as the parent and the area, and 北京城市副中心 as 通州区."""
    return GAZETTEER.entry(case.full) is None or case.unit.code == "F-BJ-FZX"


@pytest.mark.parametrize("template", WITH_CITY)
def test_a_name_behind_its_city_needs_nothing_else(template: str) -> None:
    cases = [case for case in COUNTIES if not case.full.startswith(case.city.short_name)]
    assert missed(template, cases[::3]) == []


@pytest.mark.parametrize("template", WITH_CITY)
def test_a_short_name_behind_its_city_needs_nothing_else(template: str) -> None:
    """Except 天津河北, which is two provinces."""
    cases = [case for case in COUNTIES if case.short_is_own and case.unit.short_name != "河北"]
    assert missed(template, cases[::3], short=True) == []


@pytest.mark.parametrize("template", SHORT_NAME)
def test_a_short_name_beside_its_partner(template: str) -> None:
    cases = [case for case in COUNTIES if case.short_is_own and case.unit.short_name not in ("固安", "延庆", "河北")]
    cases = [case for case in cases if case.unit.short_name not in template]
    assert missed(template, cases[::3], short=True) == []


@pytest.mark.parametrize("template", OWN_VOICE)
def test_a_short_name_in_the_texts_of_its_own_unit(template: str) -> None:
    cases = [case for case in COUNTIES if case.short_is_own and case.unit.short_name not in template]
    assert missed(template, cases[::3], short=True, publisher="own") == []


@pytest.mark.parametrize("template", NAMED_AFTER)
def test_things_named_after_a_unit_are_vetoed_with_a_reason(template: str) -> None:
    for case in COUNTIES[::3]:
        name = case.unit.short_name
        if name[-1] in "县区" or not case.short_is_own:
            continue
        for publisher in (case.unit.code, case.unit.parent_code, None):
            found, start, end = read(template, name, case.city, publisher, case.day)
            assert at(found, start, end) == [], (template, name, publisher)
            assert any(veto.start < end and start < veto.end and veto.reason for veto in found.vetoes), (template, name)


@pytest.mark.parametrize("template", BODIES)
def test_bodies_named_after_a_unit_are_no_places(template: str) -> None:
    for case in COUNTIES[::5]:
        found, start, end = read(template, case.unit.short_name, case.city, case.unit.parent_code, case.day)
        assert all(mention.kind == "organisation" for mention in at(found, start, end)), (template, case.unit.name)


@pytest.mark.parametrize(
    ("word", "sentences"),
    [
        ("迁安", "做好移民搬迁安置工作 建成拆迁安置房三百套 解决回迁安置问题"),
        ("康保", "办理健康保险 提高健康保障水平"),
        ("任县", "历任县委书记都重视 他曾任县长 拟担任县委常委 现任县级领导"),
        ("定兴", "会议决定兴建水厂 规定兴办企业"),
        ("大城", "治理大城市病 扩大城镇规模 加大城管力度"),
        ("海兴", "上海兴建基地 沿海兴起"),
        ("行唐", "举行唐代书画展 进行唐诗朗诵"),
        ("望都", "群众的愿望都实现了"),
        ("成安", "造成安全隐患 完成安置任务 建成安居房"),
        ("广平", "推广平台经验 宽广平坦"),
        ("安平", "治安平稳 长治久安平台"),
        ("南和", "河南和山东 越南和老挝 云南和贵州"),
        ("临西", "面临西部开发 莅临西藏"),
        ("临城", "面临城市化"),
        ("武强", "精武强能 习武强身"),
        ("平乡", "太平乡举办 和平乡"),
        ("路北", "道路北侧 铁路北京局 公路北段"),
        ("路南", "道路南侧 公路南段"),
        ("景县", "风景县城 背景县情"),
        ("青县", "高青县域 丹青县城"),
        ("雄县", "镇雄县城 英雄县城"),
        ("赵县", "赵县长讲话"),
        ("献县", "贡献县域力量"),
        ("涉县", "属涉县级事权"),
        ("通县", "普通县城 交通县乡道路"),
        ("衡水", "平衡水资源 均衡水平"),
        ("保定", "纳入医保定点 社保定期核查"),
        ("固安", "巩固安全成果 稳固安全防线"),
        ("怀来", "关怀来自四方"),
        ("西青", "陕西青年 江西青山湖"),
        ("开平", "公开平台 公开平等竞争"),
        ("信都", "微信都要 诚信都高"),
        ("正定", "端正定位 修正定额"),
        ("南开", "云南开展 河南开通 济南开幕"),
        ("新河", "永定新河 潮白新河"),
        ("清河", "大清河流域 小清河"),
        ("长安", "长安街 西安市长安区"),
        ("高阳", "提高阳光 最高阳性"),
        ("东光", "广东光电 山东光伏"),
        ("宽城", "拓宽城区道路 放宽城市落户"),
        ("通州", "交通州县"),
        ("怀柔", "怀柔政策"),
        ("大兴", "大兴调查研究之风 加大兴修水利 扩大兴趣"),
        ("朝阳", "朝阳产业"),
        ("复兴", "民族复兴 复兴号"),
        ("容城", "包容城市 形容城市"),
        ("崇礼", "推崇礼仪 尊崇礼法"),
    ],
)
@pytest.mark.parametrize("day", [date(2008, 1, 1), date(2022, 1, 1)])
def test_other_words_are_no_units_even_in_the_units_own_texts(word: str, sentences: str, day: date) -> None:
    entry = GAZETTEER.entry(word)
    assert entry is not None
    code = GAZETTEER.best(entry.readings, day)[0].code
    for sentence in sentences.split():
        for publisher in (None, code, GAZETTEER.unit(code, day).parent_code):
            found = find_places(sentence, GAZETTEER, Context(publisher=publisher, day=day))
            assert [m for m in found.mentions if m.code == code] == [], (sentence, publisher)


@pytest.mark.parametrize(
    "text",
    [
        "沈阳市沈河区、和平区、皇姑区",
        "长春市南关区、宽城区、朝阳区",
        "江苏省海安市、通州区",
        "临沂市兰山区、河东区",
        "山东临沂河东区",
        "广东省江门市开平市",
        "重庆双桥",
        "浙江省天台县赤城街道",
        "乌鲁木齐市新市区",
    ],
)
@pytest.mark.parametrize("publisher", [None, "110000", "120000", "130000"])
def test_namesakes_outside_the_region(text: str, publisher: str | None) -> None:
    found = find_places(text + "与我市签约", GAZETTEER, Context(publisher=publisher, day=TODAY))
    assert [mention.text for mention in found.mentions if mention.kind != "self"] == []


@pytest.mark.parametrize("text", ["上海、朝阳区", "上海浦东新区与北京市朝阳区、通州区", "江苏南通与天津市和平区"])
def test_a_place_outside_beside_a_unit_of_the_region(text: str) -> None:
    found = find_places(text + "签约", GAZETTEER, Context(publisher="110105", day=TODAY))
    assert found.mentions[-1].text.endswith("区")


@pytest.mark.parametrize(
    ("text", "title", "name", "expected"),
    [
        ("孟村×大厂，两个回族自治县首次联姻", "", "沧州日报", [("孟村", "130930"), ("大厂", "131028")]),
        (
            "北京平谷—蓟州—三河三地政协",
            "",
            "",
            [("北京", ""), ("平谷", "110117"), ("蓟州", "120119"), ("三河", "131082")],
        ),
        ("安平丝网在北京展出", "", "衡水日报", [("安平", "131125"), ("北京", "110000")]),
        ("安平丝网在展出", "", "苏州日报", []),
        ("芦台经济开发区扩建。开发区的学校", "天津宁河", "", [("芦台经济开发区", "130271"), ("开发区", "130271")]),
        ("静海和大城的民工", "", "", [("静海", "120118"), ("大城", "131025")]),
        ("静海、运河商务区", "", "", [("静海", "120118")]),
        ("河间电缆、清河羊绒", "", "河北日报", [("河间", "130984"), ("清河", "130534")]),
        ("桥东、桥西两区", "邢台的消息", "", [("桥东", "130502"), ("桥西", "130503")]),
    ],
)
def test_weak_names_with_a_sign_beside_them(text: str, title: str, name: str, expected: list[tuple[str, str]]) -> None:
    context = Context(title=title, publisher_name=name, day=date(2018, 3, 1))
    found = [(mention.text, mention.code) for mention in find_places(text, GAZETTEER, context).mentions]
    assert found == [(word, code or "110000") for word, code in expected]


def test_somebody_called_like_a_unit() -> None:
    context = Context(publisher="131000", day=TODAY)
    found = find_places("县公安局政委薛永清带队，永清县群众送行。", GAZETTEER, context)
    assert [mention.text for mention in found.mentions] == ["永清县"]
    assert [veto.reason for veto in found.vetoes] == ["a person: 薛永清"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("联合北京市民政局", [("北京市", "110000")]),
        ("北京市民出行", [("北京", "110000")]),
        ("划归北京市管辖", [("北京市", "110000")]),
        ("海淀区位于西北", [("海淀区", "110108")]),
        ("海淀区位优势", [("海淀", "110108")]),
        ("固安县城乡规划", [("固安县", "131022")]),
        ("固安县城扩建", [("固安", "131022")]),
        ("河北省会计学会", [("河北省", "130000")]),
        ("河北省会石家庄", [("河北", "130000"), ("石家庄", "130100")]),
        ("藁城和平山", [("藁城", "130109"), ("平山", "130131")]),
        ("香河和安次", [("香河", "131024"), ("安次", "131002")]),
        ("在唐山路北签约", [("唐山", "130200"), ("路北", "130203")]),
        ("沿唐山路北侧", []),
        ("到任泽区调研", [("任泽区", "130505")]),
        ("沧州渤海新区与天津滨海新区", [("沧州渤海新区", "130973"), ("天津", "120000"), ("滨海新区", "120116")]),
        ("承德市御道口牧场管理区", [("承德市", "130800"), ("御道口牧场管理区", "F-HE-CD-YDK")]),
        ("武清开发区与新乐市经济开发区", [("武清", "120114"), ("新乐市", "130184")]),
        ("文安关停小厂，大城清理作坊", [("文安", "131026"), ("大城", "131025")]),
    ],
)
def test_where_names_begin_and_end(text: str, expected: list[tuple[str, str]]) -> None:
    found = find_places(text, GAZETTEER, Context(publisher="130000", day=date(2023, 3, 1)))
    assert [(mention.text, mention.code) for mention in found.mentions] == expected


def _plain_counties() -> list[Case]:
    plain = []
    for case in COUNTIES:
        entry = GAZETTEER.entry(case.unit.short_name)
        if case.day == _YEARS[2] and case.short_is_own and entry is not None and entry.demand == "none":
            plain.append(case)
    return plain


_PLAIN = _plain_counties()
_SENTENCES = st.sampled_from(
    (*FULL_NAME, "〔〕、固安签署协议", "赴〔〕考察", "支持〔〕与北京对接", "从海淀搬到〔〕的企业")
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(_PLAIN), st.sampled_from(_PLAIN), _SENTENCES, st.booleans(), st.sampled_from(["", "近年来，", "（"])
)
def test_another_name_in_its_place_moves_the_mention_and_nothing_else(
    one: Case, other: Case, template: str, short: bool, lead: str
) -> None:
    """The reading of a sentence depends on its units only by their names: none is known by heart."""
    assume(len(one.unit.name) == len(other.unit.name) and one.unit.unit_type == other.unit.unit_type)
    assume(len(one.unit.short_name) == len(other.unit.short_name))
    readings = []
    for case in (one, other):
        name = case.unit.short_name if short else case.full
        found, start, end = read(lead + template, name, None, "130000", _YEARS[2])
        assert means(found, start, end, case.unit.code), (template, name)
        readings.append([(m.start, m.end, m.code, m.kind) for m in found.mentions if m.start != start])
    assert readings[0] == readings[1]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(CASES), st.sampled_from(FULL_NAME), st.sampled_from(FULL_NAME))
def test_sentences_around_do_not_change_a_full_name(case: Case, before: str, template: str) -> None:
    assume(not _is_parent_and_area(case) and not case.shared and case.unit.level == "county")
    text = before.replace("〔〕", "遵化市") + "\n" + template
    found, start, end = read(text, case.full, None, case.unit.parent_code, case.day)
    assert means(found, start, end, case.unit.code), (text, case.full)
