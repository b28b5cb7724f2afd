# ruff: noqa: E501 - lines of markup stay in one piece
"""The channel/single vendor (张家口 and others): `/channel/list/N.html` and `/single/N/ID.html`, no date in the URL."""

from __future__ import annotations

from html import escape

from tests.sample_portals.markup import (
    Origin,
    Routes,
    blocks,
    footer,
    menu,
    metas,
    paged,
    related,
)
from tests.sample_portals.web import Article, Column, Site

# A row that leads to another site, as portals put reports of the media at the head of a list.
OFFSITE = (
    '<li><a href="http://www.news.example/politics/20260101/c.html" target="_blank" title="新华时评：保持定力再出发">'
    "新华时评：保持定力再出发</a><i>2026-01-01</i></li>\n"
)


def article_path(site: Site, article: Article) -> str:
    channel = site.column(article.column).path.rsplit("/", 1)[1].removesuffix(".html")
    return f"/single/{channel}/{article.number}.html"


def routes(site: Site, origin: Origin) -> Routes:
    def path(article: Article) -> str:
        return article_path(site, article)

    def list_path(column: Column, number: int) -> str:
        return column.path.replace(".html", f"_{number + 1}.html") if number else column.path

    return paged(site, origin, path, _article, _list, list_path)


def _list(site: Site, column: Column, rows: tuple[Article, ...], number: int, pages: int, origin: Origin) -> str:
    items = "\n".join(
        f'<li><a href="{article_path(site, item)}" target="_blank" title="{escape(item.title)}">{escape(item.title)}</a>'
        f"<i>{item.day}</i></li>"
        for item in rows
    )
    links = "".join(
        f'<a href="{column.path.replace(".html", f"_{page + 1}.html") if page else column.path}">{page + 1}</a>'
        for page in range(pages)
    )
    following = column.path.replace(".html", f"_{number + 2}.html")
    turn = f'<a href="{following}">下一页</a>' if number + 1 < pages else ""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{column.name}-{site.name}</title>
{metas(site, column)}</head><body>{menu(site)}<div class="location">当前位置：<a href="/">首页</a>&gt;{column.name}</div>
<div class="list-box"><ul class="list-ul">
{OFFSITE if number == 0 else ""}{items}
</ul><div class="pages">{links}{turn}</div></div>{footer(site, origin)}</body></html>"""


def _article(site: Site, article: Article, origin: Origin) -> str:
    column = site.column(article.column)
    number = f"<p class='wh'>发文字号：{article.doc_number}</p>" if article.doc_number else ""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(article.title)}-{site.name}</title>
{metas(site, column, article, f"{article.published} {article.time}:05")}</head><body>{menu(site)}
<div class="location">当前位置：<a href="/">首页</a>&gt;<a href="{column.path}">{column.name}</a></div>
<div class="detail-box"><h1>{escape(article.title)}</h1>
<div class="info"><span class="fl">发布日期：{article.published} {article.time}　来源：{article.source}</span>
<span class="fr">浏览量：<em id="count">0</em></span></div>{number}
<div class="detail">{blocks(article.body, '<div style="text-indent:2em">{}</div>')}</div>
<div class="share">分享到：</div></div>
{related(site, article, lambda item: article_path(site, item))}{footer(site, origin)}</body></html>"""
