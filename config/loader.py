"""The one way to a region's configuration: read, validated, checked against itself, and hashed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from config.model import Collision, Column, Name, Period, Portal, Settings, Unit
from config.queries import PLACE, asked_for
from config.reading import ConfigError, read_rows, read_text, read_yaml
from config.vocabulary import Vocabulary

DEFAULT_REGION = Path(__file__).parent / "jingjinji"
RULE_FILES = ("units.csv", "names.csv", "collisions.csv", "keywords.yaml", "periods.csv")
SETTINGS_FILE = "region.yaml"
FILES = (SETTINGS_FILE, *RULE_FILES, "portals.csv", "columns.csv")
"""All files of a region's folder."""


@dataclass(frozen=True)
class Region:
    """A region as its folder describes it.

    `rules_version` is the SHA-256 (first 16 hex digits) of the files that decide what is extracted; the same version
    over the same archive gives the same results. `sources` are all files as text, also those that another folder lends,
    so that the region can be rebuilt from them alone (`config.snapshot`); `region_version` is their SHA-256.
    """

    folder: Path
    settings: Settings
    units: tuple[Unit, ...]
    names: tuple[Name, ...]
    collisions: tuple[Collision, ...]
    portals: tuple[Portal, ...]
    columns: tuple[Column, ...]
    periods: tuple[Period, ...]
    vocabulary: Vocabulary
    sources: dict[str, str]

    @cached_property
    def rules_version(self) -> str:
        digest = _digest(self.sources, RULE_FILES)
        # The provinces are the only setting that extraction reads; as a rule they are those of units.csv.
        if set(self.settings.provinces) != {unit.code for unit in self.units if unit.level == "province"}:
            digest.update("\0".join(self.settings.provinces).encode())
        return digest.hexdigest()[:16]

    @cached_property
    def region_version(self) -> str:
        return _digest(self.sources, self.sources).hexdigest()[:16]

    @cached_property
    def portal_by_id(self) -> dict[str, Portal]:
        return {portal.portal_id: portal for portal in self.portals}

    @cached_property
    def portal_by_host(self) -> dict[str, Portal]:
        """Which portal a host belongs to; the first row wins where two share one (a county on its city's host)."""
        owners: dict[str, Portal] = {}
        for portal in self.portals:
            for host in (urlsplit(portal.base_url).hostname or "", *portal.other_hosts):
                owners.setdefault(host.lower(), portal)
        return owners

    def portal_of(self, url: str) -> Portal | None:
        """The portal whose host a URL has, or None for a host that is not listed."""
        try:
            host = urlsplit(url).hostname
        except ValueError:
            return None
        return self.portal_by_host.get(host.lower()) if host else None

    def choose(self, portal_ids: Iterable[str]) -> tuple[Portal, ...]:
        """The named portals, or all; an unknown id is a `ConfigError` that offers the nearest ones."""
        wanted = tuple(portal_ids)
        for portal_id in wanted:
            if portal_id not in self.portal_by_id:
                near = ", ".join(get_close_matches(portal_id, self.portal_by_id, n=3)) or "see `xietong portals`"
                raise ConfigError(f"unknown portal {portal_id!r}; did you mean: {near}")
        return tuple(self.portal_by_id[portal_id] for portal_id in wanted) or self.portals


def load_region(folder: Path | str | None = None) -> Region:
    """Read a region from `folder`, from the folder in `XIETONG_REGION`, or from the one that ships (京津冀).

    Raises `ConfigError` with file, line and remedy for anything that cannot be meant.
    """
    root = Path(folder or os.environ.get("XIETONG_REGION") or DEFAULT_REGION)
    settings = read_yaml(root / "region.yaml", Settings)
    base = (root / settings.extends).resolve() if settings.extends else None

    def file(name: str) -> Path:
        own = root / name
        return base / name if base is not None and not own.exists() else own

    region = Region(
        folder=root,
        settings=settings,
        units=read_rows(file("units.csv"), Unit),
        names=read_rows(file("names.csv"), Name),
        collisions=read_rows(file("collisions.csv"), Collision),
        portals=read_rows(file("portals.csv"), Portal),
        columns=read_rows(file("columns.csv"), Column),
        periods=read_rows(file("periods.csv"), Period),
        vocabulary=read_yaml(file("keywords.yaml"), Vocabulary),
        sources={name: read_text(file(name) if name != SETTINGS_FILE else root / name) for name in FILES},
    )
    _check(region, file)
    return replace(region, columns=tuple(asked_for(region.columns, settings.crawling.queries)))


def _digest(sources: Mapping[str, str], names: Iterable[str]) -> hashlib._Hash:
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(f"{name}\0{sources[name]}\0".encode())
    return digest


def _check(region: Region, file: Callable[[str], Path]) -> None:
    """What a single row cannot show: references between files, double ids, periods that overlap."""
    codes = {unit.code for unit in region.units}

    def fail(name: str, index: int, message: str) -> None:
        raise ConfigError(f"{file(name)}:{index + 2}: {message}")

    versions: set[tuple[str, object]] = set()
    for index, unit in enumerate(region.units):
        if unit.parent_code and unit.parent_code not in codes:
            fail("units.csv", index, f"parent_code {unit.parent_code} is no unit; add it or correct the code")
        if unit.valid_from and unit.valid_to and unit.valid_to <= unit.valid_from:
            fail("units.csv", index, f"valid_to {unit.valid_to} is not after valid_from {unit.valid_from}")
        if (unit.code, unit.valid_from) in versions:
            fail("units.csv", index, f"{unit.code} has two versions from {unit.valid_from}; keep one")
        versions.add((unit.code, unit.valid_from))
    for index, name in enumerate(region.names):
        if lost := [code for code in name.codes if code not in codes]:
            fail("names.csv", index, f"{name.name}: {', '.join(lost)} is no unit; correct the code")
    kinds: dict[str, str] = {}
    for index, name in enumerate(region.names):
        if kinds.setdefault(name.name, name.kind) != name.kind:
            fail("names.csv", index, f"{name.name} is {kinds[name.name]} and {name.kind}; keep one kind")
    rules: dict[str, str] = {}
    for index, collision in enumerate(region.collisions):
        if rules.setdefault(collision.pattern, collision.rule) != collision.rule:
            fail("collisions.csv", index, f"{collision.pattern} is {rules[collision.pattern]} too; keep one rule")
    portals: set[str] = set()
    for index, portal in enumerate(region.portals):
        if portal.portal_id in portals:
            fail("portals.csv", index, f"portal_id {portal.portal_id} stands twice; give each portal its own")
        if portal.unit_code and portal.unit_code not in codes:
            fail("portals.csv", index, f"unit_code {portal.unit_code} is no unit; correct the code or leave it empty")
        portals.add(portal.portal_id)
    for index, column in enumerate(region.columns):
        if column.portal_id not in portals:
            fail(
                "columns.csv",
                index,
                f"portal_id {column.portal_id} is not in portals.csv; add the portal or correct the id",
            )
        if PLACE in column.url and not region.settings.crawling.queries:
            fail("columns.csv", index, f"{PLACE} stands in the address, but region.yaml names no crawling.queries")
    for index, (before, after) in enumerate(zip(region.periods, region.periods[1:], strict=False)):
        if before.until is None or after.since is None or after.since <= before.until:
            fail("periods.csv", index + 1, f"{after.period} must begin after {before.period} ends")
