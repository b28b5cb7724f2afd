"""In which year the thing happened that a sentence tells of."""

from __future__ import annotations

import re
from datetime import date, timedelta

_YEAR = re.compile(r"(?<!\d)((?:19[4-9]|20[0-4])\d)\s?年|(去年|前年|今年|本年|明年|昨日|昨天|今日|今天|日前|近日)")
_SHIFT = {"去年": -1, "前年": -2}
_YESTERDAY = ("昨日", "昨天")


def event_year(text: str, start: int, end: int, sentence: tuple[int, int], day: date | None) -> int | None:
    """The year of the statement `text[start:end]`: the last one named before its end in its sentence, seen from `day`.

    A year that is still to come on `day` is when a plan ends, not when it was made, and a sentence without a year
    speaks of the year of its document; without either the year is unknown.
    """
    year = None
    for found in _YEAR.finditer(text, sentence[0], end):
        if found.group(1):
            named = int(found.group(1))
            if day is None or named <= day.year:
                year = named
        elif day is not None:
            word = found.group(2)
            year = (
                (day - timedelta(days=1)).year
                if word in _YESTERDAY and day > date.min
                else day.year + _SHIFT.get(word, 0)
            )
    return year if year is not None else (day.year if day else None)
