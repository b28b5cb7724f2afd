"""What became of a portal in a crawl, told by one word an operator can act on.

A crawl of 260 sites always has failures; the value of the log is that it says which kind: a name that no longer
resolves, a certificate, a challenge, a robots file, a list that silently went empty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from OpenSSL import SSL
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

NOT_ASKED = frozenset(("not-archived", "offsite", "resting", "crawl-delay", "trap", "url-too-long"))
"""Classes of requests that were never made and are nobody's failure: their links are left."""
_EMPTY = re.compile(
    r"暂无|[没无]有?(?:找到|查询到|检索到)?(?:相关|任何)?的?(?:内容|数据|记录|信息|结果)|共\s*(?:<[^>]+>\s*)?0\s*(?:<[^>]+>\s*)?[条篇]"
)
_NOTED = 5
_SHOWN = 300


class Left(IgnoreRequest):
    """A request that was not made, or whose answer is not a page, with the class of the failure."""

    def __init__(self, failure_class: str, message: str = "") -> None:
        super().__init__(message or failure_class)
        self.failure_class = failure_class


def failure_class(error: BaseException) -> str:
    """The class of a failed request: `dns`, `tls`, `refused`, `timeout`, `unreachable`, `oversize`, `redirect-loop`,
    what a middleware named it, or `error`."""
    for one in _causes(error):
        if isinstance(one, Left):
            return one.failure_class
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
    if "max redirections" in text:
        return "redirect-loop"
    if isinstance(error, IgnoreRequest):
        return "error"
    if any(word in text for word in ("SSL", "OpenSSL", "certificate", "service_identity", "VerificationError")):
        return "tls"
    if isinstance(error, OSError) or type(error).__module__.startswith(("twisted.", "scrapy.exceptions")):
        return "unreachable"
    return "error"


def says_empty(text: str) -> bool:
    """Whether a list page without rows says itself that it holds nothing, or has not a single link to hold."""
    return "<a " not in text.lower() or bool(_EMPTY.search(text))


def told(url: str, error: BaseException | None) -> str:
    """What happened to the request of a URL, in words."""
    if error is None or isinstance(error, Left):
        return str(error or "")
    for one in _causes(error):
        if isinstance(one, SSL.Error) and one.args and isinstance(one.args[0], list):
            return f"{url}: {', '.join(str(reason[-1]) for reason in one.args[0])}"
    return f"{url}: {error}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error, what it was raised from, and what Twisted keeps inside it."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, *(failure.value for failure in getattr(one, "reasons", ()) or ())]


@dataclass
class Outcome:
    """Counts of one portal in one crawl. `pages` are pages read, `new_pages` those of them that are articles not known
    from earlier, `changed` those whose content differs from an earlier crawl's; `rows` article links seen in lists;
    `links_left` links that were seen and not followed.

    `columns` are the rows that each entry column gave, `vacant` those of them that say themselves that they hold
    nothing, `lost_columns` those that had rows in an earlier crawl and answered with none. `challenged` are the hosts
    that wanted a browser to prove itself, with the kind of challenge; `withheld` is the state of a portal that was not
    asked at all.
    """

    portal_id: str
    pages: int = 0
    new_pages: int = 0
    changed: int = 0
    rows: int = 0
    rows_known: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    columns: dict[str, int] = field(default_factory=dict)
    vacant: set[str] = field(default_factory=set)
    lost_columns: set[str] = field(default_factory=set)
    challenged: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    moved_to: str = ""
    withheld: str = ""
    legacy_tls: bool = False
    slow: bool = False
    finished: str = ""

    def fail(self, kind: str, example: str = "") -> None:
        """Count a request that gave no page; `example` says what happened to it."""
        self.failures[kind] += 1
        if example:
            self.examples.setdefault(kind, example)

    def note(self, words: str) -> None:
        """Keep something that a person should know of this portal's crawl."""
        if words not in self.notes and len(self.notes) < _NOTED:
            self.notes.append(words)

    def entered(self, column: str, rows: int, vacant: bool) -> None:
        """Keep how many rows an entry column gave."""
        self.columns[column] = max(rows, self.columns.get(column, 0))
        if vacant and not rows:
            self.vacant.add(column)

    @property
    def errors(self) -> int:
        """Requests that gave no page, without those that robots.txt forbids: these were never made."""
        return sum(count for kind, count in self.failures.items() if kind != "robots")

    @property
    def failure_class(self) -> str:
        """The most frequent failure; a challenge comes first because it explains the others. Empty without any."""
        if self.withheld.startswith("blocked"):
            return "resting"
        if self.finished == "closespider_timeout":
            return "portal-timeout"
        ranked = sorted(self.failures, key=lambda kind: (not kind.startswith("blocked"), -self.failures[kind], kind))
        return ranked[0] if ranked else ""

    @property
    def state(self) -> str:
        """One word: `ok`, `nothing-new`, `slow` (pages came until its time was over), `empty` (answers without a single
        article link), `layout-changed` (entry columns that had rows answer with none), or what kept it from reading.

        What a person has to look at comes before what went well.
        """
        if self.withheld:
            return self.withheld
        if self.challenged:
            return f"blocked-{next(iter(self.challenged.values()))}"
        if self.finished == "blocked":
            return self.failure_class
        if self.lost_columns:
            return "empty" if self.lost_columns <= self.vacant and not self.new_pages else "layout-changed"
        if self.slow or self.finished == "closespider_timeout":
            return "slow" if self.pages else "timeout"
        if self.new_pages or self.changed:
            return "ok"
        if self.pages and self.rows and self.rows == self.rows_known:
            return "nothing-new"
        if self.pages and not self.rows:
            return "empty"
        return _STATES.get(self.failure_class.partition("-")[0], self.failure_class or "empty")

    @property
    def message(self) -> str:
        """What happened, in one line of plain words; empty when the counts say it all."""
        parts = list(self.notes)
        state = self.state
        if self.moved_to and state == "moved":
            parts.insert(0, f"moved to {self.moved_to}")
        for host, kind in self.challenged.items():
            parts.append(f"{host} answered with a challenge ({kind}) and is left alone")
        if self.lost_columns:
            shown = sorted(self.lost_columns)
            more = f" and {len(shown) - 1} more" if len(shown) > 1 else ""
            parts.append(f"no rows where an earlier crawl found some: {shown[0]}{more}")
        if self.legacy_tls:
            parts.append("asked with legacy TLS, as its row says")
        example = self.examples.get(self.failure_class)
        explained = (state == "moved" and self.moved_to) or self.challenged or self.withheld
        if example and state not in ("ok", "nothing-new") and not explained:
            parts.append(example)
        return " ".join("; ".join(parts).split())[:_SHOWN]

    def row(self) -> dict[str, object]:
        """The portal's row of the crawl log."""
        return {
            "portal_id": self.portal_id,
            "pages": self.pages,
            "new_pages": self.new_pages,
            "changed_pages": self.changed,
            "errors": self.errors,
            "failure_class": self.failure_class,
            "state": self.state,
            "links_left": len(self.left),
            "moved_to": self.moved_to if self.state == "moved" else "",
            "message": self.message,
            "columns": dict(sorted(self.columns.items())),
            "challenged": dict(sorted(self.challenged.items())),
            "legacy_tls": self.legacy_tls,
        }


_STATES = {
    "http": "error",
    "robots": "robots",
    "oversize": "error",
    "redirect": "error",
    "inside": "error",
    "headers": "error",
    "gone": "moved",
    "throttled": "error",
    "portal": "timeout",
    "not": "error",
}
