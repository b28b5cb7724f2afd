"""How well pages are read: ours against trafilatura, resiliparse and htmldate, by the scorer of the labelled pages.

Each contestant reads the same bytes with the same URL, in the way its documentation gives for articles. A field that a
contestant does not have is no failure of it: it shows a dash.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trafilatura
from htmldate import find_date

from extract.page import read_page
from tests.baseline_packages import NotInstalledError, load, named
from tests.benchmark_scorers import GOLD, labelled, lacking, score
from tests.benchmark_tables import Cell, Measured

TITLE = "Pages: share right of each field, and F1 of the body"
MEASURES = ("title", "published", "written", "source", "doc_number", "body F1")
SETS = {"True": "government", "False": "other"}
SCORER = "score_pages.py"
LABELLED = "dev_pages.jsonl"

Read = Callable[[bytes, str], Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader of pages: the measures it has a field for, and its making (may raise `NotInstalledError`)."""

    name: str
    measures: frozenset[str]
    make: Callable[[], Read]


def _ours() -> Read:
    def read(raw: bytes, url: str) -> Mapping[str, str | None]:
        page = read_page(raw, url)
        return {
            "title": page.title,
            "published": page.published.day.isoformat() if page.published else None,
            "written": page.written.day.isoformat() if page.written else None,
            "source": page.source,
            "doc_number": page.doc_number,
            "body": page.body,
        }

    return read


def _trafilatura() -> Read:
    def read(raw: bytes, url: str) -> Mapping[str, str | None]:
        found = trafilatura.bare_extraction(raw, url=url, with_metadata=True, include_comments=False)
        if found is None or isinstance(found, dict):
            return {}
        return {"title": found.title, "published": found.date, "body": found.text}

    return read


def _resiliparse() -> Read:
    html, text, encoding = load(
        "resiliparse", "resiliparse.parse.html", "resiliparse.extract.html2text", "resiliparse.parse.encoding"
    )

    def read(raw: bytes, url: str) -> Mapping[str, str | None]:
        tree = html.HTMLTree.parse_from_bytes(raw, encoding.detect_encoding(raw, from_html_meta=True))
        return {"title": tree.title, "body": text.extract_plain_text(tree, main_content=True)}

    return read


def _htmldate() -> Read:
    def read(raw: bytes, url: str) -> Mapping[str, str | None]:
        return {"published": find_date(raw, original_date=True, url=url)}

    return read


READERS = (
    Reader("ours", frozenset(MEASURES), _ours),
    Reader("trafilatura", frozenset(("title", "published", "body F1")), _trafilatura),
    Reader("resiliparse", frozenset(("title", "body F1")), _resiliparse),
    Reader("htmldate", frozenset(("published",)), _htmldate),
)


def measure(gold: Path = GOLD, readers: tuple[Reader, ...] = READERS) -> Measured:
    """The table of pages: government pages and others, every reader on every field it has."""
    columns = ("pages", "reader", *MEASURES)
    if why := lacking(SCORER, LABELLED, gold=gold):
        return Measured(TITLE, columns, skipped=why)
    pages = [(row, (gold / row["html_file"]).read_bytes()) for row in labelled(gold / LABELLED)]
    notes = ["The first row of each set is the number of its pages that count for the figure."]
    if any(reader.name == "trafilatura" for reader in readers):
        notes.append("trafilatura's `sitename` names the site that serves the page, not the source the page states.")
    scored: dict[str, Mapping[str, Any]] = {}
    for reader in readers:
        try:
            read = reader.make()
        except NotInstalledError as error:
            notes.append(f"{error}.")
            continue
        predicted = [{"id": row["id"], **read(raw, row["url"])} for row, raw in pages]
        scored[reader.name] = score(gold / SCORER, gold / LABELLED, predicted, "--by", "government")["by"]
    rows: list[tuple[Cell, ...]] = []
    for value, name in SETS.items():
        counted = next((groups[value] for groups in scored.values() if value in groups), None)
        if counted is None:
            continue
        rows.append((name, "pages that count", *(counted[figure]["n"] for figure in MEASURES)))
        for reader in readers:
            found = scored[reader.name][value] if reader.name in scored else {}
            rows.append((name, _shown(reader), *(_figure(found, reader, figure) for figure in MEASURES)))
    return Measured(TITLE, columns, tuple(rows), tuple(notes))


def _shown(reader: Reader) -> str:
    return "ours" if reader.name == "ours" else named(reader.name)


def _figure(found: Mapping[str, Any], reader: Reader, figure: str) -> float | None:
    if not found or figure not in reader.measures or found[figure]["mean"] is None:
        return None
    return float(found[figure]["mean"])
