"""`xietong sql`: one query, or a small read-only shell, on the published warehouse."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from flows.terminal import console
from warehouse import reading


def run_query(warehouse: Path, query: str, as_json: bool) -> None:
    """Print the answer of one query as a table, or as a JSON list of objects."""
    answer = reading.query(warehouse, query)
    if as_json:
        rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
        click.echo(json.dumps(rows, ensure_ascii=False, default=str))
        return
    table = Table(show_edge=False)
    for column in answer.columns:
        table.add_column(column, overflow="fold")
    for row in answer.rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    console().print(table)


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
                run_query(warehouse, query, as_json=False)
            except reading.WarehouseError as error:
                click.echo(f"xietong: {error}", err=True)
    if any(line.strip() for line in waiting):
        run_query(warehouse, "\n".join(waiting), as_json=False)
