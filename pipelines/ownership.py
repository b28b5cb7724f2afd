"""Whose a page is: the portal that its host belongs to, and the unit that speaks there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from config.loader import Region

IMPORT_PORTAL = "import"
_HOST_PORTAL = "host:"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who published a text in one place.

    `unit` is the code of the unit that speaks; `own` says whether the place is the unit's own government (a bureau's
    portal is not): only such a publication counts for the unit's row of a matrix.
    """

    portal_id: str
    unit: str | None
    own: bool
    name: str


def portal_id(region: Region, url: str, warc_files: Collection[str], any_host: frozenset[str]) -> str | None:
    """The portal a capture belongs to; None for a host that is not listed and was not asked for.

    `any_host` are the archive files whose every host was wanted: there an unlisted host is a portal of its own.
    """
    portal = region.portal_of(url)
    if portal is not None:
        return portal.portal_id
    if any_host.isdisjoint(warc_files):
        return None
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return _HOST_PORTAL + host if host else None


def publisher_of_portal(region: Region, portal: str) -> Publisher:
    """Who speaks on a portal; nobody known on a host that is not listed."""
    row = region.portal_by_id.get(portal)
    if row is None:
        return Publisher(portal, None, False, portal.removeprefix(_HOST_PORTAL))
    return Publisher(portal, row.unit_code or None, bool(row.unit_code) and row.level != "bureau", row.name)
