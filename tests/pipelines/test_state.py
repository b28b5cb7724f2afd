"""A state of an older version is brought up to date with everything that was in it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from config.loader import load_region
from pipelines import stages, state
from tests.pipelines.made_up import AGREEMENT, fetches, write_rows, write_warc
from tests.pipelines.made_up import region as made_up_region

_SINCE_VERSION_3 = {
    "records": ("payload_file", "payload_offset", "answered", "payload_digest", "refers_to_url", "refers_to_at"),
    "readings": ("attachments", "page_characters", "read_with"),
}
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


def test_a_state_of_version_2_knows_its_pages_until_they_are_indexed_and_read_again(tmp_path: Path) -> None:
    region = made_up_region(tmp_path / "region")
    write_warc(tmp_path / "archive" / "a.warc.gz", fetches())
    stages.index_archive(tmp_path, region)
    stages.read_pages(tmp_path, region, 1)
    known = list(stages.known_urls(tmp_path))
    with duckdb.connect(tmp_path / state.STATE_FILE) as old:
        old.execute("DROP TABLE attachments")
        for table, columns in _SINCE_VERSION_3.items():
            for column in columns:
                old.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        old.execute("UPDATE state_version SET version = 2")
    assert list(stages.known_urls(tmp_path)) == known != []
    assert stages.index_archive(tmp_path, region).files_read == 1
    with state.opened(tmp_path) as opened:
        assert opened.execute("SELECT count(*) FROM records WHERE payload_digest = ''").fetchall() == [(0,)]
    assert stages.read_pages(tmp_path, region, 1).articles == 4


def test_the_database_may_use_as_much_as_before_once_a_long_run_has_ended(tmp_path: Path) -> None:
    with state.opened(tmp_path) as opened:
        limit = "SELECT current_setting('memory_limit')"
        before = opened.execute(limit).fetchall()
        with state.bounded_memory(opened):
            assert opened.execute(limit).fetchall() != before
        assert opened.execute(limit).fetchall() == before
