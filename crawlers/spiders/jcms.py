"""hanweb JCMS (承德, 衡水 and their counties): rows as `<record>` CDATA, further ones from `dataproxy.jsp`."""

from __future__ import annotations

import json
import re
from typing import ClassVar
from urllib.parse import parse_qsl, urljoin, urlsplit

from scrapy.http import TextResponse

from crawlers.spiders.base import Visit
from crawlers.spiders.family import FamilySpider
from extract.model import Listing

_RECORD = re.compile(r"<record\b")
_PROXY = re.compile(r"[\"'(]([^\"'()<>\s]*dataproxy\.jsp[^\"'()<>\s]*)")
_OBJECT = re.compile(r"(?:params|ajaxParam|data)\s*[:=]\s*(\{[^{}]*\})")
_NUMBER = re.compile(r"\b(perPage|totalRecord)\s*[:=]\s*['\"]?(\d+)")
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)")
_FORM = ("col", "appid", "webid", "path", "columnid", "sourceContentType", "unitid", "webname", "permissiontype")
_GROUPS = 3


class JcmsSpider(FamilySpider):
    """Takes the linked `?uid=&pageNum=` pages where there are such, else asks the proxy by POST for the next records.

    The proxy is asked for three screens at a time, as the sites' own script does. Sites whose proxy address is
    encrypted keep some 45 rows in the page; there it ends.
    """

    dialect: ClassVar[str] = "jcms"

    def next_visits(self, response: TextResponse, listing: Listing) -> tuple[Visit, ...]:
        if "dataproxy.jsp" in response.url:
            return self._next_group(response)
        linked = tuple(visit for visit in super().next_visits(response, listing) if "dataproxy.jsp" not in visit.url)
        written = "pageNum=" in response.text.replace("&amp;", "&")
        return linked if linked and written else self._first_group(response) or linked

    def _first_group(self, response: TextResponse) -> tuple[Visit, ...]:
        text = response.text.replace("&amp;", "&")
        proxy = _PROXY.search(text)
        if proxy is None:
            return ()
        shown = len(_RECORD.findall(text))
        settings = {name: int(value) for name, value in _NUMBER.findall(text)}
        per_page = settings.get("perPage") or max(1, min(shown, 15))
        if shown >= settings.get("totalRecord", shown + 1):
            return ()
        parameters = dict(parse_qsl(urlsplit(proxy[1]).query)) | _declared(text)
        form = tuple((name, parameters[name]) for name in _FORM if name in parameters)
        address = urljoin(response.url, urlsplit(proxy[1]).path)
        return (_group(address, form, shown + 1, per_page),) if form else ()

    def _next_group(self, response: TextResponse) -> tuple[Visit, ...]:
        query = dict(parse_qsl(urlsplit(response.url).query))
        total = _TOTAL.search(response.text)
        shown = len(_RECORD.findall(response.text))
        if not shown or response.request is None or not query.get("endrecord", "").isdigit():
            return ()
        last, per_page = int(query["endrecord"]), int(query.get("perpage") or 15)
        if total is not None and last >= int(total[1]):
            return ()
        form = tuple(parse_qsl(response.request.body.decode("utf-8", "replace")))
        return (_group(response.url.partition("?")[0], form, last + 1, per_page),)


def _group(address: str, form: tuple[tuple[str, str], ...], first: int, per_page: int) -> Visit:
    last = first + _GROUPS * per_page - 1
    return Visit(f"{address}?startrecord={first}&endrecord={last}&perpage={per_page}", form, guess=True)


def _declared(text: str) -> dict[str, str]:
    """The parameters that the page's script would send, from its object literal (with or without quoted names)."""
    for match in _OBJECT.finditer(text):
        if "columnid" not in match[1] and "unitid" not in match[1]:
            continue
        quoted = re.sub(r"([{,]\s*)([A-Za-z_]\w*)\s*:", r'\1"\2":', match[1]).replace("'", '"')
        try:
            return {str(name): str(value) for name, value in json.loads(quoted).items()}
        except ValueError:
            continue
    return {}
