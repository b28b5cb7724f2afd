"""What sort of page it is: an article, a list, a home page, a search, or none of these (errors, redirecting shells)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from extract.dialects import is_article_url, split_address
from extract.layout import Layout
from extract.markup import squeeze
from extract.model import PageKind

_MOVED: Final = re.compile(r"location(?:\.href|\.replace|\.assign)?\s*(?:=|\()\s*[\"'(]", re.IGNORECASE)
_ERROR: Final = re.compile(
    r"\b(?:40[0-9]|41[0-9]|50[0-9]|521)\b.{0,20}(?:错误|error|not found|forbidden|页|抱歉|对不起)|\b404\b|出错了|"
    r"页面(?:不存在|没有找到|未找到|找不到|已删除|丢失|出错)|"
    r"(?:找不到|未找到|没有找到|无法找到)(?:您|你|该)?(?:要|所|想|需要)?(?:访问|查找|浏览)?的?(?:页面|网页|文件|资源)|"
    r"您(?:所)?(?:访问|查看|请求|要查看|要访问|浏览)的?(?:页面|网页|内容|信息|地址|文件)"
    r"(?:不存在|已|出错|无法|被|找不到|暂时)|"
    r"该(?:页面|信息|文章|内容)(?:不存在|已删除|已被删除)|"
    r"访问(?:出错|被拒绝|受限|过于频繁|被拦截)|(?:系统|服务器|网站)(?:内部)?(?:错误|繁忙|出错|维护中|升级中|防火墙)|"
    r"Not Found|Forbidden|Bad Gateway|Service Unavailable|Internal Server Error|Access Denied|Just a moment|WZWS|"
    r"安全验证|人机验证|输入验证码|云防御|网站管理员，请登录",
    re.IGNORECASE,
)
_SEARCH_PATH: Final = re.compile(
    r"/(?:search|so|jrobot|guestweb\d*|was5|tseach|sousuo)(?=$|[/.])|/search\w*\.(?:jspx?|do|html?|s?html|aspx?|php|jhtml)$",
    re.IGNORECASE,
)
_HOME_PATH: Final = re.compile(
    r"^/?(?:(?:index|default|main|home)\.(?:s?html?|aspx?|jsp|php|do|jhtml))?$", re.IGNORECASE
)
ERROR_WORDS: Final = 500
"""A page with more characters is neither an error page nor an empty shell."""
_SHELL_WORDS: Final = 60


def kind_by_address(url: str, found: Mapping[str, str]) -> PageKind | None:
    """The kind that the address or the ArticleTitle meta gives away, None when neither does."""
    parts = split_address(url)
    if _SEARCH_PATH.search(parts.path):
        return "search"
    if _HOME_PATH.match(parts.path) and not parts.query:
        return "home"
    if found.get("articletitle") or is_article_url(url):
        return "article"
    return None


def is_empty_shell(layout: Layout) -> bool:
    """Whether a page that was answered with 200 is an error page, or only sends the browser elsewhere."""
    title = next((text for _, text in layout.apart["title"]), "")
    words: list[str] = [title]
    size = 0
    for line in layout.blocks(0):
        words.append(line)
        size += len(squeeze(line))
        if size > ERROR_WORDS:
            return False
    if _ERROR.search("\n".join(words)):
        return True
    if size > _SHELL_WORDS:
        return False
    refresh = any(
        has.get("http-equiv", "").lower() == "refresh" and "url" in has.get("content", "").lower()
        for has, _ in layout.apart["meta"]
    )
    scripts = " ".join(text[:5000] for _, text in layout.apart["script"])
    return refresh or _MOVED.search(scripts) is not None or (size == 0 and not title.strip())
