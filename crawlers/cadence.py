"""When a page is asked again: often while it is young or has just changed, once a year in the end."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

DAY = timedelta(days=1)
STEPS = (DAY, 7 * DAY, 30 * DAY, 180 * DAY)
YEAR = 365 * DAY
RETRIES = (1, 2, 4, 8, 16, 30, 60, 120, 180)
"""Days between attempts at a page that failed on a portal that answers."""
ABSENT = (404, 410)
"""Two such answers in a row, and a page is taken for gone."""
GONE_AGAIN = 30 * DAY
"""A gone page that a list still names is asked once more after this long."""


def next_visit(origin: datetime, now: datetime, changed: bool) -> datetime:
    """When a page that appeared at `origin` and was asked `now` is due again; after a change half as late.

    Visits fall 1, 7, 30 and 180 days after its appearance, then once a year; missed ones are not made up for.
    """
    age = max(now - origin, timedelta())
    at = next((step for step in STEPS if step > age), None)
    if at is None:
        at = YEAR * (age // YEAR + 1)
    wait = at - age
    return now + max(wait / 2 if changed else wait, DAY / 2)


def next_attempt(failures: int, now: datetime) -> datetime:
    """When a page that failed so many times in a row is tried again."""
    return now + DAY * RETRIES[min(max(failures, 1), len(RETRIES)) - 1]


def appeared(listed_on: date | None, first_answer: datetime, zone: tzinfo) -> datetime:
    """When a page appeared: the day of its row in a list where that is earlier than the first answer."""
    if listed_on is None:
        return first_answer
    return min(first_answer, datetime.combine(listed_on, time(), zone))
