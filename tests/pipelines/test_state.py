"""A state of an older version is brought up to date with everything that was in it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from config.loader import load_region
from pipelines import stages, state
from tests.pipelines.made_up import AGREEMENT, write_rows

_OF_VERSION_1 = ("warc_files", "records", "readings", "import_runs", "imported", "extractions")


def test_a_state_of_version_1_keeps_its_texts_and_goes_on(tmp_path: Path) -> None:
    region = load_region()
    row: dict[str, object] = {"id": "1", "text": "\n".join(AGREEMENT), "title": "签约", "date": "2016-01-05"}
    stages.import_documents(tmp_path, region, [write_rows(tmp_path / "rows.jsonl", [row])])
    with duckdb.connect(tmp_path / state.STATE_FILE) as old:
        for table in state.TABLES:
            if table.name not in _OF_VERSION_1:
                old.execute(f"DROP TABLE {table.name}")
        old.execute("UPDATE state_version SET version = 1")
        before = old.execute("SELECT * FROM imported").fetchall()
    with state.opened(tmp_path) as opened:
        assert opened.execute("SELECT * FROM imported").fetchall() == before
        assert opened.execute("SELECT version FROM state_version").fetchall() == [(state.STATE_VERSION,)]
    assert stages.extract_documents(tmp_path, region, 1).now == 1
    assert stages.extract_documents(tmp_path, region, 1).now == 0


def test_the_database_may_use_as_much_as_before_once_a_long_run_has_ended(tmp_path: Path) -> None:
    with state.opened(tmp_path) as opened:
        limit = "SELECT current_setting('memory_limit')"
        before = opened.execute(limit).fetchall()
        with state.bounded_memory(opened):
            assert opened.execute(limit).fetchall() != before
        assert opened.execute(limit).fetchall() == before
