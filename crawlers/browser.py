"""Lists that only a script can draw: a real Chromium that has no network of its own.

Everything the page asks for goes through Scrapy's downloader instead: robots.txt, pace, size, the guards against other
hosts and private addresses, and the archive hold for it as for every other request, and a challenge stays unsolved.
This needs the extra `browser` (`pip install xietong[browser]`) and a Chromium: the one that `playwright install
chromium` brings, or the program that XIETONG_CHROMIUM names.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from typing import Final

from scrapy import Request
from scrapy.http import Response

from crawlers.target import host_of

Fetch = Callable[[Request], Awaitable[Response]]

MAX_REQUESTS: Final = 40
"""So many requests a page may make: a list needs a few scripts and one or two answers with rows."""
_KINDS: Final = frozenset(("document", "script", "xhr", "fetch"))
_QUIET_MILLISECONDS: Final = 60_000
_ARGUMENTS: Final = (
    "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-quic", "--disable-gpu", "--no-first-run",
)  # fmt: skip
_KEPT: Final = frozenset(("accept", "content-type", "referer", "x-requested-with"))
_HOP: Final = frozenset(("content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"))


class BrowserError(Exception):
    """Why a page could not be drawn, in words for the operator."""


def can_draw() -> bool:
    """Whether the extra `browser` is installed."""
    return find_spec("playwright") is not None


async def drawn(response: Response, fetch: Fetch, hosts: frozenset[str], user_agent: str) -> bytes:
    """The markup that a page has after its scripts have run, as UTF-8. Raises `BrowserError`.

    `response` is the page as it came, `fetch` gets what its scripts ask for, and only from `hosts`; pictures, fonts and
    styles are not asked for.
    """
    if not can_draw():
        raise BrowserError("a column says browser=yes: pip install xietong[browser]")
    from playwright.async_api import Error, Route, async_playwright

    asked = 0

    async def answer(route: Route) -> None:
        nonlocal asked
        wanted = route.request
        if wanted.url == response.url and wanted.method == "GET":
            await route.fulfill(status=response.status, headers=_plain(response), body=response.body)
            return
        if wanted.resource_type not in _KINDS or host_of(wanted.url) not in hosts or asked >= MAX_REQUESTS:
            await route.abort()
            return
        asked += 1
        headers = {name: value for name, value in wanted.headers.items() if name.lower() in _KEPT}
        request = Request(
            wanted.url, method=wanted.method, body=wanted.post_data_buffer or b"", headers=headers, dont_filter=True
        )
        try:
            got = await fetch(request)
        except Exception:
            # Whatever refused it (robots.txt, a guard, a challenge, the network) is counted by the crawl's own rules.
            await route.abort()
            return
        await route.fulfill(status=got.status, headers=_plain(got), body=got.body)

    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=os.environ.get("XIETONG_CHROMIUM") or None,
                chromium_sandbox=os.geteuid() != 0,
                args=list(_ARGUMENTS),
            )
            try:
                page = await browser.new_page(user_agent=user_agent, service_workers="block", accept_downloads=False)
                await page.route("**/*", answer)
                await page.goto(response.url, wait_until="networkidle", timeout=_QUIET_MILLISECONDS)
                markup: str = await page.content()
                return markup.encode()
            finally:
                await browser.close()
    except Error as error:
        raise BrowserError(" ".join(str(error).split())[:200]) from None


def _plain(response: Response) -> dict[str, str]:
    """The headers of an answer whose body is already unpacked."""
    named = response.headers.to_unicode_dict().items()
    return {str(name): str(value) for name, value in named if str(name).lower() not in _HOP}
