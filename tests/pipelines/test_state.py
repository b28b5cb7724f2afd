"""A state of an older version is brought up to date: what stands in no archive stays, the rest is made again."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines import stages, state
from tests.pipelines.made_up import AGREEMENT, fetches, region, write_rows, write_warc

_OF_VERSION_1 = ("warc_files", "records", "readings", "import_runs", "imported", "extractions")
_SINCE = {
    "records": ("payload_file", "payload_offset", "answered", "payload_digest", "refers_to_url", "refers_to_at"),
    "readings": ("attachments", "page_characters", "read_with"),
    "extractions": ("since", "until"),
}


def aged(data: Path) -> None:
    """Make the state one that version 1 could have left."""
    with duckdb.connect(data / state.STATE_FILE) as old:
        for table in state.TABLES:
            if table.name not in _OF_VERSION_1:
                old.execute(f"DROP TABLE {table.name}")
        for name, columns in _SINCE.items():
            for column in columns:
                old.execute(f"ALTER TABLE {name} DROP COLUMN {column}")
        old.execute("UPDATE state_version SET version = 1")


def test_a_state_of_version_1_keeps_what_was_imported_and_reads_the_archive_again(tmp_path: Path) -> None:
    here = region(tmp_path / "region")
    row: dict[str, object] = {"id": "1", "text": "\n".join(AGREEMENT), "title": "签约", "date": "2016-01-05"}
    stages.import_documents(tmp_path, here, [write_rows(tmp_path / "rows.jsonl", [row])])
    write_warc(tmp_path / "archive" / "a.warc.gz", fetches())
    stages.index_archive(tmp_path, here)
    articles = stages.read_pages(tmp_path, here, 1).articles
    documents = stages.extract_documents(tmp_path, here, 1).documents
    with duckdb.connect(tmp_path / state.STATE_FILE) as old:
        before = [old.execute(f"SELECT * FROM {name}").fetchall() for name in ("imported", "import_runs")]
    aged(tmp_path)
    with state.opened(tmp_path) as opened:
        assert [opened.execute(f"SELECT * FROM {name}").fetchall() for name in ("imported", "import_runs")] == before
        assert opened.execute("SELECT version FROM state_version").fetchall() == [(state.STATE_VERSION,)]
        tables = {row[0] for row in opened.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert tables == {"state_version", *(table.name for table in state.TABLES)}
    assert stages.index_archive(tmp_path, here).files_read == 1
    assert stages.read_pages(tmp_path, here, 1).articles == articles > 0
    assert stages.extract_documents(tmp_path, here, 1).now == documents > 0


def test_the_database_may_use_as_much_as_before_once_a_long_run_has_ended(tmp_path: Path) -> None:
    with state.opened(tmp_path) as opened:
        limit = "SELECT current_setting('memory_limit')"
        before = opened.execute(limit).fetchall()
        with state.bounded_memory(opened):
            assert opened.execute(limit).fetchall() != before
        assert opened.execute(limit).fetchall() == before
