"""Starting a crawl: in a process of its own, because a second Twisted reactor in one process cannot be started."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from config import Region

FRONTIER = "frontier.sqlite"


@dataclass(frozen=True, slots=True)
class Crawled:
    """What a crawl's log says: the run, and one record a portal (see `crawlers`)."""

    run_id: str
    portals: tuple[dict[str, Any], ...]

    @property
    def pages(self) -> int:
        return sum(int(portal["pages"]) for portal in self.portals)

    @property
    def all_withheld(self) -> bool:
        """Whether there was nobody to ask: every portal outside its hours or at rest."""
        return bool(self.portals) and all(
            portal.get("state") == "waiting" or portal.get("failure_class") == "resting" for portal in self.portals
        )

    @property
    def states(self) -> str:
        """How many portals ended in which state, the most frequent first."""
        counts = Counter(str(portal.get("state")) for portal in self.portals)
        return ", ".join(f"{count} {state}" for state, count in counts.most_common())

    @property
    def links_left(self) -> int:
        return sum(int(portal.get("links_left") or 0) for portal in self.portals)


def require_archives(files: Iterable[Path]) -> None:
    """Raise `click.ClickException` for the first of `files` that is not there, before anything slow is started."""
    for file in files:
        if not file.is_file():
            raise click.ClickException(f"{file}: no such file; --replay takes WARC files (.warc or .warc.gz)")


def crawl(
    region: Region,
    data: Path,
    portal_ids: Sequence[str] = (),
    replay: Sequence[Path] = (),
    any_host: bool = False,
    known: Iterable[str] = (),
    since: date | None = None,
    until: date | None = None,
) -> Crawled:
    """Crawl the chosen portals (or replay archives) into `data/archive`; returns the crawl's own log.

    `known` is only read where the crawler has no memory of its own yet. With `since` or `until` the crawl is a backfill
    of articles of these days.

    The child's plain progress lines pass through to stderr. Raises `click.ClickException` when the crawl itself could
    not run; portals that failed are in the log.
    """
    region.choose(portal_ids)
    require_archives(replay)
    (data / "archive").mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".urls", encoding="utf-8") as urls:
        if replay or not (data / FRONTIER).exists():
            urls.writelines(f"{url}\n" for url in known)
        urls.flush()
        command = [sys.executable, "-m", "crawlers", "--region", str(region.folder), "--data", str(data)]
        command += ["--known", urls.name]
        for portal_id in portal_ids:
            command += ["--portal", portal_id]
        for file in replay:
            command += ["--replay", str(file)]
        if any_host:
            command += ["--any-host"]
        for option, day in (("--since", since), ("--until", until)):
            command += [option, day.isoformat()] if day else []
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"the crawl ended with status {done.returncode}; its last lines above say why")
    log = json.loads(Path(done.stdout.strip()).read_text(encoding="utf-8"))
    return Crawled(log["run_id"], tuple(log["portals"]))
