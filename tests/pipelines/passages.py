"""Documents of our own to re-extract: the labelled passages, the sample portals' articles, and long texts of both."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from tests.pipelines.made_up import write_rows
from tests.sample_portals.web import sites

GOLD = Path(__file__).resolve().parents[1] / "gold"
_JOINTS = ("。", "\n", "！\n", "! ", "。\n", "\n\n", "；", "”。")
_SEED = 7


def documents() -> list[dict[str, str]]:
    """Rows of an import file; the same on every call."""
    rows = [json.loads(line) for path in sorted(GOLD.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    made = [{name: row[name] or "" for name in ("publisher", "title", "date", "url", "text")} for row in rows]
    for site in sites():
        for article in site.articles:
            text = "\n".join(line for block in article.body for line in (block.text, *block.items) if line)
            day = str(article.published or "")
            if text:
                made.append({"publisher": site.unit, "title": article.title, "date": day, "url": "", "text": text})
    chance = Random(_SEED)
    texts = [row["text"] for row in made]
    for _ in range(len(texts) // 2):
        parts = chance.sample(texts, chance.randint(2, 7))
        text = "".join(part.rstrip("。") + chance.choice(_JOINTS) for part in parts)
        made.append({**chance.choice(made), "text": text})
    return [{"id": str(number), **row} for number, row in enumerate(made)]


def imported(folder: Path, rows: list[dict[str, str]]) -> Path:
    """The rows as an import file."""
    return write_rows(folder / "passages.jsonl", [dict(row) for row in rows])
