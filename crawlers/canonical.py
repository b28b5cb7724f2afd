"""When two URLs are one address."""

from __future__ import annotations

from functools import lru_cache

from w3lib.url import canonicalize_url

from crawlers.addresses import without_session


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
