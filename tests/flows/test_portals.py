"""`xietong portals`: how each portal stands, and what a person should do; and a night on which no name resolves."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml

from config.loader import DEFAULT_REGION
from config.model import Portal
from config.reading import read_rows
from crawlers.target import host_of
from flows.advice import advice
from flows.crawling import Crawled
from tests.crawlers.loopback import Reply, Routes, article_page, article_rows, list_page, serve, write_region

STATES = (
    "ok", "nothing-new", "slow", "timeout", "dns", "tls", "refused", "unreachable", "blocked-jsl", "blocked-403",
    "blocked-429", "moved", "layout-changed", "empty", "robots", "error", "waiting", "never crawled",
)  # fmt: skip


def xietong(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from flows.command_line import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_its_own_advice(state: str) -> None:
    words = advice("131000", state)
    assert words not in {advice("131000", other) for other in STATES if other != state}
    assert words.endswith((".", "`."))
    assert "{" not in words
    assert "Nothing is known" not in words


def test_silence_is_added_to_the_advice_and_an_unknown_state_is_said_to_be_one() -> None:
    assert "for 45 days" in advice("a", "nothing-new", 45)
    assert "'strange'" in advice("a", "strange")


def write_nights(data: Path, state: str, news: range, days: int) -> None:
    archive = data / "archive"
    archive.mkdir(parents=True)
    for day in range(days):
        at = datetime(2026, 1, 1, 18) + timedelta(days=day)
        new = int(day in news)
        portal = {"portal_id": "a", "pages": 2, "new_pages": new, "state": "ok" if new else state}
        log = {"run_id": f"crawl-{at:%Y%m%d}", "kind": "crawl", "started_at": f"{at.isoformat()}Z", "portals": [portal]}
        (archive / f"{log['run_id']}.crawl.json").write_text(json.dumps(log), encoding="utf-8")


def test_the_table_shows_state_since_last_news_silence_and_window(tmp_path: Path) -> None:
    region = write_region(tmp_path / "region", 9, [("a", "trs", ["/zc/"]), ("b", "trs", ["/zc/"])])
    table = region / "portals.csv"
    head, *rows = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([f"{head},window", *(f"{row},22:00-07:00" for row in rows)]), encoding="utf-8")
    write_nights(tmp_path / "data", "nothing-new", range(0, 60), 100)
    done = xietong("portals", "--region", region, "--data", tmp_path / "data", "--json")
    assert done.returncode == 0, done.stderr
    one, two = json.loads(done.stdout)
    assert (one["state"], one["since"], one["last_new"]) == ("nothing-new", "2026-01-02", "2026-03-02")
    assert (one["quiet_days"], one["pages"], one["window"]) == (40, 2, "22:00-07:00")
    assert (two["state"], two["since"], two["quiet_days"]) == ("never crawled", None, 0)
    shown = xietong("portals", "list", "a", "--region", region, "--data", tmp_path / "data").stdout
    for word in ("nothing-new", "2026-01-02", "2026-03-02", "40", "22:00-07:00"):
        assert word in shown


def test_check_asks_a_portal_and_says_what_to_do(tmp_path: Path) -> None:
    rows = article_rows("/a/{}.html", 100000, 3)
    routes: Routes = {
        "a.test": {
            "/list.html": Reply(list_page(rows)), **{href: Reply(article_page(title)) for href, title in rows},
        },
        "b.test": {"/list.html": Reply("", 301, {"Location": "http://elsewhere.test/"})},
        "c.test": {"/list.html": Reply("<script>document.cookie=('_')</script>", 521)},
    }  # fmt: skip
    with serve(routes) as web:
        region = write_region(tmp_path / "region", web.port, [(name, "generic", ["/list.html"]) for name in "abc"])
        done = xietong("portals", "check", "a", "b", "c", "--region", region, "--data", tmp_path / "data")
        again = xietong("portals", "check", "c", "--region", region, "--data", tmp_path / "data", "--json")
        assert web.targets("c.test") == ["/list.html"] * 2
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()[-3:]
    assert said[0] == f"a ok: {advice('a', 'ok')}"
    assert said[1].startswith("b moved (moved to http://elsewhere.test/): It has moved.")
    assert said[2].startswith("c blocked-jsl (c.test answered with a challenge (jsl) and is left alone): It wants a")
    assert json.loads(again.stdout)[0]["advice"] == advice("c", "blocked-jsl")


def test_a_night_without_a_name_server_names_every_portal_and_keeps_the_warehouse(tmp_path: Path) -> None:
    portals = read_rows(DEFAULT_REGION / "portals.csv", Portal)[::12]
    settings = yaml.safe_load((DEFAULT_REGION / "region.yaml").read_text(encoding="utf-8"))
    every = read_rows(DEFAULT_REGION / "portals.csv", Portal)
    hosts = {host for portal in every for host in (host_of(portal.base_url), *portal.other_hosts)}
    settings["crawling"] |= {"hosts": dict.fromkeys(sorted(hosts), "")}
    settings["extends"] = str(DEFAULT_REGION)
    region, data = tmp_path / "region", tmp_path / "data"
    region.mkdir()
    data.mkdir()
    (region / "region.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    (data / "warehouse.duckdb").write_bytes(b"the last warehouse")
    begun = time.monotonic()
    chosen = [word for portal in portals for word in ("--portal", portal.portal_id)]
    done = xietong("nightly", "--region", region, "--data", data, *chosen)
    assert time.monotonic() - begun < 100
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last == (
        f"xietong: none of {len(portals)} portals gave a page; nothing is published and the last warehouse stays "
        f"({len(portals)} dns; see `xietong portals`)"
    )
    assert (data / "warehouse.duckdb").read_bytes() == b"the last warehouse"
    shown = json.loads(xietong("portals", "--region", region, "--data", data, "--json").stdout)
    assert {row["portal_id"] for row in shown if row["state"] == "dns"} == {portal.portal_id for portal in portals}


def test_a_run_in_which_nobody_was_to_be_asked_is_no_failure() -> None:
    waiting = {"portal_id": "a", "pages": 0, "state": "waiting", "failure_class": ""}
    resting = {"portal_id": "b", "pages": 0, "state": "blocked-jsl", "failure_class": "resting"}
    failing = {"portal_id": "c", "pages": 0, "state": "dns", "failure_class": "dns"}
    assert Crawled("r", (waiting, resting)).all_withheld
    assert not Crawled("r", (waiting, failing)).all_withheld
    assert not Crawled("r", ()).all_withheld
    assert Crawled("r", (waiting, failing, failing | {"portal_id": "d"})).states == "2 dns, 1 waiting"
