"""Acting together: 甲与乙签署…, 甲、乙、丙三地共建…, 加强与乙的合作, 双方…"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from extract.frames.verb import SUBJECTS, Verb, begins_clause
from extract.statements import Statement

_BESIDE = re.compile(r"[^，,。；;：:与和]{0,20}[、，,]\s?")
_NEAR = 8
"""Characters between a list and a verb that still make the list its subject without 共同 or 三地 (京津两市产业合作)."""
_ADVERB = 6
_ALL_OF_THEM = re.compile("[^，,。；;：:、“《]{0,12}?(?:共同|一起|一道)")


def joint(verb: Verb) -> Iterator[Statement]:
    """The parties of a joint act: two sides of 与, one side that the speaker faces, or a list that acts as one."""
    before, clause = verb.before_or_carried()
    couples = _couples(verb, before)
    if couples:
        for one, other in couples:
            yield verb.made("couples", a=one, b=other)
        return
    partner = _partner(verb, before)
    if partner is not None and _acts_itself(verb, before, partner):
        partner = None
    if partner is None:
        after = verb.after()
        acts_on_another = after is not None and verb.takes(after) and verb.mark(after) == "none"
        if verb.rule.lists != "never" and not acts_on_another:
            yield from _together(verb, before, clause < verb.clause)
        return
    if verb.rule.lists == "marked" and not _bound(verb, partner):
        return
    if clause < verb.clause and _spent(verb, partner, clause):
        return
    others = [i for i in before if i < partner and _faces(verb, i, partner)]
    if others:
        yield verb.made("sides", a=others[-1], b=partner)
        yield from _partners_too(verb, partner)
    elif (later := _named_later(verb)) is not None:
        yield verb.made("sides", a=partner, b=later)
    else:
        yield _toward(verb, partner)


def _couples(verb: Verb, before: list[int]) -> list[tuple[int, int]]:
    """甲与乙、丙与丁签署协议: several couples in one act, with nothing but 、 between them."""
    found = [(i - 1, i) for i in before if verb.mark(i) == "with" and i - 1 in before and verb.mark(i - 1) != "with"]
    for (_, left), (right, _) in pairwise(found):
        if not _BESIDE.fullmatch(verb.scene.between(verb.group(left).end, verb.group(right).start)):
            return []
    return found if len(found) > 1 else []


def is_dashed(verb: Verb, index: int) -> bool:
    """Whether a dash makes two names partners: 河东区——滦州市."""
    group = verb.group(index)
    if len(group.parties) != 2:
        return False
    return "—" in verb.scene.text[group.parties[0].end : group.parties[1].start]


def _partner(verb: Verb, before: list[int]) -> int | None:
    """The group behind 与, which may hold the verb in its name (与乙一体化示范区); or the one that 对 points at."""
    inside = [i for i, group in enumerate(verb.scene.groups) if group.start <= verb.at < group.end]
    partners = [i for i in (*before, *inside) if verb.mark(i) == "with"]
    if partners:
        return partners[-1]
    if before and verb.mark(before[-1]) == "target":
        group = verb.group(before[-1])
        return None if group.collective and _jointly(verb, group.end) else before[-1]
    return None


def _acts_itself(verb: Verb, before: list[int], partner: int) -> bool:
    """Whether a list behind a partner is who acts (甲联合乙推动丙、丁等五家高新区成立联盟)."""
    last = before[-1] if before else partner
    group = verb.group(last)
    if last <= partner or verb.mark(last) not in SUBJECTS or len(group.codes) < 2:
        return False
    return group.collective or len(verb.gap_from(last)) <= _NEAR


def _together(verb: Verb, before: list[int], carried: bool) -> Iterator[Statement]:
    rule = verb.rule
    at, end = verb.at - verb.scene.start, verb.end - verb.scene.start
    mutual = any(hit.start <= at and end <= hit.end for hit in verb.scene.of("mutual"))
    last = next((i for i in reversed(before) if verb.mark(i) not in ("place", "goal")), None)
    for i in reversed(before):
        group = verb.group(i)
        if len(group.codes) < 2 or _is_one_side(verb, group.end):
            continue
        gap = len(verb.gap_from(i))
        apart = verb.mark(i) in ("object", "and") and rule.lists != "compound"
        if apart and not (group.collective and gap <= _NEAR):
            continue
        as_one = group.collective and rule.lists not in ("marked", "compound")
        if as_one or _jointly(verb, group.end) or is_dashed(verb, i):
            yield verb.made("together", all=i)
            return
        opens = rule.lists == "alone" and begins_clause(verb.scene, i) and not _is_addressed(verb, i)
        if rule.lists == "marked" or (carried and not opens) or i != last or verb.mark(i) == "target":
            continue
        if rule.lists == "compound" and not all(party.compound for party in group.parties):
            continue
        head = verb.scene.head(i)
        near = gap <= _NEAR or (gap - len(head) <= _NEAR and verb.words.organ.search(head) is not None)
        whole = verb.words.provinces == set(group.codes)
        if rule.lists == "alone" or near or whole or (mutual and len(group.codes) == 2):
            yield verb.made("together", all=i)


def _is_addressed(verb: Verb, index: int) -> bool:
    """甲、乙、丙县人民政府：… is whom a letter goes to."""
    end = verb.scene.clauses[verb.scene.clause[index]][1]
    return verb.scene.text.startswith(("：", ":"), end)


def _toward(verb: Verb, partner: int) -> Statement:
    """A statement that names one side only; 本市与… has the speaker for the other."""
    made = verb.made("toward", b=partner)
    clause = verb.scene.clauses[verb.scene.clause[partner]]
    speaker = verb.words.speaker.search(verb.scene.text, clause[0], verb.group(partner).start)
    if speaker is None:
        return made
    return replace(made, construction="sides", spoken=True, start=speaker.start(), subject=None, furthered=None)


def _partners_too(verb: Verb, partner: int) -> Iterator[Statement]:
    """甲与乙、丙共同…, or a name that joins all (签署“甲乙丙”协议): then the partners are each other's as well."""
    group = verb.group(partner)
    if len(group.codes) > 1 and _ALL_OF_THEM.match(verb.scene.text, group.end, verb.scene.end):
        yield verb.made("sides", all=partner)
    after = verb.after()
    if after is not None and verb.group(after).parties[0].compound and len(verb.group(after).codes) > 2:
        yield verb.made("sides", all=after)


def _named_later(verb: Verb) -> int | None:
    """The other side of a relative clause: 与天津大学共建的基地在石家庄, 与京津开展合作的河北企业."""
    after = verb.after()
    if after is None:
        return None
    gap = verb.gap_to(after)
    located = gap.startswith("的") and verb.mark(after) == "place"
    return after if located or (gap.endswith("的") and verb.mark(after) == "none") else None


def _faces(verb: Verb, index: int, partner: int) -> bool:
    """Whether a group can be the side that a partner is named to."""
    if verb.mark(index) == "target":
        return len(verb.scene.between(verb.group(index).end, verb.group(partner).start)) <= 4
    return verb.mark(index) not in ("with", "and", "goal")


def _is_one_side(verb: Verb, left: int) -> bool:
    """Whether a list turns out to be one side of an unnamed other (甲、乙与创投机构对接)."""
    start = verb.scene.start
    return any(left <= start + hit.start < verb.at for hit in verb.scene.of("with_plain"))


def _spent(verb: Verb, partner: int, clause: int) -> bool:
    """Whether an earlier clause already said what its partner is a partner in."""
    start = verb.scene.start
    left, right = verb.group(partner).end, verb.scene.clauses[clause][1]
    return any(left <= start + hit.start and start + hit.end <= right for hit in verb.scene.of(*verb.rule.predicates))


def _bound(verb: Verb, partner: int) -> bool:
    """Whether 共同 or a word such as 携手 ties a partner to an act that one could do alone (举办, 治理)."""
    lead = verb.scene.lead(partner, 6)
    return any(word in lead for word in verb.words.strongly) or _jointly(verb, verb.group(partner).end)


def _jointly(verb: Verb, left: int) -> bool:
    """Whether a word such as 共同 stands between a list and its verb, or is part of the verb.

    协同 is an adverb only right behind the list; further on it is a noun's (重点开展…协同治理).
    """
    text, start = verb.scene.text, verb.scene.start
    return any(
        left <= start + hit.start
        and start + hit.end <= verb.end
        and (start + hit.start - left <= _ADVERB or not text.startswith("协同", start + hit.start))
        for hit in verb.scene.of("jointly")
    )
