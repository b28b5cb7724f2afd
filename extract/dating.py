"""In which year the thing happened that a sentence tells of."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

import dateparser

_NUMERALS = dict(zip("〇零一二两三四五六七八九", "001223456789", strict=True))
_YEAR = re.compile(
    r"(?<!\d)(?P<digits>(?:19[4-9]|20[0-4])\d)\s?年"
    r"|(?P<numerals>[一二][〇零一二三四五六七八九]{3})年"
    r"|(?P<word>去年|前年|今年|本年|明年|昨日|昨天|前天|今日|今天|日前|近日|上周|上个?月)"
    r"|(?<!\d)(?P<count>\d{1,2}|[一二两三四五六七八九十]{1,3})(?P<unit>年|个月|周|天|日)(?:多)?前(?!后)"
)
_SPOKEN = {"昨日": "昨天", "上月": "上个月", "今日": "今天"}
_YEARS = {"去年": -1, "前年": -2, "明年": 1}


def event_year(text: str, start: int, end: int, sentence: tuple[int, int], day: date | None) -> int | None:
    """The year of the statement `text[start:end]`: the last one named before its end in its sentence, seen from `day`.

    A year that is still to come on `day` is when a plan ends, not when it was made, and a sentence without a year
    speaks of the year of its document; without either the year is unknown.
    """
    year = None
    for found in _YEAR.finditer(text, sentence[0], end):
        named = _named_year(found, day)
        if named is not None and (day is None or named <= day.year):
            year = named
    return year if year is not None else (day.year if day else None)


def _named_year(found: re.Match[str], day: date | None) -> int | None:
    if found["digits"]:
        return int(found["digits"])
    if found["numerals"]:
        return int("".join(_NUMERALS[character] for character in found["numerals"]))
    if day is None:
        return None
    if found["word"]:
        word = _SPOKEN.get(found["word"], found["word"])
        return day.year + _YEARS[word] if word in _YEARS else _year_seen_from(word, day)
    count = found["count"] if found["count"].isdigit() else str(_number(found["count"]))
    return _year_seen_from(f"{count}{'天' if found['unit'] == '日' else found['unit']}前", day)


@lru_cache(maxsize=4096)
def _year_seen_from(words: str, day: date) -> int:
    """The year that relative words mean on a day; the day's own for words that name no distance (日前)."""
    base = datetime(day.year, day.month, day.day)
    moment = dateparser.parse(words, languages=["zh"], settings={"RELATIVE_BASE": base, "TIMEZONE": "UTC"})
    return moment.year if moment is not None else day.year


def _number(numerals: str) -> int:
    """A Chinese number below 100."""
    tens, ten, ones = numerals.rpartition("十")
    high = (int(_NUMERALS[tens[-1]]) if tens else 1) * 10 if ten else 0
    return high + (int(_NUMERALS.get(ones[-1], "0")) if ones else 0)
