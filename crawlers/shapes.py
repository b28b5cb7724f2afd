"""What the address of an article looks like in the families of the region, for pages that have no list to read."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_ARTICLE = re.compile(
    r"/t\d{8}_\d+\.s?html?$"
    r"|/art/\d{4}/\d{1,2}/\d{1,2}/art_\w+\.html$"
    r"|/\d{6}/\d{2}/[0-9a-f-]{36}\.html$"
    r"|/col/\d{13}/\d{4}/\d{2}/\d{2}/\d+\.html$"
    r"|/\d{6}/[0-9a-f]{32}\.s?html?$|/[0-9a-f]{32}\.html?$|/\d{8}/[0-9a-f]{32}/c\.html$"
    r"|/\d{8}/\d+\.html$"
    r"|/content_\d+\.html?$|/c_\d+\.html?$|/\d{17,}/(?:index|c)?\.?s?h?t?m?l?$"
    r"|/(?:single|content|article|contents|shows?)/\d+/\d+\.s?html?$"
    r"|/content-\d+-\d+\.html$|/zwgk(?:nr|docnr)-\d+-\d+\.html$|/pnidpv\d+\.html$|/Item/\d+\.aspx$"
    r"|/\d{5,9}(?:/index)?\.s?html?$"
)
_ARTICLE_QUERY = re.compile(r"\ba=show\b.*\bid=\d+|front_pcthi\.do\?uuid=|\barticleKey=\d+|info_show\.asp\?infoid=")
_FILES = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|rar|zip|7z|jpe?g|png|gif|bmp|mp[34]|avi|flv|wmv|apk|exe|ofd|css|js|ico|svg)$",
    re.IGNORECASE,
)
_COLUMN = re.compile(
    r"政策|法规|文件|公告|公示|通告|要闻|新闻|动态|资讯|信息公开|政务公开|规划|解读|京津冀|协同发展|疏解|招商|合作"
)


def is_article(url: str) -> bool:
    """Whether an address has the form of an article in one of the known families."""
    parts = urlsplit(url)
    return bool(_ARTICLE.search(parts.path) or _ARTICLE_QUERY.search(f"{parts.path.rsplit('/', 1)[-1]}?{parts.query}"))


def is_page(url: str) -> bool:
    """Whether an address may be a web page: not a document, a picture or a program by its name."""
    return not _FILES.search(urlsplit(url).path)


def names_a_column(text: str) -> bool:
    """Whether the words of a link are those of a column that may hold policies or news."""
    words = "".join(text.split())
    return 2 <= len(words) <= 12 and bool(_COLUMN.search(words))
