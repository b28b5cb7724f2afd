"""The sample web as data: portals, their columns and their articles, read from the YAML files of `portals/`.

It exists so that what the pages *say* (written by hand, with the truth beside it) is kept apart from how a CMS family
dresses it (`families/`): the same article can stand on several portals, each time in another markup.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

PORTALS = Path(__file__).parent / "portals"


@dataclass(frozen=True)
class Block:
    """A block of an article's body: `p`, `h` (a bold line), `sign` (signature, set right), `list` or `table`."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Article:
    """A text at one place. `same_as` names the article whose title and body it repeats (a repost).

    `url_date` is the day the URL shows where that is not the day of publication (a migrated page); `published` is None
    where the page shows no day of publication at all. `state` is `error` for a link that answers 200 with an error page
    and `hidden` for a page that robots.txt forbids.
    """

    id: str
    number: int
    column: str
    title: str
    body: tuple[Block, ...]
    published: date | None
    time: str
    written: date | None
    doc_number: str
    issuers: tuple[str, ...]
    source: str
    url_date: date | None
    same_as: str
    state: str

    @property
    def day(self) -> date:
        """The day a list sorts it by and a URL is made of."""
        day = self.url_date or self.published or self.written
        assert day is not None, self.id
        return day

    @property
    def hexadecimal(self) -> str:
        """32 hexadecimal digits as several CMS families put them into URLs."""
        return hashlib.md5(self.id.encode(), usedforsecurity=False).hexdigest()

    @property
    def uuid(self) -> str:
        """The random-looking identifier of the UUID family."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, self.id))

    @property
    def plain(self) -> str:
        """The body's words, one block a line."""
        lines: list[str] = []
        for block in self.body:
            lines += [" ".join(row) for row in block.rows] or list(block.items) or [block.text]
        return "\n".join(lines)


@dataclass(frozen=True)
class Column:
    """A list of articles on a portal; `kind` as in `columns.csv`, empty for one that is reached by links only."""

    id: str
    name: str
    kind: str
    path: str
    per_page: int = 20
    style: str = ""
    paging: str = ""


@dataclass(frozen=True)
class Site:
    """A portal: who speaks on it, its host, its CMS family, its columns and articles."""

    portal_id: str
    unit_code: str
    unit: str
    level: str
    name: str
    host: str
    other_hosts: tuple[str, ...]
    dialect: str
    family: str
    site_code: str
    email: str
    note: str
    columns: tuple[Column, ...]
    articles: tuple[Article, ...]

    @cached_property
    def by_column(self) -> Mapping[str, tuple[Article, ...]]:
        """Articles of each column, newest first as every list shows them."""
        return {
            column.id: tuple(
                sorted(
                    (item for item in self.articles if item.column == column.id),
                    key=lambda item: (item.day, item.number),
                    reverse=True,
                )
            )
            for column in self.columns
        }

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.id == name)


def read_blocks(text: str) -> tuple[Block, ...]:
    """The body's shorthand: `## ` bold line, `> ` signature, `- ` list item, `| ` table row, else a paragraph."""
    blocks: list[Block] = []
    for line in filter(None, (raw.strip() for raw in text.splitlines())):
        if line.startswith("|"):
            row = tuple(cell.strip() for cell in line.strip("|").split("|"))
            if blocks and blocks[-1].kind == "table":
                blocks[-1] = replace(blocks[-1], rows=(*blocks[-1].rows, row))
            else:
                blocks.append(Block("table", rows=(row,)))
        elif line.startswith("- "):
            if blocks and blocks[-1].kind == "list":
                blocks[-1] = replace(blocks[-1], items=(*blocks[-1].items, line[2:]))
            else:
                blocks.append(Block("list", items=(line[2:],)))
        elif line.startswith("## "):
            blocks.append(Block("h", line[3:]))
        elif line.startswith("> "):
            blocks.append(Block("sign", line[2:]))
        else:
            blocks.append(Block("p", line))
    return tuple(blocks)


@cache
def sites() -> tuple[Site, ...]:
    """Every portal of the sample web, in the order of the file names."""
    raw = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(PORTALS.glob("*.yaml"))]
    texts: dict[str, dict[str, Any]] = {row["id"]: row for site in raw for row in site["articles"]}
    return tuple(_site(site, texts) for site in raw)


def _site(raw: dict[str, Any], texts: Mapping[str, dict[str, Any]]) -> Site:
    return Site(
        portal_id=raw["portal_id"],
        unit_code=raw.get("unit_code", ""),
        unit=raw["unit"],
        level=raw["level"],
        name=raw["name"],
        host=raw["host"],
        other_hosts=tuple(raw.get("other_hosts", ())),
        dialect=raw["dialect"],
        family=raw["family"],
        site_code=raw["site_code"],
        email=raw["email"],
        note=raw.get("note", ""),
        columns=tuple(Column(**column) for column in raw["columns"]),
        articles=tuple(_article(row, texts, raw["first_number"]) for row in raw["articles"]),
    )


def _article(row: dict[str, Any], texts: Mapping[str, dict[str, Any]], first: int) -> Article:
    words = texts[row["same_as"]] if "same_as" in row else row
    return Article(
        id=row["id"],
        number=first + 37 * int(row["id"].rsplit("-", 1)[1]),
        column=row["column"],
        title=words["title"],
        body=read_blocks(words.get("body", "")),
        published=row.get("published"),
        time=row.get("time", "09:30"),
        written=row.get("written", words.get("written")),
        doc_number=row.get("doc_number", words.get("doc_number", "")),
        issuers=tuple(row.get("issuers", words.get("issuers", ()))),
        source=row.get("source", ""),
        url_date=row.get("url_date"),
        same_as=row.get("same_as", ""),
        state=row.get("state", ""),
    )
