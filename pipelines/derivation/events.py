"""Dated events: acts of the whole region, agreements between provinces, alliances."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pipelines.derivation.evidence import Evidence, Read
from pipelines.derivation.geography import Geography

_NAMED = re.compile(r"[《“「『]([^《》“”「」『』，。；！？\n]{4,40}?联盟)[》”」』]")
_IN_TITLE = re.compile(r"[㐀-鿿（）()·、A-Za-z0-9]{4,40}?联盟(?=成立|揭牌|启动|签约|在|正式|今|$)")
_BEFORE_NAME = re.compile(r"^.*?(?:成立|组建|发起|共建|建立|关于|加入|打造)(?=.{4,}联盟$)")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day; `parties` are names of units, or issuing bodies for an act of the region."""

    day: date
    title: str
    parties: tuple[str, ...]
    doc_id: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """One document that states an agreement between two provinces."""

    evidence: Evidence
    parties: tuple[str, str]


def region_events(read: Iterable[Read]) -> list[Event]:
    """Policies of the region as a whole, with their issuers, by date; undated ones are left out (and counted)."""
    events = [
        Event(one.document.day, one.document.first.title, one.document.first.issuers, one.document.doc_id)
        for one in read
        if one.tag.policy and one.tag.level == "region" and one.document.day is not None
    ]
    return sorted(events, key=_order)


def provincial_agreements(evidence: Iterable[Evidence], geography: Geography) -> list[Agreement]:
    """Agreements whose two parties are provinces: for each document and pair the first statement."""
    found: dict[tuple[str, str, str], Agreement] = {}
    for one in evidence:
        pair = one.pair
        if "agreement" in pair.types and geography.is_province(pair.a) and geography.is_province(pair.b):
            parties = (geography.name(pair.a), geography.name(pair.b))
            found.setdefault((one.document.doc_id, pair.a, pair.b), Agreement(one, parties))
    return sorted(
        found.values(),
        key=lambda agreement: (
            agreement.evidence.document.day or date.max,
            agreement.evidence.document.doc_id,
            agreement.parties,
        ),
    )


def alliances(read: Iterable[Read], geography: Geography) -> list[Event]:
    """Alliances named in the titles or the evidence of policies, each once with its first day and all its parties.

    From evidence only a name in quotation or title marks is taken; a title may also name one at the point where it says
    that it was founded. Parties are the units of the pairs that the name stands with.
    """
    first: dict[str, Event] = {}
    parties: dict[str, set[str]] = {}
    for one in read:
        day = one.document.day
        if not one.tag.policy or day is None:
            continue
        for name, codes in _alliances_of(one):
            event = Event(day, name, (), one.document.doc_id)
            if name not in first or _order(event) < _order(first[name]):
                first[name] = event
            parties.setdefault(name, set()).update(codes)
    return sorted(
        (
            Event(event.day, name, tuple(geography.name(code) for code in sorted(parties[name])), event.doc_id)
            for name, event in first.items()
        ),
        key=_order,
    )


def _alliances_of(one: Read) -> Iterator[tuple[str, tuple[str, ...]]]:
    title = one.document.first.title
    everyone = tuple(code for pair in one.pairs for code in (pair.a, pair.b))
    named = [*_NAMED.findall(title)] or [_BEFORE_NAME.sub("", name) for name in _IN_TITLE.findall(title)]
    for name in named:
        yield name, everyone
    for pair in one.pairs:
        for name in _NAMED.findall(pair.evidence.text):
            yield name, (pair.a, pair.b)


def _order(event: Event) -> tuple[object, ...]:
    return (event.day, event.doc_id, event.title)
