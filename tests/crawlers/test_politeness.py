"""When and how fast a portal is asked: windows, rest after a challenge, Retry-After, compressed answers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.internet import reactor

from config.model import Portal
from crawlers.compression import RATIO, CompressionMiddleware
from crawlers.outcome import Left, Outcome, failure_class, says_empty
from crawlers.pace import pages_in
from crawlers.past import Past, read_past
from crawlers.retrying import retry_after
from crawlers.spiders import PortalSpider
from crawlers.target import Target
from crawlers.windows import Window

NOON = datetime(2026, 11, 21, 12, 0)


@pytest.mark.parametrize(
    ("window", "at", "seconds"),
    [
        ("", "12:00", None), ("08:00-08:00", "12:00", None),
        ("22:00-07:00", "21:59", 0), ("22:00-07:00", "22:00", 9 * 3600), ("22:00-07:00", "06:59", 60),
        ("22:00-07:00", "07:00", 0), ("01:00-05:30", "01:00", 4.5 * 3600), ("01:00-05:30", "05:30", 0),
        ("01:00-05:30", "00:59", 0), ("1:00-5:30", "02:00", 3.5 * 3600),
    ],
)  # fmt: skip
def test_a_window_says_how_long_it_stays_open(window: str, at: str, seconds: float | None) -> None:
    now = datetime.combine(date(2026, 11, 21), time.fromisoformat(at))
    assert Window.parse(window).seconds_open(now) == seconds


@given(st.times(), st.times(), st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))
def test_a_window_is_open_for_less_than_a_day_and_ends_when_it_closes(opens: time, closes: time, now: datetime) -> None:
    window = Window.parse(f"{opens:%H:%M}-{closes:%H:%M}")
    seconds = window.seconds_open(now)
    if seconds is None:
        assert (opens.hour, opens.minute) == (closes.hour, closes.minute)
    else:
        assert 0 <= seconds <= 86400
        assert Window.parse(str(window)) == window


def portal(**cells: str) -> Portal:
    row = {
        "portal_id": "a", "unit_code": "", "name": "甲", "level": "county", "base_url": "http://a.cn",
        "other_hosts": "", "dialect": "trs", "confidence": "high", "note": "",
    }  # fmt: skip
    return Portal.model_validate(row | cells)


def test_the_cells_of_a_row_are_optional_and_strict() -> None:
    assert (portal().window, portal().delay_seconds, portal().legacy_tls) == ("", None, "")
    full = portal(window="22:00-07:00", delay_seconds="0.5", legacy_tls="yes")
    assert (full.window, full.delay_seconds, full.legacy_tls) == ("22:00-07:00", 0.5, "yes")
    assert portal(delay_seconds="").delay_seconds is None
    for cells in ({"window": "22-7"}, {"window": "25:00-07:00"}, {"delay_seconds": "-1"}, {"legacy_tls": "maybe"}):
        with pytest.raises(ValidationError):
            portal(**cells)


def test_retry_after_is_seconds_or_a_date() -> None:
    now = NOON.replace(tzinfo=UTC)
    later = datetime(2026, 11, 21, 12, 2, tzinfo=UTC)
    assert retry_after(" 30 ", now) == 30
    assert retry_after(format_datetime(later, usegmt=True), now) == 120
    assert retry_after(format_datetime(NOON.replace(hour=1, tzinfo=UTC), usegmt=True), now) == 0
    for written in ("", "soon", "-5", "1e9", "２"):
        assert retry_after(written, now) is None


@given(st.text(max_size=40))
def test_no_retry_after_breaks_the_crawl(written: str) -> None:
    seconds = retry_after(written, NOON.replace(tzinfo=UTC))
    assert seconds is None or seconds >= 0


def test_a_crawl_delay_says_how_many_pages_a_night_has() -> None:
    assert (pages_in(1800, 10), pages_in(1800, 1800), pages_in(1800, 86400), pages_in(0, 5)) == (180, 1, 1, 1)


def unpack(body: bytes, encoding: str, max_bytes: int = 20_000_000) -> bytes:
    crawler = Crawler(PortalSpider, {"DOWNLOAD_MAXSIZE": max_bytes, "TWISTED_REACTOR": None})
    assert reactor is not None
    crawler._apply_settings()
    middleware = CompressionMiddleware(crawler=crawler)
    request = Request("http://a.cn/")
    response = Response("http://a.cn/", headers={"Content-Encoding": encoding} if encoding else {}, body=body)
    made: Any = middleware.process_response(request, response)
    assert request.meta == {}
    return bytes(made.body)


def test_an_answer_is_unpacked_as_far_as_a_page_could_be() -> None:
    page = "京津冀协同发展".encode() * 3_000
    assert unpack(gzip.compress(page), "gzip") == page
    assert unpack(gzip.compress(gzip.compress(page)), "gzip, gzip") == page
    assert unpack(page, "") == page
    # Below the limit of size, but no page packs so well.
    bomb = gzip.compress(b"\0" * 15_000_000)
    assert len(bomb) * RATIO < 15_000_000
    with pytest.raises(IgnoreRequest) as refused:
        unpack(bomb, "gzip")
    assert failure_class(refused.value) == "oversize"
    with pytest.raises(Left, match="3 times over"):
        unpack(gzip.compress(gzip.compress(gzip.compress(page))), "gzip, gzip, gzip")


def write_log(archive: Path, day: str, portals: list[Mapping[str, object]]) -> None:
    archive.mkdir(exist_ok=True)
    stamp = day.replace("-", "") + "T200000Z"
    log = {"run_id": f"crawl-{stamp}-1", "kind": "crawl", "started_at": f"{day}T20:00:00Z", "portals": portals}
    (archive / f"crawl-{stamp}-1.crawl.json").write_text(json.dumps(log), encoding="utf-8")


def test_the_past_is_what_the_logs_tell(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    assert read_past(archive, "Asia/Shanghai") == Past()
    write_log(archive, "2026-11-18", [{"portal_id": "a", "columns": {"http://a.cn/zc/": 5, "http://a.cn/x/": 0}}])
    write_log(
        archive, "2026-11-19", [{"portal_id": "a", "columns": {"http://a.cn/zc/": 0}, "challenged": {"a.cn": "jsl"}}]
    )
    (archive / "crawl-20261120T000000Z-1.crawl.json").write_text("{", encoding="utf-8")
    past = read_past(archive, "Asia/Shanghai")
    # Twenty hours UTC is the next morning in China.
    assert past == Past({"a.cn": ("jsl", date(2026, 11, 20))}, {"a": frozenset({"http://a.cn/zc/"})})
    assert past.lost(Outcome("a", columns={"http://a.cn/zc/": 0, "http://a.cn/x/": 0})) == {"http://a.cn/zc/"}
    assert past.lost(Outcome("a", columns={"http://a.cn/zc/": 2})) == set()
    assert past.lost(Outcome("b", columns={"http://a.cn/zc/": 0})) == set()


@pytest.mark.parametrize(("day", "rests"), [(20, True), (23, True), (24, False)])
def test_a_challenged_host_rests_for_as_many_nights_as_the_region_says(day: int, rests: bool) -> None:
    past = Past({"a.cn": ("jsl", date(2026, 11, 20))})
    target = past.rested(Target("a", "trs", frozenset({"a.cn", "b.cn"})), date(2026, 11, day), nights=3)
    assert target.resting == ((("a.cn", "2026-11-23"),) if rests else ())
    # Another host of the portal can still be asked.
    assert past.withheld(target, NOON) is None
    alone = past.rested(Target("a", "trs", frozenset({"a.cn"})), date(2026, 11, day), nights=3)
    held = past.withheld(alone, NOON)
    assert (held.state if held else None) == ("blocked-jsl" if rests else None)


def test_a_portal_outside_its_window_waits_and_is_no_failure() -> None:
    held = Past().withheld(Target("a", "trs", frozenset({"a.cn"}), window=Window.parse("22:00-07:00")), NOON)
    assert held is not None
    assert (held.state, held.failure_class, held.errors) == ("waiting", "", 0)
    assert held.message == "its window is 22:00-07:00; it was 12:00"


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ("<a href=x>y</a><p>暂无相关内容</p>", True), ("<a href=x>y</a>没有找到相关结果", True),
        ("<a href=x>y</a>共 <b>0</b> 条", True), ("<p>正文</p>", True), ("<a href=x>y</a>共10条", False),
        ("<a href=x>政策文件</a><div onclick='go(1)'>一份文件</div>", False),
    ],
)  # fmt: skip
def test_a_list_that_says_it_is_empty_is_told_from_one_that_cannot_be_read(text: str, empty: bool) -> None:
    assert says_empty(text) is empty
