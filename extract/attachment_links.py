"""Which files a page gives as the attachments of its document.

A page of a portal links many files: apps, forms, guides in its margin. Its attachments are those that stand in its
text, or that are named or framed as 附件.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from w3lib.url import safe_url_string

from extract.layout import Layout
from extract.markup import given_name, named, tidy
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


class _Link(NamedTuple):
    """What may lead to a file: a link, or a frame that shows one. It stands in the element at `parent`."""

    parent: int
    tag: str
    attributes: Mapping[str, str]
    text: str


def find_attachments(layout: Layout, body: int | None, url: str) -> tuple[Attachment, ...]:
    """The attachments of a page in its order, at most `MOST`; `body` is the place of what holds its text."""
    found: dict[str, Attachment] = {}
    for link, address, label in _file_links(layout):
        if len(found) >= MOST:
            break
        if not (_within(layout, link.parent, body) or _ANNOUNCED.search(label) or _stands_framed(layout, link)):
            continue
        absolute = _absolute(url, address)
        if absolute and absolute not in found:
            found[absolute] = Attachment(absolute, _name(label, absolute))
    return tuple(found.values())


def _file_links(layout: Layout) -> Iterator[tuple[_Link, str, str]]:
    """(link, address, words) of all that leads to a file: links, and frames that show one."""
    for link in _links(layout):
        address = link.attributes.get(_VIEWERS.get(link.tag, "href"), "").strip()
        if not address or len(address) > _LONGEST_ADDRESS:
            continue
        said = (address, link.text, link.attributes.get("title", ""), link.attributes.get("download", ""))
        if not any(map(_FILE_NAME.search, said)):
            continue
        labels = [tidy(one) for one in said[1:]]
        suffix = suffix_of(address, *labels)
        if link.tag != "a" and suffix != "pdf":
            continue
        if suffix:
            label = next((one for one in labels if not _SAYS_NOTHING.fullmatch(one)), "")
            yield link, _viewed(address) if link.tag != "a" else address, label or labels[0]


def _links(layout: Layout) -> Iterator[_Link]:
    """The links and the frames of a page, in its order."""
    frames = iter(layout.frames)
    frame = next(frames, None)
    for at, tag in enumerate(layout.tags):
        while frame is not None and frame.place <= at:
            yield _Link(frame.parent, frame.tag, frame.attributes, "")
            frame = next(frames, None)
        if tag == "a":
            yield _Link(layout.parents[at], tag, layout.attributes[at], layout.characters(at))
    while frame is not None:
        yield _Link(frame.parent, frame.tag, frame.attributes, "")
        frame = next(frames, None)


def _viewed(address: str) -> str:
    """The file that a viewer is told to show (`viewer.html?file=…`), else the address itself."""
    values = (value for _, value in parse_qsl(urlsplit(address).query))
    return address if _SUFFIX.search(urlsplit(address).path) else next(filter(_SUFFIX.search, values), address)


def _within(layout: Layout, parent: int, body: int | None) -> bool:
    """Whether something stands in the text; where the text is the whole page that says nothing."""
    return body is not None and layout.tags[body] not in ("body", "html") and layout.holds(body, parent)


def _stands_framed(layout: Layout, link: _Link) -> bool:
    """Whether a link stands in a block that is named or begins as a list of attachments."""
    if _FRAMED(given_name(link.attributes)):
        return True
    at = link.parent
    for _ in range(_ABOVE):
        if at < 0 or layout.tags[at] in ("body", "html"):
            return False
        if _FRAMED(layout.names[at]):
            return True
        words = layout.characters(at)
        if _ANNOUNCED.search(words[:_NEAR]):
            return len(words) <= _NEAR * 2
        at = layout.parents[at]
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
