"""A date as a row of a collection states it: a day, or no more than a month or a year.

Legal databases and older collections often know only the month. It still decides the period of a matrix and which units
existed, so it is kept as its first day together with how precise it is; a date that cannot be read is never guessed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

_STATED = re.compile(
    r"(?P<year>\d{4})(?:[-/.年](?P<month>\d{1,2})(?:[-/.月](?P<day>\d{1,2})日?(?:[T ]\d{1,2}:\d{2}.*)?)?月?)?年?"
    r"|(?P<compact>\d{8})"
)


Precision = Literal["day", "month", "year"]


@dataclass(frozen=True, slots=True)
class StatedDate:
    """The first day that a stated date can mean, and whether a day, a month or a year was stated."""

    first: date
    precision: Precision

    @property
    def last(self) -> date:
        """The last day that it can mean."""
        if self.precision == "day":
            return self.first
        month = 12 if self.precision == "year" else self.first.month
        return date(self.first.year, month, monthrange(self.first.year, month)[1])


def stated_date(value: str) -> StatedDate | None:
    """Read a date cell; None for an empty one. Raises `ValueError` for anything that is no day, month or year."""
    value = value.strip()
    if not value:
        return None
    match = _STATED.fullmatch(value)
    if match is None:
        raise ValueError(f"date {value[:40]!r} is no day; expected YYYY-MM-DD, YYYY-MM, YYYY or nothing")
    compact = match["compact"]
    year, month, day = (compact[:4], compact[4:6], compact[6:]) if compact else match.group("year", "month", "day")
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise ValueError(f"date {value[:40]!r} is not in the calendar; expected YYYY-MM-DD") from None
    return StatedDate(first, "day" if day else "month" if month else "year")
