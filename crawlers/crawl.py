"""One run over many portals in one process: who is crawled when, what is written, and what the log says afterwards."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import math
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.utils.reactor import install_reactor
from w3lib.url import canonicalize_url

from config.loader import Region
from crawlers.archive import ArchiveWriter
from crawlers.boundary import PortalResolver
from crawlers.frontier import Frontier
from crawlers.night import Period
from crawlers.outcome import Outcome
from crawlers.past import Past, read_past
from crawlers.recording import Capture, Recording
from crawlers.settings import live_settings, replay_settings
from crawlers.spiders import PortalSpider, spider_class
from crawlers.target import Target, host_of, portal_target, unlisted_target

AT_A_TIME = 16
_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"


@dataclass
class Log:
    """The crawl log as it will be written to `<archive>/<run_id>.crawl.json`."""

    run_id: str
    kind: str
    started_at: str | None
    any_host: bool = False
    finished_at: str | None = None
    warc_files: list[str] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def write(self, archive: Path) -> Path:
        """Write the log in one step, so that a log that exists tells of a run that ended."""
        data = {
            "run_id": self.run_id,
            "kind": self.kind,
            "started_at": self.started_at,
            "finished_at": self.finished_at,
            "any_host": self.any_host,
            "warc_files": self.warc_files,
            "portals": [outcome.row() for outcome in self.outcomes],
            "problems": self.problems,
        }
        archive.mkdir(parents=True, exist_ok=True)
        path = archive / f"{self.run_id}.crawl.json"
        draft = path.with_suffix(".json.new")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        return path


@dataclass(frozen=True)
class Job:
    """A portal to crawl, and for a replay the recorded answers that are its."""

    target: Target
    recorded: tuple[Capture, ...] = ()


def say(line: str) -> None:
    """One line of progress or of a problem, on stderr."""
    print(line, file=sys.stderr, flush=True)


def utc_now() -> datetime:
    """The clock of a live crawl."""
    return datetime.now(UTC)


def crawl(
    region: Region,
    data: Path,
    portal_ids: Sequence[str],
    known: Iterable[str] = (),
    period: Period | None = None,
    now: Callable[[], datetime] = utc_now,
) -> Path:
    """Crawl portals of the region (all without `portal_ids`) into `data/archive`; returns the path of the log.

    What was found and fetched before is in the frontier of the data folder; `known` are further URLs of articles that
    need not be fetched again. With a `period` the lists are followed back to its first day, and only articles dated
    in it, or undated, are fetched. Failures of portals are in the log, not raised; an unknown portal id raises
    `ConfigError` before anything is asked. `OSError` when the archive cannot be written: the crawl stops at once and
    has no log, because what is not kept has not been crawled.
    """
    portals = region.choose(portal_ids)
    archive = data / "archive"
    past = read_past(archive, region.settings.timezone)
    nights = 0 if portal_ids else region.settings.crawling.rest_nights
    today = now().astimezone(ZoneInfo(region.settings.timezone)).date()
    targets = [portal_target(region, portal) for portal in portals]
    jobs = [Job(past.rested(target, today, nights) if nights else target) for target in targets]
    log = Log(run_id=_new_run_id(), kind="crawl", started_at=_iso(now()))

    def owner(url: str) -> str | None:
        portal = region.portal_of(url)
        return portal.portal_id if portal else None

    with (
        Frontier.opened(data, owner, ZoneInfo(region.settings.timezone), now(), known, say) as frontier,
        ArchiveWriter(archive, log.run_id) as writer,
    ):
        frontier.run_began(log.run_id, now())
        settings = live_settings(region.settings.crawling)
        arguments = {"archive": writer, "frontier": frontier, "period": period, "now": now}
        log.outcomes = _run(region, jobs, settings, arguments, past)
        log.warc_files = writer.names
        if writer.failure is not None:
            raise writer.failure
        writer.close()
        for name in writer.names:
            frontier.read_to(archive / name)
        frontier.run_ended(log.run_id, now())
    log.finished_at = _iso(now())
    return log.write(archive)


def replay(
    region: Region, data: Path, files: Sequence[Path], portal_ids: Sequence[str], known: frozenset[str], any_host: bool
) -> Path:
    """Crawl what WARC files hold as if it were the network; copy them into `data/archive`; returns the log's path.

    Every recorded page of a listed portal is read, with `any_host` of every host. The run's id, start and end come from
    the files, so that the same files give the same log on any day.
    """
    chosen = region.choose(portal_ids)
    recording = Recording()
    archive = data / "archive"
    digests: list[str] = []
    names: list[str] = []
    for path in files:
        if recording.add(path):
            digest = _digest(path)
            if digest not in digests:
                digests.append(digest)
                names.append(_copy(path, archive, f"replay-{digest[:12]}.warc.gz"))
    for problem in recording.problems:
        say(problem)
    run = hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()[:12]
    moments = sorted(filter(None, map(_moment, recording.dates)))
    log = Log(
        run_id=f"replay-{run}",
        kind="replay",
        started_at=_iso(moments[0]) if moments else None,
        finished_at=_iso(moments[-1]) if moments else None,
        any_host=any_host,
        warc_files=names,
        problems=[problem.replace(str(Path.cwd()) + os.sep, "") for problem in recording.problems],
    )
    jobs = _replay_jobs(region, recording, [portal.portal_id for portal in chosen] if portal_ids else None, any_host)
    if jobs:
        settings = replay_settings(region.settings.crawling)
        log.outcomes = _run(region, jobs, settings, {"known": _canonical(known), "recording": recording})
    return log.write(archive)


def _replay_jobs(region: Region, recording: Recording, wanted: Sequence[str] | None, any_host: bool) -> list[Job]:
    """A job for every portal with recorded pages, in the order of the configuration; unlisted hosts come last."""
    by_portal: dict[str, list[Capture]] = {}
    by_host: dict[str, list[Capture]] = {}
    for capture in recording.captures.values():
        if capture.url.split("?")[0].endswith("/robots.txt"):
            continue
        portal = region.portal_of(capture.url)
        if portal is not None:
            by_portal.setdefault(portal.portal_id, []).append(capture)
        else:
            by_host.setdefault(host_of(capture.url), []).append(capture)
    jobs = [
        Job(portal_target(region, portal), tuple(by_portal.get(portal.portal_id, ())))
        for portal in region.portals
        if (portal.portal_id in by_portal and wanted is None) or (wanted is not None and portal.portal_id in wanted)
    ]
    if any_host and wanted is None:
        jobs += [Job(unlisted_target(host), tuple(by_host[host])) for host in sorted(by_host)]
    elif by_host and wanted is None:
        pages = sum(map(len, by_host.values()))
        say(f"{pages} recorded pages of {len(by_host)} hosts that no portal lists are left; --any-host takes them too")
    return jobs


def _run(
    region: Region, jobs: Sequence[Job], settings: dict[str, Any], arguments: dict[str, Any], past: Past | None = None
) -> list[Outcome]:
    """Crawl the jobs in one reactor, at most `AT_A_TIME` at once and never two on one host; outcomes in their order.

    With a `past` (a replay has none), a portal whose window is closed or whose hosts are at rest is not asked.
    """
    _quiet()
    install_reactor(_REACTOR)
    from twisted.internet import reactor  # the reactor must be chosen before it is imported

    loop: Any = reactor
    crawling = region.settings.crawling
    PortalResolver(loop, crawling.hosts, seconds=math.ceil(crawling.page_seconds)).install()
    runner = AsyncCrawlerRunner(settings)
    slots = asyncio.Semaphore(AT_A_TIME)
    locks: dict[str, asyncio.Lock] = {}
    stopping = asyncio.Event()
    outcomes: dict[str, Outcome] = {}

    async def one(job: Job) -> None:
        async with AsyncExitStack() as stack:
            for host in sorted(job.target.hosts):
                await stack.enter_async_context(locks.setdefault(host, asyncio.Lock()))
            await stack.enter_async_context(slots)
            if stopping.is_set():
                return
            local = arguments.get("now", utc_now)().astimezone(ZoneInfo(region.settings.timezone))
            outcome = past.withheld(job.target, local) if past else None
            if outcome is None:
                seconds_open = job.target.window.seconds_open(local) if past else None
                outcome = await _crawl_one(runner, job, crawling=crawling, seconds_open=seconds_open, **arguments)
            if past:
                outcome.lost_columns |= past.lost(outcome)
            outcomes[job.target.portal_id] = outcome
            say(_line(outcome))

    async def every() -> None:
        try:
            await asyncio.gather(*(one(job) for job in jobs))
        finally:
            loop.callLater(0, loop.stop)

    def stop(number: int, frame: object) -> None:
        if stopping.is_set():
            os._exit(128 + number)
        say("stopping after the pages that are under way; once more to stop at once")
        stopping.set()
        loop.callFromThread(lambda: asyncio.ensure_future(runner.stop()))

    failures: list[BaseException] = []

    def started() -> None:
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, stop)
        task = asyncio.ensure_future(every())
        task.add_done_callback(lambda done: failures.extend(filter(None, [done.exception()])))

    loop.callWhenRunning(started)
    loop.run(installSignalHandlers=False)
    if failures:
        raise failures[0]
    order = [job.target.portal_id for job in jobs]
    return [outcomes[portal_id] for portal_id in order if portal_id in outcomes]


async def _crawl_one(runner: AsyncCrawlerRunner, job: Job, **arguments: Any) -> Outcome:
    crawler: Crawler = runner.create_crawler(spider_class(job.target.dialect))
    try:
        await runner.crawl(crawler, target=job.target, recorded=job.recorded, **arguments)
    except Exception as error:
        say(f"{job.target.portal_id}: the spider could not run: {type(error).__name__}: {error}")
    spider = crawler.spider
    if isinstance(spider, PortalSpider):
        return spider.outcome
    outcome = Outcome(job.target.portal_id)
    outcome.fail("error")
    return outcome


def _line(outcome: Outcome) -> str:
    detail = f" ({outcome.failure_class})" if outcome.failure_class and outcome.failure_class != outcome.state else ""
    counts = (
        f"{outcome.portal_id}: {outcome.state}{detail}, {outcome.pages} pages, {outcome.new_pages} new, "
        f"{outcome.errors} errors, {len(outcome.left)} links left"
    )
    return f"{counts}; {outcome.message}" if outcome.message else counts


def _quiet() -> None:
    """Only what the operator must see: a spider's own mistakes. Failures of portals are in the log and in our lines."""
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="%(name)s: %(message)s")
    logging.getLogger("scrapy").setLevel(logging.ERROR)
    for name in ("twisted", "scrapy.downloadermiddlewares.robotstxt", "scrapy.core.downloader.handlers.http11"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _canonical(urls: Iterable[str]) -> frozenset[str]:
    return frozenset(canonicalize_url(url) for url in urls)


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(date: str) -> datetime | None:
    """A WARC-Date (ISO, UTC; ARC files have fourteen digits), or None for what is no date."""
    try:
        moment = datetime.fromisoformat(f"{date[:8]}T{date[8:]}" if date.isdigit() and len(date) == 14 else date)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _new_run_id() -> str:
    return f"crawl-{datetime.now(UTC).strftime('%Y%m%dT%H%M%SZ')}-{os.getpid():x}"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(path: Path, archive: Path, name: str) -> str:
    """Copy a file into the archive under `name`, unless it is there; never half."""
    target = archive / name
    if not target.exists():
        archive.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"{name}.new")
        shutil.copyfile(path, draft)
        draft.replace(target)
    return name
