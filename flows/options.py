"""The options most commands share, so that they are spelt and explained once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

FORCE_HELP = "Publish even when far less is there than in the published state; other gates hold all the same."

Command = TypeVar("Command", bound=Callable[..., Any])


def data_option(command: Command) -> Command:
    """`--data`: the folder that holds the archive, the warehouse, the report and the exports."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("data"),
        envvar="XIETONG_DATA",
        show_default=True,
        show_envvar=True,
        help="Folder of the archive, the warehouse, the report and the exports.",
    )(command)


def region_option(command: Command) -> Command:
    """`--region`: the folder of configuration; without it the one that ships (京津冀)."""
    return click.option(
        "--region",
        "region_folder",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=None,
        envvar="XIETONG_REGION",
        show_envvar=True,
        help="Folder of the region's configuration [default: the one that ships, Beijing–Tianjin–Hebei].",
    )(command)


def period_options(command: Command) -> Command:
    """`--since` and `--until`: the days of a backfill."""
    day = click.DateTime(formats=["%Y-%m-%d"])
    until = click.option("--until", type=day, default=None, metavar="DAY", help="Fetch nothing dated after this day.")
    since = click.option(
        "--since", type=day, default=None, metavar="DAY", help="Follow the lists back to this day, however deep it is."
    )
    return since(until(command))


def json_option(command: Command) -> Command:
    """`--json`: the result for machines."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(command)


def html_option(command: Command) -> Command:
    """`--html`: the result as a page."""
    return click.option(
        "--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Also write it as a page."
    )(command)


def workers_option(command: Command) -> Command:
    """`--workers`: how many processes read pages and texts."""
    return click.option(
        "--workers", type=click.IntRange(1), default=None, help="Processes for reading [default: one a core]."
    )(command)
