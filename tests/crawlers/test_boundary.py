"""Where a crawl may go: addresses inside a network, names that change their mind, addresses without end."""

from __future__ import annotations

import ipaddress
import subprocess
import sys
import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.crawler import Crawler
from twisted.internet import reactor
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred

from config.model import Crawling
from crawlers.addresses import URL_LENGTH, is_trap, without_session
from crawlers.boundary import BoundaryMiddleware, PortalResolver, public_address
from crawlers.outcome import Left
from crawlers.spiders import PortalSpider
from crawlers.target import Target

INSIDE = (
    "127.0.0.1", "10.1.2.3", "192.168.0.9", "172.31.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:53aa:64c:0:0:80ff:fffe", "x", "",
)  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_a_network_are_not_public(address: str) -> None:
    assert not public_address(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are(address: str) -> None:
    assert public_address(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_as_public_however_it_is_written(address: ipaddress.IPv4Address) -> None:
    plain = public_address(str(address))
    assert public_address(f"::ffff:{address}") is plain
    assert public_address(str(ipaddress.IPv6Address((0x0064FF9B << 96) + int(address)))) is plain
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert not plain


def found(waiting: Deferred[tuple[str, ...]]) -> tuple[str, ...]:
    results: list[tuple[str, ...]] = []
    waiting.addCallback(results.append)
    assert len(results) == 1
    return results[0]


def resolver(*answers: Sequence[str]) -> tuple[PortalResolver, list[str]]:
    """A resolver whose name server gives one answer after the other, and the names it was asked for."""
    asked: list[str] = []
    given = iter(answers)

    def lookup(host: str) -> Sequence[str]:
        asked.append(host)
        return next(given)

    return PortalResolver(reactor, {"A.test": "127.0.0.1", "none.test": ""}, 3, lookup), asked  # type: ignore[arg-type]


def test_the_table_stands_before_names_and_written_addresses_are_checked() -> None:
    made, asked = resolver()
    assert found(made.addresses("a.TEST")) == ("127.0.0.1",)
    assert found(made.addresses("none.test")) == ()
    assert found(made.addresses("127.0.0.1")) == ()
    assert found(made.addresses("[::1]")) == ()
    assert found(made.addresses("8.8.8.8")) == ("8.8.8.8",)
    assert asked == []


def test_of_an_answer_only_public_addresses_are_used_and_ipv4_first() -> None:
    made, _ = resolver(
        ["2001:4860:4860::8888", "10.0.0.1", "8.8.8.8"], ["127.0.0.1", "::1"], ["2001:4860:4860::8888", "fe80::1"]
    )
    assert found(made.addresses("mixed.cn")) == ("8.8.8.8",)
    assert found(made.addresses("inside.cn")) == ()
    assert found(made.addresses("new.cn")) == ("2001:4860:4860::8888",)


def test_a_name_that_changes_its_mind_is_asked_once_and_never_believed_inside() -> None:
    made, asked = resolver(["8.8.8.8"], ["127.0.0.1"])
    seen: list[object] = []

    class Receiver:
        def resolutionBegan(self, resolution: object) -> None:  # noqa: N802
            seen.append("began")

        def addressResolved(self, address: IPv4Address | IPv6Address) -> None:  # noqa: N802
            seen.append(address.host)

        def resolutionComplete(self) -> None:  # noqa: N802
            seen.append("complete")

    made.resolveHostName(Receiver(), "rebinding.cn", 80)
    made.resolveHostName(Receiver(), "Rebinding.cn.", 80)
    assert asked == ["rebinding.cn"]
    assert seen == ["began", "8.8.8.8", "complete"] * 2
    made, asked = resolver(["127.0.0.1"], ["8.8.8.8"])
    assert found(made.addresses("first-inside.cn")) == ()


def test_a_lookup_that_fails_gives_no_address() -> None:
    def lookup(host: str) -> Sequence[str]:
        raise OSError("no name server")

    assert found(PortalResolver(reactor, {}, 3, lookup).addresses("a.cn")) == ()  # type: ignore[arg-type]


def test_a_lookup_that_hangs_keeps_nobody_waiting() -> None:
    # In a process of its own, because a reactor runs but once.
    program = """
import time
from twisted.internet import reactor
from crawlers.boundary import PortalResolver
resolver = PortalResolver(reactor, {}, 1, lambda host: time.sleep(60))
resolver.install()
def begin():
    resolver.addresses("a.cn").addCallback(lambda found: (print(found), reactor.stop()))
reactor.callWhenRunning(begin)
reactor.run()
"""
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    assert (done.stdout, done.returncode) == ("()\n", 0), done.stderr
    assert time.monotonic() - begun < 15


CRAWLING = Crawling(user_agent="xietong/0.1 test", contact="nobody@example.org")


def boundary(target: Target) -> tuple[BoundaryMiddleware, PortalSpider]:
    crawler = Crawler(PortalSpider)
    crawler.spider = PortalSpider(target=target, crawling=CRAWLING)
    return BoundaryMiddleware(crawler), crawler.spider


HERE = Target("a", "generic", frozenset({"a.cn"}), ports=frozenset((80, 443, 8080)), resting=(("b.cn", "2026-01-01"),))


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://a.cn/x", None), ("https://A.cn/x", None), ("http://a.cn:8080/x", None),
        ("http://a.cn:22/x", "offsite"), ("http://a.cn:99999/x", "offsite"), ("http://b.a.cn/", "offsite"),
        ("http://127.0.0.1/", "offsite"), ("http://127.0.0.1@a.cn/", "offsite"), ("http://a.cn@127.0.0.1/", "offsite"),
        ("http://a.cn\\@127.0.0.1/", "offsite"), ("ftp://a.cn/", "offsite"),
        ("http://a.cn/" + "x" * URL_LENGTH, "url-too-long"), ("http://a.cn/zc/zc/zc/1.html", "trap"),
    ],
)  # fmt: skip
def test_only_hosts_ports_and_addresses_of_the_portal_are_asked(url: str, kind: str | None) -> None:
    middleware, _ = boundary(HERE)
    request = Request("http://a.cn/")
    request._url = url  # as a redirect would leave it, without Scrapy's own cleaning
    if kind is None:
        middleware.process_request(request)
        return
    with pytest.raises(Left) as left:
        middleware.process_request(request)
    assert left.value.failure_class == kind


@pytest.mark.parametrize(
    ("url", "kind"),
    [("http://b.cn/", "moved"), ("http://10.0.0.1/", "inside-address"), ("http://[::1]/", "inside-address"),
     ("http://localhost/", "inside-address"), ("http://a.cn:22/", "moved")],
)  # fmt: skip
def test_a_redirect_that_leaves_is_told_apart(url: str, kind: str) -> None:
    middleware, spider = boundary(HERE)
    with pytest.raises(Left) as left:
        middleware.process_request(Request(url, meta={"redirect_urls": ["http://a.cn/"]}))
    assert left.value.failure_class == kind
    assert spider.outcome.moved_to == (url if kind == "moved" else "")


def test_hosts_at_rest_and_hosts_that_challenged_are_not_asked() -> None:
    target = Target("a", "generic", frozenset({"a.cn", "b.cn"}), resting=(("b.cn", "2026-11-24"),))
    middleware, spider = boundary(target)
    with pytest.raises(Left) as left:
        middleware.process_request(Request("http://b.cn/"))
    assert left.value.failure_class == "resting"
    assert "rests until 2026-11-24" in spider.outcome.message
    middleware.process_request(Request("http://a.cn/"))
    spider.outcome.challenged["a.cn"] = "jsl"
    with pytest.raises(Left):
        middleware.process_request(Request("http://a.cn/"))


@pytest.mark.parametrize(
    ("url", "cleaned"),
    [
        ("http://a.cn/x.jsp;jsessionid=0A1B?id=3", "http://a.cn/x.jsp?id=3"),
        ("http://a.cn/x?PHPSESSID=ab12&id=3", "http://a.cn/x?id=3"),
        ("http://a.cn/x?id=3&sessionid=ab12", "http://a.cn/x?id=3"),
        ("http://a.cn/x?jsessionid=ab12", "http://a.cn/x"),
        ("http://a.cn/x?CFID=1&CFTOKEN=2#top", "http://a.cn/x#top"),
        ("http://a.cn/side/session/1.html?sid=3", "http://a.cn/side/session/1.html?sid=3"),
        ("http://a.cn/x?cfield=1", "http://a.cn/x?cfield=1"),
        ("http://a.cn/x?", "http://a.cn/x?"),
    ],
)
def test_the_number_of_a_visit_is_no_part_of_an_address(url: str, cleaned: str) -> None:
    assert without_session(url) == cleaned


@given(st.text("abc/?&=;#sidjeonph", max_size=40))
def test_cleaning_twice_is_cleaning_once(tail: str) -> None:
    once = without_session(f"http://a.cn/{tail}")
    assert without_session(once) == once


@pytest.mark.parametrize(
    ("path", "trap"),
    [
        ("/zc/zc/1.html", False), ("/zc/zc/zc/1.html", True), ("/art/2024/5/5/5/art_1_2.html", False),
        ("/a/b/c/a/b/c/a/b/c/x.html", False), ("/gk/zc/gk/zc/gk/zc/x.html", True), ("/x" * 15, True), ("", False),
    ],
)  # fmt: skip
def test_paths_that_repeat_themselves_are_traps(path: str, trap: bool) -> None:
    assert is_trap(f"http://a.cn{path}") is trap
