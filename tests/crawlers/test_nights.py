"""Bad nights: nothing answers, a certificate nobody signed, a full disk, an operator who stops the run."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from config.loader import DEFAULT_REGION
from config.model import Portal
from config.reading import read_rows
from crawlers.target import host_of
from tests.crawlers.loopback import (
    ROOT,
    Reply,
    Routes,
    article_page,
    article_rows,
    list_page,
    run_crawlers,
    serve,
    write_region,
)  # fmt: skip


def slow_routes(count: int) -> Routes:
    def answer(asked: object) -> Reply:
        time.sleep(0.2)
        return Reply(article_page("一份文件"))

    return {"a.test": {"/list.html": Reply(list_page(article_rows("/a/{}.html", 100000, count))), "*": answer}}


def test_when_no_portal_answers_the_run_ends_soon_and_names_each(tmp_path: Path) -> None:
    portals = read_rows(DEFAULT_REGION / "portals.csv", Portal)
    settings = yaml.safe_load((DEFAULT_REGION / "region.yaml").read_text(encoding="utf-8"))
    hosts = {host for portal in portals for host in (host_of(portal.base_url), *portal.other_hosts)}
    # No server listens on this address of the loopback network.
    settings["crawling"] |= {"hosts": dict.fromkeys(sorted(hosts), "127.81.82.83"), "delay_seconds": 0}
    settings["extends"] = str(DEFAULT_REGION)
    (tmp_path / "region").mkdir()
    (tmp_path / "region" / "region.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    started = time.monotonic()
    some = [word for portal in portals[::4] for word in ("--portal", portal.portal_id)]
    run = run_crawlers(tmp_path / "region", tmp_path / "data", *some)
    assert run.code == 0, run.errors
    assert Counter(row["state"] for row in run.portals.values()) == {"refused": len(portals[::4])}
    assert time.monotonic() - started < 60
    assert len(run.errors.splitlines()) == len(portals[::4])


def self_signed(folder: Path, host: str) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = folder / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ) + certificate.public_bytes(serialization.Encoding.PEM)
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def test_a_certificate_that_nobody_signed_is_not_accepted(tmp_path: Path) -> None:
    routes: Routes = {"a.test": {"/list.html": Reply(list_page(article_rows("/a/{}.html", 100000, 4)))}}
    with serve(routes, self_signed(tmp_path, "a.test")) as web:
        bases = {"a": f"https://a.test:{web.port}"}
        region = write_region(tmp_path / "region", web.port, [("a", "generic", ["/list.html"])], bases=bases)
        run = run_crawlers(region, tmp_path / "data")
        assert web.asked == []
    assert (run.portals["a"]["state"], run.portals["a"]["pages"]) == ("tls", 0)


def test_a_run_that_is_stopped_writes_its_log(tmp_path: Path) -> None:
    with serve(slow_routes(100)) as web:
        region = write_region(tmp_path / "region", web.port, [("a", "generic", ["/list.html"])])
        command = [sys.executable, "-m", "crawlers", "--region", str(region), "--data", str(tmp_path / "data")]
        process = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 30
        while len(web.asked) < 6 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    log = json.loads(Path(out.strip()).read_text(encoding="utf-8"))
    assert 1 < log["portals"][0]["pages"] < 50


def test_a_portal_has_only_so_many_minutes(tmp_path: Path) -> None:
    with serve(slow_routes(100)) as web:
        region = write_region(
            tmp_path / "region", web.port, [("a", "generic", ["/list.html"])], portal_minutes=0.03
        )  # fmt: skip
        row = run_crawlers(region, tmp_path / "data").portals["a"]
    assert (row["state"], row["failure_class"]) == ("slow", "portal-timeout")
    assert row["new_pages"] < 50


def test_an_archive_that_cannot_be_written_ends_the_run_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "archive").write_text("a file where the folder should be", encoding="utf-8")
    with serve(slow_routes(20)) as web:
        region = write_region(tmp_path / "region", web.port, [("a", "generic", ["/list.html"])])
        run = run_crawlers(region, tmp_path / "data")
        assert len(web.asked) <= 2
    assert run.code == 2
    assert run.errors.splitlines()[-1].endswith("check the data folder and its free space")
    assert "Traceback" not in run.errors


CLOSING = """
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo
from config.loader import load_region
from crawlers.crawl import Job, _run
from crawlers.past import Past
from crawlers.settings import live_settings
from crawlers.target import portal_target
from crawlers.windows import Window
region = load_region(Path(sys.argv[1]))
now = datetime.now(ZoneInfo(region.settings.timezone))
window = Window((now - timedelta(hours=1)).time(), (now + timedelta(seconds=2.5)).time())
target = replace(portal_target(region, region.portals[0]), window=window)
(outcome,) = _run(region, [Job(target)], live_settings(region.settings.crawling), {"known": frozenset()}, Past())
print(outcome.finished, outcome.state, outcome.new_pages)
"""


def test_a_portal_is_asked_no_longer_than_its_window_is_open(tmp_path: Path) -> None:
    with serve(slow_routes(100)) as web:
        region = write_region(tmp_path / "region", web.port, [("a", "generic", ["/list.html"])])
        done = subprocess.run(
            [sys.executable, "-c", CLOSING, str(region)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        asked = len(web.asked)
    finished, state, new_pages = done.stdout.split()
    assert (finished, state) == ("window", "ok"), done.stderr
    assert 2 <= int(new_pages) <= 15
    assert asked < 20
