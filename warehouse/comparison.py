"""Two states side by side: what appeared and what vanished, each with its words and what is responsible.

One comparison serves a preview (the published state against a candidate) and a look back (any two kept states).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import duckdb

from warehouse.causes import Cause, Said, Sheet, Versions, causes
from warehouse.migrations import readable
from warehouse.reading import WarehouseError
from warehouse.rule_changes import RuleChanges, rule_changes
from warehouse.schema import TABLES
from warehouse.tables import literal

Side = Literal["before", "after"]
SIDES: tuple[Side, Side] = ("before", "after")
STATEMENTS_SHOWN = 5
_STATEMENTS_ELSEWHERE = 200
_DOCUMENTS_A_CELL = 5
_CITIES = "SELECT DISTINCT unit_code, name FROM after.matrix_city ORDER BY unit_code, name"


@dataclass(frozen=True, slots=True)
class Compared:
    """A state as it is compared, with its counts (cells are those that are 1); all empty where there is none yet."""

    number: int | None
    rules_version: str
    code_version: str
    published_at: datetime | None
    documents: int
    policies: int
    statements: int
    pairs: int
    cells_city: int
    cells_county: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One row of evidence; `changed` is whether only one of the states has it, and then why."""

    evidence_id: str
    doc_id: str
    title: str
    url: str
    day: str
    unit_a: str
    unit_b: str
    name_a: str
    name_b: str
    types: tuple[str, ...]
    status: str
    year: int | None
    quote: str
    rule: str
    changed: bool
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Tagged:
    """A document that came to be, or is no longer, a collaboration policy; `matched` are (rule, words)."""

    doc_id: str
    title: str
    url: str
    day: str
    industrial: bool
    level: str
    matched: tuple[tuple[str, str], ...]
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class PairChange:
    """A pair that appeared or vanished, with the first of its statements in the state that has it."""

    grain: str
    unit_a: str
    unit_b: str
    name_a: str
    name_b: str
    first_year: int | None
    last_year: int | None
    documents: int
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class CellDocument:
    """A document that makes a cell, and why it does in one state only."""

    doc_id: str
    title: str
    url: str
    day: str
    causes: tuple[Cause, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell of `matrix` (city or county) that turned 1, or 0, with the first of its documents."""

    matrix: str
    unit_code: str
    name: str
    period: str
    documents: int
    made_by: tuple[CellDocument, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What is in one of the two states only. `statements` counts evidence rows; `elsewhere` are the first of those that
    no pair here shows, because their pair is in both states."""

    documents: int
    statements: int
    elsewhere: tuple[Statement, ...]
    policies: tuple[Tagged, ...]
    pairs: tuple[PairChange, ...]
    cells: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two states and all that appeared in the second or vanished from it.

    A `preview` compares with a state that is not published; `refused` are the gates that would stop it.
    """

    before: Compared
    after: Compared
    rules: RuleChanges
    appeared: Changes
    vanished: Changes
    cities: tuple[tuple[str, str], ...]
    preview: bool = False
    refused: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether the results are the same in both."""
        both = (self.appeared, self.vanished)
        return not any(one.documents or one.statements or one.policies or one.pairs or one.cells for one in both)


@dataclass(frozen=True, slots=True)
class PairStory:
    """One pair in both states: how it stands at each grain, and its statements."""

    unit_a: str
    unit_b: str
    name_a: str
    name_b: str
    before: Compared
    after: Compared
    grains: tuple[tuple[str, int, int], ...]
    appeared: tuple[Statement, ...]
    vanished: tuple[Statement, ...]
    stayed: tuple[Statement, ...]


def difference(before: Path | None, after: Path) -> Difference:
    """What changed from one state to the other; without a `before`, everything appeared."""
    with _compared(before, after) as comparison:
        return comparison.difference()


def pair_story(before: Path | None, after: Path, a: str, b: str) -> PairStory:
    """Why a pair, given by codes or names of its units, appeared or vanished. Raises `WarehouseError` for a unit that
    neither state knows."""
    with _compared(before, after) as comparison:
        return comparison.pair(a, b)


@contextmanager
def _compared(before: Path | None, after: Path) -> Iterator[_Comparison]:
    with (
        readable(before) if before is not None else nullcontext() as old,
        readable(after) as new,
        duckdb.connect(":memory:") as connection,
    ):
        try:
            if old is None:
                connection.execute("ATTACH ':memory:' AS before")
                for table in TABLES:
                    connection.execute(table.ddl().replace("CREATE TABLE ", "CREATE TABLE before.", 1))
            else:
                connection.execute(f"ATTACH {literal(str(old))} AS before (READ_ONLY)")
            connection.execute(f"ATTACH {literal(str(new))} AS after (READ_ONLY)")
            yield _Comparison(connection)
        except duckdb.Error as error:
            told = " ".join(str(error).split())[:200]
            raise WarehouseError(f"the states cannot be compared ({told}); is one of them damaged?") from None


@dataclass(frozen=True, slots=True)
class _Tag:
    industrial: bool
    said: tuple[Said, ...]


def _said(matched: Iterable[Mapping[str, Any]] | None) -> tuple[Said, ...]:
    return tuple(Said(one["text"], one["start"], one["end"], (one["rule"],)) for one in matched or ())


class _Comparison:
    """Both states attached to one connection, and the documents that differ fetched once."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._states = {side: self._state(side) for side in SIDES}
        sources = [str((self._ask(f"SELECT source FROM {side}.rules LIMIT 1") or [("{}",)])[0][0]) for side in SIDES]
        code = (self._states["before"].code_version, self._states["after"].code_version)
        same = self._states["before"].rules_version == self._states["after"].rules_version
        empty = not self._states["before"].rules_version
        self._versions = Versions(RuleChanges() if same or empty else rule_changes(*sources), code)
        for side, other in (SIDES, SIDES[::-1]):
            self._connection.execute(
                f"""CREATE TEMP TABLE only_{side} AS SELECT evidence_id, doc_id, rule FROM {side}.pair_evidence AS mine
                    WHERE NOT EXISTS (
                        SELECT 1 FROM {other}.pair_evidence AS other WHERE other.evidence_id = mine.evidence_id)"""
            )
            self._connection.execute(
                f"""CREATE TEMP TABLE tagged_{side} AS SELECT doc_id FROM {side}.policies AS mine
                    WHERE NOT EXISTS (SELECT 1 FROM {other}.policies AS other WHERE other.doc_id = mine.doc_id)"""
            )
        self._names: dict[str, str] = {}
        for side in SIDES:
            latest = "arg_max(name, coalesce(valid_from, DATE '0001-01-01'))"
            self._names.update(self._ask(f"SELECT code, {latest} FROM {side}.units GROUP BY code"))
        self._only_cache: dict[Side, frozenset[str]] = {}
        self._sheets: dict[Side, dict[str, Sheet]] = {side: {} for side in SIDES}
        self._elsewhere: dict[Side, dict[str, str]] = {side: {} for side in SIDES}

    def difference(self) -> Difference:
        return Difference(
            self._states["before"],
            self._states["after"],
            self._versions.rules,
            self._changes("after"),
            self._changes("before"),
            tuple((code, name) for code, name in self._ask(_CITIES)),
        )

    def pair(self, a: str, b: str) -> PairStory:
        units = [self._unit(a), self._unit(b)]
        (code_a, name_a), (code_b, name_b) = sorted(units)
        where = f"unit_a = {literal(code_a)} AND unit_b = {literal(code_b)}"
        grains = []
        ids: dict[Side, list[str]] = {side: [] for side in SIDES}
        for grain in ("named", "city13"):
            counts = []
            for side in SIDES:
                rows = self._ask(
                    f"SELECT documents, evidence_ids FROM {side}.city_pairs WHERE grain = '{grain}' AND {where}"
                )
                counts.append(rows[0][0] if rows else 0)
                ids[side] += [one for one in (rows[0][1] if rows else ()) if one not in ids[side]]
            grains.append((grain, counts[0], counts[1]))
        found = {side: self._statements(side, ids[side]) for side in SIDES}
        return PairStory(
            code_a,
            code_b,
            name_a,
            name_b,
            self._states["before"],
            self._states["after"],
            tuple(grains),
            tuple(one for one in found["after"].values() if one.changed),
            tuple(one for one in found["before"].values() if one.changed),
            tuple(one for one in found["after"].values() if not one.changed),
        )

    def _changes(self, side: Side) -> Changes:
        """What only `side` has."""
        other = _other(side)
        documents = self._ask(
            f"""SELECT count(*) FROM {side}.documents AS mine
                WHERE NOT EXISTS (SELECT 1 FROM {other}.documents AS other WHERE other.doc_id = mine.doc_id)"""
        )[0][0]
        pairs = self._pairs(side)
        elsewhere = self._elsewhere_than(side, {(pair.unit_a, pair.unit_b) for pair in pairs})
        statements = len(self._only(side))
        return Changes(documents, statements, elsewhere, self._tagged(side), pairs, self._cells(side))

    def _elsewhere_than(self, side: Side, pairs: Collection[tuple[str, str]]) -> tuple[Statement, ...]:
        """The first statements that only `side` has, of other pairs."""
        rows = self._ask(
            f"""SELECT evidence_id, unit_a, unit_b FROM only_{side} JOIN {side}.pair_evidence USING (evidence_id)
                ORDER BY year NULLS LAST, pair_evidence.doc_id, start, evidence_id"""
        )
        ids = [evidence_id for evidence_id, *pair in rows if tuple(pair) not in pairs]
        return tuple(self._statements(side, ids[:_STATEMENTS_ELSEWHERE]).values())

    def _tagged(self, side: Side) -> tuple[Tagged, ...]:
        rows = self._ask(
            f"""SELECT doc_id, industrial, level, matched FROM {side}.policies JOIN tagged_{side} USING (doc_id)
                ORDER BY published_on NULLS LAST, doc_id"""
        )
        self._fetch([row[0] for row in rows])
        found = []
        for doc_id, industrial, level, matched in rows:
            sheet = self._sheets[side][doc_id]
            words = tuple(dict.fromkeys((one["rule"], one["text"]) for one in matched or ()))
            why = self._why(side, doc_id, _said(matched))
            found.append(Tagged(doc_id, sheet.title, sheet.url, sheet.day, industrial, level, words, why))
        return tuple(found)

    def _pairs(self, side: Side) -> tuple[PairChange, ...]:
        rows = self._ask(
            f"""SELECT grain, unit_a, unit_b, name_a, name_b, first_year, last_year, documents, evidence_ids
                FROM {side}.city_pairs AS mine WHERE NOT EXISTS (
                    SELECT 1 FROM {_other(side)}.city_pairs AS other WHERE other.grain = mine.grain
                    AND other.unit_a = mine.unit_a AND other.unit_b = mine.unit_b)
                ORDER BY grain = 'city13', documents DESC, unit_a, unit_b"""
        )
        shown = [self._changed_first(side, row[8]) for row in rows]
        statements = self._statements(side, {one for ids in shown for one in ids})
        return tuple(
            PairChange(grain, a, b, name_a, name_b, first, last, documents, tuple(statements[one] for one in ids))
            for (grain, a, b, name_a, name_b, first, last, documents, _), ids in zip(rows, shown, strict=True)
        )

    def _cells(self, side: Side) -> tuple[CellChange, ...]:
        found: list[CellChange] = []
        for matrix in ("city", "county"):
            rows = self._ask(
                f"""SELECT unit_code, name, period, documents, doc_ids FROM {side}.matrix_{matrix} AS mine
                    LEFT JOIN {side}.periods USING (period)
                    WHERE value = 1 AND NOT EXISTS (
                        SELECT 1 FROM {_other(side)}.matrix_{matrix} AS other WHERE other.value = 1
                        AND other.unit_code = mine.unit_code AND other.period = mine.period)
                    ORDER BY unit_code, "number" """
            )
            wanted = {doc_id for row in rows for doc_id in row[4][:_DOCUMENTS_A_CELL]}
            self._fetch(wanted)
            of = self._statements_of(side, wanted)
            tags = {one: self._tags(one, wanted) for one in SIDES}
            for code, name, period, documents, doc_ids in rows:
                made = tuple(
                    self._cell_document(side, one, of.get(one, ()), tags) for one in doc_ids[:_DOCUMENTS_A_CELL]
                )
                found.append(CellChange(matrix, code, name, period, documents, made))
        return tuple(found)

    def _cell_document(
        self, side: Side, doc_id: str, statements: Sequence[Statement], tags: Mapping[Side, Mapping[str, _Tag]]
    ) -> CellDocument:
        sheet = self._sheets[side][doc_id]
        mine, other = tags[side][doc_id], tags[_other(side)].get(doc_id)
        why: list[Cause] = []
        if doc_id in self._sheets[_other(side)]:
            word = "is {} now" if side == "after" else "is no longer {}"
            if other is None:
                why.append(Cause("tag", doc_id, word.format("a collaboration policy")))
            elif not other.industrial:
                why.append(Cause("tag", doc_id, word.format("about industry")))
        why += [one for one in self._why(side, doc_id, mine.said) if one.kind != "none" or not (why or statements)]
        return CellDocument(doc_id, sheet.title, sheet.url, sheet.day, tuple(why), tuple(statements[:2]))

    def _tags(self, side: Side, doc_ids: Iterable[str]) -> dict[str, _Tag]:
        self._want(doc_ids)
        rows = self._ask(f"SELECT doc_id, industrial, matched FROM {side}.policies WHERE doc_id IN (FROM wanted)")
        return {doc_id: _Tag(bool(industrial), _said(matched)) for doc_id, industrial, matched in rows}

    def _changed_first(self, side: Side, evidence_ids: Iterable[str]) -> list[str]:
        ids = list(evidence_ids)
        return sorted(ids, key=lambda one: one not in self._only(side))[:STATEMENTS_SHOWN]

    def _only(self, side: Side) -> frozenset[str]:
        if side not in self._only_cache:
            rows = self._ask(f"SELECT evidence_id FROM only_{side}")
            self._only_cache[side] = frozenset(row[0] for row in rows)
        return self._only_cache[side]

    def _statements_of(self, side: Side, doc_ids: Iterable[str]) -> dict[str, list[Statement]]:
        """The statements of documents, changed ones first."""
        self._want(doc_ids)
        rows = self._ask(f"SELECT evidence_id FROM {side}.pair_evidence WHERE doc_id IN (FROM wanted) ORDER BY 1")
        found: dict[str, list[Statement]] = {}
        for one in self._statements(side, [row[0] for row in rows]).values():
            found.setdefault(one.doc_id, []).append(one)
        return {doc_id: sorted(some, key=lambda one: not one.changed) for doc_id, some in found.items()}

    def _statements(self, side: Side, evidence_ids: Iterable[str]) -> dict[str, Statement]:
        self._want(evidence_ids)
        rows = self._ask(
            f"""SELECT evidence_id, doc_id, unit_a, unit_b, types, status, year, quote, start, "end", rule
                FROM {side}.pair_evidence WHERE evidence_id IN (FROM wanted)
                ORDER BY year NULLS LAST, doc_id, start, evidence_id"""
        )
        self._fetch({row[1] for row in rows})
        found = {}
        for evidence_id, doc_id, a, b, types, status, year, quote, start, end, rule in rows:
            changed = evidence_id in self._only(side)
            sheet = self._sheets[side][doc_id]
            why = self._why(side, doc_id, [Said(quote, start, end, (rule or "",))]) if changed else ()
            found[evidence_id] = Statement(
                evidence_id, doc_id, sheet.title, sheet.url, sheet.day, a, b, self._names.get(a, a),
                self._names.get(b, b), tuple(types or ()), status or "", year, quote, rule or "", changed, why,
            )  # fmt: skip
        return found

    def _why(self, side: Side, doc_id: str, said: Sequence[Said]) -> tuple[Cause, ...]:
        return causes(
            said,
            self._sheets["before"].get(doc_id),
            self._sheets["after"].get(doc_id),
            side == "after",
            self._elsewhere[_other(side)].get(doc_id, ""),
            self._versions,
        )

    def _fetch(self, doc_ids: Iterable[str]) -> None:
        """Know these documents as both states have them: texts of those that both have, other places of the others."""
        missing = [one for one in doc_ids if not any(one in self._sheets[side] for side in SIDES)]
        if not missing:
            return
        self._want(missing)
        for side in SIDES:
            rows = self._ask(
                f"""SELECT doc_id, coalesce(title, ''), coalesce(url, ''),
                           coalesce(coalesce(published_on, written_on)::VARCHAR, ''), coalesce(publisher_unit, ''),
                           coalesce(publisher, ''),
                           CASE WHEN doc_id IN (SELECT doc_id FROM {_other(side)}.documents) THEN "text" ELSE '' END
                    FROM {side}.documents WHERE doc_id IN (FROM wanted)"""
            )
            self._sheets[side].update((row[0], Sheet(*row)) for row in rows)
        for side in SIDES:
            rows = self._ask(
                f"""SELECT mine.doc_id, min(other.doc_id)
                    FROM {_other(side)}.document_sources AS mine JOIN {side}.document_sources AS other
                    ON mine.text_sha256 = other.text_sha256
                    WHERE mine.doc_id IN (FROM wanted) AND mine.doc_id NOT IN (SELECT doc_id FROM {side}.documents)
                    GROUP BY ALL"""
            )
            self._elsewhere[side].update(rows)

    def _want(self, ids: Iterable[str]) -> None:
        self._connection.execute("CREATE OR REPLACE TEMP TABLE wanted (id VARCHAR)")
        self._connection.execute("INSERT INTO wanted SELECT unnest(?)", [sorted(ids)])

    def _unit(self, wanted: str) -> tuple[str, str]:
        for column in ("code", "name", "short_name"):
            for side in SIDES[::-1]:
                rows = self._ask(
                    f"""SELECT code, arg_max(name, coalesce(valid_from, DATE '0001-01-01')) FROM {side}.units
                        WHERE {column} = {literal(wanted)} GROUP BY code ORDER BY max(valid_to IS NULL) DESC, code"""
                )
                if rows:
                    return rows[0][0], rows[0][1]
        raise WarehouseError(
            f'{wanted}: no unit of either state has this code or name; see `xietong sql "SELECT code, name FROM units"`'
        )

    def _state(self, side: Side) -> Compared:
        rows = self._ask(f"SELECT number, rules_version, code_version, published_at FROM {side}.warehouse_state")
        number, rules, code, at = rows[0] if rows else (None, "", "", None)
        counts = self._ask(
            f"""SELECT (SELECT count(*) FROM {side}.documents), (SELECT count(*) FROM {side}.policies),
                       (SELECT count(*) FROM {side}.pair_evidence),
                       (SELECT count(*) FROM {side}.city_pairs WHERE grain = 'named'),
                       (SELECT count(*) FROM {side}.matrix_city WHERE value = 1),
                       (SELECT count(*) FROM {side}.matrix_county WHERE value = 1)"""
        )[0]
        return Compared(number, rules or "", code or "", at, *counts)

    def _ask(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()


def _other(side: Side) -> Side:
    return "after" if side == "before" else "before"
