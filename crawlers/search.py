"""Search interfaces: when their answers mean "ask later", and where their results go on."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawlers.paging import PAGE_NAMES, has_page_number, next_query

NO_RESULTS = "1001"


def is_json(content_type: str, body: bytes) -> bool:
    """Whether an answer is JSON by its type or, where the server says otherwise, by its first character."""
    return "json" in content_type or body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def is_throttled(text: str) -> bool:
    """Whether the State Council's library answered without results and without saying that there are none.

    It then sends `searchVO: null`; a true zero has the code 1001.
    """
    if '"searchVO"' not in text:
        return False
    try:
        data = json.loads(text.lstrip("\ufeff"))
    except ValueError:
        return False
    return isinstance(data, dict) and data.get("searchVO", ...) is None and str(data.get("code")) != NO_RESULTS


def next_result_page(url: str, form: bytes) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """The address and form of the results after these, where the request carries a page number; else None."""
    if form:
        fields = parse_qsl(form.decode("utf-8", "replace"), keep_blank_values=True)
        following = next_query(f"http://form/?{urlencode(fields)}", *PAGE_NAMES)
        if following is None or not any(name in PAGE_NAMES for name, _ in fields):
            return None
        return url, tuple(parse_qsl(urlsplit(following).query, keep_blank_values=True))
    if not has_page_number(url, *PAGE_NAMES):
        return None
    following = next_query(url, *PAGE_NAMES)
    return (following, ()) if following else None
