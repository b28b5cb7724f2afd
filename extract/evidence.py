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
from extract.neighbours import (
    LIST_GAP,
    NEAR,
    SENTENCE_END,
    Neighbours,
    Settled,
    begins_phrase,
    listed,
    moved,
    neighbours,
    one_city,
    only_one,
    paired,
    parallel,
    party,
    row,
    short_alone,
    sibling,
)

_PARENT_GAP = re.compile(r"(?:的|所属|所辖|下辖|辖区|地区|市|境内)?[\s(（:：“\"]{0,2}|[·・]")
_LOCATIVE = re.compile(
    "(?:位于|地处|坐落于|坐落在|落户|赴|前往|来自|来到|走进|走到|扎根|毗邻|紧邻|入驻|投资|[迁搬移]至|[迁搬移]往|[迁搬移]到|转至|迁入)$"
)
_COMING = "到来"
_STRONG_ACT = re.compile("承接|融入|携手|牵手|联手|对接|与|签约|结对|[两二双]地")
# What stands behind a unit's name in its own texts, and not behind the common word: 大城承接, not 大城建设.
_ACTS = re.compile(
    "[与和、，。；：:）)”》]|$|[在向将从由对把被]|承接|携手|牵手|联手|签|赴|对接|联合|引进|新增|累计|[两三四]地|县|区|市|党政|代表团|融入"
)
_SPOKEN = 300
_KIND_OF_AREA = 3


@dataclass(slots=True)
class Surroundings:
    """What is known besides the words: the day, who speaks, the units of the title; and, as they settle, of the text.

    `voice` is the unit that a medium is called after (衡水日报). `elsewhere` says that title and publisher name places
    outside the region only; `signs` are the units that both hold.
    """

    day: date | None
    publisher: str | None
    voice: str | None = None
    titled: frozenset[str] = frozenset()
    elsewhere: bool = False
    named: Counter[str] = field(default_factory=Counter)
    sharers: dict[str, set[str]] | None = None
    signs: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.signs = self.titled | {code for code in (self.publisher, self.voice) if code}


def surroundings(context: Context, gazetteer: Gazetteer) -> Surroundings:
    """What a context says about where its text belongs."""
    publisher = context.publisher if context.publisher in gazetteer.versions else None
    around = Surroundings(context.day, publisher)
    titled: set[str] = set()
    outside = False
    for line in (context.title, context.publisher_name):
        if line:
            scan = gazetteer.scan(line)
            words, _ = choose(scan, gazetteer, context.day)
            settle(words, scan.folded, gazetteer, around)
            outside = outside or any(word.entry.role == "outside" for word in words)
            titled |= {code for word in words for code in word.codes}
    elsewhere = outside and not titled and publisher is None
    unnamed = publisher is not None or not context.publisher_name
    voice = None if unnamed else gazetteer.leading_unit(fold(context.publisher_name), context.day)
    return Surroundings(context.day, publisher, voice, frozenset(titled), elsewhere and voice is None)


def settle(words: list[Word], text: str, gazetteer: Gazetteer, around: Surroundings) -> None:
    """Decide the words that can mean several units or none, until nothing more can be decided."""
    units = [index for index, word in enumerate(words) if word.entry.role == "unit"]
    for index in units:
        if words[index].code:
            _correct_in_row(words, index, text, gazetteer)
            _correct_outside(words, index, text, gazetteer, around)
    undecided = [index for index in units if not words[index].settled]
    around.sharers = None
    for _ in range(3):
        if not undecided:
            break
        around.named = Counter(code for word in words if word.code for code in word.codes)
        before = len(undecided)
        for index in undecided:
            found = _evidence(words, index, text, gazetteer, around)
            if found is not None:
                words[index].code, words[index].reason = found
        undecided = [index for index in undecided if not words[index].settled]
        if len(undecided) == before:
            break


def _evidence(words: list[Word], index: int, text: str, gazetteer: Gazetteer, around: Surroundings) -> Settled | None:
    word = words[index]
    demand = word.entry.demand
    near = neighbours(words, index, text)
    if near.before is not None and near.before.entry.role == "outside" and near.gap_before.strip(" ") in _OUTSIDE_GAPS:
        word.refused = f"of {near.before.entry.word}, outside the region"
        return None
    if demand == "needs_parent" and (outside := _listed_outside(words, index, text)):
        word.refused = f"in a list of {outside}, outside the region"
        return None
    if demand == "generic" and not _is_one_area(word, near, text):
        word.refused = "a kind of area, not one of them"
        return None
    if word.doubtful:
        return _in_spite_of_the_dictionary(words, index, text, gazetteer, around)
    if demand == "generic" and near.before is not None and near.before.code and not near.gap_before:
        itself = [reading.code for reading in word.best if reading.code in near.before.codes]
        found = _parent_before(word, near, gazetteer, around.day) if not itself else (itself[0], "parent before")
        if found is None:
            word.refused = f"an area of {near.before.entry.word} that has no code"
        return found
    found = (
        _parent_before(word, near, gazetteer, around.day)
        or sibling(word, near, gazetteer, around.day)
        or listed(word, near, text, gazetteer, around.day)
        or row(words, index, text, gazetteer, around.signs)
        or paired(words, index, text)
        or party(word, near, text, gazetteer)
        or moved(words, index, text)
        or parallel(words, index, text, gazetteer)
    )
    if found is not None or (demand == "needs_parent" and word.ended):
        return found
    if demand == "generic":
        return _spoken_before(words, index, gazetteer) or _of_the_only_city(word, gazetteer, around)
    if demand == "supported" and only_one(word) and not around.elsewhere:
        return word.best[0].code, "unique name"
    if demand == "full_name_only" and not _LOCATIVE.search(text, max(0, word.start - 4), word.start):
        return _spoken_of(word, text, gazetteer, around)
    return _vicinity(words, index, text, gazetteer, around)


def _listed_outside(words: list[Word], index: int, text: str) -> str:
    """The place outside the region whose parts the word stands among: 沈阳 for 沈阳市沈河区、和平区."""
    for at in range(index - 1, max(-1, index - 1 - _LONGEST_OUTSIDE_LIST), -1):
        other = words[at]
        if other.code:
            break
        if other.entry.role == "outside":
            start = other.end - 2 if other.entry.word.endswith(("区", "县")) else other.end
            return other.entry.word if _OUTSIDE_LIST.fullmatch(text, start, words[index].start) else ""
    return ""


_OUTSIDE_LIST = re.compile("(?:[\u4e00-\u9fff]{1,6}[区县市旗](?:、|和|及|与)){1,8}")
_LONGEST_OUTSIDE_LIST = 8
_OUTSIDE_GAPS = ("", "市", "省", "区", "县", "（", "(")


def _is_one_area(word: Word, near: Neighbours, text: str) -> bool:
    """Whether a kind of area (高新区) begins a phrase, so that it can be a name: not in 国家级高新区."""
    if near.before is not None and near.before.end == word.start and near.before.code:
        return True
    return begins_phrase(word, text)


def _parent_before(word: Word, near: Neighbours, gazetteer: Gazetteer, day: date | None) -> Settled | None:
    if near.before is None or len(near.gap_before) > 5 or not _PARENT_GAP.fullmatch(near.gap_before):
        return None
    for code in near.before.codes:
        inside = tuple(reading for reading in word.entry.readings if code in gazetteer.above(reading.code))
        chosen = gazetteer.best(inside, day) if inside else ()
        if len(chosen) == 1:
            return chosen[0].code, "parent before"
    return None


def _in_spite_of_the_dictionary(
    words: list[Word], index: int, text: str, gazetteer: Gazetteer, around: Surroundings
) -> Settled | None:
    """A name that a word of the language seems to cut (曲|周五): only where everything else speaks for it."""
    word, near = words[index], neighbours(words, index, text)
    if len(word.best) > 1 or word.ended:
        return None
    code = word.best[0].code
    found = (
        _parent_before(word, near, gazetteer, around.day)
        or party(word, near, text, gazetteer)
        or moved(words, index, text)
    )
    if found is not None:
        return found
    if around.publisher and gazetteer.same_place(code, around.publisher):
        return code, "publisher"
    if code in around.titled:
        return code, "named in the title"
    if around.named[code]:
        return code, "named in full in the text"
    if any(len(gap) == 1 and LIST_GAP.fullmatch(gap) and neighbour.code for neighbour, gap in near.each()):
        return code, "list of units"
    begins = word.entry.demand == "none" or begins_phrase(word, text) or text[word.start - 1] in _COMING
    if begins and any(one_city(code, sign, gazetteer) for sign in around.signs):
        return code, "its city in the context"
    spoken = bool(around.named or around.signs) and not around.elsewhere
    if spoken and word.entry.demand == "none" and begins_phrase(word, text):
        return code, "the region in the context"
    return None


def _correct_in_row(words: list[Word], index: int, text: str, gazetteer: Gazetteer) -> None:
    """A province's short name that is also a district's, inside a row of that district's siblings: 南开、河北、红桥."""
    word = words[index]
    if gazetteer.level(word.code) != "province":
        return
    for reading in word.entry.readings:
        if reading.unit.level != "county":
            continue
        city = gazetteer.city(reading.code)
        siblings = [
            any(other.unit.level == "county" and gazetteer.city(other.code) == city for other in neighbour.best)
            for neighbour in _row_around(words, index, text)
        ]
        if len(siblings) >= 2 and all(siblings):
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
    signs = {gazetteer.city(code) for code in around.signs}
    begins = begins_phrase(word, text)
    for reading in word.best:
        spoken = around.publisher is not None and gazetteer.same_place(reading.code, around.publisher)
        if spoken and not word.ended and begins and _ACTS.match(text, word.end):
            return reading.code, "publisher"
        if begins and short_alone(word) and gazetteer.city(reading.code) in signs and _STRONG_ACT.match(text, word.end):
            return reading.code, "its city in the context"
        if reading.code in around.titled:
            return reading.code, "named in the title"
        if around.named[reading.code] and (begins or gazetteer.city(reading.code) in signs) and not around.elsewhere:
            return reading.code, "named in full in the text"
    return None


def _spoken_before(words: list[Word], index: int, gazetteer: Gazetteer) -> Settled | None:
    """A kind of area whose full name stands shortly before, with no place outside the region between."""
    word = words[index]
    codes = {reading.code for reading in word.entry.readings}
    for at in range(index - 1, -1, -1):
        other = words[at]
        if word.start - other.end > _SPOKEN or other.entry.role == "outside":
            return None
        area = other.code and gazetteer.unit(other.code).level == "functional"
        if other.code in codes or (area and other.entry.word.endswith(word.entry.word[-_KIND_OF_AREA:])):
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
    own = [reading.code for reading in readings if one_city(reading.code, around.publisher, gazetteer)]
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
        if word.start - other.end > NEAR or SENTENCE_END.search(text, other.end, word.start):
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
            if one_city(reading.code, around.publisher, gazetteer):
                return reading.code, "publisher"
    for reading in best:
        if any(one_city(reading.code, code, gazetteer) for code in around.signs):
            return reading.code, "its city in the context"
    if blocked or around.elsewhere:
        return None
    cities = {gazetteer.city(code) for code in around.named}
    in_text = [reading.code for reading in best if gazetteer.city(reading.code) in cities]
    if len(in_text) == 1:
        return in_text[0], "its city in the text"
    if len(best) > 1:
        return _named_together(words, word, gazetteer, around)
    return None if word.ended else _of_its_province(best[0], gazetteer, around)


def _of_its_province(reading: Reading, gazetteer: Gazetteer, around: Surroundings) -> Settled | None:
    if (around.publisher is not None or around.named) and reading.form == "full":
        return reading.code, "the only one in the region"
    above = gazetteer.above(reading.code)
    signs = around.signs | set(around.named)
    if any(sign in above or above & gazetteer.above(sign) for sign in signs):
        return reading.code, "its province in the text"
    return None


def _of_its_city(best: tuple[Reading, ...], other: Word, gazetteer: Gazetteer) -> str | None:
    for code in other.codes:
        fits = [reading.code for reading in best if one_city(reading.code, code, gazetteer)]
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


def _named_together(words: list[Word], word: Word, gazetteer: Gazetteer, around: Surroundings) -> Settled | None:
    """A name of several cities, in a text that names none of them: the city that has most of the names in it."""
    if around.sharers is None:
        around.sharers = _sharers(words, gazetteer)
    sharers = around.sharers
    counts = sorted(
        ((len(sharers.get(gazetteer.city(reading.code), ())), reading.code) for reading in word.best),
        reverse=True,
    )
    (most, code), (second, _) = counts[0], counts[1]
    if most <= second:
        return None
    shared = min(sharers[gazetteer.city(code)] - {word.entry.word})
    return code, f"together with {shared}"
