"""Archives replayed by pywb, the reader that web archives themselves use (`make pywb`)."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from scrapy import Request
from scrapy.http import Response

from crawlers.archive import ArchiveWriter
from tests.crawlers.loopback import ROOT

PYWB = Path(os.environ.get("XIETONG_PYWB") or ROOT / ".venv" / "pywb") / "bin"
URL = "http://a.test/zc/1.html"
PAGE = "<html><body>第一版</body></html>".encode()
CHANGED = "<html><body>第二版</body></html>".encode()

pytestmark = pytest.mark.skipif(
    not (PYWB / "wayback").exists(),
    reason="pywb has an environment of its own, because it needs a redis that Prefect cannot use: run `make pywb`",
)


def write_nights(archive: Path) -> list[str]:
    """A page over six nights: new, the same, not modified, changed, the same, not modified; returns the WARC-Dates."""
    nights = [(200, PAGE), (200, PAGE), (304, b""), (200, CHANGED), (200, CHANGED), (304, b"")]
    known, dates = None, []
    for number, (status, body) in enumerate(nights):
        with ArchiveWriter(archive, f"night-{number}") as writer:
            answer = Response(URL, status, headers={"Content-Type": "text/html; charset=utf-8"}, body=body)
            archived = writer.write(Request(URL), answer, known)
        known = archived.original
        dates.append(archived.date)
        time.sleep(1.1)  # pywb tells captures apart by the second
    return dates


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    folder = tmp_path_factory.mktemp("pywb")
    dates = write_nights(folder / "archive")
    files = sorted(map(str, (folder / "archive").glob("*.warc.gz")))
    for command in (["init", "c"], ["add", "c", *files]):
        subprocess.run([PYWB / "wb-manager", *command], cwd=folder, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{free.getsockname()[1]}/c"
    command = [PYWB / "wayback", "-b", "127.0.0.1", "-p", base.rpartition(":")[2].removesuffix("/c")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            wait_for(server, base, folder / "log")
            yield base, dates
        finally:
            server.terminate()
            server.wait()


def wait_for(server: subprocess.Popen[bytes], base: str, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        with suppress(URLError):
            urlopen(f"{base}/").close()
            return
        time.sleep(0.1)
    raise AssertionError(f"pywb did not start: {log.read_text()[-500:]}")


def test_every_night_is_shown_as_it_was(replay: tuple[str, list[str]]) -> None:
    """An identical answer shows the page it repeats; a 304 is shown as the 304 that it was."""
    base, dates = replay
    shown = []
    for date in dates:
        stamp = re.sub(r"\D", "", date)[:14]
        try:
            with urlopen(f"{base}/{stamp}id_/{URL}") as answer:
                shown.append((answer.status, answer.read()))
        except HTTPError as error:
            shown.append((error.code, error.read()))
    assert shown == [(200, PAGE), (200, PAGE), (304, b""), (200, CHANGED), (200, CHANGED), (304, b"")]
