"""`xietong sql`: one query, or a small read-only shell, on the published warehouse."""

from __future__ import annotations

import contextlib
import json
import sys
from datetime import date
from pathlib import Path

import click
import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from warehouse import reading


def run_query(warehouse: Path, query: str, as_json: bool) -> None:
    """Print the answer of one query as a table, or as a JSON list of objects."""
    with reading.connect(warehouse) as connection:
        _answer(connection, query, as_json)


def run_shell(warehouse: Path) -> None:
    """Read queries ended by `;` until end of input; each sees the newest published warehouse."""
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  (line editing and history for input())
    if sys.stdin.isatty():
        click.echo("Read-only SQL on the published warehouse. End a query with ;  leave with Ctrl-D.", err=True)
    waiting: list[str] = []
    while True:
        try:
            line = input(("xietong> " if not waiting else "      -> ") if sys.stdin.isatty() else "")
        except EOFError:
            break
        waiting.append(line)
        if line.rstrip().endswith(";"):
            query, waiting = "\n".join(waiting), []
            try:
                with reading.connect(warehouse) as connection:
                    _answer(connection, query, as_json=False)
            except click.ClickException as error:
                click.echo(f"xietong: {error.message}", err=True)
    if any(line.strip() for line in waiting):
        run_query(warehouse, "\n".join(waiting), as_json=False)


def _answer(connection: duckdb.DuckDBPyConnection, query: str, as_json: bool) -> None:
    try:
        result = connection.execute(query)
        columns = [column[0] for column in result.description or ()]
        found = result.fetchall()
    except duckdb.Error as error:
        raise click.ClickException(" ".join(str(error).split())) from error
    if as_json:
        click.echo(
            json.dumps([dict(zip(columns, row, strict=True)) for row in found], ensure_ascii=False, default=_plain)
        )
        return
    table = Table(show_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in found:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
