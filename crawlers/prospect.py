"""What a page tells of a portal that no row lists yet: its family, its unit and the columns to enter it by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, get_args
from urllib.parse import urlsplit

from config.model import ColumnKind, Portal, PortalLevel, Unit
from crawlers.shapes import is_article, is_page
from crawlers.target import host_of
from extract.decoding import decode
from extract.dialects import dialect_of, family_of_address
from extract.links import absolute, link_of
from extract.listing import read_listing
from extract.markup import Element, metas, parse, raw_text, squeeze

UNKNOWN: Final = "generic"
_ENOUGH: Final = 3
"""So many links of one family's form show that a site is made by it."""
_PER_KIND: Final = 3
_KINDS: Final[tuple[tuple[ColumnKind, re.Pattern[str]], ...]] = (
    ("cooperation", re.compile(r"京津冀|协同发展|区域合作|对接|疏解|承接")),
    ("interpretation", re.compile(r"解读|图解|问答")),
    ("gov_file", re.compile(r"(?:政府|规范性|办公室|部门|县|区|市)文件|公文|政府令|规章|公报")),
    ("policy", re.compile(r"政策|法规|规划")),
    ("news", re.compile(r"要闻|新闻|动态|资讯")),
    ("notice", re.compile(r"公告|公示|通告|通知")),
    ("disclosure_root", re.compile(r"信息公开|政务公开")),
)
_WANTED: Final = ("policy", "gov_file", "news", "cooperation")
_NAME_END: Final = re.compile(
    r"(?:人民政府|政务网|政府网|门户网站|信息网|官方网站|管理委员会|管委会|网站|首页|欢迎您)+"
)


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A column that the page links, with the kind that its name tells."""

    kind: ColumnKind
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Prospect:
    """What was found. `unit` is None where name and code of the site do not decide; `doubts` says so in words."""

    family: str
    site_name: str
    unit: Unit | None
    columns: tuple[FoundColumn, ...]
    is_list: bool
    next_pages: tuple[str, ...]
    doubts: tuple[str, ...]


def prospect(url: str, body: bytes, content_type: str, units: Iterable[Unit], today: date) -> Prospect:
    """Read a page of a new portal: its home page, best, or one of its lists."""
    text = decode(body, content_type).text
    root, _ = parse(text)
    found = metas(root.iter("meta"))
    links = [(anchor, absolute(url, link_of(anchor))) for anchor in root.iter("a") if link_of(anchor)]
    own = [address for _, address in links if host_of(address) == host_of(url)]
    families = Counter(name for address in own if (name := family_of_address(address)))
    family, count = families.most_common(1)[0] if families else (UNKNOWN, 0)
    if count < _ENOUGH:
        family = dialect_of(url, text, found)
    listing = read_listing(body, url, content_type)
    if family == UNKNOWN:
        family = listing.dialect
    name = _site_name(root, found)
    unit, doubts = _unit(name, found.get("siteidcode", ""), [one for one in units if one.valid_on(today)])
    is_list = listing.kind == "list" and len(listing.items) >= _ENOUGH
    columns = tuple(_columns(links, url))
    if is_list:
        title = (
            squeeze(raw_text(next(root.iter("title"), root)))[:40] if next(root.iter("title"), None) is not None else ""
        )
        here = FoundColumn(_kind(re.split(r"[-_|—]", title)[0]) or "news", re.split(r"[-_|—]", title)[0], url)
        columns = (here, *(column for column in columns if column.url != url))
    if family == UNKNOWN:
        doubts = (*doubts, "no known family made this page")
    missing = [kind for kind in _WANTED if kind not in {column.kind for column in columns}]
    if missing:
        doubts = (*doubts, f"no column found for: {', '.join(missing)}")
    return Prospect(family, name, unit, columns, is_list, listing.next, doubts)


def portal_id_of(unit: Unit | None, url: str) -> str:
    """The id of a new row: the unit's code, or for a portal of no unit its host without `www.` and `.gov.cn`."""
    if unit is not None:
        return unit.code.lower()
    host = host_of(url).removeprefix("www.")
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"\.gov\.cn$", "", host)).strip("-") or "portal"


def portal_row(seen: Prospect, url: str, family: str) -> Portal:
    """The row of portals.csv that the page suggests."""
    parts = urlsplit(url)
    unit = seen.unit
    level: PortalLevel = unit.level if unit is not None and unit.level in get_args(PortalLevel) else "functional"
    return Portal(
        portal_id=portal_id_of(unit, url),
        unit_code=unit.code if unit else "",
        name=seen.site_name or (unit.name if unit else host_of(url)),
        level=level,
        base_url=f"{parts.scheme}://{parts.netloc}",
        other_hosts=(),
        dialect=family,
        confidence="medium",
        note="; ".join(seen.doubts),
        basis="unseen" if family == UNKNOWN else "seen",
    )


def _site_name(root: Element, found: dict[str, str]) -> str:
    title = next(root.iter("title"), None)
    name = found.get("sitename") or (squeeze(raw_text(title)) if title is not None else "")
    parts = [part for part in re.split(r"[-_|—·]", name) if part]
    return max(parts, key=lambda part: (bool(_NAME_END.search(part)), len(part)), default="")[:60]


def _unit(name: str, code: str, units: list[Unit]) -> tuple[Unit | None, tuple[str, ...]]:
    """The unit whose site this is: by its name, and where several are called so, by the site's code or its parent."""
    named = [unit for unit in units if unit.name in name or (len(unit.short_name) > 1 and unit.short_name in name)]
    longest = max((len(_written(unit, name)) for unit in named), default=0)
    named = [unit for unit in named if len(_written(unit, name)) == longest]
    # 石家庄市桥西区 names both; the smaller unit speaks.
    depth = {"province": 0, "prefecture": 1, "county": 2, "functional": 2}
    named += [unit for unit in units if unit.level == "county" and unit.name in name and unit not in named]
    deepest = max((depth[unit.level] for unit in named), default=0)
    named = [unit for unit in named if depth[unit.level] == deepest]
    coded = [unit for unit in named if code[:6] in (unit.code, unit.parent_code)] if code else []
    above = [unit for unit in named if any(one.code == unit.parent_code and one.name in name for one in units)]
    for chosen in (coded, above, named):
        if len({unit.code for unit in chosen}) == 1:
            return chosen[0], ()
    by_code = [unit for unit in units if unit.code == code[:6]] if not named else []
    if by_code:
        return by_code[0], (f"unit told by the site's code {code} alone",)
    if named:
        return None, (f"{name!r} may be {', '.join(f'{unit.name} {unit.code}' for unit in named)}: fill in unit_code",)
    return None, (f"no unit is called as in {name!r}: fill in unit_code",)


def _written(unit: Unit, name: str) -> str:
    return unit.name if unit.name in name else unit.short_name


def _columns(links: list[tuple[Element, str]], url: str) -> Iterator[FoundColumn]:
    kept: Counter[str] = Counter()
    seen: set[str] = set()
    for anchor, address in links:
        name = squeeze(raw_text(anchor)) or squeeze(anchor.get("title") or "")
        kind = _kind(name) if 2 <= len(name) <= 12 else None
        if kind is None or address in seen or host_of(address) != host_of(url):
            continue
        if is_article(address) or not is_page(address) or urlsplit(address).path in ("", "/"):
            continue
        seen.add(address)
        if kept[kind] < _PER_KIND:
            kept[kind] += 1
            yield FoundColumn(kind, name, address)


def _kind(name: str) -> ColumnKind | None:
    return next((kind for kind, pattern in _KINDS if pattern.search(name)), None)
