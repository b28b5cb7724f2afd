"""Kept states: nothing published is lost until it is pruned, any of it can be put back, and numbers only grow."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.states import Row, document, state
from warehouse import states
from warehouse.publishing import publish, rollback
from warehouse.reading import WarehouseError, connect, query


def of(count: int) -> dict[str, list[Row]]:
    return state(*(document(f"d{n}", title=str(count)) for n in range(count)))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """States 1, 2 and 3 of one, two and three documents."""
    path = tmp_path / "warehouse.duckdb"
    for count in (1, 2, 3):
        publish(path, of(count))
    return path


def documents(path: Path) -> object:
    return query(path, "SELECT count(*) FROM documents").rows[0][0]


def numbers(target: Path) -> list[tuple[int, int, bool]]:
    return [(one.number, one.documents, one.published) for one in states.kept(target)]


def test_every_published_state_is_kept_and_readable(target: Path) -> None:
    assert numbers(target) == [(1, 1, False), (2, 2, False), (3, 3, True)]
    for one in states.kept(target):
        assert documents(one.path) == one.documents
        assert (one.rules_version, one.problem) == ("r1", "")
        assert one.published_at is not None
    assert states.kept(target)[-1].path.samefile(target)


def test_the_published_file_says_which_state_it_is(target: Path) -> None:
    ((number, at),) = query(target, "SELECT number, published_at FROM warehouse_state").rows
    assert number == 3
    assert at == states.kept(target)[-1].published_at


def test_rollback_puts_a_state_back_tells_of_it_and_the_next_publication_goes_on(target: Path) -> None:
    with connect(target) as reader:
        rollback(target, states.find(states.kept(target), "1"))
        assert reader.execute("SELECT count(*) FROM documents").fetchall() == [(3,)]
    assert documents(target) == 1
    assert numbers(target) == [(1, 1, True), (2, 2, False), (3, 3, False)]
    told = "SELECT kind, rules_version, started_at IS NOT NULL FROM runs WHERE kind = 'rollback'"
    assert query(target, told).rows == [("rollback", "r1", True)]
    assert query(states.kept(target)[0].path, told).rows == []
    publish(target, of(2))
    assert numbers(target)[-1] == (4, 2, True)
    assert len(query(target, told).rows) == 1
    rollback(target, states.find(states.kept(target), "3"))
    assert documents(target) == 3
    assert len(query(target, told).rows) == 2
    assert [left.name for left in target.parent.iterdir() if ".new" in left.name] == []


def test_rollback_does_not_touch_the_kept_file_nor_leave_a_wal(target: Path) -> None:
    kept = states.kept(target)[0].path
    before = kept.read_bytes()
    rollback(target, states.kept(target)[0])
    publish(target, of(4))
    assert kept.read_bytes() == before
    assert list(target.parent.rglob("*.wal")) == []


@pytest.mark.parametrize("damage", ["cut", "emptied", "broken"])
def test_a_damaged_state_is_named_and_neither_hides_the_others_nor_comes_back(target: Path, damage: str) -> None:
    kept = states.kept(target)[0].path
    if damage == "cut":
        kept.write_bytes(kept.read_bytes()[:5000])
    elif damage == "emptied":
        kept.write_bytes(b"")
    else:
        with duckdb.connect(kept) as connection:
            connection.execute("DELETE FROM documents")
    published = target.read_bytes()
    assert [one.number for one in states.kept(target)] == [1, 2, 3]
    with pytest.raises(WarehouseError) as refused:
        rollback(target, states.kept(target)[0])
    assert "\n" not in str(refused.value)
    assert target.read_bytes() == published


def test_prune_keeps_the_newest_and_always_the_published_one(target: Path) -> None:
    rollback(target, states.kept(target)[0])
    states.prune(target, 2)
    assert numbers(target) == [(1, 1, True), (3, 3, False)]
    states.prune(target, 1)
    assert numbers(target) == [(1, 1, True)]
    publish(target, of(2))
    assert numbers(target) == [(1, 1, False), (2, 2, True)]


def test_numbers_are_never_given_twice_while_a_state_bears_them(target: Path) -> None:
    states.prune(target, 1)
    publish(target, of(4))
    assert numbers(target) == [(3, 3, False), (4, 4, True)]


def test_bytes_are_bounded_but_leave_something_to_go_back_to(target: Path) -> None:
    size = target.stat().st_size
    states.prune(target, 10, size * 2 + size // 2)
    assert [one.number for one in states.kept(target)] == [2, 3]
    states.prune(target, 10, 1)
    assert [one.number for one in states.kept(target)] == [2, 3]


def test_publishing_bounds_the_number_of_states(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    for _ in range(states.KEPT + 2):
        publish(path, of(1))
    assert [one.number for one in states.kept(path)] == list(range(3, states.KEPT + 3))


def test_what_a_killed_run_left_among_the_states_is_removed(target: Path) -> None:
    left = target.parent / "states" / ".0009-r1.duckdb.new"
    left.write_bytes(b"half")
    assert [one.number for one in states.kept(target)] == [1, 2, 3]
    publish(target, of(4))
    assert not left.exists()


def test_a_state_is_kept_again_when_a_run_was_killed_before_it_could_be(target: Path) -> None:
    states.kept(target)[-1].path.unlink()
    publish(target, of(4))
    assert numbers(target) == [(1, 1, False), (2, 2, False), (3, 3, False), (4, 4, True)]


def test_a_copied_data_folder_knows_its_states(target: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    copy = tmp_path_factory.mktemp("copy") / "data"
    shutil.copytree(target.parent, copy)
    assert numbers(copy / target.name) == numbers(target)
    publish(copy / target.name, of(4))
    assert [one.number for one in states.kept(copy / target.name)] == [1, 2, 3, 4]


def test_without_hard_links_a_state_is_copied(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    publish(target, of(4))
    assert numbers(target)[-1] == (4, 4, True)
    assert not states.kept(target)[-1].path.samefile(target)


def test_states_are_found_by_number_version_and_day(target: Path) -> None:
    publish(target, {**of(3), **versioned("abcdef0123456789")})
    found = states.kept(target)
    day = str(found[-1].published_at)[:10]
    assert [states.find(found, wanted).number for wanted in ("2", "02", "abcd", day)] == [2, 2, 4, 4]
    assert states.before(found, states.published(found)).number == 3
    for wanted in ("9", "abc", "ffff", "1999-01-01", "2026-13-01", ""):
        with pytest.raises(WarehouseError, match=r"no kept state; give a number.*Kept: 1 \(r1\)"):
            states.find(found, wanted)
    with pytest.raises(WarehouseError, match="no state before it"):
        states.before(found, found[0])


def versioned(version: str) -> dict[str, list[Row]]:
    """The tables of a state that bear a rules version, under another one."""
    rows = state(document("d0"))
    made = {}
    for table in ("rules", "policies", "pair_evidence", "runs", "warehouse_state"):
        made[table] = [tuple(version if cell == "r1" else cell for cell in row) for row in rows[table]]
    return made
