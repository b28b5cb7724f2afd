# ruff: noqa: E501 - lines of markup stay in one piece
"""PowerEasy SiteFactory (廊坊): `/Item/N.aspx` without a date in the URL, an unlabelled date beside the source."""

from __future__ import annotations

from html import escape

from tests.sample_portals.markup import (
    Origin,
    Routes,
    blocks,
    footer,
    menu,
    paged,
    related,
)
from tests.sample_portals.web import Article, Column, Site


def article_path(site: Site, article: Article) -> str:
    prefix = "/neibu" if article.state == "hidden" else ""
    return f"{prefix}/Item/{article.number}.aspx"


def routes(site: Site, origin: Origin) -> Routes:
    def path(article: Article) -> str:
        return article_path(site, article)

    def list_path(column: Column, number: int) -> str:
        return column.path.replace("Index.aspx", f"Index_{number + 1}.aspx") if number else column.path

    return paged(site, origin, path, _article, _list, list_path)


def _list(site: Site, column: Column, rows: tuple[Article, ...], number: int, pages: int, origin: Origin) -> str:
    items = "\n".join(
        f'<li><span class="date">[ {item.day:%Y-%m-%d} ]</span><a href="{article_path(site, item)}" target="_self" '
        f'title="标题：{escape(item.title)}&#xD;点击数：{item.number % 997}&#xD;发表时间：{item.day:%y年%m月%d日}">'
        f"{escape(item.title)}</a></li>"
        for item in rows
    )
    following = column.path.replace("Index.aspx", f"Index_{number + 2}.aspx")
    turn = f'<a href="{following}">下一页</a>' if number + 1 < pages else "<span>下一页</span>"
    return f"""<!doctype html><html><head><meta charset="UTF-8" /><meta http-equiv="refresh" content="600">
<title>{column.name} - {site.name}</title><meta name="SiteName" content="{site.name}">
<meta name="SiteDomain"content="http://{site.host}"><meta name="ColumnName" content="{column.name}" /></head><body>
<div class="wrapbg">{menu(site)}<div class="path"><em>您现在的位置：</em><a class="home" href="/">首页</a>&gt;{column.name}</div>
<div class="cateHead"><h3 class="cateName">{column.name}</h3></div>
<ul class="infoList infoListA">{items}</ul>
<div class="pagecss">共 <b>{pages}</b> 页 第 <b>{number + 1}</b> 页 {turn}</div></div>{footer(site, origin)}</body></html>"""


def _article(site: Site, article: Article, origin: Origin) -> str:
    column, day = site.column(article.column), article.published
    assert day is not None
    number = f'<p style="text-align: center">{article.doc_number}</p>' if article.doc_number else ""
    rows = site.by_column[article.column]
    at = rows.index(article)
    others = ""
    for label, other in (
        ("上一篇", rows[at - 1] if at else None),
        ("下一篇", rows[at + 1] if at + 1 < len(rows) else None),
    ):
        if other is not None:
            others += (
                f'<div class="prev"><span>{label}：</span><a href="{article_path(site, other)}" '
                f'title="标题：{escape(other.title)}&#xD;点击数：12&#xD;发表时间：{other.day:%y年%m月%d日}">'
                f"{escape(other.title[:14])}…</a></div>"
            )
    return f"""<!doctype html><html><head><meta charset="UTF-8" /><meta http-equiv="refresh" content="600">
<meta content="{column.name}" name="keywords"><meta content="廊坊市人民政府门户网站，宣传廊坊、沟通世界" name="description">
<meta name="SiteName" content="{site.name}"><meta name="SiteDomain"content="http://{site.host}">
<meta name="SiteIDCode" content="{site.site_code}"><meta name="ColumnName" content="{column.name}" />
<meta name="ArticleTitle" content="{escape(article.title)}"><meta name="PubDate" content="{day} {article.time}">
<meta name="ContentSource" content="{article.source}"><title>{escape(article.title)} - {site.name}</title></head><body>
<div class="wrapbg">{menu(site)}<div class="path"><em>您现在的位置：</em><a class="home" href="/">首页</a>&gt;<a
 href="{column.path}" target="_self">{column.name}</a></div>
<div class="noSideContent"><div class="cateHead"><h3 class="cateName">{column.name}</h3></div>
<div class="articleCon"><div class="titleBar"><h2 class="articleTitle">{escape(article.title)}</h2></div>
<!-- div class="titleBar"><h2 class="articleTitle">{escape(article.title)}</h2></div -->
<h2 class="subTitle"></h2><div class="property"><span>{day:%Y年%m月%d日}</span><span>来源: {article.source}</span>
<span>作者: 记者 样例</span><span class="font_zoom">字体： <a href="javascript:;">小</a>　<a href="javascript:;">大</a></span></div>
<div class="conTxt" data-power-accessible-reading><div id="fontzoom">
{number}{blocks(article.body, '<p style="text-indent: 2em">{}</p>')}
</div></div><div class="userControl"><a class="print" href="/Print.aspx?id={article.number}">[打印文章]</a></div>
<div class="others">{others}</div></div></div></div>
{related(site, article, lambda item: article_path(site, item), "相关文章")}{footer(site, origin)}</body></html>"""
