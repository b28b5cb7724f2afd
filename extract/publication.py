"""The day a document was published: what the page shows, what its head says, what its address holds – and which of
them is only the day on which a whole site was moved to another CMS.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from extract.dates import find_days, month_of
from extract.dialects import address_day, import_day, is_migration_day, is_migration_month
from extract.layout import Layout
from extract.markup import squeeze
from extract.metadata import Fragment, Labelled, day_in, labelled, meta_day, scripted_day, values
from extract.model import Dated
from extract.titles import fold

_MOVED: Final = timedelta(days=180)
_MOVED_META: Final = timedelta(days=365)
_SLACK: Final = timedelta(days=7)
_TODAY: Final = re.compile("今天|今日|现在时间|当前时间|农历|京港台时间")
_POSTED: Final = re.compile(r"于.{0,4}(?P<day>(?:19|20)\d\d\D.{4,24})[^。]{0,30}?发[表布贴帖]")
_DAY_ALONE: Final = re.compile(r"(?P<day>3[01]|[12]\d|0?[1-9])日?")
_YEAR_APART: Final = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[\t ]+(?P<month>\d\d)[\t ]*[/-][\t ]*(?P<day>\d\d)(?!\d)"
)
_MONTH_ALONE: Final = 9
_STAMP: Final = 120
_BELOW: Final = 16
_ABOVE: Final = 8
_EDGE: Final = 80


def shown_day(
    layout: Layout,
    title: str,
    text: str,
    pieces: tuple[Fragment, ...],
    labels: tuple[Labelled, ...],
    found_metas: dict[str, str],
) -> Dated | None:
    """The day of publication that the page states: what readers are shown, before what the head says."""
    shown = [item for item in labels if item.zone != "after"]
    ends = text.split("\n")
    edges = tuple(Fragment(line, None, "inside") for line in (*ends[:3], *ends[-3:]) if len(line) < _EDGE)
    for field, items in (
        ("published", shown),
        ("dated", shown),
        ("published", labelled(edges)),
        ("published", labels),
    ):
        for item in values(items, field):
            if day := day_in(item.value):
                return Dated(day, "table" if item.tabular and field == "published" else "label")
    below, above = _stamps(pieces, labels, title)
    if below:
        return Dated(below, "text")
    if day := meta_day(found_metas) or scripted_day(layout):
        return Dated(day, "meta")
    if above or (above := _posted(pieces, ends)):
        return Dated(above, "text")
    for field in ("updated", "dated"):
        for item in values(labels, field):
            if day := day_in(item.value):
                return Dated(day, "label")
    return None


def settled_day(shown: Dated | None, url: str, written: Dated | None) -> tuple[Dated | None, tuple[str, ...]]:
    """The day of publication after what the page states was weighed against its address and the day it was written.

    A day that readers see stands. A day of the head or of the address does not where it is the day of a migration:
    one on which the host is known to have been imported, one at which the address says that it was made long after
    the day it also holds, or one long after the document was written. What is dropped is told as a problem.
    """
    if shown is not None and shown.where != "meta":
        return shown, ()
    addressed = address_day(url)
    dropped: list[date] = []
    if addressed is not None and (is_migration_month(url, addressed) or _is_moved(addressed, url, written, _MOVED)):
        dropped.append(addressed)
        addressed = None
    if shown is not None:
        if _is_moved(shown.day, url, written, _MOVED_META):
            dropped.append(shown.day)
        elif addressed is None or shown.day - addressed <= _SLACK:
            return shown, _told(dropped)
        else:
            dropped.append(shown.day)
    return Dated(addressed, "url") if addressed is not None else None, _told(dropped)


def _is_moved(day: date, url: str, written: Dated | None, late: timedelta) -> bool:
    if is_migration_day(url, day):
        return True
    if written is None:
        return False
    return day - written.day > late or (day == import_day(url) and day - written.day > _SLACK)


def _told(dropped: list[date]) -> tuple[str, ...]:
    return tuple(f"{day} is the day of a migration, not of publication" for day in dict.fromkeys(dropped))


def _stamps(pieces: tuple[Fragment, ...], labels: tuple[Labelled, ...], title: str) -> tuple[date | None, date | None]:
    """The days without a label in the short lines below the title, and in the few lines above it."""
    folded = fold(title)
    taken = {
        item.value_at
        for item in labels
        if item.field in ("other", "written", "generated", "updated") and day_in(item.value)
    }
    before = [at for at, piece in enumerate(pieces) if piece.zone == "before"]
    heads = [at for at in before if len(folded) >= 4 and folded in fold(pieces[at].text)]
    shown = [at for at, piece in enumerate(pieces) if piece.zone in ("before", "inside") and at not in taken]
    if heads:
        start = heads[-1]
        below = [at for at in shown if at >= start][:_BELOW]
        over = [at for at in shown if start - 6 <= at < start][::-1]
        return _first_stamp(pieces, below), _first_stamp(pieces, over)
    inside = [at for at in shown if pieces[at].zone == "inside"][:_BELOW]
    near = [at for at in before[: -_ABOVE - 1 : -1] if at not in taken]
    return _first_stamp(pieces, inside + near), None


def _first_stamp(pieces: tuple[Fragment, ...], places: list[int]) -> date | None:
    for at in places:
        if (piece := _stampable(pieces[at])) and (found := next(find_days(piece), None)):
            return found.day
    parts = [part.strip() for at in places for part in (_stampable(pieces[at]) or "").split("\t")]
    return _split_day([part for part in parts if part])


def _stampable(piece: Fragment) -> str | None:
    """The text of a piece that may hold a stamp: short, no menu, no clock."""
    size = len(squeeze(piece.text))
    return None if size > _STAMP or piece.linked * 2 > size or _TODAY.search(piece.text) else piece.text


def _split_day(parts: list[str]) -> date | None:
    """A day set as two blocks: 15 and 2024-05 (or 2024年5月), 2024 and 05/15."""
    if match := _YEAR_APART.search("\t".join(parts)):
        try:
            return date(int(match["year"]), int(match["month"]), int(match["day"]))
        except ValueError:
            return None
    for at, part in enumerate(parts):
        month = month_of(part) if len(part) <= _MONTH_ALONE else None
        if month is None:
            continue
        for other in (at - 1, at + 1):
            if 0 <= other < len(parts) and (match := _DAY_ALONE.fullmatch(parts[other])):
                try:
                    return date(*month, int(match["day"]))
                except ValueError:
                    return None
    return None


def _posted(pieces: tuple[Fragment, ...], ends: list[str]) -> date | None:
    """The day of a sentence that tells the posting (本贴由某某于2005年8月12日…发表), as forums set it below a text."""
    after = [piece.text for piece in pieces if piece.zone == "after"][:4]
    for text in (*ends, *after):
        if len(text) <= _STAMP and (match := _POSTED.search(text)) and (found := next(find_days(match["day"]), None)):
            return found.day
    return None
