# ruff: noqa: E501 - lines of markup stay in one piece
"""A portal of no known family (固安): `/news/show?id=N`-like routing written as paths, UTF-8 bytes that declare gb2312."""

from __future__ import annotations

from html import escape

from tests.sample_portals.markup import Origin, Reply, Routes, blocks, footer, html, menu, metas, paged, related
from tests.sample_portals.web import Article, Column, Site


def article_path(site: Site, article: Article) -> str:
    prefix = "/neibu" if article.state == "hidden" else ""
    return f"{prefix}{site.column(article.column).path.removesuffix('/list_1.html')}/show_{article.number}.html"


def routes(site: Site, origin: Origin) -> Routes:
    def path(article: Article) -> str:
        return article_path(site, article)

    def list_path(column: Column, number: int) -> str:
        return column.path.replace("list_1", f"list_{number + 1}")

    def reply(text: str) -> Reply:
        return html(text, "text/html")

    return paged(site, origin, path, _article, _list, list_path, reply, "gb2312")


def _list(site: Site, column: Column, rows: tuple[Article, ...], number: int, pages: int, origin: Origin) -> str:
    items = "\n".join(
        f'<dd><em>{item.day:%Y-%m-%d}</em><a href="{article_path(site, item)}">{escape(item.title)}</a></dd>'
        for item in rows
    )
    links = "".join(
        f'<a href="{column.path.replace("list_1", f"list_{page + 1}")}">{page + 1}</a>' for page in range(pages)
    )
    turn = f'<a href="list_{number + 2}.html">下一页</a>' if number + 1 < pages else ""
    return f"""<!DOCTYPE html><html><head><meta charset="gb2312"><title>{column.name} | {site.name}</title>
{metas(site, column)}</head><body>{menu(site)}<dl class="news"><dt>{column.name}</dt>
{items}
</dl><p class="pager">{links}{turn}</p>{footer(site, origin)}</body></html>"""


def _article(site: Site, article: Article, origin: Origin) -> str:
    column = site.column(article.column)
    return f"""<!DOCTYPE html><html><head><meta charset="gb2312"><title>{escape(article.title)} | {site.name}</title>
{metas(site, column, article, f"{article.published} {article.time}:00")}</head><body>{menu(site)}
<section class="news-show"><h1>{escape(article.title)}</h1>
<p class="meta"><time>{article.published} {article.time}</time> 来源：{article.source} <a href="#">收藏</a></p>
<div class="news-body">{blocks(article.body, "<p>{}</p>", indent="　　")}</div></section>
{related(site, article, lambda item: article_path(site, item))}{footer(site, origin)}</body></html>"""
