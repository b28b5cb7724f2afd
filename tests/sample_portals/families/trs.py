# ruff: noqa: E501 - lines of markup stay in one piece
"""TRS WCM: 北京, 天津 and 武清, whose skins differ; zero-based `index_N.html`, dates in URLs (`tYYYYMMDD_ID.html`).

Column styles: `script` (pager written by `createPageHTML`), `whole` (all rows in page 0 with dummy rows between),
`cooperation` (`li.col-md`, 共N页), `tianjin` (rows without a day), `shell` (160 bytes that replace the location), `plain`.
"""

from __future__ import annotations

from html import escape
from posixpath import dirname, relpath

from tests.sample_portals.markup import (
    Origin,
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


def article_path(site: Site, article: Article) -> str:
    folder = dirname(site.column(article.column).path)
    return f"{folder}/{article.day:%Y%m}/t{article.day:%Y%m%d}_{article.number}.html"


def routes(site: Site, origin: Origin) -> Routes:
    def path(article: Article) -> str:
        return article_path(site, article)

    # Nothing but the page itself tells the charset on the first of the three.
    declared = "text/html" if site.portal_id == "110000" else "text/html; charset=utf-8"
    made: Routes = {(site.host, "/"): html(home(site, path, origin), declared)}
    for article in site.articles:
        write = {"110000": _beijing, "120000": _tianjin}.get(site.portal_id, _district)
        made[site.host, path(article)] = html(write(site, article, origin), declared)
    for column in site.columns:
        rows = site.by_column[column.id]
        if column.style == "shell":
            target = next(other for other in site.columns if other.id == f"{column.id}-list")
            step = relpath(target.path, dirname(column.path))
            made[site.host, column.path] = html(
                f'<html><head><script type="text/javascript">location.replace("./{step}");</script></head><body></body></html>',
                declared,
            )
            continue
        size = len(rows) or 1 if column.style == "whole" else column.per_page
        pages = page_count(rows, size)
        stem = column.path.removesuffix(".html")
        for number in range(pages):
            name = f"{stem}_{number}.html" if number else column.path
            text = _list(site, column, page_of(rows, number, size), number, pages, origin)
            made[site.host, name] = html(text, declared)
    return made


def _list(site: Site, column: Column, rows: tuple[Article, ...], number: int, pages: int, origin: Origin) -> str:
    folder = dirname(column.path)

    def row(item: Article) -> str:
        link = f"./{relpath(article_path(site, item), folder)}"
        title = escape(item.title)
        short = title if len(title) < 30 else title[:28] + "..."
        if column.style == "whole":
            return (
                f'<li><i class="flag">是</i><a href="{link}" title="{title}" target="_blank">{short}</a>'
                f'<span>{item.doc_number}</span><b class="u_time">{item.published or ""}</b></li>\n'
                f'<li><i class="flag"></i><a href="./">北京市人民政府文件</a><span></span></li>'
            )
        if column.style == "cooperation":
            return f'<li class="col-md"><a href="{link}" title="{title}">{short}</a><span>{item.day}</span></li>'
        if column.style == "tianjin":
            return f'<a class="list-item-con" href="{link}" title="{title}" target="_blank">{short}</a>'
        return (
            f'<li><a href="{link}" target="_blank" title="{title}">{short}</a><span class="date">{item.day}</span></li>'
        )

    listed = "\n".join(row(item) for item in rows) or "<li>暂无数据</li>"
    wrapping = {"whole": "default_news", "cooperation": "row", "tianjin": "list-wrap"}.get(column.style, "list")
    stem = column.path.rsplit("/", 1)[1].removesuffix(".html")
    if column.style == "whole":
        pager = """<div class="page" id="pages"></div><script>var $list = $('.default_news li'); var pageSize = 15;</script>"""
    elif column.style == "cooperation":
        following = f'<a href="{stem}_{number + 1}.html">下一页</a>' if number + 1 < pages else ""
        pager = f'<div class="page"><span class="u_page">共{pages}页</span>{following}</div>'
    else:
        pager = f"""<div class="page"><script>
function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt) {{ /* writes the links of the pager */ }}
createPageHTML({pages}, {number}, "{stem}", "html");
</script></div>"""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{column.name}_{site.name}</title>
{metas(site, column)}</head><body>{menu(site)}
<div class="crumb">您的位置：<a href="/">首页</a> &gt; {column.name}</div>
<div class="listBox"><h2>{column.name}</h2><ul class="{wrapping}">
{listed}
</ul>{pager}</div>
<div class="side"><h3>热点专题</h3><ul><li><a href="http://zt.example/jjj/">京津冀协同发展专题</a></li>
<li><a href="/admin/login.jsp">管理</a></li></ul></div>{footer(site, origin)}</body></html>"""


def _box(article: Article, labels: tuple[tuple[str, str], ...]) -> str:
    return "".join(f"<li><span>[{label}] </span>{value}</li>" for label, value in labels if value)


def _beijing(site: Site, article: Article, origin: Origin) -> str:
    column = site.column(article.column)
    stamp = f"{article.published} {article.time}" if article.published else ""
    written = article.written
    labels = (
        ("主题分类", "综合政务" if article.doc_number else ""),
        ("发文机构", "、".join(article.issuers)),
        ("成文日期", f"{written}" if written else ""),
        ("发文字号", article.doc_number),
        ("发布日期", f"{article.published}" if article.doc_number and article.published else ""),
        ("有效性", "是" if article.doc_number else ""),
    )
    box = f'<div class="container"><ol class="doc-info clearfix">{_box(article, labels)}</ol></div>'
    date_line = f"日期：{article.published}" if article.published and not article.doc_number else ""
    source = f"<span>来源：{article.source}</span>" if article.source else ""
    return f"""<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8">
<title>{escape(article.title)}_{column.name}_首都之窗_北京市人民政府门户网站</title>
{metas(site, column, article, stamp)}</head><body>{menu(site)}
<div class="crumbs">您的位置：<a href="/">首页</a> &gt; <a href="../">{column.name}</a></div>
{box if article.doc_number else ""}
<div class="header"><p>{escape(article.title)}</p>
<div id="othermessage" class="clearfix"><p class="fl"><span>{date_line}</span> {source}</p>
<div id="share">分享到：<a href="#">微信</a><a href="#">微博</a></div></div></div>
<div class="mainTextBox"><div id="mainText"><div class="view TRS_UEDITOR trs_paper_default trs_web">
{blocks(article.body, "<p>{}</p>", indent="　　")}
</div></div></div>
{related(site, article, lambda item: article_path(site, item))}
{footer(site, origin)}</body></html>"""


def _tianjin(site: Site, article: Article, origin: Origin) -> str:
    column = site.column(article.column)
    stamp = f"{article.published} {article.time}" if article.published else ""
    written = f"{article.written.year}年{article.written.month}月{article.written.day}日" if article.written else ""
    info = ""
    if article.doc_number:
        cells = (
            ("发文机关", "、".join(article.issuers)), ("发文字号", article.doc_number), ("成文日期", written),
            ("发布日期", f"{article.published}" if article.published else ""),
        )  # fmt: skip
        info = (
            "<table class='sx-table'>"
            + "".join(f"<tr><th>{label}：</th><td>{value}</td></tr>" for label, value in cells if value)
            + f"</table><input type='hidden' id='hid_WZFL' value='{article.doc_number[:3]}'>"
        )
    line = f"发布日期：{article.published} {article.time}" if article.published and not article.doc_number else ""
    source = f"来源：{article.source}" if article.source else ""
    return f"""<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>{escape(article.title)}_{column.name}_天津市人民政府</title>
{metas(site, column, article, stamp)}</head><body>{menu(site)}
<div class="path">首页&gt;{column.name}</div>{info}
<div class="article_title"><h1>{escape(article.title)}</h1></div>
<div class="article_info"><span>{line}</span>　<span>{source}</span>　<span>字号：大 中 小</span></div>
<div class="article_content xl-zw-info"><div id="xlrllt">
{blocks(article.body, '<p align="justify" style="text-indent:2em;"><span>{}</span></p>')}
</div></div>
{related(site, article, lambda item: article_path(site, item), "相关文章")}{footer(site, origin)}</body></html>"""


def _district(site: Site, article: Article, origin: Origin) -> str:
    column = site.column(article.column)
    number = f"<p>文　　号：{article.doc_number}</p>" if article.doc_number else ""
    day = article.published
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8">
<title>{escape(article.title)}-{site.unit}人民政府</title>
{metas(site, column, article, f"{day} {article.time}:00" if day else "")}</head><body>{menu(site)}
<div class="xl-con"><h3 class="title">{escape(article.title)}</h3>
<div class="xl-info">{number}<span>发布时间：{day} {article.time}</span><span>来源：{article.source}</span>
<span>浏览次数：<i id="hits"></i></span></div>
<div id="zoom" class="TRS_Editor">{blocks(article.body, "<p>{}</p>", indent="　　")}</div></div>
<div class="pre-next">上一篇：<script>document.write("无")</script></div>
{related(site, article, lambda item: article_path(site, item))}{footer(site, origin)}</body></html>"""
