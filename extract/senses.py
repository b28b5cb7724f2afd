"""What a word means on a day by itself, before anything around it is asked: worked out once, then looked up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.model import MentionKind

if TYPE_CHECKING:
    from datetime import date

    from extract.gazetteer import Entry, Reading

NO_PLACE_NAME = "organisation of its home unit"
"""Why a name that is no place's (首钢) is a mention: it stands for a unit as a party, and names none."""
PROVINCES = frozenset("京津冀")
"""The first characters of names for several provinces at once."""
_WEAK = ("supported", "full_name_only")


@dataclass(frozen=True, slots=True)
class Sense:
    """What a day leaves of a word: its `best` readings, `ended` if none of them holds on it, `gone` if nobody means one
    by it any more; and what these decide alone, a `code` with its `reason`, or why it is `refused`.

    A `firm` word is this word wherever its characters stand, a `weak` one needs support, and a `county` is one in some
    reading.
    """

    best: tuple[Reading, ...]
    code: str = ""
    reason: str = ""
    refused: str = ""
    kind: MentionKind = "place"
    ended: bool = False
    gone: bool = False
    firm: bool = False
    weak: bool = False
    county: bool = False


def sense_of(entry: Entry, best: tuple[Reading, ...], day: date | None) -> Sense:
    """The sense of a word of which `best` are the readings that `day` leaves."""
    weak = entry.demand in _WEAK
    gone = entry.role == "unit" and _gone(best, day)
    firm = not gone and _firm(entry, weak)
    if not best:
        return Sense(best, gone=gone, firm=firm, weak=weak)
    county = entry.role == "unit" and any(reading.unit.level == "county" for reading in entry.readings)
    ended = all(reading.distance(day) for reading in best)
    code = reason = refused = ""
    kind: MentionKind = "place"
    if entry.role == "region":
        refused = "the region as a whole"
    elif entry.role == "compound":
        best = entry.readings
        code, reason = best[0].code, "compound"
    elif entry.role == "organisation":
        code, reason, kind = best[0].code, NO_PLACE_NAME, "organisation"
    elif entry.role == "unit" and entry.demand == "none" and len(best) == 1 and not (ended and _bare(entry, best[0])):
        code, reason = best[0].code, _reason(entry, best[0], day)
    return Sense(best, code, reason, refused, kind, ended, gone, firm, weak, county)


def _gone(best: tuple[Reading, ...], day: date | None) -> bool:
    """Whether a prefecture that is no more, or an alias that is out of use."""
    if not best:
        return False
    if best[0].unit.unit_type == "地区" and best[0].distance(day):
        return True
    return best[0].form == "alias" and all(reading.over(day) for reading in best)


def _firm(entry: Entry, weak: bool) -> bool:
    """Whether a word is too long to be spelt by chance, and has no end that could begin the next word."""
    if len(entry.word) == 2 or entry.word[-1] in "市区县省":
        return False
    if entry.role in ("compound", "region"):
        return entry.word[0] in PROVINCES
    return entry.role != "unit" or len(entry.word) > 3 or not weak


def _bare(entry: Entry, reading: Reading) -> bool:
    """Whether it is the bare short name of a county-level unit (宣武): once that is no more, it needs its parent."""
    short = len(entry.word) == 2 and entry.word[-1] not in "县区市"
    return short and reading.form == "short" and reading.unit.level == "county"


def _reason(entry: Entry, reading: Reading, day: date | None) -> str:
    if reading.distance(day):
        return "old name" if reading.over(day) else "nearest in time"
    if len({other.code for other in entry.readings}) == 1:
        return "unique name"
    return f"valid on {day}" if day else "valid today"
