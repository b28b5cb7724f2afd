"""`xietong search`: full text of the published documents, best first, with the words around each find."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click
from rich.text import Text

from extract.stated import stated_date
from flows.answers import json_text
from flows.options import data_option, json_option
from flows.terminal import console, one_line, visible
from warehouse.reading import WAREHOUSE_FILE
from warehouse.search import Bounds, Hit, Snippet
from warehouse.search import search as find

_SPACE = re.compile(r"\s")


class Day(click.ParamType[date]):
    """A day, or the month or year whose first (or `last`) day is meant."""

    name = "YYYY[-MM[-DD]]"

    def __init__(self, last: bool) -> None:
        self._last = last

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            stated = stated_date(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if stated is None:
            self.fail("is empty; write a year, a month or a day", param, ctx)
        return stated.last if self._last else stated.first


@click.command(epilog='Example: xietong search "首钢 曹妃甸" --from 2015 --to 2020')
@click.argument("terms", nargs=-1, required=True)
@click.option("--from", "since", type=Day(last=False), help="Only documents of this day or later.")
@click.option("--to", "until", type=Day(last=True), help="Only documents of this day or earlier; a year counts whole.")
@click.option("--portal", metavar="ID", help="Only documents that stand on this portal.")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many to show.")
@data_option
@json_option
def search(
    terms: tuple[str, ...],
    since: date | None,
    until: date | None,
    portal: str | None,
    limit: int,
    data: Path,
    as_json: bool,
) -> None:
    """Find published documents that hold every term, best first, with the words around each find.

    The first search after documents came in indexes them, into search.duckdb beside the warehouse.
    """
    found = find(data / WAREHOUSE_FILE, " ".join(terms), Bounds(since, until, portal), limit, _told)
    if as_json:
        click.echo(json_text(asdict(found)))
        return
    out = console()
    for number, hit in enumerate(found.hits, 1):
        out.print(_headline(number, hit))
        for snippet in hit.snippets:
            out.print(Text("   …") + _marked(snippet) + Text("…"))
    shown = f", the first {len(found.hits)} shown" if found.documents > len(found.hits) else ""
    click.echo(f"{found.documents} documents{shown}", err=True)


def _told(missing: int) -> None:
    click.echo(f"indexing {missing} documents that were not searched before …", err=True)


def _headline(number: int, hit: Hit) -> Text:
    mark = "policy" if hit.policy else ""
    about = "  ".join(filter(None, (str(hit.published_on or "undated"), hit.publisher or "", mark, hit.doc_id)))
    line = Text(f"{number}. ") + Text(one_line(hit.title) or "(no title)", style="bold")
    line.append(f"\n   {one_line(about)}  {one_line(hit.url or '')}".rstrip(), style="dim")
    return line


def _marked(snippet: Snippet) -> Text:
    """A snippet in one line with the terms in bold colour, and in 【】 where there is no terminal."""
    shown = Text()
    plain = not console().is_terminal
    at = 0
    for start, end in sorted(snippet.marks):
        if start < at:
            continue
        words = _line(snippet.text[start:end])
        shown.append(_line(snippet.text[at:start]))
        shown.append(f"【{words}】" if plain else words, style="bold yellow")
        at = end
    return shown.append(_line(snippet.text[at:]))


def _line(text: str) -> str:
    return visible(_SPACE.sub(" ", text))
