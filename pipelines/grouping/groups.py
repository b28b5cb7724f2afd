"""Prints and comparisons → groups, of which each is the copies of its fullest text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pipelines.grouping.keys import Keys, Owners, Print, Printer, copy_keys, own_keys
from pipelines.grouping.sameness import Candidate, Places, contradict, obstacle
from pipelines.grouping.wording import Marks, Text, Words

Group = tuple[str, ...]
Again = Callable[[Collection[str]], Iterable[Text]]
"""The texts of some documents once more: only those that are compared are read twice."""

_TEXTS_AT_ONCE = 2000


class Grouping:
    """Groups of documents that grow by batches; the result is that of all documents at once, in any order.

    It keeps prints and groups, no texts. A batch compares only texts that meet one of its own, directly or through
    others; all other groups stay as they are. `names` are the region's names of places; `places` reads the units that
    a text names.
    """

    def __init__(self, names: Iterable[str], again: Again, places: Places) -> None:
        self._words, self._printer = Words(names), Printer()
        self._again, self._places = again, places
        self._prints: list[Print] = []
        self._ids: set[str] = set()
        self._table = _Table()
        self._components = _Components()
        self._groups: dict[int, list[Group]] = {}

    def print(self, text: Text) -> Print:
        """A text as this grouping remembers it; `add` takes it instead of the text."""
        return self._printer.print(self._words.wording(text))

    def add(self, texts: Iterable[Text | Print]) -> None:
        """Take in documents that are not in yet."""
        first = len(self._prints)
        for text in texts:
            if text.doc_id not in self._ids:
                self._ids.add(text.doc_id)
                self._prints.append(text if isinstance(text, Print) else self.print(text))
        self._connect(first)
        leads = {self._components.lead(at) for at in range(first, len(self._prints))}
        whole = [self._components.members(lead) for lead in leads]
        for component in whole:
            for at in component:
                self._groups.pop(at, None)
        self._gather([component for component in whole if len(component) > 1])

    def groups(self) -> list[Group]:
        """The groups of more than one document, in order; their members in order too."""
        return sorted(group for groups in self._groups.values() for group in groups)

    def _connect(self, first: int) -> None:
        """Connect the prints from `first` on with everything they meet."""
        before, batch = self._prints[:first], self._prints[first:]
        keys, owners = own_keys(batch)
        fresh = self._table.add(keys, owners + first)
        for found, at in copy_keys(before):
            self._components.join_all(*fresh.meetings(found, at))
        for found, at in copy_keys(batch):
            self._components.join_all(*self._table.meetings(found, at + first))

    def _gather(self, components: Sequence[Sequence[int]]) -> None:
        """Compare within each component, its fullest texts first."""
        orders = [sorted(component, key=lambda at: self._prints[at].rank()) for component in components]
        texts = self._wordings([at for order in orders for at in order])
        for order in orders:
            gathered = _Component({key for at in order for key in _own(self._prints[at])})
            for at in order:
                gathered.place(self._prints[at], next(texts))
            if groups := gathered.groups():
                self._groups[min(order)] = groups

    def _wordings(self, order: Sequence[int]) -> Iterator[Candidate]:
        for start in range(0, len(order), _TEXTS_AT_ONCE):
            ids = [self._prints[at].doc_id for at in order[start : start + _TEXTS_AT_ONCE]]
            texts = {text.doc_id: text for text in self._again(ids)}
            for doc_id in ids:
                yield Candidate(self._words.wording(texts.pop(doc_id)), self._places)


def same_documents(texts: Iterable[Text | Print], names: Iterable[str], again: Again, places: Places) -> list[Group]:
    """The groups of more than one document among `texts`, in order."""
    grouping = Grouping(names, again, places)
    grouping.add(texts)
    return grouping.groups()


class _Table:
    """The keys under which texts can be found as copies, each with one of the texts that have it."""

    def __init__(self) -> None:
        self._keys: Keys = np.zeros(0, dtype=np.uint64)
        self._owners: Owners = np.zeros(0, dtype=np.int64)

    def add(self, keys: Keys, owners: Owners) -> _Table:
        """Take in keys; the table of those among them that are new."""
        fresh = _Table()
        fresh._keys, at = np.unique(keys, return_index=True)
        fresh._owners = owners[at]
        new = ~np.isin(fresh._keys, self._keys)
        fresh._keys, fresh._owners = fresh._keys[new], fresh._owners[new]
        order = np.argsort(everything := np.concatenate([self._keys, fresh._keys]), kind="stable")
        self._keys, self._owners = everything[order], np.concatenate([self._owners, fresh._owners])[order]
        return fresh

    def meetings(self, keys: Keys, texts: Owners) -> tuple[Owners, Owners]:
        """Who has which of `keys`: the texts that ask and those found, place by place."""
        if not len(self._keys):
            return texts[:0], texts[:0]
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        met = (self._keys[at] == keys) & (self._owners[at] != texts)
        return texts[met], self._owners[at[met]]


class _Components:
    """Which texts hang together because they meet, directly or through others (union-find)."""

    def __init__(self) -> None:
        self._up: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}

    def lead(self, node: int) -> int:
        """The text that stands for a component."""
        up = self._up
        while (above := up.get(node, node)) != node:
            up[node] = up.get(above, above)
            node = above
        return node

    def members(self, lead: int) -> list[int]:
        """All texts of a component."""
        return self._members.get(lead, [lead])

    def join_all(self, some: npt.NDArray[np.int64], others: npt.NDArray[np.int64]) -> None:
        """Join the component of each text with that of its counterpart."""
        for one, other in zip(some.tolist(), others.tolist(), strict=True):
            a, b = self.lead(one), self.lead(other)
            if a != b:
                if len(self.members(a)) < len(self.members(b)):
                    a, b = b, a
                self._up[b] = a
                self._members.setdefault(a, [a]).extend(self._members.pop(b, [b]))


@dataclass(slots=True)
class _Copies:
    """A group while it grows: its fullest text and what its members say of themselves."""

    full: Candidate
    members: list[str] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)
    marks: set[Marks] = field(default_factory=set)

    def nearness(self, copy: Candidate) -> int | None:
        """How near a copy is: 0 the same letters, 1 the same facts, 2 some of the facts; None for no copy."""
        wording = copy.wording
        if wording.numbers and self.numbers and self.numbers.isdisjoint(wording.numbers):
            return None
        if any(contradict(marks, wording.marks) for marks in self.marks) or obstacle(self.full, copy):
            return None
        if wording.clauses == self.full.wording.clauses:
            return 0
        return 1 if wording.facts == self.full.wording.facts else 2

    def join(self, copy: Candidate) -> None:
        self.members.append(copy.wording.doc_id)
        self.numbers |= copy.wording.numbers
        self.marks.add(copy.wording.marks)


class _Component:
    """The groups within a component, whose texts are placed one by one, the fullest first."""

    def __init__(self, keys: set[int]) -> None:
        self._keys = keys
        self._copies: list[_Copies] = []
        self._by_key: dict[int, list[_Copies]] = {}

    def place(self, print_: Print, copy: Candidate) -> None:
        """Put a text into the group it is a copy of, else into one of its own.

        A cut text that could be a copy of several is given to none of them: nothing tells which.
        """
        met = {id(copies): copies for key in _own(print_) for copies in self._by_key.get(key, ())}
        near = [(nearness, copies) for copies in met.values() if (nearness := copies.nearness(copy)) is not None]
        best = min((nearness for nearness, _ in near), default=None)
        nearest = [copies for nearness, copies in near if nearness == best]
        if len(nearest) == 1:
            nearest[0].join(copy)
            return
        own = _Copies(copy)
        own.join(copy)
        self._copies.append(own)
        for keys, _ in copy_keys([print_]):
            for key in self._keys.intersection(keys.tolist()):
                self._by_key.setdefault(key, []).append(own)

    def groups(self) -> list[Group]:
        return [tuple(sorted(copies.members)) for copies in self._copies if len(copies.members) > 1]


def _own(print_: Print) -> list[int]:
    return [int(key) for key in own_keys([print_])[0]]
