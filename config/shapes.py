"""What a shape may ask of a sentence: places that make a pair, in a pattern that no sentence can keep busy.

A shape is a regular expression with signs of its own (`<a>`, `{group}`, `~9`). Its syntax tree, not its text, is
judged: every repetition is bounded and repeats one character, so that a search backtracks over a product of small
numbers, and that product is bounded too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from config.terms import SENTENCE_ENDS, char_flaw, named

ROLES = ("a", "b", "c", "all", "from", "to")
LONGEST_GAP = 120
"""The most characters a gap or a repetition may span: two words further apart tell nothing of each other."""
MOST_WAYS = 10_000
"""The most ways in which a shape may lie over a sentence from one place on."""

REFERENCE = re.compile(r"\{([^{}\d][^{}]*)\}")
_ROLE = re.compile(r"<([^<>=!]+)>")
_GAP = re.compile(r"(?<!\\)([~≈@])(\d*)")
_SIGN_IN_CLASS = re.compile(r"(?<!\\)\[[^\]]*(?:\{[^{}\d]|<[a-z]+>|[~≈@]\d)")
_PLACE = "[\ue000-\uf8ff]"
_GAPS = {"~": "[^，,：:\ue000-\uf8ff]", "≈": "[^\ue000-\uf8ff]", "@": r"[\s\S]"}
_SAMPLES = frozenset(" 0aA_中٣\n\ue000")


def flaw(pattern: str, terms: Callable[[str], Iterable[str]]) -> str | None:
    """Why a shape is refused, with the remedy, or None; `terms` gives the terms of a group it names."""
    roles = _ROLE.findall(pattern)
    if problem := _role_flaw(roles):
        return problem
    for sign, width in _GAP.findall(pattern):
        if not width:
            return f"has {sign} without a number; write how many characters it may span ({sign}9)"
        if int(width) > LONGEST_GAP:
            return f"has the gap {sign}{width}; at most {LONGEST_GAP} characters still belong together, write fewer"
    if _SIGN_IN_CLASS.search(pattern):
        return "has a place, a {group} or a gap inside [ ], which holds single characters; write (?:{group}|…)"
    words = _Words(terms)
    try:
        tree = parser.parse(words.expanded(pattern))
        ways = _Ways(tree, words).of(tree, _END)[0]
    except _RefusedError as refused:
        return str(refused)
    except (re.error, OverflowError, RecursionError) as error:
        return f"is no pattern: {getattr(error, 'msg', error)}"
    if ways > MOST_WAYS:
        return (
            f"can lie over a sentence in {ways:,} ways from one place on (at most {MOST_WAYS:,}); "
            "shorten its gaps, or put a word or a mark between two of them"
        )
    return None


def _role_flaw(roles: Sequence[str]) -> str | None:
    named_roles = set(roles)
    if strange := [role for role in roles if role not in ROLES]:
        return f"has role <{strange[0]}>; known: {', '.join(ROLES)}"
    if twice := [role for role in named_roles if roles.count(role) > 1]:
        return f"has <{twice[0]}> twice; give each place a role of its own"
    if not named_roles:
        return "names no place, so that it never gives a pair; add <a>, <b>, <all>, <from> or <to>, or remove it"
    kinds = [kind for kind in ({"a", "b", "c"}, {"all"}, {"from", "to"}) if kind & named_roles]
    if len(kinds) > 1:
        return f"mixes {', '.join(f'<{role}>' for role in roles)}; use <a> <b> <c>, or <all>, or <from> <to>"
    if named_roles == {"c"}:
        return "has <c> alone; a third party needs <a> or <b>"
    return None


class _RefusedError(Exception):
    """A pattern holds something that no shape may hold; the message says what and what to write."""


@dataclass(frozen=True, slots=True)
class _Next:
    """What can follow a piece of a pattern: one of `chars`, or its end (`over`).

    `sure` says that at that end nothing is left that could fail, so that no other way is tried.
    """

    chars: frozenset[str]
    over: bool = False
    sure: bool = False


class _Words:
    """The groups that a shape names, each as one sign of the pattern, so that long lists cost nothing."""

    _FIRST = 0xF0000

    def __init__(self, terms: Callable[[str], Iterable[str]]) -> None:
        self._terms = terms
        self._names: list[str] = []

    def expanded(self, pattern: str) -> str:
        """The shape as a regular expression that takes at least what the grammar's takes."""
        made = _ROLE.sub(lambda role: f"(?P<{role.group(1)}>{_PLACE})", pattern)
        made = REFERENCE.sub(self._sign, made)
        return _GAP.sub(lambda gap: f"{_GAPS[gap.group(1)]}{{0,{gap.group(2)}}}?", made)

    def _sign(self, name: re.Match[str]) -> str:
        self._names.append(name.group(1))
        return chr(self._FIRST + len(self._names) - 1)

    def of(self, code: int) -> frozenset[str] | None:
        """The terms of the group whose sign has this code point, or None where it is a character like any other."""
        at = code - self._FIRST
        return frozenset(self._terms(self._names[at])) if 0 <= at < len(self._names) else None


def _nested(words: Collection[str]) -> int:
    """How many of `words` can begin at one place at most: a word, the words it begins with, and so on."""
    known = frozenset(words)
    return max((sum(word[:end] in known for end in range(1, len(word) + 1)) for word in known), default=1)


_END = _Next(frozenset(), over=True, sure=True)
_SINGLE = {ops.LITERAL, ops.NOT_LITERAL, ops.ANY, ops.IN}
_REPEATS = {ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT}
_CATEGORIES: dict[object, Callable[[str], bool]] = {
    ops.CATEGORY_DIGIT: str.isdecimal,
    ops.CATEGORY_NOT_DIGIT: lambda char: not char.isdecimal(),
    ops.CATEGORY_SPACE: str.isspace,
    ops.CATEGORY_NOT_SPACE: lambda char: not char.isspace(),
    ops.CATEGORY_WORD: lambda char: char.isalnum() or char == "_",
    ops.CATEGORY_NOT_WORD: lambda char: not (char.isalnum() or char == "_"),
}

Item = tuple[Any, Any]
"""A piece of a syntax tree: an operation and its argument."""


class _Ways:
    """In how many ways a pattern can lie over a text, counted from its end to its beginning.

    A repetition counts once where what follows it cannot stand inside it, because then only one length fits; else it
    counts once for every length. Sets of characters are compared on the characters that the pattern tells apart.
    """

    def __init__(self, tree: Iterable[Item], words: _Words) -> None:
        self._words = words
        self._alphabet = _SAMPLES.union(*(self._known(char) for char in _mentioned(tree)))

    def _known(self, char: str) -> frozenset[str]:
        terms = self._words.of(ord(char))
        return frozenset(char) if terms is None else frozenset(term[0] for term in terms)

    def of(self, items: Iterable[Item], after: _Next, *, denied: bool = False) -> tuple[int, _Next]:
        """The ways of a sequence, and what it begins with, when `after` follows it."""
        ways = 1
        for operation, argument in reversed(list(items)):
            here, after = self._one(operation, argument, after, denied)
            ways *= here
        return ways, after

    def _one(self, operation: Any, argument: Any, after: _Next, denied: bool) -> tuple[int, _Next]:
        if operation in _SINGLE:
            terms = self._words.of(argument) if operation is ops.LITERAL else None
            if terms is not None:
                return _nested(terms), _Next(self._known(chr(argument)))
            if operation is ops.LITERAL and not denied:
                _refuse_unreadable(chr(argument))
            return 1, _Next(self._chars(operation, argument))
        if operation in _REPEATS:
            return self._repeated(argument, after, denied)
        if operation is ops.SUBPATTERN:
            return self.of(argument[3], after, denied=denied)
        if operation is ops.ATOMIC_GROUP:
            return self.of(argument, after, denied=denied)
        if operation is ops.BRANCH:
            return self._branched(argument[1], after, denied)
        if operation is ops.AT:
            return 1, _Next(after.chars, after.over)
        if operation in (ops.ASSERT, ops.ASSERT_NOT):
            direction, inner = argument
            if direction < 0 and (len(set(inner.getwidth())) > 1 or self._uneven(inner)):
                raise _RefusedError("looks back over words of different lengths; write one (?<=…) for each length")
            ways, _ = self.of(inner, _END, denied=denied or operation is ops.ASSERT_NOT)
            return ways, _Next(after.chars, after.over)
        if operation in (ops.GROUPREF, ops.GROUPREF_IGNORE, ops.GROUPREF_EXISTS):
            raise _RefusedError("refers back to what it matched before, which a shape cannot; write the words out")
        raise _RefusedError(f"uses {str(operation).lower()}, which a shape cannot; write it with words and gaps")

    def _repeated(self, argument: Any, after: _Next, denied: bool) -> tuple[int, _Next]:
        least, most, inner = argument
        if most is ops.MAXREPEAT:
            raise _RefusedError("repeats without end (*, + or {n,}); write a gap (~9) or a bound ({0,9})")
        if most > LONGEST_GAP:
            raise _RefusedError(f"repeats up to {most} times; write at most {LONGEST_GAP}")
        if most <= 1:
            ways, first = self.of(inner, after, denied=denied)
            if least == most == 1:
                return ways, first
            sure = self._separate(first, after)
            return ways + (not sure), _Next(first.chars | after.chars, first.over or after.over, after.sure)
        if len(inner) != 1 or inner[0][0] not in _SINGLE or self._is_group(inner[0]):
            raise _RefusedError(
                f"repeats a sequence or a choice up to {most} times, which can take a search for ever; "
                "repeat one character or one [class], or write the words out"
            )
        ways, first = self._one(inner[0][0], inner[0][1], after, denied)
        if not self._separate(first, after):
            ways *= most - least + 1
        return ways, first if least else _Next(first.chars | after.chars, after.over, after.sure)

    def _branched(self, branches: Sequence[Any], after: _Next, denied: bool) -> tuple[int, _Next]:
        counted = [self.of(branch, after, denied=denied) for branch in branches]
        first = _Next(frozenset().union(*(begin.chars for _, begin in counted)), any(b.over for _, b in counted))
        words = [word for branch in branches if (word := self._word(branch)) is not None]
        if len(words) == len(branches):
            return _nested(words) + ("" in words), first
        # The next character of the text decides which branches are tried; those that may be empty always are.
        return max(
            sum(ways for ways, begin in counted if begin.over or char in begin.chars) for char in self._alphabet
        ), first

    def _is_group(self, item: Item) -> bool:
        return item[0] is ops.LITERAL and self._words.of(item[1]) is not None

    def _uneven(self, items: Iterable[Item]) -> bool:
        """Whether a group of terms of different lengths stands among `items`."""
        return any(len({len(term) for term in self._words.of(ord(char)) or ()}) > 1 for char in _mentioned(items))

    def _word(self, items: Sequence[Item]) -> str | None:
        """The word that a sequence of literal characters spells, or None for any other sequence."""
        if all(operation is ops.LITERAL and self._words.of(argument) is None for operation, argument in items):
            return "".join(chr(argument) for _, argument in items)
        return None

    @staticmethod
    def _separate(inside: _Next, after: _Next) -> bool:
        """Whether where the inside ends is never in doubt: what follows cannot stand in it, or nothing follows."""
        return (after.sure and not after.chars) or not (after.over or inside.chars & after.chars)

    def _chars(self, operation: Any, argument: Any) -> frozenset[str]:
        return frozenset(char for char in self._alphabet if _holds(operation, argument, char))


def _holds(operation: Any, argument: Any, char: str) -> bool:
    if operation is ops.LITERAL:
        return char == chr(argument)
    if operation is ops.NOT_LITERAL:
        return char != chr(argument)
    if operation is ops.RANGE:
        return bool(argument[0] <= ord(char) <= argument[1])
    if operation is ops.CATEGORY:
        return _CATEGORIES[argument](char)
    if operation is ops.ANY:
        return char != "\n"
    negated: bool = argument[0][0] is ops.NEGATE
    return any(_holds(inner, of, char) for inner, of in argument[negated:]) is not negated


def _mentioned(items: Iterable[Item]) -> Iterable[str]:
    """Every character at which a set of the pattern begins or ends, or just does not."""
    for operation, argument in items:
        if operation in (ops.LITERAL, ops.NOT_LITERAL):
            yield chr(argument)
        elif operation is ops.RANGE:
            yield from (chr(at) for at in (argument[0] - 1, *argument, argument[1] + 1) if 0 <= at < 0x110000)
        elif operation is ops.IN or operation is ops.ATOMIC_GROUP:
            yield from _mentioned(argument)
        elif operation is ops.BRANCH:
            for branch in argument[1]:
                yield from _mentioned(branch)
        elif operation in _REPEATS or operation is ops.SUBPATTERN:
            yield from _mentioned(argument[-1])
        elif operation in (ops.ASSERT, ops.ASSERT_NOT):
            yield from _mentioned(argument[1])


def _refuse_unreadable(char: str) -> None:
    if char in SENTENCE_ENDS:
        raise _RefusedError(f"asks for {char!r}, at which a sentence ends, so that it never matches; remove it")
    if problem := char_flaw(char):
        raise _RefusedError(f"asks for {named(char)}, {problem}; write what the text holds")
