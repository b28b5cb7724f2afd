"""What became of a portal in a crawl, told by one word an operator can act on.

A crawl of 260 sites always has failures; the value of the log is that it says which kind: a name that no longer
resolves, a certificate, a challenge, a robots file, a list that silently went empty.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from twisted.internet.error import ConnectionRefusedError as TwistedRefused
from twisted.internet.error import DNSLookupError
from twisted.internet.error import TimeoutError as TwistedTimeout


class Left(IgnoreRequest):
    """A request that was not made, or whose answer is not a page, with the class of the failure."""

    def __init__(self, failure_class: str, message: str = "") -> None:
        super().__init__(message or failure_class)
        self.failure_class = failure_class


def failure_class(error: BaseException) -> str:
    """The class of a failed request: `dns`, `tls`, `refused`, `timeout`, `unreachable`, `oversize`, what a
    middleware named it, or `error`."""
    if isinstance(error, Left):
        return error.failure_class
    if isinstance(error, CannotResolveHostError | DNSLookupError):
        return "dns"
    if isinstance(error, DownloadConnectionRefusedError | TwistedRefused):
        return "refused"
    if isinstance(error, DownloadTimeoutError | TwistedTimeout):
        return "timeout"
    if isinstance(error, DownloadCancelledError):
        return "oversize"
    text = f"{type(error).__module__} {error!r} {error}"
    if "DOWNLOAD_MAXSIZE" in text:
        return "oversize"
    if isinstance(error, IgnoreRequest):
        return "error"
    if any(word in text for word in ("SSL", "OpenSSL", "certificate", "service_identity", "VerificationError")):
        return "tls"
    if isinstance(error, OSError) or type(error).__module__.startswith(("twisted.", "scrapy.exceptions")):
        return "unreachable"
    return "error"


@dataclass
class Outcome:
    """Counts of one portal in one crawl. `pages` are pages read, `new_pages` those of them that are articles not known
    from earlier; `rows` article links seen in lists; `left` links that were seen and not followed. `changed` are pages
    that differ from what was archived of them, `lost_columns` entry columns that had rows before and answer without
    any now, `bounds` how often a bound kept the crawl from asking: `depth` (pages of lists), `pages` (requests of a
    night), `long` and `repeats` (addresses)."""

    portal_id: str
    pages: int = 0
    new_pages: int = 0
    rows: int = 0
    rows_known: int = 0
    changed: int = 0
    lost_columns: tuple[str, ...] = ()
    bounds: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    left: set[str] = field(default_factory=set)
    finished: str = ""

    def fail(self, kind: str) -> None:
        """Count a request that gave no page."""
        self.failures[kind] += 1

    @property
    def errors(self) -> int:
        """Requests that gave no page, without those that robots.txt forbids: these were never made."""
        return sum(count for kind, count in self.failures.items() if kind != "robots")

    @property
    def failure_class(self) -> str:
        """The most frequent failure; a challenge comes first because it explains the others. Empty without any."""
        if self.finished == "closespider_timeout":
            return "portal-timeout"
        ranked = sorted(self.failures, key=lambda kind: (not kind.startswith("blocked"), -self.failures[kind], kind))
        return ranked[0] if ranked else ""

    @property
    def state(self) -> str:
        """`ok`, `nothing-new`, `empty` (answers without a single article link), or what kept the crawl from reading."""
        if self.finished == "blocked":
            return self.failure_class
        if self.new_pages:
            return "ok"
        if self.finished == "closespider_timeout":
            return "timeout"
        if self.pages and self.rows and self.rows == self.rows_known:
            return "nothing-new"
        if self.pages and not self.rows:
            return "empty"
        return _STATES.get(self.failure_class.partition("-")[0], self.failure_class or "empty")

    def row(self) -> dict[str, object]:
        """The portal's row of the crawl log."""
        return {
            "portal_id": self.portal_id,
            "pages": self.pages,
            "new_pages": self.new_pages,
            "errors": self.errors,
            "failure_class": self.failure_class,
            "state": self.state,
            "links_left": len(self.left),
            "changed_pages": self.changed,
            "lost_columns": list(self.lost_columns),
            "bounds": dict(sorted(self.bounds.items())),
        }


_STATES = {
    "http": "error",
    "robots": "robots",
    "oversize": "error",
    "gone": "moved",
    "throttled": "error",
    "portal": "timeout",
}
