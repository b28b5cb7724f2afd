"""Rows of JSON in and out of the reading commands: same order, same ids, nothing lost."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import click

from extract.model import Extraction, Listing, Page, Pair
from extract.senses import NO_PLACE_NAME
from extract.stated import stated_date


class RowError(ValueError):
    """A row that cannot be read, told in one line."""


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | RowError]]:
    """The rows of a JSON-lines file with their line numbers; a bad line is yielded as the error it is."""
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                yield number, RowError(f"{path}:{number}: not JSON ({error}); write one object a line")
                continue
            if not isinstance(row, dict):
                yield number, RowError(f"{path}:{number}: expected an object, found {type(row).__name__}")
                continue
            yield number, row


@contextmanager
def writing(path: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that appears whole or not at all."""
    if path is None or str(path) == "-":
        yield sys.stdout
        return
    unfinished = path.with_name(path.name + ".part")
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as out:
            yield out
        unfinished.replace(path)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}; choose a folder you can write to") from error
    finally:
        unfinished.unlink(missing_ok=True)


def write_row(out: TextIO, row: dict[str, Any]) -> None:
    """One object a line, Chinese as it stands."""
    out.write(json.dumps(row, ensure_ascii=False) + "\n")


def day_of(row: dict[str, Any]) -> date | None:
    """The day of the row's `date` (the first of a month or year alone); an unreadable one is a `RowError`."""
    try:
        stated = stated_date(str(row.get("date") or ""))
    except ValueError as error:
        raise RowError(str(error)) from None
    return stated.first if stated else None


def bytes_of(row: dict[str, Any], folder: Path) -> bytes:
    """The bytes of the row's `html_file`, sought beside the rows' own file, then in the working folder."""
    name = Path(str(row["html_file"]))
    for candidate in (folder / name, name):
        try:
            return candidate.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise RowError(f"html_file {candidate}: {error.strerror}") from None
    raise RowError(f"html_file {name}: not found beside the input nor in the working folder")


def pair_row(pair: Pair) -> dict[str, Any]:
    """A pair as the contract spells it."""
    return {
        "a": pair.a,
        "b": pair.b,
        "types": list(pair.types),
        "domains": list(pair.domains),
        "status": pair.status,
        "direction": pair.direction,
        "via": pair.via,
        "year": pair.year,
        "evidence": asdict(pair.evidence),
    }


def extraction_row(
    key: object, title: str | None, day: date | None, page: Page | None, found: Extraction
) -> dict[str, Any]:
    """One output row of `xietong extract`."""
    published = page.published.day if page and page.published else day
    return {
        "id": key,
        "title": page.title if page and page.title else title,
        "published": published.isoformat() if published else None,
        "written": page.written.day.isoformat() if page and page.written else None,
        "source": page.source if page else None,
        "doc_number": page.doc_number if page else None,
        "issuers": list(page.issuers) if page else [],
        "body": page.body if page else None,
        "policy": found.tag.policy,
        "industrial": found.tag.industrial,
        "level": found.tag.level,
        "types": list(found.tag.types),
        "domains": list(found.tag.domains),
        "places": [
            {"start": mention.start, "end": mention.end, "text": mention.text, "code": mention.code}
            for mention in found.places.mentions
            if mention.kind != "self" and mention.reason != NO_PLACE_NAME
        ],
        "pairs": [pair_row(pair) for pair in found.pairs],
        "matched": [asdict(match) for match in found.tag.matched],
        "error": None,
    }


def failed_row(key: object, message: str) -> dict[str, Any]:
    """The output row of an input row that could not be read: present, empty, and saying why."""
    return {
        "id": key,
        **dict.fromkeys(("title", "published", "written", "source", "doc_number", "body")),
        "issuers": [],
        "policy": False,
        "industrial": False,
        "level": "none",
        **{name: [] for name in ("types", "domains", "places", "pairs", "matched")},
        "error": message,
    }


def listing_row(key: object, listing: Listing) -> dict[str, Any]:
    """One output row of `xietong links`."""
    return {
        "id": key,
        "kind": listing.kind,
        "dialect": listing.dialect,
        "items": [
            {"url": item.url, "title": item.title, "date": item.day.isoformat() if item.day else None}
            for item in listing.items
        ],
        "next": list(listing.next),
        "error": None,
    }
