"""A text without what a repost changes, and the words in it that must not change: numbers and names of places."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from pipelines import identity

Marks = frozenset[tuple[str, str]]

_NUMERALS = "〇零一二三四五六七八九十百千万亿两"
_COUNTED = frozenset("年月日号批期届次轮季家项条名人亿万元亩里米吨户村镇县区市省国地类级等座处所台套辆场周天")
_NUMBER = re.compile(r"[0-9][0-9.,]*%?")
_NUMERAL = re.compile(rf"[第{_NUMERALS}][{_NUMERALS}]*")
# 一、 numbers a section, which many pages leave to the browser. A numeral alone that stands before no measure counts
# nothing either: an editor adds and drops 进一步 and 统一 freely.
_IDLE = frozenset("一十百千万亿")
# Places without a place in the gazetteer; two characters before the suffix tell 文安镇 from 大围河镇 well enough.
_ELSEWHERE = re.compile("[\u4e00-\u9fff]{2}(?:省|自治区|市|县|旗|自治州|镇|乡|村)")
# A line that is a document number and nothing else: some sites print it above the text, some in a table beside it.
_NUMBER_LINE = re.compile(r"\(?([\u3400-\u9fff]{1,20}[〔\[(]\d{4}[〕\])]第?\d+号)\)?")
_DATELINE = re.compile(
    r"(?:(?:[\u4e00-\u9fff]{2,8}(?:社|报|网|台|客户端)|本报|本网|本台|本刊|本站)[\u4e00-\u9fff]{0,8}"
    r"(?:(?:\d{4}年)?\d{1,2}月\d{1,2}日)?(?:专?电|讯|消息)|本(?:报|网|站|刊)讯)"
    r"(?:\([^()]{1,40}\)|(?:记者|通讯员)[\u4e00-\u9fff]{2,12}(?=[:,]))*[:,]?"
)
# The same in texts that lost their lines: all before it is headline.
_HANDLING = re.compile(
    r"(?:(?:信息|文章|稿件)?来源:[^。:,;]{2,20}?(?:发布)?(?:时间|日期):|(?:发布)?(?:时间|日期):)"
    r"\d{4}[-/.年]\d{1,2}[-/.月](?:[012]\d|3[01]|\d)日?(?:\d\d:\d\d(?::\d\d)?)?"
    r"(?:(?:信息|文章|稿件)?来源:[\u4e00-\u9fff]{2,8}(?:网|社|报|台))?"
)
_BEGINNING = 200
_META_LINE = re.compile(
    r"(?:<!--.*-->|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\d{1,2}:\d{2}(?::\d{2})?)?|"
    r"(?:发布(?:日期|时间)|时间|日期|来源|信息来源)\W.{0,60})"
)
_FILE_NAME = re.compile("(?<![0-9a-zA-Z])[0-9a-f]{24,}(?![0-9a-zA-Z])")
_SEPARATOR = re.compile(r"[^\w%]+|_+")
_LONGEST_HEADLINE = 60
_OPENING = 6
_PAUSE = re.compile("[,。;:!?]")

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年|[-/.]\d|\D|$)")
_ORDINAL = re.compile(
    rf"第?([\d{_NUMERALS}]+)(批|期|次|届|号|轮|季度?|月份?|周|例|场|讲|篇|版)|([上下])半年|([春夏秋冬])季"
)
_NUMBER_IN_TITLE = re.compile(r"[\u3400-\u9fff]{1,20}[〔\[(]\d{4}[〕\])]第?\d+号")


@dataclass(frozen=True, slots=True)
class Text:
    """A document as grouping needs it."""

    doc_id: str
    text: str
    title: str = ""
    doc_number: str | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """What of a text counts.

    `clauses` are its stretches between punctuation without headlines, datelines and lines of handling; `facts` the
    numbers and names of places in them, in order. `headline` is its title and the lines that say it again, `core` the
    rest. `numbers` are the document numbers it states of itself, `marks` the years and ordinals of its headline.
    """

    doc_id: str
    clauses: tuple[str, ...]
    facts: tuple[str, ...]
    headline: str
    core: str
    numbers: frozenset[str]
    marks: Marks

    @property
    def letters(self) -> str:
        """The text without punctuation."""
        return "".join(self.clauses)

    @property
    def readable(self) -> str:
        """Everything in which a place can be named."""
        return f"{self.headline}\n{self.core}"


class Words:
    """Reads texts for one region, whose place names it knows."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(sorted({name for name in names if len(name) > 1}))
        self._automaton = AhoCorasick(
            self._names, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA, store_patterns=False
        )

    def wording(self, text: Text) -> Wording:
        """What of a text counts."""
        title = "".join(identity.normalised_lines(text.title))
        head, lines = _opening(identity.normalised_lines(text.text), title)
        lines = [_FILE_NAME.sub("", line) for line in lines]
        printed = [line for line in (*head, *lines[:1]) if _NUMBER_LINE.fullmatch(line)]
        printed = printed or [line for line in lines if _NUMBER_LINE.fullmatch(line)][-1:]
        core = "".join(line for line in lines if line not in printed)
        headlines = [title, *(line for line in head if not (_META_LINE.fullmatch(line) or line in printed))]
        for handling in (_HANDLING, _DATELINE):
            if match := handling.search(core, 0, _BEGINNING):
                before, core = core[: match.start()], core[match.end() :]
                if "。" in before:
                    core = before + core
                else:
                    headlines.append(before)
        headline = "\n".join(filter(None, headlines))
        numbers = (
            {identity.normalised(text.doc_number)}
            if text.doc_number
            else set(_NUMBER_LINE.findall("\n".join(printed))[:1])
        )
        if not numbers:
            numbers = set(_NUMBER_IN_TITLE.findall(headline)[:1])
        return Wording(
            text.doc_id,
            tuple(clause for clause in _SEPARATOR.split(core) if clause),
            self._facts(core),
            headline,
            core,
            frozenset(map(_plain, numbers)),
            _marks(headline),
        )

    def _facts(self, core: str) -> tuple[str, ...]:
        found = [(start, core[start:end]) for _, start, end in self._automaton.find_matches_as_indexes(core)]
        ends = [start + len(name) for start, name in found]
        starts = [start for start, _ in found]
        facts = list(found)
        for match in _ELSEWHERE.finditer(core):
            at = bisect_right(starts, match.start()) - 1
            known = (at >= 0 and ends[at] > match.start()) or (at + 1 < len(starts) and starts[at + 1] < match.end())
            if not known:
                facts.append((match.start(), match[0]))
        facts += _numbers(core)
        facts.sort()
        return tuple(fact for _, fact in facts)


def _numbers(core: str) -> Iterator[tuple[int, str]]:
    for match in _NUMBER.finditer(core):
        yield match.start(), match[0].rstrip(".").replace(",", "")
    for match in _NUMERAL.finditer(core):
        word = match[0]
        after = core[match.end() : match.end() + 1]
        if word == "第" or (word in _IDLE and after not in _COUNTED) or (after == "、" and word[0] != "第"):
            continue
        yield match.start(), word


def _opening(lines: list[str], title: str) -> tuple[list[str], list[str]]:
    """The lines before the text and the text: the title again, a short line that is no sentence, dates, numbers."""
    bare = _plain(title)
    headed = False
    for at, line in enumerate(lines[: min(_OPENING, len(lines) - 1)]):
        if _META_LINE.fullmatch(line) or _NUMBER_LINE.fullmatch(line):
            continue
        short, plain = len(line) <= _LONGEST_HEADLINE, _plain(line)
        again = bool(plain) and (plain in bare or (bool(bare) and bare in plain and short))
        alone = not headed and short and not _PAUSE.search(line) and any(map(_PAUSE.search, lines[at + 1 :]))
        if not (again or alone):
            return lines[:at], lines[at:]
        headed = True
    return lines[: min(_OPENING, len(lines) - 1)], lines[min(_OPENING, len(lines) - 1) :]


def _marks(headline: str) -> Marks:
    """The years and ordinals by which a headline tells one of a series from the others, by kind."""
    marks = {("年", year) for year in _YEAR.findall(headline)}
    for number, kind, half, season in _ORDINAL.findall(headline):
        if kind:
            marks.add((kind[0], number))
        elif half:
            marks.add(("半年", half))
        else:
            marks.add(("季节", season))
    return frozenset(marks)


def _plain(text: str) -> str:
    return _SEPARATOR.sub("", text)
