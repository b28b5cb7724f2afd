"""Compressed answers, unpacked only as far as a page could be."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response

from crawlers.outcome import Left

RATIO = 100
"""How many times its size an answer may unpack to; a page of nothing but rows of one table comes to about 40."""
SMALL_BYTES = 1_000_000
"""What any answer may unpack to, whatever its ratio."""
_LAYERS = 2


class CompressionMiddleware(HttpCompressionMiddleware):
    """Scrapy's, with a bound on the ratio and on the layers besides the one on the size: a bomb below the size limit
    still costs its whole size in memory and time, for every request that it answers."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Unpack an answer; raises `Left("oversize")` for a bomb."""
        encodings = b",".join(response.headers.getlist("Content-Encoding")).split(b",")
        if len(encodings) > _LAYERS:
            raise Left("oversize", f"{response.url}: packed {len(encodings)} times over")
        if not any(encodings):
            return response
        bound = max(SMALL_BYTES, RATIO * len(response.body))
        if bound >= self._max_size:
            return super().process_response(request, response)
        kept = dict(request.meta)
        request.meta["download_maxsize"] = bound
        try:
            return super().process_response(request, response)
        finally:
            request.meta.clear()
            request.meta.update(kept)
