# ruff: noqa: E501 - lines of markup stay in one piece
"""UCAP (北京丰台): the `PubDate` meta is the moment the page was generated; the visible 日期 is the day of publication."""

from __future__ import annotations

from html import escape

from tests.sample_portals.markup import Origin, Routes, blocks, footer, menu, paged, related
from tests.sample_portals.web import Article, Column, Site

GENERATED = "2026-06-03 14:25:31"


def article_path(site: Site, article: Article) -> str:
    folder = site.column(article.column).path.rsplit("/", 1)[0]
    return f"{folder}/{article.day:%Y%m}/{article.hexadecimal}.shtml"


def routes(site: Site, origin: Origin) -> Routes:
    def path(article: Article) -> str:
        return article_path(site, article)

    def list_path(column: Column, number: int) -> str:
        return column.path.replace(".shtml", f"_{number}.shtml") if number else column.path

    return paged(site, origin, path, _article, _list, list_path)


def _head(site: Site, column: Column, extra: str, title: str) -> str:
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="UTF-8">
<meta name="SiteName" content="{site.name}"/><meta name="SiteDomain" content="http://{site.host}"/>
<meta name="SiteIDCode" content="{site.site_code}"/><meta name="ColumnName" content="{column.name}" />
<meta name="ColumnType" content="工作动态"/>{extra}
<meta name="others" content="页面生成时间 {GENERATED}" />
<meta name="template,templategroup,version" content="03ca2361b809494eba24e214fe6e478b,default,1.3" />
<title>{title}</title></head>"""


def _list(site: Site, column: Column, rows: tuple[Article, ...], number: int, pages: int, origin: Origin) -> str:
    items = "\n".join(
        f'<li><a href="{article_path(site, item)}" target="_blank" title="{escape(item.title)}">{escape(item.title)}</a>'
        f"<span>{item.day}</span></li>"
        for item in rows
    )
    name = column.path.rsplit("/", 1)[1]
    turn = f"<a href='{name.replace('.shtml', f'_{number + 1}.shtml')}'>下一页</a>" if number + 1 < pages else ""
    return f"""{_head(site, column, "", f"{column.name}-{site.name}")}<body>{menu(site)}
<div id="breadcrumb"><a href="/">首页</a>&nbsp;&gt;&nbsp;{column.name}</div>
<div class="listCon"><ul class="list_news">
{items}
</ul><div class="pageBox">共{pages}页 {turn}</div></div>{footer(site, origin)}</body></html>"""


def _article(site: Site, article: Article, origin: Origin) -> str:
    column = site.column(article.column)
    extra = f"""<meta name="ArticleTitle" content="{escape(article.title)}"/>
<meta name="PubDate" content="{GENERATED}"/><meta name="ContentSource" content='{article.source}' />"""
    return f"""{_head(site, column, extra, f"{escape(article.title)}-{site.name}")}<body>{menu(site)}
<div class="dqlm">{column.name}</div><div id="breadcrumb"><a href="/">首页</a>&nbsp;&gt;&nbsp;{column.name}</div>
<div class="listCon"><div class="conTent"><div class="Contitle">{escape(article.title)}</div>
<div class="zhaiyao" id="othermessage"><p class="fl">日期：{article.published} {article.time}
&nbsp;&nbsp; 来源： {article.source} </p><div id="share" class="fr"><b>分享到：</b><a id="wechat"><i></i></a></div></div>
<div class="Conzynr" id="zoom">{blocks(article.body, '<p align="justify" style="text-indent: 2em;"><span><font face="宋体">{}</font></span></p>')}</div>
<div class="zw_enclosure"><p>附件：</p></div></div></div>
{related(site, article, lambda item: article_path(site, item))}{footer(site, origin)}</body></html>"""
