"""Eight processes that query while states are published: the short form of `make bench`'s table of readers."""

from __future__ import annotations

from tests.benchmark_readers import READERS, readers_during_publications


def test_readers_meet_neither_errors_nor_mixed_states_nor_long_waits() -> None:
    met = readers_during_publications(READERS, publications=4, documents=200, idle_seconds=3)
    assert met.errors == ()
    assert met.mixed == 0
    assert min(len(met.idle), len(met.busy)) >= READERS
    assert met.ratio(0.5) < 10
