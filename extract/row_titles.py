"""What a row of a list is called: the words of its link without day, marks and summary, whole where they are cut."""

from __future__ import annotations

import re
from typing import Final

from extract.dates import find_days, month_of, only_day
from extract.markup import Element, Line, lines, name_of, raw_text, squeeze, tidy

_CUT: Final = re.compile(r"(?:…+|\.{2,}|⋯+)$")
_LABELLED_TITLE: Final = re.compile(
    r"\s*标\s*题\s*[:：]\s*(.+?)\s*(?:$|[\r\n]|(?:作\s*者|点击数|发表时间|发布时间|更新时间)\s*[:：])"
)
DAY_ALONE: Final = re.compile(r"(?:3[01]|[12]\d|0?[1-9])日?")
_INLINE: Final = frozenset(("br", "font", "b", "strong", "em", "span", "img"))
_LONGEST: Final = 100
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")


def title_of(anchor: Element) -> str:
    """The full title of a link: its `title` attribute where the text is cut, else its text without day and summary."""
    found = list(lines(anchor, skip=lambda piece: piece is not anchor and _is_day(piece)))
    shown = _heading_line(found, len(found) > 1 and all(piece.tag in _INLINE for piece in anchor.iterdescendants()))
    full = anchor.get("title") or ""
    if labelled := _LABELLED_TITLE.match(full):
        full = labelled.group(1)
    full = tidy(full)
    if full and (not shown or _CUT.search(shown) or _starts_alike(shown, full)):
        return full
    return shown


def _is_day(piece: Element) -> bool:
    """Whether a piece of a link holds a day and nothing else, and so is no part of the title."""
    if piece.tag in ("br", "img") or len(text := raw_text(piece)) > 30:
        return False
    return only_day(text) is not None


def _starts_alike(shown: str, full: str) -> bool:
    plain, whole = squeeze(shown), squeeze(full)
    return (
        len(whole) >= len(plain)
        and (whole.startswith(plain[:8]) or plain in whole)
        and len(plain) * 3 >= len(whole) * 0.3
    )


def _heading_line(found: list[Line], is_plain: bool) -> str:
    texts = [(line, _without_day(line.text.replace("\t", " ").replace("\n", " "))) for line in found]
    texts = [
        (line, text)
        for line, text in texts
        if len(text) >= 12 or (len(text) >= 2 and not DAY_ALONE.fullmatch(text) and not month_of(text))
    ]
    if not texts:
        return ""
    # A title broken by hand is one: nothing in the link but words and breaks.
    if len(texts) > 1 and all(line.element is found[0].element for line in found) and is_plain:
        whole = "".join(text for _, text in texts)
        return whole if len(whole) <= _LONGEST else texts[0][1]
    for line, text in texts:
        name = name_of(line.element)
        if line.element.tag in _HEADINGS or "title" in name or "tit" in name.split():
            return text
    return texts[0][1]


def _without_day(text: str) -> str:
    """A link's text without the day that stands at its end or beginning (`标题 [2024-05-03]`)."""
    for found in find_days(text):
        before, after = text[: found.start], text[found.end :]
        if (
            not re.search(r"[\u4e00-\u9fffA-Za-z]", after)
            and before.rstrip(" \t[(（【/|").strip()
            and text[found.end - 1 : found.end] != "日"
        ):
            return re.sub(r"[\s\[(（【|]+$", "", before)
        if not re.search(r"[\u4e00-\u9fffA-Za-z]", before):
            return re.sub(r"^[\s\])）】|·:：\d]*(?=[^\d])", "", after).strip() if after.strip(" ])）】") else text
    return text.strip(" ·•■▪◆●○□>|")
