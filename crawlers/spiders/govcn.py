"""中国政府网: its policy library answers in JSON and its newest lists are static JSON files."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request

from crawlers.spiders.base import Visit
from crawlers.spiders.family import FamilySpider


class GovcnSpider(FamilySpider):
    """The State Council's portal. The base spider reads JSON rows and turns `p=`; here are the headers the library's
    own page sends, without which it may answer with nothing."""

    dialect: ClassVar[str] = "govcn"

    def _request(self, visit: Visit, callback: Any, **kwargs: Any) -> Request:
        request = super()._request(visit, callback, **kwargs)
        parts = urlsplit(visit.url)
        if parts.path.startswith("/search-gov/"):
            request.headers["Accept"] = "application/json, text/plain, */*"
            request.headers["Referer"] = f"{parts.scheme}://{parts.netloc}/zcwjk/policyDocumentLibrary"
        return request
