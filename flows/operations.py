"""The commands that run the crawl: nightly, crawl, portals, serve."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from config import load_region
from config.model import Portal
from flows.advice import advice
from flows.crawling import crawl as start_crawl
from flows.crawling import require_archives
from flows.exclusive import exclusive
from flows.options import FORCE_HELP, data_option, json_option, period_options, region_option, workers_option
from flows.orchestration import prefect_api
from flows.summary import show_published
from flows.terminal import console, one_line
from pipelines import stages
from pipelines.standings import Standing

REPLAY_HELP = "WARC file to take the pages from instead of the network; may be given again."


@click.command(epilog="Example: xietong nightly --portal 131000 --portal 120114")
@click.option("--portal", "portal_ids", multiple=True, metavar="ID", help="Only this portal; may be given again.")
@click.option("--replay", multiple=True, type=click.Path(path_type=Path), metavar="FILE.warc.gz", help=REPLAY_HELP)
@click.option("--any-host", is_flag=True, help="With --replay: read hosts that are no portal of the region, too.")
@click.option("--force", is_flag=True, help=FORCE_HELP)
@data_option
@region_option
@workers_option
@json_option
def nightly(
    portal_ids: tuple[str, ...],
    replay: tuple[Path, ...],
    any_host: bool,
    force: bool,
    data: Path,
    region_folder: Path | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """Crawl, extract, deduplicate, publish, report."""
    region = load_region(region_folder)
    region.choose(portal_ids)
    require_archives(replay)
    data.mkdir(parents=True, exist_ok=True)
    with prefect_api(data):
        from flows.nightly import nightly as nightly_flow

        published: stages.Published = nightly_flow(
            str(region.folder), str(data), list(portal_ids), [str(file) for file in replay], any_host, workers, force
        )
    show_published(published, data, as_json)


@click.command(epilog="Example: xietong crawl --portal 131000, or: xietong crawl --since 2014-01-01 --until 2016-12-31")
@click.option("--portal", "portal_ids", multiple=True, metavar="ID", help="Only this portal; may be given again.")
@click.option("--replay", multiple=True, type=click.Path(path_type=Path), metavar="FILE.warc.gz", help=REPLAY_HELP)
@click.option("--any-host", is_flag=True, help="With --replay: read hosts that are no portal of the region, too.")
@period_options
@data_option
@region_option
@json_option
def crawl(
    portal_ids: tuple[str, ...],
    replay: tuple[Path, ...],
    any_host: bool,
    since: datetime | None,
    until: datetime | None,
    data: Path,
    region_folder: Path | None,
    as_json: bool,
) -> None:
    """Fetch what is new into the archive; nothing is extracted or published.

    With --since or --until it fetches what is dated in that time instead (a backfill). Stopped anywhere, the same
    command goes on where it was.
    """
    region = load_region(region_folder)
    first, last = _day(since), _day(until)
    if (first or last) and replay:
        raise click.UsageError("--since and --until bound a crawl of the network; leave them out with --replay")
    if first and last and last < first:
        raise click.UsageError(f"--until {last} is before --since {first}; exchange them")
    with exclusive(data):
        known = () if replay else stages.known_urls(data)
        crawled = start_crawl(region, data, portal_ids, replay, any_host, known, first, last)
    if as_json:
        click.echo(json.dumps({"run_id": crawled.run_id, "portals": crawled.portals}, ensure_ascii=False))
    else:
        counts = f"{len(crawled.portals)} portals, {crawled.pages} pages, {crawled.links_left} links left"
        click.echo(f"{counts}; run {crawled.run_id}")


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


@click.command(epilog="Example: xietong portals check 131000")
@click.argument("action", type=click.Choice(["list", "check"]), default="list")
@click.argument("portal_ids", nargs=-1, metavar="[ID …]")
@data_option
@region_option
@json_option
def portals(action: str, portal_ids: tuple[str, ...], data: Path, region_folder: Path | None, as_json: bool) -> None:
    """The portals with the state of their last crawl; `check` asks them now and says what a person should do."""
    region = load_region(region_folder)
    chosen = region.choose(portal_ids)
    if action == "check":
        with exclusive(data):
            start_crawl(region, data, [portal.portal_id for portal in chosen], known=stages.known_urls(data))
    standings = stages.portal_standings(data, region)
    listed = [_listed(portal, standings.get(portal.portal_id), action == "check") for portal in chosen]
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False))
        return
    table = Table(*_SHOWN, show_edge=False)
    for row in listed:
        table.add_row(*(Text(one_line(str(row[name] or ""))) for name in _SHOWN))
    console().print(table)
    if action == "check":
        for row in listed:
            said = f" ({row['message']})" if row["message"] else ""
            click.echo(one_line(f"{row['portal_id']} {row['state']}{said}: {row['advice']}"))


_SHOWN = ("portal_id", "name", "state", "since", "last_new", "quiet_days", "pages", "window")


def _listed(portal: Portal, standing: Standing | None, advised: bool) -> dict[str, object]:
    state = standing.state if standing else "never crawled"
    quiet_days = standing.quiet_days if standing else 0
    row: dict[str, object] = {
        "portal_id": portal.portal_id,
        "name": portal.name,
        "dialect": portal.dialect,
        "base_url": portal.base_url,
        "state": state,
        "since": str(standing.since) if standing and standing.since else None,
        "failure_class": standing.failure_class if standing else "",
        "last_new": str(standing.last_new) if standing and standing.last_new else None,
        "quiet_days": quiet_days,
        "pages": standing.pages if standing else 0,
        "new_pages": standing.new_pages if standing else 0,
        "window": portal.window,
        "moved_to": standing.moved_to if standing else "",
        "message": standing.message if standing else "",
    }
    return row | ({"advice": advice(portal.portal_id, state, quiet_days)} if advised else {})


@click.command(epilog="Example: xietong serve --hour 2")
@click.option(
    "--hour", type=click.IntRange(0, 23), default=2, show_default=True, help="Hour of the nightly run, Asia/Shanghai."
)
@data_option
@region_option
def serve(hour: int, data: Path, region_folder: Path | None) -> None:
    """Offer the deployments to Prefect, until stopped: nightly on its schedule, reextract and backfill on demand."""
    region = load_region(region_folder)
    data.mkdir(parents=True, exist_ok=True)
    with prefect_api(data, schedules=True):
        from prefect import serve as serve_deployments

        from flows.nightly import deployments

        click.echo(
            f"nightly at {hour:02d}:00 Asia/Shanghai, reextract and backfill on demand; stop with Ctrl-C", err=True
        )
        serve_deployments(*deployments(str(region.folder), str(data.resolve()), hour))
