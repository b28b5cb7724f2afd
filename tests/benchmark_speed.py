"""How fast the parts are, as ratios against named baselines in the same run.

Machines differ and are noisy, so an absolute time proves nothing; each pair of contestants does the same work on the
same input, turn by turn, and the best of several turns counts. Real pages and texts are used when `shared/` stands
beside the checkout, the sample portals otherwise.
"""

from __future__ import annotations

import gzip
import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import jieba
import trafilatura

from config import load_region
from extract.extractor import Extractor
from extract.model import Context
from extract.page import read_page
from tests.benchmark_scorers import labelled
from tests.benchmark_tables import Cell, Measured
from tests.sample_portals.markup import Reply
from tests.sample_portals.server import article_path, build_routes
from tests.sample_portals.web import sites
from tests.shared_material import SHARED

TITLE = "Speed: work a second, and the ratio to a baseline in the same run"
COLUMNS = ("work", "amount", "unit", "per second", "baseline", "its per second", "ratio")
TURNS = 3

_PAGES = SHARED / "gold" / "dev_pages.jsonl"
_TEXTS = SHARED / "corpus" / "real_docs.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Contest:
    """One piece of work, done by us and by a baseline on the same input of `amount` units."""

    work: str
    amount: int
    unit: str
    ours: Callable[[], object]
    baseline: str
    theirs: Callable[[], object]


def seconds(run: Callable[[], object]) -> float:
    """Wall-clock seconds of one turn."""
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def sample_pages() -> list[tuple[str, bytes]]:
    """The articles of the sample portals as (URL, bytes)."""
    routes = build_routes(80)
    found = []
    for site in sites():
        for article in site.articles:
            path = article_path(site, article)
            reply = routes[site.host, path]
            if isinstance(reply, Reply):
                found.append((f"http://{site.host}{path}", reply.body))
    return found


def pages() -> list[tuple[str, bytes]]:
    """HTML pages as (URL, bytes)."""
    if not _PAGES.exists():
        return sample_pages()
    return [(row["url"], (_PAGES.parent / row["html_file"]).read_bytes()) for row in labelled(_PAGES)]


def texts(most: int = 1500) -> list[str]:
    """Plain texts of documents."""
    if not _TEXTS.exists():
        return [read_page(raw, url).body for url, raw in sample_pages()]
    with gzip.open(_TEXTS, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in islice(lines, most)]


def default_contests() -> Sequence[Contest]:
    """Page reading against trafilatura; extraction of stored text, and of pages whole, against their baselines."""
    extractor = Extractor(load_region())
    web, prose = pages(), texts()
    characters = sum(map(len, prose))
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()

    def read() -> None:
        for url, raw in web:
            read_page(raw, url)

    def read_and_extract() -> None:
        for url, raw in web:
            extractor.extract(read_page(raw, url).body, Context(url=url))

    def trafilatura_extract() -> None:
        for url, raw in web:
            trafilatura.extract(raw, url=url, with_metadata=True)

    def extract() -> None:
        for text in prose:
            extractor.extract(text, Context())

    def segment() -> None:
        for text in prose:
            jieba.lcut(text)

    return (
        Contest("page → document", len(web), "pages", read, "trafilatura.extract", trafilatura_extract),
        Contest(
            "page → document → pairs", len(web), "pages", read_and_extract, "trafilatura.extract", trafilatura_extract
        ),
        Contest("text → places, policy, pairs", characters, "characters", extract, "jieba.lcut", segment),
    )


def measure(contests: Sequence[Contest] | None = None, turns: int = TURNS) -> Measured:
    """The table of speed: the best of several turns of each side; a ratio above 1 is a work done faster than theirs."""
    rows: list[tuple[Cell, ...]] = []
    for contest in default_contests() if contests is None else contests:
        ours, theirs = float("inf"), float("inf")
        for _ in range(turns):
            ours = min(ours, seconds(contest.ours))
            theirs = min(theirs, seconds(contest.theirs))
        rows.append(
            (
                contest.work, contest.amount, contest.unit, round(contest.amount / ours), contest.baseline,
                round(contest.amount / theirs), theirs / ours,
            )
        )  # fmt: skip
    return Measured(TITLE, COLUMNS, tuple(rows), (f"Best of {turns} turns. {_material()}",))


def _material() -> str:
    if _PAGES.exists() and _TEXTS.exists():
        return "Real pages and texts."
    return "Pages or texts of the sample portals stand in for the real ones of ../shared, not beside this checkout."
