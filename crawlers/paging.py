"""Customary addresses of the page after this one, for families whose lists do not always link it.

What a page itself says about its next page is read by `extract.listing`; evidence for each custom is in the paging
column of `columns.csv`.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit


def next_file(url: str, first: int) -> str | None:
    """The address after `…/name.html` → `…/name_<first>.html` → `…/name_<first+1>.html`; a folder means its index."""
    parts = urlsplit(url)
    folder, _, file = parts.path.rpartition("/")
    match = re.fullmatch(r"(?P<name>.+?)(?:_(?P<number>\d{1,4}))?\.(?P<ext>s?html?|aspx|jhtml)", file or "index.html")
    if match is None:
        return None
    number = int(match["number"]) + 1 if match["number"] else first
    path = f"{folder}/{match['name']}_{number}.{match['ext']}"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def next_query(url: str, *names: str) -> str | None:
    """The same address with its page number (the first of `names` present in the query, else added as 2) one higher."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    for index, (name, value) in enumerate(query):
        if name in names and value.isdigit():
            query[index] = (name, str(int(value) + 1))
            break
    else:
        if any(name in names for name, _ in query):
            return None
        query.append((names[0], "2"))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))


_BY_FILE = (
    re.compile(r"/Category_\d+/", re.IGNORECASE),
    re.compile(r"/c\d{6}/list\w*\.shtml"),
)
_BY_QUERY = (
    (re.compile(r"/front_pc\w+\.do\?"), "p"),
    (re.compile(r"/eportal/ui\?"), "currentPage"),
    (re.compile(r"[?&]m=content&c=index&a=lists"), "page"),
)
_NUMBERED = re.compile(r"/page_(\d{1,4})\.s?html?$")
PAGE_NAMES = ("p", "page", "pageNum", "pageNumber", "pageNo", "pagenum", "currentPage", "current")


def next_by_form(url: str) -> str | None:
    """The address after one whose form gives away how its system counts pages; None where it does not."""
    for form, name in _BY_QUERY:
        if form.search(url):
            return next_query(url, name)
    if any(form.search(url) for form in _BY_FILE):
        return next_file(url, first=2)
    if has_page_number(url, *PAGE_NAMES):
        return next_query(url, *PAGE_NAMES)
    parts = urlsplit(url)
    if numbered := _NUMBERED.search(parts.path):
        path = f"{parts.path[: numbered.start(1)]}{int(numbered[1]) + 1}{parts.path[numbered.end(1) :]}"
        return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))
    return None


def has_page_number(url: str, *names: str) -> bool:
    """Whether the address carries a page number under one of `names`."""
    return any(name in names and value.isdigit() for name, value in parse_qsl(urlsplit(url).query))
