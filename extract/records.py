"""Lists that come as data: the JSON of libraries and search interfaces, and the records of hanweb's data proxy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import islice
from typing import Final

from extract.dates import first_day
from extract.links import absolute
from extract.markup import fragment, lines, tidy
from extract.model import ListItem

_TITLES: Final = ("title", "bt", "content_title", "name", "doctitle", "subject", "infotitle", "articletitle", "docname")
_URLS: Final = (
    "url", "docpuburl", "content_pageurl", "link", "href", "docurl", "doc_url", "pageurl", "infourl", "visiturl",
    "shareurl", "articleurl", "puburl", "linkurl",
)  # fmt: skip
_DAYS: Final = (
    "pubtimestr", "docrelpubtime", "pubdate", "pub_date", "pubtime", "ptime", "fbrq", "publishtime", "publish_time",
    "publishdate", "date", "docdate", "trs_time", "content_addtime", "crtime", "docreltime", "time", "createtime",
    "releasetime", "inputtime", "addtime", "cwrq",
)  # fmt: skip
_PAGES: Final = ("totalpage", "totalpages", "pagecount", "pages", "pagetotal")
_CHINA: Final = timezone(timedelta(hours=8))
_MAX_DEPTH: Final = 12
_MAX_ROWS: Final = 20_000


def json_list(text: str, base: str) -> tuple[tuple[ListItem, ...], int] | None:
    """The rows of a JSON answer and how many pages it says there are; None when the text is no JSON.

    The rows are all lists of objects that have both a title and an address, in order, whatever they are called.
    """
    start = text.lstrip("\ufeff \t\r\n")
    if not start.startswith(("{", "[")):
        match = re.match(r"[\w$.]{1,60}\s*\(\s*([\[{].*[\]}])\s*\)\s*;?\s*$", start, re.DOTALL)
        if match is None:
            return None
        start = match.group(1)
    try:
        data = json.loads(start)
    except (ValueError, RecursionError):
        return None
    pages = 0
    for node in _objects(data):
        lowered = _lowered(node)
        if not pages and _item(lowered, base) is None:
            counts = (str(lowered.get(key, "")) for key in _PAGES)
            pages = next((int(count) for count in counts if count.isdecimal() and len(count) < 8), 0)
    return items_of(data, base), pages


def items_of(data: object, base: str) -> tuple[ListItem, ...]:
    """The rows of decoded JSON: its objects that have a title and an address."""
    found = (_item(_lowered(node), base) for node in _objects(data))
    return tuple(dict.fromkeys(islice((item for item in found if item), _MAX_ROWS)))


def _lowered(node: Mapping[str, object]) -> dict[str, object]:
    return {str(key).lower(): value for key, value in node.items()}


def hanweb_records(text: str) -> str:
    """The rows inside `<record>` elements as markup, empty where there are none."""
    found: list[str] = []
    for piece in text.split("<record>")[1:]:
        row = piece.split("</record>", 1)[0].strip()
        found.append(row.removeprefix("<![CDATA[").removesuffix("]]>"))
    return "\n".join(found)


def _objects(data: object) -> Iterator[Mapping[str, object]]:
    stack: list[tuple[object, int]] = [(data, 0)]
    while stack:
        node, depth = stack.pop()
        if depth > _MAX_DEPTH:
            continue
        if isinstance(node, dict):
            yield node
            stack.extend(
                (value, depth + 1) for value in reversed(list(node.values())) if isinstance(value, (dict, list))
            )
        elif isinstance(node, list):
            stack.extend((value, depth + 1) for value in reversed(node) if isinstance(value, (dict, list)))


def _item(node: Mapping[str, object], base: str) -> ListItem | None:
    title = next((value for key in _TITLES if isinstance(value := node.get(key), str) and value.strip()), "")
    href = next((value for key in _URLS if isinstance(value := node.get(key), str) and value.strip()), "")
    if not title or not href:
        return None
    if "<" in title or "&" in title:
        title = "".join(line.text for line in lines(fragment(title)))
    return ListItem(
        absolute(base, href), tidy(title), next((day for key in _DAYS if (day := _day(node.get(key)))), None)
    )


def _day(value: object) -> date | None:
    """A day written out, or a number of milliseconds (or seconds) since 1970, read in China's time."""
    if isinstance(value, str) and not value.strip().isdecimal():
        return first_day(value)
    try:
        number = int(str(value))
    except ValueError:
        return None
    if number > 10**11:
        number //= 1000
    if not 10**8 < number < 4 * 10**9:
        return None
    return datetime.fromtimestamp(number, UTC).astimezone(_CHINA).date()
