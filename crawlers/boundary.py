"""Where a spider may go: the hosts and ports of its portal, by name and by address."""

from __future__ import annotations

import ipaddress
import logging
import re
import socket
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.crawler import Crawler
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure
from twisted.python.threadpool import ThreadPool
from zope.interface import implementer  # type: ignore[import-untyped]

from crawlers.addresses import URL_LENGTH, is_trap
from crawlers.outcome import Left, Outcome
from crawlers.target import Target, host_of, port_of

if TYPE_CHECKING:
    from twisted.internet.base import ReactorBase

_STRANGE = re.compile(r"^https?://[^/?#]*[@\\\s]|[\x00-\x20\x7f]", re.IGNORECASE)
_log = logging.getLogger(__name__)
_LOOKUPS_AT_A_TIME = 32
_LOOKUP_SECONDS = 15
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


class BoundaryMiddleware:
    """Refuses every request, redirects included, to a host or port that is not the portal's own, and addresses that
    are traps.

    Scrapy's own offsite check lets subdomains and `dont_filter` requests pass; a portal row lists its hosts exactly.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BoundaryMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise `Left`: `moved` for a redirect that leaves the portal, `inside-address` for one into a private network,
        `offsite` for any other foreign host or port, `url-too-long`, `trap`, `resting` for a host at rest."""
        spider: Any = self._crawler.spider
        target: Target = spider.target
        outcome: Outcome = spider.outcome
        url, host = request.url, host_of(request.url)
        redirected = bool(request.meta.get("redirect_urls"))
        if len(url) > URL_LENGTH:
            raise Left("url-too-long", f"{url[:200]} …: {len(url)} characters")
        ports = target.ports if spider.recording is None else {port_of(url)}
        if host not in target.hosts or port_of(url) not in ports or _STRANGE.search(url):
            if redirected and _is_inside(host):
                raise Left("inside-address", f"{request.meta['redirect_urls'][0]} leads to {url}, inside a network")
            if redirected and not request.meta.get("dont_obey_robotstxt"):
                outcome.moved_to = outcome.moved_to or url
            raise Left("moved" if redirected else "offsite", f"{url}: not a host and port of this portal")
        if is_trap(url):
            raise Left("trap", f"{url}: an address that only repeats itself")
        until = dict(target.resting).get(host)
        if until is not None:
            outcome.note(f"{host} rests until {until}, because it answered with a challenge")
            raise Left("resting", f"{url}: {host} rests until {until}")
        if host in outcome.challenged:
            raise Left("resting", f"{url}: {host} answered with a challenge")


def _is_inside(host: str) -> bool:
    """Whether a host is written as an address that is not public, or is this machine."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return not public_address(host)


def public_address(address: str) -> bool:
    """Whether an IP address is one of the public internet: not private, loopback, link-local, multicast or reserved,
    nor an IPv6 way to write such an address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if inner is None and parsed in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None:
            return public_address(str(inner))
        if parsed.scope_id or parsed.is_site_local:
            return False
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


class _Lookups(ThreadPool):
    """Threads for lookups; nobody waits for one that hangs when the run ends."""

    threadFactory = staticmethod(partial(Thread, daemon=True))  # type: ignore[assignment]  # noqa: N815


Lookup = Callable[[str], Sequence[str]]


def system_lookup(host: str) -> Sequence[str]:
    """All addresses the system knows for a name, IPv4 first; `OSError` when there is none."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    ordered = sorted(found, key=lambda one: one[0] != socket.AF_INET)
    return tuple(dict.fromkeys(str(one[4][0]) for one in ordered))


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing to cancel: a lookup ends by itself."""


@implementer(IHostnameResolver)
class PortalResolver:
    """Resolves names as the system does, except that a table stands before it (as /etc/hosts) and that only public
    addresses are given out: a page must not be able to aim the crawler at the operator's own machines.

    A name is looked up once a run, and the connection is made to the very address that was checked, so that a second
    answer of the name server cannot slip in between. Addresses of the table are the operator's word and always allowed;
    an empty one says that the name does not exist.
    """

    def __init__(
        self, reactor: ReactorBase, table: Mapping[str, str], seconds: int, lookup: Lookup = system_lookup
    ) -> None:
        self._reactor = reactor
        self._known: dict[str, tuple[str, ...]] = {
            host.lower(): (address,) if address else () for host, address in table.items()
        }
        self._seconds = min(seconds, _LOOKUP_SECONDS)
        self._lookup = lookup
        self._pool: ThreadPool | None = None

    def install(self) -> None:
        """Make the reactor resolve names by this."""
        reactor: Any = self._reactor
        self._pool = _Lookups(0, _LOOKUPS_AT_A_TIME, "names")
        reactor.installNameResolver(self)
        reactor.callWhenRunning(self._pool.start)

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Give `resolutionReceiver` the addresses of `hostName` that may be asked; none where there is none."""
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)

        def found(addresses: Sequence[str]) -> None:
            for address in addresses:
                kind = IPv6Address if ":" in address else IPv4Address
                if addressTypes is None or kind in addressTypes:
                    resolutionReceiver.addressResolved(kind("TCP", address, portNumber))
            resolutionReceiver.resolutionComplete()

        self.addresses(hostName).addCallback(found)
        return resolution

    def addresses(self, name: str) -> Deferred[tuple[str, ...]]:
        """The addresses of `name` that may be asked, in the order in which they should be tried."""
        host = name.lower().rstrip(".")
        if host in self._known:
            return succeed(self._known[host])
        try:
            ipaddress.ip_address(host.strip("[]"))
        except ValueError:
            waiting: Deferred[Sequence[str]] = self._looked_up(host)
            return waiting.addCallbacks(self._checked, self._missing, callbackArgs=(host,))
        return succeed((host,) if public_address(host) else ())

    def _looked_up(self, host: str) -> Deferred[Sequence[str]]:
        if self._pool is None:
            try:
                return succeed(self._lookup(host))
            except OSError:
                return succeed(())
        reactor: Any = self._reactor
        lookup: Deferred[Sequence[str]] = deferToThreadPool(reactor, self._pool, self._lookup, host)
        return lookup.addTimeout(self._seconds, reactor)

    def _checked(self, addresses: Sequence[str], host: str) -> tuple[str, ...]:
        allowed = tuple(address for address in addresses if public_address(address))
        first = tuple(address for address in allowed if ":" not in address) or allowed
        if first:
            self._known[host] = first
        elif addresses:
            _log.error("%s leads to %s, which is not a public address; it is not asked", host, addresses[0])
        return first

    def _missing(self, failure: Failure) -> tuple[str, ...]:
        return ()
