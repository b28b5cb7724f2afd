"""The rows of a list page: the repeated structure whose links carry titles and days.

No class names of any site are needed: every group of like siblings that hold links is weighed by the length of its
titles and the days beside them, and the heaviest is the list.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urljoin, urlsplit

from extract.dates import find_days, month_of, only_day
from extract.dialects import is_article_url, url_day
from extract.furniture import furniture_of
from extract.markup import Element, Line, is_hidden, lines, name_of, raw_text, squeeze, tidy
from extract.model import ListItem

_LEVELS: Final = 8
_MAX_LINKS_IN_ROW: Final = 40
_MAX_ANCHORS: Final = 20_000
_TITLE: Final = 40
_DATED: Final = 40
_MOST_IN_ROW: Final = _TITLE + _DATED
_CROWDED: Final = -60
_DOUBT: Final = 0.3
"""What a group in a menu, footer or side box weighs: such names wrap real lists too, so they do not exclude."""
_CUT: Final = re.compile(r"(?:…+|\.{2,}|⋯+)$")
_PAGER_TEXT: Final = re.compile(
    r"^(?:[\[【<>«»‹›]*\s*(?:首页|尾页|末页|上一?页|下一?页|上一?頁|下一?頁|前一页|后一页|更多|more|详情|查看更多|查看详情|返回|转到|跳转|go|next|prev(?:ious)?|确定|刷新)\s*[\]】<>«»‹›+]*"
    r"|[\d.…<>«»‹›]{1,5}|共\d+页|English|无障碍\w*|登录|注册|打印|关闭)$",
    re.IGNORECASE,
)
_LABELLED_TITLE: Final = re.compile(
    r"\s*标\s*题\s*[:：]\s*(.+?)\s*(?:$|[\r\n]|(?:作\s*者|点击数|发表时间|发布时间|更新时间)\s*[:：])"
)
_MONTH_DAY: Final = re.compile(r"(?<![\d./年-])(1[0-2]|0?[1-9])\s*[-/.月]\s*(3[01]|[12]\d|0?[1-9])(?![\d./-])日?")
_DAY_ALONE: Final = re.compile(r"(?:3[01]|[12]\d|0?[1-9])日?")
_NO_PAGE: Final = ("javascript:", "mailto:", "tel:", "data:", "about:", "#")
_FILES: Final = re.compile(r"\.(?:css|js|ico|png|jpe?g|gif|svg|apk|exe)(?:$|\?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its element, its main link, what the link is called and the day the row shows."""

    element: Element
    href: str
    title: str
    day: date | None


@dataclass(frozen=True, slots=True)
class _Cache:
    """What was read of elements and links: each stands in several groups."""

    rows: dict[Element, Row | None]
    names: dict[Element, str]

    def name(self, anchor: Element) -> str:
        if (found := self.names.get(anchor)) is None:
            found = self.names[anchor] = _name(anchor)
        return found


def find_rows(root: Element, base: str) -> tuple[Row, ...]:
    """The rows of the page's main list, in order; empty where the page has none."""
    furniture = furniture_of(root)
    anchors = _anchors(root, furniture)
    groups: dict[tuple[Element, str], dict[Element, list[Element]]] = defaultdict(lambda: defaultdict(list))
    doubted: dict[tuple[Element, str], int] = defaultdict(int)
    for anchor, doubt in anchors:
        row = anchor
        for _ in range(_LEVELS):
            parent = row.getparent()
            if parent is None or parent.tag == "html":
                break
            key = (parent, str(row.tag))
            groups[key][row].append(anchor)
            doubted[key] += doubt
            row = parent
    most = {key: _most(members) * (_DOUBT if doubted[key] else 1) for key, members in groups.items()}
    order = {key: at for at, key in enumerate(groups)}
    best: list[Row] = []
    best_key: tuple[Element, str] | None = None
    best_score = 0.0
    cache = _Cache({}, {})
    for key in sorted(groups, key=most.__getitem__, reverse=True):
        if most[key] < best_score:
            break
        rows, score = _weigh(groups[key], base, cache)
        if doubted[key]:
            score *= _DOUBT
        # Of two that weigh the same the first in the page counts.
        if score > best_score or (best_key is not None and score == best_score and order[key] < order[best_key]):
            best, best_key, best_score = rows, key, score
    if best_key is None:
        return ()
    merged = _with_like_groups(best, best_key, groups, base, cache)
    return tuple(_without_dummies(merged))


def as_item(row: Row) -> ListItem:
    """The row as other modules exchange it."""
    return ListItem(row.href, row.title, row.day)


def _anchors(root: Element, furniture: set[Element]) -> list[tuple[Element, bool]]:
    """The links to pages, in order, each with whether it stands in what looks like the site's own furniture."""
    found: list[tuple[Element, bool]] = []
    stack: list[tuple[Element, bool]] = [(root, False)]
    while stack and len(found) < _MAX_ANCHORS:
        element, doubt = stack.pop()
        if element.tag == "a" and is_page_link(element.get("href") or ""):
            found.append((element, doubt))
        stack.extend((child, doubt or child in furniture) for child in reversed(element) if isinstance(child.tag, str))
    return found


def is_page_link(href: str) -> bool:
    """Whether a link leads to another page at all."""
    plain = href.strip().lower()
    return bool(plain) and not plain.startswith(_NO_PAGE) and not _FILES.search(plain)


def absolute(base: str, href: str) -> str:
    """The absolute form of a link as browsers make it; a link that is no URL at all stays as it is."""
    try:
        return urljoin(base, "".join(href.strip().split("\n")).strip())
    except ValueError:
        return href.strip()


def _most(members: dict[Element, list[Element]]) -> float:
    """No group weighs more: that is known before any of its rows is read."""
    crowded = sum(len(anchors) > _MAX_LINKS_IN_ROW for anchors in members.values())
    return _MOST_IN_ROW * (len(members) - crowded) + _CROWDED * crowded


def _weigh(members: dict[Element, list[Element]], base: str, cache: _Cache) -> tuple[list[Row], float]:
    rows: list[Row] = []
    score = 0.0
    proven = 0
    for element, anchors in members.items():
        if len(anchors) > _MAX_LINKS_IN_ROW:
            score += _CROWDED
            continue
        row = _row(element, anchors, base, cache)
        if row is None:
            continue
        rows.append(row)
        long = sum(1 for anchor in anchors if len(cache.name(anchor)) >= 10)
        weight = min(len(row.title), _TITLE) - 25.0 * max(0, long - 1)
        if row.day is not None:
            weight += _DATED
        elif is_article_url(row.href):
            weight += 20
        else:
            weight *= 0.2 if len(row.title) < 8 or is_home(row.href) else 0.6
        proven += row.day is not None or is_article_url(row.href)
        score += weight
    if not proven and (len(rows) < 3 or sum(len(row.title) for row in rows) < 8 * len(rows)):
        return rows, 0.0
    return rows, score


def is_home(url: str) -> bool:
    """Whether an address is that of a whole site."""
    try:
        return urlsplit(url).path in ("", "/")
    except ValueError:
        return False


def _row(element: Element, anchors: list[Element], base: str, cache: _Cache) -> Row | None:
    if element in cache.rows:
        return cache.rows[element]
    named = [(anchor, cache.name(anchor)) for anchor in anchors]
    named = [(anchor, name) for anchor, name in named if len(name) >= 2 and not _PAGER_TEXT.match(name)]
    row: Row | None = None
    if named:
        main, title = next(
            ((anchor, name) for anchor, name in named if len(name) >= 10), max(named, key=lambda pair: len(pair[1]))
        )
        if len(title) >= 4 or element is not main:
            href = absolute(base, main.get("href") or "")
            row = Row(element, href, title, _day(element, main, title, href))
    cache.rows[element] = row
    return row


def _name(anchor: Element) -> str:
    """The full title of a link: its `title` attribute where the text is cut, else its text without day and summary."""
    shown = _heading_line(list(lines(anchor)))
    full = anchor.get("title") or ""
    if labelled := _LABELLED_TITLE.match(full):
        full = labelled.group(1)
    full = tidy(full)
    if full and (not shown or _CUT.search(shown) or _starts_alike(shown, full)):
        return full
    return shown


def _starts_alike(shown: str, full: str) -> bool:
    plain, whole = squeeze(shown), squeeze(full)
    return (
        len(whole) >= len(plain)
        and (whole.startswith(plain[:8]) or plain in whole)
        and len(plain) * 3 >= len(whole) * 0.3
    )


def _heading_line(found: list[Line]) -> str:
    texts = [(line, _without_day(line.text.replace("\t", " ").replace("\n", " "))) for line in found]
    texts = [
        (line, text)
        for line, text in texts
        if len(text) >= 12 or (len(text) >= 2 and not _DAY_ALONE.fullmatch(text) and not month_of(text))
    ]
    if not texts:
        return ""
    for line, text in texts:
        if (
            line.element.tag in ("h1", "h2", "h3", "h4", "h5")
            or "title" in name_of(line.element)
            or "tit" in name_of(line.element).split()
        ):
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


def _day(element: Element, main: Element, title: str, href: str) -> date | None:
    """The day a row shows beside its link; with only month and day, the year must be evident from the address."""
    beside = (
        list(lines(element, skip=lambda piece: piece is main, mark="\t", rows=False)) if element is not main else []
    )
    pieces = [part.strip() for line in beside for part in line.text.split("\t") if part.strip()]
    for piece in pieces:
        if day := only_day(piece):
            return day
    for piece in pieces:
        found = next(find_days(piece), None)
        if found is not None and len(piece) <= 60:
            return found.day
    inner = [part.strip() for line in lines(main, mark="\t") for part in line.text.split("\t") if part.strip()]
    for piece in inner:
        if day := only_day(piece):
            return day
    parts = pieces + inner
    if day := _split_day(parts):
        return day
    text = parts[-1] if parts else ""
    for found in find_days(text):
        if not re.search(r"[\u4e00-\u9fffA-Za-z]", text[found.end :]) and squeeze(text) != squeeze(title):
            return found.day
    return _from_address(parts, href)


def _split_day(parts: list[str]) -> date | None:
    """A day set as two blocks: 15 and 2024-05 (or 2024年5月)."""
    months = [(at, found) for at, part in enumerate(parts) if len(part) <= 9 and (found := month_of(part))]
    for at, (year, month) in months:
        for other in (at - 1, at + 1):
            if 0 <= other < len(parts) and _DAY_ALONE.fullmatch(parts[other]):
                try:
                    return date(year, month, int(parts[other].rstrip("日")))
                except ValueError:
                    return None
    return None


def _from_address(parts: list[str], href: str) -> date | None:
    day = url_day(href)
    if day is None:
        return None
    for part in parts:
        if (
            len(part) <= 12
            and (match := _MONTH_DAY.search(part))
            and (int(match[1]), int(match[2])) == (day.month, day.day)
        ):
            return day
    return None


def _with_like_groups(
    best: list[Row],
    key: tuple[Element, str],
    groups: dict[tuple[Element, str], dict[Element, list[Element]]],
    base: str,
    cache: _Cache,
) -> list[Row]:
    """The best group with its twins: lists cut into several `ul` of five rows beside each other."""
    parent, tag = key
    above = parent.getparent()
    merged: list[Row] = []
    for other, members in groups.items():
        same = other == key or (
            other[1] == tag
            and above is not None
            and other[0].getparent() is above
            and other[0].tag == parent.tag
            and other[0].get("class") == parent.get("class")
        )
        if same:
            merged += _weigh(members, base, cache)[0]
    dated = sum(row.day is not None for row in best)
    if dated * 10 >= len(best) * 6 and not all(row.day for row in merged):
        kept = [row for row in merged if row.day is not None or len(row.title) >= 8]
        merged = kept or merged
    return merged


def _without_dummies(rows: list[Row]) -> list[Row]:
    """Without repeated links, hidden rows, and rows whose flag is empty (fillers for search engines)."""
    flagged = [row for row in rows if _flag(row.element)]
    seen: set[tuple[str, str]] = set()
    kept: list[Row] = []
    for row in rows:
        if flagged and _flag(row.element) == "":
            continue
        if is_hidden(row.element) or (row.href, row.title) in seen:
            continue
        seen.add((row.href, row.title))
        kept.append(row)
    return kept


def _flag(row: Element) -> str | None:
    for mark in row.iter("i"):
        if "flag" in name_of(mark).split():
            return squeeze(raw_text(mark))
    return None
