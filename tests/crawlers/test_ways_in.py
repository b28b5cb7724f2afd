"""The ways into a portal in one real crawl: packed sitemaps, `.do`, `.aspx`, eportal, JSON, lists turned by scripts."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from config.loader import load_region
from tests.crawlers.loopback import (
    Asked,
    Reply,
    Route,
    Routes,
    Run,
    Web,
    article_page,
    article_rows,
    list_page,
    run_crawlers,
    serve,
    write_region,
)

PER_PAGE = 10
SITEMAP = "<?xml version='1.0' encoding='UTF-8'?><{0} xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{1}</{0}>"


def number(asked: Asked, name: str) -> int:
    return int(parse_qs(urlsplit(asked.target).query).get(name, ["1"])[0])


def paged(shape: str, name: str, pages: int = 2) -> Route:
    """A list whose pages link nothing; after the last one the server answers with an empty page."""

    def answer(asked: Asked) -> Reply:
        page = number(asked, name)
        rows = article_rows(shape, (page - 1) * PER_PAGE, PER_PAGE) if page <= pages else []
        return Reply(list_page(rows, f"<p>共{pages}页</p>") if rows else "<html><body>暂无数据</body></html>")

    return answer


def articles(shape: str, count: int) -> dict[str, Route]:
    return {href: Reply(article_page(title)) for href, title in article_rows(shape, 0, count)}


def haidian(asked: Asked) -> Reply:
    page = number(asked, "pageNum")
    found = [
        {"title": title, "docPubUrl": href, "pubDate": "2024-05-01", "organCodeName": "区政府办"}
        for href, title in article_rows("/zw/202405/t20240501_{}.shtml", (page - 1) * 3, 3)
    ]
    return Reply(json.dumps({"code": 200, "rows": found if page < 3 else []}), media="application/json;charset=UTF-8")


def igs(asked: Asked) -> Reply:
    word = parse_qs(urlsplit(asked.target).query)["searchWord"][0]
    at = {"京津冀": 1, "雄安新区": 2}[word]
    found = [
        {"url": f"/so/202405/t20240501_{at}.html", "title": f"关于<em>{word}</em>的意见", "trs_time": "2024-05-01"}
    ]
    return Reply(json.dumps({"page": {"totalPages": 1, "content": found}}), media="application/json")


def make_routes(port: int) -> Routes:
    host = f"http://sitemap.test:{port}"
    urls = "".join(
        f"<url><loc>{host}/zc/202405/t20240501_{n}.html</loc><lastmod>2024-05-0{n}</lastmod></url>" for n in (1, 2, 3)
    )
    index = f"<sitemap><loc>{host}/sitemap-1.xml.gz</loc><lastmod>2024-05-03</lastmod></sitemap>"
    turned = '<script>var $list = $(".list_news li"); $list.hide();\ncreatePageHTML(2,0,"index","html");</script>'
    return {
        "sitemap.test": {
            "/sitemap.xml": Reply(SITEMAP.format("sitemapindex", index), media="text/xml"),
            "/sitemap-1.xml.gz": Reply(
                gzip.compress(SITEMAP.format("urlset", urls).encode()), media="application/x-gzip"
            ),
            **articles("/zc/202405/t20240501_{}.html", 4),
        },
        "qhd.test": {
            "/front_pcsec.do": paged("/front_pcthi.do?uuid={:032X}", "p"), "*": Reply(article_page("通知")),
        },
        "aspx.test": {
            "/newsList.aspx": paged("/showNews.aspx?news_id={}", "page"), "*": Reply(article_page("要闻")),
        },
        "category.test": {
            "/Category_7/Index.aspx": Reply(list_page(article_rows("/Item/{}.aspx", 0, PER_PAGE))),
            "/Category_7/Index_2.aspx": Reply(list_page(article_rows("/Item/{}.aspx", 10, 3))),
            **articles("/Item/{}.aspx", 13),
        },
        "eportal.test": {
            "/eportal/ui": lambda asked: (
                Reply(article_page("政字一号"))
                if "articleKey" in asked.target
                else paged("/eportal/ui?pageId=6806152&articleKey={}&columnId=3", "currentPage")(asked)  # type: ignore[operator]
            ),
        },
        "trs.test": {
            "/szfwj/": Reply(list_page(article_rows("/zc/202405/t20240501_{}.html", 0, 25), turned)),
            **articles("/zc/202405/t20240501_{}.html", 25),
        },
        "haidian.test": {"/sjkf-api/haidian/data/catalog/search": haidian, "*": Reply(article_page("区政策"))},
        "igs.test": {"/igs/front/search.jhtml": igs, "*": Reply(article_page("市政策"))},
    }  # fmt: skip


PORTALS = [
    ("sitemap", "generic", ["/sitemap.xml"]),
    ("qhd", "qhd-do", ["/front_pcsec.do?tid=B55A&p=1"]),
    ("aspx", "generic", ["/newsList.aspx?category_id=7&page=1"]),
    ("category", "powereasy", ["/Category_7/Index.aspx"]),
    ("eportal", "eportal", ["/eportal/ui?pageId=6817552&currentPage=1&moduleId=3bb4"]),
    ("trs", "trs", ["/szfwj/"]),
    ("haidian", "trs", ["/sjkf-api/haidian/data/catalog/search?channelId=76770,83277&pageNum=1&pageSize=3"]),
    ("igs", "trs", ["/igs/front/search.jhtml?code=78&pageNumber=1&pageSize=20&searchWord={query}&siteId=34"]),
]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, Run]]:
    folder = tmp_path_factory.mktemp("ways")
    with serve({}) as web:
        web.routes.update(make_routes(web.port))
        region = write_region(folder / "region", web.port, PORTALS, queries=["京津冀", "雄安新区"])
        yield web, run_crawlers(region, folder / "data")


@pytest.mark.parametrize(
    ("portal", "new_pages"),
    [
        ("sitemap", 3), ("qhd", 20), ("aspx", 20), ("category", 13), ("eportal", 20), ("trs", 25), ("haidian", 6),
        ("igs", 2),
    ],
)  # fmt: skip
def test_every_article_is_reached_once(crawled: tuple[Web, Run], portal: str, new_pages: int) -> None:
    web, run = crawled
    assert run.portals[portal]["new_pages"] == new_pages, run.errors
    asked = web.targets(f"{portal}.test")
    assert len(asked) == len(set(asked))


def test_a_list_that_the_browser_turns_has_one_page(crawled: tuple[Web, Run]) -> None:
    web, run = crawled
    assert "/szfwj/index_1.html" not in web.targets("trs.test")
    assert run.portals["trs"]["errors"] == 0


def test_the_region_is_asked_for_in_its_own_words(tmp_path: Path) -> None:
    folder = write_region(tmp_path / "region", 80, [PORTALS[-1]], queries=["京津冀", "雄安新区", "通武廊"])
    region = load_region(folder)
    assert [column.url.partition("searchWord=")[2].partition("&")[0] for column in region.columns] == [
        "京津冀", "雄安新区", "通武廊",
    ]  # fmt: skip
    assert [column.name for column in region.columns] == [" · 京津冀", " · 雄安新区", " · 通武廊"]
    settings = yaml.safe_load((folder / "region.yaml").read_text(encoding="utf-8"))
    assert settings["crawling"]["queries"] == ["京津冀", "雄安新区", "通武廊"]
