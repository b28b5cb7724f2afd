"""Recognisers of places to be measured against: two packages, and a list of names that knows no more than dates.

Each reads one sentence and gives the units of the region in it, by code.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from functools import cache
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind

from config import Region
from tests.baseline_packages import load
from tests.cooccurrence import Sighting, Spotted

Recognise = Callable[[str, date | None], Sighting]

_GENERIC = re.compile("(?:[省市]|特别行政区|自治区)$")


def cpca(region: Region) -> Recognise:
    """cpca: addresses of three levels, each read as its most specific unit of today. May raise `NotInstalledError`."""
    (package,) = load("cpca")
    known = _codes(region)

    def recognise(sentence: str, _day: date | None) -> Sighting:
        spots, places = set(), set()
        try:
            rows = package.transform_text_with_addrs(sentence, pos_sensitive=True).to_dict("records")
        except KeyError:  # its way to say that there is no address at all
            rows = []
        for row in rows:
            code = str(row["adcode"])
            places.add(code)
            for level, digits in (("省", 2), ("市", 4), ("区", 6)):
                start = int(row[f"{level}_pos"])
                if start >= 0:
                    unit = code[:digits].ljust(6, "0")
                    name = str(row[level])
                    word = name if sentence.startswith(name, start) else _GENERIC.sub("", name)
                    spots.add(Spotted(start, start + len(word), unit))
        return _within(known, spots, places)

    return recognise


def jionlp(region: Region) -> Recognise:
    """jionlp: domestic places by words that its tagger calls place names. May raise `NotInstalledError`.

    It says which places a sentence names and not where, so each counts wherever its name or short name stands.
    """
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        package, dictionary = load("jionlp", "jionlp", "jionlp.dictionary.dictionary_loader")
    known = _codes(region)
    units = {names: (code, words) for names, code, words in _units(dictionary.china_location_loader())}

    def recognise(sentence: str, _day: date | None) -> Sighting:
        spots, places = set(), set()
        found = package.recognize_location(sentence, top_k=None) if sentence.strip() else {}
        for location, _count in found.get("domestic") or ():
            names = tuple(location[level] for level in ("province", "city", "county") if location[level])
            for depth in range(1, len(names) + 1):
                code, words = units.get(names[:depth], ("", ()))
                spots |= {Spotted(start, end, code) for start, end in _standing(sentence, words)}
            places.add(units[names][0] if names in units else "")
        return _within(known, spots, places)

    return recognise


def dated_names(region: Region) -> Recognise:
    """The names, short names and aliases of the units in force on the day, longest first; no context is read.

    A name that several units share on that day (新华区) decides nothing and is left out.
    """

    @cache
    def names_on(day: date) -> tuple[AhoCorasick, tuple[str, ...]]:
        bearers: defaultdict[str, set[str]] = defaultdict(set)
        for unit in region.units:
            if unit.valid_on(day):
                for name in (unit.name, unit.short_name, *unit.aliases):
                    if len(name) > 1:
                        bearers[name].add(unit.code)
        named = {name: min(codes) for name, codes in bearers.items() if len(codes) == 1}
        return AhoCorasick(list(named), matchkind=MatchKind.LeftmostLongest), tuple(named.values())

    def recognise(sentence: str, day: date | None) -> Sighting:
        automaton, codes = names_on(day or region.settings.revised)
        found = automaton.find_matches_as_indexes(sentence)
        spots = tuple(Spotted(start, end, codes[index]) for index, start, end in found)
        return Sighting(spots, frozenset(spot.code for spot in spots))

    return recognise


def _codes(region: Region) -> frozenset[str]:
    return frozenset(unit.code for unit in region.units)


def _within(known: frozenset[str], spots: set[Spotted], places: set[str]) -> Sighting:
    kept = sorted((spot for spot in spots if spot.code in known), key=lambda spot: (spot.start, spot.end, spot.code))
    return Sighting(tuple(kept), known & places)


def _units(tree: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str, list[str]]]:
    for name, below in tree.items():
        if name.startswith("_"):
            continue
        alias = below["_alias"]
        words = {name, *(alias if isinstance(alias, list) else [alias])} - {"", None}
        yield (*above, name), below["_admin_code"], sorted(words, key=len, reverse=True)
        yield from _units(below, (*above, name))


def _standing(sentence: str, words: tuple[str, ...] | list[str]) -> Iterator[tuple[int, int]]:
    if words:
        for match in re.finditer("|".join(map(re.escape, words)), sentence):
            yield match.span()
