"""How fast a crawl is beside a bare Scrapy spider that downloads the same URLs and does nothing with them.

Many hosts on one loopback port, politeness off, one connection a host on both sides. The crawl does all it does at
night: robots.txt, lists read, every answer archived and remembered. The server is a process of its own.
"""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmark_tables import Cell, Measured
from tests.crawlers.loopback import ROOT, article_page, article_rows, list_page, write_region

TITLE = "Crawling on loopback: pages a second beside a bare Scrapy spider that only downloads them"
COLUMNS = ("hosts", "pages", "clock", "ours per second", "bare Scrapy per second", "ratio")
HOSTS, ROWS, LISTS, TURNS = 24, 20, 16, 3
_SHAPE = "/zc/202405/t20240501_{}.html"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one run took: seconds by the clock on the wall and by the processor's."""

    wall: float
    processor: float


def pages() -> dict[str, bytes]:
    """What every host serves: some lists and their articles, 20 kB each as government pages are."""
    served = {}
    for page in range(LISTS):
        script = f'<script>createPageHTML({LISTS}, {page}, "index", "html");</script>'
        path = f"/zc/index_{page}.html" if page else "/zc/"
        served[path] = list_page(article_rows(_SHAPE, page * ROWS, ROWS), script).encode()
    for href, title in article_rows(_SHAPE, 0, ROWS * LISTS):
        served[href] = article_page(title, f"{href}：" + "各有关部门要加强协作，抓好落实。" * 400).encode()
    return served


async def serve(ready: str) -> None:
    """Serve the pages on a free port, whose number is written to the file `ready`."""
    answers = {path: _answer(200, body) for path, body in pages().items()}
    missing = _answer(404, b"")

    class Connection(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            self._transport, self._waiting = transport, b""

        def data_received(self, data: bytes) -> None:
            self._waiting += data
            while b"\r\n\r\n" in self._waiting:
                head, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
                self._transport.write(answers.get(head.split(b" ", 2)[1].decode(), missing))

    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", 0)
    draft = Path(f"{ready}.new")
    draft.write_text(str(server.sockets[0].getsockname()[1]), encoding="utf-8")
    draft.replace(ready)
    await server.serve_forever()


def _answer(status: int, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} So\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def download(port: int, hosts: Sequence[str]) -> int:
    """The bare spider: every page of every host once, nothing else; returns how many came."""
    from scrapy import Request, Spider
    from scrapy.crawler import CrawlerProcess
    from scrapy.http import Response
    from scrapy.resolver import dnscache

    urls = [f"http://{host}:{port}{path}" for path in pages() for host in hosts]
    came = [0]

    class Bare(Spider):
        name = "bare"

        async def start(self):  # type: ignore[no-untyped-def]
            for url in urls:
                yield Request(url, dont_filter=True)

        def parse(self, response: Response) -> None:
            came[0] += 1

    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": 16,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "DOWNLOAD_DELAY": 0,
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(Bare)
    for host in hosts:
        dnscache[host] = "127.0.0.1"
    process.start()
    return came[0]


def run(command: Sequence[str]) -> Turn:
    """Run a program to its end; raises `RuntimeError` with its words when it fails."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} … failed: {done.stderr.strip()[-500:]}")
    used = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    return Turn(wall, used)


def measure(hosts: int = HOSTS, turns: int = TURNS) -> Measured:
    """The table: the best of several turns of each, turn by turn, by both clocks. Above 0.7 is what is wanted."""
    names = [f"h{number:02d}" for number in range(hosts)]
    amount = hosts * len(pages())
    ours: list[Turn] = []
    bare: list[Turn] = []
    with tempfile.TemporaryDirectory(prefix="crawling-") as name:
        folder = Path(name)
        ready = folder / "port"
        server = subprocess.Popen([sys.executable, "-m", "tests.benchmark_crawling", "serve", str(ready)], cwd=ROOT)
        try:
            while not ready.exists():
                if server.poll() is not None:
                    raise RuntimeError("the server of the benchmark could not start")
                time.sleep(0.05)
            port = int(ready.read_text(encoding="utf-8"))
            region = write_region(folder / "region", port, [(one, "trs", ["/zc/"]) for one in names], list_depth=LISTS)
            for turn in range(turns):
                bare.append(
                    run([sys.executable, "-m", "tests.benchmark_crawling", "download", str(port), *names])
                )  # fmt: skip
                data = folder / f"data-{turn}"
                ours.append(
                    run([sys.executable, "-m", "crawlers", "--region", str(region), "--data", str(data)])
                )  # fmt: skip
        finally:
            server.terminate()
            server.wait()
    rows: list[tuple[Cell, ...]] = []
    for clock in ("processor", "wall"):
        mine, theirs = (min(getattr(turn, clock) for turn in these) for these in (ours, bare))
        rows.append((hosts, amount, clock, round(amount / mine), round(amount / theirs), theirs / mine))
    return Measured(TITLE, COLUMNS, tuple(rows), (f"Best of {turns} turns, start of the programs included.",))


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        asyncio.run(serve(sys.argv[2]))
    else:
        wanted = len(sys.argv[3:]) * len(pages())
        sys.exit(0 if download(int(sys.argv[2]), sys.argv[3:]) == wanted else 1)
