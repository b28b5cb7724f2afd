"""Which attachments of an article are asked for, and up to which size.

What can be read is worth the crawl's own bound. What is only kept for a reader still to come (DOC, WPS, OFD, archives)
is worth less: letters and forms are small, and what is larger is pictures.
"""

from __future__ import annotations

from collections.abc import Iterator

from extract.attachment_links import READ, may_link_files, suffix_of
from extract.model import Attachment
from extract.page import read_page

MOST = 10
"""Attachments of one article that are asked for."""
UNREAD_BYTES = 2_000_000


def wanted_attachments(raw: bytes, url: str, content_type: str, max_bytes: int) -> Iterator[tuple[Attachment, int]]:
    """The attachments of an article that are asked for, each with the bytes it may have."""
    if not may_link_files(raw):
        return
    for attachment in read_page(raw, url, content_type).attachments[:MOST]:
        read = suffix_of(attachment.url, attachment.name) in READ
        yield attachment, max_bytes if read else min(UNREAD_BYTES, max_bytes)
