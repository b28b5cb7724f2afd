"""What the extractor gives: frozen values that pipelines store and people check.

Every span is a pair of Python string indices into the text it was read from, so that `text[start:end]` is always the
quoted words: a claim that cannot be pointed at is not made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Level = Literal["region", "province", "city", "county", "none"]
CollaborationType = Literal["transfer", "co_build", "division", "innovation", "agreement", "other"]
Domain = Literal["industry", "innovation", "transport", "ecology", "public_service", "planning", "other"]
Status = Literal["actual", "planned"]
Via = Literal["government", "park", "organisation"]
Direction = Literal["a>b", "b>a"]
PageKind = Literal["list", "article", "home", "search", "other"]
MentionKind = Literal["place", "self", "organisation"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, with its words."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about a text before it is read.

    `publisher` is the code of the unit that speaks (it is what 我市 means); `day` is the day the text speaks from: it
    decides which unit versions exist and what 去年 is.
    """

    title: str = ""
    url: str = ""
    publisher: str | None = None
    publisher_name: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """One unit named in a text.

    A compound such as 通武廊 gives one mention for each unit it names, all with the span of the compound. `kind` is
    `self` for 我市 and its like, and `organisation` for a place inside an organisation's name that stands for its home
    unit (首钢, 天津港集团). `reason` says how the name was resolved to this unit.
    """

    start: int
    end: int
    text: str
    code: str
    kind: MentionKind
    reason: str


@dataclass(frozen=True, slots=True)
class Veto:
    """A stretch that looks like a place of the region and is not, with the reason."""

    start: int
    end: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Places:
    """All units of the region that a text names, in text order, and what was turned down."""

    mentions: tuple[Mention, ...]
    vetoes: tuple[Veto, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A rule of the vocabulary that fired, and the words it fired on."""

    rule: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One statement that two units work together. `a < b` by code; `evidence` is the shortest defensible quotation."""

    a: str
    b: str
    types: tuple[CollaborationType, ...]
    domains: tuple[Domain, ...]
    status: Status
    direction: Direction | None
    via: Via
    year: int | None
    evidence: Span
    rule: str


@dataclass(frozen=True, slots=True)
class PolicyTag:
    """Whether a text tells of collaboration policy in the region, and of what kind."""

    policy: bool
    industrial: bool
    level: Level
    types: tuple[CollaborationType, ...]
    domains: tuple[Domain, ...]
    score: float
    matched: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything read from one text under one version of the rules."""

    places: Places
    tag: PolicyTag
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Dated:
    """A day, and where on the page it was read (`meta`, `table`, `text`, `url`, `list`, …)."""

    day: date
    where: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a page gives as part of its document: where it is, and what the page calls it."""

    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Page:
    """A web page as a document. `body` has one block (paragraph, row, item) a line and no furniture of the site."""

    kind: PageKind
    title: str
    published: Dated | None
    written: Dated | None
    source: str | None
    doc_number: str | None
    issuers: tuple[str, ...]
    body: str
    dialect: str
    encoding: str
    problems: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class ListItem:
    """A row of a list page: an absolute URL, the full title, and the row's day where it shows one."""

    url: str
    title: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page read as a list: the rows of its main list in order, and the URLs of its next pages."""

    kind: PageKind
    dialect: str
    items: tuple[ListItem, ...]
    next: tuple[str, ...]
