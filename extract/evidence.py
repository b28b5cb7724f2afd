"""What settles a name that several units share, or that common language uses: its surroundings, in order of strength.

The parent written right before it, the list it stands in, the city named before it, its full name elsewhere, the
publisher, the title, the text as a whole. A place outside the region that comes closer than any of these refuses it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from extract.candidates import Word, choose
from extract.gazetteer import Gazetteer, Reading, fold
from extract.model import Context

Settled = tuple[str, str]

_PARENT_GAP = re.compile(r"(?:的|所属|所辖|下辖|辖区|地区|市|境内)?[\s(（:：“\"]{0,2}|[·・]")
_LIST_GAP = re.compile(
    r"\s*(?:等?[市县区](?:[(（][^()（）]{0,12}[)）])?)?\s*"
    r"(?:[、，,;；/／·・\-—－–~～]{1,2}|与|和|及|以及|或|暨|同|到|至)\s*(?:与|和|及|以及)?\s*|\s{0,2}"
)
_ROW_GAP = re.compile(r"\s*[、·・]\s*|\s")
_SENTENCE_END = re.compile("[。！？!?\n]")
_LOCATIVE = re.compile("(?:位于|地处|坐落于|坐落在|落户|赴|前往|来自|毗邻|紧邻|迁至|迁往|搬到|搬至)$")
_COLLECTIVE = re.compile("(?:、[\u4e00-\u9fff]{2,4}){0,6}(?:等?[两二三四五六七八九十]|等|各)个?(?:地|[县市区旗(（、]+)")
_BEFORE_AREA = re.compile(r"(?:^|[\s、，,。；;：:（()“”‘’\"—\-]|[在与和及由从到向对至赴是入驻称])$")
_NEAR = 120
_SPOKEN = 300
_LIST_REACH = 16


@dataclass(slots=True)
class Surroundings:
    """What is known besides the words: the day, who speaks, the units of the title; and, as they settle, of the text.

    `elsewhere` says that title and publisher name places outside the region only.
    """

    day: date | None
    publisher: str | None
    titled: frozenset[str] = frozenset()
    elsewhere: bool = False
    named: Counter[str] = field(default_factory=Counter)
    sharers: dict[str, set[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Neighbours:
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


def surroundings(context: Context, gazetteer: Gazetteer) -> Surroundings:
    """What a context says about where its text belongs."""
    publisher = context.publisher if context.publisher in gazetteer.versions else None
    around = Surroundings(context.day, publisher)
    titled: set[str] = set()
    outside = False
    for line in (context.title, context.publisher_name):
        if line:
            folded = fold(line)
            words, _ = choose(folded, gazetteer, context.day)
            settle(words, folded, gazetteer, around)
            outside = outside or any(word.entry.role == "outside" for word in words)
            titled |= {code for word in words for code in word.codes}
    elsewhere = outside and not titled and publisher is None
    return Surroundings(context.day, publisher, frozenset(titled), elsewhere)


def settle(words: list[Word], text: str, gazetteer: Gazetteer, around: Surroundings) -> None:
    """Decide the words that can mean several units or none, until nothing more can be decided."""
    for index, word in enumerate(words):
        if word.entry.role == "unit" and word.code:
            _correct_in_row(words, index, text, gazetteer)
            _correct_outside(words, index, text, gazetteer, around)
    if all(word.settled or word.entry.role != "unit" for word in words):
        return
    around.sharers = _sharers(words, gazetteer)
    for _ in range(3):
        around.named = Counter(code for word in words for code in word.codes if word.code)
        changed = False
        for index, word in enumerate(words):
            if word.settled or word.entry.role != "unit":
                continue
            found = _evidence(words, index, text, gazetteer, around)
            if found is not None:
                word.code, word.reason = found
            changed = changed or word.settled
        if not changed:
            break


def _evidence(words: list[Word], index: int, text: str, gazetteer: Gazetteer, around: Surroundings) -> Settled | None:
    word = words[index]
    demand = word.entry.demand
    near = _neighbours(words, index, text)
    if near.before is not None and near.before.entry.role == "outside" and near.gap_before.strip() in _OUTSIDE_GAPS:
        word.refused = f"of {near.before.entry.word}, outside the region"
        return None
    if demand == "generic" and not _is_one_area(word, near, text):
        word.refused = "a kind of area, not one of them"
        return None
    found = (
        _parent_before(word, near, gazetteer, around.day)
        or _sibling(word, near, gazetteer, around.day)
        or _listed(word, near, text, gazetteer, around.day)
        or _row(words, index, text, gazetteer)
        or _paired(words, index, text)
    )
    if found is not None or (demand == "needs_parent" and word.ended):
        return found
    if demand == "generic":
        return _spoken_before(words, index) or _of_the_only_city(word, gazetteer, around)
    if demand == "full_name_only" and not _LOCATIVE.search(text, max(0, word.start - 4), word.start):
        return _spoken_of(word, text, gazetteer, around)
    return _vicinity(words, index, text, gazetteer, around)


_OUTSIDE_GAPS = ("", "市", "省", "区", "县", "（", "(")


def _neighbours(words: list[Word], index: int, text: str) -> _Neighbours:
    word = words[index]
    before = words[index - 1] if index else None
    after = words[index + 1] if index + 1 < len(words) else None
    return _Neighbours(
        before,
        text[before.end : word.start] if before is not None and word.start - before.end <= _LIST_REACH else "\n" * 9,
        after,
        text[word.end : after.start] if after is not None and after.start - word.end <= _LIST_REACH else "\n" * 9,
    )


def _is_one_area(word: Word, near: _Neighbours, text: str) -> bool:
    """Whether a kind of area (高新区) begins a phrase, so that it can be a name: not in 国家级高新区."""
    if near.before is not None and near.before.end == word.start and near.before.code:
        return True
    return bool(_BEFORE_AREA.search(text[max(0, word.start - 1) : word.start]))


def _parent_before(word: Word, near: _Neighbours, gazetteer: Gazetteer, day: date | None) -> Settled | None:
    if near.before is None or len(near.gap_before) > 5 or not _PARENT_GAP.fullmatch(near.gap_before):
        return None
    for code in near.before.codes:
        inside = tuple(reading for reading in word.entry.readings if code in gazetteer.above(reading.code))
        chosen = gazetteer.best(inside, day) if inside else ()
        if len(chosen) == 1:
            return chosen[0].code, "parent before"
    return None


def _sibling(word: Word, near: _Neighbours, gazetteer: Gazetteer, day: date | None) -> Settled | None:
    """In a list with another unit of its city below the city's level."""
    for neighbour, gap in near.each():
        if not _LIST_GAP.fullmatch(gap):
            continue
        for code in neighbour.codes:
            if gazetteer.unit(code, day).level not in ("county", "functional"):
                continue
            siblings = tuple(
                reading
                for reading in word.entry.readings
                if reading.code != code and _one_city(reading.code, code, gazetteer) and not reading.distance(day)
            )
            if siblings:
                return gazetteer.best(siblings, day)[0].code, "sibling list"
    return None


def _listed(word: Word, near: _Neighbours, text: str, gazetteer: Gazetteer, day: date | None) -> Settled | None:
    """An unambiguous name between two units of a list; or beside one, of its province where language uses the word."""
    if len(word.best) > 1 or word.ended:
        return None
    code = word.best[0].code
    linked = [near_word for near_word, gap in near.each() if 0 < len(gap) <= 4 and _LIST_GAP.fullmatch(gap)]
    if len(linked) == 2 or (linked and word.best[0].form == "full" and linked[0].entry.role == "unit"):
        return code, "list of units"
    if word.entry.demand not in ("supported", "full_name_only"):
        return None
    for neighbour, gap in near.each():
        if gap != "、" or neighbour.entry.role != "unit":
            continue
        if word.entry.demand == "supported":
            return code, "list of units"
        if gazetteer.level(neighbour.code) == "county" and (
            gazetteer.ancestor(neighbour.code, "province", day) == gazetteer.ancestor(code, "province", day)
            or _COLLECTIVE.match(text, word.end, word.end + 40)
        ):
            return code, "list of units"
    return None


def _row(words: list[Word], index: int, text: str, gazetteer: Gazetteer) -> Settled | None:
    """A row of names that are all weak alone but have one city in common: 和平、河东、河西, 芦台·汉沽."""
    word = words[index]
    if word.ended:
        return None
    near = _neighbours(words, index, text)
    for other, gap in ((near.before, near.gap_before), (near.after, near.gap_after)):
        if other is None or other.settled or other.entry.role != "unit" or other.entry.word == word.entry.word:
            continue
        if not _ROW_GAP.fullmatch(gap):
            continue
        cities = {gazetteer.city(reading.code) for reading in word.best}
        cities &= {gazetteer.city(reading.code) for reading in other.best}
        fitting = [reading for reading in word.best if gazetteer.city(reading.code) in cities]
        if len(cities) == 1 and len(fitting) == 1:
            return fitting[0].code, f"list with {other.entry.word}"
    return None


def _paired(words: list[Word], index: int, text: str) -> Settled | None:
    """One of two full names that have no sign of their own but each other: 唐县与西城区."""
    word = words[index]
    if not _only_one(word):
        return None
    near = _neighbours(words, index, text)
    for other, gap in ((near.before, near.gap_before), (near.after, near.gap_after)):
        if other is None or other.settled or other.entry.role != "unit" or other.entry.word == word.entry.word:
            continue
        if 0 < len(gap) <= 2 and _LIST_GAP.fullmatch(gap) and _only_one(other):
            return word.best[0].code, f"together with {other.entry.word}"
    return None


def _only_one(word: Word) -> bool:
    """Whether a word is the full name of just one unit of the region that is still there."""
    return len(word.best) == 1 and word.best[0].form == "full" and not word.ended


def _correct_in_row(words: list[Word], index: int, text: str, gazetteer: Gazetteer) -> None:
    """A province's short name that is also a district's, inside a row of that district's siblings: 南开、河北、红桥."""
    word = words[index]
    if gazetteer.level(word.code) != "province":
        return
    for reading in word.entry.readings:
        if reading.unit.level != "county":
            continue
        city = gazetteer.city(reading.code)
        row = [
            any(other.unit.level == "county" and gazetteer.city(other.code) == city for other in neighbour.best)
            for neighbour in _row_around(words, index, text)
        ]
        if len(row) >= 2 and all(row):
            word.code, word.reason = reading.code, "sibling list"


def _correct_outside(words: list[Word], index: int, text: str, gazetteer: Gazetteer, around: Surroundings) -> None:
    """Right behind a place outside (杭州|未来科技城) a smaller unit's name belongs to that place.

    In a text from outside, two-character names (昌平) and those of a 新区 need support.
    """
    word = words[index]
    if gazetteer.level(word.code) != "county":
        return
    before = words[index - 1] if index else None
    if before is not None and before.end == word.start and before.entry.role == "outside":
        word.code, word.refused = "", f"of {before.entry.word}, outside the region"
    elif around.elsewhere and (word.end - word.start == 2 or word.entry.word.endswith("新区")):
        word.code = word.reason = ""


def _row_around(words: list[Word], index: int, text: str) -> Iterator[Word]:
    """Up to two places on either side that 、 links to a word."""
    for step in (-1, 1):
        near = words[index]
        for at in (index + step, index + 2 * step):
            if not 0 <= at < len(words):
                break
            left, right = (words[at], near) if step < 0 else (near, words[at])
            if right.start - left.end != 1 or text[left.end] != "、":
                break
            near = words[at]
            yield near


def _spoken_of(word: Word, text: str, gazetteer: Gazetteer, around: Surroundings) -> Settled | None:
    """A word of common language that title or text made a name, where title, publisher or phrase agree with it."""
    signs = {gazetteer.city(code) for code in (*around.titled, *((around.publisher,) if around.publisher else ()))}
    begins = bool(_BEFORE_AREA.search(text[max(0, word.start - 1) : word.start]))
    for reading in word.best:
        if reading.code in around.titled:
            return reading.code, "named in the title"
        if around.named[reading.code] and (begins or gazetteer.city(reading.code) in signs) and not around.elsewhere:
            return reading.code, "named in full in the text"
    return None


def _spoken_before(words: list[Word], index: int) -> Settled | None:
    """A kind of area whose full name stands shortly before, with no place outside the region between."""
    word = words[index]
    codes = {reading.code for reading in word.entry.readings}
    for at in range(index - 1, -1, -1):
        other = words[at]
        if word.start - other.end > _SPOKEN or other.entry.role == "outside":
            return None
        if other.code in codes:
            return other.code, "named in full before"
    return None


def _of_the_only_city(word: Word, gazetteer: Gazetteer, around: Surroundings) -> Settled | None:
    """A kind of area that every city has: that of the title's city, else of the publisher's."""
    readings = [reading for reading in word.entry.readings if not reading.distance(around.day)]
    cities = {gazetteer.city(code) for code in around.titled}
    titled = [reading.code for reading in readings if gazetteer.city(reading.code) in cities]
    if len(titled) == 1:
        return titled[0], "city in the title"
    if around.publisher is None or titled:
        return None
    own = [reading.code for reading in readings if _one_city(reading.code, around.publisher, gazetteer)]
    return (own[0], "publisher") if own else None


def _vicinity(words: list[Word], index: int, text: str, gazetteer: Gazetteer, around: Surroundings) -> Settled | None:
    """The sentence before the word, then the whole text, the publisher and the title."""
    word = words[index]
    best = word.best
    if word.ended and all(reading.form != "full" for reading in best):
        return None
    blocked = False
    for at in range(index - 1, -1, -1):
        other = words[at]
        if word.start - other.end > _NEAR or _SENTENCE_END.search(text, other.end, word.start):
            break
        if other.entry.role == "outside":
            blocked = True
            break
        if other.code and (found := _of_its_city(best, other, gazetteer)):
            return found, "its city before"
    for reading in best:
        if around.named[reading.code]:
            return reading.code, "named in full in the text"
    if around.publisher is not None:
        for reading in best:
            if _one_city(reading.code, around.publisher, gazetteer):
                return reading.code, "publisher"
    for reading in best:
        if any(_one_city(reading.code, code, gazetteer) for code in around.titled):
            return reading.code, "its city in the title"
    if blocked or around.elsewhere:
        return None
    cities = {gazetteer.city(code) for code in around.named}
    in_text = [reading.code for reading in best if gazetteer.city(reading.code) in cities]
    if len(in_text) == 1:
        return in_text[0], "its city in the text"
    if len(best) > 1:
        return _named_together(word, gazetteer, around)
    return None if word.ended else _of_its_province(best[0], gazetteer, around)


def _of_its_province(reading: Reading, gazetteer: Gazetteer, around: Surroundings) -> Settled | None:
    if (around.publisher is not None or around.named) and reading.form == "full":
        return reading.code, "the only one in the region"
    above = gazetteer.above(reading.code)
    signs = {*around.titled, *around.named, *((around.publisher,) if around.publisher else ())}
    if any(sign in above or above & gazetteer.above(sign) for sign in signs):
        return reading.code, "its province in the text"
    return None


def _one_city(code: str, other: str, gazetteer: Gazetteer) -> bool:
    """Whether two units belong to the same of the cities."""
    return gazetteer.city(code) == gazetteer.city(other)


def _of_its_city(best: tuple[Reading, ...], other: Word, gazetteer: Gazetteer) -> str | None:
    for code in other.codes:
        fits = [reading.code for reading in best if _one_city(reading.code, code, gazetteer)]
        if len(fits) == 1:
            return fits[0]
    return None


def _sharers(words: list[Word], gazetteer: Gazetteer) -> dict[str, set[str]]:
    """By city, the unit words of the text that can mean something in it."""
    sharers: defaultdict[str, set[str]] = defaultdict(set)
    for word in words:
        if word.entry.role == "unit":
            for reading in word.best:
                sharers[gazetteer.city(reading.code)].add(word.entry.word)
    return dict(sharers)


def _named_together(word: Word, gazetteer: Gazetteer, around: Surroundings) -> Settled | None:
    """A name of several cities, in a text that names none of them: the city that has most of the names in it."""
    counts = sorted(
        ((len(around.sharers.get(gazetteer.city(reading.code), ())), reading.code) for reading in word.best),
        reverse=True,
    )
    (most, code), (second, _) = counts[0], counts[1]
    if most <= second:
        return None
    shared = min(around.sharers[gazetteer.city(code)] - {word.entry.word})
    return code, f"together with {shared}"
