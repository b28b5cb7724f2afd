"""The crawler's memory: when pages are asked again, what survives kill -9 and damage, and how a backfill is bounded."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

from crawlers.archived import Record
from crawlers.cadence import DAY, YEAR, next_attempt, next_visit
from crawlers.canonical import address_of
from crawlers.frontier import FILE, Frontier, Row, Walk
from crawlers.night import Night, PageRead, Period
from crawlers.visits import Visit
from tests.crawlers.loopback import (
    ROOT,
    Asked,
    Reply,
    Routes,
    Run,
    Web,
    article_page,
    run_crawlers,
    serve,
    write_region,
)  # fmt: skip

NOW = datetime(2026, 3, 1, 18, tzinfo=UTC)
PORTAL = "a"
URL = "http://a.test/x/t20260301_1.html"


def record(sha: str = "0" * 64, url: str = URL) -> Record:
    return Record(url, "crawl-000.warc.gz", 0, "2026-03-01T18:00:00Z", sha)


@pytest.fixture
def frontier() -> Iterator[Frontier]:
    with Frontier.in_memory() as made:
        made.found(PORTAL, Row(URL), "c", NOW, NOW)
        yield made


# When a page is asked again ---------------------------------------------------------------------------------------


def test_visits_fall_after_a_day_a_week_a_month_half_a_year_and_every_year() -> None:
    at, ages = NOW, []
    for _ in range(7):
        at = next_visit(NOW, at, changed=False)
        ages.append((at - NOW) // DAY)
    assert ages == [1, 7, 30, 180, 365, 730, 1095]


@given(st.timedeltas(timedelta(0), 20 * YEAR), st.booleans())
def test_a_visit_is_in_the_future_within_a_year_and_sooner_after_a_change(age: timedelta, changed: bool) -> None:
    wait = next_visit(NOW, NOW + age, changed) - (NOW + age)
    assert timedelta(0) < wait <= YEAR
    assert next_visit(NOW, NOW + age, True) <= next_visit(NOW, NOW + age, False)


@given(st.integers(1, 40))
def test_attempts_become_rarer(failures: int) -> None:
    assert NOW < next_attempt(failures, NOW) <= next_attempt(failures + 1, NOW) <= NOW + 180 * DAY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.test/x.html", "https://a.test:443/x.html"),
        ("http://a.test/x.html", "http://a.test:80/x.html#top"),
        ("http://a.test/x.do?id=1", "http://a.test/x.do;jsessionid=0A1B2C?id=1"),
        ("http://a.test/x?b=2&a=1", "http://a.test/x?a=1&b=2"),
    ],
)
def test_one_address_is_written_in_many_ways(one: str, other: str) -> None:
    assert address_of(one) == address_of(other)
    assert address_of(one) != address_of("http://a.test/y")


def test_a_page_that_is_gone_twice_is_remembered_and_asked_no_more(frontier: Frontier) -> None:
    frontier.archived(URL, record(), "", "", NOW)
    frontier.failed(URL, NOW + DAY, 404)
    assert frontier.due(PORTAL, NOW + 3 * DAY, 9)
    frontier.failed(URL, NOW + 3 * DAY, 410)
    assert not frontier.due(PORTAL, NOW + 900 * DAY, 9)
    assert not frontier.pending(PORTAL, NOW + 900 * DAY, 9)
    soon, later = NOW + 5 * DAY, NOW + 40 * DAY
    assert not frontier.found(PORTAL, Row(URL), "c", soon, soon).wanted
    assert frontier.found(PORTAL, Row(URL), "c", later, later).wanted, "a list that still names it is believed once"


def test_a_failing_server_does_not_make_pages_gone(frontier: Frontier) -> None:
    for night in range(20):
        frontier.failed(URL, NOW + night * DAY, 500)
    assert frontier.pending(PORTAL, NOW + 400 * DAY, 9)


def test_a_changed_page_is_due_sooner_and_counted(frontier: Frontier) -> None:
    assert not frontier.archived(URL, record(), '"1"', "", NOW)
    assert not frontier.archived(URL, record(), '"1"', "", NOW + 7 * DAY)
    unchanged = frontier.find(URL)
    assert frontier.archived(URL, record("1" * 64), '"2"', "", NOW + 7 * DAY)
    changed = frontier.find(URL)
    assert unchanged and changed and unchanged.next_due and changed.next_due
    assert (changed.changes, changed.etag) == (1, '"2"')
    assert changed.next_due < unchanged.next_due


def test_an_old_article_is_not_asked_again_as_if_it_were_young(frontier: Frontier) -> None:
    frontier.found(PORTAL, Row(f"{URL}?old", date(2016, 5, 1)), "c", NOW, NOW)
    frontier.archived(f"{URL}?old", record(), "", "", NOW)
    old = frontier.find(f"{URL}?old")
    assert old and old.next_due and old.next_due > NOW + 30 * DAY


# Lists --------------------------------------------------------------------------------------------------------------


def rows(first: int, count: int, day: date | None = None) -> tuple[Row, ...]:
    return tuple(Row(f"http://a.test/x/{number}.html", day) for number in range(first, first - count, -1))


def page(number: int, shown: tuple[Row, ...], more: bool = True, walk: str = "") -> PageRead:
    visits = [Visit(f"http://a.test/list_{at}.html") for at in range(number, number + 2)]
    return PageRead("a.test/list_1.html", visits[0], shown, (visits[1],) if more else (), number == 1, walk)


def night(frontier: Frontier, at: datetime, depth: int = 3, period: Period | None = None) -> Night:
    made = Night(frontier, PORTAL, entries=1, list_depth=depth, now=at, period=period)
    made.enter("a.test/list_1.html", Visit("http://a.test/list_1.html"), entry=True)
    return made


def test_a_head_is_followed_while_pages_hold_something_new_and_pinned_rows_decide_nothing(frontier: Frontier) -> None:
    first = night(frontier, NOW)
    assert [step.visit.url for step in first.read(page(1, rows(100, 10))).steps] == ["http://a.test/list_2.html"]
    assert not first.read(page(2, rows(90, 10), more=False)).steps
    second = night(frontier, NOW + DAY)
    pinned = (rows(100, 1)[0],)
    assert second.read(page(1, pinned + rows(103, 9))).steps, "a known row at the top does not stop it"
    assert not second.read(page(2, pinned + rows(94, 9))).steps, "where nothing is new it stops"
    assert not night(frontier, NOW + 2 * DAY).read(page(1, pinned + rows(103, 9))).steps


def test_a_head_that_was_not_read_to_its_end_is_read_again(frontier: Frontier) -> None:
    night(frontier, NOW).read(page(1, rows(100, 10), more=False))
    assert night(frontier, NOW + DAY).read(page(1, rows(130, 10))).steps
    # The run was killed before the second page. Another night its first page holds nothing new, and still it goes on.
    third = night(frontier, NOW + 2 * DAY)
    assert third.read(page(1, rows(130, 10))).steps
    assert third.read(page(2, rows(120, 10))).steps
    assert third.read(page(3, rows(110, 10))).steps
    assert not third.read(page(4, rows(100, 10))).steps
    assert not night(frontier, NOW + 3 * DAY).read(page(1, rows(130, 10))).steps


def test_the_depth_bounds_the_first_way_and_is_told_and_later_nights_go_below_it(frontier: Frontier) -> None:
    first = night(frontier, NOW, depth=2)
    assert first.read(page(1, rows(100, 10))).steps
    cut = first.read(page(2, rows(90, 10)))
    assert not cut.steps and [visit.url for visit in cut.bounded] == ["http://a.test/list_3.html"] * len(cut.bounded)
    second = night(frontier, NOW + DAY, depth=2)
    assert not second.read(page(1, rows(100, 10))).bounded
    (_, step), *_ = second.extras(spent=2, new_pages=0).steps
    assert step.visit.url == "http://a.test/list_3.html"
    onward = second.read(page(3, rows(80, 10), walk=step.walk))
    assert len(onward.wanted) == 10 and onward.steps, "below are rows nobody has seen: it goes on tonight"


def test_a_way_ends_where_a_list_repeats_itself_or_shows_nothing(frontier: Frontier) -> None:
    endless = night(frontier, NOW, depth=50)
    endless.read(page(1, rows(100, 10)))
    endless.read(page(2, rows(90, 10)))
    endless.read(page(3, rows(90, 10)))
    (walk,) = frontier.walks(PORTAL)
    assert walk.ended is not None and not walk.waiting
    calendar = night(Frontier.in_memory(), NOW, depth=50)
    for number in range(1, 9):
        calendar.read(page(number, rows(100, 10) if number == 1 else (), walk="sweep" if number > 1 else ""))
    (walk,) = calendar.frontier.walks(PORTAL)
    assert walk.ended is not None and walk.pages <= 5


def test_a_portal_that_is_away_is_not_asked_for_its_old_pages(frontier: Frontier) -> None:
    frontier.archived(URL, record(), "", "", NOW)
    away = night(frontier, NOW + 30 * DAY)
    extras = away.extras(spent=1, new_pages=0)
    assert not extras.revisits and not extras.steps
    there = night(frontier, NOW + 30 * DAY)
    there.read(page(1, rows(100, 10), more=False))
    assert [one.url for one in there.extras(spent=2, new_pages=0).revisits] == [URL]


def test_a_column_that_lost_its_rows_is_named(frontier: Frontier) -> None:
    night(frontier, NOW).read(page(1, rows(100, 10), more=False))
    second = night(frontier, NOW + DAY)
    second.read(page(1, (), more=False))
    assert second.lost_columns() == {"http://a.test/list_1.html"}
    third = night(frontier, NOW + 2 * DAY)
    assert not third.lost_columns(), "a column that did not answer has lost nothing"


@given(st.lists(st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2026, 1, 1))), max_size=6))
def test_a_period_is_over_only_where_every_row_is_older(days: list[date | None]) -> None:
    period = Period(date(2014, 1, 1), date(2016, 12, 31))
    assert period.is_over(days) == (bool(days) and all(day is not None and day.year < 2014 for day in days))
    assert all(not period.holds(day) for day in days if period.is_over(days))


def test_a_walk_is_stored_as_it_is(frontier: Frontier) -> None:
    visits = (Visit("http://a.test/q", (("qt", "京津冀"), ("page", "2")), guess=True), Visit("http://a.test/l_2.html"))
    walk = Walk(PORTAL, "c", "sweep", NOW, NOW, None, visits, 3, frozenset(("a", "b")), "d", 1, 2, 4)
    frontier.save_walk(walk)
    assert frontier.walks(PORTAL, "c") == (walk,)


# Whole crawls -------------------------------------------------------------------------------------------------------


def dated_list(number: int, last: int) -> str:
    """Page `number` of a list with a row for each month and a page for each year from 2020 back to 2011."""
    year = 2020 - (number - 1)
    items = "".join(
        f'<li><a href="/zc/{year}{at:02d}/t{year}{at:02d}01_{year}{at:02d}.html">关于协同发展的通知之{year}{at}</a>'
        f"<span>{year}-{at:02d}-01</span></li>"
        for at in range(12, 0, -1)
    )
    turn = f'<a href="/zc/index_{number + 1}.html">下一页</a>' if number < last else ""
    return f'<html><head><meta charset="utf-8"></head><body><ul class="list">{items}</ul>{turn}</body></html>'


def dated_routes(delay: float = 0.0) -> Routes:
    def article(asked: Asked) -> Reply:
        time.sleep(delay)
        return Reply(article_page(asked.target), headers={"ETag": f'"{asked.target}"'})

    lists: Routes = {
        "a.test": {
            "/zc/index.html" if number == 1 else f"/zc/index_{number}.html": Reply(dated_list(number, 10))
            for number in range(1, 11)
        }
    }
    lists["a.test"] |= {"/robots.txt": Reply("", 404), "*": article}
    return lists


def crawl(folder: Path, web: Web, *arguments: str, **crawling: Any) -> Run:
    region = write_region(folder / "region", web.port, [("a", "generic", ["/zc/index.html"])], **crawling)
    return run_crawlers(region, folder / "data", *arguments)


def asked_articles(web: Web) -> Counter[str]:
    return Counter(target for target in web.targets("a.test") if "/t2" in target)


def test_a_second_crawl_costs_what_is_new(tmp_path: Path) -> None:
    with serve(dated_routes()) as web:
        first = crawl(tmp_path, web, list_depth=4)
        assert first.portals["a"]["new_pages"] == 48
        assert first.portals["a"]["links_left"] == 1, "the fifth page, which the depth kept it from"
        assert "goes on below its first 4 pages" in first.portals["a"]["message"]
        web.asked.clear()
        second = crawl(tmp_path, web, list_depth=4)
        assert max(asked_articles(web).values(), default=1) == 1
        assert second.portals["a"]["links_left"] == 0
        lists = [target for target in web.targets("a.test") if "index" in target]
        assert lists[:2] == ["/zc/index.html", "/zc/index_5.html"], "the way goes on below the depth"


def test_a_backfill_fetches_its_days_and_stops_where_all_is_older(tmp_path: Path) -> None:
    with serve(dated_routes()) as web:
        run = crawl(tmp_path, web, "--since", "2014-03-01", "--until", "2016-12-31", list_depth=2)
        assert run.code == 0, run.errors
        lists = [target for target in web.targets("a.test") if "index" in target]
        assert lists[-1] == "/zc/index_8.html", "the first page on which every row is of 2013"
        years = Counter(target[4:8] for target in asked_articles(web))
        assert years == {"2016": 12, "2015": 12, "2014": 10}
    with sqlite3.connect(tmp_path / "data" / FILE) as connection:
        found = connection.execute(
            "SELECT count(*), count(answered_at) FROM addresses WHERE kind = 'article'"
        ).fetchone()
    assert found == (8 * 12, 34), "what is dated outside is remembered"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "2014"), "write it as 2014-02-26"),
        (("--since", "2016-01-01", "--until", "2014-01-01"), "exchange them"),
        (("--since", "2016-01-01", "--replay", "x.warc.gz"), "leave them out with --replay"),
    ],
)
def test_days_that_make_no_sense_are_refused(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    region = write_region(tmp_path / "region", 9, [("a", "generic", ["/l.html"])])
    done = run_crawlers(region, tmp_path / "data", *arguments)
    assert done.code == 2 and said in done.errors


def test_after_kill_9_the_next_runs_fetch_what_is_left_and_nothing_twice(tmp_path: Path) -> None:
    with serve(dated_routes(delay=0.02)) as web:
        region = write_region(tmp_path / "region", web.port, [("a", "generic", ["/zc/index.html"])], list_depth=4)
        command = [sys.executable, "-m", "crawlers", "--region", str(region), "--data", str(tmp_path / "data")]
        for more in (3, 9, 20):
            target = len(asked_articles(web)) + more
            process = subprocess.Popen(
                command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            deadline = time.monotonic() + 60
            while len(asked_articles(web)) < target and time.monotonic() < deadline:
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
            process.wait()
        last = run_crawlers(region, tmp_path / "data")
        assert last.code == 0, last.errors
        asked = asked_articles(web)
    assert len(asked) >= 48
    archive = tmp_path / "data" / "archive"
    kept: Counter[str] = Counter()
    for path in archive.glob("*.warc.gz"):
        with path.open("rb") as stream:
            try:
                for one in ArchiveIterator(stream):
                    if one.rec_type == "response" and "/t2" in one.rec_headers.get_header("WARC-Target-URI"):
                        kept[one.rec_headers.get_header("WARC-Target-URI")] += 1
            except Exception:
                continue
    assert len(kept) >= 48
    assert max(kept.values()) == 1
    assert sum(asked.values()) <= len(asked) + 3, "each kill may cost the one request that was under way"


def test_a_lost_or_damaged_memory_is_made_anew_from_the_archive(tmp_path: Path) -> None:
    with serve(dated_routes()) as web:
        crawl(tmp_path, web, list_depth=2)
        for damage in ("lost", "damaged", "not a database"):
            path = tmp_path / "data" / FILE
            if damage == "lost":
                path.unlink()
            elif damage == "damaged":
                whole = path.read_bytes()
                path.write_bytes(whole[:4096] + b"\xff" * 8192 + whole[12288:])
            else:
                path.write_bytes(b"nothing of the kind" * 500)
            web.asked.clear()
            again = crawl(tmp_path, web, list_depth=2)
            assert again.code == 0, again.errors
            assert not asked_articles(web), damage
            (line,) = [line for line in again.errors.splitlines() if "made anew" in line]
            assert ("did not exist" if damage == "lost" else "was damaged") in line


def test_a_moved_article_is_one_document(tmp_path: Path) -> None:
    routes = dated_routes()
    routes["a.test"]["/zc/index.html"] = Reply(dated_list(1, 1))
    with serve(routes) as web:
        crawl(tmp_path, web)
        old, new = "/zc/202012/t20201201_202012.html", "/zc/moved/t20201201_202012.html"
        body = article_page(old)
        routes["a.test"][new] = Reply(body)
        routes["a.test"][old] = Reply("", 301, {"Location": new})
        text = dated_list(1, 1).replace(old, new)
        routes["a.test"]["/zc/index.html"] = Reply(text)
        web.asked.clear()
        second = crawl(tmp_path, web)
        assert asked_articles(web) == {new: 1}
        assert (second.portals["a"]["new_pages"], second.portals["a"]["state"]) == (0, "nothing-new")
        with second.files[0].open("rb") as stream:
            kinds = {
                one.rec_headers.get_header("WARC-Target-URI"): one.rec_type
                for one in ArchiveIterator(stream) if one.rec_type in ("response", "revisit")
            }  # fmt: skip
        assert kinds[f"http://a.test:{web.port}{new}"] == "revisit"
        web.asked.clear()
        crawl(tmp_path, web)
        assert not asked_articles(web)


def test_a_night_has_only_so_many_requests_and_the_next_goes_on(tmp_path: Path) -> None:
    with serve(dated_routes()) as web:
        first = crawl(tmp_path, web, list_depth=4, pages_per_night=20)
        assert len(web.targets("a.test")) <= 20
        assert "20 requests are spent" in first.portals["a"]["message"]
        for _ in range(3):
            crawl(tmp_path, web, list_depth=4, pages_per_night=20)
        assert len(asked_articles(web)) >= 48
        assert max(asked_articles(web).values()) == 1
