"""A web of made-up portals that lives through many nights in memory, and knows what a crawler should have of it.

Lists are in the markup of the sample families. Every night articles appear, at the head of a list or back-dated deep in
it; some change, move (with or without a redirect) or vanish; rows are pinned; hosts fail and come back. Everything
follows from a seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from types import ModuleType
from typing import Any, Literal
from urllib.parse import parse_qsl, urljoin, urlsplit

from extract.model import Listing, ListItem
from tests.crawlers.loopback import TITLES, article_page
from tests.sample_portals.families import bd_dash, ccode_hex, chy_hex, jcms, jeecms, powereasy, trs, ucap, zjk_channel
from tests.sample_portals.web import Article, Column, Site

Fault = Literal["refused", "dns", "timeout", "http-503", "http-404", ""]
FAULTS: tuple[Fault, ...] = ("refused", "dns", "timeout", "http-503", "http-404")


@dataclass(frozen=True)
class Family:
    """How a family of the sample portals names the pages of a list."""

    dialect: str
    markup: ModuleType
    column_path: str
    page: Callable[[str, int], str]
    charset: str = "utf-8"


def _suffixed(ending: str, first: int, mark: str = "_") -> Callable[[str, int], str]:
    return lambda path, number: path.replace(ending, f"{mark}{number + first}{ending}") if number else path


FAMILIES = (
    Family("trs", trs, "/zwgk/c{}/index.html", _suffixed(".html", 0)),
    Family("jeecms", jeecms, "/x/c{}/index.html", _suffixed(".html", 1)),
    Family("ccode-hex", ccode_hex, "/c{}/listDisplaySelf.shtml", _suffixed(".shtml", 1)),
    Family("zjk-channel", zjk_channel, "/channel/list/10{}.html", _suffixed(".html", 1)),
    Family("bd-dash", bd_dash, "/zwgkdoclist-88{}-list.html", _suffixed(".html", 1, "-")),
    Family("generic", chy_hex, "/zwgk/c{}/index.html", _suffixed(".html", 1), "gbk"),
    Family("ucap", ucap, "/zwgk/c{}/list.shtml", _suffixed(".shtml", 0)),
    Family("powereasy", powereasy, "/Category_{}/Index.aspx", _suffixed(".aspx", 1)),
    Family("jcms", jcms, "/col/col36{}/index.html", lambda path, number: f"{path}?uid=1412&pageNum={number + 1}"),
)


@dataclass(frozen=True)
class Shape:
    """How large and how lively a simulated web is; chances are by night and column, or by article where so named."""

    portals: int
    nights: int
    seed: int = 1
    rows: tuple[int, int] = (20, 260)
    per_page: int = 15
    rates: tuple[float, ...] = (0.02, 0.1, 0.3, 0.8)
    back_dated: float = 0.01
    changes_of_article: float = 0.06
    moves_of_article: float = 0.02
    vanishes_of_article: float = 0.03
    flaky_of_article: float = 0.02
    outages: float = 0.004
    begins: date = date(2025, 1, 1)


@dataclass
class Story:
    """An article through its life. Nights count from 0; `gone` is the first night without it."""

    article: Article
    born: int
    deep: bool
    version: int = 0
    changed: list[int] = field(default_factory=list)
    gone: int | None = None
    flaky: int = 0
    validators: bool = False
    events: dict[int, str] = field(default_factory=dict)


@dataclass
class Portal:
    """A simulated portal: its site as the sample families want it, and the stories of each column in list order."""

    site: Site
    family: Family
    rates: dict[str, float]
    stories: dict[str, list[Story]] = field(default_factory=dict)
    pages: dict[str, Story | str] = field(default_factory=dict)
    pinned: dict[str, Story | None] = field(default_factory=dict)
    pinned_everywhere: bool = False
    fault: Fault = ""
    until: int = 0
    up: list[bool] = field(default_factory=list)
    quiet: bool = True
    """Nothing has happened since the last night, and nothing was asked for the first time."""
    requests: int = 0
    asked: set[str] = field(default_factory=set)
    drawn: dict[str, bytes] = field(default_factory=dict)

    @property
    def portal_id(self) -> str:
        return self.site.portal_id

    def path(self, article: Article) -> str:
        path: str = self.family.markup.article_path(self.site, article)
        return path

    def rows(self, column: str) -> list[Story]:
        """The stories of a column as its list shows them, without a pinned one."""
        return [story for story in self.stories[column] if story is not self.pinned.get(column)]


@dataclass(frozen=True)
class Answer:
    """What the web answers."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusalError(Exception):
    """No answer at all, with the class of the failure."""


class SimulatedWeb:
    """The portals through the nights; `advance` brings the next night, `answer` is what a request gets in it."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.night = -1
        self._random = random.Random(shape.seed)
        self._numbers = 10_000_000
        self.portals = {portal.site.host: portal for portal in map(self._portal, range(shape.portals))}

    def day(self, night: int | None = None) -> date:
        """The date of a night."""
        return self.shape.begins + timedelta(days=self.night if night is None else night)

    def advance(self) -> None:
        """The next night: what happens in it is there before anyone asks."""
        self.night += 1
        for portal in self.portals.values():
            portal.requests, portal.quiet = 0, True
            self._weather(portal)
            for column in portal.site.columns:
                self._live(portal, column.id)

    def answer(self, url: str, headers: Mapping[str, str], form: bytes = b"") -> Answer:
        """The answer to a request; raises `RefusalError` where the host gives none."""
        parts = urlsplit(url)
        portal = self.portals[parts.hostname or ""]
        portal.requests += 1
        if portal.fault.startswith("http-"):
            return Answer(int(portal.fault[5:]))
        if portal.fault:
            raise RefusalError(portal.fault)
        if parts.path == "/robots.txt":
            return Answer(404)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        portal.quiet = portal.quiet and target in portal.asked
        portal.asked.add(target)
        found = portal.pages.get(target) or portal.pages.get(parts.path)
        if isinstance(found, str):
            return Answer(301, headers={"Location": f"http://{parts.netloc}{found}"})
        if isinstance(found, Story):
            return self._article(found, headers)
        at = self._at(portal, parts.path, dict(parse_qsl(parts.query)))
        drawn = self._drawn(portal, *at) if at else None
        kind = {"Content-Type": "text/html" if portal.family.charset == "gbk" else "text/html; charset=utf-8"}
        return Answer(404, b"<html><body>404</body></html>", kind) if drawn is None else Answer(200, drawn, kind)

    # The life of a portal.

    def _portal(self, number: int) -> Portal:
        chance = self._random
        family = FAMILIES[number % len(FAMILIES)]
        columns = tuple(
            Column(f"c{at}", f"政策文件{at}", "policy", family.column_path.format(at), self.shape.per_page)
            for at in range(chance.choices((1, 2, 3), (79, 135, 38))[0])
        )
        portal_id = f"p{number:03d}"
        site = Site(
            portal_id, "", "样例市", "county", "样例市政府", f"{portal_id}.test", (), family.dialect, family.dialect,
            "1300000001", "nobody@example.org", "", columns, (),
        )  # fmt: skip
        portal = Portal(site, family, {column.id: chance.choice(self.shape.rates) for column in columns})
        portal.pinned_everywhere = chance.random() < 0.2
        for column in columns:
            portal.stories[column.id] = []
            portal.pinned[column.id] = None
            for _ in range(chance.randint(*self.shape.rows)):
                self._publish(portal, column.id, self.day(0) - timedelta(days=chance.randint(1, 3_000)), night=0)
        return portal

    def _publish(self, portal: Portal, column: str, day: date, night: int, deep: bool = False) -> None:
        chance, shape = self._random, self.shape
        self._numbers += 1
        number = self._numbers
        title = f"{TITLES[number % len(TITLES)]}（第{number}号）"
        article = Article(
            f"story-{number}", number, column, title, (), day, "", None, "", (), "样例", None, "", ""
        )  # fmt: skip
        story = Story(article, night, deep, validators=chance.random() < 0.5)
        stories = portal.stories[column]
        at = next((at for at, one in enumerate(stories) if one.article.day <= day), len(stories))
        stories.insert(at, story)
        portal.pages[portal.path(article)] = story
        young = not deep and day == self.day(night)
        if chance.random() < shape.changes_of_article * (1 if young else 0.2):
            story.events[night + 1 + int(chance.expovariate(1 / 20))] = "change"
        if chance.random() < shape.moves_of_article:
            story.events[night + 2 + int(chance.expovariate(1 / 60))] = chance.choice(("move", "move silently"))
        if chance.random() < shape.vanishes_of_article:
            story.events[night + 3 + int(chance.expovariate(1 / 100))] = "vanish"
        if young and chance.random() < shape.flaky_of_article:
            story.flaky = night + chance.randint(1, 2)

    def _weather(self, portal: Portal) -> None:
        chance = self._random
        if portal.fault and self.night >= portal.until:
            portal.fault = ""
        if not portal.fault and self.night and chance.random() < self.shape.outages:
            portal.fault = chance.choice(FAULTS)
            portal.until = self.night + chance.choice((1, 2, 5, 20, 60))
        portal.up.append(not portal.fault)

    def _live(self, portal: Portal, column: str) -> None:
        chance = self._random
        for story in list(portal.stories[column]):
            if event := story.events.pop(self.night, ""):
                self._happen(portal, column, story, event)
        rate = portal.rates[column]
        for _ in range(int(rate) + (chance.random() < rate % 1) if self.night else 0):
            self._publish(portal, column, self.day(), self.night)
            portal.quiet = False
        if self.night and chance.random() < self.shape.back_dated and portal.stories[column]:
            day = chance.choice(portal.stories[column]).article.day
            self._publish(portal, column, day, self.night, deep=True)
            portal.quiet = False
        if chance.random() < 0.01 and portal.stories[column] and portal.family.markup is not jcms:
            portal.pinned[column] = chance.choice((None, chance.choice(portal.stories[column])))
            portal.drawn.clear()
        if not portal.quiet:
            portal.drawn.clear()

    def _happen(self, portal: Portal, column: str, story: Story, event: str) -> None:
        portal.quiet = False
        if event == "change":
            story.version += 1
            story.changed.append(self.night)
        elif event == "vanish":
            story.gone = self.night
            portal.stories[column].remove(story)
            if portal.pinned[column] is story:
                portal.pinned[column] = None
            for path in [
                path for path, one in portal.pages.items() if one is story or one == portal.path(story.article)
            ]:
                del portal.pages[path]
        else:
            old = portal.path(story.article)
            self._numbers += 1
            moved = replace(story.article, id=f"story-{self._numbers}", number=self._numbers)
            story.article = moved
            del portal.pages[old]
            if event == "move":
                portal.pages[old] = portal.path(moved)
            portal.pages[portal.path(moved)] = story
        portal.drawn.clear()

    # Pages.

    def _article(self, story: Story, headers: Mapping[str, str]) -> Answer:
        if self.night < story.flaky:
            return Answer(500)
        tag = f'"{story.article.title[-10:-1]}-{story.version}"'.encode("ascii", "ignore").decode()
        changed = self.day(story.changed[-1] if story.changed else story.born)
        stamp = format_datetime(_midnight(changed), usegmt=True)
        validators = {"ETag": tag, "Last-Modified": stamp} if story.validators else {}
        if story.validators and headers.get("If-None-Match") == tag:
            return Answer(304, headers=validators)
        body = article_page(story.article.title, f"修订{story.version}。").encode()
        return Answer(200, body, {"Content-Type": "text/html; charset=utf-8"} | validators)

    def listing(self, url: str) -> Listing:
        """What is to be read from the list page at a URL."""
        parts = urlsplit(url)
        portal = self.portals[parts.hostname or ""]
        at = self._at(portal, parts.path, dict(parse_qsl(parts.query)))
        if at is None:
            return Listing("other", "", (), ())
        column, number, pages = at
        items = tuple(
            ListItem(urljoin(url, portal.path(story.article)), story.article.title, story.article.day)
            for story in self._shown(portal, column, number)
        )
        following = (urljoin(url, portal.family.page(column.path, number + 1)),) if number + 1 < pages else ()
        return Listing("list", "", items, following)

    def _at(self, portal: Portal, path: str, query: dict[str, str]) -> tuple[Column, int, int] | None:
        """Which column's page an address is, and how many pages that column has."""
        for column in portal.site.columns:
            pages = max(1, -(-len(portal.rows(column.id)) // column.per_page))
            if portal.family.markup is jcms:
                if path == column.path:
                    return column, min(int(query.get("pageNum") or 1), pages) - 1, pages
                continue
            for number in range(pages):
                if portal.family.page(column.path, number) == path:
                    return column, number, pages
        return None

    def _shown(self, portal: Portal, column: Column, number: int) -> list[Story]:
        shown = portal.rows(column.id)[number * column.per_page : (number + 1) * column.per_page]
        pinned = portal.pinned.get(column.id)
        return [pinned, *shown] if pinned and (number == 0 or portal.pinned_everywhere) else shown

    def _drawn(self, portal: Portal, column: Column, number: int, pages: int) -> bytes:
        key = f"{column.id} {number}"
        if key not in portal.drawn:
            articles = tuple(story.article for story in self._shown(portal, column, number))
            markup: Any = portal.family.markup
            if markup is jcms:
                # Its list slices and counts by itself, so it is given a column that has this page where it looks.
                before = (articles[0],) * number * column.per_page if articles else ()
                after = (articles[0],) * ((pages - number - 1) * column.per_page) if articles else ()
                whole = (*before, *articles[: column.per_page], *after)
                portal.site.__dict__["by_column"] = {column.id: whole}
                portal.drawn[key] = markup._list(portal.site, column, _origin)({"pageNum": str(number + 1)}).body
            else:
                portal.site.__dict__["by_column"] = {column.id: articles}
                page = markup._list(portal.site, column, articles, number, pages, _origin)
                portal.drawn[key] = page.encode(portal.family.charset)
        return portal.drawn[key]


def _origin(host: str) -> str:
    return f"http://{host}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
