# ruff: noqa: E501 - lines of markup stay in one piece
"""What the pages of all families share: replies, head metas, an article's blocks as HTML, and the furniture of a site.

The furniture (menus, footers with place names, related links that name other collaborations, counters, share buttons)
is there because a reader of pages must leave it out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape

from tests.sample_portals.web import Article, Block, Column, Site

Query = Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """What the server answers: bytes, their declared type, and a status."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Route = Reply | Callable[[Query], Reply]
Routes = dict[tuple[str, str], Route]
Origin = Callable[[str], str]


def html(text: str, content_type: str = "text/html; charset=utf-8", encoding: str = "utf-8") -> Reply:
    """A page as a reply."""
    return Reply(text.encode(encoding), content_type)


def as_json(value: object) -> Reply:
    """A JSON answer as a reply."""
    return Reply(json.dumps(value, ensure_ascii=False).encode(), "application/json;charset=UTF-8")


def metas(site: Site, column: Column, article: Article | None = None, pub_date: str = "") -> str:
    """The head metas of the government metadata standard; `pub_date` as the family writes it (empty: no such meta)."""
    pairs = [
        ("SiteName", site.name),
        ("SiteDomain", site.host),
        ("SiteIDCode", site.site_code),
        ("ColumnName", column.name),
        ("ColumnType", column.name),
    ]
    if article is not None:
        pairs.append(("ArticleTitle", article.title))
        if pub_date:
            pairs.append(("PubDate", pub_date))
        pairs.append(("ContentSource", article.source))
        pairs.append(("Keywords", f"{site.unit},{column.name}"))
    return "\n".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in pairs)


def blocks(
    body: Iterable[Block],
    paragraph: str = '<p style="text-indent: 2em;">{}</p>',
    *,
    indent: str = "",
) -> str:
    """An article's body as HTML, each paragraph in the family's wrapping."""
    out: list[str] = []
    for block in body:
        if block.kind == "p":
            out.append(paragraph.format(indent + escape(block.text)))
        elif block.kind == "h":
            out.append(paragraph.format(f"{indent}<strong>{escape(block.text)}</strong>"))
        elif block.kind == "sign":
            out.append(f'<p style="text-align: right;">{escape(block.text)}</p>')
        elif block.kind == "list":
            out.append("<ul>" + "".join(f"<li>{escape(item)}</li>" for item in block.items) + "</ul>")
        else:
            rows = "".join(
                "<tr>" + "".join(f"<td><span>{escape(cell)}</span></td>" for cell in row) + "</tr>"
                for row in block.rows
            )
            out.append(f'<table border="1" cellspacing="0" cellpadding="0"><tbody>{rows}</tbody></table>')
    return "\n".join(out)


def menu(site: Site) -> str:
    """The site's menu: its own columns, and dead and scripted entries as every menu has them."""
    own = "".join(f'<li><a href="{column.path}">{column.name}</a></li>' for column in site.columns)
    return (
        f'<ul class="nav"><li><a href="/">首页</a></li>{own}'
        '<li><a href="javascript:void(0)">政务服务</a></li><li><a href="#">互动交流</a></li></ul>'
    )


def footer(site: Site, origin: Origin) -> str:
    """The foot of every page: makers, codes, and links to neighbours – place names that are nobody's collaboration."""
    neighbours = "".join(
        f'<option value="http://{host}/">{name}</option>'
        for host, name in (
            ("www.beijing.example", "北京市"),
            ("www.tianjin.example", "天津市"),
            ("www.shijiazhuang.example", "石家庄市"),
            ("www.tangshan.example", "唐山市"),
            ("www.qinhuangdao.example", "秦皇岛市"),
            ("www.hengshui.example", "衡水市"),
        )
    )
    return f"""
<div class="footer">
 <div class="links">友情链接：<select onchange="window.open(this.value)"><option>京津冀城市</option>{neighbours}</select>
 <a href="{origin("www.gov.sample")}/" target="_blank">中国政府网</a> <a href="http://www.weather.example/forecast/">天气预报</a></div>
 <p>主办：{site.unit}人民政府办公室　承办：{site.unit}政务服务和数据管理局　联系邮箱：{site.email}</p>
 <p>网站标识码：{site.site_code}　<a href="http://beian.example/">冀ICP备00000000号</a>　<a href="/sitemap.html">网站地图</a></p>
 <script>var _hmt=_hmt||[];(function(){{var s=document.createElement("script");s.src="//stat.example/h.js";}})();</script>
</div>"""


def related(site: Site, article: Article, path: Callable[[Article], str], title: str = "相关阅读") -> str:
    """Links to other articles of the column, with titles that name other places than the article does."""
    others = [item for item in site.by_column[article.column] if item is not article and not item.state][:3]
    if not others:
        return ""
    rows = "".join(
        f'<li><a href="{path(item)}" title="{escape(item.title)}">{escape(item.title)}</a></li>' for item in others
    )
    return f'<div class="relation xgyd"><h3>{title}</h3><ul>{rows}</ul></div>'


def home(site: Site, path: Callable[[Article], str], origin: Origin, *, charset: str = "utf-8") -> str:
    """A home page: menus and the newest rows of every column."""
    parts = []
    for column in site.columns:
        rows = "".join(
            f'<li><a href="{path(item)}" title="{escape(item.title)}">{escape(item.title[:18])}…</a>'
            f"<span>{item.day:%m-%d}</span></li>"
            for item in [row for row in site.by_column[column.id] if row.state != "hidden"][:3]
        )
        parts.append(f'<div class="box"><h2><a href="{column.path}">{column.name}</a></h2><ul>{rows}</ul></div>')
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">
<title>{site.name}</title>
<meta name="SiteName" content="{site.name}"><meta name="SiteDomain" content="{site.host}">
<meta name="SiteIDCode" content="{site.site_code}"></head>
<body>{menu(site)}<div class="main">{"".join(parts)}</div>{footer(site, origin)}</body></html>"""


def page_of(rows: tuple[Article, ...], number: int, size: int) -> tuple[Article, ...]:
    """The rows of page `number` (from 0)."""
    return rows[number * size : (number + 1) * size]


def page_count(rows: tuple[Article, ...], size: int) -> int:
    """How many pages a list has; an empty list has one."""
    return max(1, -(-len(rows) // size))


ERROR_PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>系统提示</title></head>
<body><div class="error"><h1>很抱歉，您访问的页面不存在或已被删除</h1>
<p>页面将在 <span id="sec">5</span> 秒后返回<a href="/">网站首页</a>。</p></div></body></html>"""


def paged(
    site: Site,
    origin: Origin,
    path: Callable[[Article], str],
    article_page: Callable[[Site, Article, Origin], str],
    list_page: Callable[[Site, Column, tuple[Article, ...], int, int, Origin], str],
    list_path: Callable[[Column, int], str],
    reply: Callable[[str], Reply] = html,
    charset: str = "utf-8",
) -> Routes:
    """The routes of a family whose lists are files of their own, page by page: home, articles, and every list page.

    `list_path` gives the path of a column's page (numbered from 0).
    """
    made: Routes = {(site.host, "/"): reply(home(site, path, origin, charset=charset))}
    for article in site.articles:
        made[site.host, path(article)] = reply(article_page(site, article, origin))
    for column in site.columns:
        rows = site.by_column[column.id]
        pages = page_count(rows, column.per_page)
        for number in range(pages):
            shown = page_of(rows, number, column.per_page)
            made[site.host, list_path(column, number)] = reply(list_page(site, column, shown, number, pages, origin))
    return made
