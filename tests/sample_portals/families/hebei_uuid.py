# ruff: noqa: E501 - lines of markup stay in one piece
"""河北省 (and 石家庄 with its counties): columns and articles by UUID, lists paged by block fragments `?page=N&fix=0`."""

from __future__ import annotations

import uuid
from html import escape

from tests.sample_portals.markup import (
    Origin,
    Query,
    Reply,
    Route,
    Routes,
    blocks,
    footer,
    home,
    html,
    menu,
    metas,
    page_count,
    page_of,
    related,
)
from tests.sample_portals.web import Article, Column, Site

TEMPLATE = str(uuid.uuid5(uuid.NAMESPACE_URL, "sample template"))
BLOCK = str(uuid.uuid5(uuid.NAMESPACE_URL, "sample block"))


def article_path(site: Site, article: Article) -> str:
    column = site.column(article.column).path.split("/")[2]
    return f"/columns/{column}/{article.day:%Y%m/%d}/{article.uuid}.html"


def block_path(column: Column) -> str:
    """Where a column's rows come from, page by page (from 1)."""
    return f"/columns/{column.path.split('/')[2]}/templates/{TEMPLATE}/blocks/{BLOCK}"


def routes(site: Site, origin: Origin) -> Routes:
    def path(article: Article) -> str:
        return article_path(site, article)

    made: Routes = {(site.host, "/"): html(home(site, path, origin))}
    for article in site.articles:
        made[site.host, path(article)] = html(_article(site, article, origin))
    for column in site.columns:
        made[site.host, column.path] = html(_list(site, column, origin))
        made[site.host, block_path(column)] = _block(site, column)
    return made


def _rows(site: Site, column: Column, number: int) -> str:
    rows = site.by_column[column.id]
    pages = page_count(rows, column.per_page)
    items = "\n".join(
        f"<li class='xxgk_gfxwjk-list-li'><a href='{article_path(site, item)}' target='_blank' title='{escape(item.title)}'>"
        f"{escape(item.title)}</a><span class='date'>{item.day}</span></li>"
        for item in page_of(rows, number - 1, column.per_page)
    )
    links = "".join(
        f"<a href='{block_path(column)}?page={page}&amp;fix=0' class='{'cur' if page == number else ''}'>{page}</a>"
        for page in range(1, pages + 1)
    )
    turn = (
        f"<a class='next' href='{block_path(column)}?page={number + 1}&amp;fix=0'>下一页</a>" if number < pages else ""
    )
    return f"<ul class='xxgk_gfxwjk-list'>{items}</ul><div class='pagination' data-total='{pages}'>{links}{turn}</div>"


def _block(site: Site, column: Column) -> Route:
    def answer(query: Query) -> Reply:
        return html(_rows(site, column, max(1, int(query.get("page") or 1))))

    return answer


def _list(site: Site, column: Column, origin: Origin) -> str:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{column.name}_{site.name}</title>
{metas(site, column).replace('"', "'")}</head><body>{menu(site)}
<div class="position">当前位置：<a href="/">首页</a> &gt; {column.name}</div>
<div class="block" data-block="{BLOCK}" data-template="{TEMPLATE}">{_rows(site, column, 1)}</div>
<script>var blockUrl='{block_path(column)}';function turn(p){{$.get(blockUrl+'?page='+p+'&fix=0',show);}}</script>
{footer(site, origin)}</body></html>"""


def _article(site: Site, article: Article, origin: Origin) -> str:
    column = site.column(article.column)
    stamp = f"{article.published} {article.time}:16" if article.published else ""
    written = article.written
    box = ""
    if article.doc_number:
        cells = (
            ("发布机构", "、".join(article.issuers)), ("发文字号", article.doc_number),
            ("成文日期", f"{written.year}年{written.month}月{written.day}日" if written else ""),
            ("发布日期", f"{article.published}"), ("有效性", "有效"),
        )  # fmt: skip
        box = (
            "<div class='xxgk_gfxwjk-xqy-table'>"
            + "".join(f"<dl><dt>{label}：</dt><dd>{value}</dd></dl>" for label, value in cells if value)
            + "</div>"
        )
    line = "" if article.doc_number else f"<span>发布时间：{article.published} {article.time}</span>"
    source = f"<span>来源：{article.source}</span>" if article.source else ""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(article.title)}</title>
{metas(site, column, article, stamp).replace('"', "'")}</head><body>{menu(site)}
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="{column.path}">{column.name}</a></div>
{box}<h2 class="xxgk_gfxwjk-xqy-title">{escape(article.title)}</h2><div class="info">{line}{source}</div>
<div class="xxgk_gfxwjk-xqy-neir" id="zoom">{blocks(article.body, '<p style="text-indent:2em;line-height:2">{}</p>')}</div>
<div class="ewm"><p>扫一扫在手机打开当前页</p></div>
{related(site, article, lambda item: article_path(site, item))}{footer(site, origin)}</body></html>"""
