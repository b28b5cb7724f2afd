"""Which units of the region a text names, where, and why each name was read as that unit."""

from __future__ import annotations

from extract.bodies import mark_bodies
from extract.candidates import Word, choose
from extract.evidence import settle, surroundings
from extract.gazetteer import Gazetteer
from extract.initials import find_initials
from extract.model import Context, Mention, Places, Veto
from extract.self_reference import own_unit

_NONE = Places(())


def find_places(text: str, gazetteer: Gazetteer, context: Context) -> Places:
    """All units of the region that `text` names, in text order, with the reason for each, and what was turned down.

    Words are chosen at word boundaries, longest first; those that can mean one unit only become anchors, and the rest
    is settled by what stands around it. Never raises on any text; `text[start:end]` is the mention's text. Without
    `context.day` names are read as of today.
    """
    for near in (True, False):
        scan = gazetteer.scan(text, near=near, own=context.publisher is not None)
        if scan.mute and not scan.initials:
            return _NONE
        folded = scan.folded
        words, refusals = choose(scan, gazetteer, context.day)
        around = surroundings(context, gazetteer) if words else None
        if around is not None:
            settle(words, folded, gazetteer, around)
            mark_bodies(words, folded, gazetteer)
        initials = find_initials(scan, words, refusals, gazetteer)
        if not initials:
            break  # what seems a run may be part of a name far from all others: only then are all of them read
    mentions: list[Mention] = []
    publisher = around.publisher if around is not None else None
    for index, word in enumerate(words):
        if word.entry.role == "self":
            code = own_unit(words, index, folded, gazetteer, publisher, context.day) if publisher else None
            if code:
                start, end = word.start, word.end
                mentions.append(Mention(start, end, text[start:end], code, "self", f"publisher {publisher}"))
        elif word.code:
            mentions += _mentions(word, text)
        elif word.entry.role in ("unit", "region"):
            refusals.append((word.start, word.end, word.refused or "no sign of its city near it"))
    for start, end, codes in initials:
        reason = "initials of units named in the text"
        mentions += [Mention(start, end, text[start:end], code, "place", reason) for code in codes]
    mentions.sort(key=lambda mention: (mention.start, mention.end, mention.code))
    refusals.sort()
    return Places(tuple(mentions), tuple(Veto(start, end, text[start:end], reason) for start, end, reason in refusals))


def _mentions(word: Word, text: str) -> list[Mention]:
    start, end = word.start, word.end
    return [Mention(start, end, text[start:end], code, word.kind, word.reason) for code in word.codes]
