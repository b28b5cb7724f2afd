"""Which texts to compare at all: those of which one holds the facts of the other, in order and without a gap.

A copy may lack the end of a text, or the facts of a note before it; everything between must agree. So each text has a
key for all its facts (it can be a copy) and one for every run of them that a copy may be left with (it can have
copies). Two texts meet where a key is the same: texts of one pattern that differ in a name or a number never meet,
however many there are, and the work grows with the texts alone.

Few facts say little; there a key also stands for a part of the wording (MinHash, in bands).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from pipelines.grouping.wording import Wording

Keys = npt.NDArray[np.uint64]
Owners = npt.NDArray[np.int64]
"""For each key the place of the text that has it."""

KEPT = 0.6
"""The share of its facts, and of its letters, that a copy must at least be left with."""
FEW = 4
"""So many facts may be lost of a text that has no more than ten."""
NOTE = 6
"""So many facts a note before the text may hold."""
ENOUGH = 6
"""So many facts tell texts apart without their wording."""

SHINGLE = 5
_BANDS, _ROWS = 8, 2
_ODD = np.uint64(0x9E3779B97F4A7C15)
_SEEDS: Keys = np.arange(1, 2 * _BANDS * _ROWS, 2, dtype=np.uint64) * _ODD
_SHIFT = np.uint64(29)
_NO_WORDING: Keys = np.zeros(0, dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Print:
    """A text in a few numbers: its facts, its wording by bands where it has few of them, its length in letters."""

    doc_id: str
    facts: Keys
    bands: Keys
    letters: int

    def packed(self) -> str:
        """The print as a line of text, without the id."""
        numbers = (b64encode(part.astype("<u8").tobytes()).decode() for part in (self.facts, self.bands))
        return " ".join((str(self.letters), *numbers))

    @classmethod
    def unpacked(cls, doc_id: str, packed: str) -> Print:
        """The print that `packed` wrote."""
        letters, facts, bands = packed.split(" ")
        return cls(doc_id, _numbers(facts), _numbers(bands), int(letters))

    def rank(self) -> tuple[int, int, str]:
        """The fullest text first."""
        return (-len(self.facts), -self.letters, self.doc_id)


def _numbers(packed: str) -> Keys:
    return np.frombuffer(b64decode(packed), dtype="<u8").astype(np.uint64)


class Printer:
    """Makes prints; remembers the numbers of words that it met before."""

    _REMEMBERED = 500_000

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def print(self, wording: Wording) -> Print:
        """The print of a text."""
        if len(self._numbers) > self._REMEMBERED:
            self._numbers.clear()
        facts = np.fromiter(map(self._number, wording.facts), dtype=np.uint64, count=len(wording.facts))
        letters = wording.letters
        bands = _bands(letters) if len(facts) < ENOUGH + FEW else _NO_WORDING
        return Print(wording.doc_id, facts, bands, len(letters))

    def _number(self, word: str) -> int:
        known = self._numbers.get(word)
        if known is None:
            known = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little") | 1
            self._numbers[word] = known
        return known


def shingles(letters: str) -> Keys:
    """Every run of SHINGLE letters as a number, each once, in order; a shorter text is one shingle."""
    codes = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < SHINGLE:
        codes = np.concatenate([codes, np.zeros(SHINGLE - len(codes), dtype=np.uint64)])
    hashed = np.zeros(len(codes) - SHINGLE + 1, dtype=np.uint64)
    for at in range(SHINGLE):
        hashed = hashed * _ODD + codes[at : len(codes) - SHINGLE + 1 + at]
    return np.unique(_mixed(hashed))


def own_keys(prints: Sequence[Print]) -> tuple[Keys, Owners]:
    """The keys under which each text can be found as a copy, and the place of its print."""
    found = [_with_bands(_runs(one.facts[None, :], [0], [len(one.facts)])[0], [len(one.facts)], one) for one in prints]
    return _flat(found)


def copy_keys(prints: Sequence[Print]) -> Iterator[tuple[Keys, Owners]]:
    """The keys of all copies that each text may have, and the place of its print; a bounded number at a time."""
    by_length: dict[int, list[int]] = {}
    for at, one in enumerate(prints):
        by_length.setdefault(len(one.facts), []).append(at)
    for length, places in sorted(by_length.items()):
        starts, counts = _copies(length)
        step = max(1, _KEYS_AT_ONCE // (len(starts) * (len(_SEEDS) if length < ENOUGH + FEW else 1)))
        for first in range(0, len(places), step):
            some = places[first : first + step]
            hashed = _runs(np.stack([prints[at].facts for at in some]), starts, counts)
            if length >= ENOUGH + FEW:
                yield hashed.ravel(), np.repeat(np.array(some, dtype=np.int64), len(starts))
            else:
                keys, rows = _flat([_with_bands(row, counts, prints[at]) for row, at in zip(hashed, some, strict=True)])
                yield keys, np.array(some, dtype=np.int64)[rows]


_KEYS_AT_ONCE = 1_000_000


def _copies(length: int) -> tuple[list[int], list[int]]:
    """The runs of a text's facts that a copy may be left with, as (starts, lengths)."""
    least = max(0, min(int(np.ceil(KEPT * length)), length - FEW))
    runs = [
        (start, count)
        for count in range(least, length + 1)
        for start in range(min(NOTE, length - count) + 1)
    ]  # fmt: skip
    return [start for start, _ in runs], [count for _, count in runs]


def _runs(facts: Keys, starts: Sequence[int], counts: Sequence[int]) -> Keys:
    """For each row of facts the key of each run: equal for equal runs wherever they stand."""
    length = facts.shape[1]
    powers = np.cumprod(np.full(length + 1, _ODD, dtype=np.uint64))
    inverse = np.cumprod(np.full(length + 1, _INVERSE, dtype=np.uint64))
    sums = np.zeros((facts.shape[0], length + 1), dtype=np.uint64)
    np.cumsum(facts * powers[:length], axis=1, out=sums[:, 1:])
    begin, size = np.array(starts, dtype=np.int64), np.array(counts, dtype=np.int64)
    runs = (sums[:, begin + size] - sums[:, begin]) * inverse[begin]
    return _mixed(runs + size.astype(np.uint64) * _SIZE)


_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 2**64))
_SIZE = np.uint64(0xD1B54A32D192ED03)


def _with_bands(keys: Keys, counts: Sequence[int], one: Print) -> Keys:
    """The keys of runs long enough as they are, the others once for each band of the wording."""
    few = np.array(counts) < ENOUGH
    if not few.any():
        return keys
    banded = _mixed(keys[few][:, None] + one.bands[None, :])
    return np.concatenate([keys[~few], banded.ravel()])


def _bands(letters: str) -> Keys:
    hashed = shingles(letters)
    least: Keys = np.array([_mixed(hashed ^ seed).min() for seed in _SEEDS], dtype=np.uint64)
    bands: Keys = np.zeros(_BANDS, dtype=np.uint64)
    for row in range(_ROWS):
        bands = _mixed(bands * _ODD + least[row::_ROWS])
    return _mixed(bands + _SEEDS[:_BANDS])


def _mixed(values: Keys) -> Keys:
    values = (values ^ (values >> _SHIFT)) * _SIZE
    return values ^ (values >> _SHIFT)


def _flat(found: Iterable[Keys]) -> tuple[Keys, Owners]:
    parts = list(found)
    if not parts:
        return _NO_WORDING, np.zeros(0, dtype=np.int64)
    owners = np.repeat(np.arange(len(parts), dtype=np.int64), [len(part) for part in parts])
    return np.concatenate(parts), owners
