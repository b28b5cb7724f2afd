"""One page of a site that no row lists yet, asked for as politely as any other, or taken from a recording.

`python -m crawlers.probe URL --data FOLDER` crawls just that page into `FOLDER/archive` and prints the path of its log.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response
from w3lib.url import canonicalize_url
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]

from config.loader import load_region
from config.model import Column, Portal
from crawlers import spiders
from crawlers.crawl import crawl
from crawlers.spiders.family import FamilySpider
from crawlers.target import host_of

PROBE = "probe"


class ProbeSpider(FamilySpider):
    """Asks for the entry page and follows nothing."""

    dialect: ClassVar[str] = PROBE

    def read_list(self, response: Response, *args: Any, **kwargs: Any) -> Iterator[Request]:
        self.outcome.pages += 1
        self.outcome.new_pages += 1
        yield from ()


@dataclass(frozen=True, slots=True)
class RecordedPage:
    """A page as a WARC file holds it, its body unpacked."""

    url: str
    body: bytes
    content_type: str


def recorded_page(path: Path, url: str) -> RecordedPage | None:
    """The last good answer to `url` in a WARC file; where there is none, the first page of its host."""
    wanted, host = canonicalize_url(url), host_of(url)
    nearest: RecordedPage | None = None
    exact: RecordedPage | None = None
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type != "response" or record.http_headers is None:
                    continue
                address = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
                media = record.http_headers.get_header("Content-Type") or ""
                good = record.http_headers.get_statuscode() == "200" and not address.endswith("/robots.txt")
                if not good or host_of(address) != host:
                    continue
                if canonicalize_url(address) == wanted:
                    exact = RecordedPage(address, record.content_stream().read(), media)
                elif nearest is None:
                    nearest = RecordedPage(address, record.content_stream().read(), media)
    except (ArchiveLoadFailed, EOFError, OSError, ValueError):
        return exact or nearest
    return exact or nearest


def probe(url: str, data: Path, region_folder: Path | None) -> Path:
    """Ask for one page; robots.txt, pace, size and the guards against private addresses hold as for any portal."""
    region = load_region(region_folder)
    host = host_of(url)
    portal = Portal(
        portal_id=PROBE, unit_code="", name=host, level="county", base_url=url, other_hosts=(), dialect=PROBE,
        confidence="low", note="",
    )  # fmt: skip
    column = Column(portal_id=PROBE, kind="news", name="", url=url, paging="", era="", confidence="low")
    spiders.FAMILIES[PROBE] = ProbeSpider
    return crawl(replace(region, portals=(portal,), columns=(column,)), data, (), frozenset())


def main(arguments: list[str] | None = None) -> int:
    """Exit 0 when the page was asked for, whatever came of it: the log tells."""
    parser = argparse.ArgumentParser(prog="python -m crawlers.probe", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--region", type=Path)
    options = parser.parse_args(arguments)
    print(probe(options.url, options.data, options.region))
    return 0


if __name__ == "__main__":
    sys.exit(main())
