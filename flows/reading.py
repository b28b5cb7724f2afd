"""The commands that read without a warehouse: extract, links, evaluate."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import click

from config import Region, load_region
from extract.extractor import Extractor
from extract.listing import read_listing
from extract.model import Context, Extraction, Listing, Page
from extract.page import read_page
from flows import rows
from flows.options import json_option, region_option, workers_option
from pipelines.evaluation import evaluate as score_against_gold
from pipelines.evaluation import fired, fired_table

BATCH = 64
"""Rows handed to a worker at once: enough to hide the cost of handing over, few enough to share fairly."""

Numbered = tuple[int, dict[str, Any] | rows.RowError]

NO_LISTING = Listing("other", "", (), ())

_extractor: Extractor | None = None


def _batches(source: Path) -> Iterator[tuple[Numbered, ...]]:
    numbered = rows.read_rows(source)
    while batch := tuple(islice(numbered, BATCH)):
        yield batch


def _prepare(region_folder: Path) -> None:
    global _extractor
    _extractor = Extractor(load_region(region_folder))


def _extract_rows(folder: Path, batch: tuple[Numbered, ...]) -> list[dict[str, Any]]:
    assert _extractor is not None
    return [_extract_row(_extractor, folder, number, row)[0] for number, row in batch]


def _extract_row(
    extractor: Extractor, folder: Path, number: int, row: dict[str, Any] | rows.RowError
) -> tuple[dict[str, Any], Extraction | None]:
    """The output row, and what was extracted for it; nothing for a row that cannot be read."""
    if isinstance(row, rows.RowError):
        return rows.failed_row(None, str(row)), None
    key = row.get("id")
    day, doubt = None, None
    try:
        day = rows.day_of(row)
    except rows.RowError as error:
        doubt = f"{error}; read as undated"
    try:
        page: Page | None = None
        if row.get("html_file"):
            page = read_page(rows.bytes_of(row, folder), str(row.get("url") or ""))
            text = page.body
        elif isinstance(row.get("text"), str):
            text = row["text"]
        else:
            raise rows.RowError(f"line {number}: neither text nor html_file; give one of them")
    except rows.RowError as error:
        return rows.failed_row(key, str(error)), None
    title = str(row["title"]) if row.get("title") else None
    dated = (page.published or page.written) if page else None
    day = day or (dated.day if dated else None)
    publisher = str(row.get("publisher") or "")
    context = Context(
        title=(page.title if page else "") or title or "",
        url=str(row.get("url") or ""),
        publisher=extractor.gazetteer.resolve_publisher(publisher, day) if publisher else None,
        publisher_name=publisher,
        day=day,
    )
    found = extractor.extract(text, context)
    return {**rows.extraction_row(key, title, day, page, found), "error": doubt}, found


@click.command(epilog="Example: xietong extract passages.jsonl extracted.jsonl")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="IN.jsonl")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), required=False, metavar="[OUT.jsonl]")
@region_option
@workers_option
@click.pass_context
def extract(
    context: click.Context, source: Path, target: Path | None, region_folder: Path | None, workers: int | None
) -> None:
    """Run the extractor alone: policies, places, pairs and evidence of texts or HTML files.

    A row has id and text or html_file; optional url, publisher, title, date (YYYY-MM-DD). Rows that cannot be read are
    written with their error (a row whose date cannot be read is read as undated), and the command then ends with 1.
    """
    region = load_region(region_folder)
    batches = _batches(source)
    failed = 0
    with rows.writing(target) as out:
        first, second = next(batches, ()), next(batches, ())
        if not second:
            _prepare(region.folder)
            made = iter([_extract_rows(source.parent, first)])
            pool = None
        else:
            pool = ProcessPoolExecutor(workers, initializer=_prepare, initargs=(region.folder,))
            made = pool.map(partial(_extract_rows, source.parent), (first, second, *batches))
        for done in made:
            for row in done:
                failed += row["error"] is not None
                rows.write_row(out, row)
        if pool:
            pool.shutdown()
    if failed:
        click.echo(f"xietong: {failed} rows of {source} could not be read in full; their `error` says why", err=True)
        context.exit(1)


@click.command(epilog="Example: xietong links lists.jsonl rows.jsonl")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="IN.jsonl")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), required=False, metavar="[OUT.jsonl]")
@click.pass_context
def links(context: click.Context, source: Path, target: Path | None) -> None:
    """Run the list reader alone: the rows of a list page in order, and where its next pages are.

    A row has id, html_file and url.
    """
    failed = 0
    with rows.writing(target) as out:
        for _number, row in rows.read_rows(source):
            try:
                if isinstance(row, rows.RowError):
                    raise row
                if not row.get("html_file"):
                    raise rows.RowError(f"line {_number}: html_file is missing")
                listing = read_listing(rows.bytes_of(row, source.parent), str(row.get("url") or ""))
            except rows.RowError as error:
                failed += 1
                key = row.get("id") if isinstance(row, dict) else None
                rows.write_row(out, {**rows.listing_row(key, NO_LISTING), "error": str(error)})
                continue
            rows.write_row(out, rows.listing_row(row.get("id"), listing))
    if failed:
        click.echo(f"xietong: {failed} rows of {source} could not be read; their `error` says why", err=True)
        context.exit(1)


@click.command(
    epilog="Example: xietong evaluate gold.jsonl --at-least named=0.70, or: xietong evaluate gold.jsonl --rules"
)
@click.argument("gold", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="GOLD.jsonl")
@click.option(
    "--predicted",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Rows that `xietong extract` wrote; without it the gold texts are extracted now.",
)
@click.option(
    "--rules",
    "by_rule",
    is_flag=True,
    help="Instead of the figures: what each rule gave, how much of it is right, and an example.",
)
@click.option("--at-least", "floors", multiple=True, metavar="MEASURE=F1", help="Fail when a measure's F1 is lower.")
@region_option
@json_option
def evaluate(
    gold: Path,
    predicted: Path | None,
    by_rule: bool,
    floors: tuple[str, ...],
    region_folder: Path | None,
    as_json: bool,
) -> None:
    """Precision, recall and F1 of the extractor on a gold set."""
    if by_rule and predicted:
        raise click.UsageError(
            "--rules needs the gold texts extracted now: rows of `xietong extract` do not name the rule of a pair;"
            " leave out --predicted"
        )
    region = load_region(region_folder)
    labelled = _labelled(gold)
    found = _labelled(predicted) if predicted else _extract_gold(region, gold, labelled)
    scores = score_against_gold(region, labelled, found)
    if by_rule:
        told = fired(region, labelled, found)
        click.echo(json.dumps([one.as_dict() for one in told], ensure_ascii=False) if as_json else fired_table(told))
    elif as_json:
        click.echo(json.dumps(scores.as_dict(), ensure_ascii=False))
    else:
        click.echo(scores.as_table())
    for floor in floors:
        name, _, value = floor.partition("=")
        try:
            reached, wanted = scores.f1(name), float(value)
        except (KeyError, ValueError):
            raise click.UsageError(
                f"--at-least {floor}: write MEASURE=F1 with one of {', '.join(scores.measures)}"
            ) from None
        if reached < wanted:
            raise click.ClickException(
                f"{name} F1 {reached:.4f} is below {wanted}; see what changed since it was pinned"
            )


def _labelled(path: Path) -> dict[str, dict[str, Any]]:
    labelled: dict[str, dict[str, Any]] = {}
    for _number, row in rows.read_rows(path):
        if isinstance(row, rows.RowError):
            raise click.ClickException(str(row))
        labelled[str(row.get("id"))] = row
    return labelled


def _extract_gold(region: Region, path: Path, labelled: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The rows that `extract` would write, each pair with the rule that gave it."""
    extractor = Extractor(region)
    made: dict[str, dict[str, Any]] = {}
    for number, (key, row) in enumerate(labelled.items(), 1):
        shown, found = _extract_row(extractor, path.parent, number, row)
        pairs = found.pairs if found else ()
        made[key] = {**shown, "pairs": [{**rows.pair_row(pair), "rule": pair.rule} for pair in pairs]}
    return made
