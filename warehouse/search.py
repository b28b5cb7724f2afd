"""Full-text search over Chinese that needs nothing but the warehouse: terms → documents ranked by BM25, with snippets.

Chinese writes no blanks between words and any segmenter splits some names wrongly, so that a term is found by its pairs
of neighbouring characters; the words themselves decide what is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from warehouse.reading import WarehouseError
from warehouse.search_index import folded, pairs_of, reading, refresh

_SATURATION = 1.2
_LENGTH_WEIGHT = 0.75
_BEFORE, _AFTER = 24, 72
_MOST_SNIPPETS = 2
_MOST_TERMS = 16
_MOST_PLACES = 200
_MOST_RANKED = 2000


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of a text from character `start` on; `marks` are the places of the terms within it."""

    start: int
    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that holds every term; the higher the score, the better."""

    doc_id: str
    title: str
    url: str | None
    portal_id: str
    publisher: str | None
    published_on: date | None
    policy: bool
    score: float
    snippets: tuple[Snippet, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits, and how many documents hold the terms (as the index counts them)."""

    documents: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which documents are asked for: published (else written) from `since` to `until`, standing on a portal."""

    since: date | None = None
    until: date | None = None
    portal: str | None = None


EVERYTHING = Bounds()


def search(
    warehouse: Path,
    query: str,
    bounds: Bounds = EVERYTHING,
    limit: int = 10,
    told: Callable[[int], None] | None = None,
) -> Found:
    """The published documents that hold every term of `query` (terms stand between blanks), best first.

    Width, case and blanks inside the text do not count. Documents that are not indexed yet are indexed first; `told`
    hears how many. Raises `WarehouseError` for a query without a word and for a portal that is not known.
    """
    terms = terms_of(query)
    refresh(warehouse, told)
    with closing(reading(warehouse)) as connection:
        if (
            bounds.portal is not None
            and not connection.execute("SELECT 1 FROM w.portals WHERE portal_id = ?", [bounds.portal]).fetchall()
        ):
            raise WarehouseError(f"unknown portal {bounds.portal!r}; `xietong portals` lists them")
        documents, ranked = _ranked(connection, terms, bounds)
        hits: list[Hit] = []
        refused = 0
        for at in range(0, len(ranked), limit):
            for hit in _hits(connection, ranked[at : at + limit], terms):
                if hit is None:
                    refused += 1
                else:
                    hits.append(hit)
            if len(hits) >= limit:
                break
    return Found(documents - refused, tuple(hits[:limit]))


def terms_of(query: str) -> tuple[str, ...]:
    """The words of a query, folded, each once; raises `WarehouseError` where there is none."""
    parts = (part for term in query.split() for part in folded(term)[0].split("\0") if part)
    terms = tuple(dict.fromkeys(parts))[:_MOST_TERMS]
    if not terms:
        raise WarehouseError('nothing to search for; give words, e.g. xietong search "首钢 曹妃甸"')
    return terms


def snippets(text: str, terms: Sequence[str]) -> tuple[Snippet, ...]:
    """The stretches that show most of the terms, in the order of the text; none when it holds none of them."""
    places = sorted(_places(text, terms))
    shown: list[Snippet] = []
    unseen = set(terms)
    while unseen and len(shown) < _MOST_SNIPPETS:
        told = {place: {t for s, e, t in places if place[0] <= s and e <= place[0] + _AFTER} for place in places}
        best = max(places, key=lambda place: (len(told[place]), -place[0]), default=None)
        if best is None:
            break
        begin = max(0, best[0] - _BEFORE)
        end = max(best[0] + _AFTER, best[1])
        inside = [(s, e, t) for s, e, t in places if begin <= s and e <= end]
        shown.append(Snippet(begin, text[begin:end], tuple((s - begin, e - begin) for s, e, _ in inside)))
        seen = {term for _, _, term in inside}
        unseen -= seen
        places = [place for place in places if place[2] in unseen]
    return tuple(sorted(shown, key=lambda snippet: snippet.start))


def _places(text: str, terms: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """(start, end, term) of the first places of each term in a text, as indices into the text as it is."""
    plain, at = folded(text)
    for term in terms:
        found = plain.find(term)
        count = 0
        while found >= 0 and count < _MOST_PLACES:
            yield int(at[found]), int(at[found + len(term) - 1]) + 1, term
            found = plain.find(term, found + len(term))
            count += 1


def _ranked(
    connection: duckdb.DuckDBPyConnection, terms: Sequence[str], bounds: Bounds
) -> tuple[int, list[tuple[str, float]]]:
    """How many documents the index finds, and the best of them with their scores."""
    held = " UNION ALL ".join(f"SELECT {number} AS term, * FROM ({_held(term)})" for number, term in enumerate(terms))
    within = ["TRUE"]
    values: list[object] = []
    day = "coalesce(documents.published_on, documents.written_on)"
    if bounds.since is not None:
        within.append(f"{day} >= ?")
        values.append(bounds.since)
    if bounds.until is not None:
        within.append(f"{day} <= ?")
        values.append(bounds.until)
    if bounds.portal is not None:
        within.append("documents.doc_id IN (SELECT doc_id FROM w.document_sources WHERE portal_id = ?)")
        values.append(bounds.portal)
    rows = connection.execute(
        f"""WITH held AS MATERIALIZED (SELECT * FROM ({held}) JOIN indexed USING (doc)),
            whole AS (SELECT count(*) AS documents, avg(length) AS length FROM indexed),
            weight AS (
                SELECT term, ln(1 + (any_value(whole.documents) - count(*) + 0.5) / (count(*) + 0.5)) AS weight
                FROM held, whole GROUP BY term
            ),
            scored AS (
                SELECT doc_id, round(sum(
                    weight * times * {_SATURATION + 1}
                    / (times + {_SATURATION} * ({1 - _LENGTH_WEIGHT} + {_LENGTH_WEIGHT} * held.length / whole.length))
                ), 6) AS score
                FROM held JOIN weight USING (term), whole GROUP BY doc_id HAVING count(*) = {len(terms)}
            )
            SELECT doc_id, score, count(*) OVER () FROM scored JOIN w.documents USING (doc_id)
            WHERE {" AND ".join(within)} ORDER BY score DESC, doc_id LIMIT {_MOST_RANKED}""",
        values,
    ).fetchall()
    return (int(rows[0][2]) if rows else 0), [(str(doc_id), float(score)) for doc_id, score, _ in rows]


def _held(term: str) -> str:
    """The query for the documents that hold a term, with how often (its rarest pair says so)."""
    pairs = pairs_of(term)
    if not pairs:
        first = ord(term) << 16
        within = f"pair BETWEEN {first} AND {first | 0xFFFF}"
        return f"SELECT doc, sum(times)::DOUBLE AS times FROM postings WHERE {within} GROUP BY doc"
    return (
        f"SELECT doc, min(times)::DOUBLE AS times FROM postings WHERE pair IN ({', '.join(map(str, pairs))})"
        f" GROUP BY doc HAVING count(*) = {len(pairs)}"
    )


def _hits(
    connection: duckdb.DuckDBPyConnection, ranked: Sequence[tuple[str, float]], terms: Sequence[str]
) -> Iterator[Hit | None]:
    """The hits in order; None for a document that holds the pairs of a term and not the term."""
    marks = ", ".join("?" * len(ranked))
    places = connection.execute(
        f"SELECT rowid, doc_id FROM w.documents WHERE doc_id IN ({marks})", [doc_id for doc_id, _ in ranked]
    ).fetchall()
    # Row by row: only so does DuckDB unpack the texts that are asked for, and not all of them.
    by_id = {
        doc_id: connection.execute(
            f"""SELECT doc_id, coalesce(title, ''), url, portal_id, publisher, coalesce(published_on, written_on),
                       EXISTS (SELECT 1 FROM w.policies WHERE doc_id = ?), "text"
                FROM w.documents WHERE rowid = {int(place)}""",
            [doc_id],
        ).fetchall()[0]
        for place, doc_id in places
    }
    for doc_id, score in ranked:
        _, title, url, portal, publisher, day, policy, text = by_id[doc_id]
        held = {term for shown in (text, title) for _, _, term in _places(shown, terms)}
        if len(held) < len(terms):
            yield None
            continue
        yield Hit(doc_id, title, url, portal, publisher, day, policy, score, snippets(text, terms))
