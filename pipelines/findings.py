"""What a reader of a published state should know besides its results: damage, silence, refusals, gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from config.loader import Region
from pipelines.attachments import attachment_problem
from pipelines.crawl_logs import CrawlLogs
from pipelines.derivation.evidence import Read
from pipelines.indexing import unresolved
from pipelines.pages import SKIPPED
from pipelines.standings import standings
from pipelines.versions import code_version

_EXAMPLES = 3
_TERMS_SHOWN = 12
_SHOWN = 10
_WELL = ("ok", "nothing-new", "slow", "waiting")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth knowing: of a `kind`, about a `subject`, `count` times."""

    kind: str
    subject: str
    count: int
    message: str


def findings(
    *,
    state: duckdb.DuckDBPyConnection,
    region: Region,
    logs: CrawlLogs,
    pages: Mapping[str, int],
    unlisted: Mapping[str, int],
    places: Mapping[str, int],
    undated: int,
    policies: Sequence[Read],
    unread: int,
    failed: Sequence[tuple[str, str]],
    imports: Iterable[tuple[object, ...]],
    unmatched: Sequence[str],
) -> tuple[Finding, ...]:
    """All findings of a state, most telling kinds first, each kind in order of its subjects.

    `pages` counts captures and `places` sources of documents, both by portal; `unlisted` captures by host that is none.
    """
    found = [
        *_portals(region, pages, places),
        *_health(logs, region),
        *_archive(state, logs),
        *_pages(state),
        *_imports(imports),
        *_documents(undated, policies, unread, failed),
        *_vocabulary(unmatched),
    ]
    if unlisted:
        hosts = ", ".join(sorted(unlisted)[:_EXAMPLES])
        found.append(
            Finding(
                "archive", "unlisted hosts", sum(unlisted.values()), f"captures of hosts that are no portal ({hosts} …)"
            )
        )
    return tuple(found)


def _portals(region: Region, pages: Mapping[str, int], places: Mapping[str, int]) -> Iterable[Finding]:
    silent = [portal.portal_id for portal in region.portals if not pages.get(portal.portal_id)]
    if pages and silent:
        shown = ", ".join(silent[:_SHOWN]) + (" …" if len(silent) > _SHOWN else "")
        yield Finding("portals", "not archived", len(silent), f"portals of which no page is archived: {shown}")
    for portal in sorted(pages):
        if not places.get(portal):
            yield Finding(
                "portals", portal, pages[portal], f"{portal}: {pages[portal]} pages archived, no document read"
            )


def _health(logs: CrawlLogs, region: Region) -> Iterable[Finding]:
    """What a person should look at among the portals: those gone quiet, and those whose lists are not read any more."""
    known = standings(logs.logs, region.settings.timezone)
    listed = [known[portal_id] for portal_id in sorted(known) if portal_id in region.portal_by_id]
    for one in listed:
        if one.quiet_days:
            yield Finding(
                "portals", one.portal_id, 1,
                f"{one.portal_id}: nothing new for {one.quiet_days} days (since {one.last_new}), which its own past "
                f"does not explain; see `xietong portals check {one.portal_id}`",
            )  # fmt: skip
    for state in sorted({one.state for one in listed if one.state and one.state not in _WELL}):
        names = [one.portal_id for one in listed if one.state == state]
        shown = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
        yield Finding("portals", state, len(names), f"portals whose last crawl ended {state}: {shown}")


def _archive(state: duckdb.DuckDBPyConnection, logs: CrawlLogs) -> Iterable[Finding]:
    rows = state.execute("SELECT warc_file, unnest(problems) FROM warc_files ORDER BY warc_file").fetchall()
    for name, problem in (*rows, *unresolved(state)):
        yield Finding("archive", name, 1, problem)
    for problem in logs.problems:
        yield Finding("archive", problem.partition(":")[0], 1, problem)


def _pages(state: duckdb.DuckDBPyConnection) -> Iterable[Finding]:
    rows = state.execute(
        """SELECT kind = 'skipped', problem, count(DISTINCT url), min(url)
           FROM (SELECT page_key, kind, unnest(problems) AS problem FROM readings WHERE code_version = ?)
           JOIN (SELECT DISTINCT page_key, url FROM records) USING (page_key) GROUP BY ALL""",
        [code_version()],
    ).fetchall()
    for skipped, problem, count, first in sorted(rows, reverse=True):
        more = f" and {count - 1} more" if count > 1 else ""
        if reason := attachment_problem(problem):
            message = f"documents with an attachment that is not read, or not all: {reason} ({first}{more})"
            yield Finding("attachments", reason, count, message)
            continue
        what = "pages skipped" if skipped else "pages read with a doubt"
        yield Finding(SKIPPED if skipped else "pages", problem, count, f"{what}: {problem} ({first}{more})")
    row = state.execute(
        """SELECT count(DISTINCT url), min(url) FROM readings JOIN records USING (page_key)
           WHERE kind = 'article' AND doc_id IS NULL AND code_version = ?""",
        [code_version()],
    ).fetchone()
    if row and row[0]:
        yield Finding("pages", "no text", row[0], f"article pages without a text ({row[1]} …)")


def _imports(imports: Iterable[tuple[object, ...]]) -> Iterable[Finding]:
    for _, name, _, refused, problems in imports:
        if refused and isinstance(problems, list):
            yield Finding("import", str(name), int(str(refused)), f"rows rejected: {problems[0]}{_more(problems)}")


def _documents(
    undated: int, policies: Sequence[Read], unread: int, failed: Sequence[tuple[str, str]]
) -> Iterable[Finding]:
    if undated:
        yield Finding("documents", "undated", undated, "documents without a day: they count in no period and no year")
    timeless = [one for one in policies if one.document.day is None]
    if timeless:
        yield Finding(
            "documents", "undated policies", len(timeless), "policies among them: in no matrix and no event list"
        )
    if unread:
        yield Finding("documents", "not extracted", unread, "documents not yet extracted; run `xietong reextract`")
    if failed:
        reason = f"{failed[0][0]}: {failed[0][1]}{_more(failed)}"
        yield Finding(
            "documents", "extractor failed", len(failed), f"texts that the extractor could not read ({reason})"
        )


def _vocabulary(unmatched: Sequence[str]) -> Iterable[Finding]:
    if unmatched:
        shown = ", ".join(unmatched[:_TERMS_SHOWN])
        rest = " …; `xietong publish --json` lists all" if len(unmatched) > _TERMS_SHOWN else ""
        message = f"terms of the vocabulary that no text holds: {shown}{rest}"
        yield Finding("vocabulary", "unmatched terms", len(unmatched), message)


def _more(items: Sequence[object]) -> str:
    return f" and {len(items) - 1} more" if len(items) > 1 else ""
