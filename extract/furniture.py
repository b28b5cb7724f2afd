"""What belongs to the site and not to the article: menus, paths, share buttons, editors' lines, footers.

Told by the names their makers gave the elements and by the words that stand in them. Names mislead now and then, so
those who ask weigh the answer against how much prose an element holds.
"""

from __future__ import annotations

import re
from typing import Final

from extract.dates import find_days
from extract.layout import Layout
from extract.markup import Element, given_name, named, squeeze

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

_is_named: Final = named(re.compile(rf"(?:^|[\s_-])(?:{'|'.join(_WORDS)})(?=$|[\s_-])"))
FURNITURE_TAGS: Final = frozenset({"nav", "footer", "aside"})
_KEPT_TAGS: Final = frozenset({"body", "html", "p", "td", "tr", "tbody", "table", "h1", "h2", "h3"})

# Search is many times faster where every alternative begins with a plain character, cased or not.
_FOOTER: Final = re.compile(
    r"版权所有|主办单位|承办单位|主办[:：]|承办[:：]|I(?i:CP备)|i(?i:CP备)|公网安备|网安备|网站标识码|技术支持[:：]|网站地图|建议使用|"
    r"您访问的链接|即将离开|C(?i:opyright)|c(?i:opyright)|A(?i:ll Rights Reserved)|a(?i:ll Rights Reserved)|"
    r"邮政编码[:：]|联系我们|违法和不良信息|浏览器|分辨率|设为首页|加入收藏"
)
_DATED: Final = (
    r"(?:(?<=(?:发布|发表|更新|公布|公开|成文|录入)(?:日期|时间))|(?<![\u4e00-\u9fff](?:日期|时间)))\s*[:：]"
)
_READ: Final = r"(?:次数|[量数]?\s*[:：]\s*(?:\d|次|$))"
_INFO: Final = re.compile(
    rf"日期{_DATED}|时间{_DATED}|时间发布|来\s*源\s*[:：]|字(?<!老字)\s*[体号]\s*(?:大小)?\s*(?:[:：\[【]|大\s*中\s*小)|"
    rf"浏览{_READ}|阅读{_READ}|访问{_READ}|点击(?:次数|[数率]|此处收藏)|【打印|打印(?:本页|文章)|分享到|"
    r"作\s*[者辑]\s*[:：]|编\s*[者辑]\s*[:：]|视力保护色|加入收藏|添加收藏|扫一扫在手机"
)
_FACT: Final = re.compile(
    r"[\[【〔]?(?:索引号|信息索引号?|发文机[关构]|发文单位|制[发文]机关|发布(?:机构|单位|机关)|公开(?:机构|机关|方式|范围|日期|时间|责任部门)|"
    r"(?:信息|公文|文件|文档)?(?:名称|标题)|(?:发文|公文|文件)?[字文]号|(?:成文|发文|签发|印发|生成|发布|公布|废止|失效|生效|实施)(?:日期|时间)|"
    r"主题(?:分类|词)|(?:信息|组配|体裁)分类|有效性|有效期|效力状态|时效性|文件编号|载体类型|关键词|内容概述)[】\]〕]?\s*[:：】\]〕]"
)
_CLOSING: Final = re.compile(
    r"^(?:[\[【]?\s*(?:(?:本文|信息|文章|稿件|内容|文件)?来源|[上下][一1]?[篇条页章节]|(?:没有|暂无)?[上下]一[篇条]|"
    r"相关(?:阅读|链接|新闻|文章|信息|报道|附件|稿件|文档|解读|政策|文件)|附件下载|分享(?:到)?|打印(?:本页|文章)?|关闭(?:窗口|本页)?|"
    r"返回(?:顶部|首页|列表|上页)?|我要纠错|纠错|收藏|浏览次数|点击[数率量]|阅读[数量]?|[特免版][别责权]声明|您是第|Copyright|本网站|"
    r"信息发布人|录入人?|发布人|审[核签]人?|校[对核]人?|编[辑校审]|初审|复审|终审|责编|责任[编校]?[辑对审]?|字体|字号|我要|网友评论|"
    r"发表评论|查看评论|更多|作者单位|Trackback|标签|关键[词字]|发布日期|发布时间|更新时间|信息分类)|"
    r"[(（]\s*(?:责任编辑|责编|编辑|编审|审核|校对|网站编辑))\s*(?:[:：\]】)）|]|$)"
    r"|^(?:扫一扫|扫描二维码|手机(?:查看|扫码)|用手机(?:看|浏览)|打开微信|微信扫)"
    r"|^[\[\]【】()（）\d\s<>›‹«»|.…·]*(?:[首上下末尾]一?页|共\s*\d+\s*页|第?\d+页?)[\[\]【】()（）\d\s<>›‹«»|.…·首上下末尾一共第页]*$"
    r"|^[-=_*—〓~～]{3,}$"
)
_CREDIT: Final = re.compile(
    r"(?:(?:发布|更新)?(?:时间|日期)|(?:信息|文章)?来源|作者|记者|通讯员|供稿|撰稿|摄影|编辑|责编|责任编辑|审核|校对|审稿|浏览|点击)[:：]"
)
_ENDING: Final = re.compile(
    r"^(?:(?:网友|最新|全部|热门|精彩|文章|读者)?(?:评论|留言|跟帖)(?:列表|区)?(?:[(（]\d+[)）])?[:：]?$|.{0,50}已有\s*\d+\s*[件条个位].{0,4}评论|"
    r"\d+\s*[条个]评论$|(?:相关|延伸|推荐|猜你喜欢的?)(?:阅读|新闻|链接|文章|报道)[:：]?$|免责声明[:：]|郑重声明[:：]?$|版权(?:与免责)?声明[:：])"
)
_PATH: Final = re.compile(
    r"^(?:您|你)?(?:现在|当前|所在|目前)?(?:的|所在的?)?位置(?:是|为)?\s*[:：>]|^当前所在位置|^首\s*页\s*[>»›＞]"
)
_SCRAPS: Final = frozenset(
    ("|", ">", "-", "·", "X", "×", "】", "【", "[", "]", "附件:", "附件：", "附件", "大", "中", "小", "END")
)
_FILE: Final = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|zip|rar|7z|wps|et|ofd|ceb|txt|jpg|png|mp4)(?:$|[?#)）\s])", re.I)
_ADDRESS: Final = re.compile(r"^\s*(?:https?://|www\.)[\w./-]+\s*")
_MAX_LINK_BLOCK: Final = 400
_ENDING_LENGTH: Final = 80


def furniture_of(root: Element) -> set[Element]:
    """The outermost elements that their names or tags give away as the site's own."""
    found: set[Element] = set()
    stack = [root]
    while stack:
        element = stack.pop()
        for child in element:
            if not isinstance(child.tag, str):
                continue
            if is_furniture(child.tag, given_name(child)):
                found.add(child)
            else:
                stack.append(child)
    return found


def is_furniture(tag: str, given: str) -> bool:
    """Whether an element's tag or given name tells that it is the site's own, whatever it stands in."""
    return tag in FURNITURE_TAGS or (tag not in _KEPT_TAGS and _is_named(given))


def is_footer_line(text: str) -> bool:
    """Whether a short line is of the kind that stands at the foot of every page of a site."""
    return len(text) < 200 and _FOOTER.search(text) is not None


def is_fact_line(text: str) -> bool:
    """Whether a line is an entry of a box of facts about a document (索引号：…, 成文日期：…)."""
    return len(text) < 160 and _FACT.match(text) is not None


def is_info_line(text: str) -> bool:
    """Whether a line tells the date, source, author or letter size of an article, or the path to it."""
    return len(text) < 160 and (_INFO.search(text) is not None or is_path(text))


def is_path(text: str) -> bool:
    """Whether a line is the way from the home page to the article (当前位置：首页 > …)."""
    return _PATH.match(text) is not None


def is_stamp(text: str) -> bool:
    """Whether a line is a date with little beside it, as it stands between a title and a text."""
    first = next(find_days(text), None)
    if first is None or text.rstrip().endswith("。"):
        return False
    before = _ADDRESS.sub("", text[: first.start])
    return len(before) <= 12 and len(text) - first.start + len(before) < 45


def is_closing_line(text: str) -> bool:
    """Whether a line is of the kind that follows an article: editors, neighbours, buttons, scraps of them."""
    plain = squeeze(text)
    if len(plain) >= 80:
        return False
    if not plain or plain in _SCRAPS or is_footer_line(plain):
        return True
    if _CLOSING.match(plain):
        return len(plain) < 60
    return _CREDIT.match(plain) is not None and len(_CREDIT.findall(plain)) >= 2


def is_ending_line(text: str) -> bool:
    """Whether a line opens what follows an article and is no part of it: comments, other articles, disclaimers."""
    return len(text) < _ENDING_LENGTH and _ENDING.match(squeeze(text)) is not None


def is_link_block(layout: Layout, at: int) -> bool:
    """Whether a block is nothing but links: a list of other articles, or a download widget with its icon."""
    tag = layout.tags[at]
    if tag not in ("ul", "ol", "div", "dl", "p", "table"):
        return False
    anchors = layout.anchors(at)
    if anchors == 0 or (anchors == 1 and tag != "p"):
        return False
    words, linked = layout.words(at)
    plain = words - linked
    if plain > max(6, linked * 0.15) or layout.ends[at] - at > _MAX_LINK_BLOCK:
        return False
    if tag == "p":
        if anchors != 1 or plain:
            return False
        held = range(at, layout.ends[at])
        icon = any(layout.tags[piece] == "img" for piece in held)
        return icon and any(
            layout.tags[piece] == "a" and _FILE.search(squeeze(layout.characters(piece))) for piece in held
        )
    return anchors >= 3 or tag in ("ul", "ol", "dl")
