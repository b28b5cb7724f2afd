# ruff: noqa: E501 - lines of markup stay in one piece
"""北京朝阳: plain http, GBK bytes that declare gb2312, no charset in the header, dateless `<32 hex>.html` articles."""

from __future__ import annotations

from html import escape

from tests.sample_portals.markup import (
    Origin,
    Reply,
    Routes,
    blocks,
    footer,
    html,
    menu,
    metas,
    paged,
    related,
)
from tests.sample_portals.web import Article, Column, Site


def article_path(site: Site, article: Article) -> str:
    folder = site.column(article.column).path.rsplit("/", 1)[0]
    return f"{folder}/{article.hexadecimal}.html"


def _gbk(text: str) -> Reply:
    return html(text, "text/html", "gbk")


def routes(site: Site, origin: Origin) -> Routes:
    def path(article: Article) -> str:
        return article_path(site, article)

    def list_path(column: Column, number: int) -> str:
        return column.path.replace(".html", f"_{number + 1}.html") if number else column.path

    return paged(site, origin, path, _article, _list, list_path, _gbk, "gb2312")


def _list(site: Site, column: Column, rows: tuple[Article, ...], number: int, pages: int, origin: Origin) -> str:
    items = "\n".join(
        f'<li><a href="{article_path(site, item)}" target="_blank" title="{escape(item.title)}">{escape(item.title)}</a>'
        f'<span class="time">{item.day}</span></li>'
        for item in rows
    )
    following = column.path.replace(".html", f"_{number + 2}.html")
    turn = f'<a href="{following}">下一页</a>' if number + 1 < pages else ""
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>{column.name}_{site.name}</title>{metas(site, column)}</head><body>{menu(site)}
<div class="dh">首页 &gt; {column.name}</div><ul class="news_list">
{items}
</ul><div class="page">{number + 1}/{pages} {turn}</div>{footer(site, origin)}</body></html>"""


def _article(site: Site, article: Article, origin: Origin) -> str:
    column = site.column(article.column)
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>{escape(article.title)}_{site.name}</title>
{metas(site, column, article, f"{article.published} {article.time}:00")}</head><body>{menu(site)}
<div class="dh">首页 &gt; <a href="{column.path}">{column.name}</a></div>
<div class="article_box"><h1 class="article_title">{escape(article.title)}</h1>
<div class="article_time">发布时间：{article.published}　来源：{article.source}</div>
<div class="article_con">{blocks(article.body, "<p>{}</p>", indent="　　")}</div></div>
{related(site, article, lambda item: article_path(site, item))}{footer(site, origin)}</body></html>"""
