"""Rows of the JSON that search interfaces and script-built lists answer with, whoever made them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urljoin

from extract.model import Listing, ListItem

_URL = ("url", "docpuburl", "content_pageurl", "puburl", "linkurl", "link", "href")
_TITLE = ("title", "bt", "content_title", "doctitle", "name")
_DAY = (
    "pubtimestr",
    "docrelpubtime",
    "pubtime",
    "ptime",
    "docdate",
    "fbrq",
    "trs_time",
    "pubdate",
    "content_addtime",
    "date",
)
_CHINA = timedelta(hours=8)


class ThrottledError(ValueError):
    """The interface answered without results and without saying that there are none: it wants to be asked later."""


def read_json_rows(text: str, url: str) -> Listing | None:
    """The rows of a JSON answer in its order (every object with an address and a title), or None for what is no JSON.

    Raises `ThrottledError` for the State Council library's empty answer (`searchVO: null` without its code 1001).
    """
    try:
        data = json.loads(text.strip().lstrip("\ufeff"))
    except ValueError:
        return None
    if isinstance(data, dict) and "searchVO" in data and data["searchVO"] is None and str(data.get("code")) != "1001":
        raise ThrottledError(str(data.get("msg") or "searchVO is null"))
    rows: dict[str, ListItem] = {}
    for found in _objects(data):
        keys = {str(key).lower(): value for key, value in found.items()}
        address, title = _first_text(keys, _URL), _first_text(keys, _TITLE)
        if address is None or title is None:
            continue
        absolute = urljoin(url, address)
        day = next((read for key in _DAY if (read := _day(keys.get(key))) is not None), None)
        rows.setdefault(absolute, ListItem(absolute, re.sub(r"<[^>]*>", "", title).strip(), day))
    return Listing("list", "json", tuple(rows.values()), ())


def _first_text(values: dict[str, object], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = values.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _objects(data: object) -> Iterator[dict[str, object]]:
    if isinstance(data, dict):
        yield data
        for value in data.values():
            yield from _objects(value)
    elif isinstance(data, list):
        for value in data:
            yield from _objects(value)


def _day(value: object) -> date | None:
    if isinstance(value, str) and (match := re.match(r"\s*(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})", value)):
        try:
            return date(*map(int, match.groups()))
        except ValueError:
            return None
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 10**11 < value < 10**13:
        return (datetime.fromtimestamp(value / 1000, UTC) + _CHINA).date()
    return None
