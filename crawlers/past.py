"""What earlier crawls tell a new one, from their logs: which hosts want rest, and which columns once had rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crawlers.outcome import Outcome
from crawlers.target import Target, host_of

_LOGS = 60


@dataclass(frozen=True)
class Past:
    """By host, the kind and the last day of a challenge; by portal, the entry columns that have given rows."""

    challenged: Mapping[str, tuple[str, date]] = field(default_factory=dict)
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def lost(self, outcome: Outcome) -> set[str]:
        """The columns that gave rows in an earlier crawl and answered this one with none."""
        had = self.columns.get(outcome.portal_id, frozenset())
        return {column for column, rows in outcome.columns.items() if not rows and column in had}

    def rested(self, target: Target, today: date, nights: int) -> Target:
        """The target with those of its hosts at rest that answered with a challenge in the last `nights` nights."""
        resting = [
            (host, (self.challenged[host][1] + timedelta(days=nights)).isoformat())
            for host in sorted(target.hosts)
            if host in self.challenged and (today - self.challenged[host][1]).days <= nights
        ]
        return replace(target, resting=tuple(resting))

    def withheld(self, target: Target, local: datetime) -> Outcome | None:
        """The outcome of a portal that is not to be asked at all now: outside its window, or with all hosts at rest."""
        outcome = Outcome(target.portal_id)
        if target.window.seconds_open(local) == 0:
            outcome.withheld = "waiting"
            outcome.note(f"its window is {target.window}; it was {local:%H:%M}")
            return outcome
        resting = dict(target.resting)
        entered = {host_of(column.url) for column in target.columns} or target.hosts
        if resting and entered <= resting.keys():
            host = sorted(entered)[0]
            outcome.withheld = f"blocked-{self.challenged[host][0]}"
            outcome.note(f"{host} rests until {resting[host]}, because it answered with a challenge")
            return outcome
        return None


def read_past(archive: Path, timezone: str) -> Past:
    """The past as the last crawl logs of an archive tell it, days in `timezone`; a log that cannot be read tells
    nothing."""
    zone = ZoneInfo(timezone)
    challenged: dict[str, tuple[str, date]] = {}
    columns: dict[str, frozenset[str]] = {}
    for path in sorted(archive.glob("crawl-*.crawl.json"))[-_LOGS:]:
        try:
            log = json.loads(path.read_text(encoding="utf-8"))
            day = datetime.fromisoformat(log["started_at"]).astimezone(zone).date()
            portals: list[dict[str, Any]] = log["portals"]
            for portal in portals:
                for host, kind in portal.get("challenged", {}).items():
                    challenged[host] = (kind, day)
                rich = {column for column, rows in portal.get("columns", {}).items() if rows}
                columns[portal["portal_id"]] = columns.get(portal["portal_id"], frozenset()) | rich
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return Past(challenged, columns)
