"""Which CMS family made a page, told by its address and its markup; the names are those of the portals' `dialect`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from extract.dates import compact_day

_UUID: Final = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
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
    ("qhd-do", re.compile(r"/front_pc\w+\.do")),
    ("powereasy", re.compile(r"/Item/\d+\.aspx|/Category_\d+/", re.IGNORECASE)),
    ("siteserver", re.compile(r"/(?:contents|channels)/\d+")),
    ("pnidpv", re.compile(r"/pnidpv\d+\.html")),
    ("chy-hex", re.compile(r"bjchy\.gov\.cn/.*[0-9a-f]{32}\.html")),
    ("huilan", re.compile(r"/\d{12,}/index\.s?html|/(?:web|cpqzf|bjsdxqrmzf|pgqrmzf|yanqing)/.*/\d{5,}/index\.s?html")),
)  # fmt: skip
_BY_MARKUP: Final = (
    ("ucap", re.compile(r"template,templategroup,version|页面生成时间|<ucapcontent|UCAPCONTENT", re.IGNORECASE)),
    ("trs", re.compile(r"TRS_Editor|TRS_UEDITOR|trs_web|createPageHTML|TRS_PreAppend|was5/web", re.IGNORECASE)),
    ("huilan", re.compile(r"easysite|portlet-header", re.IGNORECASE)),
    ("jcms", re.compile(r"ZJEG_RSS|hanweb|jpaas|/module/download/|<recordset>|jsearch", re.IGNORECASE)),
    ("powereasy", re.compile(r"powereasy|SiteFactory", re.IGNORECASE)),
    ("hebei-uuid", re.compile(rf"/columns/{_UUID}/")),
    ("siteserver", re.compile(r"sitefiles/services|siteserver", re.IGNORECASE)),
    ("phpcms", re.compile(r"phpcms", re.IGNORECASE)),
    ("jeecms", re.compile(r"jeecms", re.IGNORECASE)),
)  # fmt: skip
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
    for name, pattern in _BY_URL:
        if pattern.search(url):
            return name
    if "template,templategroup,version" in found or "页面生成时间" in found.get("others", ""):
        return "ucap"
    sample = text if len(text) <= 400_000 else text[:400_000]
    for name, pattern in _BY_MARKUP:
        if pattern.search(sample):
            return name
    return "generic"


def is_article_url(url: str) -> bool:
    """Whether the address has the form that a family gives to articles only."""
    return _ARTICLE.search(urlsplit(url).path) is not None


_ARTICLE: Final = re.compile(
    rf"/t\d{{8}}_\d+\.s?html?$|/art_\w+\.html$|/columns/{_UUID}/\d{{6}}/\d\d/{_UUID}\.html$|/content_\d+\.html?$|/c_\d+\.html?$"
    r"|/[0-9a-f]{32}(?:/c)?\.s?html?$|/Item/\d+\.aspx$|/single/\d+/\d+\.html$|/pnidpv\d+\.html$|/\d{8}/\d+\.html$|/contents/\d+/\d+\.html$"
    r"|/col/\d{13}/\d{4}/\d\d/\d\d/\d{13}\.html$|/content-\d+-\d+\.html$",
    re.IGNORECASE,
)


def url_day(url: str) -> date | None:
    """The day in an address: the last resort, None on the days on which the host's pages were migrated."""
    parts = urlsplit(url)
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
            return None if is_migration_day(parts.hostname or "", day) else day
    return None


def is_migration_day(host: str, day: date) -> bool:
    """Whether a whole site of this host's family was imported on that day."""
    return any(
        (host == name or host.endswith("." + name)) and first <= day <= last for name, first, last in _MIGRATIONS
    )
