"""Days as Chinese pages write them.

Fixed patterns and Chinese numerals only: a general date parser reads 2023年 as the year 3 and 2023年5月 as today's
day of that month. Nothing here knows today.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2099

_DIGITS: Final = dict(zip("〇零○ＯOo０一二三四五六七八九", "0000000123456789", strict=True))
_NUMERAL_YEAR: Final = "[〇零○ＯOo０0一二三四五六七八九]{4}"
_NUMERAL: Final = "[一二三四五六七八九十廿卅〇零]{1,4}"
_GAP: Final = r"[ \t\u3000]{0,3}"
_SPACES: Final = re.compile(r"\s+")

_ARABIC = re.compile(
    rf"(?<![\d.])(?P<year>(?:19|20)\d\d){_GAP}(?P<sep>[-/.－—‐–年]){_GAP}(?P<month>1[0-2]|0?[1-9]){_GAP}"
    rf"(?P<sep2>[-/.－—‐–月]){_GAP}(?P<day>3[01]|[12]\d|0?[1-9])(?![\d])(?:{_GAP}[日号])?"
)
_CHINESE = re.compile(
    rf"(?P<year>{_NUMERAL_YEAR}){_GAP}年{_GAP}(?P<month>{_NUMERAL}){_GAP}月{_GAP}(?P<day>{_NUMERAL}){_GAP}[日号]"
)
_AMERICAN = re.compile(
    r"(?<![\d/])(?P<month>1[0-2]|0?[1-9])/(?P<day>3[01]|[12]\d|0?[1-9])/(?P<year>(?:19|20)\d\d)"
    r"(?=,?\s+\d{1,2}:\d\d(?::\d\d)?\s*[AP]M)"
)
_MONTH_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(
    r"\b(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?,?\s+"
    r"(?P<year>(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_NAMED_DAY_FIRST = re.compile(
    r"(?<![\d/])(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?[\s-]+(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"\.?,?[\s-]+(?P<year>(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)")
_DATED = re.compile(r"[12１２][0-9０-９]{3}|[〇零○ＯOo０一二三四五六七八九]年")
"""What every text with a full day holds: a year, in digits or in Chinese numerals."""
_MONTH = re.compile(rf"(?<!\d)(?P<year>(?:19|20)\d\d){_GAP}[年./-]{_GAP}(?P<month>1[0-2]|0?[1-9])(?!\d)")


@dataclass(frozen=True, slots=True)
class Day:
    """A day and the stretch of the text that names it."""

    start: int
    end: int
    day: date


def find_days(text: str) -> Iterator[Day]:
    """Every full day (year, month, day) in `text`, in order.

    Forms: 2024-05-03, 2024/5/3, 2024.5.3, 2024年5月3日, 二〇二四年五月三日,
    and the forms of foreign software, 5/3/2024 9:15 AM, May 3, 2024 and 3 May 2024.

    Full-width digits count as digits. Impossible days (2023-02-30) are left out. Spans are into `text` as given.
    """
    if not may_hold_day(text):
        return
    plain = text.translate(_WIDE)
    found = [_as_day(match, _number) for match in _ARABIC.finditer(plain)]
    if "年" in plain:
        found += [_as_day(match, _numeral) for match in _CHINESE.finditer(plain)]
    if "/" in plain:
        found += [_as_day(match, _number) for match in _AMERICAN.finditer(plain)]
    if not plain.isascii() or " " in plain:
        found += [
            _as_day(match, _number) for pattern in (_NAMED, _NAMED_DAY_FIRST) for match in pattern.finditer(plain)
        ]
    yield from sorted((day for day in found if day), key=lambda day: day.start)


def may_hold_day(text: str) -> bool:
    """Whether a text holds what every full day does, a year: a cheap look before the search."""
    return _DATED.search(text) is not None


def first_day(text: str) -> date | None:
    """The first full day in `text`."""
    return next((found.day for found in find_days(text)), None)


def compact_day(text: str) -> date | None:
    """A day written as eight digits (20240503), as URLs and file names have it."""
    match = _COMPACT.search(text)
    found = _as_day(match, _number) if match else None
    return found.day if found else None


def only_day(text: str) -> date | None:
    """The day of a text that is nothing but a day (a signature line, a table cell), else None."""
    plain = _SPACES.sub("", unicodedata.normalize("NFKC", text)).strip("()（）[]【】。.,，")
    found = next(find_days(plain), None)
    return found.day if found and found.start == 0 and found.end == len(plain) else None


def month_of(text: str) -> tuple[int, int] | None:
    """The first year and month in `text` (2024年5月, 2024-05)."""
    match = _MONTH.search(text.translate(_WIDE))
    return (int(match["year"]), int(match["month"])) if match else None


_WIDE: Final = {ord("０") + digit: ord("0") + digit for digit in range(10)} | {ord("Ｏ"): ord("O")}


def _as_day(match: re.Match[str], read: Callable[[str], int | None]) -> Day | None:
    year, month, day = (read(match[name]) for name in ("year", "month", "day"))
    if year is None or month is None or day is None or not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return Day(match.start(), match.end(), date(year, month, day))
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else _MONTH_NAMES.index(text.lower()) + 1


def _numeral(text: str) -> int | None:
    """The value of a Chinese numeral below 100, or of digits written one by one (二〇二四)."""
    if not any(ten in text for ten in "十廿卅"):
        digits = "".join(_DIGITS.get(char, char) for char in text)
        return int(digits) if digits.isdecimal() and digits.isascii() else None
    text = text.replace("廿", "二十").replace("卅", "三十").replace("十十", "十")
    tens, _, ones = text.partition("十")
    return int(_DIGITS.get(tens, "1")) * 10 + int(_DIGITS.get(ones, "0"))
