"""How a connection to a portal is made: with which TLS, for how long, and with how much of a header."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers import http11
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred
from twisted.internet.ssl import AcceptableCiphers, TLSVersion, optionsForClientTLS
from twisted.web.client import Agent, BrowserLikePolicyForHTTPS
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

from crawlers.outcome import Left, Outcome
from crawlers.target import Target, host_of

HEADER_BYTES = 64 * 1024
CONNECT_SECONDS = 15.0
_OP_LEGACY_SERVER_CONNECT = 0x4


@implementer(IPolicyForHTTPS)
class PortalTLS(BrowserLikePolicyForHTTPS):
    """Certificates are always verified, and TLS before 1.2 is only spoken where the portal's row says `legacy_tls`.

    Legacy is what OpenSSL 3 and later refuse by themselves: TLS 1.0 and 1.1, old ciphers and hashes, and servers that
    do not know secure renegotiation (RFC 5746).
    """

    def __init__(self, legacy: bool) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._legacy = legacy

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802
        """What makes a TLS connection to a host."""
        name = hostname.decode("ascii")
        if not self._legacy:
            return optionsForClientTLS(name)
        strength: Any = AcceptableCiphers
        weak = {
            "insecurelyLowerMinimumTo": TLSVersion.TLSv1_0,
            "acceptableCiphers": strength.fromOpenSSLCipherString("DEFAULT:@SECLEVEL=0"),
        }
        creator: Any = optionsForClientTLS(name, extraCertificateOptions=weak)
        context = creator._createConnection.__self__.getContext()
        context.set_options(_OP_LEGACY_SERVER_CONNECT)
        context.set_cipher_list(b"DEFAULT:@SECLEVEL=0")
        return creator


class _BoundedParser(http11._LenientHTTPClientParser):
    """Refuses an answer whose header does not end, which Twisted would keep in memory until its time is over."""

    _header_bytes = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        self._header_bytes += len(line)
        if self._header_bytes > HEADER_BYTES:
            raise Left("headers-oversize", f"a header of more than {HEADER_BYTES} bytes")
        super().lineReceived(line)


class _BoundedProtocol(http11._LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Deferred[Any]:
        answer: Deferred[Any] = super().request(request)
        assert self._parser is not None
        self._parser.__class__ = _BoundedParser
        return answer


class _BoundedFactory(http11._LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _BoundedProtocol:  # noqa: N802
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class _PromptAgent(http11._ScrapyAgent):
    """Gives a host that does not even accept a connection up long before a slow page."""

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        return super()._get_agent(request, min(timeout, CONNECT_SECONDS))


class PortalDownloadHandler(http11.HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 under the TLS rules of the portal, with a bounded header and a short wait for a connection."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        spider: Any = crawler.spider
        target: Target = spider.target
        self._contextFactory: Any = PortalTLS(target.legacy_tls)
        self._pool._factory = _BoundedFactory
        self._outcome: Outcome = spider.outcome
        self._legacy = target.legacy_tls

    async def download_request(self, request: Request) -> Response:
        """The answer to a request, as it came; the outcome keeps that legacy TLS was allowed.

        Raises `Left("resting")` for a host that answered with a challenge while the request was waiting for its turn.
        """
        if host_of(request.url) in self._outcome.challenged:
            raise Left("resting", f"{request.url}: the host answered with a challenge")
        if self._legacy and request.url.startswith("https:"):
            self._outcome.legacy_tls = True
        agent = _PromptAgent(
            contextFactory=self._contextFactory,
            pool=self._pool,
            maxsize=self._default_maxsize,
            crawler=self._crawler,
        )
        with wrap_twisted_exceptions():
            return await maybe_deferred_to_future(agent.download_request(request))
