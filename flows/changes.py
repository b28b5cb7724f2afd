"""The difference of two states as a researcher reads it: on the terminal, as JSON, or as a page of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.rows import writing
from flows.terminal import console
from warehouse.causes import Cause
from warehouse.changes_report import difference_page, story_page
from warehouse.comparison import (
    CellChange,
    Changes,
    Compared,
    Difference,
    PairChange,
    PairStory,
    Statement,
    Tagged,
)

_SHOWN = 20
_STATEMENTS_SHOWN = 3
_CHANGES_OF_RULES_SHOWN = 30
_NAMES_OF_GRAINS = {"named": "as named", "city13": "between cities"}


def show_difference(difference: Difference, as_json: bool, html: Path | None) -> None:
    """Print a difference; `html` also gets it as a page."""
    if html is not None:
        _write(html, difference_page(difference))
    if as_json:
        click.echo(json.dumps(difference_json(difference), ensure_ascii=False, default=str))
        return
    out = console()
    _headline(out, difference)
    if html is not None:
        out.print(Text(f"page: {html}"))


def show_story(story: PairStory, as_json: bool, html: Path | None) -> None:
    """Print what became of one pair; `html` also gets it as a page."""
    if html is not None:
        _write(html, story_page(story))
    if as_json:
        click.echo(json.dumps(asdict(story), ensure_ascii=False, default=str))
        return
    out = console()
    out.print(Text(f"{story.name_a} — {story.name_b}", style="bold"))
    out.print(Text(f"{told_state(story.before)}  →  {told_state(story.after)}", style="dim"))
    for grain, was, now in story.grains:
        out.print(Text(f"{_NAMES_OF_GRAINS[grain]}: {told_standing(was, now)}"))
    _statements(out, "Statements that appeared", story.appeared, "+", _SHOWN)
    _statements(out, "Statements that vanished", story.vanished, "-", _SHOWN)
    _statements(out, "Statements in both", story.stayed, " ", _STATEMENTS_SHOWN)
    if html is not None:
        out.print(Text(f"page: {html}"))


def told_state(state: Compared) -> str:
    """A state in one breath."""
    if not state.rules_version:
        return "nothing published"
    name = f"state {state.number}" if state.number is not None else "state"
    day = f", {state.published_at:%Y-%m-%d %H:%M}" if state.published_at else ""
    return f"{name} (rules {state.rules_version}{day})"


def told_standing(was: int, now: int) -> str:
    """How a pair stands by its numbers of documents in both states."""
    if not was and not now:
        return "no pair in either state"
    if not was:
        return f"appeared, with {now} documents"
    if not now:
        return f"vanished; it had {was} documents"
    return f"in both, {was} → {now} documents"


def difference_json(difference: Difference) -> dict[str, Any]:
    """A difference for machines: counts, changes of the rules, then everything that appeared and vanished."""
    before, after = asdict(difference.before), asdict(difference.after)
    return {
        "before": before,
        "after": after,
        "same": difference.nothing,
        "refused": list(difference.refused),
        "rules": {
            "files": list(difference.rules.files),
            "terms": [asdict(one) for one in difference.rules.terms],
            "entries": [asdict(one) for one in difference.rules.entries],
            "rows": [asdict(one) for one in difference.rules.rows],
        },
        "counts": {
            name: {"before": was, "after": now, "appeared": came, "vanished": went}
            for name, was, now, came, went in _counts(difference)
        },
        "appeared": asdict(difference.appeared),
        "vanished": asdict(difference.vanished),
    }


def _counts(difference: Difference) -> list[tuple[str, int, int, int, int]]:
    before, after = difference.before, difference.after
    came, went = difference.appeared, difference.vanished
    return [
        ("documents", before.documents, after.documents, came.documents, went.documents),
        ("policies", before.policies, after.policies, len(came.policies), len(went.policies)),
        ("statements", before.statements, after.statements, came.statements, went.statements),
        ("pairs", before.pairs, after.pairs, _named(came), _named(went)),
        ("cells_city", before.cells_city, after.cells_city, _cells(came, "city"), _cells(went, "city")),
        ("cells_county", before.cells_county, after.cells_county, _cells(came, "county"), _cells(went, "county")),
    ]


def _named(changes: Changes) -> int:
    return sum(pair.grain == "named" for pair in changes.pairs)


def _cells(changes: Changes, matrix: str) -> int:
    return sum(cell.matrix == matrix for cell in changes.cells)


def _write(path: Path, page: str) -> None:
    with writing(path) as out:
        out.write(page)


def _headline(out: Console, difference: Difference) -> None:
    out.print(Text(f"{told_state(difference.before)}  →  {told_after(difference)}", style="bold"))
    table = Table("", "before", "after", "appeared", "vanished", show_edge=False)
    for name, was, now, came, went in _counts(difference):
        signs = (f"+{came:,}" if came else "", f"-{went:,}" if went else "")
        table.add_row(name.replace("_", " "), f"{was:,}", f"{now:,}", *signs)
    out.print(table)
    for reason in difference.refused:
        out.print(Text(f"publishing would be refused: {reason}", style="bold red"))
    edits = difference.rules.told()
    if edits:
        out.print(Text("Changes of the rules", style="bold"))
        for told in edits[:_CHANGES_OF_RULES_SHOWN]:
            out.print(Text(f"  {told}"))
        _rest(out, len(edits) - _CHANGES_OF_RULES_SHOWN)
    if difference.nothing:
        out.print(Text("The results are the same.", style="green"))
        return
    _changes(out, difference.appeared, came=True)
    _changes(out, difference.vanished, came=False)


def _changes(out: Console, changes: Changes, came: bool) -> None:
    mark, style = ("+", "green") if came else ("-", "red")
    _tagged(out, "Newly tagged" if came else "No longer tagged", changes.policies, mark, style)
    for grain, name in _NAMES_OF_GRAINS.items():
        pairs = [pair for pair in changes.pairs if pair.grain == grain]
        _pairs(out, f"Pairs {name} that {'appeared' if came else 'vanished'}", pairs, mark, style)
    title = f"Statements that {'appeared' if came else 'vanished'} of pairs that stay"
    _statements(out, title, changes.elsewhere, mark, _SHOWN)
    for matrix in ("city", "county"):
        cells = [cell for cell in changes.cells if cell.matrix == matrix]
        _cell_changes(out, f"Cells of the {matrix} matrix now {int(came)}", cells, mark, style)


def told_after(difference: Difference) -> str:
    """The second state, which for a preview is not published yet."""
    if difference.preview:
        return f"preview (rules {difference.after.rules_version}); nothing is published"
    return told_state(difference.after)


def _tagged(out: Console, title: str, found: Sequence[Tagged], mark: str, style: str) -> None:
    _title(out, title, found)
    for one in found[:_SHOWN]:
        industrial = ", industrial" if one.industrial else ""
        out.print(Text(f"{mark} {one.title}", style=style), Text(f"{one.day or 'undated'} {one.level}{industrial}"))
        out.print(Text(f"    {one.url or one.doc_id}", style="dim"))
        for rule, words in one.matched[:_STATEMENTS_SHOWN]:
            out.print(Text(f"    {rule}: “{words}”"))
        _causes(out, one.causes)
    _rest(out, len(found) - _SHOWN)


def _pairs(out: Console, title: str, found: Sequence[PairChange], mark: str, style: str) -> None:
    _title(out, title, found)
    for one in found[:_SHOWN]:
        years = "undated" if one.first_year is None else f"{one.first_year}–{one.last_year}"
        told = f"{one.documents} documents, {years}"
        out.print(Text(f"{mark} {one.name_a} — {one.name_b}", style=style), Text(told))
        for statement in one.statements[:_STATEMENTS_SHOWN]:
            _statement(out, statement)
    _rest(out, len(found) - _SHOWN)


def _cell_changes(out: Console, title: str, found: Sequence[CellChange], mark: str, style: str) -> None:
    _title(out, title, found)
    for one in found[:_SHOWN]:
        out.print(Text(f"{mark} {one.name} {one.period}", style=style), Text(f"{one.documents} documents"))
        for document in one.made_by[:_STATEMENTS_SHOWN]:
            out.print(Text(f"    {document.day or 'undated'} {document.title}"))
            _causes(out, document.causes)
            for statement in document.statements[:1]:
                _statement(out, statement)
    _rest(out, len(found) - _SHOWN)


def _statements(out: Console, title: str, found: Sequence[Statement], mark: str, most: int) -> None:
    _title(out, title, found)
    for one in found[:most]:
        _statement(out, one, mark)
    _rest(out, len(found) - most)


def _statement(out: Console, one: Statement, mark: str = " ") -> None:
    out.print(Text(f"  {mark} {one.name_a} — {one.name_b}: “{one.quote}”"))
    where = f"{one.title} · {one.url or one.doc_id}"
    out.print(Text(f"    rule {one.rule} · {one.year or 'undated'} · {where}", style="dim"))
    _causes(out, one.causes)


def _causes(out: Console, causes: Iterable[Cause]) -> None:
    for cause in causes:
        out.print(Text(f"    because: {cause.told}", style="yellow"))


def _title(out: Console, title: str, found: Sequence[object]) -> None:
    if found:
        out.print()
        out.print(Text(f"{title}: {len(found)}", style="bold"))


def _rest(out: Console, left: int) -> None:
    if left > 0:
        out.print(Text(f"  … and {left} more; --json or --html FILE show all", style="dim"))
