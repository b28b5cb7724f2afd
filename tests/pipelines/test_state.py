"""A state of an older version is brought up to date with everything that was in it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from config.loader import Region, load_region
from pipelines import stages, state
from pipelines.extraction import extractions
from pipelines.state import CONTEXTS, READINGS
from pipelines.versions import code_version
from tests.pipelines.made_up import AGREEMENT, write_rows

_OF_VERSION_1 = ("warc_files", "records", "readings", "import_runs", "imported")
_EXTRACTIONS = """CREATE TABLE extractions (extraction_key VARCHAR, rules_version VARCHAR, code_version VARCHAR,
    policy BOOLEAN, pairs INTEGER, error VARCHAR, payload VARCHAR)"""


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region()


def filled(folder: Path, region: Region) -> Path:
    row: dict[str, object] = {"id": "1", "text": "\n".join(AGREEMENT), "title": "签约", "date": "2016-01-05"}
    stages.import_documents(folder, region, [write_rows(folder / "rows.jsonl", [row])])
    return folder


def aged(data: Path, version: int) -> duckdb.DuckDBPyConnection:
    """The state as that version made it, without extractions."""
    old = duckdb.connect(data / state.STATE_FILE)
    old.execute("DROP TABLE generations; DROP TABLE extractions")
    old.execute(_EXTRACTIONS)
    if version == 1:
        for table in state.TABLES:
            if table.name not in (*_OF_VERSION_1, "generations", "extractions"):
                old.execute(f"DROP TABLE {table.name}")
    else:
        old.execute("CREATE TABLE reaches (extraction_key VARCHAR, reach_version VARCHAR, read VARCHAR)")
    old.execute("UPDATE state_version SET version = ?", [version])
    return old


@pytest.mark.parametrize("version", [1, 2])
def test_a_state_of_an_older_version_keeps_its_texts_and_goes_on(region: Region, tmp_path: Path, version: int) -> None:
    data = filled(tmp_path, region)
    with aged(data, version) as old:
        before = old.execute("SELECT * FROM imported").fetchall()
    with state.opened(data) as opened:
        assert opened.execute("SELECT * FROM imported").fetchall() == before
        assert opened.execute("SELECT version FROM state_version").fetchall() == [(state.STATE_VERSION,)]
        tables = {row[0] for row in opened.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert tables == {"state_version", *(table.name for table in state.TABLES)} >= {CONTEXTS.name, READINGS.name}
    assert stages.extract_documents(data, region, 1).now == 1
    assert stages.extract_documents(data, region, 1).now == 0


@pytest.mark.parametrize("version", [1, 2])
def test_what_an_older_version_extracted_holds_under_its_rules_alone(
    region: Region, tmp_path: Path, version: int
) -> None:
    with aged(filled(tmp_path, region), version) as old:
        for rules, payload in (("before", "old"), (region.rules_version, "known"), ("after", "new")):
            row = ["key", rules, code_version(), True, 1, None, payload]
            old.execute("INSERT INTO extractions VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    with state.opened(tmp_path) as opened:
        assert extractions(opened, region) == {"key": ("known", None)}
        assert opened.execute("SELECT payload, until IS NULL FROM extractions ORDER BY since").fetchall() == [
            ("old", False), ("known", False), ("new", True),
        ]  # fmt: skip
    assert stages.extract_documents(tmp_path, region, 1).now == 1


def test_the_database_may_use_as_much_as_before_once_a_long_run_has_ended(tmp_path: Path) -> None:
    with state.opened(tmp_path) as opened:
        limit = "SELECT current_setting('memory_limit')"
        before = opened.execute(limit).fetchall()
        with state.bounded_memory(opened):
            assert opened.execute(limit).fetchall() != before
        assert opened.execute(limit).fetchall() == before
