"""Where a link leads: by its `href`, or by the script that some systems put in its place."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin

from extract.markup import Element

_NO_PAGE: Final = ("javascript:", "mailto:", "tel:", "data:", "about:", "#")
_FILES: Final = re.compile(r"\.(?:css|js|ico|png|jpe?g|gif|svg|apk|exe)(?:$|\?)", re.IGNORECASE)
_QUOTED: Final = re.compile(r"[\"']([^\"'\s<>()]{2,400})[\"']")
_ADDRESS: Final = re.compile(
    r"https?://[\w.-]+/|\.{0,2}/[\w./-]+|[\w./%-]+\.(?:s?html?|jhtml|thtml|aspx?|jspx?|do|php)(?:$|\?)"
)


def is_page_link(href: str) -> bool:
    """Whether a link leads to another page at all."""
    plain = href.strip().lower()
    return bool(plain) and not plain.startswith(_NO_PAGE) and not _FILES.search(plain)


def absolute(base: str, href: str) -> str:
    """The absolute form of a link as browsers make it; a link that is no URL at all stays as it is."""
    try:
        return urljoin(base, "".join(href.strip().split("\n")).strip())
    except ValueError:
        return href.strip()


def called_address(script: str) -> str:
    """The address among the words that a script hands over (`open(this,'/a/1.html')`), empty without one."""
    for quoted in _QUOTED.finditer(script):
        if _ADDRESS.match(quoted[1]) and is_page_link(quoted[1]):
            return quoted[1]
    return ""


def link_of(element: Element) -> str:
    """Where an element leads, as it is written; empty for one that leads nowhere.

    Besides `href` the script of a click counts, also on elements that are no `a`: whole rows are made to open so.
    """
    href = element.get("href") or ""
    if element.tag == "a" and is_page_link(href):
        return href
    click = element.get("onclick") or ""
    if click and (address := called_address(click)):
        return address
    return called_address(href) if element.tag == "a" and href.lower().lstrip().startswith("javascript:") else ""
