# ruff: noqa: E501 - lines of markup stay in one piece
"""The dash family (保定): `content-COL-ID.html`, layout tables, and a second page as `…-list-2.html`; no robots.txt."""

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
    column = site.column(article.column).path.split("-")[1]
    return f"/content-{column}-{article.number}.html"


def routes(site: Site, origin: Origin) -> Routes:
    def path(article: Article) -> str:
        return article_path(site, article)

    def list_path(column: Column, number: int) -> str:
        return column.path.replace(".html", f"-{number + 1}.html") if number else column.path

    return paged(site, origin, path, _article, _list, list_path)


def _list(site: Site, column: Column, rows: tuple[Article, ...], number: int, pages: int, origin: Origin) -> str:
    items = "\n".join(
        f'<tr><td><a href="{article_path(site, item)[1:]}" title="{escape(item.title)}">·{escape(item.title)}</a></td>'
        f'<td width="90">{item.day}</td></tr>'
        for item in rows
    )
    following = column.path[1:].replace(".html", f"-{number + 2}.html")
    turn = f'<a href="{following}">下一页</a>' if number + 1 < pages else "下一页"
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>{column.name}-{site.name}</title>{metas(site, column)}</head><body>{menu(site)}
<table class="wz"><tr><td>您的位置：首页 &gt;&gt; {column.name}</td></tr></table>
<div class="lb_right"><table class="lb_list">
{items}
</table><div class="fy">第{number + 1}页 共{pages}页 {turn}</div></div>{footer(site, origin)}</body></html>"""


def _article(site: Site, article: Article, origin: Origin) -> str:
    column = site.column(article.column)
    number = f"<table class='sj_wh'><tr><td>文号：{article.doc_number}</td></tr></table>" if article.doc_number else ""
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>{escape(article.title)}-{site.name}</title>
{metas(site, column, article, f"{article.published} {article.time}:00")}</head><body>{menu(site)}
<div class="sj_nrbr"><table class="sj_bt"><tr><td>{escape(article.title)}</td></tr></table>
<table class="sj_zy"><tr><td>发布时间：{article.published}　信息来源：{article.source}　信息发布人：样例</td></tr></table>{number}
<table class="sj_nr"><tr><td>{blocks(article.body, "<p>{}</p>", indent="　　")}</td></tr></table>
<table class="sj_dy"><tr><td>【打印本页】【关闭窗口】</td></tr></table></div>
{related(site, article, lambda item: article_path(site, item))}{footer(site, origin)}</body></html>"""
