"""How a run ends for the person who started it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from pipelines.stages import Published


def show_published(published: Published, data: Path, as_json: bool) -> None:
    """Counts, findings, and where the results are."""
    report = data / "report" / "index.html"
    if as_json:
        click.echo(json.dumps({**asdict(published), "report": str(report)}, ensure_ascii=False, default=str))
        return
    click.echo(
        f"{published.portals} portals, {published.pages} pages, {published.documents} documents,"
        f" {published.policies} policies, {published.pairs} pairs"
    )
    for finding in published.findings:
        click.echo(f"finding: {finding}")
    click.echo(f"warehouse: {published.warehouse}")
    if report.exists():
        click.echo(f"report: {report}")
