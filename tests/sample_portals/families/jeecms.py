# ruff: noqa: E501 - lines of markup stay in one piece
"""JEECMS (曹妃甸, 唐山): `/site/column/YYYYMMDD/ID.html`, `index.html` then `index_2.html`."""

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
    return f"{folder}/{article.day:%Y%m%d}/{article.number}.html"


def routes(site: Site, origin: Origin) -> Routes:
    def path(article: Article) -> str:
        return article_path(site, article)

    def list_path(column: Column, number: int) -> str:
        return column.path.replace("index.html", f"index_{number + 1}.html") if number else column.path

    return paged(site, origin, path, _article, _list, list_path)


def _list(site: Site, column: Column, rows: tuple[Article, ...], number: int, pages: int, origin: Origin) -> str:
    items = "\n".join(
        f'<li><a href="{article_path(site, item)}" title="{escape(item.title)}">{escape(item.title)}</a>'
        f'<span class="right">{item.day}</span></li>'
        for item in rows
    )
    turn = f'<a href="index_{number + 2}.html">下一页</a>' if number + 1 < pages else "<span>下一页</span>"
    return f"""<!DOCTYPE html><html><head><meta charset="UTF-8"><title>{column.name}_{site.name}</title>
{metas(site, column)}</head><body>{menu(site)}<div class="nowposition">当前位置：首页 &gt; {column.name}</div>
<div class="list_main"><ul class="main_list">
{items}
</ul><div class="pagesite">共{len(site.by_column[column.id])}条记录 {number + 1}/{pages}页 <a href="index.html">首页</a> {turn}</div></div>
{footer(site, origin)}</body></html>"""


def _article(site: Site, article: Article, origin: Origin) -> str:
    column, day = site.column(article.column), article.published
    stamp = f"{day} {article.time}:00" if day else ""
    shown = f"发布时间：{day} {article.time}" if day else ""
    written = article.written
    box = ""
    if article.doc_number:
        cells = (
            ("发布机构", "、".join(article.issuers)), ("文号", article.doc_number),
            ("成文日期", f"{written.year}年{written.month}月{written.day}日" if written else ""),
        )  # fmt: skip
        rows = "".join(f"<tr><td>{label}：</td><td>{value}</td></tr>" for label, value in cells if value)
        box = f"<table class='xxgk_head'>{rows}</table>"
    return f"""<!DOCTYPE html><html><head><meta charset="UTF-8"><title>{escape(article.title)}_{site.name}</title>
{metas(site, column, article, stamp)}</head><body>{menu(site)}
<div class="nowposition">当前位置：首页 &gt; <a href="{column.path}">{column.name}</a></div>{box}
<div class="main_div"><p id="biaoti">{escape(article.title)}</p>
<p id="titN"><span class="main_div_title_time">来源：{article.source}　{shown}</span></p>
<div id="conN"><div style="font-size:16px"><div>
{blocks(article.body, '<p style="text-indent:32px;line-height:200%"><span style="font-family:宋体">{}</span></p>')}
</div></div></div></div>
{related(site, article, lambda item: article_path(site, item))}{footer(site, origin)}</body></html>"""
