"""The sample web serves what it says, its entry columns lead to every article, and its truth agrees with itself."""

from __future__ import annotations

import gzip
import http.client
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape
from urllib.parse import quote, urljoin, urlsplit

import pytest

from config.loader import Region, load_region
from config.model import Unit
from tests.sample_portals.server import Web, article_path, build_routes, serve, write_region
from tests.sample_portals.truth.derive import HERE, derived, read
from tests.sample_portals.web import Article, Site, sites


@dataclass(frozen=True)
class Answer:
    status: int
    content_type: str
    body: bytes


def ask(web: Web, url: str, accept: str = "") -> Answer:
    """One GET over the socket, with the virtual host in the Host header."""
    parts = urlsplit(url)
    path = quote(parts.path or "/", safe="/%") + (f"?{quote(parts.query, safe='=&%:')}" if parts.query else "")
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=10)
    try:
        headers = {"Host": parts.netloc} | ({"Accept-Encoding": accept} if accept else {})
        connection.request("GET", path, headers=headers)
        reply = connection.getresponse()
        body = reply.read()
        if reply.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        return Answer(reply.status, reply.headers.get("Content-Type") or "", body)
    finally:
        connection.close()


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with serve() as running:
        yield running


@pytest.fixture(scope="module")
def region(web: Web, tmp_path_factory: pytest.TempPathFactory) -> Region:
    return load_region(write_region(tmp_path_factory.mktemp("region"), web.port))


def places() -> list[tuple[Site, Article]]:
    return [(site, article) for site in sites() for article in site.articles]


def links(text: str, url: str) -> set[str]:
    """Where the main part of a page leads, in each of the forms a list can have."""
    main = re.split(r'<div class="(?:footer|side)"', text)[0]
    main = re.sub(r'<ul class="nav">.*?</ul>', "", main, flags=re.S)
    found = set(re.findall(r"""href=["']([^"'#]+)["']""", main))
    found |= set(re.findall(r'location\.replace\("([^"]+)"', text))
    found |= set(re.findall(r'"(?:URL|url)": "([^"]+)"', text))
    for pages, stem in re.findall(r'createPageHTML\((\d+), \d+, "(\w+)", "html"\)', text):
        found |= {f"{stem}_{number}.html" for number in range(1, int(pages))}
    if '"catMap"' in text:
        found |= {url.replace("&p=1&", f"&p={page}&") for page in (2, 3, 4)}
    return {urljoin(url, unescape(link)) for link in found if not link.startswith("javascript")}


def test_entry_columns_lead_to_every_article(web: Web, region: Region) -> None:
    wanted = {
        web.url(site.host, article_path(site, article)) for site, article in places() if article.state != "hidden"
    }
    queue = [column.url for column in region.columns]
    seen: set[str] = set()
    while queue:
        url = queue.pop()
        host = urlsplit(url).hostname or ""
        if url in seen or region.portal_of(url) is None or "/neibu/" in url or "/admin/" in url:
            continue
        seen.add(url)
        if url in wanted:
            continue
        answer = ask(web, url)
        assert answer.status == 200, (host, url)
        text = answer.body.decode("gbk" if host == "www.bjchy.sample" else "utf-8")
        queue += sorted(links(text, url))
    assert wanted <= seen, sorted(wanted - seen)


def test_the_web_is_as_large_and_as_varied_as_it_says() -> None:
    routes = build_routes(1)
    assert len(routes) >= 150
    assert len({article.same_as or article.id for _, article in places()}) >= 105
    assert len({site.family for site in sites()}) >= 10
    assert len({site.host for site in sites()}) == len(sites())
    identifiers = Counter(article.id for _, article in places())
    assert max(identifiers.values()) == 1
    years = {article.day.year for _, article in places()} | {1988}
    assert min(years) <= 1993 and max(years) == 2026
    assert len({(site.host, article_path(site, article)) for site, article in places()}) == len(places())


def test_every_article_is_served_with_its_words(web: Web) -> None:
    for site, article in places():
        answer = ask(web, web.url(site.host, article_path(site, article)))
        assert answer.status == 200
        text = answer.body.decode("gbk" if site.family == "chy-hex" else "utf-8")
        if article.state != "error":
            assert article.title in unescape(text)
            assert all(block.text in unescape(text) for block in article.body)


def test_charsets_compression_and_robots(web: Web) -> None:
    chaoyang = ask(web, web.url("www.bjchy.sample", "/dynamic/jxdt/list.html"))
    assert chaoyang.content_type == "text/html" and b"gb2312" in chaoyang.body
    named = next(a for s, a in places() if a.id == "chy-1")
    page = ask(web, web.url("www.bjchy.sample", f"/dynamic/jxdt/{named.hexadecimal}.html"))
    assert "李喆" in page.body.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        page.body.decode("gb2312")
    liar = ask(web, web.url("www.guan.sample", "/news/list_1.html"))
    assert b'charset="gb2312"' in liar.body and "固安新闻" in liar.body.decode("utf-8")
    assert ask(web, web.url("www.beijing.sample", "/")).content_type == "text/html"
    assert "天津新闻" in ask(web, web.url("www.tj.sample", "/sy/tjxw/"), "gzip").body.decode()
    assert "Disallow: /neibu/" in ask(web, web.url("www.guan.sample", "/robots.txt")).body.decode()
    assert ask(web, web.url("www.baoding.sample", "/robots.txt")).status == 404
    assert ask(web, web.url("www.nowhere.sample")).status == 404
    assert ("www.guan.sample", "/robots.txt") in web.requests


def test_the_region_folder_loads_and_maps_every_host_to_loopback(region: Region) -> None:
    assert {portal.portal_id for portal in region.portals} == {site.portal_id for site in sites()}
    assert set(region.settings.crawling.hosts.values()) == {"127.0.0.1"}
    assert set(region.settings.crawling.hosts) == set(region.portal_by_host)
    assert region.settings.crawling.delay_seconds == 0
    assert len(region.units) > 500


def test_derived_truth_is_what_the_hand_written_truth_gives() -> None:
    for name, text in derived().items():
        assert (HERE / name).read_text(encoding="utf-8") == text, (
            f"{name}: run python -m tests.sample_portals.truth.derive"
        )


def test_truth_names_the_pages_that_are_served() -> None:
    documents = {row["key"]: row for row in read(HERE / "documents.csv")}
    sources = read(HERE / "sources.csv")
    served = {(site.portal_id, article_path(site, article)): article for site, article in places()}
    absent = {(row["portal_id"], row["path"]) for row in read(HERE / "absent.csv")}
    assert {(row["portal_id"], row["path"]) for row in sources} | absent == set(served)
    assert absent == {place for place, article in served.items() if article.state}
    standing = Counter(row["key"] for row in sources)
    for key, row in documents.items():
        assert standing[key] == int(row["sources"])
        article = next(served[s["portal_id"], s["path"]] for s in sources if s["portal_id"] + s["path"] == key)
        assert row["title"] == article.title
        assert row["published_on"] == (f"{article.published}" if article.published else "")
        assert row["written_on"] == (f"{article.written}" if article.written else "")
        assert row["doc_number"] == article.doc_number
    for row in sources:
        earliest = min(other["published_on"] for other in sources if other["key"] == row["key"])
        assert documents[row["key"]]["published_on"] == earliest


def test_pairs_name_units_of_their_day_and_agree_with_the_policies(region: Region) -> None:
    texts = {site.portal_id + article_path(site, article): article for site, article in places()}
    documents = {row["key"]: row for row in read(HERE / "documents.csv")}
    policies = {row["key"]: row for row in read(HERE / "policies.csv")}
    versions: dict[str, list[Unit]] = {}
    for unit in region.units:
        versions.setdefault(unit.code, []).append(unit)
    levels: dict[str, set[str]] = {}
    rank = ("province", "city", "county")

    def level(unit: Unit) -> str:
        if unit.level == "province":
            return "province"
        return "city" if unit.level == "prefecture" or unit.code == "F-HE-XIONGAN" else "county"

    for row in read(HERE / "pairs.csv"):
        assert row["key"] in policies
        assert row["a"] < row["b"]
        day = date.fromisoformat(documents[row["key"]]["published_on"] or documents[row["key"]]["written_on"])
        ends = []
        for code in (row["a"], row["b"]):
            valid = [unit for unit in versions[code] if unit.valid_on(day)]
            assert valid, (row, "is not in force on that day")
            ends.append(valid[0])
        assert row["a"] != ends[1].parent_code and row["b"] != ends[0].parent_code
        assert row["year"] == f"{day.year}" or f"{row['year']}年" in texts[row["key"]].plain
        levels.setdefault(row["key"], set()).add(max((level(end) for end in ends), key=rank.index))
    for key, row in policies.items():
        expected = max(levels[key], key=rank.index) if key in levels else "region"
        assert row["level"] == expected, key


def test_every_endpoint_can_be_pointed_at(region: Region) -> None:
    """A pair's units stand in the text by name, by a compound, by 我市 and its like, or by an organisation's name."""
    texts: dict[str, tuple[Site, Article]] = {}
    for site, article in places():
        texts.setdefault(site.portal_id + article_path(site, article), (site, article))
    short = {unit.code: unit.short_name for unit in region.units}
    compounds = {
        "北三县": ("131082", "131028", "131024"),
        "静沧廊": ("120118", "130900", "131000"),
        "京津": ("110000", "120000"),
        "北京城市副中心": ("110112",),
        "首钢": ("110000",),
    }
    for row in read(HERE / "pairs.csv"):
        site, article = texts[row["key"]]
        text = article.title + article.plain
        for code in (row["a"], row["b"]):
            named = short[code] in text or any(word in text and code in codes for word, codes in compounds.items())
            himself = code == site.unit_code and re.search("我市|我区|我县|我省|本市", text)
            functional = code.startswith("F-") and any(
                unit.name in text or any(alias in text for alias in unit.aliases)
                for unit in region.units
                if unit.code == code
            )
            assert named or himself or functional, (row, text[:80])


def test_all_five_periods_and_their_boundary_days_are_there() -> None:
    days = {row["published_on"] for row in read(HERE / "sources.csv")}
    assert {"2007-12-31", "2008-01-01", "2014-02-25", "2014-02-26", "2016-12-31", "2017-01-01", "2021-01-01"} <= days
    for name in ("matrix_city.csv", "matrix_county.csv"):
        values: dict[str, set[str]] = {}
        for row in read(HERE / name):
            values.setdefault(row["period"], set()).add(row["value"])
        assert all("1" in found for found in values.values()) and len(values) == 5
