"""Whom a text means when it leaves out who acts: its publisher, or the unit that its title is about."""

from __future__ import annotations

from collections.abc import Sequence

from extract.kinship import Kinship
from extract.model import Context, Mention


def speaker(context: Context, topic: Sequence[Mention], kinship: Kinship) -> tuple[str, ...]:
    """The code of the unit that speaks, or nothing.

    `topic` are the places of the title. A unit below the publisher with which the title begins is the one that a
    city's portal tells about.
    """
    leading = _leading(context.title, topic)
    if context.publisher:
        below = [code for code in leading if context.publisher in kinship.parents(code)]
        return (below[0],) if below else (context.publisher,)
    codes = tuple(dict.fromkeys(mention.code for mention in topic))
    return codes if len(codes) == 1 else leading


def _leading(title: str, topic: Sequence[Mention]) -> tuple[str, ...]:
    """The unit that a title begins with, in its finest form (北京市通州区… begins with 通州区)."""
    code: tuple[str, ...] = ()
    at = len(title) - len(title.lstrip("【《“[(（"))
    for mention in topic:
        if mention.start != at:
            break
        code, at = (mention.code,), mention.end
    return code
