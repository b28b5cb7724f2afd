"""The simulated year in its short form, and the same web once over sockets with the real Scrapy process."""

from __future__ import annotations

import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

from tests.crawlers.loopback import Run, run_crawlers, write_region
from tests.crawlers.simulated_web import RefusalError, Shape, SimulatedWeb
from tests.crawlers.simulated_year import Year, live

SHORT = Shape(
    portals=9,
    nights=50,
    rows=(20, 120),
    rates=(0.05, 0.3, 0.8),
    outages=0.01,
    moves_of_article=0.06,
    back_dated=0.03,
    changes_of_article=0.2,
)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return live(SHORT, tmp_path_factory.mktemp("year"), parsed=0.1)


def test_articles_are_archived_within_their_cadence(year: Year) -> None:
    assert year.articles > 1_000
    assert year.waits["head"] and year.waits["deep"]
    assert year.coverage >= 0.999, year.late


def test_no_article_is_kept_twice_unchanged(year: Year) -> None:
    assert year.repeated == 0
    assert year.revisits > 100, "pages were asked again and nothing was kept"


def test_a_quiet_night_costs_three_requests_an_entry_url(year: Year) -> None:
    assert len(year.quiet) > 50
    assert statistics.fmean(year.quiet) <= 3.0
    assert max(year.quiet) <= 3.0


def test_changes_of_young_articles_are_seen(year: Year) -> None:
    assert year.changes > 20
    assert year.changes_seen >= year.changes / 5


@contextmanager
def over_sockets(web: SimulatedWeb) -> Iterator[int]:
    """Serve the simulated web on loopback; a host that refuses closes the connection."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = self.headers["Host"]
            try:
                answer = web.answer(f"http://{host}{self.path}", dict(self.headers.items()))
            except RefusalError:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 304:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def kept(runs: list[Run]) -> list[str]:
    """The URLs of all whole records of good answers, as often as there are."""
    found = []
    for run in runs:
        for path in run.files:
            with path.open("rb") as stream:
                found += [
                    record.rec_headers.get_header("WARC-Target-URI")
                    for record in ArchiveIterator(stream)
                    if record.rec_type == "response" and record.http_headers.get_statuscode() == "200"
                ]
    return found


def test_the_real_process_finds_night_by_night_what_is_there(tmp_path: Path) -> None:
    web = SimulatedWeb(
        replace(SHORT, portals=3, rows=(16, 40), rates=(2.0,), outages=0.0, back_dated=0.0, flaky_of_article=0.0)
    )
    runs, published = [], set()
    with over_sockets(web) as port:
        portals = [
            (portal.portal_id, portal.family.dialect, [column.path for column in portal.site.columns])
            for portal in web.portals.values()
        ]
        region = write_region(tmp_path / "region", port, portals, list_depth=10)
        for _ in range(3):
            web.advance()
            runs.append(run_crawlers(region, tmp_path / "data"))
            assert runs[-1].code == 0, runs[-1].errors
            published |= {
                f"http://{portal.site.host}:{port}{portal.path(story.article)}"
                for portal in web.portals.values()
                for stories in portal.stories.values()
                for story in stories
            }
    archived = kept(runs)
    assert published <= set(archived)
    articles = [url for url in archived if url in published]
    assert len(articles) == len(set(articles))
    later = sum(portal.requests for portal in web.portals.values())
    new = runs[-1].portals
    assert later <= sum(
        3 * len(portal.site.columns) + 2 * int(new[portal.portal_id]["new_pages"]) for portal in web.portals.values()
    )
