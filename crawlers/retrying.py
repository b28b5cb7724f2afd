"""Asking again: when a host says when, after a burst of errors, and never what cannot help."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response

from crawlers.outcome import Left, failure_class
from crawlers.pace import rest
from crawlers.target import host_of

LONGEST_WAIT = 120.0
"""The longest Retry-After in seconds that is waited for; a host that wants more is asked another night."""
_FIRST_WAIT = 0.5
_PASSING = ("timeout", "unreachable")


def retry_after(written: str, now: datetime) -> float | None:
    """The seconds a Retry-After header asks to wait at `now`, given as seconds or as a date; None for neither."""
    written = written.strip()
    if written.isascii() and written.isdigit():
        return float(written[:9])
    try:
        until = parsedate_to_datetime(written)
    except (TypeError, ValueError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


class PatientRetryMiddleware(RetryMiddleware):
    """Asks again after 429 and 503 when the host said when, and after other server errors twice, later each time.

    A name that does not exist and a refused connection are not asked again, and a robots.txt that timed out neither:
    they would only double what a dead portal costs.
    """

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Pass an answer on, or give the request that is to be made again; `Left("blocked-429")` when the host wants
        more rest than a night has."""
        if response.status == 429 or (response.status == 503 and response.headers.get("Retry-After")):
            written = (response.headers.get("Retry-After") or b"").decode("latin-1")
            seconds = retry_after(written, datetime.now(UTC))
            if seconds is not None and seconds <= LONGEST_WAIT:
                again = self._retry(request, f"{response.status} Retry-After")
                if again is not None:
                    rest(self.crawler, host_of(request.url), seconds)
                    return again
            if response.status == 429:
                raise Left("blocked-429", f"{response.url}: 429, asked to come back later ({written or 'not when'})")
            return response
        if response.status in self.retry_http_codes:
            return self._later(request, str(response.status)) or response
        return response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:  # type: ignore[override]
        """The request to make again after a connection failed, or None."""
        kind = failure_class(exception)
        if kind not in _PASSING or (kind == "timeout" and request.meta.get("dont_obey_robotstxt")):
            return None
        if not isinstance(exception, self.exceptions_to_retry) or request.meta.get("retry_times", 0):
            return None
        return self._later(request, kind)

    def _later(self, request: Request, reason: str) -> Request | None:
        times = int(request.meta.get("retry_times", 0))
        again: Any = self._retry(request, reason)
        if isinstance(again, Request):
            seconds = max(_FIRST_WAIT, self.crawler.settings.getfloat("DOWNLOAD_DELAY")) * 2**times
            rest(self.crawler, host_of(request.url), seconds)
            return again
        return None


class BoundedRedirectMiddleware(RedirectMiddleware):
    """Follows a redirect that comes back to where it began once, for a server that only wanted to set a cookie.

    Scrapy takes the second visit for a duplicate and forgets the request without a word.
    """

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        followed = super()._redirect(redirected, request, reason)
        visited = [*request.meta.get("redirect_urls", ()), request.url].count(followed.url)
        if visited > 1:
            raise Left("redirect-loop", f"{request.url} leads to {followed.url} again and again")
        if visited:
            followed.dont_filter = True
        return followed
