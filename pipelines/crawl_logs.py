"""What each crawl said of itself: the `*.crawl.json` files that stand beside the archive's WARC files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from config.reading import describe


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value


Moment = Annotated[datetime, AfterValidator(_utc)]


class PortalRun(BaseModel):
    """What one portal yielded in one crawl."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    portal_id: str
    pages: int = 0
    new_pages: int = 0
    errors: int = 0
    failure_class: str | None = None
    state: str | None = None
    links_left: int = 0
    changed_pages: int = 0
    moved_to: str | None = None
    message: str | None = None


class CrawlLog(BaseModel):
    """One crawl or replay; `any_host` says that hosts outside the list of portals were wanted. Times are UTC."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    run_id: str = Field(min_length=1)
    kind: Literal["crawl", "replay"]
    started_at: Moment | None = None
    finished_at: Moment | None = None
    any_host: bool = False
    rules_version: str | None = None
    warc_files: tuple[str, ...] = ()
    portals: tuple[PortalRun, ...] = ()


@dataclass(frozen=True, slots=True)
class CrawlLogs:
    """All readable logs in order of their run ids, and one line for each that is not."""

    logs: tuple[CrawlLog, ...]
    problems: tuple[str, ...]

    @property
    def any_host_files(self) -> frozenset[str]:
        """The WARC files whose every host was wanted."""
        return frozenset(name for log in self.logs if log.any_host for name in log.warc_files)


def read_crawl_logs(archive: Path) -> CrawlLogs:
    """Read every crawl log of an archive folder; one that does not parse is named, the others are used."""
    logs: dict[str, CrawlLog] = {}
    problems: list[str] = []
    for path in sorted(archive.glob("*.crawl.json")):
        try:
            log = CrawlLog.model_validate(json.loads(path.read_text(encoding="utf-8")))
        except ValidationError as error:
            problems.append(f"{path.name}: {describe(error)}; its run is not shown")
        except (OSError, ValueError) as error:
            problems.append(f"{path.name}: not a crawl log ({error}); its run is not shown")
        else:
            logs.setdefault(log.run_id, log)
    return CrawlLogs(_ordered(logs.values()), tuple(problems))


def _ordered(logs: Iterable[CrawlLog]) -> tuple[CrawlLog, ...]:
    return tuple(sorted(logs, key=lambda log: (log.started_at or datetime.min, log.run_id)))
