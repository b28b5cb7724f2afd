"""The report on a published state: one page that needs nothing else, for a person and not for a program.

Titles and quotes come from foreign pages: every text is escaped, and only http and https addresses become links.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warehouse.figures import heat, network
from warehouse.reading import connect
from warehouse.styling import STYLE
from warehouse.tables import literal

_TOP_PAIRS = 30
_QUOTES_A_PAIR = 3
_TOP_EVENTS = 40
_TITLES_A_CELL = 4
Ask = Callable[[str], list[tuple[Any, ...]]]


def write_report(path: Path, folder: Path) -> Path:
    """Write `folder`/index.html on the warehouse at `path` in one step; returns the file."""
    with connect(path) as connection:
        page = _page(lambda query: connection.execute(query).fetchall())
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "index.html"
    fresh = folder / "index.html.new"
    with fresh.open("w", encoding="utf-8", newline="\n") as file:
        file.write(page)
        file.flush()
        os.fsync(file.fileno())
    return fresh.replace(target)


def link(url: object, words: object) -> str:
    """Words as a link to an http(s) address; the words alone for any other."""
    text = escape(str(words or "") or "—")
    address = str(url or "")
    try:
        parts = urlsplit(address)
        safe = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        safe = False
    return f'<a href="{escape(address)}" rel="noopener noreferrer">{text}</a>' if safe else text


def _page(ask: Ask) -> str:
    region, region_zh, rules, vintage = ask("SELECT region, region_zh, rules_version, vintage FROM warehouse_state")[0]
    sections = (
        _headline(ask),
        _section("Links between cities", "城市间联系", _figures(ask)),
        _section("City matrix", "城市矩阵", _MATRIX_NOTE + _matrix(ask, "matrix_city")),
        _section("County matrix", f"县级矩阵 · {vintage}", _county_matrix(ask)),
        _section("City pairs", "城市对", _pairs(ask)),
        _section("Events", "事件", _events(ask)),
        _section("Portals and findings", "门户与发现", _portals(ask) + _findings(ask)),
    )
    title = f"{escape(str(region_zh))} · {escape(str(region))}"
    return (
        '<!DOCTYPE html>\n<html lang="zh"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>协同 Xietong – {title}</title><style>{STYLE}</style></head><body>"
        f'<header><p class="mark">协同 Xietong</p><h1>{title}</h1>'
        f'<p class="dim">Collaboration policies between places, with their evidence · rules {escape(str(rules))}</p>'
        f"</header><main>{''.join(sections)}</main></body></html>\n"
    )


def _headline(ask: Ask) -> str:
    counts = ask(
        """SELECT (SELECT count(DISTINCT portal_id) FROM captures), (SELECT count(*) FROM captures),
                  (SELECT count(*) FROM documents), (SELECT count(*) FROM policies),
                  (SELECT count(*) FROM policies WHERE industrial),
                  (SELECT count(*) FROM city_pairs WHERE grain = 'named'),
                  (SELECT count(*) FROM city_pairs WHERE grain = 'city13'), (SELECT count(*) FROM pair_evidence)"""
    )[0]
    names = (
        "portals",
        "pages",
        "documents",
        "policies",
        "industrial",
        "pairs as named",
        "pairs of cities",
        "statements",
    )
    tiles = "".join(
        f"<div><b>{count:,}</b><span>{name}</span></div>" for count, name in zip(counts, names, strict=True)
    )
    return f'<section class="tiles">{tiles}</section>'


def _figures(ask: Ask) -> str:
    cities = ask("SELECT DISTINCT unit_code, name FROM matrix_city ORDER BY unit_code")
    codes = {code for code, _ in cities}
    rows = ask("SELECT unit_a, unit_b, documents FROM city_pairs WHERE grain = 'city13' ORDER BY unit_a, unit_b")
    links = {(a, b): count for a, b, count in rows if a in codes and b in codes}
    if not links:
        return _nothing("No pair of cities is published yet.")
    return f'<div class="figures"><figure>{network(cities, links)}</figure><figure>{heat(cities, links)}</figure></div>'


_MATRIX_NOTE = (
    '<p class="dim">A cell is marked when the unit itself published an industrial collaboration policy with another '
    "unit in the period; the number counts those documents. A ring stands where only an earlier period is marked.</p>"
)


def _matrix(ask: Ask, table: str, where: str = "TRUE") -> str:
    """A matrix as a table: units by periods, darker with more documents."""
    periods = ask("SELECT period, title, title_zh FROM periods ORDER BY number")
    titles: dict[str, str] = dict(
        ask(f"SELECT doc_id, title FROM documents WHERE doc_id IN (SELECT unnest(doc_ids) FROM {table} WHERE {where})")
    )
    units: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, name, value, cumulative, documents, doc_ids in ask(
        f"""SELECT unit_code, name, value, cumulative, documents, doc_ids
            FROM (SELECT * FROM {table} WHERE {where}) AS cells
            JOIN (SELECT number, period FROM periods) USING (period) ORDER BY unit_code, number"""
    ):
        units[code, name].append(_cell(value, cumulative, documents, [titles.get(one, one) for one in doc_ids]))
    head = "".join(f'<th title="{escape(title)}">{escape(title_zh)}</th>' for _, title, title_zh in periods)
    body = "".join(f"<tr><th>{escape(name)}</th>{''.join(cells)}</tr>" for (_, name), cells in units.items())
    return f'<div class="wide"><table class="matrix"><tr><th></th>{head}</tr>{body}</table></div>'


def _cell(value: int, cumulative: int, documents: int, titles: list[str]) -> str:
    if not value:
        return '<td class="ever">○</td>' if cumulative else "<td></td>"
    shown = "\n".join(titles[:_TITLES_A_CELL]) + ("\n…" if len(titles) > _TITLES_A_CELL else "")
    level = 1 if documents == 1 else 2 if documents < 4 else 3 if documents < 10 else 4
    return f'<td class="mark{level}" title="{escape(shown)}">{documents}</td>'


def _county_matrix(ask: Ask) -> str:
    """Units that were ever marked as a table; all others are counted by city."""
    marked, total = ask(
        """SELECT count(DISTINCT unit_code) FILTER (value = 1), count(DISTINCT unit_code) FROM matrix_county"""
    )[0]
    summary = f"<p><b>{marked}</b> of {total} county-level units are marked in some period.</p>"
    if not marked:
        return summary
    by_city = ask(
        """SELECT city_code, any_value(cities.name), count(DISTINCT unit_code) FILTER (value = 1),
                  count(DISTINCT unit_code)
           FROM matrix_county JOIN (SELECT DISTINCT unit_code AS city_code, name FROM matrix_city) AS cities
           USING (city_code) GROUP BY city_code ORDER BY city_code"""
    )
    parts = [summary]
    for code, name, some, every in by_city:
        state = " open" if some else ""
        table = _matrix(ask, "matrix_county", f"city_code = {literal(code)}")
        parts.append(
            f"<details{state}><summary>{escape(name)} <span class='dim'>{some} of {every}</span></summary>"
            f"{table}</details>"
        )
    return "".join(parts)


def _pairs(ask: Ask) -> str:
    pairs = ask(
        f"""SELECT name_a, name_b, first_year, last_year, documents, types, evidence_ids FROM city_pairs
            WHERE grain = 'named' ORDER BY documents DESC, unit_a, unit_b LIMIT {_TOP_PAIRS}"""
    )
    if not pairs:
        return _nothing("No pair is published yet.")
    quotes: dict[str, tuple[Any, ...]] = {
        row[0]: row[1:]
        for row in ask(
            f"""SELECT evidence_id, quote, year, status, url, title, publisher FROM pair_evidence JOIN documents
                USING (doc_id) WHERE evidence_id IN (
                    SELECT unnest(evidence_ids) FROM (
                        SELECT evidence_ids FROM city_pairs WHERE grain = 'named'
                        ORDER BY documents DESC, unit_a, unit_b LIMIT {_TOP_PAIRS}))"""
        )
    }
    parts = []
    for a, b, first, last, documents, types, evidence_ids in pairs:
        years = "undated" if first is None else str(first) if first == last else f"{first}–{last}"
        stated = sorted(
            (quotes[one] for one in evidence_ids), key=lambda row: (row[1] is None, row[1] or 0, str(row[3]), row[0])
        )
        seen: dict[object, tuple[Any, ...]] = {}
        for row in stated:
            seen.setdefault(row[4], row)
        items = "".join(
            f"<li><q>{escape(quote)}</q> <span class='dim'>{year or ''}{' planned' if status == 'planned' else ''} · "
            f"{link(url, title)} · {escape(str(publisher or ''))}</span></li>"
            for quote, year, status, url, title, publisher in list(seen.values())[:_QUOTES_A_PAIR]
        )
        parts.append(
            f"<details class='pair'><summary><b>{escape(a)} – {escape(b)}</b> <span class='dim'>{documents} documents"
            f" · {years} · {escape(', '.join(types))}</span></summary><ul>{items}</ul></details>"
        )
    return "".join(parts)


def _events(ask: Ask) -> str:
    tables = (
        ("Acts of the region", "region_events", "issuers"),
        ("Agreements between provinces", "provincial_agreements", "parties"),
        ("Alliances", "alliances", "parties"),
    )
    parts = []
    for heading, table, who in tables:
        (total,) = ask(f"SELECT count(*) FROM {table}")[0]
        rows = ask(
            f"""SELECT "date", title, {who}, (SELECT url FROM documents WHERE documents.doc_id = events.doc_id)
                FROM {table} AS events ORDER BY rowid DESC LIMIT {_TOP_EVENTS}"""
        )
        body = [(str(day or ""), link(url, title), escape("、".join(names or ()))) for day, title, names, url in rows]
        shown = f", the latest {len(body)}" if total > len(body) else ""
        parts.append(
            f"<details><summary>{heading} <span class='dim'>{total}{shown}</span></summary>"
            f"{_table(('date', 'title', who), body)}</details>"
        )
    return "".join(parts)


def _portals(ask: Ask) -> str:
    """Every portal's latest run, the ones that yielded nothing first."""
    rows = ask(
        """WITH latest AS (
               SELECT * FROM portal_health JOIN runs USING (run_id)
               QUALIFY row_number() OVER (PARTITION BY portal_id ORDER BY started_at DESC NULLS LAST, run_id) = 1
           ), texts AS (SELECT portal_id, count(DISTINCT doc_id) AS documents FROM document_sources GROUP BY ALL)
           SELECT portal_id, name, base_url, coalesce(pages, 0), coalesce(documents, 0), coalesce(errors, 0),
                  coalesce(failure_class, ''), coalesce(state, 'never crawled')
           FROM portals LEFT JOIN latest USING (portal_id) LEFT JOIN texts USING (portal_id)
           ORDER BY (coalesce(documents, 0) > 0), (state IS NULL), coalesce(documents, 0), portal_id"""
    )
    silent = sum(not row[4] and row[7] != "never crawled" for row in rows)
    never = sum(row[7] == "never crawled" and not row[4] for row in rows)
    body = [
        (link(url, name), escape(portal), str(pages), str(documents), str(errors), escape(failure), escape(state))
        for portal, name, url, pages, documents, errors, failure, state in rows
    ]
    names = ("portal", "id", "pages", "documents", "errors", "failure", "state")
    opened = " open" if silent else ""
    return (
        f"<p><b>{silent}</b> portals were crawled and yielded no document; {never} were never crawled.</p>"
        f"<details{opened}><summary>All portals <span class='dim'>{len(rows)}</span></summary>"
        f"{_table(names, body)}</details>"
    )


def _findings(ask: Ask) -> str:
    rows = ask('SELECT kind, "count", message FROM findings ORDER BY rowid')
    if not rows:
        return _nothing("Nothing else was noted.")
    body = [(escape(kind), str(count), escape(message)) for kind, count, message in rows]
    return f"<details open><summary>Findings <span class='dim'>{len(rows)}</span></summary>" + (
        _table(("about", "count", "what"), body) + "</details>"
    )


def _section(title: str, chinese: str, content: str) -> str:
    return f"<section><h2>{escape(title)} <small>{escape(chinese)}</small></h2>{content}</section>"


def _table(names: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table whose cells are HTML already."""
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table class="list"><tr>{head}</tr>{body}</table></div>'


def _nothing(words: str) -> str:
    return f'<p class="dim">{escape(words)}</p>'
