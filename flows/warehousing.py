"""The commands on stored data: import, reextract, publish, report, export, sql, explain."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from config import load_region
from flows.changes import show_difference
from flows.exclusive import exclusive
from flows.explanation import explanation_row, show_explanation
from flows.options import FORCE_HELP, data_option, html_option, json_option, region_option, workers_option
from flows.progress import StageProgress
from flows.summary import show_published
from pipelines import stages
from warehouse import exports
from warehouse.reading import WAREHOUSE_FILE, refuse_older
from warehouse.report import write_report


@click.command("import", epilog="Example: xietong import collection.jsonl.gz older.csv")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_option
@region_option
@json_option
@click.pass_context
def import_documents(
    context: click.Context, files: tuple[Path, ...], data: Path, region_folder: Path | None, as_json: bool
) -> None:
    """Take in documents collected elsewhere (JSON lines or CSV: id, url, publisher, title, date, text).

    They are extracted and published by the next `xietong reextract` or `xietong nightly`.
    """
    region = load_region(region_folder)
    with exclusive(data):
        imported = stages.import_documents(data, region, files)
    for problem in imported.problems:
        click.echo(f"xietong: {problem}", err=True)
    if as_json:
        click.echo(json.dumps(asdict(imported), ensure_ascii=False))
    else:
        counts = f"{imported.added} added, {imported.known} already there, {imported.rejected} rejected"
        click.echo(f"{imported.rows} rows: {counts}")
        click.echo(f"Next: xietong reextract --data {data}")
    if imported.rejected == imported.rows:
        context.exit(1)


@click.command(epilog="Example: xietong reextract --data data")
@click.option("--preview", is_flag=True, help="Show what would change; publish nothing.")
@click.option("--force", is_flag=True, help=FORCE_HELP)
@data_option
@region_option
@workers_option
@html_option
@json_option
def reextract(
    preview: bool,
    force: bool,
    data: Path,
    region_folder: Path | None,
    workers: int | None,
    html: Path | None,
    as_json: bool,
) -> None:
    """Read every stored document under the rules as they are now, then publish.

    With --preview nothing is published: documents, pairs and cells that would appear or vanish are shown with their
    evidence and the term or rule responsible.
    """
    if html is not None and not preview:
        raise click.UsageError("--html belongs to --preview; see `xietong report` and `xietong diff`")
    region = load_region(region_folder)
    with exclusive(data), StageProgress() as progress:
        stages.index_archive(data, region)
        stages.read_pages(data, region, workers, progress)
        stages.extract_documents(data, region, workers, progress)
        if preview:
            change = stages.preview(data, region)
        else:
            published = stages.publish(data, region, force=force)
            write_report(data / "warehouse.duckdb", data / "report")
    if preview:
        show_difference(change, as_json, html)
    else:
        show_published(published, data, as_json)


@click.command(epilog="Example: xietong publish --data data")
@click.option("--force", is_flag=True, help=FORCE_HELP)
@data_option
@region_option
@json_option
def publish(force: bool, data: Path, region_folder: Path | None, as_json: bool) -> None:
    """Build the warehouse from what is extracted, and put it in place in one step."""
    with exclusive(data):
        show_published(stages.publish(data, load_region(region_folder), force=force), data, as_json)


@click.command(epilog="Example: xietong report --data data")
@data_option
def report(data: Path) -> None:
    """Write the report on the published warehouse to report/index.html."""
    refuse_older(data / WAREHOUSE_FILE)
    click.echo(write_report(data / WAREHOUSE_FILE, data / "report"))


@click.command(epilog="Example: xietong export --data data --to paper/tables")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Folder [default: DATA/exports]."
)
@data_option
@json_option
def export(folder: Path | None, data: Path, as_json: bool) -> None:
    """Write every table of the warehouse as CSV, byte for byte the same for the same archive and rules."""
    refuse_older(data / WAREHOUSE_FILE)
    written = exports.export(data / "warehouse.duckdb", folder or data / "exports")
    if as_json:
        click.echo(json.dumps([str(path) for path in written], ensure_ascii=False))
    else:
        for path in written:
            click.echo(path)


@click.command(epilog="Example: xietong explain https://www.lf.gov.cn/Item/12345.aspx")
@click.argument("document", metavar="URL_OR_DOC_ID")
@data_option
@region_option
@json_option
def explain(document: str, data: Path, region_folder: Path | None, as_json: bool) -> None:
    """Why a document was tagged, and which words gave which pair."""
    region = load_region(region_folder)
    found = stages.document_for_explain(data, document)
    if found is None:
        raise click.ClickException(f"{document}: no stored document has this id or URL; see `xietong sql` on documents")
    text, context = found
    if as_json:
        click.echo(json.dumps(explanation_row(region, document, text, context), ensure_ascii=False))
    else:
        show_explanation(region, document, text, context)
