"""The rows of a list page: the repeated structure whose links carry titles and days.

No class names of any site are needed: every group of like siblings that hold links is weighed by the length of its
titles and the days beside them, and the heaviest is the list.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from extract.dialects import is_article_url
from extract.furniture import furniture_of
from extract.links import absolute, link_of
from extract.markup import Element, is_hidden, name_of, raw_text, squeeze
from extract.model import ListItem
from extract.row_days import day_above, day_of_row, day_under_year, days_between
from extract.row_titles import title_of

_LEVELS: Final = 8
_MAX_LINKS_IN_ROW: Final = 40
_MAX_ANCHORS: Final = 20_000
_TITLE: Final = 40
_DATED: Final = 40
_MOST_IN_ROW: Final = _TITLE + _DATED
_CROWDED: Final = -60.0
_DOUBT: Final = 0.3
"""What a group in a menu, footer or side box weighs: such names wrap real lists too, so they do not exclude."""
_PAGER_TEXT: Final = re.compile(
    r"^(?:[\[【<>«»‹›]*\s*(?:首页|尾页|末页|上一?页|下一?页|上一?頁|下一?頁|前一页|后一页|更多|more|详情|查看更多|查看详情|返回|转到|跳转|go|next|prev(?:ious)?|确定|刷新)\s*[\]】<>«»‹›+]*"
    r"|[\d.…<>«»‹›]{1,5}|共\d+页|English|无障碍\w*|登录|注册|打印|关闭)$",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(
    r"热[点门]\S{0,4}|\S{0,4}排行榜?|(?:推荐|相关|猜你喜欢)\S{0,4}|\S{0,4}(?:链接|导航|导读)|网站地图|图片新闻|站内搜索"
)
_COMMON: Final = 0.4
"""A name that so many rows have is no title."""
_NEAR: Final = 3
"""So many levels above a group its heading may stand."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its element, its main link, what the link is called and the day the row shows."""

    element: Element
    anchor: Element
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
            found = self.names[anchor] = title_of(anchor)
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
        if doubted[key] or (score >= best_score and _is_aside(key[0])):
            score *= _DOUBT
        # Of two that weigh the same the first in the page counts.
        if score > best_score or (best_key is not None and score == best_score and order[key] < order[best_key]):
            best, best_key, best_score = rows, key, score
    if best_key is None:
        return ()
    merged = _several_in_each(best, groups, base, cache) or _with_like_groups(best, best_key, groups, base, cache)
    return tuple(_under_headings(_without_dummies(merged)))


def as_item(row: Row) -> ListItem:
    """The row as other modules exchange it."""
    return ListItem(row.href, row.title, row.day)


def _anchors(root: Element, furniture: set[Element]) -> list[tuple[Element, bool]]:
    """The links to pages, in order, each with whether it stands in what looks like the site's own furniture."""
    found: list[tuple[Element, bool]] = []
    stack: list[tuple[Element, bool]] = [(root, False)]
    while stack and len(found) < _MAX_ANCHORS:
        element, doubt = stack.pop()
        if (element.tag == "a" or element.get("onclick")) and link_of(element) and not _holds_links(element):
            found.append((element, doubt))
        stack.extend((child, doubt or child in furniture) for child in reversed(element) if isinstance(child.tag, str))
    return found


def _holds_links(element: Element) -> bool:
    """Whether an element that opens a page when clicked has links of its own, which then say where they lead."""
    return element.tag != "a" and any(link_of(inner) for inner in element.iter("a"))


def _is_aside(parent: Element) -> bool:
    """Whether the heading right above a group says that it is beside the point (点击排行, 友情链接)."""
    above: Element | None = parent
    for _ in range(_NEAR):
        if above is None:
            return False
        heading = above.getprevious()
        if heading is not None and isinstance(heading.tag, str) and len(heading) < 4:
            words = squeeze(raw_text(heading))
            if words:
                return len(words) <= 10 and _ASIDE.fullmatch(words) is not None
        above = above.getparent()
    return False


def _most(members: dict[Element, list[Element]]) -> float:
    """No group weighs more: that is known before any of its rows is read."""
    crowded = sum(len(anchors) > _MAX_LINKS_IN_ROW for anchors in members.values())
    return _MOST_IN_ROW * (len(members) - crowded) + _CROWDED * crowded


def _weigh(members: dict[Element, list[Element]], base: str, cache: _Cache) -> tuple[list[Row], float]:
    found = {
        element: _row(element, anchors, base, cache)
        for element, anchors in members.items()
        if len(anchors) <= _MAX_LINKS_IN_ROW
    }
    made = [row for row in found.values() if row is not None]
    rows = _with_days_between(_without_common_names(made, members, base, cache))
    score = _CROWDED * (len(members) - len(found))
    proven = 0
    for row in rows:
        long = sum(1 for anchor in members[row.element] if len(cache.name(anchor)) >= 10)
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


def _without_common_names(
    rows: list[Row], members: dict[Element, list[Element]], base: str, cache: _Cache
) -> list[Row]:
    """Rows whose link is not one that many rows have: their department or column stands beside their title."""
    if len(rows) < 3 or sum(len(members[row.element]) for row in rows) < 2 * len(rows) * _COMMON:
        return rows
    counts = Counter(row.title for row in rows)
    common = {title for title, count in counts.items() if count >= max(3, _COMMON * len(rows))}
    if not common:
        return rows
    kept: list[Row] = []
    for row in rows:
        others = [
            (anchor, name)
            for anchor in members[row.element]
            if len(name := cache.name(anchor)) >= 2 and name not in common and not _PAGER_TEXT.match(name)
        ]
        if row.title in common and others:
            main, title = max(others, key=lambda pair: len(pair[1]))
            href = absolute(base, link_of(main))
            row = Row(row.element, main, href, title, day_of_row(row.element, main, title, href))
        kept.append(row)
    return kept


def _with_days_between(rows: list[Row]) -> list[Row]:
    """Rows without a day of their own, with the days that stand between them."""
    if not rows or any(row.day for row in rows):
        return rows
    days = days_between([row.element for row in rows])
    # A single day beside a single link is as likely that of an article below a menu.
    if sum(map(bool, days)) < max(2, len(rows) / 2):
        return rows
    return [replace(row, day=day) for row, day in zip(rows, days, strict=True)]


def _under_headings(rows: list[Row]) -> list[Row]:
    """Rows without a whole day of their own, with the year or the day that stands above them.

    A single day above all rows is that of the page; days are headings only where there are several.
    """
    rows = [row if row.day else replace(row, day=day_under_year(row.element, row.anchor)) for row in rows]
    if not rows or any(row.day for row in rows):
        return rows
    days = [day_above(row.element) for row in rows]
    if len(set(days)) < 2 or None in days:
        return rows
    return [replace(row, day=day) for row, day in zip(rows, days, strict=True)]


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
            href = absolute(base, link_of(main))
            row = Row(element, main, href, title, day_of_row(element, main, title, href))
    cache.rows[element] = row
    return row


def _several_in_each(
    best: list[Row], groups: dict[tuple[Element, str], dict[Element, list[Element]]], base: str, cache: _Cache
) -> list[Row]:
    """The rows inside the rows, where each holds several with days of their own: a table with two entries a line."""
    outer = {row.element for row in best}
    inner: dict[str, list[Row]] = defaultdict(list)
    for (parent, tag), members in groups.items():
        if parent in outer and len(members) > 1:
            inner[tag] += [row for row in _weigh(members, base, cache)[0] if row.day]
    found = max(inner.values(), key=len, default=[])
    return found if 2 * len(found) >= 3 * len(best) else []


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
        if other == key or (other[1] == tag and above is not None and _are_twins(other[0], parent, above)):
            merged += _weigh(members, base, cache)[0]
    dated = sum(row.day is not None for row in best)
    if dated * 10 >= len(best) * 6 and not all(row.day for row in merged):
        kept = [row for row in merged if row.day is not None or len(row.title) >= 8]
        merged = kept or merged
    return merged


def _are_twins(one: Element, other: Element, above: Element) -> bool:
    """Whether two boxes of rows are pieces of one list: beside each other, or each in a box of one name."""
    if one.tag != other.tag or one.get("class") != other.get("class"):
        return False
    box = one.getparent()
    if box is above:
        return True
    return (
        box is not None
        and box.tag == above.tag
        and (box.tag == "li" or bool(box.get("class")))
        and box.get("class") == above.get("class")
        and box.getparent() is above.getparent()
    )


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
