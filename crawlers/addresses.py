"""When two URLs are one address, and which URLs no portal needs: session ids, endless paths, monstrous queries."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

LONGEST_URL = 2_000
MOST_REPEATS = 3
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_SESSION_NAME = re.compile(r"jsessionid|phpsessid|aspsessionid\w*|session_?id|cfid|cftoken", re.IGNORECASE)
_SESSION_VALUE = re.compile(r"[0-9a-f]{16,}", re.IGNORECASE)


def without_session(url: str) -> str:
    """The URL without session ids and fragment, which name a visitor or a place on the page and no other page."""
    lower = url.lower()
    if "#" in url:
        url = url.partition("#")[0]
    if "sess" not in lower and "sid=" not in lower and "cfid=" not in lower and "cftoken=" not in lower:
        return url
    try:
        parts = urlsplit(_PATH_SESSION.sub("", url))
    except ValueError:
        return url
    query = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in query if not _is_session(name, value)]
    text = parts.query if len(kept) == len(query) else urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, text, ""))


def _is_session(name: str, value: str) -> bool:
    return bool(_SESSION_NAME.fullmatch(name) or (name.lower() == "sid" and _SESSION_VALUE.fullmatch(value)))


@lru_cache(maxsize=1 << 14)
def address_of(url: str) -> str:
    """The address a URL leads to, equal for all ways to write it: with http or https, a session id, a default port."""
    canonical = canonicalize_url(without_session(url))
    scheme, colon, rest = canonical.partition("://")
    if not colon:
        return canonical
    host, slash, path = rest.partition("/")
    default = {"http": ":80", "https": ":443"}.get(scheme, "")
    return host.removesuffix(default) + slash + path if default else rest


def trap_of(url: str) -> str | None:
    """Why a URL is not asked for although it is the portal's: `long`, or `repeats` (a tree that mirrors itself)."""
    if len(url) > LONGEST_URL:
        return "long"
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return "long"
    segments = Counter(segment for segment in parts.path.split("/") if segment)
    counts = (*segments.values(), *Counter(pairs).values())
    return "repeats" if max(counts, default=0) > MOST_REPEATS else None
