"""What belongs to the site and not to the article: menus, paths, share buttons, editors' lines, footers.

Told by the names their makers gave the elements and by the words that stand in them. Names mislead now and then, so
those who ask weigh the answer against how much prose an element holds.
"""

from __future__ import annotations

import re
from typing import Final

from extract.dates import find_days
from extract.markup import Element, name_of, squeeze

_WORDS: Final = (
    r"head(?:er)?", r"haeder", r"top(?:bar|nav|link)?s?", r"foot(?:er)?\d*", r"[a-z]*nav(?:bar|list|box|i)?\d*",
    r"menu\w*", r"bread\w*", r"crumb\w*", r"position", r"location", r"dqwz", r"weizhi", r"sidebar", r"aside",
    r"share\w*", r"bdshare\w*", r"bshare\w*", r"jiathis\w*", r"social\w*", r"qr\w*", r"ewm\w*", r"erweima",
    r"copyright", r"friend\w*", r"yqlj", r"g_?links?\w*", r"links?", r"relate\w*", r"relation", r"relnews\w*",
    r"xgwz\w*", r"xglj", r"xgxw\w*", r"xgzc\w*", r"xgjd\w*", r"xgyd", r"comment\w*", r"pinglun", r"print\w*",
    r"fujian\w*", r"fj", r"fjxz", r"attach\w*", r"enclosure", r"annex\w*", r"page_?nav\w*", r"page_?link", r"pager",
    r"paging", r"pagination", r"page_?bar", r"hot\w*", r"rank\w*", r"recommend\w*", r"tuijian", r"search\w*",
    r"login\w*", r"toolbar", r"tools?", r"audio", r"jp-\w+", r"player", r"alert\w*", r"popup\w*", r"modal", r"dialog",
    r"toast", r"ads?", r"advert\w*", r"gg", r"banner", r"slide\w*", r"swiper\w*", r"editor-info", r"zrbj",
    r"responsibility", r"statement", r"disclaimer", r"mzsm", r"prev\w*", r"next\w*", r"pre-?next", r"sxp",
    r"shangxia",
)  # fmt: skip
"""Words of ids and classes, English and pinyin (dqwz 当前位置, xgwz 相关文章, fujian 附件, ewm 二维码)."""

_NAMED: Final = re.compile(rf"(?:^|[\s_-])(?:{'|'.join(_WORDS)})(?=$|[\s_-])")
_TAGS: Final = frozenset({"nav", "footer", "aside"})
_KEPT_TAGS: Final = frozenset({"body", "html", "p", "td", "tr", "tbody", "table", "h1", "h2", "h3"})

_FOOTER: Final = re.compile(
    r"版权所有|主办单位|承办单位|主办[:：]|承办[:：]|ICP备|公网安备|网安备|网站标识码|技术支持[:：]|网站地图|建议使用|您访问的链接|即将离开|"
    r"Copyright|All Rights Reserved|邮政编码[:：]|联系我们|违法和不良信息|浏览器|分辨率|设为首页|加入收藏",
    re.IGNORECASE,
)
_INFO: Final = re.compile(
    r"(?:(?:发布|发表|更新|公布|公开|成文|录入)|(?<![\u4e00-\u9fff]))(?:日期|时间)\s*[:：]|时间发布|来\s*源\s*[:：]|"
    r"(?<!老)字\s*[体号]\s*(?:大小)?\s*(?:[:：\[【]|大\s*中\s*小)|(?:浏览|阅读|访问|点击)次数|点击[数率]|(?:浏览|阅读)量\s*[:：]|"
    r"【打印|打印(?:本页|文章)|分享到|[作编]\s*[者辑]\s*[:：]|视力保护色|(?:加入|添加|点击此处)收藏|扫一扫在手机"
)
_CLOSING: Final = re.compile(
    r"^[\[【(（]?\s*(?:责任编辑|责编|编辑|编审|审核|校对|(?:本文|信息|文章)?来源|[上下]一[篇条页]|"
    r"相关(?:阅读|链接|新闻|文章|信息|报道|附件|稿件|文档|解读)|附件下载|扫一扫|分享(?:到)?|打印(?:本页|文章)?|关闭(?:窗口|本页)?|"
    r"返回(?:顶部|首页|列表)?|我要纠错|纠错|收藏|浏览次数|点击数|阅读|[特免版][别责权]声明|您是第|Copyright|本网站|网站编辑|"
    r"信息发布人|字体|字号|【?我要|网友评论|发表评论|查看评论|更多)\s*(?:[:：\]】)）|]|$)"
)
_PATH: Final = re.compile(r"^(?:您|你)?(?:现在|当前|所在|目前)?(?:的|所在的?)?位置(?:是|为)?\s*[:：>]|^当前所在位置")
_SCRAPS: Final = frozenset(
    ("|", ">", "-", "·", "X", "×", "】", "【", "[", "]", "附件:", "附件：", "附件", "大", "中", "小", "END")
)
_FILE: Final = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|zip|rar|7z|wps|et|ofd|ceb|txt|jpg|png|mp4)(?:$|[?#)）\s])", re.I)
_MAX_LINK_BLOCK: Final = 400


def furniture_of(root: Element) -> set[Element]:
    """The outermost elements that their names or tags give away as the site's own."""
    found: set[Element] = set()
    stack = [root]
    while stack:
        element = stack.pop()
        for child in element:
            if not isinstance(child.tag, str):
                continue
            if _is_furniture(child):
                found.add(child)
            else:
                stack.append(child)
    return found


def _is_furniture(element: Element) -> bool:
    if element.tag in _TAGS:
        return True
    if element.tag in _KEPT_TAGS:
        return False
    name = name_of(element)
    return bool(name) and _NAMED.search(name) is not None


def is_footer_line(text: str) -> bool:
    """Whether a short line is of the kind that stands at the foot of every page of a site."""
    return len(text) < 200 and _FOOTER.search(text) is not None


def is_info_line(text: str) -> bool:
    """Whether a line tells the date, source, author or letter size of an article, or the path to it."""
    return len(text) < 160 and (_INFO.search(text) is not None or is_path(text))


def is_path(text: str) -> bool:
    """Whether a line is the way from the home page to the article (当前位置：首页 > …)."""
    return _PATH.search(text) is not None


def is_stamp(text: str) -> bool:
    """Whether a line is a date with little beside it, as it stands between a title and a text."""
    first = next(find_days(text), None)
    return first is not None and first.start <= 12 and len(text) < 45 and not text.rstrip().endswith("。")


def is_closing_line(text: str) -> bool:
    """Whether a line is of the kind that follows an article: editors, neighbours, buttons, scraps of them."""
    plain = squeeze(text)
    if len(plain) >= 80:
        return False
    return not plain or plain in _SCRAPS or is_footer_line(plain) or (len(plain) < 60 and bool(_CLOSING.match(plain)))


def is_link_block(element: Element) -> bool:
    """Whether a block is nothing but links: a list of other articles, or a download widget with its icon."""
    if element.tag not in ("ul", "ol", "div", "dl", "p", "table"):
        return False
    anchors = linked = plain = size = 0
    icon = named = False
    stack: list[tuple[Element, bool]] = [(element, False)]
    while stack:
        piece, link = stack.pop()
        size += 1
        if size > _MAX_LINK_BLOCK:
            return False
        if piece.tag == "a" and piece.get("href"):
            link = True
            anchors += 1
            named = named or _FILE.search(squeeze("".join(piece.itertext()))) is not None
        icon = icon or piece.tag == "img"
        words = len(squeeze(piece.text or "")) if piece.tag not in ("script", "style") else 0
        linked, plain = (linked + words, plain) if link else (linked, plain + words)
        for child in piece:
            tail = len(squeeze(child.tail or ""))
            linked, plain = (linked + tail, plain) if link else (linked, plain + tail)
            if isinstance(child.tag, str):
                stack.append((child, link))
    if anchors == 0 or plain > max(6, linked * 0.15):
        return False
    if element.tag == "p":
        return anchors == 1 and icon and named and plain == 0
    return anchors >= 3 or (element.tag in ("ul", "ol", "dl") and anchors >= 2)
