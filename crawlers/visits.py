"""A list page to ask for, and how a crawl names the pages it has asked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from crawlers.canonical import address_of


@dataclass(frozen=True)
class Visit:
    """A list page to ask for. `form` is sent as a POST; a `guess` follows the family's custom rather than a link, so
    that its absence is no error."""

    url: str
    form: tuple[tuple[str, str], ...] = ()
    guess: bool = False

    @property
    def key(self) -> str:
        """What tells this list page from every other: its address, and a digest of the form where there is one."""
        address = address_of(self.url)
        return f"{address} {short_digest(repr(self.form))}" if self.form else address


def short_digest(text: str) -> str:
    """Sixteen characters that stand for a text where only sameness matters."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
