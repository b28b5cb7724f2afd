"""The day that a row of a list shows: beside its link, in a column, between it and the next row, under a year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from extract.dates import find_days, month_of, only_day
from extract.dialects import url_day
from extract.markup import Element, is_hidden, lines, raw_text, squeeze
from extract.row_titles import DAY_ALONE

_MONTH_DAY: Final = re.compile(r"(?<![\d./年-])(1[0-2]|0?[1-9])\s*[-/.月]\s*(3[01]|[12]\d|0?[1-9])(?![\d./-])日?")
_YEAR: Final = re.compile(r"(?:19|20)\d\d\s*年?")
_MONTH: Final = re.compile(r"(?:1[0-2]|0?[1-9])月?")
_YEAR_HEADING: Final = re.compile(r"[\[【(（]?\s*((?:19|20)\d\d)\s*(?:年度?)?\s*[\]】)）]?")
_PUBLISHED: Final = re.compile(r"(?:发布|发表|公布|公开|发文|上网|更新)\s*(?:日期|时间)")
_WRITTEN: Final = re.compile(r"(?:成文|生成|印发|签发|生效|实施|施行|废止|失效|截止|截至|有效期?|结束|修订)\S{0,3}$")
_WIDE: Final = str.maketrans("．－／〔〕〖〗０１２３４５６７８９", ".-/[][]0123456789")
_GAP_WORDS: Final = 120
"""So many characters between two links may tell the day of one of them; more is another text."""
_GAP_PIECES: Final = 8
_HEADING_LEVELS: Final = 5


def day_of_row(element: Element, main: Element, title: str, href: str) -> date | None:
    """The day a row shows beside its link; with only month and day, the year must be evident from row or address."""
    if element.tag == "tr" and (day := _in_column(element)):
        return day
    pieces = _pieces_beside(element, main) if element is not main else []
    if day := _told(pieces):
        return day
    inner = [part.strip() for line in lines(main, mark="\t") for part in line.text.split("\t") if part.strip()]
    for piece in inner:
        if day := only_day(piece):
            return day
    if day := _timed(element):
        return day
    parts = pieces + inner
    if day := _split_day(parts) or _day_in_three(parts):
        return day
    text = parts[-1] if parts else ""
    for found in find_days(text):
        if not re.search(r"[\u4e00-\u9fffA-Za-z]", text[found.end :]) and squeeze(text) != squeeze(title):
            return found.day
    return _from_address(parts, href)


def days_between(rows: list[Element]) -> list[date | None]:
    """For rows that follow each other in one element: the day that stands between a row and its neighbour.

    Old pages have no element a row: links with a `br` after each, or `dt` and `dd` in turn. Whether the day comes
    before or after its link is told by which of the two fits more rows.
    """
    others = frozenset(rows)
    after = [_told(_flow(row, others, forward=True)) for row in rows]
    before = [_told(_flow(row, others, forward=False)) for row in rows]
    return after if sum(map(bool, after)) >= sum(map(bool, before)) else before


def day_under_year(element: Element, main: Element) -> date | None:
    """The day of a row that shows month and day below a heading that is a year."""
    shown = None
    for piece in (*_pieces_beside(element, main), raw_text(main)[:12]):
        if len(piece) <= 12 and (shown := _MONTH_DAY.search(piece)):
            break
    if shown is None:
        return None
    above: Element | None = element
    for _ in range(_HEADING_LEVELS):
        if above is None:
            break
        for sibling in above.itersiblings(preceding=True):
            words = raw_text(sibling).strip() if isinstance(sibling.tag, str) and len(sibling) < 4 else ""
            if len(words) <= 8 and (year := _YEAR_HEADING.fullmatch(words)):
                return _as_day(int(year[1]), int(shown[1]), int(shown[2]))
        above = above.getparent()
    return None


def day_above(element: Element) -> date | None:
    """The day that stands as a heading above a row: lists that are grouped by the day."""
    above: Element | None = element
    for _ in range(3):
        if above is None:
            return None
        for sibling in above.itersiblings(preceding=True):
            if not isinstance(sibling.tag, str) or sibling.tag == above.tag or len(sibling) > 3:
                continue
            words = raw_text(sibling).strip()
            return only_day(words) if words and len(words) <= 20 else None
        above = above.getparent()
    return None


def _pieces_beside(element: Element, main: Element) -> list[str]:
    beside = lines(element, skip=lambda piece: piece is main or is_hidden(piece), mark="\t", rows=False)
    return [part.strip() for line in beside for part in line.text.split("\t") if part.strip()]


def _told(pieces: list[str]) -> date | None:
    """The day that pieces of text tell: one named as that of publication, else a day alone, else a day among words.

    Days named as those of writing, printing or taking effect are taken where there is no other.
    """
    doubtful: date | None = None
    alone: date | None = None
    among: date | None = None
    label = ""
    for wide in pieces:
        if len(wide) > 120:
            continue
        piece = wide.translate(_WIDE)
        named = False
        for found in find_days(piece):
            before = (label + piece[: found.start]) if found.start <= 2 else piece[: found.start]
            words = squeeze(before).rstrip(":：】]")[-12:]
            if _WRITTEN.search(words):
                doubtful = doubtful or found.day
            elif _PUBLISHED.search(words):
                return found.day
            elif not named:
                named = True
                if only_day(piece):
                    alone = alone or found.day
                elif len(piece) <= 60:
                    among = among or found.day
        label = piece if len(piece) <= 12 else ""
    return alone or among or doubtful


def _in_column(row: Element) -> date | None:
    """The day in the column whose heading says that it is the day of publication, in a table with several days."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if len(cells) < 3:
        return None
    dated = [(at, day) for at, cell in enumerate(cells) if (day := only_day(raw_text(cell)[:40]))]
    if len(dated) < 2:
        return None
    for heading in _headings(row):
        for at, day in dated:
            if at < len(heading) and _PUBLISHED.search(heading[at]):
                return day
        for at, day in dated:
            if at < len(heading) and not _WRITTEN.search(re.sub("日期|时间", "", heading[at])):
                return day
    return None


def _headings(row: Element) -> Iterator[list[str]]:
    table = next(row.iterancestors("table"), None)
    first = next(table.iter("tr"), None) if table is not None else None
    if first is not None and first is not row:
        yield [squeeze(raw_text(cell)) for cell in first if cell.tag in ("td", "th")]


def _timed(element: Element) -> date | None:
    """The day that a `time` element gives for machines."""
    for piece in element.iter("time"):
        if day := next(find_days((piece.get("datetime") or "")[:10]), None):
            return day.day
    return None


def _flow(row: Element, others: frozenset[Element], forward: bool) -> list[str]:
    """What stands between a row and the next of its kind (or the one before it)."""
    pieces: list[str] = []
    if forward and row.tail and row.tail.strip():
        pieces.append(row.tail.strip())
    for at, sibling in enumerate(row.itersiblings(preceding=not forward)):
        if at >= _GAP_PIECES or sibling in others:
            if not forward and sibling.tail and sibling.tail.strip():
                pieces.append(sibling.tail.strip())
            break
        texts = [sibling.tail or ""]
        if isinstance(sibling.tag, str) and sibling.tag not in ("script", "style", "ul", "ol", "table"):
            if next(sibling.iter("a"), None) is not None and sibling.tag not in ("dd", "span", "font", "em", "i", "b"):
                break
            texts.insert(0, raw_text(sibling))
        found = [text.strip() for text in texts if text.strip()]
        if any(len(text) > _GAP_WORDS for text in found):
            break
        pieces += found
    return pieces


def _split_day(parts: list[str]) -> date | None:
    """A day set as two blocks: 15 and 2024-05 (or 2024年5月), 05-15 and 2024."""
    for at, part in enumerate(parts):
        if len(part) > 9:
            continue
        for other in (at - 1, at + 1):
            beside = parts[other] if 0 <= other < len(parts) else ""
            if (found := month_of(part)) and DAY_ALONE.fullmatch(beside):
                return _as_day(*found, int(beside.rstrip("日")))
            if (
                _YEAR.fullmatch(part)
                and len(beside) <= 12
                and (shown := _MONTH_DAY.fullmatch(beside.strip("[]()（）")))
            ):
                return _as_day(int(part[:4]), int(shown[1]), int(shown[2]))
    return None


def _day_in_three(parts: list[str]) -> date | None:
    """A day set as three blocks beside each other, in any order that begins or ends with the year."""
    for at in range(len(parts) - 2):
        three = parts[at : at + 3]
        if any(len(part) > 5 for part in three):
            continue
        for year, month, day in (three, three[::-1], (three[2], three[0], three[1])):
            if _YEAR.fullmatch(year) and _MONTH.fullmatch(month) and DAY_ALONE.fullmatch(day):
                return _as_day(int(year[:4]), int(month.rstrip("月")), int(day.rstrip("日")))
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


def _as_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
