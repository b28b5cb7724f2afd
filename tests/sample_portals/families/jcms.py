# ruff: noqa: E501 - lines of markup stay in one piece
"""hanweb JCMS (承德, 衡水): rows in a `<recordset>` of the list page, further ones from `dataproxy.jsp` or `?uid=&pageNum=`."""

from __future__ import annotations

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
    related,
)
from tests.sample_portals.web import Article, Column, Site

UNIT = "1412"


def column_number(column: Column) -> str:
    """`360` of `/col/col360/index.html`."""
    return column.path.split("/")[2].removeprefix("col")


def article_path(site: Site, article: Article) -> str:
    day = article.day
    column = column_number(site.column(article.column))
    return f"/art/{day.year}/{day.month}/{day.day}/art_{column}_{article.number}.html"


def routes(site: Site, origin: Origin) -> Routes:
    def path(article: Article) -> str:
        return article_path(site, article)

    made: Routes = {(site.host, "/"): html(home(site, path, origin))}
    for article in site.articles:
        made[site.host, path(article)] = html(_article(site, article, origin))
    for column in site.columns:
        made[site.host, column.path] = _list(site, column, origin)
    made[site.host, "/module/web/jpage/dataproxy.jsp"] = _proxy(site)
    return made


def _record(site: Site, item: Article) -> str:
    title = escape(item.title)
    link = article_path(site, item)
    return f'<record><![CDATA[<li><span>{item.day}</span><a href="{link}" title="{title}" target="_blank">{title}</a></li>]]></record>'


def _list(site: Site, column: Column, origin: Origin) -> Route:
    rows = site.by_column[column.id]
    pages = page_count(rows, column.per_page)
    number = column_number(column)

    def answer(query: Query) -> Reply:
        page = min(max(1, int(query.get("pageNum") or 1)), pages)
        records = "\n".join(_record(site, item) for item in rows[(page - 1) * column.per_page : page * column.per_page])
        turn = f'<a href="{column.path}?uid={UNIT}&amp;pageNum={page + 1}">下一页</a>' if page < pages else ""
        return html(f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{site.name} {column.name}</title>
{metas(site, column)}</head><body>{menu(site)}<div class="dqwz">当前位置：<a href="/">首页</a> &gt; {column.name}</div>
<div class="list"><ul id="{UNIT}"><script type="text/xml"><datastore>
<nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page={page + 1}&appid=1&webid=1&path=/&columnid={number}&unitid={UNIT}&webname={site.name}&permissiontype=0"></a>]]></nextgroup>
<recordset>
{records}
</recordset></datastore></script></ul></div>
<script>$("#{UNIT}").jpage({{perPage:{column.per_page},totalRecord:{len(rows)},totalPage:{pages},currentPage:{page},
proxyUrl:"/module/web/jpage/dataproxy.jsp",params:{{columnid:{number},unitid:{UNIT},webid:1,appid:1,path:"/",permissiontype:0}}}});</script>
<div class="default_pgContainer">共{pages}页 {turn}</div>{footer(site, origin)}</body></html>""")

    return answer


def _proxy(site: Site) -> Route:
    by_number = {column_number(column): column for column in site.columns}

    def answer(query: Query) -> Reply:
        column = by_number.get(query.get("columnid", ""))
        if column is None:
            return html("<datastore></datastore>", "text/xml;charset=UTF-8")
        rows = site.by_column[column.id]
        size = int(query.get("perpage") or column.per_page)
        first = int(query.get("startrecord") or (int(query.get("page") or 1) - 1) * size + 1)
        last = int(query.get("endrecord") or first + size - 1)
        records = "".join(_record(site, item) for item in rows[first - 1 : last])
        body = f"<datastore><totalrecord>{len(rows)}</totalrecord><totalpage>{-(-len(rows) // size)}</totalpage>"
        return html(f"{body}<recordset>{records}</recordset></datastore>", "text/xml;charset=UTF-8")

    return answer


def _article(site: Site, article: Article, origin: Origin) -> str:
    column = site.column(article.column)
    number = f"<tr><td>文号：</td><td>{article.doc_number}</td></tr>" if article.doc_number else ""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{site.name} {column.name} {escape(article.title)}</title>
{metas(site, column, article, f"{article.published} {article.time}")}</head><body>{menu(site)}
<div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="{column.path}">{column.name}</a></div>
<div class="article"><table class="xxgk_table">{number}</table>
<p class="title"><!--<$[标题]>begin-->{escape(article.title)}<!--<$[标题]>end--></p>
<div class="xx">发布时间：{article.published} {article.time} &nbsp; 信息来源：{article.source} &nbsp; 浏览次数：<script
 src="/module/visitcount/articlehits.jsp?colid=1"></script></div>
<div class="cont" id="zoom"><!--<$[信息内容]>begin--><!--ZJEG_RSS.content.begin-->
{blocks(article.body, "<p>{}</p>", indent="&emsp;&emsp;".replace("&emsp;", chr(0x2003)))}
<!--ZJEG_RSS.content.end--><!--<$[信息内容]>end--></div></div>
{related(site, article, lambda item: article_path(site, item))}{footer(site, origin)}</body></html>"""
