# ruff: noqa: E501 - lines of markup stay in one piece
"""The c-code family (沧州): `/cangzhou/c1NNNNN/YYYYMM/<32 hex>.shtml`, the month only in the URL."""

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


def article_path(site: Site, article: Article) -> str:
    folder = site.column(article.column).path.rsplit("/", 1)[0]
    return f"{folder}/{article.day:%Y%m}/{article.hexadecimal}.shtml"


def routes(site: Site, origin: Origin) -> Routes:
    def path(article: Article) -> str:
        return article_path(site, article)

    def list_path(column: Column, number: int) -> str:
        return column.path.replace(".shtml", f"_{number + 1}.shtml") if number else column.path

    return paged(site, origin, path, _article, _list, list_path)


def _list(site: Site, column: Column, rows: tuple[Article, ...], number: int, pages: int, origin: Origin) -> str:
    items = "\n".join(
        f'<li><a href="{article_path(site, item)}" title="{escape(item.title)}" target="_blank">{escape(item.title)}</a>'
        f"<span>{item.day:%Y/%m/%d}</span></li>"
        for item in rows
    )
    name = column.path.rsplit("/", 1)[1]
    links = []
    for page in range(pages):
        link = name.replace(".shtml", f"_{page + 1}.shtml") if page else name
        links.append(f'<a href="{link}" class="{"on" if page == number else ""}">{page + 1}</a>')
    following = name.replace(".shtml", f"_{number + 2}.shtml")
    turn = f'<a href="{following}">下一页</a>' if number + 1 < pages else ""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{column.name}-{site.name}</title>
{metas(site, column)}</head><body>{menu(site)}<div class="position">当前位置：首页 &gt; {column.name}</div>
<div class="list_right"><ul class="newslist">
{items}
</ul><div class="pagination">{"".join(links)}{turn}</div></div>{footer(site, origin)}</body></html>"""


def _article(site: Site, article: Article, origin: Origin) -> str:
    column = site.column(article.column)
    number = f'<p style="text-align: center">{article.doc_number}</p>' if article.doc_number else ""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(article.title)}-{site.name}</title>
{metas(site, column, article, f"{article.published} {article.time}:00")}</head><body>{menu(site)}
<div class="position">当前位置：首页 &gt; <a href="{column.path}">{column.name}</a></div>
<div class="contentmain"><h1>{escape(article.title)}</h1>
<div class="laiyuan"><span>发布时间：{article.published} {article.time}</span><span>来源：{article.source}</span>
<span>【字号：<a href="#">大</a> <a href="#">小</a>】</span></div>
<div class="text">{number}{blocks(article.body, '<p style="text-indent:2em">{}</p>')}</div></div>
{related(site, article, lambda item: article_path(site, item))}{footer(site, origin)}</body></html>"""
