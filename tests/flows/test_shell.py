"""`xietong sql`: formats, the cookbook, the shell – and nothing that a terminal or a spreadsheet would obey."""

from __future__ import annotations

import csv
import json
import os
import pty
import select
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest

from flows.completion import Names
from flows.terminal import one_line, visible
from tests.warehouse.collection import collection
from warehouse.publishing import publish

XIETONG = [sys.executable, "-c", "from flows.command_line import main; main()"]
HOSTILE = "SELECT '=1+1' AS \"a\", chr(27) || '[2J|<b>' AS b, NULL AS c, ['甲', '乙'] AS d"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shell")
    publish(folder / "warehouse.duckdb", collection())
    return folder


def sql(data: Path, *arguments: str, typed: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*XIETONG, "sql", "--data", str(data), *arguments],
        capture_output=True,
        text=True,
        input=typed,
        check=False,
        timeout=60,
    )


def test_csv_holds_nothing_a_spreadsheet_runs(data: Path) -> None:
    done = sql(data, "--format", "csv", HOSTILE)
    assert list(csv.reader(StringIO(done.stdout))) == [["a", "b", "c", "d"], ["'=1+1", "\x1b[2J|<b>", "", "甲;乙"]]


def test_json_and_json_lines_hold_the_values(data: Path) -> None:
    wanted = {"a": "=1+1", "b": "\x1b[2J|<b>", "c": None, "d": ["甲", "乙"]}
    assert json.loads(sql(data, "--format", "json", HOSTILE).stdout) == [wanted]
    assert json.loads(sql(data, "--json", HOSTILE).stdout) == [wanted]
    lines = sql(data, "--format", "jsonl", f"{HOSTILE} FROM range(2)").stdout.splitlines()
    assert [json.loads(line) for line in lines] == [wanted, wanted]


def test_markdown_keeps_its_columns(data: Path) -> None:
    lines = sql(data, "--format", "markdown", HOSTILE).stdout.splitlines()
    assert lines[:2] == ["| a | b | c | d |", "| --- | --- | --- | --- |"]
    assert lines[2:] == ["| =1+1 | \\\\x1b[2J\\|&lt;b> |  | ['甲', '乙'] |"]


def test_a_table_shows_control_characters_written_out(data: Path) -> None:
    shown = sql(data, HOSTILE).stdout
    assert "\x1b" not in shown
    assert "\\x1b[2J|<b>" in shown


def test_what_a_terminal_would_obey_is_written_out() -> None:
    assert visible("甲\x1b]0;x\x07\u202e乙\u2066") == "甲\\x1b]0;x\\x07\\u202e乙\\u2066"
    assert one_line(" 甲\r\n\t乙\x9b ") == "甲 乙\\x9b"


def test_the_cookbook_is_listed_and_asked(data: Path) -> None:
    listed = json.loads(sql(data, "--cookbook", "--json").stdout)
    assert len(listed) == 20
    assert {"name", "en", "zh", "parameters", "sql"} == set(listed[0])
    asked = sql(data, "--cookbook", "partners-of-a-place", "place=北京市", "--format", "jsonl")
    assert [json.loads(line)["partner"] for line in asked.stdout.splitlines()] == ["廊坊市", "固安县"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--cookbook", "who-cite"), "did you mean: who-cites"),
        (("--cookbook", "who-cites", "words"), "write PARAM=VALUE; who-cites takes words="),
        (("--cookbook", "who-cites", "word=x"), "its parameters: words"),
        (("--json", "--format", "csv", "SELECT 1"), "leave one out"),
        (("SELECT", "1"), "put the query in quotes"),
        (("SELECT * FROM read_text('/etc/hostname')",), "disabled"),
        (("SET enable_external_access = true",), "locked"),
        (("DELETE FROM units",), "read-only"),
    ],
)
def test_an_error_is_one_line(data: Path, arguments: tuple[str, ...], said: str) -> None:
    done = sql(data, *arguments)
    assert done.returncode != 0
    assert len(done.stderr.strip().splitlines()) == 1
    assert said in done.stderr


def test_a_script_of_queries_runs_to_its_end_and_tells_what_failed(data: Path) -> None:
    done = sql(data, typed=".mode csv\nSELECT 1 AS a;\nSELEC;\n.nothing\nSELECT\n2 AS b;\nSELECT 3 AS c")
    assert done.stdout.split() == ["a", "1", "b", "2", "c", "3"]
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["xietong", "xietong"]
    assert done.returncode == 1


def test_names_are_completed() -> None:
    names = Names([("units", "code"), ("units", "city_code"), ("policies", "doc_id")])
    assert names.matching("unit") == ["units"]
    assert names.matching("units.c") == ["units.code", "units.city_code"]
    assert names.matching("sel") == ["SELECT"]
    assert names.matching("nothing.") == []
    assert names.matching("") == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_in_a_terminal_it_completes_and_remembers(data: Path, tmp_path: Path) -> None:
    pytest.importorskip("readline")
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "TERM": "dumb"}
    master, slave = pty.openpty()
    shell = subprocess.Popen(
        [*XIETONG, "sql", "--data", str(data)], stdin=slave, stdout=slave, stderr=slave, env=environment
    )
    os.close(slave)

    def until(words: str) -> str:
        seen, end = "", time.monotonic() + 30
        while words not in seen and time.monotonic() < end:
            if select.select([master], [], [], 0.2)[0]:
                try:
                    seen += os.read(master, 65536).decode(errors="replace")
                except OSError:
                    break
        assert words in seen, seen
        return seen

    until("xietong> ")
    os.write(master, b"SELECT 6 * 7 AS answer FROM portal_hea\t LIMIT 1;\n")
    assert "portal_health" in until("42")
    for _ in range(30):
        os.write(master, b"\x04")
        if shell.poll() is not None:
            break
        time.sleep(0.5)
    os.close(master)
    shell.kill()
    assert shell.wait() == 0
    assert "FROM portal_health" in (tmp_path / "xietong" / "sql_history").read_text(encoding="utf-8")
