"""The faulty portals: what each plays, and what a crawl must make of it."""

from __future__ import annotations

import gzip
import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.crawlers.faults.server import Exchange, FaultyWeb, Play, Route, Routes
from tests.crawlers.loopback import Reply, article_page, article_rows, list_page

ROWS = article_rows("/a/{}.html", 100000, 4)
ARTICLES: dict[str, Route] = {href: Reply(article_page(title)) for href, title in ROWS}
LIST = Reply(list_page(ROWS))
PATHS = frozenset(ARTICLES)
MAX_BYTES = 4_000_000
PAGE_SECONDS = 3
PORTAL_SECONDS = 15
OFFICE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>政策</title></head><body><div class="nav">'
    + "".join(f'<a href="/nav/{n}/">栏目{n}</a>' for n in range(8))
    + "{}</div></body></html>"
)


@dataclass(frozen=True)
class Faulty:
    """A portal on the host `<name>.test`. `reachable` are the articles that a careful crawler can have; `most` is how
    often the host may be asked at all, robots.txt included. `row` are cells of its line in portals.csv."""

    name: str
    routes: Mapping[str, Route]
    state: str
    failure_class: str = ""
    reachable: frozenset[str] = frozenset()
    most: int = 40
    says: str = ""
    base: str = "http://{name}.test:{port}"
    column: str = "/list.html"
    row: Mapping[str, str] = field(default_factory=dict)


def with_articles(**routes: Route) -> dict[str, Route]:
    """A healthy portal but for what `routes` say; `list` stands for its list, `a1` for its second article."""
    paths = {"list": "/list.html", "robots": "/robots.txt"} | {f"a{n}": f"/a/{100000 + n}.html" for n in range(4)}
    return {"/list.html": LIST, **ARTICLES} | {paths[key]: route for key, route in routes.items()}


def robots(text: str) -> Reply:
    return Reply(text, media="text/plain")


def without(*numbers: int) -> frozenset[str]:
    """The articles but those of some numbers."""
    return PATHS - {f"/a/{100000 + number}.html" for number in numbers}


# Plays over the bare socket.


def reset(exchange: Exchange) -> None:
    exchange.send(exchange.head(200, {"Content-Type": "text/html", "Content-Length": "100000"}) + b"<html>" * 50)
    time.sleep(0.05)
    exchange.reset()


def drip(exchange: Exchange) -> None:
    exchange.send(exchange.head(200, {"Content-Type": "text/html", "Content-Length": "100000"}))
    for _ in range(200):
        exchange.send(b"<")
        time.sleep(0.1)


def silent(exchange: Exchange) -> None:
    time.sleep(PAGE_SECONDS * 3)


def endless_headers(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\n")
    for number in itertools.count():
        exchange.send(b"".join(b"X-%d: %s\r\n" % (number * 100 + n, b"x" * 200) for n in range(100)))


def endless_body(exchange: Exchange) -> None:
    exchange.send(exchange.head(200, {"Content-Type": "text/html", "Transfer-Encoding": "chunked"}))
    while True:
        exchange.send(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def heals(after: int, status: int, then: Reply, headers: Mapping[str, str] | None = None) -> Play:
    """`status` for the first `after` requests of an address, then `then`."""

    def play(exchange: Exchange) -> None:
        exchange.reply(then if exchange.times >= after else Reply("busy", status, headers or {}))

    return play


def delayed(seconds: float, reply: Reply) -> Play:
    def play(exchange: Exchange) -> None:
        time.sleep(seconds)
        exchange.reply(reply)

    return play


def numbered_redirects(exchange: Exchange) -> None:
    number = int(exchange.asked.target.rpartition("/")[2].removesuffix(".html").removeprefix("list") or 0)
    exchange.reply(Reply("", 302, {"Location": f"/r/{number + 1}"}))


def wants_cookie(exchange: Exchange) -> None:
    if "seen=1" in exchange.asked.cookie:
        exchange.reply(LIST)
    else:
        exchange.reply(Reply("", 302, {"Location": "/list.html", "Set-Cookie": "seen=1; Path=/"}))


def calendar(exchange: Exchange) -> None:
    _, _, month = exchange.asked.target.partition("month=")
    number = int(month or 0)
    exchange.reply(
        Reply(list_page(ROWS, f'<div class="page"><a href="/list.html?month={number + 1}">下一页</a></div>'))
    )


def with_sessions(exchange: Exchange) -> None:
    visit = f"{exchange.times:032X}"
    rows = [(f"{href};jsessionid={visit}?PHPSESSID={visit}", title) for href, title in ROWS]
    twice = [*rows, *((f"{href};jsessionid=F{visit}", title) for href, title in ROWS)]
    exchange.reply(Reply(list_page(twice)))


def mirrored(exchange: Exchange) -> None:
    """A tree whose relative links lead into itself: every page stands below every other one."""
    if exchange.asked.target.endswith(".html") and "/a/" in exchange.asked.target:
        exchange.reply(Reply(article_page("一份文件")))
    else:
        rows = [(f"zc/a/{number}.html", title) for number, (_, title) in enumerate(ROWS, 100000)]
        exchange.reply(Reply(list_page(rows, '<div class="page"><a href="zc/gk/">下一页</a></div>')))


def renamed(exchange: Exchange) -> None:
    """A list that a script draws from the second night on."""
    script = "".join(f"<div data-i='{n}' onclick='go({n})'><b>{title}</b></div>" for n, (_, title) in enumerate(ROWS))
    exchange.reply(LIST if exchange.times == 0 else Reply(OFFICE.format(script)))


def emptied(exchange: Exchange) -> None:
    exchange.reply(LIST if exchange.times == 0 else Reply(OFFICE.format("<p>暂无相关内容</p>")))


GB18030 = Reply(list_page(ROWS).replace("utf-8", "gb2312").encode("gb18030"), media="text/html; charset=utf-8")
LATIN = Reply(article_page(ROWS[1][1]).replace("utf-8", "iso-8859-1"), media="text/html; charset=iso-8859-1")
BOMB = Reply(gzip.compress(b"\0" * 3_500_000), headers={"Content-Encoding": "gzip"})
NESTED = Reply(
    gzip.compress(gzip.compress(gzip.compress(b"\0" * 3_500_000))), headers={"Content-Encoding": "gzip, gzip, gzip"}
)
ERROR_PAGE = Reply("<html><head><title>404</title></head><body><h1>您访问的页面不存在</h1></body></html>")
CHALLENGES = {
    "jsl": Reply("<script>document.cookie=('_')+('_jsl_clearance_s=1');location.href=location</script>", 521),
    "ruishu": Reply("<html><script>$_ts=window['$_ts'];</script></html>", 412),
    "wzws": Reply("", 302, {"Location": "/WZWSREL3pjLw==?wzwschallenge=V1pXUw=="}),
    "yunsuo": Reply("<html><script>var yunsuo_session_verify='1';location.reload()</script></html>"),
    "knownsec": Reply("<html><body>如果您是网站管理员，请登录知道创宇云防御</body></html>", 403),
}


def make_portals() -> tuple[Faulty, ...]:
    """All faulty portals."""
    https, weak = "https://{name}.test:{tls_port}", "https://{name}.test:{weak_port}"
    return (
        Faulty("healthy", with_articles(), "ok", reachable=PATHS),
        # Connections.
        Faulty("refused", {}, "refused", "refused", base="http://{name}.test:1", most=0),
        Faulty("nameless", {}, "dns", "dns", most=0),
        Faulty("reset", with_articles(list=reset), "unreachable", "unreachable", most=3),
        Faulty("torn", with_articles(a1=reset), "ok", "unreachable", without(1)),
        Faulty("drip", with_articles(list=drip), "timeout", "timeout", most=3),
        Faulty("silent", with_articles(robots=silent), "timeout", "timeout", most=1),
        Faulty("slow", {
            "/list.html": Reply(list_page(article_rows("/a/{}.html", 100000, 60))),
            "*": delayed(0.4, Reply(article_page("一份文件")))}, "slow", "portal-timeout", most=60),
        # TLS.
        Faulty("secure", with_articles(), "ok", reachable=PATHS, base=https),
        Faulty("selfsigned", with_articles(), "tls", "tls", base=https, most=0, says="certificate"),
        Faulty("expired", with_articles(), "tls", "tls", base=https, most=0, says="certificate"),
        Faulty("wrongname", with_articles(), "tls", "tls", base=https, most=0),
        Faulty("weak", with_articles(), "tls", "tls", base=weak, most=0),
        Faulty("legacy", with_articles(), "ok", reachable=PATHS, base=weak, says="legacy TLS",
               row={"legacy_tls": "yes"}),
        # Errors, and hosts that ask for patience.
        Faulty("burst", with_articles(list=heals(2, 503, LIST), a1=heals(1, 500, Reply(article_page(ROWS[1][1])))),
               "ok", reachable=PATHS),
        Faulty("unwell", with_articles(list=Reply("oops", 500)), "error", "http-500", most=4),
        Faulty("throttled",
               with_articles(a1=heals(1, 429, Reply(article_page(ROWS[1][1])), {"Retry-After": "1"})),
               "ok", reachable=PATHS),
        Faulty("busy", with_articles(list=Reply("later", 429, {"Retry-After": "3600"})), "blocked-429", "blocked-429",
               most=2),
        # Redirects.
        Faulty("loop", {"/list.html": Reply("", 302, {"Location": "/other.html"}),
                        "/other.html": Reply("", 302, {"Location": "/list.html"})}, "error", "redirect-loop", most=7),
        Faulty("ladder", {"*": numbered_redirects, "/robots.txt": robots("")}, "error", "redirect-loop", most=8),
        Faulty("cookie", with_articles(list=wants_cookie), "ok", reachable=PATHS),
        Faulty("foreign", with_articles(list=Reply("", 301, {"Location": "http://elsewhere.test/"})), "moved", "moved",
               most=2, says="moved to http://elsewhere.test/"),
        Faulty("inside", with_articles(list=Reply("", 302, {"Location": "http://169.254.169.254/latest/"})), "error",
               "inside-address", most=2, says="169.254.169.254"),
        Faulty("back", with_articles(list=Reply("", 302, {"Location": "http://127.0.0.1/admin"})), "error",
               "inside-address", most=2),
        Faulty("otherport", with_articles(list=Reply("", 302, {"Location": "http://otherport.test:22/"})), "moved",
               "moved", most=2),
        # Sizes.
        Faulty("bomb", with_articles(a1=BOMB, a2=NESTED), "ok", "oversize", without(1, 2)),
        Faulty("flood", with_articles(list=endless_body), "error", "oversize", most=2),
        Faulty("headers", with_articles(list=endless_headers), "error", "headers-oversize", most=2),
        # Pages that are not what they say.
        Faulty("charset", with_articles(list=GB18030, a1=LATIN), "ok", reachable=PATHS),
        Faulty("errorpage", with_articles(list=ERROR_PAGE), "empty", most=2),
        Faulty("renamed", with_articles(list=renamed), "ok", reachable=PATHS),
        Faulty("emptied", with_articles(list=emptied), "ok", reachable=PATHS),
        # Challenges.
        *(Faulty(kind, with_articles(list=reply), f"blocked-{kind}", f"blocked-{kind}", most=2, says=f"({kind})")
          for kind, reply in CHALLENGES.items()),
        Faulty("midway", with_articles(a1=CHALLENGES["jsl"]), "blocked-jsl", "blocked-jsl",
               frozenset({"/a/100000.html"}), most=4, row={"delay_seconds": "0.2"}),
        # Traps.
        Faulty("calendar", with_articles(list=calendar), "ok", reachable=PATHS, most=16),
        Faulty("session", with_articles(list=with_sessions), "ok", reachable=PATHS, most=8),
        Faulty("mirrored", {"*": mirrored, "/robots.txt": robots("")}, "ok", column="/", most=20),
        # robots.txt.
        Faulty("robotsdown", with_articles(robots=Reply("", 503)), "robots", "robots-503", most=3),
        Faulty("robotscut", with_articles(robots=reset), "unreachable", "unreachable", most=2),
        Faulty("forbidden", with_articles(robots=robots("User-agent: *\nDisallow: /\n")), "robots", "robots", most=1),
        Faulty("inpart", with_articles(robots=robots("User-agent: xietong\nDisallow: /a/100002\n")), "ok", "robots",
               without(2)),
        Faulty("paced", with_articles(robots=robots("User-agent: *\nCrawl-delay: 1\n")), "ok", reachable=PATHS,
               says="15 pages a night"),
        Faulty("patience", with_articles(robots=robots("User-agent: *\nCrawl-delay: 86400\n")), "empty", most=2,
               says="86400 s between requests: at most 1 pages"),
        # What its row says.
        Faulty("byrow", with_articles(), "ok", reachable=PATHS, row={"delay_seconds": "0.5"}),
        Faulty("asleep", with_articles(), "waiting", most=0, says="its window is", row={"window": "closed"}),
    )  # fmt: skip


def routes(portals: tuple[Faulty, ...], web: FaultyWeb) -> Routes:
    """What the server plays for all portals."""
    return {f"{portal.name}.test": dict(portal.routes) for portal in portals}
