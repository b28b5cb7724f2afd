"""The documents that a text cites: their numbers (京政发〔2014〕12号) and their titles (《…》), in one spelling.

A title with its number in brackets behind it is one citation. Works that are no policies (newspapers, books, films) and
the text's own number are none; a short name that the text introduces (以下简称《规划》) stands for the full title.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final, Literal

Issuer = Literal["national", "provincial", "city"]

_OPEN: Final = "〔[［(（【﹝"
_CLOSE: Final = "〕]］)）】﹞"
_YEAR: Final = r"(?P<year>(?:[1１][9９]|[2２][0０])\d{2})"
_SERIAL: Final = r"\s{0,2}第?\s{0,2}(?P<serial>\d{1,5})\s{0,2}号"
_NUMBER: Final = re.compile(rf"[{re.escape(_OPEN)}]\s{{0,2}}{_YEAR}\s{{0,2}}[{re.escape(_CLOSE)}]{_SERIAL}")
_NOTICE: Final = re.compile(rf"公告\s{{0,2}}{_YEAR}\s{{0,2}}年{_SERIAL}")
_ORDER: Final = re.compile(rf"令\s{{0,2}}[（(]?{_SERIAL}")
_BEFORE_NUMBER: Final = re.compile(r"(?:[一-鿿⺀-⿟](?:[ \t\u3000]{0,2})){1,16}$")
_BEFORE_NOTICE: Final = re.compile(r"(?:[一-鿿、 \u3000]){2,40}$")
# What may stand before a number without being part of it.
_LEAD: Final = re.compile(
    r".*(?:根据|按照|依据|依照|遵照|执行|落实|贯彻|按|依|见|以及|以|和|及|与|即|由|的|号|文号|字号|通知|意见|方案|办法|规划"
    r"|决定|精神|文件|原|现将|关于)(?=[一-鿿])"
)
_DECLARED: Final = re.compile(r"(?:文\s*号|字\s*号|编\s*号)\s*[:：]?\s*$")
_HEAD: Final = 400
_ALONE: Final = re.compile(r"[ \t\u3000]*(?=\n|$)")

_TITLE: Final = re.compile("《[^《》]{2,100}(?:《[^《》]{2,100}》[^《》]{0,60})?》")
_SHORTEST_TITLE: Final = 5
_GENRE: Final = re.compile(
    "(?:意见|通知|规划|纲要|方案|办法|条例|规定|决定|决议|协议|协定|备忘录|意向书|合同|计划|细则|法|法典|标准|规范|导则"
    "|公告|通告|公报|批复|复函|函|令|目录|规则|规程|章程|公约|要点|行动|措施|政策|建议|纪要|宣言|倡议书?|指南|清单|若干[^，。]{1,8}"
    "|协定书|声明|议定书|任务书|路线图|时间表|宪法)(?:（[^（）]{1,30}）)*$"
)
_SHORT: Final = re.compile(r"(?:以下|下)?(?:统|简)称(?:为|作)?[：:]?\s{0,2}[“\"《‘]?$")
_SHORT_NAME: Final = re.compile(
    r"\s{0,2}[（(](?:以下|下)?(?:统|简)?称(?:为|作)?[：:]?\s{0,2}[“\"《‘](?P<name>[^”\"》’]{2,30})[”\"》’]"
)
_JOINT: Final = re.compile(r"\s{0,3}[（(【\[]?\s{0,2}$")
_END: Final = re.compile(r"\s{0,2}[）)】\]]")

_NATIONAL_NUMBER: Final = re.compile(
    "国|中发|中办|中宣|中组|中央|全国|财政部|财[税建教综预农社企金关库行资会]|发改|改[委办]|工信|信部|环[发办土水大规生评]|建[城规科市质房标]|交[规通运]"
    "|教[高职基师发技科]|人社|农[发办企业科市]|商[务办建流资服]|税总|银[发保监]|证监|民发|水[规利资]|林[规发]|卫[办医计]|文旅|科技部|质检"
    "|厅字|自然资|住建部|能源局|海关|铁|民航|最高|主席"
)
_PROVINCES: Final = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀贵黔滇云藏陕甘陇青宁新"
_PROVINCE_NAMES: Final = re.compile(
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川"
    "|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆"
)
_LOCAL_NUMBER: Final = re.compile(r".{0,4}?(?:政|府|发改|委)")
_NATIONAL_TITLE: Final = re.compile(
    "中共中央|中华人民共和国|国务院|国家|全国|中国共产党|京津冀协同发展规划|京津冀及周边地区"
    "|[一-鿿]{1,10}部(?!门|分|署|省|队|落)(?:办公厅)?(?:等[一-鿿]{1,5}部[门委])?(?:、|关于)"
)
_PROVINCIAL_NUMBER: Final = re.compile("省(?:人民)?政府|省委|自治区")
_BELOW_PROVINCE: Final = re.compile("(?:市|省|自治区)?(?!市?人民)[一-鿿]{1,5}[市区县](?!人民代表|委员会令)")


_ONE_SPELLING: Final = str.maketrans("()○◯﹤﹥<>~-－–", "（）〇〇〈〉〈〉————")


@dataclass(frozen=True, slots=True)
class Citation:
    """One document cited at one place; a number, a title or both, and who issued it where the words tell."""

    start: int
    end: int
    number: str | None
    title: str | None
    issuer: Issuer | None


@dataclass(frozen=True, slots=True)
class _Number:
    start: int
    end: int
    number: str
    own: bool


def citations(text: str, places: Mapping[str, Issuer] | None = None) -> tuple[Citation, ...]:
    """What a text cites, in its order. `places` are full names of places with the rank of what they issue."""
    return tuple(sorted(_citations(text, places or {}), key=lambda one: one.start))


def own_number(text: str) -> str | None:
    """The number under which a text says that it was issued: declared (发文字号：…) or alone on a line of its head."""
    return next((one.number for one in _numbers(text[: _HEAD + 60]) if one.own), None)


def normal_number(number: str) -> str | None:
    """A document number in one spelling (〔〕, no blanks, no 第, no leading noughts); None for what is none."""
    return next((one.number for one in _numbers(number)), None)


def normal_title(title: str) -> str:
    """A title in one spelling: compatibility forms folded, no blanks, wide brackets, one kind of nought."""
    plain = "".join(unicodedata.normalize("NFKC", title).split())
    return plain.translate(_ONE_SPELLING)


def issuer_of_number(number: str) -> Issuer | None:
    """Who gave a number, by the abbreviation it begins with; None where that is not told."""
    name = _PROVINCE_NAMES.match(number)
    if name:
        return "city" if _BELOW_PROVINCE.match(number, name.end()) else "provincial"
    if number[:1] in _PROVINCES or _PROVINCIAL_NUMBER.match(number):
        return "provincial"
    if _NATIONAL_NUMBER.match(number):
        return "national"
    return "city" if _LOCAL_NUMBER.match(number) else None


def _citations(text: str, places: Mapping[str, Issuer]) -> Iterator[Citation]:
    numbers = [one for one in _numbers(text) if not one.own]
    names: dict[str, str] = {}
    used: set[int] = set()
    for found in _TITLE.finditer(text):
        title = normal_title(found[0][1:-1])
        behind = text[max(0, found.start() - 12) : found.start()]
        if _SHORT.search(behind):
            continue
        short = _SHORT_NAME.match(text, found.end())
        number = _number_behind(text, found.end(), numbers)
        if short:
            names[normal_title(short["name"])] = title
        title = names.get(title, title)
        if number is None and (len(title) < _SHORTEST_TITLE or not _GENRE.search(title)):
            continue
        if number is None:
            yield Citation(found.start(), found.end(), None, title, _issuer_of_title(title, places))
            continue
        used.add(number.start)
        closing = _END.match(text, number.end)
        end = closing.end() if closing else number.end
        yield Citation(
            found.start(),
            end,
            number.number,
            title,
            issuer_of_number(number.number) or _issuer_of_title(title, places),
        )
    for number in numbers:
        if number.start not in used:
            yield Citation(number.start, number.end, number.number, None, issuer_of_number(number.number))


def _number_behind(text: str, end: int, numbers: list[_Number]) -> _Number | None:
    """The number that stands in brackets right behind a title."""
    for number in numbers:
        if number.start >= end:
            return number if number.start - end <= 6 and _JOINT.fullmatch(text[end : number.start]) else None
    return None


def _numbers(text: str) -> Iterator[_Number]:
    if "号" not in text:
        return
    found = chain(_bracketed(text), _notices(text), _orders(text))
    yield from sorted(found, key=lambda one: one.start)


def _bracketed(text: str) -> Iterator[_Number]:
    for match in _NUMBER.finditer(text):
        before = _BEFORE_NUMBER.search(text[max(0, match.start() - 24) : match.start()])
        if before is None:
            continue
        issuer = _LEAD.sub("", _plain(before[0]))
        if not 1 <= len(issuer) <= 12 or issuer in ("审图", "图"):
            continue
        start = match.start() - _raw_length(before[0], issuer)
        line = text.rfind("\n", 0, start) + 1
        head = text[line:start].strip()
        own = bool(_DECLARED.search(head)) or (start < _HEAD and not head and bool(_ALONE.match(text, match.end())))
        yield _Number(start, match.end(), f"{issuer}〔{int(match['year'])}〕{int(match['serial'])}号", own)


def _notices(text: str) -> Iterator[_Number]:
    for match in _NOTICE.finditer(text) if "公告" in text else ():
        before = _BEFORE_NOTICE.search(text[max(0, match.start() - 40) : match.start()])
        issuer = _LEAD.sub("", _plain(before[0])) if before else ""
        start = match.start() - (_raw_length(before[0], issuer) if before else 0)
        yield _Number(start, match.end(), f"{issuer}公告{int(match['year'])}年第{int(match['serial'])}号", False)


def _orders(text: str) -> Iterator[_Number]:
    for match in _ORDER.finditer(text) if "令" in text else ():
        before = _BEFORE_NOTICE.search(text[max(0, match.start() - 40) : match.start()])
        issuer = _LEAD.sub("", _plain(before[0])) if before else ""
        if before is None or len(issuer) < 2:
            continue
        start = match.start() - _raw_length(before[0], issuer)
        closing = _END.match(text, match.end()) if {"（", "("} & set(match[0]) else None
        end = closing.end() if closing else match.end()
        yield _Number(start, end, f"{issuer}令第{int(match['serial'])}号", False)


def _plain(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).split())


def _raw_length(before: str, issuer: str) -> int:
    """How many characters at the end of `before`, blanks among them, make up `issuer`."""
    left, length = len(issuer), 0
    while left:
        length += 1
        left -= not before[-length].isspace()
    return length


def _issuer_of_title(title: str, places: Mapping[str, Issuer]) -> Issuer | None:
    if _NATIONAL_TITLE.match(title):
        return "national"
    named = max((name for name in places if title.startswith(name)), key=len, default=None)
    if named:
        below = (name for name in places if title.startswith(name, len(named)) and places[name] == "city")
        return places[max(below, key=len, default=named)]
    return "provincial" if _PROVINCE_NAMES.match(title) else None
