"""An edit of the rules re-reads the texts it can affect and gives what reading all texts anew gives, byte for byte."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import duckdb
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from config.loader import ConfigError, Region, load_region
from config.snapshot import rebuilt
from pipelines import extraction, stages, state
from pipelines.affected import affected
from pipelines.carrying import kept_region
from pipelines.extraction import Extracted, drop_outdated, extract_missing
from pipelines.generations import generation, holding
from tests.pipelines import edits
from tests.pipelines.passages import documents, imported

ROOT = Path(__file__).resolve().parents[2]
Rows = list[tuple[object, ...]]
_ANY = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region()


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [row[field] for row in documents() for field in ("text", "title", "publisher") if len(row[field]) > 4]


def filled(folder: Path, region: Region) -> Path:
    """A data folder with the passages, not yet extracted."""
    folder.mkdir(parents=True, exist_ok=True)
    stages.import_documents(folder, region, [imported(folder, documents())])
    return folder


@pytest.fixture(scope="module")
def kept(region: Region, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which every version is made from the one before."""
    data = filled(tmp_path_factory.mktemp("kept"), region)
    stages.extract_documents(data, region, 1)
    return data


@pytest.fixture(scope="module")
def anew(region: Region, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which every version is made of nothing but the texts."""
    return filled(tmp_path_factory.mktemp("anew"), region)


def forget(opened: duckdb.DuckDBPyConnection) -> None:
    opened.execute("DELETE FROM extractions")
    opened.execute("DELETE FROM generations")


def extracted(data: Path, region: Region, workers: int = 1, before: Callable[..., None] | None = None) -> Rows:
    """All extractions of a version, as they are stored."""
    with state.opened(data) as opened:
        if before is not None:
            before(opened)
        extract_missing(opened, data, region, workers, stages.silent)
        return held(opened, region)


def held(opened: duckdb.DuckDBPyConnection, region: Region) -> Rows:
    """All extractions that hold under a region's rules."""
    columns = "extraction_key, policy, pairs, error, payload"
    return opened.execute(f"{holding(generation(opened, region), columns)} ORDER BY ALL").fetchall()


def edited(region: Region, texts: list[str], steps: list[edits.Step], seed: int) -> Region:
    edit = edits.Edit(region, texts, Random(seed))
    for step in steps:
        step(edit)
    try:
        return edit.region()
    except (ConfigError, KeyError, ValueError):
        assume(False)
        raise


def plan(steps: tuple[edits.Step, ...]) -> st.SearchStrategy[list[edits.Step]]:
    return st.lists(st.sampled_from(steps), min_size=1, max_size=3)


@_ANY
@given(plan(edits.VOCABULARY_STEPS), st.integers(0, 2**32))
def test_any_edit_of_the_vocabulary_gives_what_reading_everything_gives(
    region: Region, texts: list[str], kept: Path, anew: Path, steps: list[edits.Step], seed: int
) -> None:
    new = edited(region, texts, steps, seed)
    assert extracted(kept, new) == extracted(anew, new, before=forget)


@_ANY
@given(plan(edits.PLACE_STEPS), st.integers(0, 2**32))
def test_any_edit_of_names_and_units_gives_what_reading_everything_gives(
    region: Region, texts: list[str], kept: Path, anew: Path, steps: list[edits.Step], seed: int
) -> None:
    new = edited(region, texts, steps, seed)
    assert extracted(kept, new) == extracted(anew, new, before=forget)


def with_term(region: Region, group: str, term: str) -> Region:
    keywords = region.sources["keywords.yaml"].replace(f"\n  {group}: [", f"\n  {group}: [{term}, ", 1)
    assert keywords != region.sources["keywords.yaml"]
    return rebuilt({**region.sources, "keywords.yaml": keywords}, region)


def extract(data: Path, region: Region) -> Extracted:
    return stages.extract_documents(data, region, 1)


def test_a_new_term_touches_only_texts_that_hold_it(region: Region, kept: Path) -> None:
    held = sum("果品" in row["text"] for row in documents())
    extracted(kept, region, before=forget)
    done = extract(kept, with_term(region, "moved", "果品"))
    assert 0 < done.now <= held
    assert done.carried == done.documents - done.now


def test_a_term_that_no_text_holds_touches_nothing(region: Region, kept: Path) -> None:
    extracted(kept, region, before=forget)
    assert extract(kept, with_term(region, "moved", "鲲鹏展翅")).now == 0


def test_an_alias_touches_only_texts_that_hold_it(region: Region, tmp_path: Path) -> None:
    data = filled(tmp_path, region)
    before = extract(data, region)
    names = region.sources["names.csv"].rstrip("\n") + "\n果品,alias,130281,,,\n"
    done = extract(data, rebuilt({**region.sources, "names.csv": names}, region))
    assert 0 < done.now <= sum("果品" in row["text"] + row["title"] for row in documents())
    assert done.carried == before.documents - done.now


def test_periods_touch_nothing_and_provinces_everything(region: Region) -> None:
    periods = rebuilt(
        {**region.sources, "periods.csv": region.sources["periods.csv"].replace("京津冀", "首都")}, region
    )
    assert affected(region, periods) == affected(region, region)
    smaller = region.sources["region.yaml"].replace('"110000", ', "")
    assert affected(region, rebuilt({**region.sources, "region.yaml": smaller}, region)).everything


def test_a_version_can_be_rebuilt_from_the_state_and_extracts_the_same(region: Region, kept: Path) -> None:
    new = with_term(region, "moved", "果品")
    rows = extracted(kept, new)
    with state.opened(kept) as opened:
        again = kept_region(opened, new.rules_version)
        forget(opened)
    assert again is not None and again.sources == new.sources
    assert extracted(kept, again) == rows
    assert extracted(kept, region)


def test_processes_and_the_order_of_documents_change_nothing(region: Region, kept: Path, tmp_path: Path) -> None:
    stages.import_documents(tmp_path, region, [imported(tmp_path, documents()[::-1])])
    rows = extracted(kept, region, before=forget)
    assert extracted(tmp_path, region, 2) == rows


def test_a_re_extraction_that_is_killed_goes_on_from_what_it_stored(region: Region, kept: Path, tmp_path: Path) -> None:
    data = filled(tmp_path, region)
    command = [sys.executable, "-m", "tests.pipelines.test_reextraction", str(data)]
    killed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with state.opened(data) as opened:
        row = opened.execute("SELECT count(*) FROM extractions").fetchone()
    assert row is not None
    done = extract(data, region)
    assert 0 < row[0] == done.documents - done.now
    assert extracted(data, region) == extracted(kept, region, before=forget)


@dataclass
class Desk:
    """A researcher at work on some documents: edits, takes edits back, publishes, and is interrupted."""

    data: Path
    texts: list[str]
    versions: list[Region]

    @property
    def region(self) -> Region:
        return self.versions[-1]

    def edit(self, seed: int) -> None:
        chance = Random(seed)
        steps = chance.sample((*edits.VOCABULARY_STEPS, *edits.PLACE_STEPS), 2)
        edit = edits.Edit(self.region, self.texts, chance)
        for step in steps:
            step(edit)
        with suppress(ConfigError, KeyError, ValueError):
            self.versions.append(edit.region())

    def undo(self, seed: int) -> None:
        self.versions.append(self.versions[seed % len(self.versions)])

    def extract(self, seed: int) -> None:
        extracted(self.data, self.region)

    def interrupt(self, seed: int) -> None:
        def stop(stage: str, done: int, total: int) -> None:
            if done > total * (seed % 10) / 10:
                raise KeyboardInterrupt

        with state.opened(self.data) as opened, suppress(KeyboardInterrupt):
            extract_missing(opened, self.data, self.region, 1, stop)

    def publish(self, seed: int) -> None:
        with state.opened(self.data) as opened:
            drop_outdated(opened, self.region)


_ACTIONS = (Desk.edit, Desk.edit, Desk.undo, Desk.extract, Desk.extract, Desk.interrupt, Desk.publish)


@pytest.fixture(scope="module")
def desks(region: Region, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two folders with the same documents in another order, of which the second always reads everything anew."""
    some = documents()[::8]
    folders = tmp_path_factory.mktemp("desk"), tmp_path_factory.mktemp("anew")
    for folder, rows in zip(folders, (some, some[::-1]), strict=True):
        stages.import_documents(folder, region, [imported(folder, rows)])
    return folders


@_ANY
@given(st.lists(st.tuples(st.sampled_from(_ACTIONS), st.integers(0, 2**32)), min_size=2, max_size=10))
def test_any_course_of_work_ends_where_reading_everything_ends(
    region: Region,
    texts: list[str],
    desks: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    actions: list[tuple[Callable[[Desk, int], None], int]],
) -> None:
    monkeypatch.setattr(extraction, "_COMMIT_AFTER", 20)
    monkeypatch.setattr(extraction, "_DOCUMENTS_A_BATCH", 10)
    desk = Desk(desks[0], texts, [region])
    extracted(desk.data, region, before=forget)
    for act, seed in actions:
        act(desk, seed)
    assert extracted(desk.data, desk.region) == extracted(desks[1], desk.region, before=forget)


def test_an_edit_that_is_taken_back_reads_nothing_again(region: Region, desks: tuple[Path, Path]) -> None:
    rows = extracted(desks[0], region, before=forget)
    assert extract(desks[0], with_term(region, "moved", "果品")).now > 0
    back = extract(desks[0], region)
    assert (back.now, back.carried) == (0, back.documents)
    with state.opened(desks[0]) as opened:
        assert held(opened, region) == rows


def test_an_edit_writes_only_what_it_touches(region: Region, desks: tuple[Path, Path]) -> None:
    documents_there = len(extracted(desks[0], region, before=forget))
    done = extract(desks[0], with_term(region, "moved", "果品"))
    with state.opened(desks[0]) as opened:
        assert opened.execute("SELECT count(*) FROM extractions").fetchall() == [(documents_there + done.now,)]
        drop_outdated(opened, with_term(region, "moved", "果品"))
        assert opened.execute("SELECT count(*) FROM extractions").fetchall() == [(documents_there,)]


def test_publishing_under_other_rules_keeps_what_holds_under_them(region: Region, desks: tuple[Path, Path]) -> None:
    rows = extracted(desks[0], region, before=forget)
    extract(desks[0], with_term(region, "moved", "果品"))
    with state.opened(desks[0]) as opened:
        drop_outdated(opened, region)
        assert held(opened, region) == rows
    assert extract(desks[0], region).now == 0


def test_an_edit_that_is_killed_can_be_finished_and_taken_back(region: Region, desks: tuple[Path, Path]) -> None:
    first = extracted(desks[0], region, before=forget)
    term = "合作"
    command = [sys.executable, "-m", "tests.pipelines.test_reextraction", str(desks[0]), term]
    killed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    done = extract(desks[0], region)
    assert done.now == 0
    with state.opened(desks[0]) as opened:
        assert held(opened, region) == first
    new = with_term(region, "moved", term)
    assert extracted(desks[0], new) == extracted(desks[1], new, before=forget)


def _killed(data: str, term: str = "") -> None:
    """Extract, with a new term if one is given, and die in the middle of it."""

    def die(stage: str, done: int, total: int) -> None:
        if done >= total // 2:
            os.kill(os.getpid(), signal.SIGKILL)

    extraction._COMMIT_AFTER = 20 if term else 100
    extraction._DOCUMENTS_A_BATCH = 10 if term else 50
    region = load_region()
    stages.extract_documents(Path(data), with_term(region, "moved", term) if term else region, 1, die)


if __name__ == "__main__":
    _killed(*sys.argv[1:])
