"""The whole way: a real crawl of the sample portals over sockets, a real Prefect run, a published DuckDB file.

The truth beside the sample portals was written by hand; the job must publish exactly that, again after being killed,
and without ever disturbing a reader.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.sample_portals.comparison import differences
from tests.sample_portals.server import serve, write_region

XIETONG = [sys.executable, "-c", "from flows.command_line import main; main()"]
CLOCKED = {"runs.csv", "captures.csv", "portal_health.csv"}
"""Exports that tell when a live crawl fetched; everything else is the same for the same pages."""


@dataclass(frozen=True)
class Night:
    """A served sample web, its region folder, and the data folder of a finished night."""

    region: Path
    data: Path
    said: str


def xietong(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*XIETONG, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
        env={**os.environ, **environment},
    )


def exports(data: Path, folder: Path) -> dict[str, bytes]:
    done = xietong("export", "--data", data, "--to", folder)
    assert done.returncode == 0, done.stderr
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


def results(data: Path, folder: Path) -> dict[str, bytes]:
    return {name: content for name, content in exports(data, folder).items() if name not in CLOCKED}


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with serve() as web:
        yield write_region(tmp_path_factory.mktemp("region"), web.port)


@pytest.fixture(scope="module")
def night(region: Path, tmp_path_factory: pytest.TempPathFactory) -> Night:
    data = tmp_path_factory.mktemp("night")
    done = xietong("nightly", "--region", region, "--data", data)
    assert done.returncode == 0, done.stderr
    return Night(region, data, done.stdout)


def test_a_night_publishes_exactly_the_hand_written_truth(night: Night) -> None:
    assert differences(night.data / "warehouse.duckdb") == []


def test_a_night_ends_with_its_counts_and_where_the_results_are(night: Night) -> None:
    assert "14 portals" in night.said
    assert str(night.data / "warehouse.duckdb") in night.said
    assert (night.data / "report" / "index.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_every_quotation_stands_in_its_document(night: Night) -> None:
    with duckdb.connect(str(night.data / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            'SELECT quote, "start", "end", text FROM pair_evidence JOIN documents USING (doc_id)'
        ).fetchall()
    assert rows
    assert all(text[start:end] == quote for quote, start, end, text in rows)


def test_a_second_night_finds_nothing_new_and_publishes_the_same(night: Night, tmp_path: Path) -> None:
    before = results(night.data, tmp_path / "before")
    done = xietong("nightly", "--region", night.region, "--data", night.data)
    assert done.returncode == 0, done.stderr
    after = results(night.data, tmp_path / "after")
    # A list that is fetched again is seen again: only that may move in the documents.
    assert {name for name in before if before[name] != after[name]} <= {"documents.csv"}
    assert differences(night.data / "warehouse.duckdb") == []


def test_a_replayed_archive_gives_the_same_exports_in_every_process_and_order(night: Night, tmp_path: Path) -> None:
    made = []
    for name, seed, zone, workers in (("one", "1", "Asia/Shanghai", "1"), ("two", "2", "America/New_York", "2")):
        archives = sorted((night.data / "archive").glob("*.warc.gz"), reverse=name == "two")
        data = tmp_path / name
        done = xietong(
            *("nightly", "--region", night.region, "--data", data, "--workers", workers),
            *(argument for path in archives for argument in ("--replay", path)),
            PYTHONHASHSEED=seed,
            TZ=zone,
        )
        assert done.returncode == 0, done.stderr
        assert differences(data / "warehouse.duckdb") == []
        made.append(exports(data, tmp_path / f"{name}-exports"))
    assert made[0].keys() == made[1].keys()
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []


READER = """
import sys, time, duckdb
path, seen = sys.argv[1], 0
print("reading", flush=True)
while True:
    with duckdb.connect(path, read_only=True) as connection:
        cells, state = connection.execute(
            "SELECT (SELECT count(*) FROM matrix_city) + (SELECT count(*) FROM matrix_county),"
            " (SELECT count(DISTINCT rules_version) FROM policies)"
        ).fetchone()
    assert cells == (13 + 202) * 5, cells
    assert state == 1, state
    seen += 1
    print(seen, flush=True)
"""


def test_a_reader_is_never_disturbed_by_a_night(night: Night) -> None:
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(night.data / "warehouse.duckdb")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        for _ in range(2):
            done = xietong("reextract", "--region", night.region, "--data", night.data)
            assert done.returncode == 0, done.stderr
        assert reader.poll() is None, reader.stderr.read() if reader.stderr else ""
    finally:
        reader.kill()
        reads, errors = reader.communicate()
    assert errors == ""
    assert int(reads.split()[-1]) > 10


@pytest.mark.parametrize("signs", [("new,",), ("pages:",), ("extract:", "extract:")])
def test_a_night_killed_anywhere_and_run_again_publishes_the_same(
    region: Path, tmp_path: Path, signs: tuple[str, ...]
) -> None:
    data = tmp_path / "data"
    command = [*XIETONG, "nightly", "--region", str(region), "--data", str(data)]
    running = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert running.stderr is not None
    waiting = list(signs)
    for line in running.stderr:
        if waiting and waiting[0] in line:
            waiting.pop(0)
        if not waiting:
            break
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    running.stderr.close()
    assert not waiting, "the night ended before it could be killed"
    assert not (data / "warehouse.duckdb").exists()
    done = xietong("nightly", "--region", region, "--data", data)
    assert done.returncode == 0, done.stderr
    assert differences(data / "warehouse.duckdb") == []


def test_an_unreachable_region_publishes_nothing_and_keeps_the_last_warehouse(night: Night, tmp_path: Path) -> None:
    dead = write_region(tmp_path / "dead", 9)
    before = (night.data / "warehouse.duckdb").read_bytes()
    begun = time.monotonic()
    done = xietong("nightly", "--region", dead, "--data", night.data)
    assert time.monotonic() - begun < 120
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("xietong: none of 14 portals gave a page")
    assert (night.data / "warehouse.duckdb").read_bytes() == before


def test_archives_that_hold_nothing_are_named_and_publish_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.warc.gz").write_bytes(b"")
    (tmp_path / "letter.warc.gz").write_bytes("这不是存档\n".encode())
    data = tmp_path / "data"
    done = xietong(
        *("nightly", "--data", data, "--any-host"),
        *("--replay", tmp_path / "empty.warc.gz", "--replay", tmp_path / "letter.warc.gz"),
    )
    assert done.returncode == 1
    said = done.stderr.strip().splitlines()
    assert [line for line in said if "empty.warc.gz" in line and "the file is empty" in line]
    assert [line for line in said if "letter.warc.gz" in line and "not a readable WARC file" in line]
    assert said[-1].startswith("xietong: none of 2 archives gave a page; nothing is published")
    assert not (data / "warehouse.duckdb").exists()


def test_two_writers_of_one_folder_are_kept_apart(night: Night) -> None:
    from flows.exclusive import exclusive

    with exclusive(night.data):
        done = xietong("reextract", "--region", night.region, "--data", night.data)
    assert done.returncode == 1
    assert f"process {os.getpid()} is working on this folder" in done.stderr


def test_explain_names_rule_and_words_of_a_published_pair(night: Night) -> None:
    with duckdb.connect(str(night.data / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "SELECT doc_id, unit_a, unit_b, quote FROM pair_evidence ORDER BY ALL LIMIT 1"
        ).fetchone()
    assert found
    doc_id, unit_a, unit_b, quote = found
    done = xietong("explain", doc_id, "--region", night.region, "--data", night.data, "--json")
    assert done.returncode == 0, done.stderr
    pairs = json.loads(done.stdout)["pairs"]
    assert (unit_a, unit_b, quote) in {(pair["a"], pair["b"], pair["evidence"]["text"]) for pair in pairs}
    shown = xietong("explain", doc_id, "--region", night.region, "--data", night.data)
    assert shown.returncode == 0
    assert "collaboration policy" in shown.stdout
