"""Which units belong to each other, so that their names in one statement make no pair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations

from extract.coordination import Group, Relations


class Kinship:
    """Parents and children, members of the whole region, and ties within lists, over one gazetteer."""

    def __init__(self, gazetteer: Relations, provinces: frozenset[str]) -> None:
        self._gazetteer = gazetteer
        self.provinces = provinces

        self._known = lru_cache(maxsize=65536)(self._kin)

    def kin(self, a: str, b: str) -> bool:
        """Whether one unit lies in the other.

        An area that spans several units (亦庄) is a child of their parent and of none of them, unless it governs them
        as a city does its counties (雄安新区).
        """
        return self._known(a, b)

    def apart(self, codes: Iterable[str]) -> bool:
        """Whether two of the units are no kin, so that they can be a pair."""
        return any(not self.kin(a, b) for a, b in combinations(codes, 2))

    def _kin(self, a: str, b: str) -> bool:
        if not self._gazetteer.related(a, b):
            return False
        if b in self.parents(a) or a in self.parents(b):
            return True
        for area, unit in ((a, b), (b, a)):
            within = self._gazetteer.unit(area).within
            if within:
                return unit in within and (len(within) == 1 or self._gazetteer.level(area) == "city")
        return True

    def parents(self, code: str) -> set[str]:
        """All units above one, by the rows of the units table."""
        seen: set[str] = set()
        parent = self._gazetteer.unit(code).parent_code
        while parent and parent not in seen:
            seen.add(parent)
            parent = self._gazetteer.unit(parent).parent_code
        return seen

    def one_city(self, codes: Iterable[str]) -> bool:
        """Whether all units belong to the same of the cities."""
        return len({self._gazetteer.city(code) for code in codes}) == 1

    def is_region(self, codes: Iterable[str]) -> bool:
        """Whether the parties are the provinces of the region, each perhaps with an area of its own beside it."""
        parties = set(codes)
        outer = {code for code in parties if not any(self._gazetteer.city(code) == p != code for p in parties)}
        return outer == self.provinces and len(self.provinces) > 2

    def among(self, group: Group) -> list[tuple[str, str]]:
        """Every two members of a group, but not two of a compound of one city (北三县 is three counties, not a tie).

        In a list of compounds (京津、京雄) only the members of each belong together.
        """
        compounds = [party.codes for party in group.parties if party.compound]
        if len(compounds) == len(group.parties) > 1:
            return [tie for held in compounds for tie in _ties(held)]
        return [tie for tie in _ties(group.codes) if not any(self._is_one_name(tie, held) for held in compounds)]

    def _is_one_name(self, tie: tuple[str, str], held: Sequence[str]) -> bool:
        return set(tie) <= set(held) and self.one_city(tie)


def _ties(codes: Sequence[str]) -> list[tuple[str, str]]:
    return [(a, b) for i, a in enumerate(codes) for b in codes[i + 1 :]]
