"""Where a list goes on when only a script knows: functions that build the address, forms they send, paging widgets."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit, urlunsplit

from extract.links import absolute, called_address, is_page_link
from extract.markup import Element, fragment, raw_text, squeeze

_CALL: Final = re.compile(r"(?:javascript:\s*)?(?:return\s+)?([A-Za-z_$][\w$]*)\s*\(([^()]*)\)", re.IGNORECASE)
_ARGUMENT: Final = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|([-\w.]+))\s*(?:,|$)")
_GOES: Final = re.compile(
    r"(?:location(?:\.href)?\s*=(?!=)|location\.(?:replace|assign)\s*\(|window\.open\s*\()\s*([^;\n}]{1,300})"
)
_SET: Final = re.compile(
    r"(?:\.(?P<name>[\w-]+)|(?:getElementById|getElementsByName|\$)\s*\(\s*[\"'](?:#|input\[name=[\"']?)?(?P<id>[\w-]+)[\"'\]]*\s*\)(?:\s*\[0\])?)"
    r"\s*(?:\.value\s*=(?!=)\s*|\.val\s*\(\s*)(?P<value>[A-Za-z_$]\w*)"
)
_TERM: Final = re.compile(
    r"\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|\(?\s*(?:\w+\.)?(?P<name>[A-Za-z_$]\w*)\s*(?P<shift>[-+]\s*\d+)?\s*\)?)\s*(?:\+|$)"
)
_WIDGET: Final = re.compile(
    r"\blaypage\b|\.(?:pagination|Paging|createPage|jqPaginator|whjPaging|sPage)\s*\(|new\s+Paging"
)
_CURRENT: Final = re.compile(
    r"\b(?:curr|current|currentPage|curPage|pageNo|pageIndex|pageNum)[\"']?\s*[:=]\s*[\"']?(\d{1,5})", re.IGNORECASE
)
_PAGES: Final = re.compile(r"\b(?:pages|totalPages?|pageCount|countPage)[\"']?\s*[:=]\s*[\"']?(\d{1,6})", re.IGNORECASE)
_COUNT: Final = re.compile(
    r"\b(?:count|total|totalData|totalRecords?|totalCount)[\"']?\s*[:=]\s*[\"']?(\d{1,7})", re.IGNORECASE
)
_LIMIT: Final = re.compile(r"\b(?:limit|pageSize|perPage|showData)[\"']?\s*[:=]\s*[\"']?(\d{1,4})", re.IGNORECASE)
_PAGE_NAMES: Final = frozenset(
    ("curr", "current", "page", "pageno", "pagenum", "pageindex", "currentpage", "num", "api")
)
_ENCODED: Final = re.compile(r">\s*([A-Za-z0-9+/=]{60,20000})\s*<")
_SCRIPT_BYTES: Final = 4_000


def by_call(root: Element, text: str, url: str, script: str) -> str | None:
    """Where a click leads that calls a function: an address among its arguments, or one that the function builds.

    The function is not run: only an address joined of literals and parameters, or a form with its page number set, is
    understood.
    """
    if address := called_address(script):
        return absolute(url, address)
    call = _CALL.search(script)
    if call is None:
        return None
    body = _function(text, call[1])
    if body is None:
        return None
    parameters, inside = body
    given = [
        next((group for group in found.groups() if group is not None), "") for found in _ARGUMENT.finditer(call[2])
    ]
    values = dict(zip(parameters, given, strict=False))
    for goes in _GOES.finditer(inside):
        joined = _joined(goes[1], values.get)
        if joined and is_page_link(joined):
            return absolute(url, joined)
    return _by_form(root, url, inside, values)


def by_widget(text: str, url: str) -> str | None:
    """The page after this one of a paging widget, from its settings and the address its callback joins."""
    if _WIDGET.search(text) is None:
        return None
    for goes in _GOES.finditer(text):
        around = text[max(0, goes.start() - _SCRIPT_BYTES) : goes.end() + _SCRIPT_BYTES]
        shown, pages = _CURRENT.search(around), _PAGES.search(around)
        count, limit = _COUNT.search(around), _LIMIT.search(around)
        current = int(shown[1]) if shown else 1
        last = (
            int(pages[1]) if pages else -(-int(count[1]) // int(limit[1])) if count and limit and int(limit[1]) else 0
        )
        if current >= last:
            continue
        address = _joined(goes[1], partial(_page_number, str(current + 1)))
        if address and is_page_link(address):
            return absolute(url, address)
    return None


def encoded_pagers(text: str) -> Iterator[Element]:
    """Pieces of markup that a page holds in Base64 and has its script decode."""
    if "atob" not in text:
        return
    for found in _ENCODED.finditer(text):
        try:
            markup = unquote_plus(base64.b64decode(found[1], validate=True).decode("utf-8"))
        except (binascii.Error, ValueError):
            continue
        if "<a" in markup:
            yield fragment(markup)


def by_options(root: Element, url: str) -> str | None:
    """The option after the chosen one, in a box that leads to the page chosen in it."""
    for box in root.iter("select"):
        if "location" not in (box.get("onchange") or "") and "open" not in (box.get("onchange") or ""):
            continue
        options = list(box.iter("option"))
        values = [option.get("value") or "" for option in options]
        if len(options) < 2 or not all(is_page_link(value) for value in values):
            continue
        if not all(squeeze(raw_text(option)).strip("第页").isdecimal() for option in options):
            continue
        chosen = next((at for at, option in enumerate(options) if option.get("selected") is not None), None)
        if chosen is None:
            chosen = next((at for at, value in enumerate(values) if absolute(url, value) == url), 0)
        if chosen + 1 < len(values):
            return absolute(url, values[chosen + 1])
    return None


def _page_number(following: str, name: str) -> str | None:
    return following if name.lower() in _PAGE_NAMES else None


def _function(text: str, name: str) -> tuple[list[str], str] | None:
    """The parameters of a function that the page defines, and its text."""
    found = re.search(
        rf"(?:function\s+{re.escape(name)}|\b{re.escape(name)}\s*[=:]\s*function)\s*\(([^()]*)\)\s*\{{", text
    )
    if found is None:
        return None
    depth, end = 1, found.end()
    for end in range(found.end(), min(len(text), found.end() + _SCRIPT_BYTES)):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if depth == 0:
            break
    return [part.strip() for part in found[1].split(",")], text[found.end() : end]


def _joined(expression: str, value_of: Callable[[str], str | None]) -> str | None:
    """The words that `"a" + (n - 1) + ".html"` stands for; None where a part of it is not known."""
    at, made = 0, ""
    literal = False
    while at < len(expression):
        term = _TERM.match(expression, at)
        if term is None or term.end() == at:
            break
        at = term.end()
        if (quoted := term["double"] if term["double"] is not None else term["single"]) is not None:
            made, literal = made + quoted, True
            continue
        value = value_of(term["name"])
        if value is None:
            return None
        shift = (term["shift"] or "").replace(" ", "")
        if shift:
            if not value.isdecimal():
                return None
            value = str(int(value) + int(shift))
        made += value
    return made if literal or made else None


def _by_form(root: Element, url: str, inside: str, values: dict[str, str]) -> str | None:
    if "submit" not in inside:
        return None
    for found in _SET.finditer(inside):
        name, value = found["name"] or found["id"], values.get(found["value"], "")
        if not value.isdecimal():
            continue
        for form in root.iter("form"):
            fields = {
                field.get("name") or "": field.get("value") or ""
                for field in form.iter("input")
                if field.get("name") and (field.get("type") or "text").lower() in ("hidden", "text")
            }
            named = next(
                (field.get("name") for field in form.iter("input") if name in (field.get("name"), field.get("id"))),
                None,
            )
            if named is None:
                continue
            parts = urlsplit(absolute(url, form.get("action") or url))
            query = dict(parse_qsl(parts.query, keep_blank_values=True)) | fields | {named: value}
            return urlunsplit(parts._replace(query=urlencode(query), fragment=""))
    return None
