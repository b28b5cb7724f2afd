"""What goes from one place to another: 甲企业落户乙, 甲向乙转移, 乙承接甲, 甲公司在乙建厂, 其中六家来自甲."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.frames.verb import SUBJECTS, Verb
from extract.statements import Statement

_THEME = 16
"""Characters between a verb and what it moves or takes in (承接一批北京企业)."""
_GOAL = 24
_ORIGIN = 80
_LATE = 20
_FROM = ("从", "自", "面向", "来自")
_HITHER = re.compile("(?:过|而|迁|搬)?来")
_OF = re.compile(r"[^，,。；;：:]{0,10}的[^，,。；;：:]{0,6}$")


def move(verb: Verb) -> Iterator[Statement]:
    """Something of one place goes to another: the goal is the verb's object or marked (向, 在), the giver any other."""
    before, after = verb.before(), verb.after()
    sources = [i for i in before if verb.mark(i) == "source"]
    theme: int | None = None
    if verb.takes(after):
        goal = after
    else:
        goal = _marked_goal(verb, before)
        if goal is not None:
            theme = after if after is not None and len(verb.gap_to(after)) <= _THEME else None
        elif sources and _HITHER.match(verb.scene.text, verb.end):
            homes = [i for i in before if i < sources[-1] and verb.mark(i) in (*SUBJECTS, "object")]
            goal = homes[-1] if homes else _left_for(verb)
        elif sources and (left_for := _left_for(verb)) is not None:
            goal = left_for
        elif verb.scene.text.startswith("来", verb.end - 1):
            yield from _came_here(verb, before)
            return
        else:
            yield from _came_later(verb, before)
            return
    if goal is None:
        return
    right = max(verb.end, verb.group(goal).end)
    sources = [i for i in sources if i != goal]
    if sources:
        yield verb.made("from", right, **{"from": sources[-1], "to": goal})
        return
    themes = [i for i in before if i != goal and _is_theme(verb, i)]
    if themes and _movable(verb, themes[-1]):
        yield verb.made("theme", right, **{"from": themes[-1], "to": goal})
    elif theme is not None and _movable(verb, theme):
        yield verb.made("theme", right, **{"from": theme, "to": goal})
    elif not themes and verb.rule.moves:
        aim = goal
        earlier = verb.earlier(
            lambda i: i != aim and (verb.mark(i) == "source" or (_names_itself(verb, i) and _movable(verb, i)))
        )
        if earlier is not None:
            yield verb.made("earlier", right, **{"from": earlier, "to": goal})


def receive(verb: Verb) -> Iterator[Statement]:
    """One place takes in what another gives: the giver is near behind the verb, the taker its subject."""
    before, after = verb.before(), verb.after()
    if after is not None and len(verb.gap_to(after)) <= _THEME:
        if verb.crowd(after) or verb.mark(after) in ("place", "with", "goal"):
            return
        takers = [i for i in before if verb.mark(i) not in ("with", "goal", "target")]
        for giver in verb.series(after):
            if verb.headed(giver):
                roles = {"from": giver, "to": takers[-1]} if takers else {"from": giver}
                yield verb.made("receive", verb.group(giver).end, **roles)
        return
    origin = _origin(verb, before)
    if origin is not None:
        takers = [i for i in before if i < origin and verb.mark(i) in SUBJECTS]
        roles = {"from": origin, "to": takers[-1]} if takers else {"from": origin}
        yield verb.made("receive", **roles)
        return
    agents = [i for i in before if verb.mark(i) == "source"]
    given = [i for i in before if agents and i < agents[-1] and verb.mark(i) == "none"]
    if given:
        yield verb.made("passive", **{"from": given[-1], "to": agents[-1]})


def settle(verb: Verb) -> Iterator[Statement]:
    """An organisation of one place builds in another: 甲公司在乙建厂, 由甲集团投资的乙产业园."""
    before, after = verb.before(), verb.after()
    builders = [i for i in before if verb.mark(i) == "source" or (verb.mark(i) in SUBJECTS and verb.organised(i))]
    places = [i for i in before if verb.mark(i) == "place" and len(verb.gap_from(i)) <= _GOAL]
    if places and not (builders and builders[-1] > places[-1]):
        builder = builders[-1] if builders else verb.earlier(lambda i: verb.mark(i) == "none" and verb.organised(i))
        if builder is not None:
            yield verb.made("settle", **{"from": builder, "to": places[-1]})
    elif builders and after is not None:
        if _OF.search(verb.gap_to(after)) and verb.words.movable.search(verb.scene.head(after)):
            yield verb.made("settle", verb.group(after).end, **{"from": builders[-1], "to": after})
    elif builders and builders[-1] == before[-1] and verb.mark(builders[-1]) == "source":
        yield verb.made("settle", **{"from": builders[-1]})


def come(verb: Verb) -> Iterator[Statement]:
    """其中六家来自甲: what came stands before the word, and where to before that or in an earlier clause."""
    after = verb.after()
    if after is None or not verb.takes(after) or verb.crowd(after):
        return
    text, end = verb.scene.text, verb.group(after).end
    attributive = "的" in text[end : end + 8]
    if attributive or not verb.words.share.search(text[max(verb.scene.start, verb.at - 8) : verb.at]):
        return
    goals = [i for i in range(after) if verb.mark(i) in (*SUBJECTS, "place", "object")]
    if goals and verb.at - verb.group(goals[0]).end <= _ORIGIN:
        yield verb.made("from", end, **{"from": after, "to": goals[0]})


def site(verb: Verb) -> Iterator[Statement]:
    """乙被确定为甲产业转移的承接地."""
    before = verb.before()
    if not before or len(verb.gap_from(before[-1])) > _GOAL:
        return
    giver = before[-1]
    takers = [i for i in before if i < giver and verb.mark(i) not in ("with", "goal")] or _named_after(verb)
    roles = {"from": giver, "to": takers[-1]} if takers else {"from": giver}
    yield verb.made("site", **roles)


def _named_after(verb: Verb) -> list[int]:
    """作为甲产业转移的承接地，乙…: the subject of the clause behind."""
    scene = verb.scene
    if not scene.text.startswith("作为", scene.clauses[verb.clause][0]):
        return []
    return [i for i, clause in enumerate(scene.clause) if clause == verb.clause + 1 and verb.mark(i) == "none"][:1]


def _origin(verb: Verb, before: list[int]) -> int | None:
    """从甲引来, 面向甲承接: a giver before the verb."""
    if not before or len(verb.gap_from(before[-1])) > _GOAL:
        return None
    return before[-1] if verb.scene.lead(before[-1], 4).endswith(_FROM) else None


def _left_for(verb: Verb) -> int | None:
    """从甲外迁的商户，已在乙开张: where those who left are now."""
    if not verb.scene.text.startswith("的", verb.end):
        return None
    later = [i for i, group in enumerate(verb.scene.groups) if group.start >= verb.end]
    if not later or verb.mark(later[0]) not in ("place", "goal") or len(verb.gap_to(later[0])) > _ORIGIN:
        return None
    return later[0]


def _marked_goal(verb: Verb, before: list[int]) -> int | None:
    goals = [i for i in before if verb.mark(i) in ("goal", "place") and len(verb.gap_from(i)) <= _GOAL]
    return goals[-1] if goals else None


def _came_here(verb: Verb, before: list[int]) -> Iterator[Statement]:
    """静候甲一家企业迁来: here is where the speaker or the subject of the sentence is."""
    themes = [i for i in before if _is_theme(verb, i) and _movable(verb, i)]
    if themes:
        yield verb.made("hither", **{"from": themes[-1]})


def _came_later(verb: Verb, before: list[int]) -> Iterator[Statement]:
    """来自甲 behind the verb (乙入驻四五千商户，大部分来自北京)."""
    homes = [i for i in before if verb.mark(i) in (*SUBJECTS, "place")]
    late = next((i for i, group in enumerate(verb.scene.groups) if group.start >= verb.end), None)
    if late is None or not homes or len(verb.gap_to(late)) > _LATE:
        return
    if verb.mark(late) == "source" and "来自" in verb.scene.lead(late, 3):
        yield verb.made("from", verb.group(late).end, **{"from": late, "to": homes[-1]})


def _is_theme(verb: Verb, index: int) -> bool:
    """Whether a group can name what moves; 在甲经营的商户 is named by where it was."""
    if verb.mark(index) == "place":
        return "的" in verb.gap_from(index)
    return verb.mark(index) in (*SUBJECTS, "target", "object")


def _names_itself(verb: Verb, index: int) -> bool:
    """Whether a group of an earlier clause names what moves: 甲企业, or 总部在甲的企业."""
    if verb.mark(index) == "place":
        return "的" in verb.scene.head(index)
    return verb.mark(index) == "none"


def _movable(verb: Verb, index: int) -> bool:
    """Whether the words behind a place hold something that can move (企业, 医院) and no crowd (游客)."""
    group = verb.group(index)
    words = verb.gap_from(index)[:40] if group.end < verb.at else verb.scene.head(index)
    if verb.words.people.search(words):
        return False
    named = group.parties[-1].kind == "organisation" or verb.words.movable.search(words) is not None
    return named or not verb.rule.moves
