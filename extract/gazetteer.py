"""The units of a region as a text may write them: every dated name, its rivals, and how units lie in one another."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from itertools import product
from typing import TYPE_CHECKING, Literal

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from config.model import Collision, Name, Unit
from extract.senses import Sense, sense_of

if TYPE_CHECKING:
    from config.loader import Region

Role = Literal["unit", "compound", "region", "organisation", "outside", "veto", "self", "letter"]
Demand = Literal["none", "supported", "full_name_only", "needs_parent", "generic"]
UnitLevelName = Literal["province", "city", "county"]

# A radical is another character than the ideograph it looks like; texts taken out of PDF files are full of them.
_LOOKALIKES = re.compile("([\u2e80-\u2fdf\uf900-\ufaff\ud800-\udfff])")
_SELF_SUFFIXES = ("省", "市", "区", "县")
SELF_WORDS: Mapping[str, str] = {head + suffix: suffix for head in ("我", "本", "全") for suffix in _SELF_SUFFIXES} | {
    suffix + organ: suffix for organ in ("委", "政府", "人民政府", "政协", "人大") for suffix in _SELF_SUFFIXES
}
"""Words by which a publisher means a unit of a level itself (我市, 市政府), with the character of that level."""

_LETTER_BEFORE = "在来进离赴出驻返抵环入回留迁"
_LETTER_AFTER = ("郊", "籍", "外", "内", "西北", "东北", "西南", "东南", "周边")
_ORGAN = re.compile(
    "(?:政府|政府网|政府网站|门户网站|政务网|管委会|委|委员会|局|厅|办|办公室|人大|人民代表大会|常委会|政协|党工委|法院|检察院|领导小组|"
    "指挥部|宣传部|组织部|统战部|新闻办|发布|融媒体中心|供销合作社联合社|供销社|妇联|团委|工会)$"
)
_MEDIUM = re.compile(
    "日报|晚报|晨报|青年报|都市报|商报|时报|新闻|报社|杂志|电视|广播|电台|传媒|融媒(?!体中心)|在线|大学|学院|中学|医院|公司|集团|银行|"
    "海关|协会|学会|研究院|研究所|商会|出版"
)
_FIRST_BODY = re.compile(r"[\s、，,;；:：(（]")
_LEADING = re.compile("^(?:中国共产党|中共|国家税务总局|国家统计局)")


@dataclass(frozen=True, slots=True)
class Reading:
    """One unit version that a word may mean.

    `form` tells a full name from a short one and an alias; `since`/`until` bound the days on which the word means it.
    """

    code: str
    unit: Unit
    form: Literal["full", "short", "alias"]
    since: date | None
    until: date | None

    def distance(self, day: date | None) -> int:
        """Days between `day` and the time in which the word means the unit; 0 within it, and today is the default."""
        if day is None:
            return 0 if self.until is None else 1_000_000 - self.until.toordinal()
        if self.since is not None and day < self.since:
            return self.since.toordinal() - day.toordinal()
        if self.until is not None and day >= self.until:
            return day.toordinal() - self.until.toordinal() + 1
        return 0

    def over(self, day: date | None) -> bool:
        """Whether the time in which the word means the unit had ended by `day` (by today without one)."""
        return self.until is not None and (day is None or day >= self.until)


@dataclass(frozen=True, slots=True)
class Entry:
    """A word to look for: what part it plays, what it may mean, and what it needs in order to count.

    `inset` is where the place begins inside the word (在京: 1), `length` how long it is.
    """

    word: str
    role: Role
    readings: tuple[Reading, ...]
    demand: Demand = "none"
    note: str = ""
    inset: int = 0
    length: int = 0


_Rows = tuple[tuple[Unit, ...], tuple[Name, ...], tuple[Collision, ...], tuple[str, ...]]
_Placed = tuple[int, int, int]
"""Where a word begins, where it ends (as a negative, so that the longest comes first), and its number."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A text as places are read in it, look-alikes replaced, with its words by start and longest first.

    `mute` says that none of them can name a unit or be turned down as one; `initials` are where two of the region's
    one-character abbreviations stand together, `besides` where one of the terms stands that are looked for besides.
    """

    folded: str
    words: list[tuple[int, int, Entry]]
    mute: bool
    initials: list[int]
    besides: list[int]


class Gazetteer:
    """All names of a region in one automaton, and the look-ups that reading places and pairs needs.

    Build it once with `Gazetteer.of(region)`; it does not change and can be sent to another process. `besides` are
    terms to be found in the same pass over a text, whatever they are for.
    """

    def __init__(
        self, units: Iterable[Unit], names: Iterable[Name], collisions: Iterable[Collision], besides: Iterable[str] = ()
    ) -> None:
        self._rows = (tuple(units), tuple(names), tuple(collisions), tuple(besides))
        self.versions: Mapping[str, tuple[Unit, ...]] = _versions(self._rows[0])
        self.letters: Mapping[str, str] = {name.name: name.codes[0] for name in self._rows[1] if name.kind == "letter"}
        self.sense: Callable[[str, date | None], Sense] = lru_cache(maxsize=65536)(self._sense)
        """What one of the words that `scan` finds means on a day by itself."""
        # Words that can never be a mention or a veto come last, so that a text of these alone is known at once.
        self._entries = tuple(sorted(self._make_entries(), key=_muteness))
        self._own_from = sum(_muteness(entry) < 1 for entry in self._entries)
        self._mute_from = sum(_muteness(entry) < 2 for entry in self._entries)
        runs = {one + other for one, other in product(self.letters, repeat=2)}
        patterns = list(dict.fromkeys((*(entry.word for entry in self._entries), *sorted(runs), *self._rows[3])))
        self._runs = frozenset(index for index, pattern in enumerate(patterns) if pattern in runs)
        self._besides = frozenset(index for index, pattern in enumerate(patterns) if pattern in self._rows[3])
        self._look_alikes = len(patterns)
        # One pass tells how to read on: words, pairs of initials, terms besides, and characters to be folded.
        # The contiguous automaton is the fastest at reading; it takes some tens of milliseconds to build.
        self._automaton = AhoCorasick(
            patterns + [chr(point) for point in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00))],
            matchkind=MatchKind.Standard,
            implementation=Implementation.DFA,
            store_patterns=False,
        )

    @classmethod
    def of(cls, region: Region, besides: Iterable[str] = ()) -> Gazetteer:
        """The gazetteer of a region's configuration."""
        return cls(region.units, region.names, region.collisions, besides)

    def __reduce__(self) -> tuple[type[Gazetteer], _Rows]:
        return Gazetteer, self._rows

    # Units -----------------------------------------------------------------------------------------------------

    def unit(self, code: str, day: date | None = None) -> Unit:
        """The version of a unit that was in force on `day` (today's or last without one; the nearest outside its time).

        Raises `KeyError` for a code that is no unit.
        """
        if day is None:
            return self._latest[code]
        versions = self.versions[code]
        return versions[0] if len(versions) == 1 else min(versions, key=lambda unit: _far(unit, day))

    def level(self, code: str) -> UnitLevelName:
        """The level at which the guidelines count a unit; 雄安新区, a new area of the state, counts as a city."""
        return self._levels[code]

    def city(self, code: str) -> str:
        """The one of the cities a unit rolls up to; a unit above the cities (河北省) stands for itself."""
        return self._cities.get(code) or code

    def related(self, a: str, b: str) -> bool:
        """Whether one of two units lies in the other (or is it, under an older name): such two are never a pair."""
        return a == b or b in self.above(a) or a in self.above(b) or self._same_ground(a, b)

    def same_place(self, a: str, b: str) -> bool:
        """Whether two codes are one unit, or one under an older name or code."""
        return a == b or self._same_ground(a, b)

    def above(self, code: str) -> frozenset[str]:
        """The units a unit lay in, at any depth and in any of its versions, and those a functional area lies within."""
        return self._above.get(code, frozenset())

    def ancestor(self, code: str, level: UnitLevelName, day: date | None = None) -> str | None:
        """The unit of a level that `code` is or lies in on `day`: 我省 on a county's portal."""
        seen: set[str] = set()
        while code and code not in seen:
            seen.add(code)
            if self.level(code) == level:
                return code
            code = self.unit(code, day).parent_code
        return None

    @cached_property
    def _latest(self) -> dict[str, Unit]:
        return {code: min(units, key=lambda unit: _far(unit, None)) for code, units in self.versions.items()}

    @cached_property
    def _levels(self) -> dict[str, UnitLevelName]:
        return {code: _level(self.unit(code)) for code in self.versions}

    @cached_property
    def _cities(self) -> dict[str, str]:
        return {
            code: next((unit.city_code for unit in units if unit.city_code), "")
            for code, units in self.versions.items()
        }

    @cached_property
    def _above(self) -> dict[str, frozenset[str]]:
        direct = {
            code: {unit.parent_code for unit in units if unit.parent_code}
            | {part for unit in units for part in unit.within}
            for code, units in self.versions.items()
        }
        above: dict[str, frozenset[str]] = {}
        for code in direct:
            reached: set[str] = set()
            front = set(direct[code])
            while front:
                reached |= front
                front = {up for down in front for up in direct.get(down, ()) if up not in reached}
            above[code] = frozenset(reached - {code})
        return above

    def _same_ground(self, a: str, b: str) -> bool:
        ground = self._ground.get(a)
        return ground is not None and ground == self._ground.get(b)

    @cached_property
    def _ground(self) -> dict[str, str]:
        """Which county-level unit of the vintage a unit is under another name or code."""
        return {
            code: unit.unit202[0]
            for code, units in self.versions.items()
            for unit in units
            if unit.level == "county" and unit.relation in ("identity", "1:1") and len(unit.unit202) == 1
        }

    # Words -----------------------------------------------------------------------------------------------------

    def scan(self, text: str, *, near: bool = False, own: bool = True) -> Scan:
        """All words found in a text, overlapping ones too.

        `near` leaves out mute words that are too far from all others to bear on how those are read; `own` says that
        words for the speaker's own unit (我市) are not mute.
        """
        find = self._automaton.find_matches_as_indexes
        try:
            found = find(text, overlapping=True)
        except UnicodeEncodeError:  # halves of a surrogate pair, which `fold` replaces
            text = fold(text)
            found = find(text, overlapping=True)
        indexes = {index for index, _, _ in found}
        if indexes and max(indexes) >= self._look_alikes:
            text = fold(text)
            found = find(text, overlapping=True)
            indexes = {index for index, _, _ in found}
        entries, count, speaking = self._entries, len(self._entries), self._mute_from if own else self._own_from
        mute = min(indexes, default=speaking) >= speaking
        runs, terms = self._runs & indexes, self._besides & indexes
        initials = [start for index, start, _ in found if index in runs] if runs else []
        besides = sorted(start for index, start, _ in found if index in terms) if terms else []
        if mute and near:
            return Scan(text, [], mute, initials, besides)
        placed = [(start, -end, index) for index, start, end in found if index < count]
        placed.sort()
        if near:
            reach = _FAR if any(entries[index].demand == "generic" for index in indexes if index < speaking) else _NEAR
            placed = _bearing(placed, speaking, reach)
        words = [(start, -end, entries[index]) for start, end, index in placed]
        return Scan(text, words, mute, initials, besides)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything that `scan` looks for, in an order of its own."""
        return self._entries

    def entry(self, word: str) -> Entry | None:
        """What is known about a word of a text that `fold` has prepared."""
        return self._by_word.get(word)

    def best(self, readings: tuple[Reading, ...], day: date | None) -> tuple[Reading, ...]:
        """The readings that a day, the form and the level leave equal: one unless different cities share the name."""
        if len(readings) == 1:
            return readings

        ranks = [
            (reading.distance(day), _FORM_ORDER[reading.form], _LEVEL_ORDER[reading.unit.level]) for reading in readings
        ]
        first = min(ranks)
        kept = [reading for reading, rank in zip(readings, ranks, strict=True) if rank == first]
        if len(kept) == 1:
            return (kept[0],)
        cities: dict[str, Reading] = {}
        for reading in kept:
            city = self.city(reading.code)
            held = cities.get(city)
            if held is None or _newer(reading, held):
                cities[city] = reading
        return tuple(cities.values())

    def _sense(self, word: str, day: date | None) -> Sense:
        entry = self._by_word[word]
        return sense_of(entry, self.best(entry.readings, day) if entry.readings else (), day)

    @cached_property
    def suffixes(self) -> Mapping[str, re.Pattern[str]]:
        """What may follow a name and take it away from the unit, by rule, as one pattern each."""
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for collision in self._rows[2]:
            at_once = collision.rule == "organisation" and collision.pattern.startswith("^")
            groups["organisation_at_once" if at_once else collision.rule].append(collision.pattern.removeprefix("^"))
        return {
            rule: re.compile("|".join(sorted(groups[rule], key=len, reverse=True)) or r"(?!)")
            for rule in ("not_the_place", "township", "organisation", "organisation_at_once")
        }

    def resolve_publisher(self, name: str, day: date | None = None) -> str | None:
        """The unit that a publisher's name stands for: a unit's full name or code, or an organ of it (北京市科委).

        None for media, bodies that are no organ of a unit, places outside the region, and names that fit two units.
        """
        name = fold(name.strip())
        if name in self.versions:
            return name
        name = _LEADING.sub("", name)
        at, code = 0, ""
        while True:
            step = self._longest_unit(name, at, code, day)
            if step is None:
                break
            at, code = step
        rest = _FIRST_BODY.split(name[at:], maxsplit=1)[0]
        if not code or (rest and (_MEDIUM.search(rest) or not _ORGAN.search(rest))):
            return None
        return code

    def area(self, code: str, kind: str) -> str | None:
        """The area of a kind (高新区) that bears the name of a unit (沧州), or none."""
        entry = self.entry(fold(self.unit(code).short_name + kind))
        codes = {reading.code for reading in entry.readings} if entry is not None and entry.role == "unit" else set()
        return codes.pop() if len(codes) == 1 else None

    def leading_unit(self, name: str, day: date | None = None) -> str | None:
        """The unit whose name begins another name: 衡水 for 衡水日报, which is no publisher that speaks for it."""
        step = self._longest_unit(name, 0, "", day)
        return step[1] if step is not None else None

    def _longest_unit(self, name: str, at: int, inside: str, day: date | None) -> tuple[int, str] | None:
        for length in range(min(len(name) - at, self._longest), 1, -1):
            entry = self._by_word.get(name[at : at + length])
            if entry is None or entry.role != "unit":
                continue
            fits = tuple(r for r in entry.readings if not inside or inside in self.above(r.code))
            bound = tuple(r for r in fits if r.distance(day) == 0) or fits
            kept = self.best(bound, day) if bound else ()
            if len(kept) == 1 and (kept[0].form != "short" or entry.demand in ("none", "supported")):
                return at + length, kept[0].code
        return None

    @cached_property
    def _by_word(self) -> dict[str, Entry]:
        return {entry.word: entry for entry in self._entries}

    @cached_property
    def _longest(self) -> int:
        return max(len(entry.word) for entry in self._entries)

    def _make_entries(self) -> Iterable[Entry]:
        units, names, collisions, _ = self._rows
        demands = _demands(collisions)
        entries: dict[str, Entry] = {}
        for word in SELF_WORDS:
            entries[word] = Entry(word, "self", ())
        for letter, code in self.letters.items():
            reading = tuple(Reading(code, unit, "alias", None, None) for unit in self.versions[code][-1:])
            if self.unit(code).level != "province":
                continue
            for before in _LETTER_BEFORE:
                entries[before + letter] = Entry(before + letter, "letter", reading, inset=1, length=1)
            for after in _LETTER_AFTER:
                entries[letter + after] = Entry(letter + after, "letter", reading, inset=0, length=1)
        for word, readings in _unit_words(units).items():
            entries[word] = Entry(word, "unit", tuple(readings), demands.get(word, "none"))
        entries |= self._named(names, demands)
        for collision in collisions:
            if collision.rule == "veto":
                entries[collision.pattern] = Entry(collision.pattern, "veto", (), note=collision.means)
        return entries.values()

    def _named(self, names: tuple[Name, ...], demands: Mapping[str, Demand]) -> dict[str, Entry]:
        grouped: defaultdict[str, list[Name]] = defaultdict(list)
        for name in names:
            if name.kind != "letter":
                grouped[name.name].append(name)
        named: dict[str, Entry] = {}
        for word, rows in grouped.items():
            kind = rows[0].kind
            readings = tuple(
                Reading(code, self.versions[code][-1], "alias", row.valid_from, row.valid_to)
                for row in rows
                for code in row.codes
            )
            role: Role = "unit" if kind in ("alias", "town") else kind  # type: ignore[assignment]
            named[word] = Entry(word, role, readings, demands.get(word, "none"))
        return named


def _muteness(entry: Entry) -> int:
    """0 for what can be named or turned down, 1 for words for the speaker's unit, 2 for what never is a result."""
    if entry.role == "self":
        return 1
    return 2 if entry.role == "outside" and entry.demand == "none" else 0


_NEAR, _FAR = 150, 350
"""Characters within which any word bears on the reading of a name, and within which one does on a kind of area."""


def _bearing(placed: list[_Placed], speaking: int, reach: int) -> list[_Placed]:
    """The words but those whose cluster, within which one decides how the next is read, lies too far from a name."""
    names = [start for start, _, index in placed if index < speaking]
    names.append(sys.maxsize)
    kept: list[_Placed] = []
    begin = name = 0
    edge = -1
    for at, (start, end, _) in enumerate(placed):
        if start > edge + 1:
            if names[name] < edge + reach:
                kept += placed[begin:at]
            begin = at
            while names[name] < start - reach:
                name += 1
        if -end > edge:
            edge = -end
    if names[name] < edge + reach:
        kept += placed[begin:]
    return kept


def fold(text: str) -> str:
    """The text with look-alike characters replaced one by one, so that every index still holds."""
    parts = _LOOKALIKES.split(text)
    parts[1::2] = map(_like, parts[1::2])
    return "".join(parts)


@cache
def _like(character: str) -> str:
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    folded = _RADICALS_SUPPLEMENT.get(character) or unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


# The supplement's radicals have no compatibility mapping in Unicode; these are the simplified ones that texts hold.
_RADICALS_SUPPLEMENT = {"⻓": "长", "⻅": "见", "⻋": "车", "⻔": "门", "⻘": "青", "⻛": "风", "⻢": "马", "⻥": "鱼", "⻩": "黄", "⻬": "齐", "⻄": "西", "⻝": "食", "⻆": "角", "⻉": "贝", "⻚": "页", "⻜": "飞", "⻰": "龙", "⺠": "民", "⻁": "虎", "⻨": "麦"}  # fmt: skip  # noqa: E501

_FORM_ORDER = {"full": 0, "short": 1, "alias": 2}
_LEVEL_ORDER = {"province": 0, "prefecture": 0, "county": 1, "functional": 2}


def _versions(units: Iterable[Unit]) -> dict[str, tuple[Unit, ...]]:
    grouped: defaultdict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        grouped[unit.code].append(unit)
    return {code: tuple(sorted(rows, key=lambda unit: unit.valid_from or date.min)) for code, rows in grouped.items()}


def _far(unit: Unit, day: date | None) -> tuple[int, int]:
    reading = Reading(unit.code, unit, "full", unit.valid_from, unit.valid_to)
    return reading.distance(day), -(unit.valid_from or date.min).toordinal()


def _level(unit: Unit) -> UnitLevelName:
    if unit.level == "province":
        return "province"
    return "city" if unit.level == "prefecture" or unit.unit_type == "国家级新区" else "county"


def _newer(reading: Reading, held: Reading) -> bool:
    return (reading.unit.valid_from or date.min) > (held.unit.valid_from or date.min)


def _demands(collisions: Iterable[Collision]) -> dict[str, Demand]:
    demands: dict[str, Demand] = {}
    for collision in collisions:
        if collision.rule in ("full_name_only", "supported", "needs_parent", "generic"):
            demands[collision.pattern] = collision.rule
    return demands


def _unit_words(units: tuple[Unit, ...]) -> dict[str, list[Reading]]:
    """Every word that `units.csv` gives for a unit: full and short names, aliases, and those with the city in front.

    A functional area's name that repeats its parent in full (唐山市汉沽管理区), or its province before a new area (河北
    雄安新区), is read as parent and area where the area has a name of its own, because that is how both are named.
    """
    own = {unit.name for unit in units} | {unit.short_name for unit in units}
    own |= {alias for unit in units for alias in unit.aliases}
    by_code: dict[str, Unit] = {unit.code: unit for unit in units}
    own_tails = {unit: tail for unit in units if (tail := _own_tail(unit, by_code.get(unit.parent_code)))}
    own |= set(own_tails.values())
    words: defaultdict[str, list[Reading]] = defaultdict(list)

    def add(word: str, unit: Unit, form: Literal["full", "short", "alias"]) -> None:
        if len(word) < 2 or word.endswith("管委会") or any(reading.unit is unit for reading in words[word]):
            return
        words[word].append(Reading(unit.code, unit, form, unit.valid_from, unit.valid_to))

    for unit in units:
        parent = by_code.get(unit.parent_code)
        heads = sorted({parent.name, parent.short_name}, key=len, reverse=True) if parent else []
        forms: list[tuple[str, Literal["full", "short", "alias"]]] = []
        for full in unit.name.split("/") if not unit.name.endswith(")") else ():
            forms.append((full, "full"))
            if "(" in full:
                forms.append((full.replace("(", "（").replace(")", "）"), "full"))
        if unit.short_name:
            forms.append((unit.short_name, "short"))
        if unit in own_tails:
            forms.append((own_tails[unit], "full"))
        forms += [(alias, "alias") for alias in unit.aliases if not alias.endswith(")")]
        names = {word for word, _ in forms}
        for word, form in forms:
            head = next((head for head in heads if word.startswith(head) and len(word) > len(head)), "")
            rest = word[len(head) :]
            if parent and head and rest in own and _named_apart(unit, parent, head, rest):
                continue
            add(word, unit, form)
        for tails in _AREA_TAILS if unit.level == "functional" else ():
            if any(head + tail in names for head in heads for tail in tails):
                for tail in tails:
                    for head in heads:
                        add(head + tail, unit, "alias")
                    add(tail, unit, "alias")
                break
    return {word: readings for word, readings in words.items() if readings}


def _own_tail(unit: Unit, parent: Unit | None) -> str:
    """The name of an area without its city (御道口牧场管理区), where it is not one that every city's area has."""
    name = unit.name
    if unit.level != "functional" or parent is None or not name.endswith(_OWN_TAILS):
        return ""
    head = next((head for head in (parent.name, parent.short_name) if name.startswith(head)), "")
    tail = name[len(head) :]
    return tail if head and len(tail) >= _SHORTEST_TAIL else ""


_OWN_TAILS = ("管理区", "保税港区")
_SHORTEST_TAIL = 5


def _named_apart(unit: Unit, parent: Unit, head: str, rest: str) -> bool:
    if rest.endswith(_CITY_DECIDES):
        return False
    if unit.level == "functional":
        return head == parent.name or (parent.level == "province" and rest.endswith("新区"))
    return unit.level == "county"


# What an area of one kind is called when the city stands before it, or when a list has named the city already.
_AREA_TAILS = (
    ("高新区", "高新技术产业开发区", "高新技术开发区"),
    ("经开区", "经济技术开发区", "经济开发区", "开发区"),
    ("自贸区", "自贸试验区", "自由贸易试验区"),
)
_CITY_DECIDES = ("开发区", "高新区", "经开区", "自贸区", "试验区", "园区", "保税区", "副中心")
