"""Which units of the region a text names, where, and why each name was read as that unit."""

from __future__ import annotations

from extract.bodies import mark_bodies
from extract.candidates import Refusal, Word, choose
from extract.evidence import settle, surroundings
from extract.gazetteer import Gazetteer, Scan
from extract.initials import find_initials
from extract.model import Context, Mention, Places, Veto
from extract.self_reference import own_unit

_NONE = Places(())


def find_places(text: str, gazetteer: Gazetteer, context: Context, scan: Scan | None = None) -> Places:
    """All units of the region that `text` names, in text order, with the reason for each, and what was turned down.

    Words are chosen at word boundaries, longest first; those that can mean one unit only become anchors, and the rest
    is settled by what stands around it. Never raises on any text; `text[start:end]` is the mention's text. Without
    `context.day` names are read as of today. `scan` is what `scanned` gives, where somebody asked for it before.
    """
    scan = scan or scanned(text, gazetteer, context)
    if scan.mute and not scan.initials:
        return _NONE
    words, refusals, initials = _read(scan, gazetteer, context)
    if initials:  # what seems a run may be part of a name far from all others: only then are all of them read
        scan = gazetteer.scan(text, own=context.publisher is not None)
        words, refusals, initials = _read(scan, gazetteer, context)
    folded = scan.folded
    publisher = context.publisher if context.publisher in gazetteer.versions else None
    mentions: list[Mention] = []
    for index, word in enumerate(words):
        if word.entry.role == "self":
            code = own_unit(words, index, folded, gazetteer, publisher, context.day) if publisher else None
            if code:
                start, end = word.start, word.end
                mentions.append(Mention(start, end, text[start:end], code, "self", f"publisher {publisher}"))
        elif word.code:
            start, end = word.start, word.end
            mentions += [Mention(start, end, text[start:end], code, word.kind, word.reason) for code in word.codes]
        elif word.entry.role in ("unit", "region"):
            refusals.append((word.start, word.end, word.refused or "no sign of its city near it"))
    for start, end, codes in initials:
        reason = "initials of units named in the text"
        mentions += [Mention(start, end, text[start:end], code, "place", reason) for code in codes]
    mentions.sort(key=lambda mention: (mention.start, mention.end, mention.code))
    refusals.sort()
    return Places(tuple(mentions), tuple(Veto(start, end, text[start:end], reason) for start, end, reason in refusals))


def scanned(text: str, gazetteer: Gazetteer, context: Context) -> Scan:
    """The words of a text that bear on its places; a text without a speaker names no unit by words for its own."""
    return gazetteer.scan(text, near=True, own=context.publisher is not None)


def _read(
    scan: Scan, gazetteer: Gazetteer, context: Context
) -> tuple[list[Word], list[Refusal], list[tuple[int, int, tuple[str, ...]]]]:
    words, refusals = choose(scan, gazetteer, context.day)
    if words:
        settle(words, scan.folded, gazetteer, surroundings(context, gazetteer))
        mark_bodies(words, scan.folded, gazetteer)
    return words, refusals, find_initials(scan, words, refusals, gazetteer)
