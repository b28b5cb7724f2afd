"""Addresses that would lead a crawler in circles: session ids, mirrored trees, addresses without end."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

URL_LENGTH = 2_000
_DEEP = 14
_REPEATS = 3
_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_SESSION_QUERY = re.compile(
    r"(?<=[?&])(?:jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid|cfid|cftoken|session_?id)=[^&#]*&?",
    re.IGNORECASE,
)


def without_session(url: str) -> str:
    """A URL without the number of the visit that some servers write into every link: one page, one address."""
    if "sid" not in url.lower() and "session" not in url.lower() and "cf" not in url.lower():
        return url
    address, hash_sign, fragment = url.partition("#")
    cleaned = _SESSION_QUERY.sub("", _SESSION_PATH.sub("", address)).rstrip("&")
    return (cleaned.removesuffix("?") if cleaned != address else address) + hash_sign + fragment


def is_trap(url: str) -> bool:
    """Whether the path of a URL only repeats itself or is deeper than any site is.

    Relative links that lack their `../` and folders that hold themselves make such addresses without end.
    """
    parts = [part for part in urlsplit(url).path.split("/") if part]
    if len(parts) > _DEEP:
        return True
    words = Counter(part for part in parts[:-1] if len(part) > 1 and not part.isdigit())
    return max(words.values(), default=0) >= _REPEATS
