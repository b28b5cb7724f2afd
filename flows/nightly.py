"""The Prefect flows: a night, a re-extraction, a backfill. A task is a stage, never a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
from prefect import flow, task

from config import load_region
from flows.crawling import Crawled, crawl
from flows.exclusive import exclusive
from flows.progress import StageProgress
from pipelines import stages
from warehouse import search_index
from warehouse.report import write_report

TIMEZONE_OF_SCHEDULE = "Asia/Shanghai"


@task(name="crawl", persist_result=False)
def crawl_portals(
    region_folder: str,
    data: str,
    portal_ids: Sequence[str],
    replay: Sequence[str],
    any_host: bool,
    since: date | None = None,
    until: date | None = None,
) -> Crawled:
    """Fetch what is new, or dated in a time, or an archive; refuses to go on when none that was asked answered."""
    region = load_region(region_folder)
    folder = Path(data)
    crawled = crawl(
        region,
        folder,
        portal_ids,
        replay=[Path(file) for file in replay],
        any_host=any_host,
        known=() if replay else stages.known_urls(folder),
        since=since,
        until=until,
    )
    if not crawled.pages and not crawled.all_withheld:
        given = f"{len(replay)} archives" if replay else f"{len(crawled.portals)} portals"
        raise click.ClickException(
            f"none of {given} gave a page; nothing is published and the last warehouse stays"
            + ("; record them again" if replay else f" ({crawled.states}; see `xietong portals`)")
        )
    return crawled


@task(name="read archive", persist_result=False)
def read_archive(region_folder: str, data: str, workers: int | None) -> None:
    """Archive → captures → documents."""
    region = load_region(region_folder)
    with StageProgress() as progress:
        stages.index_archive(Path(data), region)
        stages.read_pages(Path(data), region, workers, progress)


@task(name="extract", persist_result=False)
def extract(region_folder: str, data: str, workers: int | None) -> None:
    """Documents → extractions, only those this version of the rules has not read."""
    with StageProgress() as progress:
        stages.extract_documents(Path(data), load_region(region_folder), workers, progress)


@task(name="publish", persist_result=False)
def publish(region_folder: str, data: str, force: bool) -> stages.Published:
    """Extractions → a new warehouse in one step, the report on it, and the index of search."""
    folder = Path(data)
    published = stages.publish(folder, load_region(region_folder), force=force)
    write_report(published.warehouse, folder / "report")
    search_index.refresh(published.warehouse)
    return published


@flow(name="nightly", persist_result=False)
def nightly(
    region_folder: str,
    data: str,
    portal_ids: Sequence[str] = (),
    replay: Sequence[str] = (),
    any_host: bool = False,
    workers: int | None = None,
    force: bool = False,
    since: date | None = None,
    until: date | None = None,
) -> stages.Published:
    """Crawl, extract, deduplicate, publish, report. Safe to run again after it was stopped anywhere.

    With `since` or `until` the crawl fetches what is dated in that time, instead of what is new.
    """
    with exclusive(Path(data)):
        crawl_portals(region_folder, data, portal_ids, replay, any_host, since, until)
        read_archive(region_folder, data, workers)
        extract(region_folder, data, workers)
        return publish(region_folder, data, force)


@flow(name="reextract", persist_result=False)
def reextract(region_folder: str, data: str, workers: int | None = None, force: bool = False) -> stages.Published:
    """Read what is stored under the rules as they are now, and publish."""
    with exclusive(Path(data)):
        read_archive(region_folder, data, workers)
        extract(region_folder, data, workers)
        return publish(region_folder, data, force)


@flow(name="backfill", persist_result=False)
def backfill(
    region_folder: str,
    data: str,
    replay: Sequence[str] = (),
    any_host: bool = False,
    portal_ids: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
) -> stages.Published:
    """Bring in what is older, then publish: articles dated in a time, from the portals, or pages of WARC files."""
    if not replay and since is None and until is None:
        raise click.UsageError("a backfill needs `since` or `until` (days), or `replay` (WARC files)")
    published: stages.Published = nightly.fn(
        region_folder, data, portal_ids, replay, any_host, since=since, until=until
    )
    return published


def deployments(region_folder: str, data: str, hour: int) -> list[Any]:
    """The three deployments that `xietong serve` offers: nightly on a schedule, the others on demand."""
    common = {"region_folder": region_folder, "data": data}
    from prefect.schedules import Cron

    return [
        nightly.to_deployment(
            "nightly", schedule=Cron(f"0 {hour} * * *", timezone=TIMEZONE_OF_SCHEDULE), parameters=common
        ),
        reextract.to_deployment("reextract", parameters=common),
        backfill.to_deployment("backfill", parameters={**common, "replay": []}),
    ]
