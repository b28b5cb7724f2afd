"""How a portal stands after many nights: since when, and whether it has gone quiet against its own cadence."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import load_region
from pipelines import stages
from pipelines.crawl_logs import CrawlLog, PortalRun
from pipelines.standings import Night, quiet_days, since, standings

FIRST = date(2026, 1, 1)


def nights(news: Iterable[int], days: int, failing: range = range(0), every: int = 1) -> list[Night]:
    """A crawl every so many days, with news on some of them and without an answer on `failing`."""
    found = set(news)
    return [
        Night(
            FIRST + timedelta(days=day),
            "timeout" if day in failing else ("ok" if day in found else "nothing-new"),
            int(day in found and day not in failing),
        )
        for day in range(0, days, every)
    ]


DAILY, WEEKLY, MONTHLY = range(0, 100), range(0, 365, 7), range(0, 365, 30)


@pytest.mark.parametrize(
    ("made", "quiet"),
    [
        (nights(DAILY, 100), 0),
        (nights(DAILY, 99 + 30 + 1), 0),
        (nights(DAILY, 99 + 31 + 1), 31),
        # Weekly: four gaps are 28 days, so that 30 decide; monthly: four gaps are 120.
        (nights(WEEKLY, 364 + 30 + 1), 0),
        (nights(WEEKLY, 364 + 31 + 1), 31),
        (nights(MONTHLY, 360 + 120 + 1), 0),
        (nights(MONTHLY, 360 + 121 + 1), 121),
        # It came back once after 60 days, so that 90 are not remarkable.
        (nights([*range(0, 50), *range(109, 150)], 149 + 90 + 1), 0),
        (nights([*range(0, 50), *range(109, 150)], 149 + 91 + 1), 91),
        # With no cadence known.
        (nights([0], 91), 0),
        (nights([0], 92), 91),
        (nights([], 400), 0),
        ([], 0),
        # While it does not answer nobody knows.
        (nights(DAILY, 400, failing=range(100, 400)), 0),
        (nights(DAILY, 300, failing=range(100, 260)), 42),
        # And while nobody crawls neither: a year without a crawl is three days of listening.
        ([*nights(DAILY, 100), Night(FIRST + timedelta(days=465), "nothing-new", 0)], 0),
    ],
)
def test_a_portal_is_quiet_when_its_own_past_does_not_explain_the_silence(made: list[Night], quiet: int) -> None:
    assert quiet_days(made) == quiet


@given(st.sets(st.integers(0, 200), max_size=30), st.integers(1, 200))
def test_news_end_a_silence_and_a_longer_one_is_not_shorter(news: set[int], more: int) -> None:
    days = max(news, default=0) + 1
    assert quiet_days(nights(news, days)) == 0 or not news
    before = quiet_days(nights(news, days + more))
    after = quiet_days(nights(news, days + more + 1))
    assert after >= before


def states(*words: str) -> list[Night]:
    return [Night(FIRST + timedelta(days=day), state, 0) for day, state in enumerate(words)]


@pytest.mark.parametrize(
    ("made", "first"),
    [
        (states("ok", "nothing-new", "ok"), 0), (states("ok", "dns", "dns"), 1), (states("dns", "ok", "dns"), 2),
        (states("dns", "waiting", "dns"), 0), (states("waiting", "waiting"), 0), (states("ok", "blocked-jsl"), 1),
    ],
)  # fmt: skip
def test_since_when_a_state_lasts(made: list[Night], first: int) -> None:
    assert since(made) == FIRST + timedelta(days=first)


def test_standings_are_drawn_from_the_logs_of_crawls() -> None:
    assert since([]) is None
    at = datetime(2026, 3, 1, 20)
    logs = [
        CrawlLog(run_id="r0", kind="replay", started_at=at - timedelta(days=900), portals=(
            PortalRun(portal_id="a", state="ok", new_pages=9), PortalRun(portal_id="b", state="ok", new_pages=2))),
        CrawlLog(run_id="r1", kind="crawl", started_at=at, portals=(
            PortalRun(portal_id="a", state="ok", new_pages=3, pages=5),)),
        CrawlLog(run_id="r2", kind="crawl", started_at=at + timedelta(days=1), portals=(
            PortalRun(portal_id="a", state="moved", failure_class="moved", moved_to="http://b.cn/", message="moved"),)),
    ]  # fmt: skip
    made = standings(logs, "Asia/Shanghai")
    one = made["a"]
    assert (one.run_id, one.state, one.failure_class, one.moved_to) == ("r2", "moved", "moved", "http://b.cn/")
    # Twenty hours UTC is the next day in China.
    assert (one.since, one.last_new, one.quiet_days) == (date(2026, 3, 3), date(2026, 3, 2), 0)
    assert made["b"].new_pages == 2
    assert standings(logs, "America/New_York")["a"].last_new == date(2026, 3, 1)


def test_silence_and_lasting_failures_are_findings_and_health_keeps_every_night(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    for night in nights(range(0, 60), 100):
        gone = {
            "portal_id": "120000",
            "state": "moved",
            "moved_to": "http://new.cn/",
            "message": "moved to http://new.cn/",
        }
        quiet = {"portal_id": "131000", "state": night.state, "new_pages": night.new_pages, "changed_pages": 1}
        log = {"run_id": f"crawl-{night.day}", "kind": "crawl", "started_at": f"{night.day}T20:00:00Z",
               "portals": [gone, quiet]}  # fmt: skip
        (archive / f"{log['run_id']}.crawl.json").write_text(json.dumps(log), encoding="utf-8")
    published = stages.publish(tmp_path, load_region(), force=True)
    said = "\n".join(published.findings)
    assert "131000: nothing new for 40 days (since 2026-03-02)" in said
    assert "portals whose last crawl ended moved: 120000" in said
    with duckdb.connect(str(published.warehouse), read_only=True) as connection:
        rows = connection.execute(
            """SELECT portal_id, count(*), any_value(changed_pages), any_value(moved_to), any_value(message)
               FROM portal_health GROUP BY portal_id ORDER BY portal_id"""
        ).fetchall()
    assert rows == [
        ("120000", 100, 0, "http://new.cn/", "moved to http://new.cn/"), ("131000", 100, 1, None, None),
    ]  # fmt: skip
