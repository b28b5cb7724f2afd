"""What a text must hold so that a regular expression can match anywhere in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Words = frozenset[str]


def needed(pattern: str) -> Words | None:
    """Words of which every match of `pattern` holds at least one, as long as can be; None where there are none."""
    tree = parser.parse(pattern)
    return None if tree.state.flags & re.IGNORECASE else _of_sequence(tree)


def _of_sequence(items: Sequence[Any]) -> Words | None:
    found: list[Words] = []
    word = ""
    for operation, argument in items:
        if operation is ops.LITERAL:
            word += chr(argument)
            continue
        # What only looks around matches nothing itself and may stand between two characters of one word.
        if operation in (ops.AT, ops.ASSERT, ops.ASSERT_NOT):
            continue
        if word:
            found.append(frozenset((word,)))
            word = ""
        inner = _of_item(operation, argument)
        if inner:
            found.append(inner)
    if word:
        found.append(frozenset((word,)))
    return max(found, key=lambda words: (min(map(len, words)), -len(words)), default=None)


def _of_item(operation: Any, argument: Any) -> Words | None:
    if operation is ops.IN:
        if all(kind is ops.LITERAL for kind, _ in argument):
            return frozenset(chr(char) for _, char in argument)
        return None
    if operation is ops.BRANCH:
        branches = [_of_sequence(branch) for branch in argument[1]]
        if any(branch is None for branch in branches):
            return None
        return frozenset().union(*(branch for branch in branches if branch is not None))
    if operation is ops.SUBPATTERN:
        return None if argument[1] & re.IGNORECASE else _of_sequence(argument[-1])
    if operation in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
        return _of_sequence(argument[2]) if argument[0] > 0 else None
    if operation is ops.ATOMIC_GROUP:
        return _of_sequence(argument)
    return None
