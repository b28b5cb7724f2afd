"""`make demo`: one night against the sample portals, checked against the truth written by hand beside them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.sample_portals.comparison import differences
from tests.sample_portals.server import serve, write_region

PREFERRED_PORT = 8614
MARK = ".demo"


def prepare(data: Path) -> None:
    """An empty data folder that is marked as the demo's; a folder with other results in it is left alone."""
    if (data / MARK).exists():
        shutil.rmtree(data)
    elif data.exists() and any(data.iterdir()):
        sys.exit(f"demo: {data} holds results of its own; name another folder with XIETONG_DATA=… make demo")
    data.mkdir(parents=True)
    (data / MARK).touch()


def is_free(port: int) -> bool:
    """Whether a loopback port can be listened on: a fixed one keeps URLs the same from demo to demo."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def main() -> None:
    """Serve, crawl, publish, compare, and say where everything is."""
    data = Path(os.environ.get("XIETONG_DATA", "data"))
    prepare(data)
    begun = time.monotonic()
    with serve(PREFERRED_PORT if is_free(PREFERRED_PORT) else 0) as served:
        region = data / "sample-region"
        write_region(region, served.port)
        print(f"The sample portals are served on 127.0.0.1:{served.port}; the nightly job begins.", flush=True)
        command = [str(Path(sys.executable).with_name("xietong")), "nightly"]
        done = subprocess.run([*command, "--region", str(region), "--data", str(data)], check=False)
    if done.returncode:
        sys.exit(done.returncode)
    wrong = differences(data / "warehouse.duckdb")
    for line in wrong:
        print(f"demo: {line}", file=sys.stderr)
    if wrong:
        sys.exit(f"demo: {len(wrong)} rows differ from the truth in tests/sample_portals/truth")
    took = time.monotonic() - begun
    print(f"Documents, dates, policies, pairs and both matrices equal the hand-written truth ({took:.0f} s).")
    print(f"Next: .venv/bin/xietong sql --data {data} \"FROM city_pairs WHERE grain = 'city13'\"")


if __name__ == "__main__":
    main()
