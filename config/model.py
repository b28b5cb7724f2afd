"""The rows a researcher edits, as validated, frozen values.

A region is a folder of these rows (units, names, portals, entry columns, periods, vocabulary). Nothing here knows how
they are used; validation is strict so that a slip in a spreadsheet is a message with a line number, not a wrong map.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

UnitLevel = Literal["province", "prefecture", "county", "functional"]
PortalLevel = Literal["state", "province", "prefecture", "county", "functional"]
ColumnKind = Literal[
    "policy", "gov_file", "news", "news_upper", "notice", "cooperation", "interpretation", "budget", "topics",
    "disclosure_root", "search_api",
]  # fmt: skip
Relation = Literal["identity", "1:1", "n:1", "1:n", ""]


class Row(BaseModel):
    """A validated, immutable row; unknown columns are refused so that a misspelt one cannot be ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def _listed(cls, value: object, info: object) -> object:
        field = cls.model_fields[info.field_name]  # type: ignore[attr-defined]
        if isinstance(value, str) and "tuple" in str(field.annotation):
            return tuple(part.strip() for part in value.split(";") if part.strip())
        if value == "" and "None" in str(field.annotation):
            return None
        return value


class Unit(Row):
    """One version of a unit: a code, a name and the days on which both were valid.

    `valid_to` is the first day on which the version no longer holds. `city_code` is the one of the 13 cities it rolls
    up to (empty for 河北省 itself); `unit202` the county-level units of 31 December 2015 it maps to, `relation` how.
    """

    code: str = Field(min_length=1)
    name: str = Field(min_length=2)
    short_name: str
    level: UnitLevel
    unit_type: str
    parent_code: str
    city_code: str
    valid_from: date | None
    valid_to: date | None
    unit202: tuple[str, ...]
    relation: Relation
    aliases: tuple[str, ...]
    within: tuple[str, ...] = ()

    def valid_on(self, day: date) -> bool:
        """Whether this version was in force on `day` (an unknown first day counts as always)."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


class Portal(Row):
    """A government portal: who speaks on it, where, and in which CMS family (`dialect`)."""

    portal_id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    unit_code: str
    name: str
    level: PortalLevel
    base_url: str = Field(pattern=r"^https?://[^/\s]+(/\S*)?$")
    other_hosts: tuple[str, ...]
    dialect: str
    confidence: Literal["high", "medium", "low"]
    note: str


class Column(Row):
    """An entry column of a portal: where a crawl starts. `paging` and `basis` quote what is known about it."""

    portal_id: str
    kind: ColumnKind
    name: str
    url: str = Field(pattern=r"^https?://[^/\s]+(/\S*)?$")
    paging: str
    era: str
    confidence: Literal["high", "medium", "low"]


class Name(Row):
    """A way to write one or more units besides their own names.

    `kind` is `alias` (another name), `compound` (通武廊: one word, several units), `town` (燕郊: a place that stands for a
    unit) or `organisation` (首钢: an organisation that stands for its home unit). `codes` are unit codes; a name may be
    limited in time.
    """

    name: str = Field(min_length=2)
    kind: Literal["alias", "compound", "town", "organisation"]
    codes: tuple[str, ...] = Field(min_length=1)
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""


class Collision(Row):
    """Words that hold a unit's name and do not mean the unit (搬迁安置 holds 迁安), and where that is so.

    `pattern` is literal text. `rule` is `veto` (the pattern never holds this unit), `full_name_only` (the short name
    counts only beside its parent, its publisher or in a list of its siblings) or `needs_parent` (even the full name does,
    because another province or the common language uses it).
    """

    pattern: str = Field(min_length=1)
    rule: Literal["veto", "full_name_only", "needs_parent"]
    means: str = ""


class Period(Row):
    """A period of the matrices: first and last day, both included; `until` open means to the present."""

    period: str = Field(min_length=1)
    since: date | None
    until: date | None
    title: str
    title_zh: str


class Crawling(Row):
    """How a crawl behaves towards the portals of the region."""

    user_agent: str = Field(min_length=10)
    contact: str = Field(min_length=3)
    delay_seconds: float = Field(ge=0, default=2.0)
    page_seconds: float = Field(gt=0, default=60.0)
    portal_minutes: float = Field(gt=0, default=30.0)
    list_depth: int = Field(ge=1, default=3)
    max_bytes: int = Field(gt=0, default=20_000_000)
    hosts: dict[str, str] = Field(default_factory=dict)


class Settings(Row):
    """`region.yaml`: what the region is called, its time zone, its vintage, and how its portals are crawled.

    `extends` names another region folder whose files stand in for those this folder lacks. `revised` is the day its
    makers last changed it: the only date a rules version carries, so that no clock enters a result.
    """

    title: str
    title_zh: str
    timezone: str
    vintage: date
    revised: date
    provinces: tuple[str, ...] = Field(min_length=1)
    crawling: Crawling
    extends: str | None = None
