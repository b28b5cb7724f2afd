"""How each portal stands after all its crawls: its state, since when, and whether it has gone quiet.

A crawl that succeeds and finds nothing new is the one failure that no single night can see. Everything here is drawn
from the crawl logs alone; no clock is read, so that the same logs give the same answer on any day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from pipelines.crawl_logs import CrawlLog, PortalRun

LEAST_SILENCE = 30
"""Days of silence that are never remarkable: the Spring Festival and a change of office fit into them."""
MEDIAN_GAPS = 4
LONGEST_GAP = 1.5
UNKNOWN_CADENCE = 90
"""Days of silence that are remarkable for a portal whose cadence is not known yet."""
_GAPS_OF_A_CADENCE = 4
_HEARD_APART = 3
_ANSWERED = frozenset(("ok", "nothing-new", "slow", "empty", "layout-changed"))
_NOT_ASKED = frozenset(("waiting",))


@dataclass(frozen=True, slots=True)
class Night:
    """One crawl of one portal: on which day, how it ended, how many new articles it brought."""

    day: date
    state: str
    new_pages: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A portal after its last crawl. `since` is the first day of its present state without interruption, `last_new` the
    last day with a new article, `quiet_days` how long it has been silent against its own cadence (0 when it has not).
    """

    portal_id: str
    run_id: str
    state: str
    failure_class: str
    since: date | None
    last_new: date | None
    quiet_days: int
    pages: int
    new_pages: int
    moved_to: str
    message: str


def standings(logs: Iterable[CrawlLog], timezone: str) -> dict[str, Standing]:
    """portal_id → its standing; days are those of `timezone`. Replays say nothing of how a portal is today, so they
    count only for a portal that was never crawled."""
    runs: dict[str, list[tuple[CrawlLog, PortalRun]]] = {}
    replayed: dict[str, list[tuple[CrawlLog, PortalRun]]] = {}
    for log in logs:
        for run in log.portals:
            (runs if log.kind == "crawl" else replayed).setdefault(run.portal_id, []).append((log, run))
    zone = ZoneInfo(timezone)
    return {portal_id: _standing(portal_id, kept, zone) for portal_id, kept in (replayed | runs).items()}


def _standing(portal_id: str, runs: Sequence[tuple[CrawlLog, PortalRun]], zone: ZoneInfo) -> Standing:
    nights = [
        Night(_day(log.started_at, zone), run.state or "", run.new_pages)
        for log, run in runs
        if log.started_at is not None
    ]
    log, run = runs[-1]
    return Standing(
        portal_id=portal_id,
        run_id=log.run_id,
        state=run.state or "",
        failure_class=run.failure_class or "",
        since=since(nights),
        last_new=max((night.day for night in nights if night.new_pages), default=None),
        quiet_days=quiet_days(nights),
        pages=run.pages,
        new_pages=run.new_pages,
        moved_to=run.moved_to or "",
        message=run.message or "",
    )


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.replace(tzinfo=UTC).astimezone(zone).date()


def since(nights: Sequence[Night]) -> date | None:
    """The first day of the state of the last night without interruption; `ok` and `nothing-new` are one state here, and
    nights on which the portal was not asked interrupt nothing."""
    asked = [night for night in nights if night.state not in _NOT_ASKED] or list(nights)
    first: date | None = None
    for night in reversed(asked):
        if _kind(night.state) != _kind(asked[-1].state):
            break
        first = night.day
    return first


def _kind(state: str) -> str:
    return "well" if state in ("ok", "nothing-new") else state


def quiet_days(nights: Sequence[Night]) -> int:
    """For how many days a portal has brought nothing new, when that is longer than its own past explains; else 0.

    The limit is the largest of 30 days, 4 times the median gap between nights with news, and 1.5 times the longest gap
    it has ever come back from. The median alone will not do, because news come in bursts: simulated portals with news
    every 7 or 15 days raised 0.19 and 0.48 false alarms a year by it, and 0.08 and 0.22 with the longest gap. The price
    is that the death of such a portal is told after 54 and 96 days instead of 33 and 40; that of a daily one after 33.

    Only time in which the portal answered counts: while it was unreachable, blocked or not crawled nobody knows whether
    it published, and its state says what is wrong.
    """
    heard = 0
    before: date | None = None
    news: list[int] = []
    for night in nights:
        if night.state not in _ANSWERED:
            continue
        if before is not None:
            heard += min((night.day - before).days, _HEARD_APART)
        before = night.day
        if night.new_pages and (not news or heard > news[-1]):
            news.append(heard)
    if not news:
        return 0
    silence = heard - news[-1]
    gaps = [later - earlier for earlier, later in pairwise(news)]
    if len(gaps) < _GAPS_OF_A_CADENCE:
        limit = float(UNKNOWN_CADENCE)
    else:
        limit = max(LEAST_SILENCE, MEDIAN_GAPS * median(gaps), LONGEST_GAP * max(gaps))
    return silence if silence > limit else 0
