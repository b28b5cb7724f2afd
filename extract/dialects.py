"""Which CMS family made a page, told by its address and its markup; the names are those of the portals' `dialect`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from extract.dates import compact_day

_UUID: Final = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_TIMED_UUID: Final = re.compile("(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_UUID_EPOCH: Final = datetime(1582, 10, 15)
_BY_URL: Final = (
    ("govcn", re.compile(r"^https?://(?:www|sousuo(?:\.www)?|new\.sousuo)\.gov\.cn/")),
    ("xiongan", re.compile(r"xiongan\.gov\.cn/(?:\d{4}-\d\d/\d\d/c_\d+|\d{8}/[0-9a-f]{32}/c)\.html?")),
    ("hebei-uuid", re.compile(rf"/columns/{_UUID}/")),
    ("jcms", re.compile(r"/art/\d{4}/(?:\d{1,2}/\d{1,2}/)?art_\w+\.html|/col/col\d+/|/dataproxy\.jsp")),
    ("col-ts", re.compile(r"/col/\d{13}/")),
    ("ccode-hex", re.compile(r"/c\d{6}/(?:\d{6}/[0-9a-f]{32}|list\w*|news|infoopen\w*)")),
    ("trs", re.compile(r"/t\d{8}_\d+\.s?html?|/t\d{6,9}\.s?html?$")),
    ("jeecms", re.compile(r"/[\w-]+/[\w-]+/\d{8}/\d+\.html")),
    ("zjk-channel", re.compile(r"/(?:channel/list|channelList|(?:single|content|article)/\d+|__sys_block__)/|/lm_zc")),
    ("bd-dash", re.compile(r"/(?:zwgkdoclist|zwgknr|zwgkdocnr|ejzwgk|ejxwzx|jrbdlist|content)-[\d-]+")),
    ("phpcms", re.compile(r"[?&]m=content&c=index")),
    ("qhd-do", re.compile(r"/front_(?:pc|search)\w+\.do")),
    ("eportal", re.compile(r"/eportal/ui\?")),
    ("xinji-html", re.compile(r"xinji\.gov\.cn/(?:html|node)/")),
    ("powereasy", re.compile(r"/Item/\d+\.aspx|/Category_\d+/", re.IGNORECASE)),
    ("siteserver", re.compile(r"/(?:contents|channels)/\d+")),
    ("pnidpv", re.compile(r"/pnidpv\d+\.html")),
    ("chy-hex", re.compile(r"bjchy\.gov\.cn/.*[0-9a-f]{32}\.html")),
    ("huilan", re.compile(r"/\d{12,}/index\.s?html|/(?:web|cpqzf|bjsdxqrmzf|pgqrmzf|yanqing)/.*/\d{5,}/index\.s?html")),
)  # fmt: skip
_BY_MARKUP: Final = (
    ("ucap", ("template,templategroup,version", "页面生成时间", "ucapcontent")),
    ("trs", ("trs_editor", "trs_ueditor", "trs_web", "createpagehtml", "trs_preappend", "was5/web")),
    ("huilan", ("easysite", "portlet-header")),
    ("eportal", ("/eportal/ui",)),
    ("jcms", ("zjeg_rss", "hanweb", "jpaas", "/module/download/", "<recordset>", "jsearch")),
    ("powereasy", ("powereasy", "sitefactory")),
    ("hebei-uuid", ()),
    ("siteserver", ("sitefiles/services", "siteserver")),
    ("phpcms", ("phpcms",)),
    ("jeecms", ("jeecms",)),
)
"""Words in lower case that a family leaves in its pages, the surest first; that of one family is a pattern."""
_UUID_COLUMN: Final = re.compile(rf"/columns/{_UUID}/".encode())
_BY_COLUMN: Final = next(at for at, (name, _) in enumerate(_BY_MARKUP) if name == "hebei-uuid")
_WORDS: Final = [(at, word.encode()) for at, (_, words) in enumerate(_BY_MARKUP) for word in words]
# Other kinds of match, and text instead of bytes, take ten times as long.
_FIND_WORDS: Final = BytesAhoCorasick([word for _, word in _WORDS], matchkind=MatchKind.LeftmostFirst)
_SAMPLE: Final = 400_000
_URL_DAYS: Final = (
    re.compile(r"/t(?P<ymd>(?:19|20)\d{6})_\d+"),
    re.compile(r"/art/(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})/"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)[-/]?(?P<m>\d\d)[/-](?P<d>\d\d)/"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})/"),
    re.compile(r"/(?P<ymd>(?:19|20)\d{6})/"),
    re.compile(r"/(?P<ymd>(?:19|20)\d{6})\d{4,}/index\.s?html"),
    re.compile(r"/(?:c_)?(?P<ymd>(?:19|20)\d{6})[_-]?\d*\.s?html?$"),
)
_MIGRATIONS: Final = (
    ("beijing.gov.cn", date(2019, 5, 20), date(2019, 5, 24)),
    ("tj.gov.cn", date(2020, 5, 18), date(2020, 5, 22)),
    ("kjt.hebei.gov.cn", date(2024, 12, 24), date(2024, 12, 24)),
)
"""Hosts and days (first, last) on which whole sites were imported: a date in an address then says nothing."""


def dialect_of(url: str, text: str, found: Mapping[str, str]) -> str:
    """The CMS family of a page, `generic` when nothing tells. The address is trusted before the markup."""
    if name := family_of_address(url):
        return name
    if "template,templategroup,version" in found or "页面生成时间" in found.get("others", ""):
        return "ucap"
    sample = text[:_SAMPLE].encode("utf-8", "replace").lower()
    families = {_WORDS[word][0] for word, _, _ in _FIND_WORDS.find_matches_as_indexes(sample)}
    if min(families, default=len(_BY_MARKUP)) > _BY_COLUMN and _UUID_COLUMN.search(sample):
        families.add(_BY_COLUMN)
    if families:
        return _BY_MARKUP[min(families)][0]
    return "generic"


def dialect_of_rows(urls: Iterable[str]) -> str:
    """The family whose articles most of a list's links are by their form, `generic` when none has more than half."""
    found = Counter(family_of_address(url) for url in urls)
    if not found:
        return "generic"
    name, count = found.most_common(1)[0]
    return name if name and 2 * count > found.total() else "generic"


def family_of_address(url: str) -> str | None:
    """The family whose lists or articles have addresses of this form; None for a form that many share."""
    return next((name for name, pattern in _BY_URL if pattern.search(url)), None)


def split_address(url: str) -> SplitResult:
    """The parts of an address; of one that is none (`http://[`), a path and nothing else."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", url, "", "")


def is_article_url(url: str) -> bool:
    """Whether the address has the form that a family gives to articles only."""
    return _ARTICLE.search(split_address(url).path) is not None


_ARTICLE: Final = re.compile(
    rf"/t\d{{8}}_\d+\.s?html?$|/art_\w+\.html$|/columns/{_UUID}/\d{{6}}/\d\d/{_UUID}\.html$|/content_\d+\.html?$|/c_\d+\.html?$"
    r"|/[0-9a-f]{32}(?:/c)?\.s?html?$|/Item/\d+\.aspx$|/single/\d+/\d+\.html$|/pnidpv\d+\.html$|/\d{8}/\d+\.html$|/contents/\d+/\d+\.html$"
    r"|/col/\d{13}/\d{4}/\d\d/\d\d/\d{13}\.html$|/content-\d+-\d+\.html$",
    re.IGNORECASE,
)


def url_day(url: str) -> date | None:
    """The day in an address, None in the months in which the host's pages were migrated."""
    day = address_day(url)
    return None if day is None or is_migration_month(url, day) else day


def address_day(url: str) -> date | None:
    """The day in an address, which may be that of a migration."""
    parts = split_address(url)
    for pattern in _URL_DAYS:
        match = pattern.search(parts.path)
        if match is None:
            continue
        groups = match.groupdict()
        if "ymd" in groups:
            day = compact_day(groups["ymd"])
        else:
            try:
                day = date(int(groups["y"]), int(groups["m"]), int(groups["d"]))
            except ValueError:
                day = None
        if day is not None and 1990 <= day.year <= 2099:
            return day
    return None


def import_day(url: str) -> date | None:
    """The day on which a CMS that names its pages by the time (version-1 UUIDs) made this one: of an import, often."""
    found = _TIMED_UUID.findall(split_address(url).path)
    if not found:
        return None
    moment = _UUID_EPOCH + timedelta(microseconds=UUID(found[-1]).time // 10)
    return moment.date() if 1990 <= moment.year <= 2099 else None


def is_migration_day(url: str, day: date) -> bool:
    """Whether a whole site of this address's host was imported on that day."""
    return any(first <= day <= last for first, last in _migrations(url))


def is_migration_month(url: str, day: date) -> bool:
    """Whether a whole site of this address's host was imported in that month: imports take days before they show."""
    return any((day.year, day.month) == (first.year, first.month) for first, _ in _migrations(url))


def _migrations(url: str) -> Iterator[tuple[date, date]]:
    host = split_address(url).hostname or ""
    return ((first, last) for name, first, last in _MIGRATIONS if host == name or host.endswith("." + name))
