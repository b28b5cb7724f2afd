"""Finding the article among the furniture of a page.

Two ways, in this order: the containers that the CMS families are known to put an article in, and a general search for
the densest prose. The general one decides whether a known container is believed, so that a name a vendor reuses for
something else does no harm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from extract.furniture import is_closing_line, is_info_line, is_link_block, is_path, is_stamp
from extract.markup import SILENT, Element, Line, lines, name_of, squeeze
from extract.prose import Prose

KNOWN_CONTAINERS: Final = (
    "ucap-content", "ucapcontent", "cms-article-content", "js_content", "js-content", "zoom", "zoomcon", "fontzoom",
    "easysite-text", "easysite-news-text", "article-wrap", "main-text", "xlrllt", "con-n", "con_con", "conzynr",
    "trs_editor", "trs_ueditor", "trs_editor_view", "trs_paper_default", "pages_content", "pages-content", "view",
    "tro_content", "ivs_content", "ivs-content", "article-content", "article_content", "article-con", "article_con",
    "article-body", "article_body", "articlecon", "articlecontent", "artical_content", "news_content", "news-content",
    "newscontent", "content_text", "content-text", "detail-content", "detail_content", "detailcontent", "xl_content",
    "xl_con", "xl-content", "main-txt", "download-content", "downloadcontent", "contents_div", "szf_lf-news-detail",
    "xxgk_gfxwjk-xqy-neir", "xxgkgzwjk_xqy-cont", "incontent", "sj_nr", "trs_pre-append", "thirdtext", "nr_p",
    "neirong", "xiangqing", "gp-article", "body-label", "div_zhengwen", "zhengwen", "zw_content", "wenzhang",
    "vsb_content", "vsb_content_2", "v_news_content", "wp_articlecontent", "infocontent", "info-content",
    "text-content", "maintext", "txt_con", "con-txt", "con_txt", "con-text", "art_con", "art-con", "art_content",
    "the_content", "entry-content", "post-content", "artibody", "text", "content",
)  # fmt: skip
"""Ids and classes (camelCase cut with hyphens, lower case) of elements that hold articles, the surest first.

From `page_facts` and the spiders of others; the last two are words of everyday use and believed only when clean.
"""

_RANK: Final = {name: rank for rank, name in enumerate(KNOWN_CONTAINERS)}
_EVERYDAY: Final = _RANK["text"]
_NO_CONTAINERS: Final = SILENT | {"html", "body", "tr", "tbody", "a", "img"}
_FACTS: Final = re.compile("索引号|发文机关|发布机构|发文字号|成文日期|文号[:：]|主题分类|有效性|信息分类|公开方式")
_FEW_WORDS: Final = 60
_MAX_CANDIDATES: Final = 40
_HEADING_LINES: Final = 12


@dataclass(frozen=True, slots=True)
class Body:
    """The article's element (None where the page has none) and its text, one block a line."""

    element: Element | None
    text: str


def find_body(root: Element, title: str = "") -> Body:
    """The article of a page. Text that stands twice is taken once; `title` helps to tell the heading from the text."""
    prose = Prose(root, title)
    if prose.total < 40:
        shown = Prose(root, title, hidden=True)
        prose = shown if shown.total > prose.total * 2 + 40 else prose
    densest = prose.densest()
    known = _known_container(prose, densest)
    chosen = known if known is not None else densest
    if chosen is None:
        return Body(None, "")
    kept = list(lines(chosen, skip=lambda piece: piece is not chosen and (prose.skips(piece) or is_link_block(piece))))
    if known is None or any(prose.title == squeeze(line.text) for line in kept[:3]):
        kept = _without_heading(kept, prose.title)
    return Body(chosen, "\n".join(line.text for line in _without_closing(kept)))


def _known_container(prose: Prose, densest: Element | None) -> Element | None:
    found: dict[Element, int] = {}
    for element in prose.elements:
        if element.tag in _NO_CONTAINERS:
            continue
        names = ["ucapcontent"] if element.tag == "ucapcontent" else name_of(element).split()
        if ranks := [_RANK[name] for name in names if name in _RANK]:
            found[element] = min(ranks)
    whole = prose.of(densest) if densest is not None else 0.0
    if whole < _FEW_WORDS:
        return _picture_container(found)
    able = [element for element in found if prose.of(element) >= 0.5 * whole][:_MAX_CANDIDATES]
    able = [element for element in able if found[element] < _EVERYDAY or _is_clean(element, densest, prose)]
    chosen = min(able, key=lambda element: found[element], default=None)
    while chosen is not None:
        inner = next((piece for piece in able if piece is not chosen and _holds(chosen, piece)), None)
        if inner is None or prose.of(inner) < 0.75 * prose.of(chosen) or not _has_heading(chosen, inner, prose):
            break
        chosen = inner
    return chosen


def _picture_container(found: dict[Element, int]) -> Element | None:
    """The innermost container of a page whose article is pictures and has no words."""
    able = [
        element
        for element, rank in found.items()
        if rank < _EVERYDAY and next(element.iter("img", "video", "embed"), None) is not None
    ][:_MAX_CANDIDATES]
    inner = [element for element in able if not any(other is not element and _holds(element, other) for other in able)]
    return min(inner, key=lambda element: found[element], default=None)


def _holds(outer: Element, inner: Element) -> bool:
    return any(ancestor is outer for ancestor in inner.iterancestors())


def _is_clean(outer: Element, densest: Element | None, prose: Prose) -> bool:
    """Whether a container with a name of everyday use (`content`) holds the densest prose and no heading besides it."""
    if outer is densest:
        return True
    if densest is None or not _holds(outer, densest):
        return False
    beside = lines(outer, skip=lambda piece: piece is densest or prose.skips(piece))
    return not any(prose.is_heading(squeeze(line.text)) for line in beside)


def _has_heading(outer: Element, inner: Element, prose: Prose) -> bool:
    """Whether `outer` holds more than the document: a line of date and source, a box of facts, a path."""
    beside = (squeeze(line.text) for line in lines(outer, skip=lambda piece: piece is inner or prose.skips(piece)))
    return any(is_info_line(text) or _FACTS.search(text) for text in beside)


def _without_heading(found: list[Line], title: str) -> list[Line]:
    """Without the title and the line of date and source, where the container holds them too."""
    cut = 0
    for at, line in enumerate(found[:_HEADING_LINES]):
        text = line.text
        if is_path(text) or (not text.endswith("。") and (is_info_line(text) or is_stamp(text))):
            cut = at + 1
        elif squeeze(text) != title and (text.endswith(("。", "：", ":")) or (len(text) > 80 and "，" in text)):
            break
    return found[cut:]


def _without_closing(found: list[Line]) -> list[Line]:
    """Without what stands below an article: editors, neighbours, buttons, the site's own lines."""
    end = len(found)
    while end > 0 and is_closing_line(found[end - 1].text):
        end -= 1
    return found[:end]
