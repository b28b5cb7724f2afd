# ruff: noqa: E501 - lines of markup stay in one piece
"""中国政府网: static JSON lists, the search API and old paged lists of its search host, two article templates."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from html import escape

from tests.sample_portals.markup import (
    Origin,
    Query,
    Reply,
    Route,
    Routes,
    as_json,
    blocks,
    footer,
    html,
    page_count,
    page_of,
)
from tests.sample_portals.web import Article, Column, Site

SEARCH_CLASSES = {"gongwen": "国务院文件", "bumenfile": "部门文件", "otherfile": "其他"}


def article_path(site: Site, article: Article) -> str:
    day = article.day
    if article.column == "library":
        return f"/zhengce/content/{day:%Y-%m/%d}/content_{article.number}.htm"
    if article.column == "latest":
        return f"/zhengce/zhengceku/{day:%Y%m}/content_{article.number}.htm"
    return f"/xinwen/{day:%Y-%m/%d}/content_{article.number}.htm"


def routes(site: Site, origin: Origin) -> Routes:
    search = site.other_hosts[0]
    made: Routes = {}
    for article in site.articles:
        made[site.host, article_path(site, article)] = html(_article(site, article, origin))
    for column in site.columns:
        rows = site.by_column[column.id]
        if column.style == "json":
            made[site.host, column.path] = as_json([_json_row(site, item, origin) for item in rows])
        elif column.style == "api":
            made[search, "/search-gov/data"] = _search(site, rows, origin)
        else:
            pages = page_count(rows, column.per_page)
            for number in range(pages):
                text = _old_list(site, column, page_of(rows, number, column.per_page), number, pages, origin)
                made[search, f"/column/30611/{number}.htm"] = html(text)
    made[site.host, "/"] = html(_home(site, origin))
    return made


def _json_row(site: Site, article: Article, origin: Origin) -> dict[str, str]:
    return {
        "TITLE": article.title,
        "SUB_TITLE": "",
        "URL": origin(site.host) + article_path(site, article),
        "DOCRELPUBTIME": f"{article.day}",
    }


def _search(site: Site, found: tuple[Article, ...], origin: Origin) -> Route:
    """`zhengcelibrary` answers by class in `catMap`, the single libraries in `listVO`; pages count from 1."""

    def kind(article: Article) -> str:
        if article.issuers and article.issuers[0].startswith("国务院"):
            return "gongwen"
        return "bumenfile" if article.doc_number else "otherfile"

    def row(article: Article) -> dict[str, object]:
        midnight = datetime.combine(article.day, time(), UTC) - timedelta(hours=8)
        return {
            "id": str(article.number),
            "title": article.title,
            "url": origin(site.host) + article_path(site, article),
            "pcode": article.doc_number,
            "puborg": ";".join(article.issuers),
            "pubtimeStr": f"{article.day:%Y.%m.%d}",
            "pubtime": int(midnight.timestamp() * 1000),
            "ptime": int(midnight.timestamp() * 1000),
            "childtype": "",
            "summary": article.body[0].text[:60],
            "index": f"000014349/{article.day:%Y}-{article.number % 100000:05d}",
            "source": "中国政府网",
        }

    def answer(query: Query) -> Reply:
        page, size = max(1, int(query.get("p") or 1)), int(query.get("n") or 20)
        words = (query.get("q") or "").split()
        rows = [item for item in found if all(word in item.title + item.plain for word in words)]
        if not rows:
            return as_json({"code": 1001, "msg": "抱歉，没有找到相关结果", "searchVO": None})
        library = query.get("t") or "zhengcelibrary"
        one = {"zhengcelibrary_gw": "gongwen", "zhengcelibrary_bm": "bumenfile", "zhengcelibrary_or": "otherfile"}
        if library in one:
            chosen = [item for item in rows if kind(item) == one[library]]
            result: dict[str, object] = {
                "totalCount": len(chosen),
                "totalpage": -(-len(chosen) // size),
                "currentPage": page,
                "listVO": [row(item) for item in chosen[(page - 1) * size : page * size]],
            }
        else:
            classes: dict[str, object] = {}
            for name in SEARCH_CLASSES:
                chosen = [item for item in rows if kind(item) == name]
                shown = chosen[(page - 1) * size : page * size]
                classes[name] = {
                    "totalCount": len(chosen),
                    "currentNum": len(shown),
                    "listVO": [row(item) for item in shown],
                }
            result = {"totalCount": 0, "totalpage": 0, "currentPage": page, "catMap": classes}
        return as_json({"code": 200, "msg": "操作成功", "paramsVO": dict(query), "searchVO": result})

    return answer


def _old_list(site: Site, column: Column, rows: tuple[Article, ...], number: int, pages: int, origin: Origin) -> str:
    items = "".join(
        f'<li><h4><a href="{origin(site.host)}{article_path(site, item)}" target="_blank">{escape(item.title)}</a>'
        f'<span class="date">{item.day:%Y.%m.%d}</span></h4></li>'
        for item in rows
    )
    turn = (
        f'<a class="next" href="/column/30611/{number + 1}.htm">下一页</a>'
        if number + 1 < pages
        else "<span>下一页</span>"
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{column.name}_中国政府网</title></head>
<body><div class="header"><a href="{origin(site.host)}/">首页</a> &gt; {column.name}</div>
<div class="main"><div class="news_box"><div class="list list_1 list_2"><ul class="list">{items}</ul></div>
<div class="newspage">第{number + 1}页/共{pages}页 {turn}</div></div></div>{footer(site, origin)}</body></html>"""


def _article(site: Site, article: Article, origin: Origin) -> str:
    formal = article.column in ("library", "latest")
    shown = article.published or article.day
    head = f"""<meta charset="utf-8"><title>{escape(article.title)}_{"政府信息公开" if formal else "最新"}_中国政府网</title>
<meta name="manuscriptId" content="{article.number}"><meta name="catalog" content="{"zhengce" if formal else "xinwen"}">
<meta name="author" content="中国政府网"><meta name="firstpublishedtime" content="{shown}-{article.time}:00">
<meta name="lastmodifiedtime" content="{shown}-{article.time}:30">"""
    if not formal:
        return f"""<!DOCTYPE html><html><head>{head}</head><body>
<div class="path"><a href="/">首页</a> &gt; 新闻 &gt; 滚动</div>
<div class="article oneColumn pub_border"><h1 id="ti">{escape(article.title)}</h1>
<div class="pages-date">{shown} {article.time}<span class="font">来源： {article.source}</span>
<span class="font share">【字体：<a href="#">大</a> <a href="#">中</a> <a href="#">小</a>】<a href="#">打印</a></span></div>
<div class="pages_content" id="UCAP-CONTENT"><div class="trs_editor_view">{blocks(article.body)}</div></div>
<div class="editor"><span class="font">责任编辑：样例</span></div>
<div class="related"><h3>【我要纠错】</h3></div></div>{footer(site, origin)}</body></html>"""
    written = article.written
    table = f"""<table width="930" class="bd1" cellpadding="0" cellspacing="0"><tbody>
<tr><td width="70"><b>索 引 号：</b></td><td>000014349/{shown:%Y}-{article.number % 100000:05d}</td>
<td width="70"><b>主题分类：</b></td><td>国民经济管理、国有资产监管\\经济体制改革</td></tr>
<tr><td><b>发文机关：</b></td><td>{"、".join(article.issuers)}</td>
<td><b>成文日期：</b></td><td>{f"{written.year}年{written.month:02d}月{written.day:02d}日" if written else ""}</td></tr>
<tr><td><b>标　　题：</b></td><td colspan="3">{escape(article.title)}</td></tr>
<tr><td><b>发文字号：</b></td><td>{article.doc_number}</td>
<td><b>发布日期：</b></td><td>{shown.year}年{shown.month:02d}月{shown.day:02d}日</td></tr>
<tr><td><b>主 题 词：</b></td><td></td><td></td><td></td></tr></tbody></table>"""
    return f"""<!DOCTYPE html><html><head>{head}</head><body><div class="wrap" style="font-family:宋体;">{table}<br>
<table width="930" cellpadding="0" cellspacing="0"><tbody><tr><td class="b12c" id="UCAP-CONTENT">
{blocks(article.body, '<p style="text-indent: 2em; text-align: justify; font-family: 宋体;">{}</p>')}
</td></tr></tbody></table></div>{footer(site, origin)}</body></html>"""


def _home(site: Site, origin: Origin) -> str:
    rows = "".join(
        f'<li><a href="{article_path(site, item)}">{escape(item.title)}</a></li>' for item in site.articles[:6]
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{site.name}</title></head><body>
<ul class="nav"><li><a href="/">首页</a></li><li><a href="{origin(site.other_hosts[0])}/column/30611/0.htm">滚动</a></li></ul>
<div class="main"><ul>{rows}</ul></div>{footer(site, origin)}</body></html>"""
