"""Finding the article among the furniture of a page.

Two ways, in this order: the containers that the CMS families are known to put an article in, and a general search for
the densest text (the words that are not links, punctuated as prose is). The general one decides whether a known
container is believed, so that a name a vendor reuses for something else does no harm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from extract.dates import find_days
from extract.markup import SILENT, Element, Line, is_hidden, lines, name_of, squeeze

KNOWN_CONTAINERS: Final = (
    "ucap-content", "ucapcontent", "cms-article-content", "js_content", "js-content", "zoom", "zoomcon", "fontzoom",
    "easysite-text", "easysite-news-text", "article-wrap", "main-text", "xlrllt", "con-n", "con_con", "conzynr",
    "trs_editor", "trs_ueditor", "trs_editor_view", "trs_paper_default", "pages_content", "pages-content", "view",
    "tro_content", "ivs_content", "ivs-content", "article-content", "article_content", "article-con", "article_con",
    "article-body", "article_body", "articlecon", "articlecontent", "artical_content", "news_content", "news-content",
    "newscontent", "content_text", "content-text", "detail-content", "detail_content", "detailcontent", "xl_content",
    "xl_con", "xl-content", "main-txt", "download-content", "downloadcontent", "contents_div", "szf_lf-news-detail",
    "xxgk_gfxwjk-xqy-neir", "xxgkgzwjk_xqy-cont", "incontent", "sj_nr", "trs_pre-append", "thirdtext", "nr_p", "neirong",
    "xiangqing", "gp-article", "body-label", "div_zhengwen", "zhengwen", "zw_content", "wenzhang", "vsb_content",
    "vsb_content_2", "v_news_content", "wp_articlecontent", "infocontent", "info-content", "text-content", "maintext",
    "txt_con", "con-txt", "con_txt", "con-text", "art_con", "art-con", "art_content", "the_content", "entry-content",
    "post-content", "artibody", "text", "content",
)  # fmt: skip
"""Ids and classes (camelCase cut with hyphens, lower case) of the elements that hold articles, as page_facts has them."""

_FURNITURE: Final = re.compile(
    r"(?:^|[\s_-])(?:head(?:er)?|haeder|top(?:bar|nav|link)?s?|foot(?:er)?\d*|(?:[a-z]*nav(?:bar|list|box|i)?\d*)|menu\w*|bread\w*|crumbs?"
    r"|crumb\w*|position|location|dqwz|weizhi|sidebar|aside|share\w*|bdshare\w*|bshare\w*|jiathis\w*|social\w*|qr\w*|ewm\w*|erweima|copyright"
    r"|friend\w*|yqlj|g_?links?\w*|related\w*|relate\w*|relnews\w*|xgwz\w*|xglj|xgxw\w*|xgzc\w*|xgjd\w*|xgyd|comment\w*|pinglun|print\w*|fujian\w*|fj|fjxz"
    r"|attach\w*|enclosure|annex\w*|page_?nav\w*|page_?link|pager|paging|pagination|page_?bar|hot\w*|rank\w*|recommend\w*|tuijian|search\w*"
    r"|login\w*|toolbar|tools?|audio|jp-\w+|player|alert\w*|popup\w*|modal|dialog|toast|ad|ads|advert\w*|gg|banner|slide\w*|swiper\w*"
    r"|editor-info|zrbj|responsibility|statement|disclaimer|mzsm|prev\w*|next\w*|pre-?next|sxp|shangxia)(?=$|[\s_-])"
)
_KEPT_TAGS: Final = frozenset({"body", "html", "p", "td", "tr", "tbody", "table", "h1", "h2", "h3"})
_FURNITURE_TAGS: Final = frozenset({"nav", "footer", "aside"})
_SENTENCE: Final = re.compile("[，。；！？、：]")
_FOOTER_LINE: Final = re.compile(
    r"版权所有|主办单位|承办单位|主办[:：]|承办[:：]|ICP备|公网安备|网安备|网站标识码|技术支持|网站地图|建议使用|您访问的链接|即将离开|"
    r"Copyright|All Rights Reserved|邮政编码|联系我们|违法和不良信息|浏览器|分辨率|设为首页|加入收藏",
    re.IGNORECASE,
)
_CONTAINERS: Final = frozenset(
    "div td article section main body center form ucapcontent li dd span font table tbody tr fieldset figure th blockquote".split()
)
_FLOW: Final = frozenset("p h1 h2 h3 h4 h5 h6 b strong em i u a small sub sup ul ol li dl blockquote br hr".split())
_STYLED_ONLY: Final = frozenset(
    "style align width height border cellspacing cellpadding bgcolor valign color size face lang dir".split()
)


@dataclass(frozen=True, slots=True)
class Body:
    """The article's element (None where the page has none), its lines, and whether its container is a known one."""

    element: Element | None
    text: str
    known: bool


def find_body(root: Element, title: str = "") -> Body:
    """The article of a page. Text that stands twice (print and elder copies) is taken once; `title` helps to tell a heading."""
    furniture = furniture_of(root)
    weights = _Weights(root, furniture, title)
    if weights.total < 40:
        shown = _Weights(root, furniture, title, hidden=True)
        weights = shown if shown.total > weights.total * 2 + 40 else weights
    densest = weights.densest()
    known = _known_container(root, weights, densest)
    chosen = known if known is not None else densest
    if chosen is None:
        return Body(None, "", False)
    kept = _article_lines(chosen, weights)
    if known is None or any(weights.title == squeeze(line.text) for line in kept[:3]):
        kept = _without_heading(kept, weights.title)
    kept = _without_closing(kept)
    return Body(chosen, "\n".join(line.text for line in kept), known is not None)


def furniture_of(root: Element) -> set[Element]:
    """The outermost elements that their names or tags give away as the site's own (menus, footers, share buttons)."""
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
    if element.tag in _FURNITURE_TAGS:
        return True
    if element.tag in _KEPT_TAGS:
        return False
    name = name_of(element)
    return bool(name) and _FURNITURE.search(name) is not None


class _Weights:
    """How much prose each element holds, furniture and repetitions not counted."""

    def __init__(self, root: Element, furniture: set[Element], title: str = "", *, hidden: bool = False) -> None:
        self.root = root
        self.order: list[Element] = [element for element in root.iter() if isinstance(element.tag, str)]
        index = {element: at for at, element in enumerate(self.order)}
        own = [0.0] * len(self.order)
        self.furniture = self._believable(furniture, root)
        self.hidden = hidden
        self.title = squeeze(title)
        seen: set[str] = set()
        for line in lines(root, skip=self.skips):
            text = squeeze(line.text)
            if len(text) > 30:
                if text in seen:
                    continue
                seen.add(text)
            own[index[line.element]] += 0.0 if self.is_heading(text) else _weight(text, line.linked)
        for at in range(len(self.order) - 1, 0, -1):
            parent = self.order[at].getparent()
            if parent is not None:
                own[index[parent]] += own[at]
        self._own = own
        self._index = index

    @property
    def total(self) -> float:
        return self._own[0]

    def of(self, element: Element) -> float:
        return self._own[self._index[element]]

    def is_heading(self, text: str) -> bool:
        """Whether a line is the page's title, its line of date and source, or the way to it."""
        return bool(
            (self.title and text == self.title)
            or (len(text) < 160 and _INFO_LINE.search(text))
            or text.startswith(_PATHS)
        )

    def skips(self, element: Element) -> bool:
        return element in self.furniture or (not self.hidden and is_hidden(element))

    def densest(self) -> Element | None:
        """The innermost element that holds the page's main prose.

        Going down stops where the prose flows: where paragraphs, not compartments of the layout, share it.
        """
        if self.total <= 0:
            return None
        element = self.root
        while True:
            best, best_weight, flow = None, 0.0, self._direct(element)
            for child in element:
                if not isinstance(child.tag, str):
                    continue
                weight = self.of(child)
                if child.tag in _FLOW or _is_anonymous(child):
                    flow += weight
                if weight > best_weight:
                    best, best_weight = child, weight
            here = self.of(element)
            if best is None or best.tag in _FLOW:
                break
            share = best_weight / here if here else 0.0
            if _is_anonymous(best):
                flow -= best_weight
            if share < 0.5 or (share < 0.9 and flow > 0.1 * here):
                break
            element = best
        return _with_siblings(element)

    def _direct(self, element: Element) -> float:
        return self.of(element) - sum(self.of(child) for child in element if isinstance(child.tag, str))

    @staticmethod
    def _believable(furniture: set[Element], root: Element) -> set[Element]:
        """Without the elements that hold much of the page's prose: their name misleads (`class="print-content"`)."""
        page = max(_prose(root), 1)
        return {element for element in furniture if _prose(element) <= page * 0.3}


def _prose(element: Element) -> int:
    return sum(max(0, len(squeeze(line.text)) - line.linked) for line in lines(element) if _SENTENCE.search(line.text))


def _weight(text: str, linked: int) -> float:
    plain = len(text) - linked
    if plain <= 0 or _FOOTER_LINE.search(text):
        return 0.0
    marks = len(_SENTENCE.findall(text))
    if linked > plain:
        return 0.0
    if marks == 0:
        return plain * (0.2 if plain < 12 else 0.5)
    return plain + 6.0 * min(marks, plain / 8)


def _with_siblings(element: Element) -> Element:
    """The container to which an anonymous piece of text belongs: editors wrap paragraphs in nameless elements."""
    while True:
        parent = element.getparent()
        if parent is None or parent.tag in ("body", "html") or not _is_anonymous(element):
            return element
        element = parent


def _is_anonymous(element: Element) -> bool:
    if element.tag in ("table", "tbody", "tr", "td", "th", "article", "main", "section"):
        return False
    return all(name in _STYLED_ONLY for name in element.attrib)


def _known_container(root: Element, weights: _Weights, densest: Element | None) -> Element | None:
    found: dict[Element, int] = {}
    for element in weights.order:
        if element.tag in ("html", "body", "tr", "tbody", "a", "img", "input") or element.tag in SILENT:
            continue
        names = ["ucapcontent"] if element.tag == "ucapcontent" else name_of(element).split()
        rank = min((_KNOWN[name] for name in names if name in _KNOWN), default=None)
        if rank is not None:
            found[element] = rank
    if not found:
        return None
    whole = weights.of(densest) if densest is not None else 0.0
    if whole < 60:
        return _picture_page(found, weights)
    able = [
        element
        for element in found
        if weights.of(element) >= 0.5 * whole and (found[element] < _WEAK or _is_clean(element, densest, weights))
    ]
    if not able:
        return None
    chosen = min(able, key=lambda element: found[element])
    while True:
        inner = next((piece for piece in able if piece is not chosen and _holds(chosen, piece)), None)
        if inner is None or weights.of(inner) < 0.75 * weights.of(chosen) or not _has_heading(chosen, inner, weights):
            return chosen
        chosen = inner


def _is_clean(outer: Element, densest: Element | None, weights: _Weights) -> bool:
    """Whether a container with a name of everyday use (`content`) holds the densest text and no heading besides it."""
    if densest is None or (outer is not densest and not _holds(outer, densest)):
        return False
    return outer is densest or not any(
        weights.is_heading(squeeze(line.text))
        for line in lines(outer, skip=lambda piece: piece is densest or weights.skips(piece))
    )


def _picture_page(found: dict[Element, int], weights: _Weights) -> Element | None:
    """The innermost container of a page whose article is pictures and has no words."""
    able = [
        element
        for element, rank in found.items()
        if rank < _WEAK and next(element.iter("img", "video", "embed"), None) is not None
    ]
    inner = [element for element in able if not any(other is not element and _holds(element, other) for other in able)]
    return min(inner, key=lambda element: found[element], default=None)


def _holds(outer: Element, inner: Element) -> bool:
    return any(ancestor is outer for ancestor in inner.iterancestors())


def _has_heading(outer: Element, inner: Element, weights: _Weights) -> bool:
    """Whether what stands in `outer` before `inner` is more than the document: title and date line, facts, a path."""
    before = lines(outer, skip=lambda piece: piece is inner or weights.skips(piece))
    return any(
        weights.is_heading(text) and text != weights.title or _LABELS.search(text)
        for text in (squeeze(line.text) for line in before)
    )


_LABELS: Final = re.compile("索引号|发文机关|发布机构|发文字号|成文日期|文号[:：]|主题分类|有效性|信息分类|公开方式")
_KNOWN: Final = {name: rank for rank, name in enumerate(KNOWN_CONTAINERS)}
_WEAK: Final = _KNOWN["text"]


def _article_lines(element: Element, weights: _Weights) -> list[Line]:
    inside = [piece for piece in weights.furniture if piece is not element]
    dropped = set(inside)

    def skip(piece: Element) -> bool:
        return piece in dropped or (not weights.hidden and is_hidden(piece)) or _is_link_block(piece)

    return list(lines(element, skip=skip))


_FILE: Final = re.compile(
    r"\.(?:docx?|xlsx?|pptx?|pdf|zip|rar|7z|wps|et|ofd|ceb|txt|jpg|png|mp4)(?:$|[?#)）\s])", re.IGNORECASE
)


def _is_link_block(element: Element) -> bool:
    """A block that is nothing but links (a list of other articles, a download widget with its icon)."""
    if element.tag not in ("ul", "ol", "div", "dl", "p", "table"):
        return False
    anchors = 0
    linked = plain = 0
    inside = 0
    size = 0
    stack: list[tuple[Element, bool]] = [(element, False)]
    icon = named = False
    while stack:
        piece, link = stack.pop()
        size += 1
        if size > 400:
            return False
        if piece.tag == "a" and piece.get("href"):
            link = True
            anchors += 1
            named = named or bool(_FILE.search(squeeze("".join(piece.itertext()))))
        icon = icon or piece.tag == "img"
        count = (
            len(squeeze(piece.text or "")) if isinstance(piece.tag, str) and piece.tag not in ("script", "style") else 0
        )
        linked, plain = (linked + count, plain) if link else (linked, plain + count)
        for child in piece:
            tail = len(squeeze(child.tail or ""))
            linked, plain = (linked + tail, plain) if link else (linked, plain + tail)
            if isinstance(child.tag, str):
                stack.append((child, link))
        inside += 1
    if anchors == 0 or plain > max(6, linked * 0.15):
        return False
    if element.tag == "p":
        return anchors == 1 and icon and named and plain == 0
    return anchors >= 3 or (element.tag in ("ul", "ol", "dl") and anchors >= 2)


_INFO_LINE: Final = re.compile(
    r"(?:(?:发布|发表|更新|公布|公开|成文|录入)|(?<![\u4e00-\u9fff]))(?:日期|时间)\s*[:：]|时间发布|来\s*源\s*[:：]|(?<!老)字\s*[体号]\s*(?:大小)?\s*(?:[:：\[【]|大\s*中\s*小)|浏览次数|阅读次数|访问次数|点击(?:数|率|次数)|"
    r"【打印|打印本页|打印文章|分享到|作\s*者\s*[:：]|编\s*辑\s*[:：]|视力保护色|(?:加入|添加|点击此处)收藏|浏览量\s*[:：]|阅读量\s*[:：]|扫一扫在手机"
)
_CLOSING_LINE: Final = re.compile(
    r"^[\[【(（]?\s*(?:责任编辑|责编|编辑|编审|审核|校对|本文来源|信息来源|文章来源|来源|上一[篇条页]|下一[篇条页]|相关(?:阅读|链接|新闻|文章|信息|报道|附件|稿件|文档|解读)|"
    r"附件下载|扫一扫|分享(?:到)?|打印(?:本页|文章)?|关闭(?:窗口|本页)?|返回(?:顶部|首页|列表)?|我要纠错|纠错|收藏|浏览次数|点击数|阅读|"
    r"特别声明|免责声明|版权声明|您是第|Copyright|本网站|网站编辑|信息发布人|字体|字号|【?我要|网友评论|发表评论|查看评论|更多)\s*(?:[:：\]】)）|]|$)"
)


def _without_heading(found: list[Line], title: str) -> list[Line]:
    """Without the title and the line of date and source, where the container holds them too."""
    cut = 0
    for at, line in enumerate(found[:12]):
        text = line.text
        prose = text.endswith(("。", "：", ":")) or (len(text) > 80 and _SENTENCE.search(text) is not None)
        if text.startswith(_PATHS) or (
            not text.endswith("。") and len(text) < 160 and (_INFO_LINE.search(text) or _is_stamp(text))
        ):
            cut = at + 1
        elif prose and squeeze(text) != title:
            break
    return found[cut:]


_PATHS: Final = (
    "当前位置",
    "您当前的位置",
    "您的位置",
    "您现在的位置",
    "您现在位置",
    "现在位置",
    "你的位置",
    "所在位置",
    "当前所在位置",
)


def _is_stamp(text: str) -> bool:
    first = next(find_days(text), None)
    return first is not None and first.start <= 12 and len(text) < 45 and not text.rstrip().endswith("。")


def _without_closing(found: list[Line]) -> list[Line]:
    """Without what stands below an article: editors, neighbours, buttons, the site's own lines."""
    end = len(found)
    while end > 0:
        text = found[end - 1].text
        plain = squeeze(text)
        if (
            _CLOSING_LINE.search(text.strip())
            and len(plain) < 60
            or (len(plain) < 80 and _FOOTER_LINE.search(plain))
            or plain in _CRUMBS
            or not plain
        ):
            end -= 1
        else:
            break
    return found[:end]


_CRUMBS: Final = frozenset(
    {"|", ">", "-", "·", "X", "×", "】", "【", "[", "]", "附件:", "附件：", "附件", "大", "中", "小", "END"}
)
