"""What a spider is pointed at: a portal of the configuration, or an unlisted host of a recording."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from config.loader import Region
from config.model import Column, Portal
from crawlers.windows import ALWAYS, Window

_CUSTOMARY = frozenset((80, 443))


@dataclass(frozen=True)
class Target:
    """A portal as a crawl sees it. `hosts` are the only hosts it may be asked on, in lower case, without ports; `ports`
    the only ports; `resting` those of its hosts that are to be left alone tonight, with the last such night in words.

    `delay_seconds` and `legacy_tls` are the row's own; `window` its hours.
    """

    portal_id: str
    dialect: str
    hosts: frozenset[str]
    columns: tuple[Column, ...] = ()
    ports: frozenset[int] = _CUSTOMARY
    window: Window = ALWAYS
    delay_seconds: float = 0.0
    legacy_tls: bool = False
    resting: tuple[tuple[str, str], ...] = ()


def host_of(url: str) -> str:
    """The host of a URL in lower case without its port; empty for what is no http(s) URL."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower() if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def port_of(url: str) -> int:
    """The port of an http(s) URL, said or customary; 0 for what is no port."""
    try:
        parts = urlsplit(url)
        return parts.port if parts.port is not None else {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return 0


def portal_target(region: Region, portal: Portal) -> Target:
    """The portal with its entry columns."""
    hosts = (host_of(portal.base_url), *(host.lower() for host in portal.other_hosts))
    columns = tuple(column for column in region.columns if column.portal_id == portal.portal_id)
    return Target(
        portal_id=portal.portal_id,
        dialect=portal.dialect,
        hosts=frozenset(host for host in hosts if host),
        columns=columns,
        ports=_ports((portal.base_url, *(column.url for column in columns))),
        window=Window.parse(portal.window),
        delay_seconds=portal.delay_seconds or 0.0,
        legacy_tls=portal.legacy_tls == "yes",
    )


def unlisted_target(host: str) -> Target:
    """A host that no row of the configuration lists, as a portal of its own (`host:<host>`)."""
    return Target(portal_id=f"host:{host}", dialect="generic", hosts=frozenset((host,)))


def _ports(urls: Iterable[str]) -> frozenset[int]:
    return _CUSTOMARY | {port for port in map(port_of, urls) if port}
