"""The title of a page, from its metas, its headings and its `title` element, which rarely all agree."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from extract.dates import find_days
from extract.markup import Element, is_hidden, lines, name_of, squeeze, tidy
from extract.metadata import Fragment, clean_title, has_label

_SEPARATOR: Final = re.compile(r"\s*(?:_+|\s[-–—·:：]{1,2}\s|[|｜]|>+|<+|»|-{2,})\s*")
_JOINT: Final = re.compile(r"-|–|—+|·")
_SITE: Final = re.compile(
    r"(?:网|网站|政府网|门户|平台|首页|频道|主页|官网|在线|欢迎您[!！]?|人民政府|委员会|日报社?|正文|之窗|信息公开|论坛|博客|\.com|\.cn|\.net|Home|blog)$",
    re.IGNORECASE,
)
_HEADING_NAME: Final = re.compile(
    r"(?:^|[\s_-])(?:title|tit|biaoti|bt|headline|contitle|artitle|articletitle|newstitle|wzbt|subject)(?=$|[\s_\d-])"
)
_HEADING_TAGS: Final = ("h1", "h2", "h3", "h4")
_ELLIPSIS: Final = re.compile(r"(?:…+|\.{3,}|⋯+)$")
_QUOTES: Final = re.compile("[\"'`´“”„‟‘’‚‛″′〝〞〟「」『』﹁﹂﹃﹄«»‹›]")
_LONGEST: Final = 160
_CUT_LENGTHS: Final = frozenset({30, 32, 40, 50, 60, 64, 80, 100})
"""Lengths at which CMS fields cut a title without saying so."""


def fold(text: str) -> str:
    """A title reduced to what two writings of it share: no blanks, one kind of quotation mark, compatible forms."""
    return _QUOTES.sub('"', squeeze(unicodedata.normalize("NFKC", text)))


def first_title(root: Element, found: Mapping[str, str]) -> str:
    """The title as the head and the headings have it: good enough to find the article by."""
    head = _head(root)
    headings = _headings(root)
    if meta := _meta_title(found):
        return _completed(meta, headings)
    folded = fold(head)
    shared = [
        heading
        for heading in headings
        if len(fold(heading)) >= 4 and fold(heading) in folded and not _is_site(heading, found)
    ]
    return max(shared, key=len) if shared else _without_site(head, found)


def find_title(
    root: Element, found: Mapping[str, str], tabled: str, pieces: tuple[Fragment, ...], first_line: str
) -> str:
    """The page's title in full.

    In this order: the ArticleTitle meta, a metadata table's (`tabled`), a heading or line that the `title` element
    repeats, the line that stands above the article as its heading (`pieces` surround the article), the `title` element
    without the site's name, the article's `first_line`.
    """
    headings = _headings(root)
    if meta := _meta_title(found):
        return _completed(meta, headings)
    if len(squeeze(tabled)) >= 4:
        return _completed(clean_title(tabled), headings)
    head = _head(root)
    folded = fold(head)
    above = [piece for piece in pieces if piece.zone == "before"]
    within = [piece for piece in pieces if piece.zone == "inside"][:6]
    near = [tidy(piece.text) for piece in above[-15:] + within if 4 <= len(piece.text) <= _LONGEST]
    shared = [
        text
        for text in (*near, *headings)
        if len(fold(text)) >= 4 and fold(text) in folded and not _is_site(text, found)
    ]
    own = _without_site(head, found)
    if shared:
        best = max(shared, key=len)
        if len(fold(best)) * 2 >= len(fold(own)):
            return best
    stem = fold(_ELLIPSIS.sub("", own))
    if len(stem) >= 6 and (begun := [text for text in (*headings, *near) if fold(text).startswith(stem)]):
        return begun[0]
    if heading := _heading_above(above, within, found):
        return heading
    if own and not _is_site(own, found):
        return own
    if 4 <= len(first_line) <= 60 and not re.search("[。；，]", first_line):
        return first_line
    return own


def _head(root: Element) -> str:
    element = next(root.iter("title"), None)
    return tidy("".join(element.itertext())) if element is not None else ""


def _meta_title(found: Mapping[str, str]) -> str:
    for name in ("articletitle", "og:title"):
        title = clean_title(found.get(name, ""))
        if name == "og:title":
            title = _without_site(title, found)
        if len(squeeze(title)) >= 2 and not _is_site(title, found):
            return title
    return ""


def _is_site(title: str, found: Mapping[str, str]) -> bool:
    return fold(title) in {fold(found.get(name, "")) for name in ("sitename", "columnname", "og:site_name")}


def _completed(title: str, headings: list[str]) -> str:
    """A title that was cut (…) as the page's heading has it in full."""
    cut = _ELLIPSIS.sub("", title)
    stem = fold(cut)
    if cut != title or len(stem) in _CUT_LENGTHS:
        for heading in headings:
            if fold(heading).startswith(stem) and len(fold(heading)) > len(stem) and not _ELLIPSIS.search(heading):
                return heading
    return title


def _headings(root: Element) -> list[str]:
    """The texts that their tag or their maker calls a heading, in order."""
    found: list[str] = []
    for element in root.iter(*_HEADING_TAGS, "div", "p", "span", "td", "li", "font"):
        if not _is_heading(element) or is_hidden(element) or len(element) > 12:
            continue
        text = tidy(" ".join(line.text for line in lines(element)))
        if 4 <= len(text) <= _LONGEST and text not in found:
            found.append(text)
        if len(found) >= 60:
            break
    return found


def _is_heading(element: Element) -> bool:
    return element.tag in _HEADING_TAGS or _HEADING_NAME.search(name_of(element)) is not None


def _heading_above(above: list[Fragment], within: list[Fragment], found: Mapping[str, str]) -> str:
    """The nearest text over the article that reads as a heading: marked as one, or no link, no label and no date."""
    plain = ""
    for piece in (*within, *above[:-13:-1]):
        text = tidy(piece.text)
        size = len(squeeze(text))
        if not 4 <= size <= _LONGEST or _is_site(text, found) or not re.search("[\u4e00-\u9fff]{2}", text):
            continue
        if has_label(text) or re.search("[。；]$", text) or re.search("[【\\[]", text[:1]):
            continue
        if next(find_days(text), None) is not None and size < 30:
            continue
        element = piece.element
        marked = element is not None and (
            _is_heading(element) or ((up := element.getparent()) is not None and _is_heading(up))
        )
        if marked:
            return text
        if not plain and piece.linked == 0 and size >= 5 and not text.endswith(("…", "：", ":")):
            plain = text
    return plain


def _without_site(title: str, found: Mapping[str, str]) -> str:
    """The part of a `title` element that is not the site's or the column's name."""
    names = {fold(found.get(name, "")) for name in ("sitename", "columnname", "og:site_name")}

    def is_own(piece: str) -> bool:
        return fold(piece) not in names and not _SITE.search(piece)

    pieces = [piece for piece in _SEPARATOR.split(title) if piece.strip()]
    kept = [piece for piece in pieces if is_own(piece)] or pieces
    if not kept:
        return title
    best = max(kept, key=len)
    # The first piece is the title unless another is much longer: columns are short, titles are not.
    chosen = kept[0] if len(kept[0]) * 2 >= len(best) else best
    # A hyphen may join the title to the site (标题-某市人民政府) and may be part of the title.
    joints = list(_JOINT.finditer(chosen))
    while joints and not is_own(chosen[joints[-1].end() :].strip()):
        chosen = chosen[: joints.pop().start()].strip()
    while joints and not is_own(chosen[: joints[0].start()].strip()):
        chosen = chosen[joints[0].end() :].strip()
        joints = list(_JOINT.finditer(chosen))
    return chosen
