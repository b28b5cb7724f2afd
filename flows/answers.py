"""Answers of queries as text: a table for people; CSV, JSON, JSON lines and Markdown for what reads them next."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Mapping
from io import StringIO

import click
from rich.table import Table
from rich.text import Text

from flows.terminal import console, visible
from warehouse.exports import cell, harmless
from warehouse.reading import Answer

_COMMANDS = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def show(answer: Answer, form: str) -> None:
    """Print an answer in one of the `FORMATS`."""
    FORMATS[form](answer)


def json_text(value: object) -> str:
    """JSON with Chinese as it stands and what a terminal would obey as an escape."""
    return _COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False, default=str))


def _table(answer: Answer) -> None:
    table = Table(show_edge=False)
    for column in answer.columns:
        table.add_column(Text(visible(column)), overflow="fold")
    for row in answer.rows:
        table.add_row(*(Text("" if value is None else visible(str(value))) for value in row))
    console().print(table)


def _csv(answer: Answer) -> None:
    made = StringIO()
    writer = csv.writer(made, lineterminator="\n")
    seen: Callable[[str], str] = visible if sys.stdout.isatty() else str
    writer.writerow([seen(harmless(column)) for column in answer.columns])
    writer.writerows([seen(cell(value)) for value in row] for row in answer.rows)
    sys.stdout.write(made.getvalue())


def _json(answer: Answer) -> None:
    click.echo(json_text(_objects(answer)))


def _jsonl(answer: Answer) -> None:
    for row in _objects(answer):
        click.echo(json_text(row))


def _markdown(answer: Answer) -> None:
    rows = [answer.columns, ("---",) * len(answer.columns), *answer.rows]
    for row in rows if answer.columns else ():
        click.echo("| " + " | ".join(map(_markdown_cell, row)) + " |")


def _markdown_cell(value: object) -> str:
    """A cell that stays one: no bar, no line end, no HTML."""
    plain = "" if value is None else visible(str(value).replace("\n", " "))
    for mark, meant in (("\\", "\\\\"), ("|", "\\|"), ("&", "&amp;"), ("<", "&lt;")):
        plain = plain.replace(mark, meant)
    return plain


def _objects(answer: Answer) -> list[dict[str, object]]:
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


FORMATS: Mapping[str, Callable[[Answer], None]] = {
    "table": _table,
    "csv": _csv,
    "json": _json,
    "jsonl": _jsonl,
    "markdown": _markdown,
}
