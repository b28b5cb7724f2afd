"""The words of a text that stand there as names of places: longest first, at word boundaries, not inside others."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import Literal

from extract.boundaries import Boundaries
from extract.gazetteer import Entry, Gazetteer, Reading, Scan
from extract.model import MentionKind
from extract.senses import PROVINCES, Sense

Refusal = tuple[int, int, str]

# A full name whose last character begins another word: 北京市|民, 河北区|域. The shorter name is read instead.
_TAKEN_BY_THE_NEXT_WORD = {
    "市": re.compile(
        "民(?![政族营间革盟建宗防俗])|[场属级郊区域容值价售占]|长(?![期江三安途效])|直(?![接辖供通播])|管(?![辖理委网控])"
    ),
    "区": re.compile("位(?![于居列])|间(?!接)|划(?![归定入出拨转为])|长(?![期江三途效])|[域块级别段属]"),
    "县": re.compile("长(?![期江三途效])|城(?![乡建管投市])|[域级市乡属]"),
    "省": re.compile("会(?![议计同商员展审见])|[属级份城道]"),
}
# What takes the 县 of a county of one character away: 任|县长, 涉|县级.
_OFFICE = re.compile("级|长(?![期江三途效])")
_DISTRICT_ORGAN = ("区委", "区政", "区人")
_ROUTE = re.compile("[\u4e00-\u9fff]{1,2}(?:路|高速|铁路|高铁|线|街|桥)")
# A letter before one of these is the first half of another name or word (京沪, 津贴, 冀望).
_AFTER_LETTER = frozenset("津冀东沪哈广九昆沈张承雄唐石保廊杭剧都族华贴巴市门浦沽渡州中望南")
_BEFORE_LETTER = frozenset("东南北旧燕盛帝神")
_AND = frozenset("和与及同暨")
_CROSSED = "across word boundaries"
_NAMES = frozenset(("unit", "compound", "region"))
_Stands = Literal["yes", "no", "perhaps"]


@dataclass(slots=True)
class Word:
    """A word on its way to being a unit (`code`, `reason`) or turned down (`refused`).

    `best` are the readings that the day leaves; `ended` says that none of them holds on it. A `doubtful` word is one
    that the dictionary of the language cuts through (曲|周五|十载).
    """

    start: int
    end: int
    entry: Entry
    best: tuple[Reading, ...]
    code: str = ""
    reason: str = ""
    refused: str = ""
    kind: MentionKind = "place"
    ended: bool = False
    doubtful: bool = False

    @property
    def settled(self) -> bool:
        """Whether nothing remains to be decided."""
        return bool(self.code or self.refused)

    @property
    def codes(self) -> tuple[str, ...]:
        """The units it means: several for a compound, none for an open word."""
        if self.entry.role in ("compound", "region"):
            return tuple(reading.code for reading in self.best)
        return (self.code,) if self.code else ()


def choose(scan: Scan, gazetteer: Gazetteer, day: date | None) -> tuple[list[Word], list[Refusal]]:
    """The names in a text, none overlapping another, those that need no support settled; and what is none."""
    text, found, sense_on = scan.folded, scan.words, gazetteer.sense
    words: list[Word] = []
    refusals: list[Refusal] = []
    cuts = Boundaries(text)
    taken = 0
    crossed_at = -1
    longest_from: dict[int, int] = {}
    for start, end, entry in found:
        if entry.role == "unit":
            longest_from.setdefault(start, end)
    for start, end, entry in found:
        if start < taken:
            continue
        role = entry.role
        if role == "veto":
            refusals.append((start, end, entry.note or "not a place"))
            taken = end
        elif role == "letter":
            if _letter_stands(text, start, end, entry, cuts):
                at = start + entry.inset
                code = entry.readings[0].code
                words.append(Word(at, at + 1, entry, entry.readings, code, f"abbreviation in {entry.word}"))
                taken = at + 1
        else:
            sense = sense_on(entry.word, day)
            joined = bool(words) and words[-1].end >= start - 1 and _joined(words[-1], text, start)
            if joined and text[start] in _AND and longest_from.get(start + 1, 0) > end and words[-1].end == start:
                continue
            stands: _Stands = "yes"
            if not sense.firm:
                leads = longest_from.get(end, 0) > end + 2
                stands = _stands(text, start, end, entry, sense, cuts, joined, leads)
            if stands == "no":
                if role == "unit" and start != crossed_at:
                    crossed_at = start
                    refusals.append((start, end, _CROSSED))
                continue
            taken = end
            if sense.weak and _person(text, start, end, joined, cuts):
                refusals.append((start, end, f"a person: {text[start - 1 : end]}"))
            elif (
                role in _NAMES
                and (reason := _another_name(text, start, end, sense, gazetteer))
                and not _leads_to_child(entry, longest_from.get(end, 0), text, end, gazetteer)
            ):
                refusals.append((start, end, reason))
            else:
                words.append(_opened(start, end, entry, sense, doubtful=stands == "perhaps"))
    return words, _outside_names(refusals, words)


def _joined(before: Word, text: str, start: int) -> bool:
    """Whether the word before is a place that ends right before `start`, or before an 和 there."""
    if before.entry.role not in ("unit", "compound", "outside"):
        return False
    return before.end == start or (before.end == start - 1 and text[before.end] in _AND)


def _person(text: str, start: int, end: int, joined: bool, cuts: Boundaries) -> bool:
    """Whether a word of two characters is somebody's given name (薛永清)."""
    if joined or end - start != 2 or text[end - 1] in _TAKEN_BY_THE_NEXT_WORD or start == 0:
        return False
    return text[start - 1] in _SURNAMES and bool(cuts.alone_before(start, end))


# Without those that prose uses as words: 于, 向, 任, 方, 常, 余, 曾, 万.
_SURNAMES = frozenset(
    "李王张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭萧肖田董潘袁蔡蒋杜叶程魏苏吕丁卢姚沈钟姜崔谭陆范汪廖石金贾韦夏付"
    "傅白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵钱严覃武戴莫孔汤"
)


def _leads_to_child(entry: Entry, child_end: int, text: str, end: int, gazetteer: Gazetteer) -> bool:
    """Whether a place within this one is named right behind it: 唐山|路南, not 唐山路|南侧."""
    child = gazetteer.entry(text[end:child_end]) if child_end else None
    if child is None or (child_end - end == 2 and text[child_end : child_end + 1] in _SIDE):
        return False
    codes = {reading.code for reading in entry.readings}
    return any(not codes.isdisjoint(gazetteer.above(reading.code)) for reading in child.readings)


_SIDE = frozenset("侧段口边端")


def _opened(start: int, end: int, entry: Entry, sense: Sense, *, doubtful: bool) -> Word:
    if doubtful:
        return Word(start, end, entry, sense.best, ended=sense.ended, doubtful=True)
    code, reason, refused, kind = sense.code, sense.reason, sense.refused, sense.kind
    return Word(start, end, entry, sense.best, code, reason, refused, kind, sense.ended)


def _outside_names(refusals: list[Refusal], words: list[Word]) -> list[Refusal]:
    """Without the refusals that only say that a longer or shorter name was read instead."""
    named = [word for word in words if word.entry.role != "self"]
    starts = [word.start for word in named]
    kept: list[Refusal] = []
    for start, end, reason in refusals:
        at = bisect_right(starts, start) - 1
        if reason != _CROSSED or at < 0 or named[at].end <= start:
            kept.append((start, end, reason))
    return kept


def _stands(
    text: str, start: int, end: int, entry: Entry, sense: Sense, cuts: Boundaries, joined: bool, leads: bool
) -> _Stands:
    """Whether the characters are this word here and not parts of others.

    `joined` says that a place ends where it starts, `leads` that a full name starts where it ends (石家庄市|长安区).
    """
    last, size = text[end - 1], end - start
    taking = _TAKEN_BY_THE_NEXT_WORD.get(last)
    full = taking is not None and size > 2
    if taking is not None and not leads and (full or entry.role == "self") and taking.match(text, end):
        organ = text[end : end + 2] in _DISTRICT_ORGAN
        if not organ or entry.role == "self":
            return "no"
    if size == 2 and last == "县" and _OFFICE.match(text, end):
        return "no"
    if entry.role in ("compound", "region"):
        stands = entry.word[0] in PROVINCES or (cuts.begins(start, end) and not cuts.crossed(start, end))
        return "yes" if stands else "no"
    if sense.gone:
        return "no"
    by_chance = size == 2 or last in "区县"
    after_han = start > 0 and "\u4e00" <= text[start - 1] <= "\u9fff"
    led = False
    if by_chance and not joined and after_han and not cuts.begins(start, end):
        led = entry.role == "unit" and entry.demand != "full_name_only" and cuts.led(start, end)
        if not led:
            return "no"
    if entry.role != "unit" or full or size > 3:
        return "yes"
    if sense.weak or (size == 2 and sense.best and sense.best[0].unit.level == "county"):
        opens = joined or led
        if taking is None and cuts.crossed(start, end, opens=opens):
            return "no" if entry.demand == "full_name_only" else "perhaps"
        if entry.demand == "full_name_only" and not joined and not cuts.whole(start, end):
            return "no"
    return "perhaps" if led else "yes"


def _letter_stands(text: str, start: int, end: int, entry: Entry, cuts: Boundaries) -> bool:
    """Whether a one-character abbreviation is a word of its own here: 在京|召开, but not 在京津冀 or 进京东."""
    if not entry.inset:
        return cuts.begins(start, end) and (start == 0 or text[start - 1] not in _BEFORE_LETTER)
    following = text[end : end + 1]
    if following in _AFTER_LETTER or _ROUTE.match(text, end) or not cuts.begins(start, start + 1):
        return False
    return not cuts.crossed(start, end) and not (following and cuts.crossed(start + 1, end))


def _another_name(text: str, start: int, end: int, sense: Sense, gazetteer: Gazetteer) -> str:
    """Why the word is only the first half of another thing's name here (北京 + 路, 三河 + 镇), or nothing."""
    if text[end - 1] in "市区县省" and end - start > 2:
        return ""
    if found := gazetteer.suffixes["not_the_place"].match(text, end):
        return f"named after the place: {text[start : found.end()]}"
    if sense.county and (found := gazetteer.suffixes["township"].match(text, end)):
        return f"a smaller place of that name: {text[start : found.end()]}"
    return ""
