"""The commands on what was published: states, diff, rollback."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from flows.changes import show_difference, show_story
from flows.exclusive import exclusive
from flows.options import data_option, html_option, json_option
from flows.terminal import console
from warehouse import publishing
from warehouse import states as kept_states
from warehouse.comparison import difference, pair_story
from warehouse.reading import WAREHOUSE_FILE
from warehouse.report import write_report
from warehouse.states import State

_MEGABYTE = 1024 * 1024


@click.command(epilog="Example: xietong states prune --keep 3")
@click.argument("action", type=click.Choice(["list", "prune"]), default="list")
@click.option(
    "--keep", type=click.IntRange(1), default=None, help=f"With prune: how many stay [default: {kept_states.KEPT}]."
)
@click.option("--megabytes", type=click.IntRange(1), default=None, help="With prune: how much they may hold together.")
@data_option
@json_option
def states(action: str, keep: int | None, megabytes: int | None, data: Path, as_json: bool) -> None:
    """The states that were published and are kept; `prune` removes the oldest, never the published one."""
    if action == "list" and (keep is not None or megabytes is not None):
        raise click.UsageError("--keep and --megabytes belong to `xietong states prune`")
    target = data / WAREHOUSE_FILE
    if action == "prune":
        with exclusive(data):
            most = megabytes * _MEGABYTE if megabytes else kept_states.KEPT_BYTES
            gone = kept_states.prune(target, keep or kept_states.KEPT, most)
        click.echo(f"{len(gone)} states removed", err=True)
    found = kept_states.kept(target)
    if as_json:
        click.echo(json.dumps([asdict(state) for state in found], ensure_ascii=False, default=str))
        return
    _show(found)


@click.command(epilog="Example: xietong diff 2 3 --pair 廊坊市 武清区")
@click.argument("before", required=False, metavar="[A]")
@click.argument("after", required=False, metavar="[B]")
@click.option("--pair", nargs=2, metavar="UNIT UNIT", help="Why this pair (codes or names) appeared or vanished.")
@data_option
@html_option
@json_option
def diff(
    before: str | None, after: str | None, pair: tuple[str, str] | None, data: Path, html: Path | None, as_json: bool
) -> None:
    """What changed between two published states, with evidence and what is responsible.

    A and B are numbers of `xietong states`, beginnings of a rules version, or days (YYYY-MM-DD: the last state up to
    it). Without B it is the published state, without A the state before B.
    """
    found = kept_states.kept(data / WAREHOUSE_FILE)
    to = kept_states.find(found, after) if after else kept_states.published(found)
    since = kept_states.find(found, before) if before else kept_states.before(found, to)
    if pair:
        show_story(pair_story(since.path, to.path, *pair), as_json, html)
    else:
        show_difference(difference(since.path, to.path), as_json, html)


@click.command(epilog="Example: xietong rollback 2")
@click.argument("state", required=False, metavar="[STATE]")
@data_option
@json_option
def rollback(state: str | None, data: Path, as_json: bool) -> None:
    """Put an earlier state back in one step: a number, rules version or day; without one, the state before.

    Readers keep what they have open. The rules in the region's folder stay as they are: the next publication uses them.
    """
    target = data / WAREHOUSE_FILE
    with exclusive(data):
        found = kept_states.kept(target)
        wanted = kept_states.find(found, state) if state else kept_states.before(found, kept_states.published(found))
        publishing.rollback(target, wanted)
        write_report(target, data / "report")
    if as_json:
        click.echo(json.dumps(asdict(wanted), ensure_ascii=False, default=str))
        return
    click.echo(f"published again: state {wanted.number} (rules {wanted.rules_version}), {wanted.documents} documents")
    click.echo("the rule files were not touched: the next `xietong reextract` or `publish` uses them as they are")


def _show(found: list[State]) -> None:
    if not found:
        click.echo("no state is kept yet; `xietong publish` keeps each one it publishes")
        return
    columns = ("state", "published (UTC)", "rules", "schema", "documents", "policies", "pairs", "MB", "")
    table = Table(*columns, show_edge=False)
    for state in found:
        at = f"{state.published_at:%Y-%m-%d %H:%M:%S}" if state.published_at else ""
        counts = (f"{count:,}" for count in (state.documents, state.policies, state.pairs))
        note = state.problem or ("published" if state.published else "")
        cells = (
            str(state.number), at, state.rules_version, str(state.schema_version or ""), *counts,
            f"{state.size / _MEGABYTE:.1f}", note,
        )  # fmt: skip
        table.add_row(*map(Text, cells))
    console().print(table)
