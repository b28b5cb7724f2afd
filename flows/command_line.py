"""`xietong`: one command for everything, and one line of stderr for whatever goes wrong."""

from __future__ import annotations

import os
import sys

import click

from config import ConfigError
from flows import history, new_portal, operations, reading, searching, shell, warehousing
from pipelines.errors import StageError
from warehouse.reading import WarehouseError


@click.group(epilog="Example: xietong nightly --data data")
@click.version_option(package_name="xietong")
def xietong() -> None:
    """Which places of Beijing–Tianjin–Hebei work together, since when, and the words that prove it."""


for command in (
    operations.nightly,
    operations.crawl,
    new_portal.with_new(operations.portals),
    operations.serve,
    warehousing.import_documents,
    warehousing.reextract,
    warehousing.publish,
    warehousing.report,
    warehousing.export,
    shell.sql,
    searching.search,
    warehousing.explain,
    history.states,
    history.diff,
    history.rollback,
    reading.extract,
    reading.links,
    reading.evaluate,
):
    xietong.add_command(command)


def main() -> None:
    """Run the command line; exit status 0 only on success, errors on one line that says what to do.

    `XIETONG_DEBUG=1` shows the whole traceback of an unexpected error.
    """
    try:
        status = xietong.main(standalone_mode=False)
    except click.exceptions.Abort:
        _end("stopped; run the same command again to go on", 130)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "xietong"
        _end(f"{error.format_message()} (see {command} --help)", 2)
    except click.ClickException as error:
        _end(error.format_message(), error.exit_code)
    except (ConfigError, StageError, WarehouseError) as error:
        _end(str(error), 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if os.environ.get("XIETONG_DEBUG"):
            raise
        _end(f"unexpected {type(error).__name__}: {error}; XIETONG_DEBUG=1 shows where", 1)
    else:
        sys.exit(status if isinstance(status, int) else 0)


def _end(message: str, status: int) -> None:
    click.echo("xietong: " + " ".join(message.split()), err=True)
    sys.exit(status)
