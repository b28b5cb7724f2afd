"""How fast a host is asked: as slowly as the region, the portal's row, its robots.txt and the host itself want."""

from __future__ import annotations

import asyncio
import math
from time import monotonic
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.asyncio import call_later

from crawlers.outcome import Outcome
from crawlers.target import Target, host_of

_LEAST = 0.001


class Pace(AutoThrottle):
    """AutoThrottle with more voices: it never asks a host sooner than the portal's `delay_seconds` and the host's own
    Crawl-delay allow, and not at all while the host wants rest. It ends the crawl when the portal's window closes.

    A Crawl-delay is kept in full, however long: what does not fit into the portal's time is left for another night,
    and the outcome says how many pages a night that makes.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._least: dict[str, float] = {}
        self._closing: object = None
        crawler.signals.connect(self._robots_parsed, signal=signals.robots_parsed)

    def _spider_opened(self, spider: Spider) -> None:
        target: Target = getattr(spider, "target")  # noqa: B009
        super()._spider_opened(spider)
        if target.delay_seconds:
            for host in target.hosts:
                self._at_least(host, target.delay_seconds)
        seconds: float | None = getattr(spider, "seconds_open", None)
        if seconds is not None:
            call_later(seconds, self._close)

    def _close(self) -> None:
        engine: Any = self.crawler.engine
        if engine is not None and engine.spider is not None:
            self._closing = asyncio.ensure_future(engine.close_spider_async(reason="window"))

    def _robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        agent = self.crawler.settings["ROBOTSTXT_USER_AGENT"]
        delay = robotparser.crawl_delay(agent)
        if delay is None or not math.isfinite(delay) or delay <= 0:
            return
        pages = pages_in(self.crawler.settings.getfloat("CLOSESPIDER_TIMEOUT"), delay)
        spider: Any = self.crawler.spider
        outcome: Outcome = spider.outcome
        if delay > self._floor(host_of(request.url)):
            outcome.note(f"robots.txt asks for {delay:g} s between requests: at most {pages} pages a night")
        if pages > 1:
            self._at_least(host_of(request.url), delay)

    def _floor(self, host: str) -> float:
        return max(self.mindelay, self._least.get(host, 0.0))

    def _at_least(self, host: str, seconds: float) -> None:
        """Ask `host` no sooner than every `seconds`, without the random variation that could undercut it."""
        downloader: Any = self.crawler.engine.downloader
        self._least[host] = max(seconds, self._floor(host))
        downloader.per_slot_settings[host] = {"delay": self._least[host], "jitter": 0}
        slot: Slot | None = downloader.slots.get(host)
        if slot is not None:
            slot.delay, slot.jitter = max(slot.delay, self._least[host]), 0.0

    def rest(self, host: str, seconds: float) -> None:
        """Send `host` nothing for `seconds`."""
        slot: Slot | None = self.crawler.engine.downloader.slots.get(host)
        if slot is not None:
            slot.delay = max(slot.delay, _LEAST)
            slot.lastseen = max(slot.lastseen, monotonic() + seconds - slot.delay)

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        super()._adjust_delay(slot, latency, response)
        slot.delay = max(slot.delay, self._least.get(host_of(response.url), 0.0))


def pages_in(seconds: float, delay: float) -> int:
    """How many pages a crawl of `seconds` has time for with `delay` between them; one at least."""
    return max(1, int(seconds // delay)) if seconds and delay else 1


def rest(crawler: Crawler, host: str, seconds: float) -> None:
    """Let `host` rest, where the crawl has a pace (a replay has none)."""
    pace = crawler.get_extension(Pace)
    if pace is not None:
        pace.rest(host, seconds)
