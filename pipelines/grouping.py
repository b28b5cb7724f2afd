"""Which policy texts are one policy: reposts that differ in wording around the matter, never in the matter.

Similarity only finds candidates. Two texts are one when, besides being alike, they name the same places, persons and
bodies and the same numbers, each as often: a text that differs in one city's name is another policy.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import rjieba

from pipelines import identity

SHINGLE = 5
ALIKE = 0.8
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?|[〇零一二三四五六七八九十百千万亿两]+")
# A line that is a document number and nothing else: some sites print it above the text, some in a table beside it.
_NUMBER_LINE = re.compile(r"\(?([\u3400-\u9fff]{1,20}[〔\[(]\d{4}[〕\])]第?\d+号)\)?")
_NAME_TAGS = ("ns", "nr", "nt", "nz")


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A policy as grouping needs it: `codes` are the units it names, as often as it names them."""

    doc_id: str
    text: str
    codes: tuple[str, ...]
    doc_number: str | None = None


@dataclass(frozen=True, slots=True)
class _Prints:
    """What of a text must be equal (`key`) and what alike (`shingles`)."""

    doc_id: str
    doc_number: str | None
    key: str
    shingles: frozenset[str]
    text: str


def same_policies(texts: Iterable[PolicyText]) -> dict[str, tuple[str, ...]]:
    """doc_id → all doc_ids of its policy, in order, for every document that is not alone."""
    blocks: dict[str, list[_Prints]] = defaultdict(list)
    for text in texts:
        prints = _prints(text)
        blocks[prints.key].append(prints)
    groups: dict[str, tuple[str, ...]] = {}
    for key in sorted(blocks):
        for members in _alike(sorted(blocks[key], key=lambda prints: prints.doc_id)):
            groups.update(dict.fromkeys(members, members))
    return groups


def similarity(a: frozenset[str], b: frozenset[str]) -> float:
    """The share of two texts' shingles that both have (Jaccard)."""
    return len(a & b) / len(a | b) if a or b else 1.0


def _prints(text: PolicyText) -> _Prints:
    lines = identity.normalised_lines(text.text)
    stated = next((match[1] for line in lines if (match := _NUMBER_LINE.fullmatch(line))), None)
    number = text.doc_number and identity.normalised(text.doc_number)
    core = "".join(line for line in lines if not _NUMBER_LINE.fullmatch(line))
    facts = (",".join(sorted(text.codes)), _counted(_NUMBER.findall(core)))
    shingles = frozenset(core[at : at + SHINGLE] for at in range(max(1, len(core) - SHINGLE + 1)))
    return _Prints(text.doc_id, number or stated, identity.digest(*facts), shingles, core)


def _names(core: str) -> Counter[str]:
    """Words that a dictionary of Chinese names knows: they catch the places outside the region, which have no code."""
    return Counter(word for word, tag in rjieba.tag(core) if tag in _NAME_TAGS)


def _counted(words: Iterable[str]) -> str:
    return ",".join(f"{word}×{count}" for word, count in sorted(Counter(words).items()))


def _alike(block: list[_Prints]) -> list[tuple[str, ...]]:
    """The groups of a block of texts with equal facts; single texts are left out."""
    leader = list(range(len(block)))

    def lead(index: int) -> int:
        while leader[index] != index:
            index = leader[index]
        return index

    names: dict[int, Counter[str]] = {}
    for a in range(len(block)):
        for b in range(a + 1, len(block)):
            if lead(a) != lead(b) and _one_policy(block, a, b, names):
                leader[lead(b)] = lead(a)
    found: dict[int, list[str]] = defaultdict(list)
    for index, prints in enumerate(block):
        found[lead(index)].append(prints.doc_id)
    return [tuple(members) for members in found.values() if len(members) > 1]


def _one_policy(block: list[_Prints], a: int, b: int, names: dict[int, Counter[str]]) -> bool:
    one, other = block[a], block[b]
    if one.doc_number and other.doc_number and one.doc_number != other.doc_number:
        return False
    small, large = sorted((len(one.shingles), len(other.shingles)))
    if small < ALIKE * large or similarity(one.shingles, other.shingles) < ALIKE:
        return False
    for index in (a, b):
        if index not in names:
            names[index] = _names(block[index].text)
    return names[a] == names[b]


def grouped_ids(groups: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The groups, each once, in order."""
    return sorted(set(groups.values()))
