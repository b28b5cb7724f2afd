"""Where a list goes on: links, and the scripts in which CMS families hide them."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from extract.links import absolute, is_page_link
from extract.markup import Element, name_of, raw_text, squeeze
from extract.paging_scripts import by_call, by_options, by_widget, encoded_pagers

_NEXT_TEXT: Final = re.compile(
    r"^[\[【]?\s*(?:下一?[页頁]|后一?页|下页|next(?: ?page)?|下一页\s*[>»›]*|[>»›]{1,2})\s*[\]】>»›]*$", re.IGNORECASE
)
_NEXT_NAME: Final = re.compile(
    r"(?:^|[\s_-])(?:next|nextpage|pagenext|page-next|layui-laypage-next|btn-next|xyy|xiayiye)(?=$|[\s_-])"
)
_CREATE_PAGE: Final = re.compile(
    r"(?<!function )\b(?:createPageHTML|createPage|createPageHtml|createPager)\w*\s*\(([^()]{3,200})\)", re.IGNORECASE
)
_ARGUMENT: Final = re.compile(r"\"([^\"]*)\"|'([^']*)'|([-\w.]+)")
_COUNT_PAGE: Final = re.compile(
    r"\b(?:countPage|pageCount|totalPage|totalPages|pageTotal)\s*=\s*[\"']?(\d{1,6})", re.IGNORECASE
)
_CURRENT_PAGE: Final = re.compile(r"\b(?:currentPage|curPage|pageIndex|nowPage)\s*=\s*[\"']?(\d{1,6})", re.IGNORECASE)
_WRITTEN_NEXT: Final = re.compile(
    r"href=\\?[\"']?([\w./-]*?)[\"']?\s*(?:\+\s*[\"'])?_(?:[\"']\s*)?\+?\s*(?:nextPage|\(?\s*(?:currentPage|nCurrIndex)\s*\+\s*1\s*\)?)\s*\+\s*[\"']\.?[\"']?\s*(?:\+\s*[\"'])?\.?([a-z]{3,5})",
    re.IGNORECASE,
)
_BLOCK: Final = re.compile(r"/columns/[0-9a-f-]{36}/templates/[0-9a-f-]{36}/blocks/[0-9a-f-]{36}", re.IGNORECASE)
_HANWEB_UNIT: Final = re.compile(
    r"<div\s+id=[\"'](\d+)[\"'][^<>]*>(?:\s*<script[^<>]*>)?\s*(?:<datastore|<nextgroup|<recordset)", re.IGNORECASE
)
_HANWEB_TOTAL: Final = re.compile(
    r"<totalrecord>\s*(\d+)|<totalpage>\s*(\d+)|totalRecord\s*[:=]\s*[\"']?(\d+)", re.IGNORECASE
)
_ONCLICK: Final = re.compile(
    r"(?:location(?:\.href)?\s*=|window\.open\(|location\.(?:replace|assign)\()\s*[\"']([^\"']+)[\"']\s*(?:$|[;,)])"
)
_MORE_TEXT: Final = re.compile(r"^(?:点击)?(?:加载|查看|显示)更多\S{0,2}$")
_PAGE_KEYS: Final = ("page", "p", "pagenum", "pageno", "currentpage", "pageindex", "pagenumber", "current", "pageid_n")


def next_pages(root: Element, text: str, url: str, rows: int) -> tuple[str, ...]:
    """The URL of the page after this one, empty at the end of a list or where nothing tells.

    Scripts first, because the links beside them are often written for other browsers; then links named 下一页, the
    number after the current one, and the address itself where the family pages by a parameter.
    """
    for found in (
        _by_script(text, url),
        _by_link(root, text, url),
        _by_number(root, url),
        _by_hanweb(text, url),
        _by_block(text, url, rows),
        _by_more(root, text, url),
        by_options(root, url),
        by_widget(text, url),
        *(_by_link(piece, text, url) for piece in encoded_pagers(text)),
    ):
        if found and found.split("#")[0] != url.split("#")[0]:
            return (found,)
    return ()


def _by_script(text: str, url: str) -> str | None:
    for call in _CREATE_PAGE.finditer(text):
        if (name := _created(call.group(1))) is not None:
            return absolute(url, name) if name else None
    written = _WRITTEN_NEXT.search(text)
    if written is None:
        return None
    shown, total = _CURRENT_PAGE.search(text), _COUNT_PAGE.search(text)
    current = int(shown.group(1)) if shown else 0
    if total and current + 1 >= int(total.group(1)):
        return None
    return absolute(url, f"{written.group(1) or 'index'}_{current + 1}.{written.group(2)}")


def _created(arguments: str) -> str | None:
    """The next page's file name from the arguments of createPageHTML; empty on the last page, None when not understood.

    (total, current, "index", "html") and (records, total, current, "index", "html") count pages from 0, so that page
    two is index_1; ("paging", total, current, "list", "html", records) counts from 1.
    """
    strings: list[str] = []
    numbers: list[int] = []
    named = False
    lead = False
    for at, match in enumerate(_ARGUMENT.finditer(arguments)):
        quoted = match.group(1) if match.group(1) is not None else match.group(2)
        if quoted is not None and not quoted.isdigit():
            if at == 0:
                lead = True
            else:
                strings.append(quoted)
                named = True
        else:
            value = quoted if quoted is not None else match.group(3)
            if not named and value.isdigit() and len(value) < 8:
                numbers.append(int(value))
    if len(strings) < 2 or len(numbers) < 2:
        return None
    total, current = numbers[-2], numbers[-1]
    name, extension = strings[0], strings[1].lstrip(".")
    if not re.fullmatch(r"[\w./-]{1,120}", name) or not re.fullmatch(r"\w{2,6}", extension):
        return None
    if lead:
        return f"{name}_{current + 1}.{extension}" if current < total else ""
    return f"{name}_{current + 1}.{extension}" if current + 1 < total else ""


def _target(anchor: Element, url: str) -> str | None:
    href = anchor.get("href") or ""
    if is_page_link(href):
        return absolute(url, href)
    match = _ONCLICK.search(anchor.get("onclick") or "") or _ONCLICK.search(href)
    if match:
        return absolute(url, match.group(1))
    for name in ("tagname", "data-href", "data-url", "pageurl"):
        if is_page_link(anchor.get(name) or "") and "/" in (anchor.get(name) or ""):
            return absolute(url, anchor.get(name) or "")
    return None


def _by_link(root: Element, text: str, url: str) -> str | None:
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "next" and link.get("href"):
            return absolute(url, link.get("href") or "")
    for anchor in root.iter("a", "button", "li", "span", "input", "td", "div"):
        if anchor.tag not in ("a", "button") and not anchor.get("onclick"):
            continue
        label = (squeeze(raw_text(anchor)) or squeeze(anchor.get("title") or anchor.get("value") or _pictured(anchor)))[
            :20
        ]
        named = (anchor.get("rel") or "").lower() == "next" or _NEXT_NAME.search(name_of(anchor))
        if _NEXT_TEXT.match(label) or (named and len(label) <= 6):
            script = anchor.get("onclick") or anchor.get("href") or ""
            if target := _target(anchor, url) or by_call(root, text, url, script):
                return target
    return None


def _by_more(root: Element, text: str, url: str) -> str | None:
    """Where 加载更多 leads, if that is another page of this list: words like it stand below side boxes, too."""
    for button in root.iter("a", "button", "div", "span"):
        label = squeeze(raw_text(button)) if len(button) < 4 else ""
        if not label or len(label) > 8 or not _MORE_TEXT.match(label):
            continue
        script = button.get("onclick") or button.get("href") or ""
        target = _target(button, url) or by_call(root, text, url, script)
        if target and urlsplit(target).path == urlsplit(url).path and target != url:
            return target
    return None


def _pictured(anchor: Element) -> str:
    """What the picture in a link is called."""
    return next((picture.get("alt") or picture.get("title") or "" for picture in anchor.iter("img")), "")


def _by_number(root: Element, url: str) -> str | None:
    """The link whose text is the number after the current page's (links 1 2 3 … side by side)."""
    pagers: dict[Element, dict[int, Element]] = {}
    for anchor in root.iter("a"):
        label = squeeze(raw_text(anchor))[:6].strip("[]")
        if not label.isdecimal() or not label.isascii():
            continue
        box = anchor.getparent()
        if box is not None and box.tag in ("li", "span", "td", "em", "b"):
            box = box.getparent()
        if box is not None:
            pagers.setdefault(box, {}).setdefault(int(label), anchor)
    for box, numbers in pagers.items():
        if len(numbers) < 2 and 2 not in numbers:
            continue
        if max(numbers) > 31 and 1 not in numbers and 2 not in numbers:
            continue
        current = _current(box, numbers, url)
        if current + 1 in numbers and (target := _target(numbers[current + 1], url)):
            return target
    return None


def _current(box: Element, numbers: dict[int, Element], url: str) -> int:
    for number, anchor in numbers.items():
        if re.search(
            r"(?:^|[\s_-])(?:on|cur|current|active|select(?:ed)?|this|thispage|hover)(?=$|[\s_-])", name_of(anchor)
        ):
            return number
        if is_page_link(anchor.get("href") or "") and absolute(url, anchor.get("href") or "").split("#")[0] == url:
            return number
    for piece in box.iter("span", "em", "strong", "b", "font", "li"):
        label = squeeze(raw_text(piece))
        if label.isdecimal() and label.isascii() and len(label) < 5 and next(piece.iter("a"), None) is None:
            return int(label)
    return 1


def _by_hanweb(text: str, url: str) -> str | None:
    if "<recordset" not in text and "dataproxy.jsp" not in text:
        return None
    total = next((int(value) for match in _HANWEB_TOTAL.finditer(text) for value in match.groups() if value), 0)
    unit = _HANWEB_UNIT.search(text)
    if unit is None or total <= 1:
        return None
    return _with_query(url, {"uid": unit.group(1), "pageNum": str(_parameter(url, "pagenum", 1) + 1)})


def _by_block(text: str, url: str, rows: int) -> str | None:
    """Columns of the UUID family page by block: `…/blocks/<uuid>?page=N&fix=0`."""
    if _BLOCK.search(url):
        page = _parameter(url, "page", 1)
        return _with_query(url, {"page": str(page + 1)}) if rows else None
    if match := _BLOCK.search(text):
        return absolute(url, f"{match.group()}?page=2&fix=0")
    return None


def after(url: str, pages: int) -> str | None:
    """The same address with its page parameter raised by one, while that stays within `pages`."""
    parts = urlsplit(url)
    for key, value in parse_qsl(parts.query, keep_blank_values=True):
        if key.lower() in _PAGE_KEYS and value.isdecimal() and len(value) < 8:
            return _with_query(url, {key: str(int(value) + 1)}) if int(value) < pages else None
    return None


def _parameter(url: str, name: str, default: int) -> int:
    for key, value in parse_qsl(urlsplit(url).query, keep_blank_values=True):
        if key.lower() == name and value.isdecimal() and len(value) < 8:
            return int(value)
    return default


def _with_query(url: str, changed: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = [(key, changed.pop(key, value)) for key, value in parse_qsl(parts.query, keep_blank_values=True)]
    query += list(changed.items())
    return urlunsplit(parts._replace(query=urlencode(query), fragment=""))
