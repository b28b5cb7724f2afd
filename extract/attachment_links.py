"""Which files a page gives as the attachments of its document.

A page of a portal links many files: apps, forms, guides in its margin. Its attachments are those that stand in its
text, or that are named or framed as 附件.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from w3lib.url import safe_url_string

from extract.layout import Layout
from extract.markup import Element, named, raw_text, tidy
from extract.model import Attachment

READ: Final = ("pdf", "docx", "xlsx")
UNREAD: Final = ("doc", "xls", "wps", "et", "ofd", "rar", "zip")
MOST: Final = 20
"""Links of one page that are taken as its attachments."""

_SUFFIX: Final = re.compile(rf"\.({'|'.join((*READ, *UNREAD))})\s*$", re.IGNORECASE)
_FILE_NAME: Final = re.compile(rf"\.(?:{'|'.join((*READ, *UNREAD))})(?![a-z0-9])", re.IGNORECASE)
_FILE_NAME_BYTES: Final = re.compile(_FILE_NAME.pattern.encode(), re.IGNORECASE)
_FRAMED: Final = named(
    re.compile(
        r"(?:^|[\s_-])(?:fujian\w*|fj|fjxz|xgfj|attach\w*|annex\w*|enclosure\w*|appendix\w*|accessory)(?=$|[\s_-])"
    )
)
_ANNOUNCED: Final = re.compile("附\\s*件|附\\s*表")
_SAYS_NOTHING: Final = re.compile(
    r"(?:点击|请|此处|这里|立即|附件|文件|正文|全文|原文|PDF|Word|版|下载|查看|打开|浏览|预览|[\[\]【】()（）<>《》:：\s])*",
    re.IGNORECASE,
)
_ABOVE: Final = 3
_NEAR: Final = 300
_LONGEST_NAME: Final = 120
_LONGEST_ADDRESS: Final = 2000
_VIEWERS: Final = {"iframe": "src", "embed": "src", "object": "data"}


def may_link_files(page: str | bytes) -> bool:
    """Whether a page could link a file at all: a cheap look before it is read."""
    pattern = _FILE_NAME if isinstance(page, str) else _FILE_NAME_BYTES
    return pattern.search(page) is not None  # type: ignore[arg-type]


def suffix_of(address: str, *names: str) -> str:
    """The kind of file that an address leads to by its path, its query or the names it is given; empty for a page."""
    try:
        parts = urlsplit(address)
        words = (parts.path, *(value for _, value in parse_qsl(parts.query)), *names)
    except ValueError:
        return ""
    return next((match[1].lower() for word in words if (match := _SUFFIX.search(unquote(word)))), "")


def find_attachments(layout: Layout, body: Element | None, url: str) -> tuple[Attachment, ...]:
    """The attachments of a page in its order, at most `MOST`; `body` is the element that holds its text."""
    found: dict[str, Attachment] = {}
    for element, address, label in _file_links(layout.root):
        if len(found) >= MOST:
            break
        if not (_within(element, body) or _ANNOUNCED.search(label) or _stands_framed(element)):
            continue
        absolute = _absolute(url, address)
        if absolute and absolute not in found:
            found[absolute] = Attachment(absolute, _name(label, absolute))
    return tuple(found.values())


def _file_links(root: Element) -> Iterator[tuple[Element, str, str]]:
    """(element, address, words) of all that leads to a file: links, and frames that show one."""
    for element in root.iter("a", *_VIEWERS):
        tag = str(element.tag)
        address = (element.get(_VIEWERS.get(tag, "href")) or "").strip()
        if not address or len(address) > _LONGEST_ADDRESS:
            continue
        text = raw_text(element) if tag == "a" else ""
        said = (address, text, element.get("title") or "", element.get("download") or "")
        if not any(map(_FILE_NAME.search, said)):
            continue
        labels = [tidy(one) for one in said[1:]]
        suffix = suffix_of(address, *labels)
        if tag != "a" and suffix != "pdf":
            continue
        if suffix:
            label = next((one for one in labels if not _SAYS_NOTHING.fullmatch(one)), "")
            yield element, _viewed(address) if tag != "a" else address, label or labels[0]


def _viewed(address: str) -> str:
    """The file that a viewer is told to show (`viewer.html?file=…`), else the address itself."""
    values = (value for _, value in parse_qsl(urlsplit(address).query))
    return address if _SUFFIX.search(urlsplit(address).path) else next(filter(_SUFFIX.search, values), address)


def _within(element: Element, body: Element | None) -> bool:
    """Whether the element stands in the text; where the text is the whole page that says nothing."""
    if body is None or body.tag in ("body", "html"):
        return False
    return element is body or any(above is body for above in element.iterancestors())


def _stands_framed(element: Element) -> bool:
    """Whether the element stands in a block that is named or begins as a list of attachments."""
    for above, _ in zip((element, *element.iterancestors()), range(_ABOVE + 1), strict=False):
        if above.tag in ("body", "html"):
            return False
        if _FRAMED(above):
            return True
        if above is not element and _ANNOUNCED.search(raw_text(above)[:_NEAR]):
            return len(raw_text(above)) <= _NEAR * 2
    return False


def _absolute(url: str, address: str) -> str:
    """The address as a crawler asks for it, by which the archive has it; empty for what is no web address."""
    try:
        absolute = safe_url_string(urljoin(url, address).partition("#")[0])
        return absolute if urlsplit(absolute).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _name(label: str, address: str) -> str:
    """What the page calls the file, else the name in its address."""
    if label and not _SAYS_NOTHING.fullmatch(label):
        return label[:_LONGEST_NAME]
    parts = urlsplit(address)
    words = [value for _, value in parse_qsl(parts.query)] + [unquote(parts.path.rsplit("/", 1)[-1])]
    return tidy(next((word for word in words if _SUFFIX.search(word)), words[-1]))[:_LONGEST_NAME]
