"""A benchmark's result as one value that is printed, written as Markdown and written as JSON alike."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

Cell = str | int | float | None

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Measured:
    """A table of figures: text, counts (`int`), figures (`float`), and None where there is nothing to measure.

    `skipped` says why there are no rows, and what would give them.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()
    notes: tuple[str, ...] = ()
    skipped: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.title}: {len(row)} cells for {len(self.columns)} columns in {row!r}")
        if bool(self.rows) == bool(self.skipped):
            raise ValueError(f"{self.title}: give rows, or say why there are none")

    def as_rich(self) -> Group:
        """The table for a terminal; without rows the reason stands under the title."""
        told = [Text(note) for note in self.notes]
        if not self.rows:
            return Group(Text(self.title, style="italic"), Text(f"Skipped: {self.skipped}"), *told)
        table = Table(title=escape(self.title), title_justify="left", show_edge=False)
        for at, column in enumerate(self.columns):
            table.add_column(escape(column), justify="right" if self._numeric(at) else "left")
        for row in self.rows:
            table.add_row(*(escape(shown(cell)) for cell in row))
        return Group(table, *told)

    def as_markdown(self) -> str:
        """The table as GitHub writes it, under a heading of its own."""
        lines = [f"## {self.title}", ""]
        if self.rows:
            lines += [_markdown_row(self.columns)]
            lines += [_markdown_row("---:" if self._numeric(at) else "---" for at in range(len(self.columns)))]
            lines += [_markdown_row(map(shown, row)) for row in self.rows]
        else:
            lines += [f"Skipped: {self.skipped}"]
        return "\n".join([*lines, *(f"\n{note}" for note in self.notes)]) + "\n"

    def as_json(self) -> dict[str, Any]:
        """The table with a mapping a row, figures unrounded."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {"title": self.title, "rows": rows, "notes": list(self.notes), "skipped": self.skipped or None}

    def _numeric(self, at: int) -> bool:
        return any(isinstance(row[at], int | float) for row in self.rows)


def shown(cell: Cell) -> str:
    """A cell for a reader: counts with separators, figures with three decimals, a dash for nothing."""
    if cell is None:
        return NOTHING
    if isinstance(cell, float):
        return f"{cell:.3f}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def write(tables: Sequence[Measured], folder: Path) -> tuple[Path, Path]:
    """Write `benchmarks.md` and `benchmarks.json` into `folder`, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    markdown, machine = folder / "benchmarks.md", folder / "benchmarks.json"
    markdown.write_text("\n".join(table.as_markdown() for table in tables), encoding="utf-8")
    told = json.dumps([table.as_json() for table in tables], ensure_ascii=False, indent=1)
    machine.write_text(told + "\n", encoding="utf-8")
    return markdown, machine


def _markdown_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
