"""What the places beside a name say about it: lists, two parties of one act, the ends of a move, rows of clauses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from extract.candidates import Word
from extract.gazetteer import Gazetteer

Settled = tuple[str, str]
"""A unit's code, and why the name means it."""

LIST_GAP = re.compile(
    r"\s*(?:等?[市县区](?:[(（][^()（）]{0,12}[)）])?)?\s*"
    r"(?:[、，,;；/／·・×\-—－–~～]{1,2}|与|和|及|以及|或|暨|同|到|至)\s*(?:与|和|及|以及)?\s*|\s{0,2}"
)
_LINK = re.compile("[、·・×—–－-]|——")
_AND = ("、", "和", "与", "同")
# What follows a whole name, and not the first half of a common word: 大城的民工, not 运河商务区.
_ENDS = re.compile("[，。；：、）)”》]|$|[的等与和同在向从由对把被出至到]|[两二三四五]|之间|交界|毗邻|接壤|相邻")
# What follows a name in a list of things that come from several places: 唐山|机器人、|清河|羊绒.
_ITEM_GAP = re.compile("[\u4e00-\u9fff]{2,5}、")
_ROW_GAP = re.compile(r"\s*[、·・]\s*|\s")
SENTENCE_END = re.compile("[。！？!?\n]")
_COLLECTIVE = re.compile("(?:、[\u4e00-\u9fff]{2,4}){0,6}(?:等?[两二三四五六七八九十]|等|各)个?(?:地|[县市区旗(（、]+)")
_BEFORE_AREA = re.compile(r"(?:^|[\s、，,。；;：:？！?!（()“”‘’\"—\-]|[在与和及由从自到向对至赴是入驻称请据被把将])$")
# Verbs that join two parties as 与 does: 曹妃甸牵手东城.
_JOINING = re.compile("(?:[，,]?(?:携手|牵手|联手|结对|对接|对口帮扶|对口支援|帮扶|支援|托管|签约|联姻))|[与和同]")
# What shows that the name before it is a party: 固安与大兴签约.
_PARTIES_ACT = re.compile(
    "[两二双]地|两[县区市]|双方|签|共建|共同|共享|共推|结对|结成|携手|牵手|联手|对接|合作|协作|联合|达成|缔结|建立|开展|之间|互[设派认]"
)
_MOVED = re.compile("(?:整体|陆续|全部)?(?:外迁|搬迁|搬到|搬至|迁|转移|疏解)")
_MOVED_TO = re.compile("(?:[迁搬移][至往到入]|落户|落地|转至)$")
NEAR = 120
_LIST_REACH = 16


class Neighbours(NamedTuple):
    """The places before and after a word, and what stands between."""

    before: Word | None
    gap_before: str
    after: Word | None
    gap_after: str

    def each(self) -> Iterator[tuple[Word, str]]:
        """The settled ones."""
        if self.before is not None and self.before.code:
            yield self.before, self.gap_before
        if self.after is not None and self.after.code:
            yield self.after, self.gap_after


def neighbours(words: list[Word], index: int, text: str) -> Neighbours:
    """The places next to `words[index]`; what stands between is unlike any gap of a list where they are far off."""
    word = words[index]
    before = words[index - 1] if index else None
    after = words[index + 1] if index + 1 < len(words) else None
    return Neighbours(
        before,
        text[before.end : word.start] if before is not None and word.start - before.end <= _LIST_REACH else "\n" * 9,
        after,
        text[word.end : after.start] if after is not None and after.start - word.end <= _LIST_REACH else "\n" * 9,
    )


def sibling(word: Word, near: Neighbours, gazetteer: Gazetteer, day: date | None) -> Settled | None:
    """In a list with another unit of its city below the city's level."""
    for neighbour, gap in near.each():
        if not LIST_GAP.fullmatch(gap):
            continue
        for code in neighbour.codes:
            if gazetteer.unit(code, day).level not in ("county", "functional"):
                continue
            siblings = tuple(
                reading
                for reading in word.entry.readings
                if reading.code != code and one_city(reading.code, code, gazetteer) and not reading.distance(day)
            )
            if siblings:
                return gazetteer.best(siblings, day)[0].code, "sibling list"
    return None


def listed(word: Word, near: Neighbours, text: str, gazetteer: Gazetteer, day: date | None) -> Settled | None:
    """An unambiguous name between two units of a list; or beside one, of its province where language uses the word."""
    if len(word.best) > 1 or word.ended:
        return None
    code = word.best[0].code
    linked = [near_word for near_word, gap in near.each() if 0 < len(gap) <= 4 and LIST_GAP.fullmatch(gap)]
    if len(linked) == 2 or (linked and word.best[0].form == "full" and linked[0].entry.role == "unit"):
        return code, "list of units"
    if word.entry.demand not in ("supported", "full_name_only"):
        return None
    before = near.before
    if (
        before is not None
        and before.code
        and _ITEM_GAP.fullmatch(near.gap_before)
        and gazetteer.level(before.code) != "province"
        and _of_one_province(before.code, code, gazetteer, day)
    ):
        return code, f"list beside {before.entry.word}"
    for neighbour, gap in near.each():
        if not _LINK.fullmatch(gap) or neighbour.entry.role != "unit":
            continue
        if word.entry.demand == "supported":
            return code, "list of units"
        if gazetteer.level(neighbour.code) == "county" and (
            _of_one_province(neighbour.code, code, gazetteer, day) or _COLLECTIVE.match(text, word.end, word.end + 40)
        ):
            return code, "list of units"
    return None


def _of_one_province(code: str, other: str, gazetteer: Gazetteer, day: date | None) -> bool:
    return gazetteer.ancestor(code, "province", day) == gazetteer.ancestor(other, "province", day)


def row(words: list[Word], index: int, text: str, gazetteer: Gazetteer, context: Iterable[str]) -> Settled | None:
    """A row of names that are all weak alone but have one city in common: 和平、河东、河西, 芦台·汉沽.

    Where they have several (桥东、桥西), it is the one that the units of the `context` lie in.
    """
    word = words[index]
    if word.ended:
        return None
    near = neighbours(words, index, text)
    for other, gap in ((near.before, near.gap_before), (near.after, near.gap_after)):
        if other is None or other.settled or other.entry.role != "unit" or other.entry.word == word.entry.word:
            continue
        if not _ROW_GAP.fullmatch(gap):
            continue
        cities = {gazetteer.city(reading.code) for reading in word.best}
        cities &= {gazetteer.city(reading.code) for reading in other.best}
        if len(cities) > 1:
            cities &= {gazetteer.city(code) for code in context}
        fitting = [reading for reading in word.best if gazetteer.city(reading.code) in cities]
        if len(cities) == 1 and len(fitting) == 1:
            return fitting[0].code, f"list with {other.entry.word}"
    return None


def paired(words: list[Word], index: int, text: str) -> Settled | None:
    """One of two full names that have no sign of their own but each other: 唐县与西城区."""
    word = words[index]
    if not only_one(word):
        return None
    near = neighbours(words, index, text)
    for other, gap in ((near.before, near.gap_before), (near.after, near.gap_after)):
        if other is None or other.settled or other.entry.role != "unit" or other.entry.word == word.entry.word:
            continue
        if 0 < len(gap) <= 2 and LIST_GAP.fullmatch(gap) and only_one(other):
            return word.best[0].code, f"together with {other.entry.word}"
    return None


def only_one(word: Word) -> bool:
    """Whether a word is the full name of just one unit of the region that is still there."""
    return len(word.best) == 1 and word.best[0].form == "full" and not word.ended


def party(word: Word, near: Neighbours, text: str, gazetteer: Gazetteer) -> Settled | None:
    """One of two that a verb of co-operation or 与 joins, where it begins a phrase: 宽城携手宝坻."""
    if not short_alone(word):
        return None
    code = word.best[0].code
    after, before = near.after, near.before
    if after is not None and after.code and begins_phrase(word, text) and _JOINING.fullmatch(near.gap_after):
        return code, f"party with {after.entry.word}"
    if _is_county(after, gazetteer) and near.gap_after == "、" and begins_phrase(word, text):
        return code, "list of units"
    if _is_county(before, gazetteer) and near.gap_before in _AND and _ENDS.match(text, word.end):
        return code, "list of units"
    acts = _PARTIES_ACT.match(text, word.end) is not None
    if before is not None and (_JOINING.fullmatch(near.gap_before) or (acts and near.gap_before == "、")):
        if before.code and (acts or len(near.gap_before) > 1):
            return code, f"party with {before.entry.word}"
        if acts and short_alone(before) and begins_phrase(before, text):
            return code, f"party with {before.entry.word}"
    return None


def _is_county(word: Word | None, gazetteer: Gazetteer) -> bool:
    return word is not None and bool(word.code) and gazetteer.unit(word.code).level == "county"


def short_alone(word: Word) -> bool:
    """Whether a word can mean one unit of the day only, but needs a sign that it means it."""
    one = word.entry.role == "unit" and len(word.best) == 1 and not word.ended
    return one and (word.doubtful or word.entry.demand in ("supported", "full_name_only"))


def parallel(words: list[Word], index: int, text: str, gazetteer: Gazetteer) -> Settled | None:
    """The head of a clause in a row of clauses that units of its city head: 文安关停小厂，大城清理作坊."""
    word = words[index]
    if not short_alone(word) or text[word.start - 1 : word.start] not in _CLAUSE_MARKS:
        return None
    for at in range(index - 1, -1, -1):
        other = words[at]
        if word.start - other.end > NEAR or SENTENCE_END.search(text, other.end, word.start):
            return None
        if not other.code or gazetteer.unit(other.code).level != "county":
            continue
        heads = text[other.start - 1 : other.start] in _CLAUSE_MARKS or not other.start
        if heads and one_city(other.code, word.best[0].code, gazetteer):
            return word.best[0].code, f"clause beside {other.entry.word}"
    return None


_CLAUSE_MARKS = ("，", "；", "。", ",", ";", "：")


def moved(words: list[Word], index: int, text: str) -> Settled | None:
    """One end of a move whose other end is a place of the region: 由大兴整体迁入沧州, 从海淀搬到大城."""
    word = words[index]
    if not short_alone(word):
        return None
    code = word.best[0].code
    near = neighbours(words, index, text)
    after, before = near.after, near.before
    if after is not None and after.code and _leaves(word, text) and _MOVED.match(near.gap_after):
        return code, f"moved to {after.entry.word}"
    if before is not None and before.code and _leaves(before, text) and _MOVED_TO.search(near.gap_before):
        return code, f"moved from {before.entry.word}"
    return None


def _leaves(word: Word, text: str) -> bool:
    return text[word.start - 1 : word.start] in ("由", "从", "自")


def begins_phrase(word: Word, text: str) -> bool:
    """Whether punctuation or a preposition stands before a word, or nothing."""
    return bool(_BEFORE_AREA.search(text[max(0, word.start - 1) : word.start]))


def one_city(code: str, other: str, gazetteer: Gazetteer) -> bool:
    """Whether two units belong to the same of the cities."""
    return gazetteer.city(code) == gazetteer.city(other)
