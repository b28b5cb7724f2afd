"""The title of a page, from its metas, its headings and its `title` element, which rarely all agree."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from extract.dates import find_days, only_day
from extract.furniture import is_path
from extract.layout import Layout, Place
from extract.markup import BLOCKS, is_hidden, named, squeeze, tidy
from extract.metadata import Fragment, clean_title, has_label, number_line

_SEPARATOR: Final = re.compile(r"\s*(?:_+|\s[-–—·:：]{1,2}\s|[|｜]|>+|<+|»|-{2,})\s*")
_JOINT: Final = re.compile(r"-|–|—+|·")
_SITE: Final = re.compile(
    r"(?:网|网站|政府网|门户|平台|首页|频道|主页|官网|在线|欢迎您[!！]?|人民政府|委员会|日报社?|正文|之窗|信息公开|论坛|博客|\.com|\.cn|\.net|Home|blog)$",
    re.IGNORECASE,
)
_is_named: Final = named(
    re.compile(
        r"(?:^|[\s_-])(?:title|tit|biaoti|bt|headline|contitle|artitle|articletitle|newstitle|wzbt|subject)(?=$|[\s_\d-])"
    )
)
_HEADING_TAGS: Final = frozenset({"h1", "h2", "h3", "h4"})
_HEADED_TAGS: Final = _HEADING_TAGS | {"div", "p", "span", "td", "li", "font"}
_HEADING_LINES: Final = 12
_MOST_HEADINGS: Final = 60
_ELLIPSIS: Final = re.compile(r"(?:…+|\.{3,}|⋯+)$")
_QUOTES: Final = re.compile("[\"'`´“”„‟‘’‚‛″′〝〞〟「」『』﹁﹂﹃﹄«»‹›]")
_SCRAPS: Final = re.compile(r"(?:[-–—|_\s]+|[（(]\s*(?:第?\s*\d+\s*页|页\s*\d+)\s*[)）])+$")
"""What a page's maker leaves behind its title: joints with nothing behind them, the number of a page."""
_LONGEST: Final = 160
_LONGEST_HEAD: Final = 500
_NEAR: Final = 3
_NO_TITLE: Final = re.compile(r"[。；]$|^[【\[]|^(?:本报|本网|本刊|新华社)?(?:实习|特约|见习)?(?:记者|通讯员|作者)")
_CUT_LENGTHS: Final = frozenset({30, 32, 40, 50, 60, 64, 80, 100})
"""Lengths at which CMS fields cut a title without saying so."""


def fold(text: str) -> str:
    """A title reduced to what two writings of it share: no blanks, one kind of quotation mark, compatible forms."""
    return _QUOTES.sub('"', squeeze(unicodedata.normalize("NFKC", text)))


def first_title(layout: Layout, found: Mapping[str, str], headings: tuple[str, ...]) -> str:
    """The title as the head and the headings have it: good enough to find the article by."""
    head = _head(layout)
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
    layout: Layout,
    found: Mapping[str, str],
    headings: tuple[str, ...],
    tabled: str,
    pieces: tuple[Fragment, ...],
    first_line: str,
) -> str:
    """The page's title in full.

    In this order: the ArticleTitle meta, a metadata table's (`tabled`), a heading or line that the `title` element
    repeats, the line that stands above the article as its heading (`pieces` surround the article), the `title` element
    without the site's name, the article's `first_line`.
    """
    if meta := _meta_title(found):
        return _completed(meta, headings)
    if len(squeeze(tabled)) >= 4:
        return _completed(clean_title(tabled), headings)
    head = _head(layout)
    folded = fold(head)
    above = [piece for piece in pieces if piece.zone == "before"]
    within = [piece for piece in pieces if piece.zone == "inside"][:6]
    near = [_SCRAPS.sub("", tidy(piece.text)) for piece in above[-15:] + within if 4 <= len(piece.text) <= _LONGEST]
    shared = [
        text
        for text in (*near, *headings)
        if len(fold(text)) >= 4 and fold(text) in folded and not _is_site(text, found)
    ]
    own = _without_site(head, found)
    if shared:
        best = max(shared, key=len)
        whole = fold(own)
        if fold(best) == whole:
            return min(best, own, key=len)
        if fold(best) in whole and whole in fold("".join(near)):
            return own
        if len(fold(best)) * 2 >= len(whole):
            return best
    stem = fold(_ELLIPSIS.sub("", own))
    if len(stem) >= 6:
        begun = [text for text in (*headings, *near) if fold(text).startswith(stem)]
        begun = [text for text in begun if only_day(fold(text)[len(stem) :]) is None]
        if begun:
            return begun[0]
    near_heading, far_heading = _headings_above(above, within, found)
    if near_heading:
        return near_heading
    if own and not _is_site(own, found):
        return own
    if 4 <= len(first_line) <= 60 and not re.search("[。；，：:]|号$", first_line) and not _NO_TITLE.search(first_line):
        return first_line
    return far_heading or own


def stands_in_text_only(
    title: str, text: str, layout: Layout, headings: tuple[str, ...], pieces: tuple[Fragment, ...]
) -> bool:
    """Whether a page has its title nowhere but in the first line of its article, which then is no text."""
    return (
        title == text.partition("\n")[0] != ""
        and title not in headings
        and fold(title) not in fold(_head(layout))
        and not any(title == tidy(piece.text) for piece in pieces)
    )


def _head(layout: Layout) -> str:
    found = layout.apart["title"]
    head = tidy(found[0][1]) if found else ""
    return _SCRAPS.sub("", head[:_LONGEST_HEAD])


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


def _completed(title: str, headings: tuple[str, ...]) -> str:
    """A title that was cut (…) as the page's heading has it in full."""
    cut = _ELLIPSIS.sub("", title)
    stem = fold(cut)
    if cut != title or len(stem) in _CUT_LENGTHS:
        for heading in headings:
            if fold(heading).startswith(stem) and len(fold(heading)) > len(stem) and not _ELLIPSIS.search(heading):
                return heading
    return title


def headings_of(layout: Layout) -> tuple[str, ...]:
    """The texts that their tag or their maker calls a heading, in order."""
    found: dict[str, None] = {}
    for at, tag in enumerate(layout.tags):
        if tag not in _HEADED_TAGS or not _is_heading(tag, layout.names[at]):
            continue
        if is_hidden(layout.attributes[at]) or layout.is_broad(at, 12):
            continue
        if tag in BLOCKS:
            held = layout.within(at)
            if len(held) > _HEADING_LINES:
                continue
            text = tidy(" ".join(layout.text(line) for line in held))
        else:
            text = tidy(layout.characters(at)) if layout.ends[at] - at < _HEADING_LINES else ""
        text = _SCRAPS.sub("", text) if len(text) <= _LONGEST else ""
        if 4 <= len(text) <= _LONGEST:
            found.setdefault(text)
            if len(found) >= _MOST_HEADINGS:
                break
    return tuple(found)


def _is_heading(tag: str, given_name: str) -> bool:
    return tag in _HEADING_TAGS or _is_named(given_name)


def _headings_above(above: list[Fragment], within: list[Fragment], found: Mapping[str, str]) -> tuple[str, str]:
    """The text right over the article that reads as a heading, and the next one farther up that is marked as one.

    A marked one is a heading by its tag or name; an unmarked one must stand close, without label and date, and be no
    link unless it stands alone between the article and what is before it.
    """
    plain = ""
    for distance, piece in enumerate((*within, *above[:-13:-1]), start=-len(within)):
        text = _SCRAPS.sub("", tidy(piece.text))
        size = len(squeeze(text))
        if not 4 <= size <= _LONGEST or _is_site(text, found) or not re.search("[\u4e00-\u9fff]{2}", text):
            continue
        if has_label(text) or is_path(text) or number_line(text) or _NO_TITLE.search(text):
            continue
        if next(find_days(text), None) is not None and size < 30:
            continue
        if _is_marked(piece.element):
            return (text, "") if distance <= _NEAR or not plain else (plain, text)
        alone = piece.linked == 0 or (distance == 0 and piece.element is not None and piece.element.tag != "li")
        if not plain and alone and size >= 5 and not text.endswith(("…", "：", ":")) and distance <= 2 * _NEAR:
            plain = text
    return plain, ""


def _is_marked(element: Place | None) -> bool:
    if element is None:
        return False
    up = element.above()
    return _is_heading(element.tag, element.name) or (up is not None and _is_heading(up.tag, up.name))


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
    return _SCRAPS.sub("", chosen)
