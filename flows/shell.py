"""`xietong sql`: one query, a question of the cookbook, or a small shell – all read-only on the published warehouse."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from flows.answers import FORMATS, show
from flows.completion import Names, line_editing
from flows.options import data_option, json_option
from warehouse import reading
from warehouse.recipes import recipe, recipes

HELP = """\
End a query with ;   .tables names the tables, DESCRIBE TABLE; its columns   .cookbook lists tested questions
.mode FORMAT (table, csv, json, jsonl, markdown)   Ctrl-C forgets what is typed   Ctrl-D leaves"""
_TABLES = "SELECT table_name, comment FROM duckdb_tables() WHERE NOT internal ORDER BY table_name"
_COLUMNS = "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"


@click.command(
    epilog="Example: xietong sql \"SELECT name_a, name_b, documents FROM city_pairs WHERE grain = 'city13'\","
    " or: xietong sql --cookbook partners-of-a-place place=保定市"
)
@click.argument("words", nargs=-1, metavar="[QUERY | NAME [PARAM=VALUE …]]")
@click.option("--cookbook", is_flag=True, help="List the tested questions, or with a NAME ask one of them.")
@click.option("--format", "form", type=click.Choice(tuple(FORMATS)), help="How to print [default: table].")
@data_option
@json_option
def sql(words: tuple[str, ...], cookbook: bool, form: str | None, data: Path, as_json: bool) -> None:
    """Query the published warehouse, read-only; without a query, a shell."""
    if as_json and form not in (None, "json"):
        raise click.UsageError(f"--json and --format {form} contradict each other; leave one out")
    form = "json" if as_json else form or "table"
    warehouse = data / reading.WAREHOUSE_FILE
    if cookbook:
        if words:
            ask(warehouse, words[0], words[1:], form)
        else:
            list_cookbook(form)
    elif len(words) > 1:
        raise click.UsageError('more than one query; put the query in quotes: xietong sql "SELECT …"')
    elif words:
        show(reading.query(warehouse, words[0]), form)
    else:
        run_shell(warehouse, form)


def ask(warehouse: Path, name: str, given: Sequence[str], form: str) -> None:
    """Print the answer to a question of the cookbook, with PARAM=VALUE for what it can be asked with."""
    asked = recipe(name)
    if bad := next((one for one in given if "=" not in one), None):
        raise click.UsageError(f"{bad!r}: write PARAM=VALUE; {name} takes {_parameters(name) or 'no parameter'}")
    values = asked.values(dict(one.split("=", 1) for one in given))
    show(reading.query(warehouse, asked.sql, values), form)


def list_cookbook(form: str) -> None:
    """Print every question with its name and what it can be asked with; JSON has the queries as well."""
    if form in ("json", "jsonl"):
        rows = [asdict(one) for one in recipes()]
        for line in [rows] if form == "json" else rows:
            click.echo(json.dumps(line, ensure_ascii=False))
        return
    rows_shown = [(one.name, one.en, one.zh, _parameters(one.name)) for one in recipes()]
    show(reading.Answer(("name", "question", "问题", "parameters"), list(rows_shown)), form)


def run_shell(warehouse: Path, form: str = "table") -> None:
    """Read queries ended by `;` until end of input; each sees the newest published warehouse."""
    columns = [(str(table), str(column)) for table, column in reading.query(warehouse, _COLUMNS).rows]
    terminal = sys.stdin.isatty()
    if terminal:
        click.echo("Read-only SQL on the published warehouse; .help tells more.", err=True)
    failed = False
    waiting: list[str] = []
    with line_editing(Names(columns)):
        while True:
            try:
                line = input(("xietong> " if not waiting else "      -> ") if terminal else "")
            except EOFError:
                break
            except KeyboardInterrupt:
                if not terminal:
                    raise
                waiting = []
                click.echo(err=True)
                continue
            if not waiting and line.startswith("."):
                form = _command(warehouse, line.split(), form)
                continue
            waiting.append(line)
            if line.rstrip().endswith(";"):
                query, waiting = "\n".join(waiting), []
                failed |= not _run(warehouse, query, form)
    if any(line.strip() for line in waiting):
        failed |= not _run(warehouse, "\n".join(waiting), form)
    if failed and not terminal:
        sys.exit(1)


def _run(warehouse: Path, query: str, form: str) -> bool:
    try:
        show(reading.query(warehouse, query), form)
    except reading.WarehouseError as error:
        click.echo(f"xietong: {error}", err=True)
        return False
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
        return False
    return True


def _command(warehouse: Path, words: Sequence[str], form: str) -> str:
    """A command of the shell itself; returns the format that holds from now on."""
    match words:
        case [".tables"]:
            _run(warehouse, _TABLES, form)
        case [".cookbook"]:
            list_cookbook(form)
        case [".cookbook", name, *given]:
            try:
                ask(warehouse, name, given, form)
            except (reading.WarehouseError, click.UsageError) as error:
                click.echo(f"xietong: {error}", err=True)
        case [".mode", wanted] if wanted in FORMATS:
            return wanted
        case [".help"]:
            click.echo(HELP, err=True)
        case _:
            click.echo(f"xietong: {' '.join(words)}: not a command of the shell; .help lists them", err=True)
    return form


def _parameters(name: str) -> str:
    return "; ".join(f"{one.name}={one.default} ({one.meaning})" for one in recipe(name).parameters)
