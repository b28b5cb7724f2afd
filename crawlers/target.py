"""What a spider is pointed at: a portal of the configuration, or an unlisted host of a recording."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from config.loader import Region
from config.model import Column, Portal


@dataclass(frozen=True)
class Target:
    """A portal as a crawl sees it. `hosts` are the only hosts it may be asked on, in lower case, without ports."""

    portal_id: str
    dialect: str
    hosts: frozenset[str]
    columns: tuple[Column, ...] = ()


def host_of(url: str) -> str:
    """The host of a URL in lower case without its port; empty for what is no http(s) URL."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower() if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def portal_target(region: Region, portal: Portal) -> Target:
    """The portal with its entry columns."""
    hosts = (host_of(portal.base_url), *(host.lower() for host in portal.other_hosts))
    return Target(
        portal_id=portal.portal_id,
        dialect=portal.dialect,
        hosts=frozenset(host for host in hosts if host),
        columns=tuple(column for column in region.columns if column.portal_id == portal.portal_id),
    )


def unlisted_target(host: str) -> Target:
    """A host that no row of the configuration lists, as a portal of its own (`host:<host>`)."""
    return Target(portal_id=f"host:{host}", dialect="generic", hosts=frozenset((host,)))
