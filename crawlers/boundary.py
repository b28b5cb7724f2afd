"""Where a spider may go: the hosts of its portal, by name and by address."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.crawler import Crawler
from twisted.internet.base import ThreadedResolver
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import IResolverSimple
from zope.interface import implementer  # type: ignore[import-untyped]

from crawlers.outcome import Left
from crawlers.target import host_of

if TYPE_CHECKING:
    from twisted.internet.base import ReactorBase


class BoundaryMiddleware:
    """Refuses every request, redirects included, to a host that is not the portal's own.

    Scrapy's own offsite check lets subdomains and `dont_filter` requests pass; a portal row lists its hosts exactly.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BoundaryMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise `Left("moved")` for a redirect that leaves the portal, `Left("offsite")` for any other foreign host."""
        hosts: frozenset[str] = self._crawler.spider.target.hosts  # type: ignore[union-attr]
        if host_of(request.url) not in hosts:
            kind = "moved" if request.meta.get("redirect_urls") else "offsite"
            raise Left(kind, f"{request.url}: not a host of this portal")


def public_address(address: str) -> bool:
    """Whether an IP address is one of the public internet: not private, loopback, link-local or reserved."""
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False


@implementer(IResolverSimple)
class PortalResolver(ThreadedResolver):
    """Resolves names as the system does, except that a table stands before it (as /etc/hosts) and that a name which
    leads to an address inside this network is refused: a page must not be able to aim the crawler at the operator's
    own machines. Addresses of the table are the operator's word and always allowed."""

    def __init__(self, reactor: ReactorBase, table: Mapping[str, str], seconds: int) -> None:
        super().__init__(reactor)
        self._table = {host.lower(): address for host, address in table.items()}
        self._known: dict[str, str] = {}
        self._seconds = seconds

    def install(self) -> None:
        """Make the reactor resolve names by this."""
        self.reactor.installResolver(self)  # type: ignore[arg-type]

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        """The IPv4 address of `name`; fails with `DNSLookupError` when there is none that may be asked."""
        host = name.lower().rstrip(".")
        if host in self._table:
            return succeed(self._table[host])
        if host in self._known:
            return succeed(self._known[host])
        try:
            ipaddress.ip_address(host.strip("[]"))
        except ValueError:
            return super().getHostByName(name, (self._seconds,)).addCallback(self._checked, host)
        return succeed(host) if public_address(host) else fail(DNSLookupError(f"{name} is not a public address"))

    def _checked(self, address: str, host: str) -> str:
        if not public_address(address):
            raise DNSLookupError(f"{host} leads to {address}, which is not a public address")
        self._known[host] = address
        return address
