"""What the crawler remembers from night to night: which addresses it has found, what it has of them, where it stopped.

The file is the crawler's own. It holds nothing that the archive does not hold, except how far lists were read, so it
may be deleted: it is then made anew from the archive, and lists are read from their heads again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from types import TracebackType
from typing import Any, Literal
from urllib.parse import urljoin

from crawlers.archived import Answered, Record, moment, read_answers, warc_files
from crawlers.cadence import ABSENT, GONE_AGAIN, YEAR, appeared, next_attempt, next_visit
from crawlers.canonical import address_of
from crawlers.shapes import is_article, is_page
from crawlers.visits import Visit, short_digest

FILE = "frontier.sqlite"
_VERSION = 1
_SCHEMA = """
CREATE TABLE addresses (
    address TEXT PRIMARY KEY, url TEXT NOT NULL, portal_id TEXT NOT NULL, kind TEXT NOT NULL, column_key TEXT NOT NULL,
    listed_on TEXT, first_seen INTEGER NOT NULL, asked_at INTEGER, answered_at INTEGER, first_answer INTEGER,
    status INTEGER, etag TEXT NOT NULL DEFAULT '', last_modified TEXT NOT NULL DEFAULT '', sha256 TEXT,
    warc_url TEXT, warc_file TEXT, warc_offset INTEGER, warc_date TEXT, changes INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0, next_due INTEGER, moved_to TEXT
) WITHOUT ROWID;
CREATE INDEX addresses_due ON addresses (portal_id, next_due) WHERE next_due IS NOT NULL;
CREATE INDEX addresses_payload ON addresses (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX addresses_place ON addresses (warc_file, warc_offset) WHERE warc_file IS NOT NULL;
CREATE TABLE columns (
    portal_id TEXT, column_key TEXT, url TEXT NOT NULL, entry INTEGER NOT NULL, last_head INTEGER,
    rows INTEGER NOT NULL, newest TEXT, unfinished_since INTEGER, unfinished_nights INTEGER NOT NULL,
    PRIMARY KEY (portal_id, column_key)
) WITHOUT ROWID;
CREATE TABLE walks (
    portal_id TEXT, column_key TEXT, name TEXT, started INTEGER NOT NULL, stepped INTEGER NOT NULL, ended INTEGER,
    waiting TEXT NOT NULL, pages INTEGER NOT NULL, seen TEXT NOT NULL, rows_digest TEXT NOT NULL,
    without_rows INTEGER NOT NULL, failures INTEGER NOT NULL, rounds INTEGER NOT NULL,
    PRIMARY KEY (portal_id, column_key, name)
) WITHOUT ROWID;
CREATE TABLE files (name TEXT PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (run_id TEXT PRIMARY KEY, started INTEGER NOT NULL, ended INTEGER) WITHOUT ROWID;
"""

Kind = Literal["article", "attachment", "list", "page", "elsewhere"]
"""`page` is an archived page of which no list has said yet what it is; `elsewhere` a link that is not followed."""
FETCHED = ("article", "attachment")


@dataclass(frozen=True, slots=True)
class Address:
    """What is remembered of an address. Without `answered_at` it was found and is not archived yet; without `next_due`
    it is not asked again: it is gone, has moved, or is nothing this crawler fetches."""

    address: str
    url: str
    portal_id: str
    kind: Kind
    column: str
    listed_on: date | None
    first_seen: datetime
    asked_at: datetime | None
    answered_at: datetime | None
    first_answer: datetime | None
    status: int | None
    etag: str
    last_modified: str
    record: Record | None
    changes: int
    failures: int
    next_due: datetime | None
    moved_to: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list as found: its URL, its day, and whether the portal's crawl may ask for it."""

    url: str
    day: date | None = None
    kind: Kind = "article"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the frontier says to a row: was it found before a moment, and is it to be fetched now."""

    before: bool
    wanted: bool


@dataclass(frozen=True, slots=True)
class ColumnState:
    """What is remembered of a column: `rows` its list had when it last had some, and since when its head has rows that
    were found but not all read to their end (`unfinished_since`)."""

    portal_id: str
    key: str
    url: str
    entry: bool
    last_head: datetime | None = None
    rows: int = 0
    newest: date | None = None
    unfinished_since: datetime | None = None
    unfinished_nights: int = 0


@dataclass(frozen=True, slots=True)
class Walk:
    """A way through all pages of a column that may take many nights: what is `waiting` to be asked, what was `seen`.

    `rounds` counts how often the column was walked to its end before.
    """

    portal_id: str
    column: str
    name: str
    started: datetime
    stepped: datetime
    ended: datetime | None = None
    waiting: tuple[Visit, ...] = ()
    pages: int = 0
    seen: frozenset[str] = frozenset()
    rows_digest: str = ""
    without_rows: int = 0
    failures: int = 0
    rounds: int = 0


class Frontier:
    """The memory of all portals in one SQLite file, written by one process.

    Every method is whole by itself; `answer()` makes several of them one commit, so that after kill -9 the file tells
    of an answer completely or not at all. The archive is written first: what it holds beyond the frontier is taken
    over when the frontier is opened.
    """

    def __init__(self, connection: sqlite3.Connection, zone: tzinfo = UTC) -> None:
        self._connection = connection
        self._zone = zone
        self._inside = False

    @classmethod
    def in_memory(cls, zone: tzinfo = UTC) -> Frontier:
        """A frontier that is forgotten with the process."""
        return cls(_made(sqlite3.connect(":memory:", isolation_level=None)), zone)

    @classmethod
    def opened(
        cls,
        data: Path,
        owner: Callable[[str], str | None],
        zone: tzinfo,
        now: datetime,
        known: Iterable[str] = (),
        say: Callable[[str], None] = lambda line: None,
    ) -> Frontier:
        """The frontier of a data folder, brought in line with its archive.

        `owner` names the portal of a URL; `known` are addresses of articles that were read earlier. A file that is
        missing or damaged is made anew from the WARC files, told in one line by `say`; the damaged one is kept beside.
        """
        path = data / FILE
        data.mkdir(parents=True, exist_ok=True)
        connection = _sound(path)
        why = ""
        if connection is None and path.exists():
            path.replace(path.with_suffix(".sqlite.damaged"))
            why = f"{path} was damaged (kept as {path.with_suffix('.sqlite.damaged').name})"
        for extra in () if connection is not None else (f"{path}-wal", f"{path}-shm"):
            Path(extra).unlink(missing_ok=True)
        if connection is None:
            connection = _made(sqlite3.connect(path, isolation_level=None, timeout=30))
            why = why or f"{path} did not exist"
            new = True
        else:
            new = False
        frontier = cls(connection, zone)
        files, answers = frontier.catch_up(data / "archive", owner)
        frontier.know(known, owner, now)
        if new and (answers or "damaged" in why):
            say(f"{why}; made anew from {answers} answers in {files} archive files")
        elif answers:
            say(f"{path}: took over {answers} answers that the archive holds beyond it")
        return frontier

    def __enter__(self) -> Frontier:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def answer(self) -> Iterator[None]:
        """Everything inside is one commit."""
        if self._inside:
            yield
            return
        self._connection.execute("BEGIN IMMEDIATE")
        self._inside = True
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        else:
            self._connection.execute("COMMIT")
        finally:
            self._inside = False

    # In line with the archive.

    def catch_up(self, archive: Path, owner: Callable[[str], str | None]) -> tuple[int, int]:
        """Take over what the archive's files hold beyond what is known of them; returns (files, answers) taken over."""
        read = dict(self._connection.execute("SELECT name, size FROM files").fetchall())
        files = answers = 0
        for path in warc_files(archive):
            size = path.stat().st_size
            if read.get(path.name) == size:
                continue
            last = self._connection.execute(
                "SELECT max(warc_offset) FROM addresses WHERE warc_file = ?", [path.name]
            ).fetchone()[0]
            taken = 0
            with self.answer():
                for answered in read_answers(path, last or 0):
                    taken += self._take_over(answered, owner)
                self._connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?)", [path.name, size])
            files += bool(taken)
            answers += taken
        return files, answers

    def read_to(self, path: Path) -> None:
        """Note that a file is known to its present end."""
        with self.answer():
            self._connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?)", [path.name, path.stat().st_size])

    def know(self, urls: Iterable[str], owner: Callable[[str], str | None], now: datetime) -> None:
        """Take URLs for articles that are archived, wherever their records are; they are due spread over a year."""
        with self.answer():
            for url in urls:
                found = self.find(url)
                if found is None:
                    self._insert(url, owner(url) or "", "article", "", None, datetime.fromtimestamp(0, UTC))
                    found = self.find(url)
                    assert found is not None
                    due = now + timedelta(days=1 + int(short_digest(found.address), 16) % YEAR.days)
                    self._set(found, answered_at=0, status=200, next_due=_seconds(due))
                elif found.kind == "page" and found.answered_at is not None:
                    self._set(found, kind="article", next_due=_seconds(found.answered_at))

    def _take_over(self, answered: Answered, owner: Callable[[str], str | None]) -> bool:
        url, at = answered.url, moment(answered.record)
        portal_id = owner(url)
        if portal_id is None or url.split("?")[0].endswith("/robots.txt"):
            return False
        found = self.find(url)
        if found is not None and found.asked_at is not None and _seconds(at) <= _seconds(found.asked_at):
            return False
        if found is None:
            if answered.status != 200 or answered.again:
                return False
            kind: Kind = "attachment" if not is_page(url) else "article" if is_article(url) else "page"
            self._insert(url, portal_id, kind, "", None, at)
        elif found.kind == "list":
            return False
        if answered.again or answered.status == 304:
            self.unchanged(url, at)
        elif answered.status == 200:
            self.archived(url, answered.record, answered.etag, answered.last_modified, at)
        elif answered.status in (404, 410):
            self.failed(url, at, answered.status)
        elif answered.location and found is not None and found.answered_at is not None:
            self.moved(url, urljoin(url, answered.location), at)
        else:
            return False
        return True

    # Addresses.

    def find(self, url: str) -> Address | None:
        """What is remembered of the address a URL leads to."""
        row = self._connection.execute("SELECT * FROM addresses WHERE address = ?", [address_of(url)]).fetchone()
        return _address(row) if row else None

    def found(self, portal_id: str, row: Row, column: str, now: datetime, before: datetime) -> Seen:
        """Remember a row of a list; says whether it was found `before` that moment, and whether to fetch it now."""
        key = address_of(row.url)
        known = self._connection.execute(
            """SELECT first_seen, kind, answered_at, next_due, status, asked_at, moved_to, listed_on
               FROM addresses WHERE address = ?""",
            [key],
        ).fetchone()
        if known is None:
            self._insert(row.url, portal_id, row.kind, column, row.day, now)
            return Seen(False, row.kind != "elsewhere")
        first_seen, kind, answered_at, next_due, status, asked_at, moved_to, listed_on = known
        if kind in ("page", "elsewhere") and row.kind not in ("page", "elsewhere"):
            self._connection.execute(
                """UPDATE addresses SET kind = ?, column_key = ?, listed_on = ?, portal_id = ?,
                   next_due = coalesce(next_due, ?) WHERE address = ?""",
                [row.kind, column, _day(row.day), portal_id, _seconds(now), key],
            )
            return Seen(kind == "page" or first_seen < _seconds(before), answered_at is None)
        if listed_on is None and row.day is not None:
            self._connection.execute("UPDATE addresses SET listed_on = ? WHERE address = ?", [_day(row.day), key])
        seen = first_seen < _seconds(before)
        if row.kind == "elsewhere" or kind == "list" or moved_to is not None:
            return Seen(seen, False)
        if status in (404, 410) and next_due is None and _seconds(now) - asked_at >= GONE_AGAIN.total_seconds():
            self._connection.execute("UPDATE addresses SET next_due = ? WHERE address = ?", [_seconds(now), key])
            return Seen(seen, True)
        return Seen(seen, answered_at is None and next_due is not None and next_due <= _seconds(now))

    def linked(self, url: str, portal_id: str, kind: Kind, column: str, now: datetime) -> None:
        """Remember an address that no list named, such as the place a page has moved to."""
        if self.find(url) is None:
            self._insert(url, portal_id, kind, column, None, now)

    def archived(self, url: str, record: Record | None, etag: str, last_modified: str, now: datetime) -> bool:
        """Remember an answer of 200; says whether the page is another than the one archived before."""
        found = self.find(url)
        if found is None:
            return False
        changed = found.record is not None and record is not None and found.record.sha256 != record.sha256
        place = record if changed or found.record is None else found.record
        self._set(
            found,
            url=url,
            etag=etag,
            last_modified=last_modified,
            changes=found.changes + changed,
            moved_to=None,
            **_visited(found, now, self._zone, changed),
            **(_place(place) if place else {}),
        )
        return changed

    def unchanged(self, url: str, now: datetime) -> None:
        """Remember that a page was asked for and is what it was."""
        found = self.find(url)
        if found is not None:
            self._set(found, **_visited(found, now, self._zone, changed=False))

    def moved(self, url: str, to: str, now: datetime) -> None:
        """Remember that a page now stands at another address: one document, asked for there."""
        found = self.find(url)
        if found is not None:
            self._set(found, asked_at=_seconds(now), failures=0, next_due=None, moved_to=address_of(to))

    def dropped(self, url: str, now: datetime) -> None:
        """Remember that an address is not asked for again: what it gives is larger than what is kept."""
        found = self.find(url)
        if found is not None:
            self._set(found, asked_at=_seconds(now), next_due=None)

    def failed(self, url: str, now: datetime, status: int | None = None) -> None:
        """Remember that a page of a portal that answers gave nothing; after two answers of 404 or 410 it is gone."""
        found = self.find(url)
        if found is None or found.kind == "list":
            return
        gone = status in ABSENT and found.status in ABSENT
        failures = 1 if status in ABSENT and not gone else found.failures + 1
        due = None if gone else _seconds(next_attempt(failures, now))
        self._set(found, asked_at=_seconds(now), status=status, failures=failures, next_due=due)

    def pending(self, portal_id: str, now: datetime, limit: int) -> tuple[Address, ...]:
        """What was found and never archived, and may be asked now: newest in its list first."""
        return self._select(
            """portal_id = ? AND next_due <= ? AND answered_at IS NULL AND kind IN ('article', 'attachment')
               ORDER BY failures > 0, listed_on DESC, address LIMIT ?""",
            portal_id, _seconds(now), limit,
        )  # fmt: skip

    def due(self, portal_id: str, now: datetime, limit: int) -> tuple[Address, ...]:
        """Archived pages whose next visit is due, oldest first."""
        return self._select(
            """portal_id = ? AND next_due <= ? AND answered_at IS NOT NULL AND kind IN ('article', 'attachment')
               ORDER BY next_due, address LIMIT ?""",
            portal_id, _seconds(now), limit,
        )  # fmt: skip

    def holder(self, portal_id: str, sha256: str, url: str, before: datetime) -> Address | None:
        """Where a body stands already: at the same address, or at another of the portal since before a moment."""
        found = self._select(
            """sha256 = ? AND portal_id = ? AND warc_file IS NOT NULL AND (address = ? OR first_answer < ?)
               ORDER BY address = ? DESC LIMIT 1""",
            sha256, portal_id, address_of(url), _seconds(before), address_of(url),
        )  # fmt: skip
        return found[0] if found else None

    # Columns and walks.

    def column(self, portal_id: str, key: str) -> ColumnState | None:
        """What is remembered of a column."""
        row = self._connection.execute(
            "SELECT * FROM columns WHERE portal_id = ? AND column_key = ?", [portal_id, key]
        ).fetchone()
        return _column(row) if row else None

    def columns(self, portal_id: str) -> tuple[ColumnState, ...]:
        """All columns of a portal, those whose head was asked longest ago first."""
        rows = self._connection.execute(
            "SELECT * FROM columns WHERE portal_id = ? ORDER BY last_head, column_key", [portal_id]
        ).fetchall()
        return tuple(map(_column, rows))

    def save_column(self, state: ColumnState) -> None:
        with self.answer():
            self._connection.execute(
                "INSERT OR REPLACE INTO columns VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    state.portal_id, state.key, state.url, state.entry, _maybe(state.last_head), state.rows,
                    _day(state.newest), _maybe(state.unfinished_since), state.unfinished_nights,
                ],
            )  # fmt: skip

    def list_read(self, portal_id: str, visit: Visit, column: str, record: Record | None, now: datetime) -> None:
        """Remember that a list page answered."""
        at = _seconds(now)
        place = (record.sha256, record.url, record.file, record.offset, record.date) if record else (None,) * 5
        with self.answer():
            self._connection.execute(
                """INSERT INTO addresses (address, url, portal_id, kind, column_key, first_seen, asked_at, answered_at,
                   first_answer, status, sha256, warc_url, warc_file, warc_offset, warc_date)
                   VALUES (?, ?, ?, 'list', ?, ?, ?, ?, ?, 200, ?, ?, ?, ?, ?)
                   ON CONFLICT (address) DO UPDATE SET kind = 'list', asked_at = excluded.asked_at, status = 200,
                   answered_at = excluded.answered_at, sha256 = excluded.sha256, warc_url = excluded.warc_url,
                   warc_file = excluded.warc_file,
                   warc_offset = excluded.warc_offset, warc_date = excluded.warc_date, next_due = NULL""",
                [visit.key, visit.url, portal_id, column, at, at, at, at, *place],
            )

    def walks(self, portal_id: str, column: str | None = None) -> tuple[Walk, ...]:
        """The walks of a portal or of one column, those that stood still longest first."""
        rows = self._connection.execute(
            """SELECT * FROM walks WHERE portal_id = ?1 AND (?2 IS NULL OR column_key = ?2)
               ORDER BY stepped, column_key, name""",
            [portal_id, column],
        ).fetchall()
        return tuple(map(_walk, rows))

    def save_walk(self, walk: Walk) -> None:
        waiting = [[visit.url, visit.form, visit.guess] for visit in walk.waiting]
        with self.answer():
            self._connection.execute(
                "INSERT OR REPLACE INTO walks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    walk.portal_id, walk.column, walk.name, _seconds(walk.started), _seconds(walk.stepped),
                    _maybe(walk.ended), json.dumps(waiting, ensure_ascii=False), walk.pages,
                    " ".join(sorted(walk.seen)), walk.rows_digest, walk.without_rows, walk.failures, walk.rounds,
                ],
            )  # fmt: skip

    # Runs.

    def run_began(self, run_id: str, now: datetime) -> None:
        with self.answer():
            self._connection.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, NULL)", [run_id, _seconds(now)])

    def run_ended(self, run_id: str, now: datetime) -> None:
        with self.answer():
            self._connection.execute("UPDATE runs SET ended = ? WHERE run_id = ?", [_seconds(now), run_id])

    # Statements.

    def _select(self, condition: str, *values: object) -> tuple[Address, ...]:
        rows = self._connection.execute(f"SELECT * FROM addresses WHERE {condition}", values).fetchall()
        return tuple(map(_address, rows))

    def _insert(self, url: str, portal_id: str, kind: Kind, column: str, day: date | None, now: datetime) -> None:
        due = _seconds(now) if kind in FETCHED else None
        with self.answer():
            self._connection.execute(
                """INSERT INTO addresses (address, url, portal_id, kind, column_key, listed_on, first_seen, next_due)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                [address_of(url), url, portal_id, kind, column, _day(day), _seconds(now), due],
            )

    def _set(self, found: Address, **values: object) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        with self.answer():
            self._connection.execute(
                f"UPDATE addresses SET {names} WHERE address = ?", [*values.values(), found.address]
            )


def _made(connection: sqlite3.Connection) -> sqlite3.Connection:
    _prepare(connection)
    connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    # A commit must outlive the process, not the machine: after a power cut the archive fills in what is lost.
    for setting in ("journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 30000"):
        connection.execute(f"PRAGMA {setting}").fetchall()


def _sound(path: Path) -> sqlite3.Connection | None:
    """A connection to the file, or None when it is not there or is no frontier of this version in good order."""
    if not path.exists():
        return None
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        _prepare(connection)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == _VERSION and connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok":
            return connection
    except sqlite3.DatabaseError:
        pass
    connection.close()
    return None


def _visited(found: Address, now: datetime, zone: tzinfo, changed: bool) -> dict[str, object]:
    """The columns that tell of a good answer."""
    first = found.first_answer or now
    due = next_visit(appeared(found.listed_on, first, zone), now, changed)
    at = _seconds(now)
    return {
        "asked_at": at,
        "answered_at": at,
        "first_answer": _seconds(first),
        "status": 200,
        "failures": 0,
        "next_due": _seconds(due) if found.kind in FETCHED else None,
    }


def _place(record: Record) -> dict[str, object]:
    return {
        "sha256": record.sha256,
        "warc_url": record.url,
        "warc_file": record.file,
        "warc_offset": record.offset,
        "warc_date": record.date,
    }


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _maybe(moment: datetime | None) -> int | None:
    return None if moment is None else _seconds(moment)


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _address(row: tuple[Any, ...]) -> Address:
    (
        address, url, portal_id, kind, column, listed_on, first_seen, asked_at, answered_at, first_answer, status, etag,
        last_modified, sha256, warc_url, warc_file, warc_offset, warc_date, changes, failures, next_due, moved_to,
    ) = row  # fmt: skip
    return Address(
        address=address,
        url=url,
        portal_id=portal_id,
        kind=kind,
        column=column,
        listed_on=_date(listed_on),
        first_seen=datetime.fromtimestamp(first_seen, UTC),
        asked_at=_moment(asked_at),
        answered_at=_moment(answered_at),
        first_answer=_moment(first_answer),
        status=status,
        etag=etag,
        last_modified=last_modified,
        record=Record(warc_url, warc_file, warc_offset, warc_date, sha256) if warc_file is not None else None,
        changes=changes,
        failures=failures,
        next_due=_moment(next_due),
        moved_to=moved_to,
    )


def _column(row: tuple[Any, ...]) -> ColumnState:
    portal_id, key, url, entry, last_head, rows, newest, unfinished_since, nights = row
    return ColumnState(
        portal_id, key, url, bool(entry), _moment(last_head), rows, _date(newest), _moment(unfinished_since), nights
    )


def _walk(row: tuple[Any, ...]) -> Walk:
    portal_id, column, name, started, stepped, ended, waiting, pages, seen, digest, without_rows, failures, rounds = row
    return Walk(
        portal_id=portal_id,
        column=column,
        name=name,
        started=datetime.fromtimestamp(started, UTC),
        stepped=datetime.fromtimestamp(stepped, UTC),
        ended=_moment(ended),
        waiting=tuple(
            Visit(url, tuple((str(key), str(value)) for key, value in form), bool(guess))
            for url, form, guess in json.loads(waiting)
        ),
        pages=pages,
        seen=frozenset(seen.split()),
        rows_digest=digest,
        without_rows=without_rows,
        failures=failures,
        rounds=rounds,
    )
