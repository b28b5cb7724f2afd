"""A server that does not know secure renegotiation (RFC 5746), as old boxes before government portals do not.

No TLS library plays such a server any more, so the first words of its handshake are written by hand.
"""

from __future__ import annotations

import contextlib
import csv
import os
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.crawlers.loopback import run_crawlers, write_region

ALERT = 0x15


def server_hello() -> bytes:
    """TLS 1.2 with ECDHE-RSA-AES128-GCM-SHA256 and not a single extension, so without `renegotiation_info`."""
    body = b"\x03\x03" + os.urandom(32) + b"\x00" + b"\xc0\x2f" + b"\x00"
    message = b"\x02" + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x03" + len(message).to_bytes(2, "big") + message


@contextmanager
def old_box() -> Iterator[tuple[int, list[bytes]]]:
    """A port that greets so and hangs up, and what it is answered to its greeting."""
    answers: list[bytes] = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.request.sendall(server_hello())
            self.request.settimeout(0.5)
            with contextlib.suppress(OSError):
                answers.append(self.request.recv(100))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server.server_address[1], answers
        finally:
            server.shutdown()


def test_only_a_row_that_says_so_goes_on_with_a_server_without_secure_renegotiation(tmp_path: Path) -> None:
    with old_box() as (strict, refusals), old_box() as (legacy, answers):
        bases = {"strict": f"https://strict.test:{strict}", "legacy": f"https://legacy.test:{legacy}"}
        names = [(name, "generic", ["/list.html"]) for name in bases]
        region = write_region(tmp_path / "region", 9, names, bases=bases, page_seconds=3)
        table = region / "portals.csv"
        rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
        with table.open("w", encoding="utf-8", newline="") as file:
            written = csv.DictWriter(file, [*rows[0], "legacy_tls"])
            written.writeheader()
            written.writerows(row | {"legacy_tls": "yes" if row["portal_id"] == "legacy" else ""} for row in rows)
        run = run_crawlers(region, tmp_path / "data")
    row = run.portals["strict"]
    assert row["state"] == "tls"
    assert "unsafe legacy renegotiation disabled" in row["message"]
    assert [answer[0] for answer in refusals] == [ALERT]
    # The other waited for the certificate that never came.
    assert [answer for answer in answers if answer[:1] == bytes([ALERT])] == []
    assert "renegotiation" not in run.portals["legacy"]["message"]
    assert run.portals["legacy"]["legacy_tls"]
