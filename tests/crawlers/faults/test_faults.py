"""One crawl over portals that fail in every way a portal can, and the nights after it."""

from __future__ import annotations

import csv
import itertools
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

from tests.crawlers.faults import certificates, portals
from tests.crawlers.faults.portals import Faulty
from tests.crawlers.faults.server import FaultyWeb, serve
from tests.crawlers.loopback import ROOT, run_crawlers, write_region

PORTALS = portals.make_portals()
BY_NAME = {portal.name: portal for portal in PORTALS}
NAMES = [portal.name for portal in PORTALS]
MOST_SECONDS = 50
MOST_MEGABYTES = 260
WEIGH = """
import resource, subprocess, sys
status = subprocess.call(sys.argv[2:])
with open(sys.argv[1], "w") as file:
    file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(status)
"""


@dataclass(frozen=True)
class Night:
    """A finished crawl and what it cost."""

    web: FaultyWeb
    folder: Path
    rows: Mapping[str, Mapping[str, Any]]
    log: Mapping[str, Any]
    errors: str
    seconds: float
    megabytes: float

    def archived(self) -> Counter[tuple[str, str]]:
        """How often each address of each host was archived with a page."""
        found: Counter[tuple[str, str]] = Counter()
        for name in self.log["warc_files"]:
            with (self.folder / "data" / "archive" / name).open("rb") as stream:
                for record in ArchiveIterator(stream):
                    if record.rec_type == "response" and record.http_headers.get_statuscode() == "200":
                        parts = urlsplit(record.rec_headers.get_header("WARC-Target-URI"))
                        found[parts.hostname or "", parts.path] += 1
        return found


def write_faulty_region(folder: Path, web: FaultyWeb, chosen: Sequence[Faulty]) -> Path:
    """A region of the faulty portals, with the cells that their rows need."""
    ports = {"port": web.port, "tls_port": web.tls_port, "weak_port": web.weak_port}
    region = write_region(
        folder, web.port, [(one.name, "generic", [one.column]) for one in chosen],
        bases={one.name: one.base.format(name=one.name, **ports) for one in chosen},
        page_seconds=portals.PAGE_SECONDS, portal_minutes=portals.PORTAL_SECONDS / 60, max_bytes=portals.MAX_BYTES,
        hosts={f"{one.name}.test": "" if one.name == "nameless" else "127.0.0.1" for one in chosen},
    )  # fmt: skip
    table = region / "portals.csv"
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    with table.open("w", encoding="utf-8", newline="") as file:
        written = csv.DictWriter(file, [*rows[0], "window", "delay_seconds", "legacy_tls"], restval="")
        written.writeheader()
        for row in rows:
            cells = dict(BY_NAME[row["portal_id"]].row)
            if cells.get("window") == "closed":
                now = datetime.now(ZoneInfo("Asia/Shanghai"))
                cells["window"] = f"{now + timedelta(hours=2):%H:%M}-{now + timedelta(hours=3):%H:%M}"
            written.writerow(row | cells)
    return region


def crawl(web: FaultyWeb, folder: Path, region: Path) -> Night:
    """Run the crawler as the flows do, and weigh it: a process counts the memory of the one that started it as its own
    peak, so that a small one stands between."""
    begun = time.monotonic()
    said, errors = folder / "said", folder / "errors"
    with said.open("w") as out, errors.open("w") as err:
        crawler = [sys.executable, "-m", "crawlers", "--region", str(region), "--data", str(folder / "data")]
        done = subprocess.run(
            [sys.executable, "-c", WEIGH, str(folder / "peak"), *crawler], check=False,
            cwd=ROOT, env={**os.environ, "SSL_CERT_FILE": str(folder / "authority.pem")}, stdout=out, stderr=err,
        )  # fmt: skip
    assert done.returncode == 0, errors.read_text()
    log = json.loads(Path(said.read_text().strip()).read_text(encoding="utf-8"))
    rows = {row["portal_id"]: row for row in log["portals"]}
    seconds = time.monotonic() - begun
    return Night(web, folder, rows, log, errors.read_text(), seconds, int((folder / "peak").read_text()) / 1024)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    folder = tmp_path_factory.mktemp("faults")
    certificates.write_authority(folder / "authority.pem")
    with serve(lambda web: portals.routes(PORTALS, web), *certificates.contexts(folder)) as web:
        yield crawl(web, folder, write_faulty_region(folder / "region", web, PORTALS))


@pytest.mark.parametrize("name", NAMES)
def test_every_portal_ends_in_its_named_state(night: Night, name: str) -> None:
    row = night.rows[name]
    assert (row["state"], row["failure_class"]) == (BY_NAME[name].state, BY_NAME[name].failure_class), row
    assert BY_NAME[name].says in row["message"]


@pytest.mark.parametrize("name", NAMES)
def test_every_reachable_article_is_archived_exactly_once(night: Night, name: str) -> None:
    times = night.archived()
    kept = {path: times[f"{name}.test", path] for path in portals.PATHS}
    assert {path for path, count in kept.items() if count} >= BY_NAME[name].reachable
    assert max(kept.values()) <= 1
    if BY_NAME[name].reachable:
        assert night.rows[name]["new_pages"] == len(BY_NAME[name].reachable)


@pytest.mark.parametrize("name", NAMES)
def test_no_host_is_asked_more_than_its_fault_deserves(night: Night, name: str) -> None:
    assert len(night.web.of(f"{name}.test")) <= BY_NAME[name].most


def test_time_and_memory_are_bounded(night: Night) -> None:
    assert night.seconds < MOST_SECONDS
    assert night.megabytes < MOST_MEGABYTES
    assert "Traceback" not in night.errors


def test_nothing_outside_the_list_is_asked(night: Night) -> None:
    assert {one.host for one in night.web.asked} <= {f"{name}.test" for name in NAMES}


def test_a_host_that_names_a_time_is_left_alone_until_then(night: Night) -> None:
    asked = night.web.of("throttled.test")
    first, second = (one.at for one in asked if one.target == "/a/100001.html")
    assert second - first >= 1
    assert not [one for one in asked if first + 0.2 < one.at < first + 0.9]


@pytest.mark.parametrize(("name", "seconds"), [("paced", 1.0), ("byrow", 0.5)])
def test_requests_keep_the_distance_that_robots_txt_or_the_row_wants(night: Night, name: str, seconds: float) -> None:
    moments = [one.at for one in night.web.of(f"{name}.test") if one.target != "/robots.txt"]
    assert min(later - earlier for earlier, later in itertools.pairwise(moments)) >= seconds - 0.05


def test_after_a_burst_the_host_is_asked_later_each_time(night: Night) -> None:
    moments = [one.at for one in night.web.of("burst.test") if one.target == "/list.html"]
    assert len(moments) == 3
    assert moments[1] - moments[0] >= 0.45
    assert moments[2] - moments[1] >= 0.95


def test_after_a_challenge_the_host_rests(night: Night) -> None:
    asked = night.web.targets("midway.test")
    assert asked[-1] == "/a/100001.html"


def test_a_mirrored_tree_is_left_when_it_repeats_itself(night: Night) -> None:
    assert max(target.count("zc") for target in night.web.targets("mirrored.test")) <= 3


def test_where_a_portal_moved_to_and_its_tls_are_in_the_log(night: Night) -> None:
    assert night.rows["foreign"]["moved_to"] == "http://elsewhere.test/"
    assert {name for name, row in night.rows.items() if row["legacy_tls"]} == {"legacy"}
    assert {name for name, row in night.rows.items() if row["challenged"]} == {*portals.CHALLENGES, "midway"}


def test_a_host_is_never_asked_twice_at_once(night: Night) -> None:
    well = [name for name in NAMES if night.web.of(f"{name}.test") and BY_NAME[name].state in ("ok", "slow")]
    assert len(well) > 15
    assert {name: night.web.open_at_most[f"{name}.test"] for name in well} == dict.fromkeys(well, 1)


def test_a_replay_of_the_night_reads_what_it_archived_and_rests_for_nobody(night: Night, tmp_path: Path) -> None:
    files = [str(night.folder / "data" / "archive" / name) for name in night.log["warc_files"]]
    asked = len(night.web.asked)
    again = run_crawlers(night.folder / "region", tmp_path, "--replay", *files)
    assert again.code == 0, again.errors
    assert len(night.web.asked) == asked
    read = {name: row["new_pages"] for name, row in again.portals.items() if BY_NAME[name].reachable}
    assert read == {name: len(BY_NAME[name].reachable) for name in read}
    assert again.portals["midway"]["failure_class"] == "blocked-jsl"
    assert not [name for name, row in again.portals.items() if row["challenged"]]


def test_the_next_night_tells_changed_layouts_from_empty_lists_and_lets_hosts_rest(night: Night) -> None:
    chosen = [BY_NAME[name] for name in ("renamed", "emptied", "jsl", "healthy")]
    before = len(night.web.of("jsl.test"))
    second = crawl(night.web, night.folder, write_faulty_region(night.folder / "second", night.web, chosen))
    states = {name: row["state"] for name, row in second.rows.items()}
    assert states == {"renamed": "layout-changed", "emptied": "empty", "jsl": "blocked-jsl", "healthy": "nothing-new"}
    assert "no rows where an earlier crawl found some" in second.rows["renamed"]["message"]
    assert second.rows["jsl"]["failure_class"] == "resting"
    assert "rests until" in second.rows["jsl"]["message"]
    assert len(night.web.of("jsl.test")) == before
