"""Challenge pages: recognised so that they are reported by name, and never solved.

A portal that asks a browser to prove itself has said that it does not want a crawler; the operator may ask its owner.
"""

from __future__ import annotations

import re
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.outcome import Left
from crawlers.target import host_of

_SCRIPT_ONLY = 20_000
_MARKS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("wzws", re.compile(rb"WZWSREL|wzwschallenge|/waf_verify|wzws_sid", re.IGNORECASE)),
    ("yunsuo", re.compile("yunsuo_session_verify|security_session_(?:mid_)?verify|云锁".encode())),
    ("jsl", re.compile(rb"__jsl_clearance|jsl_clearance_s|document\.cookie\s*=\s*\('_'\)|go\(\{\"bts\"")),
    ("knownsec", re.compile("知道创宇云(?:防御|安全)|yunaq\\.com|jiasule\\.com".encode())),
    ("ruishu", re.compile(rb"\$_ts\s*=\s*window\[|<meta[^>]+content=\"[^\"]{60,}\"[^>]*r=['\"]m['\"]")),
)


def challenge_of(status: int, headers: dict[str, str], body: bytes) -> str | None:
    """The kind of challenge or refusal an answer is (`jsl`, `ruishu`, `wzws`, `yunsuo`, `knownsec`, `403`, …), or None.

    `headers` in lower case. A page long enough to be a page is not searched: an article may quote such words.
    """
    location, cookies = headers.get("location", ""), headers.get("set-cookie", "")
    if "WZWSREL" in location or "wzws" in location.lower():
        return "wzws"
    if status in (301, 302, 303, 307, 308):
        return None
    if status == 521:
        return "jsl"
    short = body if len(body) <= _SCRIPT_ONLY else b""
    for kind, mark in _MARKS:
        found = mark.search(short)
        if found and (status != 200 or b"<script" in short.lower() or kind == "knownsec") and not _has_links(short):
            return kind
    if status == 412:
        return "ruishu"
    if status == 403 and "yunsuo" in cookies:
        return "yunsuo"
    if status in (401, 403, 405, 429):
        return str(status)
    return None


def _has_links(body: bytes) -> bool:
    return len(re.findall(rb"<a\s[^>]*href", body, re.IGNORECASE)) >= 8


class ChallengeMiddleware:
    """Turns a challenge into a named failure before anything follows its redirect or reads its script.

    The host is then left alone for the rest of the run (see `BoundaryMiddleware`), and the outcome names it, so that
    later runs can leave it alone for some nights. A bare refusal (403, 429 …) speaks of one page, not of the host.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ChallengeMiddleware:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Pass an ordinary answer on; raise `Left("blocked-<kind>")` for a challenge."""
        headers = {
            str(key, "latin-1").lower(): b" ".join(values).decode("latin-1") for key, values in response.headers.items()
        }
        kind = challenge_of(response.status, headers, response.body)
        spider: Any = self._crawler.spider
        live = spider.recording is None
        if kind is None or (kind == "429" and live):
            return response
        if live and is_challenge(kind):
            spider.outcome.challenged.setdefault(host_of(response.url), kind)
        raise Left(f"blocked-{kind}", f"{response.url}: {kind} challenge")


def is_challenge(kind: str) -> bool:
    """Whether a kind is a challenge, by which a host refuses all crawlers, and not a bare status."""
    return not kind.isdigit()
