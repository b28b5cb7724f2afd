"""Which units of the region a text names, where, and why each name was read as that unit.

Three steps: words are chosen from what the gazetteer finds (longest first, at word boundaries, not part of a street, a
route or a medium); those that can only mean one unit become anchors; the others are then settled by what stands around
them: the parent written before, the list they stand in, the city nearby, the publisher, the title.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from extract.boundaries import Boundaries
from extract.gazetteer import Entry, Gazetteer, Reading, UnitLevelName, fold, self_words
from extract.model import Context, Mention, MentionKind, Places, Veto

_PARENT_GAP = re.compile(r"(?:的|所属|所辖|下辖|辖区|地区|市|境内)?[\s(（:：“\"]{0,2}|[·・]")
_LIST_GAP = re.compile(
    r"\s*(?:等?[市县区](?:[(（][^()（）]{0,12}[)）])?)?\s*(?:[、,，;；/／·・\-—－–~～]{1,2}|与|和|及|以及|或|暨|同|到|至)\s*(?:与|和|及|以及)?\s*|\s{0,2}"
)
_RUN_GAP = re.compile(r"\s*[、·・]\s*|\s")
_SENTENCE_END = re.compile("[。！？!?\n]")
# A full name whose last character begins another word: 北京市|民, 河北区|域. The shorter name is read instead.
_FOLLOWS = {
    "市": frozenset("民场属级郊区长域容值价售占直管"),
    "区": frozenset("域位间块级别段划属长"),
    "县": frozenset("域级市乡长属城"),
    "省": frozenset("属级会份城道"),
}
_BEFORE_GENERIC = re.compile(r"(?:^|[\s、，,。；;：:（()“”‘’\"—\-]|[在与和及由从到向对至赴是入驻称])$")
_NAME_STOP = re.compile(
    r"[\s，。；：、！？,.;:!?()（）《》〈〉“”\"‘’—…<>【】\[\]|/]|"
    r"与|(?<!协|颐|永|太)和|及|向|在|将|对(?!外)|是|为|从|到|等|以|由|把|被|了|着|赴|至|于|的|"
    r"建设|打造|加快|推进|推动|举[行办]|召开|承接|转移|疏解|入驻|签约|签署|签订|落户|开展|设立|成立|投资|对接|合作|协同|研发|"
    r"转化|布局|两地|三地|多[所家个名]|\d|市属|省属|企业|优质|居民|市民|来自|迁|共建|联合|支持|服务[^中有]"
)
_LOCATIVE = re.compile("(?:位于|地处|坐落于|坐落在|落户|赴|前往|来自|毗邻|紧邻|迁至|迁往|搬到|搬至)$")
_BODY_BEFORE = re.compile("(?:大学|学院|医院|公司|集团|中心|研究院|研究所)[(（]$")
_COLLECTIVE = re.compile(
    "(?:、[\u4e00-\u9fff]{2,4}){0,6}(?:等?[两二三四五六七八九十]|等|各)(?:个)?(?:地|[县市区旗(（、]+)"
)
_TOGETHER = re.compile(
    r"[”\"]?(?:两|三|四|双|二|多)(?:地|方|市|区|县|省|城|省市)|[”\"]?(?:人才|一体化|协同|合作|联动|协作)"
)
_ROUTE = re.compile("[\u4e00-\u9fff]{1,2}(?:路|高速|铁路|高铁|线|街|桥)")
_PROVINCE_LETTERS = frozenset("京津冀")
_NEAR = 120
_REACH = 6


@dataclass(slots=True)
class _Word:
    """A word of the text on its way to being a unit or not."""

    start: int
    end: int
    entry: Entry
    best: tuple[Reading, ...]
    code: str = ""
    reason: str = ""
    refused: str = ""
    kind: MentionKind = "place"
    ended: bool = False

    @property
    def settled(self) -> bool:
        return bool(self.code or self.refused)


@dataclass(slots=True)
class _Surroundings:
    """What is known besides the words themselves."""

    day: date | None
    publisher: str | None
    titled: frozenset[str] = frozenset()
    elsewhere: bool = False
    named: Counter[str] = field(default_factory=Counter)


def find_places(text: str, gazetteer: Gazetteer, context: Context) -> Places:
    """All units of the region that `text` names, in text order, with the reason for each, and what was turned down.

    Never raises on any text; `text[start:end]` is the mention's text. Without `context.day` names are read as of today.
    """
    folded = fold(text)
    words, vetoes = _choose(folded, gazetteer, context.day)
    if not words and not vetoes and not gazetteer.letters:
        return Places(())
    publisher = context.publisher if context.publisher in gazetteer.versions else None
    around = _surroundings(context, publisher, gazetteer)
    if around.elsewhere and not around.titled:
        for word in words:
            if (
                word.entry.role == "unit"
                and word.code
                and word.end - word.start == 2
                and word.best[0].unit.level == "county"
            ):
                word.code = ""
    if len(words) > 1 and any(not word.settled for word in words):
        for index in range(len(words)):
            _in_siblings_row(words, index, folded, gazetteer)
    if any(not word.settled for word in words):
        _settle(words, folded, gazetteer, around)
    mentions: list[Mention] = []
    for index in range(len(words) - 1, -1, -1):
        _name_body(words, index, folded, gazetteer)
    for index, word in enumerate(words):
        role = word.entry.role
        if role == "self":
            mentions += _self_reference(words, index, text, gazetteer, around)
        elif role == "compound" or role == "organisation":
            kind: MentionKind = "organisation" if role == "organisation" else word.kind
            for reading in word.best:
                mentions.append(
                    Mention(word.start, word.end, text[word.start : word.end], reading.code, kind, word.reason)
                )
        elif word.code:
            mentions.append(
                Mention(word.start, word.end, text[word.start : word.end], word.code, word.kind, word.reason)
            )
        elif role in ("unit", "region"):
            vetoes.append((word.start, word.end, word.refused or "no sign of its city near it"))
    mentions += _initials(folded, text, words, vetoes, gazetteer)
    mentions.sort(key=lambda mention: (mention.start, mention.end, mention.code))
    vetoes.sort()
    return Places(tuple(mentions), tuple(Veto(start, end, text[start:end], reason) for start, end, reason in vetoes))


# Choosing the words ---------------------------------------------------------------------------------------------


def _choose(text: str, gazetteer: Gazetteer, day: date | None) -> tuple[list[_Word], list[tuple[int, int, str]]]:
    """The words that stand in the text as names, none overlapping another."""
    words: list[_Word] = []
    vetoes: list[tuple[int, int, str]] = []
    cuts = Boundaries(text)
    taken = 0
    refused_at = -1
    for start, end, entry in gazetteer.scan(text):
        if start < taken:
            continue
        role = entry.role
        if role == "veto":
            vetoes.append((start, end, entry.note or "not a place"))
            taken = end
            continue
        if role == "letter":
            letter = start + entry.inset
            if _letter_stands(text, start, end, entry, cuts):
                words.append(
                    _Word(
                        letter,
                        letter + 1,
                        entry,
                        entry.readings,
                        entry.readings[0].code,
                        "abbreviation in " + entry.word,
                    )
                )
                taken = letter + 1
            continue
        best = gazetteer.best(entry.readings, day) if entry.readings else ()
        joined = bool(words) and words[-1].end == start and words[-1].entry.role in ("unit", "compound", "outside")
        if not _stands(text, start, end, entry, best, cuts, joined, day):
            if role == "unit" and start != refused_at:
                refused_at = start
                vetoes.append((start, end, "across word boundaries"))
            continue
        if role in ("unit", "compound", "region") and (reason := _another_thing(text, start, end, entry, gazetteer)):
            vetoes.append((start, end, reason))
            taken = end
            continue
        word = _Word(start, end, entry, best)
        word.ended = bool(best) and all(reading.distance(day) > 0 for reading in best)
        if role == "region":
            word.refused = "the region as a whole"
        elif role == "compound":
            word.code, word.reason = best[0].code, "compound"
            word.best = entry.readings
        elif role == "organisation":
            word.code, word.reason = best[0].code, "organisation of its home unit"
        elif role == "unit" and entry.demand == "none" and len(best) == 1 and _counts_alone(word):
            word.code, word.reason = best[0].code, _own_reason(word, day)
        words.append(word)
        taken = end
    kept = {(word.start, word.end) for word in words}
    inside = [(word.start, word.end) for word in words if word.entry.role != "self"]
    vetoes = [
        veto
        for veto in vetoes
        if veto[:2] not in kept
        and not (veto[2] == "across word boundaries" and any(s <= veto[0] < e for s, e in inside))
    ]
    return words, vetoes


def _stands(
    text: str,
    start: int,
    end: int,
    entry: Entry,
    best: tuple[Reading, ...],
    cuts: Boundaries,
    joined: bool,
    day: date | None,
) -> bool:
    """Whether the characters are this word here and not parts of others."""
    last = text[end - 1]
    size = end - start
    follows = _FOLLOWS.get(last)
    if entry.role == "unit" and best and best[0].unit.unit_type == "地区" and best[0].distance(day):
        return False
    if follows is not None and size > 2 and end < len(text) and text[end] in follows:
        if not (text[end] == "区" and text[end : end + 2] in ("区委", "区政", "区人")):
            return False
    if entry.role == "self" and follows is not None and end < len(text) and text[end] in follows:
        return False
    if entry.role in ("compound", "region"):
        return entry.word[0] in _PROVINCE_LETTERS or (cuts.begins(start, end) and not cuts.crossed(start, end))
    if entry.role == "unit" and best and best[0].form == "alias" and all(reading.over(day) for reading in best):
        return False
    chance = size == 2 or last in "区县"
    if chance and not joined and start and "\u4e00" <= text[start - 1] <= "\u9fff" and not cuts.begins(start, end):
        return False
    if entry.role != "unit" or follows is not None and size > 2 or size > 3:
        return True
    if entry.demand in ("full_name_only", "supported") or size == 2 and best and best[0].unit.level == "county":
        if follows is None and cuts.crossed(start, end):
            return False
        if entry.demand == "full_name_only" and not cuts.whole(start, end) and not joined:
            return False
    return True


def _letter_stands(text: str, start: int, end: int, entry: Entry, cuts: Boundaries) -> bool:
    """Whether a one-character abbreviation is a word of its own here: 在京 召开, but not 在京津冀 or 进京东."""
    if entry.inset:
        following = text[end : end + 1]
        if following in _AFTER_LETTER_TAKEN or _ROUTE.match(text, end) or not cuts.begins(start, start + 1):
            return False
        return not cuts.crossed(start, end) and not (following and cuts.crossed(start + 1, end))
    return cuts.begins(start, end) and (start == 0 or text[start - 1] not in "东南北旧燕盛帝神")


_AFTER_LETTER_TAKEN = frozenset("津冀东沪哈广九昆沈张承雄唐石保廊杭剧都族华贴巴市门浦沽渡州中望南")


def _another_thing(text: str, start: int, end: int, entry: Entry, gazetteer: Gazetteer) -> str:
    """Why the name is only the first half of another thing's name here (北京 + 路, 三河 + 镇), or nothing."""
    if text[end - 1] in "市区县省" and end - start > 2:
        return ""
    if found := gazetteer.suffixes["not_the_place"].match(text, end):
        return f"named after the place: {text[start : found.end()]}"
    if entry.role == "unit" and any(reading.unit.level == "county" for reading in entry.readings):
        if found := gazetteer.suffixes["township"].match(text, end):
            return f"a smaller place of that name: {text[start : found.end()]}"
    return ""


def _counts_alone(word: _Word) -> bool:
    """Whether a name that needs no support may stand alone: a short name of a unit long gone may not."""
    reading = word.best[0]
    return not (
        word.ended
        and reading.form == "short"
        and reading.unit.level == "county"
        and word.end - word.start == 2
        and word.entry.word[-1] not in "县区市"
    )


def _own_reason(word: _Word, day: date | None) -> str:
    if word.best[0].distance(day):
        return "old name" if word.best[0].over(day) else "nearest in time"
    if len({reading.code for reading in word.entry.readings}) == 1:
        return "unique name"
    return f"valid on {day}" if day else "valid today"


# Settling the rest ----------------------------------------------------------------------------------------------


def _surroundings(context: Context, publisher: str | None, gazetteer: Gazetteer) -> _Surroundings:
    titled: set[str] = set()
    elsewhere = False
    for line in (context.title, context.publisher_name):
        if not line:
            continue
        for word in _choose(fold(line), gazetteer, context.day)[0]:
            if word.entry.role == "compound":
                titled |= {reading.code for reading in word.best}
            elif word.entry.role == "outside":
                elsewhere = True
            elif word.code:
                titled.add(word.code)
            elif word.entry.role == "region":
                titled |= {reading.code for reading in word.entry.readings}
    if publisher:
        elsewhere = False
    return _Surroundings(context.day, publisher, frozenset(titled), elsewhere)


def _settle(words: list[_Word], text: str, gazetteer: Gazetteer, around: _Surroundings) -> None:
    """Decide the words that can mean several units, or none, until nothing more can be decided."""
    for _ in range(3):
        around.named = Counter(word.code for word in words if word.code)
        changed = False
        for index, word in enumerate(words):
            if word.settled or word.entry.role != "unit":
                continue
            found = _evidence(words, index, text, gazetteer, around)
            if found is not None:
                word.code, word.reason = found
                changed = True
            elif word.refused:
                changed = True
        if not changed:
            break


def _in_siblings_row(words: list[_Word], index: int, text: str, gazetteer: Gazetteer) -> None:
    """A province's short name that is a district's as well, inside a row of that district's siblings: 南开、河北、红桥."""
    word = words[index]
    if word.entry.role != "unit" or not word.code or len(word.entry.readings) == 1:
        return
    for reading in word.entry.readings:
        if reading.unit.level != "county" or gazetteer.unit(word.code).level == "county":
            continue
        city = gazetteer.city(reading.code)

        def sibling(other: _Word, city: str = city) -> bool:
            return any(r.unit.level == "county" and gazetteer.city(r.code) == city for r in other.best)

        row: list[bool] = []
        for step in (-1, 1):
            near = word
            for distance in (1, 2):
                at = index + step * distance
                if not 0 <= at < len(words):
                    break
                other = words[at]
                gap = text[other.end : near.start] if step < 0 else text[near.end : other.start]
                if gap != "、":
                    break
                row.append(sibling(other))
                near = other
        if len(row) >= 2 and all(row):
            word.code, word.reason = reading.code, "sibling list"


def _evidence(
    words: list[_Word], index: int, text: str, gazetteer: Gazetteer, around: _Surroundings
) -> tuple[str, str] | None:
    word = words[index]
    day = around.day
    readings = word.entry.readings
    demand = word.entry.demand
    previous = words[index - 1] if index else None
    following = words[index + 1] if index + 1 < len(words) else None
    gap = text[previous.end : word.start] if previous else None
    after = text[word.end : following.start] if following else None
    if previous is not None and gap is not None and previous.entry.role == "outside":
        if gap == "" or gap in "市省区县（(":
            word.refused = f"of {previous.entry.word}, outside the region"
            return None
    if (
        demand == "generic"
        and not _BEFORE_GENERIC.search(text[max(0, word.start - 1) : word.start])
        and not (previous is not None and previous.end == word.start and previous.code)
    ):
        word.refused = "a kind of area, not one of them"
        return None

    if previous is not None and gap is not None and previous.code and len(gap) < 6 and _PARENT_GAP.fullmatch(gap):
        for code in _codes(previous):
            inside = tuple(reading for reading in readings if code in gazetteer.above(reading.code))
            chosen = gazetteer.best(inside, day) if inside else ()
            if len({reading.code for reading in chosen}) == 1:
                return chosen[0].code, "parent before"
    for neighbour, between in ((previous, gap), (following, after)):
        if (
            neighbour is None
            or between is None
            or not neighbour.code
            or len(between) > 16
            or not _LIST_GAP.fullmatch(between)
        ):
            continue
        for code in _codes(neighbour):
            siblings = tuple(
                r
                for r in readings
                if r.code != code and gazetteer.city(r.code) == gazetteer.city(code) and r.distance(day) == 0
            )
            if siblings and gazetteer.unit(code, day).level in ("county", "functional"):
                return gazetteer.best(siblings, day)[0].code, "sibling list"
    best = word.best
    if len(best) == 1 and not word.ended and _listed(previous, gap) and _listed(following, after):
        return best[0].code, "list of units"
    if one_sided := _beside(word, ((previous, gap), (following, after)), text[word.end :][:40], gazetteer, day):
        return one_sided
    if (run := _run(words, index, text, gazetteer)) is not None:
        return run
    if demand == "needs_parent" and word.ended:
        return None
    if demand == "full_name_only" and not _LOCATIVE.search(text, max(0, word.start - 4), word.start):
        for reading in best:
            if around.named[reading.code] or reading.code in around.titled:
                return reading.code, "named in full in the text or title"
        return None
    if demand == "generic":
        return _decided_by_city(words, index, text, gazetteer, around)
    return _nearby(words, index, text, gazetteer, around)


def _codes(word: _Word) -> tuple[str, ...]:
    return tuple(reading.code for reading in word.best) if word.entry.role == "compound" else (word.code,)


def _listed(neighbour: _Word | None, gap: str | None) -> bool:
    return (
        neighbour is not None
        and gap is not None
        and bool(neighbour.code)
        and len(gap) <= 4
        and bool(_LIST_GAP.fullmatch(gap))
        and gap != ""
    )


def _beside(
    word: _Word,
    neighbours: tuple[tuple[_Word | None, str | None], ...],
    after: str,
    gazetteer: Gazetteer,
    day: date | None,
) -> tuple[str, str] | None:
    """An unambiguous name in an enumeration (、) with one other unit: of its own province, where language uses the word."""
    if len(word.best) > 1 or word.ended or word.entry.demand not in ("supported", "full_name_only"):
        return None
    code = word.best[0].code
    for neighbour, gap in neighbours:
        if neighbour is None or gap != "、" or not neighbour.code or neighbour.entry.role != "unit":
            continue
        if word.entry.demand == "supported" or (
            gazetteer.level(neighbour.code) == "county"
            and gazetteer.ancestor(neighbour.code, "province", day) == gazetteer.ancestor(code, "province", day)
        ):
            return code, "list of units"
        if gazetteer.level(neighbour.code) == "county" and _COLLECTIVE.match(after):
            return code, "list of units"
    return None


def _run(words: list[_Word], index: int, text: str, gazetteer: Gazetteer) -> tuple[str, str] | None:
    """A list of names that are all weak alone but share one city: 和平、河东、河西, 芦台·汉沽."""
    word = words[index]
    for other, between in (
        (words[index - 1] if index else None, text[words[index - 1].end : word.start] if index else ""),
        (
            words[index + 1] if index + 1 < len(words) else None,
            text[word.end : words[index + 1].start] if index + 1 < len(words) else "",
        ),
    ):
        if (
            other is None
            or other.settled
            or other.entry.role != "unit"
            or not between
            or not _RUN_GAP.fullmatch(between)
        ):
            continue
        cities = {gazetteer.city(reading.code) for reading in word.best} & {
            gazetteer.city(reading.code) for reading in other.best
        }
        fitting = [r for r in word.best if gazetteer.city(r.code) in cities and r.distance is not None]
        if len(cities) == 1 and len(fitting) == 1 and not word.ended and word.entry.word != other.entry.word:
            return fitting[0].code, f"list with {other.entry.word}"
    return None


def _decided_by_city(
    words: list[_Word], index: int, text: str, gazetteer: Gazetteer, around: _Surroundings
) -> tuple[str, str] | None:
    """A kind of area that every city has is the one of the city named last, else of the text's, title's or publisher's."""
    word = words[index]
    readings = [reading for reading in word.entry.readings if reading.distance(around.day) == 0]
    spoken = [reading.code for reading in readings if around.named[reading.code]]
    if len(spoken) == 1:
        return spoken[0], "named in full in the text"
    for code in (*sorted(around.titled), around.publisher or ""):
        if code and (fits := _of_city(readings, gazetteer.city(code), gazetteer)):
            return fits[0].code, "publisher" if code == around.publisher else "city in the title"
    return None


def _of_city(readings: list[Reading], city: str, gazetteer: Gazetteer) -> list[Reading]:
    return [reading for reading in readings if gazetteer.city(reading.code) == city]


def _nearby(
    words: list[_Word], index: int, text: str, gazetteer: Gazetteer, around: _Surroundings
) -> tuple[str, str] | None:
    word = words[index]
    best = word.best
    blocked = False
    if word.ended and all(reading.form != "full" for reading in best):
        return None
    for other in reversed(words[:index]):
        if word.start - other.end > _NEAR or _SENTENCE_END.search(text, other.end, word.start):
            break
        if other.entry.role == "outside":
            blocked = True
            break
        if found := _fits(best, other, gazetteer):
            return found.code, "its city before"
    for reading in best:
        if around.named[reading.code]:
            return reading.code, "named in full in the text"
    if around.publisher is not None:
        for reading in best:
            if reading.code == around.publisher or _near(reading.code, around.publisher, gazetteer):
                return reading.code, "publisher"
    for reading in best:
        if any(_near(reading.code, code, gazetteer) for code in around.titled):
            return reading.code, "its city in the title"
    if blocked or (around.elsewhere and not around.titled):
        return None
    by_city = [reading for reading in best if any(_near(reading.code, code, gazetteer) for code in around.named)]
    if len(by_city) == 1:
        return by_city[0].code, "its city in the text"
    if len(best) > 1:
        return _named_together(words, index, gazetteer)
    if not word.ended:
        signs = {*around.titled, *around.named, *((around.publisher,) if around.publisher else ())}
        if around.publisher is not None and best[0].form == "full":
            return best[0].code, "the only one in the region"
        above = gazetteer.above(best[0].code)
        if any(sign in above or above & gazetteer.above(sign) for sign in sorted(signs)):
            return best[0].code, "its province in the text"
    return None


def _near(code: str, other: str, gazetteer: Gazetteer) -> bool:
    """Whether two units belong to one city, or one lies in the other's city."""
    city = gazetteer.city(code)
    return gazetteer.city(other) == city


def _fits(best: tuple[Reading, ...], other: _Word, gazetteer: Gazetteer) -> Reading | None:
    if not other.code:
        return None
    for code in _codes(other):
        fits = [reading for reading in best if _near(reading.code, code, gazetteer)]
        if len(fits) == 1:
            return fits[0]
    return None


def _named_together(words: list[_Word], index: int, gazetteer: Gazetteer) -> tuple[str, str] | None:
    """Names that several cities have, in a text that names none of the cities: the one city that has most of them."""
    word = words[index]
    others: dict[str, set[str]] = {}
    for other in words:
        if other is not word and other.entry.role == "unit" and other.entry.word != word.entry.word:
            for reading in other.best:
                others.setdefault(gazetteer.city(reading.code), set()).add(other.entry.word)
    counts = sorted(((len(others.get(gazetteer.city(r.code), ())), r.code) for r in word.best), reverse=True)
    if counts[0][0] > (counts[1][0] if len(counts) > 1 else 0):
        shared = sorted(others[gazetteer.city(counts[0][1])])
        return counts[0][1], f"together with {shared[0]}"
    return None


# Bodies, self-reference, initials -------------------------------------------------------------------------------


def _name_body(words: list[_Word], index: int, text: str, gazetteer: Gazetteer) -> None:
    """Mark a place that only opens the name of a body (北京 … 大学), or stands in brackets behind one."""
    word = words[index]
    if not word.code or word.entry.role not in ("unit", "compound"):
        return
    following = words[index + 1] if index + 1 < len(words) else None
    limit = min(len(text), word.end + 18, following.start if following is not None and following.code else len(text))
    stop = _NAME_STOP.search(text, word.end, limit)
    stretch_end = stop.start() if stop else limit
    if gazetteer.suffixes["organisation_at_once"].match(text, word.end):
        word.kind = "organisation"
        return
    found = gazetteer.suffixes["organisation"].search(text, word.end, min(len(text), stretch_end + _REACH))
    if found is not None and found.end() <= stretch_end:
        word.kind = "organisation"
        return
    if following is not None and following.start == word.end and following.kind == "organisation" and following.code:
        if following.code == word.code or word.code in gazetteer.above(following.code):
            word.kind = "organisation"
            return
    if text[word.end : word.end + 1] in ("）", ")") and _BODY_BEFORE.search(text[max(0, word.start - 6) : word.start]):
        word.kind = "organisation"


def _self_reference(
    words: list[_Word], index: int, text: str, gazetteer: Gazetteer, around: _Surroundings
) -> list[Mention]:
    """The publisher's own unit, or the one above it of the level that the word asks for."""
    word = words[index]
    if around.publisher is None:
        return []
    character = self_words()[word.entry.word]
    if word.entry.word[0] not in "我本全":
        for other in reversed(words[:index]):
            if other.entry.role == "self":
                continue
            if word.start - other.end > 8 or other.entry.role == "region":
                break
            if not re.search("[，。；：！？,;\n]", text[other.end : word.start]):
                return []
            break
    code = _own_unit(around.publisher, character, gazetteer, around.day)
    if code is None:
        return []
    return [Mention(word.start, word.end, text[word.start : word.end], code, "self", f"publisher {around.publisher}")]


def _own_unit(publisher: str, character: str, gazetteer: Gazetteer, day: date | None) -> str | None:
    unit = gazetteer.unit(publisher, day)
    if unit.name.endswith(character):
        return publisher
    levels: dict[str, tuple[UnitLevelName, ...]] = {
        "省": ("province",),
        "市": ("city", "province"),
        "区": ("county",),
        "县": ("county",),
    }
    for level in levels[character]:
        found = gazetteer.ancestor(publisher, level, day)
        if found is None:
            continue
        if gazetteer.unit(found, day).name.endswith(character) or found == publisher and character == "区":
            return found
    return None


def _initials(
    folded: str, text: str, words: list[_Word], vetoes: list[tuple[int, int, str]], gazetteer: Gazetteer
) -> list[Mention]:
    """Runs of one-character abbreviations that the text explains itself: 房涿 beside 房山 and 涿州, 雄石沧, 津冀雄."""
    spoken: dict[str, set[str]] = {}
    for word in words:
        if word.code and word.entry.role == "unit" and word.kind == "place":
            for character in (
                word.entry.word[:2]
                if len(word.entry.word) > 2 or word.entry.word[-1] not in "市县区"
                else word.entry.word[:1]
            ):
                spoken.setdefault(character, set()).add(word.code)
    letters = {character: next(iter(codes)) for character, codes in spoken.items() if len(codes) == 1}
    letters |= {character: code for character, code in gazetteer.letters.items()}
    pattern = re.compile(f"[{re.escape(''.join(sorted(letters)))}]{{2,5}}")
    busy = sorted([(word.start, word.end) for word in words] + [(start, end) for start, end, _ in vetoes])
    found: list[tuple[int, int]] = []
    known: set[str] = set()
    for match in pattern.finditer(folded):
        start, end = match.span()
        run = match.group()
        codes = [letters[character] for character in run]
        if len(set(codes)) < len(codes) or any(s < end and start < e for s, e in busy):
            continue
        fixed = all(character in gazetteer.letters for character in run)
        opened = folded[start - 1 : start] in ("“", '"', "‘", "「") and start > 0
        together = _TOGETHER.match(folded, end)
        if len(run) >= 3 and fixed or together is not None and (opened or together.group()[0] in '两三四双二”"'):
            known.add(run)
        if gazetteer.suffixes["not_the_place"].match(folded, end):
            continue
        found.append((start, end))
    return [
        Mention(start, end, text[start:end], letters[character], "place", "initials of units named in the text")
        for start, end in found
        if folded[start:end] in known
        for character in folded[start:end]
    ]
