"""A year of nights over a simulated web: the real spiders, frontier and archive; network and clock are in memory.

`python -m tests.crawlers.simulated_year` (`make year`) runs the long form and prints what was measured.
"""

from __future__ import annotations

import argparse
import heapq
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from config.model import Column, Crawling
from crawlers.archive import Archived, ArchiveWriter, Earlier
from crawlers.frontier import Frontier
from crawlers.moves import EarlierMiddleware, MovesMiddleware
from crawlers.outcome import Left, Outcome
from crawlers.spiders import PortalSpider, spider_class
from crawlers.target import Target, host_of
from extract.model import Listing
from tests.crawlers.simulated_web import FAMILIES, Portal, RefusalError, Shape, SimulatedWeb, Story

LIST_DEPTH = 10
_STORY = re.compile("<h1>([^<]+)</h1>.*?修订(\\d+)。".encode(), re.DOTALL)
HOUR = time_of_day(18, 0)
"""Two in the morning in China."""


class CountingArchive(ArchiveWriter):
    """The archive, and how often it kept each state of an article whole."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "year")
        self.whole: Counter[str] = Counter()
        self.articles: dict[str, int] = {}
        self.night = 0
        self.revisits = 0

    def write(self, request: Request, response: Response, earlier: Earlier | None = None) -> Archived:
        archived = super().write(request, response, earlier)
        if earlier is not None and archived.original is earlier:
            self.revisits += 1
        elif response.status == 200 and (found := _STORY.search(response.body)):
            self.whole[f"{found[1].decode()} {int(found[2])}"] += 1
            self.articles.setdefault(f"{found[1].decode()} {int(found[2])}", self.night)
        return archived


@dataclass
class Year:
    """What was measured. `late` are the articles that were not archived within their cadence."""

    portal_nights: int = 0
    requests: int = 0
    articles: int = 0
    within: int = 0
    late: list[str] = field(default_factory=list)
    waits: dict[str, list[int]] = field(default_factory=lambda: {"head": [], "deep": []})
    repeated: int = 0
    whole: int = 0
    revisits: int = 0
    quiet: list[float] = field(default_factory=list)
    changes: int = 0
    changes_seen: int = 0
    changes_in_time: int = 0
    cpu_seconds: float = 0.0

    @property
    def coverage(self) -> float:
        return self.within / self.articles if self.articles else 0.0

    @property
    def holds(self) -> bool:
        """99.9 % of the articles in time, none twice, three requests per entry URL on a quiet night."""
        return self.coverage >= 0.999 and not self.repeated and statistics.fmean(self.quiet) <= 3.0

    def lines(self) -> Iterator[str]:
        """The figures, a line each."""
        yield f"portal-nights {self.portal_nights}, requests {self.requests}, CPU {self.cpu_seconds:.0f} s"
        yield f"articles due {self.articles}, archived within their cadence {self.within} ({self.coverage:.4%})"
        for name, waits in self.waits.items():
            if waits:
                ranked = sorted(waits)
                yield (
                    f"nights until archived, {name}: median {ranked[len(ranked) // 2]}, "
                    f"99 % {ranked[int(len(ranked) * 0.99)]}, longest {ranked[-1]}"
                )
        yield f"articles kept whole {self.whole}, of them twice unchanged {self.repeated}; revisits {self.revisits}"
        yield (
            f"requests per entry URL in {len(self.quiet)} quiet nights of a portal: mean "
            f"{statistics.fmean(self.quiet):.2f}, most {max(self.quiet):.2f}"
        )
        yield f"changes {self.changes}, seen {self.changes_seen}, within 30 nights {self.changes_in_time}"


class Scheduler:
    """Plays Scrapy for one spider over the simulated web: order, redirects, errors, and the middlewares that decide."""

    def __init__(self, web: SimulatedWeb, portal: Portal, spider: PortalSpider) -> None:
        self._web, self._portal, self._spider = web, portal, spider
        crawler = cast(Any, SimpleNamespace(spider=spider))
        self._moves, self._earlier = MovesMiddleware(crawler), EarlierMiddleware(crawler)
        self._robots: dict[str, str] = {}
        self._waiting: list[tuple[int, int, Request]] = []
        self._order = count()

    def run(self) -> Outcome:
        """Crawl to the end and return the outcome."""
        for request in self._spider.first_requests():
            self._put(request)
        self._drain()
        for request in self._spider.quiet_requests():
            self._put(request)
        self._drain()
        self._spider.closed("finished")
        return self._spider.outcome

    def _put(self, request: Request) -> None:
        heapq.heappush(self._waiting, (-request.priority, next(self._order), request))

    def _drain(self) -> None:
        while self._waiting:
            request = heapq.heappop(self._waiting)[2]
            try:
                response = self._download(request)
            except Left as error:
                failed = Failure(error)  # type: ignore[no-untyped-call]
                failed.request = request  # type: ignore[attr-defined]
                assert request.errback is not None
                request.errback(failed)
                continue
            if response is None:
                continue
            response.request = request
            handled = request.meta.get("handle_httpstatus_list", ())
            if response.status != 200 and response.status not in handled:
                failed = Failure(HttpError(response))  # type: ignore[no-untyped-call]
                failed.request = request  # type: ignore[attr-defined]
                assert request.errback is not None
                request.errback(failed)
                continue
            assert request.callback is not None
            for following in request.callback(response, **request.cb_kwargs) or ():
                self._put(following)

    def _download(self, request: Request) -> Response | None:
        """The answer, or None for a redirect that is followed."""
        self._moves.process_request(request)
        host = urlsplit(request.url).netloc
        if host not in self._robots:
            self._robots[host] = self._ask_robots(host)
        if self._robots[host]:
            raise Left(self._robots[host])
        headers = {str(name, "latin-1"): str(values[-1], "latin-1") for name, values in request.headers.items()}
        try:
            answer = self._web.answer(request.url, headers, request.body)
        except RefusalError as refusal:
            raise Left(str(refusal)) from None
        kind = HtmlResponse if answer.body else Response
        response = kind(request.url, status=answer.status, headers=dict(answer.headers), body=answer.body)
        self._earlier.process_response(request, response)
        archive = self._spider.archive
        assert archive is not None
        request.meta["archived"] = archive.write(request, response, request.meta.get("earlier"))
        if answer.status == 301:
            self._follow(request, urljoin(request.url, answer.headers["Location"]))
            return None
        return response

    def _ask_robots(self, host: str) -> str:
        try:
            answer = self._web.answer(f"http://{host}/robots.txt", {})
        except RefusalError as refusal:
            return str(refusal)
        return f"robots-{answer.status}" if answer.status >= 500 else ""

    def _follow(self, request: Request, url: str) -> None:
        meta = {key: value for key, value in request.meta.items() if key not in ("archived", "earlier", "known")}
        meta["redirect_urls"] = [*meta.get("redirect_urls", ()), request.url]
        meta["redirect_times"] = meta.get("redirect_times", 0) + 1
        self._put(request.replace(url=url, meta=meta))


def _reading(web: SimulatedWeb, dialect: str, parsed: float) -> type[PortalSpider]:
    """The spider of a family, which parses that share of the lists, and takes the others as the web knows them.

    Parsing takes most of a simulated night. What is parsed must be what the web knows.
    """
    family, chance = spider_class(dialect), random.Random(dialect)

    def rows(self: PortalSpider, response: TextResponse) -> Listing:
        known = web.listing(response.url)
        if chance.random() >= parsed:
            return known
        found: Listing = family.rows(self, response)
        own = [item.url for item in found.items if host_of(item.url) in self.target.hosts]
        assert own == [item.url for item in known.items], response.url
        return found

    return type(family.__name__, (family,), {"rows": rows})


class Truth:
    """Compares what the archive has with what there was, night by night."""

    def __init__(self, web: SimulatedWeb, archive: CountingArchive, year: Year) -> None:
        self._web, self._archive, self._year = web, archive, year
        self._open: dict[str, list[Story]] = defaultdict(list)
        self._watched: set[int] = set()
        self._got = archive.articles

    def after(self, portal: Portal, outcome: Outcome) -> None:
        """Take a portal's night into the figures."""
        year, night = self._year, self._web.night
        year.portal_nights += 1
        year.requests += portal.requests
        if (
            all(portal.up[-3:])
            and night > 3
            and portal.quiet
            and not (outcome.changed or outcome.new_pages or outcome.errors)
        ):
            year.quiet.append(portal.requests / len(portal.site.columns))
        waiting = self._open[portal.portal_id]
        for stories in portal.stories.values():
            for story in stories:
                if id(story) not in self._watched:
                    self._watched.add(id(story))
                    waiting.append(story)
        self._open[portal.portal_id] = [story for story in waiting if not self._settled(portal, story)]

    def _settled(self, portal: Portal, story: Story) -> bool:
        """Whether it is known of an article if it came in time; only nights on which the portal answered count."""
        year, night = self._year, self._web.night
        nights = sum(portal.up[story.born : night + 1])
        got = self._got.get(f"{story.article.title} 0")
        if got is None:
            got = next((self._got[key] for key in _versions(story) if key in self._got), None)
        column = story.article.column
        pages = len(portal.stories[column]) // self._web.shape.per_page + 1
        away = not all(portal.up[story.born : night + 1])
        deep = story.deep or story.born == 0 or away
        cadence = (2 * (pages + 3) if deep else 2) + (6 if story.flaky else 0)
        if got is None and story.gone is None and nights <= cadence:
            return False
        if got is None and story.gone is not None and nights <= cadence:
            return True
        year.articles += 1
        if got is None:
            year.late.append(f"{portal.portal_id} {portal.path(story.article)} born {story.born}, deep {deep}")
        else:
            year.within += 1
            year.waits["deep" if deep else "head"].append(sum(portal.up[story.born : got + 1]) - 1)
        return True

    def end(self) -> None:
        """Sum up what can only be told at the end."""
        year, archive = self._year, self._archive
        year.whole, year.revisits = sum(archive.whole.values()), archive.revisits
        year.repeated = sum(times - 1 for times in archive.whole.values())
        for portal in self._web.portals.values():
            for stories in portal.stories.values():
                for story in stories:
                    for version, night in enumerate(story.changed, 1):
                        year.changes += 1
                        got = self._got.get(f"{story.article.title} {version}")
                        year.changes_seen += got is not None
                        year.changes_in_time += got is not None and got - night <= 30


def _versions(story: Story) -> Iterator[str]:
    return (f"{story.article.title} {version}" for version in range(len(story.changed) + 1))


def live(shape: Shape, folder: Path, parsed: float = 1.0, progress: bool = False) -> Year:
    """Let the web live and crawl it every night; returns what was measured. `parsed` is the share of lists parsed."""
    began = time.process_time()
    web = SimulatedWeb(shape)
    crawling = Crawling(
        user_agent="xietong/0.1 (a simulated year)", contact="nobody@example.org", list_depth=LIST_DEPTH
    )
    year = Year()
    spiders = {family.dialect: _reading(web, family.dialect, parsed) for family in FAMILIES}
    archive = CountingArchive(folder)
    with archive, Frontier.opened(folder, lambda url: None, UTC, datetime.now(UTC)) as frontier:
        truth = Truth(web, archive, year)
        for night in range(shape.nights):
            web.advance()
            archive.night = night
            moment = datetime.combine(web.day(), HOUR, UTC)
            for portal in web.portals.values():
                spider = spiders[portal.family.dialect](
                    _target(portal), crawling, archive=archive, frontier=frontier, now=_clock(moment)
                )
                outcome = Scheduler(web, portal, spider).run()
                truth.after(portal, outcome)
            if progress and night % 20 == 19:
                print(f"night {night + 1}: {year.requests} requests", file=sys.stderr, flush=True)
        truth.end()
    year.cpu_seconds = time.process_time() - began
    return year


def _clock(moment: datetime) -> Any:
    seconds = count()
    return lambda: moment + timedelta(seconds=next(seconds))


def _target(portal: Portal) -> Target:
    host = portal.site.host
    columns = tuple(
        Column(
            portal_id=portal.portal_id, kind="policy", name=column.name, url=f"http://{host}{column.path}", paging="",
            era="", confidence="high",
        )
        for column in portal.site.columns
    )  # fmt: skip
    return Target(portal.portal_id, portal.family.dialect, frozenset((host,)), columns)


def main() -> int:
    """Run a year and print its figures; status 1 when it does not hold what is asked of it."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--portals", type=int, default=240)
    parser.add_argument("--nights", type=int, default=400)
    parser.add_argument("--parsed", type=float, default=0.02, help="share of the list pages that is parsed")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="year-") as folder:
        year = live(Shape(options.portals, options.nights, options.seed), Path(folder), options.parsed, progress=True)
    print("\n".join(year.lines()))
    print("\n".join(year.late[:20]))
    return 0 if year.holds else 1


if __name__ == "__main__":
    sys.exit(main())
