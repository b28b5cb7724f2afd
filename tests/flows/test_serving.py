"""`xietong serve` against a real Prefect API: the schedule becomes runs, and a deployment runs on demand."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import duckdb
import httpx
import pytest

XIETONG = [sys.executable, "-c", "from flows.command_line import main; main()"]
Found = TypeVar("Found")


def wait_for(look: Callable[[], Found | None], seconds: float, what: str) -> Found:
    """What `look` finds, asked again until it finds something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (found := look()) is not None:
            return found
        time.sleep(0.5)
    raise AssertionError(f"{what} did not happen within {seconds} s")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = tmp_path / "documents.jsonl"
    text = "我市与天津市武清区签署产业合作框架协议。"
    row = {"id": "1", "publisher": "廊坊市人民政府", "title": "签约", "date": "2016-03-01", "text": text}
    rows.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    folder = tmp_path / "data"
    subprocess.run([*XIETONG, "import", str(rows), "--data", str(folder)], check=True, timeout=120)
    return folder


@pytest.fixture
def api(data: Path, tmp_path: Path) -> Iterator[httpx.Client]:
    said = tmp_path / "serve.log"
    with said.open("w", encoding="utf-8") as log:
        serving = subprocess.Popen(
            [*XIETONG, "serve", "--hour", "3", "--data", str(data)],
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, "COLUMNS": "200"},
        )
    try:

        def address() -> str | None:
            assert serving.poll() is None, said.read_text(encoding="utf-8")
            found = re.search(r"http://127\.0\.0\.1:\d+", said.read_text(encoding="utf-8"))
            return found.group() if found else None

        with httpx.Client(base_url=f"{wait_for(address, 90, 'serving')}/api", timeout=30) as client:
            yield client
    finally:
        os.killpg(serving.pid, signal.SIGKILL)
        serving.wait()


def test_nights_are_scheduled_in_chinese_time_and_a_reextraction_runs_on_demand(api: httpx.Client, data: Path) -> None:
    def scheduled() -> list[dict[str, str]] | None:
        asked = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}, "flows": {"name": {"any_": ["nightly"]}}}
        return api.post("/flow_runs/filter", json=asked).json() or None

    nights = wait_for(scheduled, 60, "scheduling")
    # 03:00 in Shanghai is 19:00 UTC, all year round.
    assert {night["expected_start_time"][11:16] for night in nights} == {"19:00"}

    deployment = api.get("/deployments/name/reextract/reextract").json()["id"]
    run = api.post(f"/deployments/{deployment}/create_flow_run", json={}).json()["id"]

    def ended() -> str | None:
        state = str(api.get(f"/flow_runs/{run}").json()["state_type"])
        return state if state in ("COMPLETED", "FAILED", "CRASHED") else None

    assert wait_for(ended, 120, "the run") == "COMPLETED"
    with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT unit_a, unit_b FROM city_pairs WHERE grain = 'named'").fetchall() == [
            ("120114", "131000")
        ]
