"""The rows a researcher edits, as validated, frozen values.

A region is a folder of these rows (units, names, portals, entry columns, periods, vocabulary). Nothing here knows how
they are used; validation is strict so that a slip in a spreadsheet is a message with a line number, not a wrong map.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

UnitLevel = Literal["province", "prefecture", "county", "functional"]
PortalLevel = Literal["state", "province", "prefecture", "county", "functional", "bureau"]
ColumnKind = Literal[
    "policy", "gov_file", "news", "news_upper", "notice", "cooperation", "interpretation", "budget", "topics",
    "disclosure_root", "search_api", "sitemap",
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


WINDOW = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)")


class Portal(Row):
    """A government portal: who speaks on it, where, and in which CMS family (`dialect`).

    `window` are the hours (of the region's time zone, as 22:00-07:00) in which it may be asked, empty for always;
    `delay_seconds` the least time between two requests where the region's is too short; `legacy_tls` is `yes` for a
    server that only speaks TLS of before 2012; `basis` says what the family rests on: seen pages or addresses,
    inferred from its neighbours, or unseen, so that the crawl starts at the home page and looks for columns.
    """

    portal_id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    unit_code: str
    name: str
    level: PortalLevel
    base_url: str = Field(pattern=r"^https?://[^/\s]+(/\S*)?$")
    other_hosts: tuple[str, ...]
    dialect: str
    confidence: Literal["high", "medium", "low"]
    note: str
    window: str = ""
    delay_seconds: float | None = Field(default=None, ge=0)
    legacy_tls: Literal["", "yes", "no"] = ""
    basis: Literal["seen", "inferred", "unseen"] = "unseen"

    @field_validator("basis", mode="before")
    @classmethod
    def _unsaid(cls, value: object) -> object:
        return value or "unseen"

    @field_validator("window")
    @classmethod
    def _hours(cls, value: str) -> str:
        if value and not WINDOW.fullmatch(value):
            raise ValueError("a window is two times of a day, as 22:00-07:00; leave it empty for always")
        return value


class Column(Row):
    """An entry column of a portal: where a crawl starts.

    `paging` quotes what is known of its further pages. In the address of a search, `{query}` stands for each of the
    region's `queries` in turn. `browser` is `yes` for a list that only a script can draw (see the extra `browser`).
    """

    portal_id: str
    kind: ColumnKind
    name: str
    url: str = Field(pattern=r"^https?://[^/\s]+(/\S*)?$")
    paging: str
    era: str
    confidence: Literal["high", "medium", "low"]
    browser: Literal["", "yes"] = ""


class Name(Row):
    """A way to write one or more units besides their own names, or a place that is none of them.

    `kind` is `alias` (another name), `compound` (通武廊: one word, several units), `region` (京津冀: the whole, no
    party), `town` (燕郊: a place that stands for a unit), `organisation` (首钢: stands for its home unit), `letter`
    (京: one character, read in 京郊, 在京 and in runs such as 雄石沧) or `outside` (沈阳: a place of no unit, so that
    its 和平区 is not the one of 天津). `codes` are unit codes, empty for `outside` only; a name may be limited in time.
    A row here replaces what `units.csv` would make of the same word.
    """

    name: str = Field(min_length=1)
    kind: Literal["alias", "compound", "region", "town", "organisation", "letter", "outside"]
    codes: tuple[str, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Name:
        if bool(self.codes) == (self.kind == "outside"):
            raise ValueError("an outside place has no codes" if self.codes else f"{self.kind} needs codes")
        if (len(self.name) == 1) != (self.kind == "letter"):
            raise ValueError("a letter is one character, every other name at least two")
        if len(self.codes) > 1 and self.kind not in ("compound", "region"):
            raise ValueError(f"{self.kind} has one code; several make it a compound or a region")
        if self.valid_from and self.valid_to and self.valid_to <= self.valid_from:
            raise ValueError("valid_to is not after valid_from")
        return self


class Collision(Row):
    """When a word that looks like a unit's name is not the unit.

    Rules on a name as it stands in the text (`pattern` is literal):

    - `veto`: these words never hold a unit (京杭大运河);
    - `full_name_only`: a short name that common language uses (和平): it counts right behind its parent or in a list
      with its siblings;
    - `supported`: a short or two-character name that needs any sign of its city (迁安): in text, title or publisher;
    - `needs_parent`: even the full name does, because other places share it (朝阳区, 新华区);
    - `generic`: every city has one (高新区): the city named before it, or the publisher, decides.

    Rules on what follows a name (`pattern` is a regular expression):

    - `not_the_place`: a street, route, station or medium named after the place (京张 + 高铁);
    - `township`: a town or village of that name (三河 + 镇); applies to short names of county-level units;
    - `organisation`: the end of a body's name (北京 … 大学): the place stands for its home unit only. With `^` before
      it the end must follow the place at once (天津 + 中心).
    """

    pattern: str = Field(min_length=1)
    rule: Literal[
        "veto", "full_name_only", "supported", "needs_parent", "generic", "not_the_place", "township", "organisation"
    ]
    means: str = ""

    @model_validator(mode="after")
    def _compiles(self) -> Collision:
        if self.rule in ("not_the_place", "township", "organisation"):
            try:
                re.compile(self.pattern)
            except re.error as error:
                raise ValueError(f"not a regular expression: {error}") from None
        return self


class Period(Row):
    """A period of the matrices: first and last day, both included; `until` open means to the present."""

    period: str = Field(min_length=1)
    since: date | None
    until: date | None
    title: str
    title_zh: str


class Crawling(Row):
    """How a crawl behaves towards the portals of the region.

    `hosts` stands before the names of the network, as /etc/hosts does; an empty address says that there is no such
    name. A host that answered with a challenge is left alone for `rest_nights` nights.
    """

    user_agent: str = Field(min_length=10)
    contact: str = Field(min_length=3)
    queries: tuple[str, ...] = ()
    delay_seconds: float = Field(ge=0, default=2.0)
    page_seconds: float = Field(gt=0, default=60.0)
    portal_minutes: float = Field(gt=0, default=30.0)
    list_depth: int = Field(ge=1, default=3)
    pages_per_night: int = Field(ge=10, default=3_000)
    max_bytes: int = Field(gt=0, default=20_000_000)
    rest_nights: int = Field(ge=0, default=3)
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
