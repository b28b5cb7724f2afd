"""One document, explained: what was named, what was turned down, which rule fired, which words gave which pair."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.table import Table
from rich.text import Text

from config import Region
from extract.extractor import Extractor
from extract.model import Context, Extraction
from flows.rows import pair_row
from flows.terminal import console

SHOWN = 4_000
"""Characters of the text printed around the first finding; `--json` has every span of the whole."""


def explanation_row(region: Region, key: str, text: str, context: Context) -> dict[str, Any]:
    """Everything the extractor found in a document, for machines."""
    found = Extractor(region).extract(text, context)
    return {
        "id": key,
        "title": context.title,
        "url": context.url,
        "publisher": context.publisher,
        "date": context.day.isoformat() if context.day else None,
        "rules_version": region.rules_version,
        "policy": found.tag.policy,
        "industrial": found.tag.industrial,
        "level": found.tag.level,
        "score": found.tag.score,
        "matched": [asdict(match) for match in found.tag.matched],
        "places": [asdict(mention) for mention in found.places.mentions],
        "vetoes": [asdict(veto) for veto in found.places.vetoes],
        "pairs": [{**pair_row(pair), "rule": pair.rule} for pair in found.pairs],
        "text": text,
    }


def show_explanation(region: Region, key: str, text: str, context: Context) -> None:
    """The same for a person: the passage in colour, then pairs, rules, places and vetoes as tables."""
    found = Extractor(region).extract(text, context)
    names = {unit.code: unit.name for unit in region.units}
    out = console()
    out.print(Text(context.title or key, style="bold"))
    out.print(Text(f"{context.url}  {context.day or 'undated'}  rules {region.rules_version}", style="dim"))
    verdict = "collaboration policy" if found.tag.policy else "no collaboration policy"
    industrial = ", industrial" if found.tag.industrial else ""
    out.print(
        Text(
            f"{verdict}{industrial}; level {found.tag.level}; score {found.tag.score:.2f}",
            style="bold green" if found.tag.policy else "yellow",
        )
    )
    out.print(coloured(text, found))
    pairs = _table("pair", "type", "status", "year", "rule", "words")
    for pair in found.pairs:
        arrow = {"a>b": " → ", "b>a": " ← ", None: " — "}[pair.direction]
        who = f"{names.get(pair.a, pair.a)}{arrow}{names.get(pair.b, pair.b)}"
        pairs.add_row(
            *map(Text, (who, " ".join(pair.types), pair.status, str(pair.year or ""), pair.rule, pair.evidence.text))
        )
    rules = _table("rule", "words")
    for match in found.tag.matched:
        rules.add_row(Text(match.rule), Text(match.text))
    places = _table("at", "words", "unit", "why")
    for mention in found.places.mentions:
        unit = f"{names.get(mention.code, '')} {mention.code}"
        places.add_row(*map(Text, (f"{mention.start}–{mention.end}", mention.text, unit, mention.reason)))
    for veto in found.places.vetoes:
        places.add_row(
            *(Text(cell, style="red") for cell in (f"{veto.start}–{veto.end}", veto.text, "turned down", veto.reason))
        )
    for title, table in (("Pairs", pairs), ("Rules", rules), ("Places", places)):
        if table.row_count:
            out.print(Text(title, style="bold"))
            out.print(table)


def coloured(text: str, found: Extraction) -> Text:
    """The text with units in cyan, vetoed stretches struck out in red, and pair evidence underlined."""
    shown = Text(text)
    for mention in found.places.mentions:
        shown.stylize("cyan", mention.start, mention.end)
    for veto in found.places.vetoes:
        shown.stylize("red strike", veto.start, veto.end)
    for pair in found.pairs:
        shown.stylize("underline", pair.evidence.start, pair.evidence.end)
    first = min((pair.evidence.start for pair in found.pairs), default=0)
    begin = max(0, first - SHOWN // 4)
    return shown[begin : begin + SHOWN]


def _table(*columns: str) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
