"""`make bench`: how good the readers and the extractor are, and how fast, against named baselines in the same run.

Every figure is computed here and now, ours and theirs alike; what cannot be computed on this machine says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import click
from rich.console import Console

from tests import (
    benchmark_crawling,
    benchmark_extraction,
    benchmark_pages,
    benchmark_publishing,
    benchmark_readers,
    benchmark_reextraction,
    benchmark_speed,
)
from tests.benchmark_tables import Measured, write

WIDTH = 140

PARTS: Mapping[str, Callable[[], Measured]] = {
    "pages": benchmark_pages.measure,
    "extraction": benchmark_extraction.measure,
    "speed": benchmark_speed.measure,
    "readers": benchmark_readers.measure,
    "reextraction": benchmark_reextraction.measure,
    "publishing": benchmark_publishing.measure,
    "questions": benchmark_publishing.questions,
    "crawling": benchmark_crawling.measure,
}


@click.command(epilog="Example: python -m tests.benchmarks --out build/benchmarks")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Also write Markdown and JSON there.")
@click.option("--only", type=click.Choice(tuple(PARTS)), multiple=True, help="Only this table; may be repeated.")
def main(out: Path | None, only: tuple[str, ...]) -> None:
    """Measure quality and speed against baselines and print the tables."""
    console = Console(width=WIDTH)
    tables = []
    for name, measure in PARTS.items():
        if not only or name in only:
            tables.append(measure())
            console.print(tables[-1].as_rich())
            console.print()
    if out is not None:
        try:
            written = write(tables, out)
        except OSError as error:
            raise click.ClickException(f"{out}: {error.strerror}; choose a folder you can write to") from error
        console.print("written: " + ", ".join(map(str, written)))


if __name__ == "__main__":
    main()
