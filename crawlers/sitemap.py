"""Sitemaps as they come over the network: often packed, and then no text to Scrapy."""

from __future__ import annotations

import zlib

from scrapy.http import Response, TextResponse, XmlResponse

from extract.sitemaps import is_sitemap


def unpacked(response: Response, max_bytes: int) -> Response:
    """A packed sitemap (`sitemap.xml.gz`) as the XML it holds, at most `max_bytes` of it; all else as it came."""
    if isinstance(response, TextResponse) or not response.body.startswith(b"\x1f\x8b"):
        return response
    try:
        body = zlib.decompressobj(wbits=31).decompress(response.body, max_bytes)
    except zlib.error:
        return response
    return response.replace(cls=XmlResponse, body=body) if is_sitemap(body) else response
