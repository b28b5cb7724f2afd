"""我市, 全县, 市政府: words by which a publisher means its own unit or one above it."""

from __future__ import annotations

import re
from datetime import date

from extract.candidates import Word
from extract.gazetteer import SELF_WORDS, Gazetteer, UnitLevelName

_OWNED = ("我", "本", "全")
_CLAUSE_END = re.compile("[，。；：！？,;\n]")
_OWNER_REACH = 8
_LEVELS: dict[str, tuple[UnitLevelName, ...]] = {
    "省": ("province",),
    "市": ("city", "province"),
    "区": ("county",),
    "县": ("county",),
}


def own_unit(
    words: list[Word], index: int, text: str, gazetteer: Gazetteer, publisher: str, day: date | None
) -> str | None:
    """The unit that the self-reference `words[index]` means on a page of `publisher`, or None.

    An organ (市政府) right behind a place is that place's, so it is no self-reference (北京市委市政府).
    """
    word = words[index]
    if word.entry.word[0] not in _OWNED:
        for at in range(index - 1, -1, -1):
            other = words[at]
            if word.start - other.end > _OWNER_REACH:
                break
            if other.entry.role == "self":
                continue
            if other.entry.role != "region" and not _CLAUSE_END.search(text, other.end, word.start):
                return None
            break
    return _of_level(publisher, SELF_WORDS[word.entry.word], gazetteer, day)


def _of_level(publisher: str, character: str, gazetteer: Gazetteer, day: date | None) -> str | None:
    """The publisher, if its name ends in the character of the level, else the unit above it whose name does."""
    if gazetteer.unit(publisher, day).name.endswith(character):
        return publisher
    for level in _LEVELS[character]:
        found = gazetteer.ancestor(publisher, level, day)
        if found is not None and gazetteer.unit(found, day).name.endswith(character):
            return found
    return None
