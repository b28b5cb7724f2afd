"""Units as the derivations need them: on a day, rolled up to cities, and mapped to the vintage of a matrix."""

from __future__ import annotations

from datetime import date

from config.loader import Region
from config.model import Unit

_BEGINNING = date.min


class Geography:
    """Look-ups over the dated units of a region."""

    def __init__(self, region: Region) -> None:
        self._vintage = region.settings.vintage
        self._provinces = frozenset(region.settings.provinces)
        self._versions: dict[str, list[Unit]] = {}
        for unit in region.units:
            self._versions.setdefault(unit.code, []).append(unit)
        for versions in self._versions.values():
            versions.sort(key=lambda unit: unit.valid_from or _BEGINNING)
        self._all = sorted(region.units, key=lambda unit: (unit.code, unit.valid_from or _BEGINNING))
        self.cities = tuple(
            unit
            for unit in self._on(self._vintage)
            if unit.level in ("province", "prefecture") and unit.city_code == unit.code
        )
        self.counties = tuple(unit for unit in self._on(self._vintage) if unit.level == "county")
        self._vintage_of: dict[str, tuple[str, ...]] = {}

    def version(self, code: str, day: date | None = None) -> Unit | None:
        """The version of a unit on a day; its nearest earlier or else first version when none was in force, or its last
        one when no day is given."""
        versions = self._versions.get(code)
        if not versions:
            return None
        if day is None:
            return versions[-1]
        begun = [unit for unit in versions if unit.valid_from is None or unit.valid_from <= day]
        return begun[-1] if begun else versions[0]

    def name(self, code: str) -> str:
        """The latest name of a unit; the code itself for one that is not configured."""
        unit = self.version(code)
        return unit.name if unit else code

    def is_province(self, code: str) -> bool:
        """Whether a code is one of the region's provinces."""
        return code in self._provinces

    def city(self, code: str, day: date | None = None) -> str:
        """The city a unit rolls up to; a unit without one (a province, an area across cities) stands for itself."""
        unit = self.version(code, day)
        return unit.city_code if unit is not None and unit.city_code else code

    def in_force(self, code: str, day: date | None) -> str:
        """The code under which a unit spoke on a day: a portal of today's 蓟州区 spoke for 蓟县 before 2016.

        Decided by the county-level units of the common vintage that both map to; where that is not one unit, the code
        stays as it is.
        """
        if day is None or any(unit.valid_on(day) for unit in self._versions.get(code, ())):
            return code
        now = self.version(code)
        if now is None or not now.unit202:
            return code
        then = [u.code for u in self._on(day) if u.level == now.level and set(u.unit202) == set(now.unit202)]
        return then[0] if len(then) == 1 else code

    def vintage_counties(self, code: str) -> tuple[str, ...]:
        """The county-level units of the matrix vintage that a unit of any date counts for.

        A unit that is itself in force at the vintage counts for itself; another one for those that share a county-level
        unit of 31 December 2015 (`unit202`) with it.
        """
        if code not in self._vintage_of:
            shared = {part for unit in self._versions.get(code, ()) for part in unit.unit202}
            own = tuple(unit.code for unit in self.counties if unit.code == code)
            self._vintage_of[code] = own or tuple(
                unit.code for unit in self.counties if shared.intersection(unit.unit202)
            )
        return self._vintage_of[code]

    def _on(self, day: date) -> list[Unit]:
        return [unit for unit in self._all if unit.valid_on(day)]
