"""What one portal is asked in one night: the heads of its lists, what is left over, and a little of everything else.

The cost follows what is new. A head is followed while its pages hold rows that were never seen. Beyond that a night
may spend `REQUESTS_PER_ENTRY` requests for each entry column, robots.txt and heads included; what the heads leave of
it goes in turns to the next page of a walk through all of a column, to columns found by links, and to pages due again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import chain, zip_longest

from crawlers.archived import Record
from crawlers.frontier import Address, ColumnState, Frontier, Row, Seen, Walk
from crawlers.visits import Visit, short_digest

REQUESTS_PER_ENTRY = 3
HEAD_PAGES = 50
"""So many pages of new rows are followed from a head in one night, where a portal was away for long."""
PAGES_OF_A_WALK = 2_000
PAGES_WITHOUT_ROWS = 3
ATTEMPTS = 3
SWEEP = "sweep"
_SLACK = timedelta(hours=6)
"""A night does not begin at the same minute every day; what is due later tonight is due now."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `since` to `until`, both included; an open end has no bound."""

    since: date | None = None
    until: date | None = None

    @property
    def name(self) -> str:
        return f"backfill {self.since or ''}..{self.until or ''}"

    def holds(self, day: date | None) -> bool:
        """Whether a row of that day is wanted; one that shows no day is, because its page may tell."""
        return day is None or ((not self.since or self.since <= day) and (not self.until or day <= self.until))

    def is_over(self, days: Sequence[date | None]) -> bool:
        """Whether a list that shows these days has come to what is older than all that is wanted."""
        return bool(days) and self.since is not None and all(day is not None and day < self.since for day in days)


@dataclass(frozen=True, slots=True)
class Step:
    """A list page to ask next, as part of the walk of that name (of none: from the head)."""

    visit: Visit
    walk: str = ""


@dataclass(frozen=True, slots=True)
class PageRead:
    """A list page as it was read: its rows, and the pages after it."""

    column: str
    visit: Visit
    rows: tuple[Row, ...]
    further: tuple[Visit, ...]
    first: bool
    walk: str
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Onward:
    """What follows from a list page: rows to fetch, rows that are known, pages to go on with, pages bounded away."""

    wanted: tuple[Row, ...]
    known: tuple[Row, ...]
    steps: tuple[Step, ...]
    bounded: tuple[Visit, ...] = ()


@dataclass(frozen=True, slots=True)
class Extras:
    """What the quiet part of a night asks for."""

    steps: tuple[tuple[str, Step], ...]
    heads: tuple[ColumnState, ...]
    revisits: tuple[Address, ...]


@dataclass
class Night:
    """The bookkeeping of one portal in one run, over the frontier. `period` makes the run a backfill."""

    frontier: Frontier
    portal_id: str
    entries: int
    list_depth: int
    now: datetime
    period: Period | None = None
    _head_pages: Counter[str] = field(default_factory=Counter)
    _walk_pages: Counter[tuple[str, str]] = field(default_factory=Counter)
    _rows: Counter[str] = field(default_factory=Counter)
    _answered: set[str] = field(default_factory=set)
    _first_time: set[str] = field(default_factory=set)
    _rows_before: dict[str, int] = field(default_factory=dict)
    _on_head: dict[str, frozenset[str]] = field(default_factory=dict)

    # Where a night begins.

    def enter(self, column: str, visit: Visit, entry: bool) -> tuple[bool, tuple[Step, ...]]:
        """Whether the head of a column is asked tonight, and which pages a way begun earlier goes on with at once.

        That is the first way through the column while it is above the depth, and a backfill that was stopped.
        """
        state = self.frontier.column(self.portal_id, column)
        if state is None:
            state = ColumnState(self.portal_id, column, visit.url, entry)
            self.frontier.save_column(state)
        if state.last_head is None:
            self._first_time.add(column)
        self._rows_before[column] = state.rows
        name = SWEEP if self.period is None else self.period.name
        walk = self._walk(column, name)
        if walk is None or walk.ended is not None:
            return True, ()
        going = tuple(Step(waiting, name) for waiting in walk.waiting)
        if self.period is not None:
            return False, going
        return True, going if self._is_first_way(walk) else ()

    def pending(self, limit: int) -> tuple[Address, ...]:
        """What an earlier run found and did not fetch."""
        found = self.frontier.pending(self.portal_id, self.now + _SLACK, limit)
        return tuple(one for one in found if self.period is None or self.period.holds(one.listed_on))

    # Where a list goes on.

    def read(self, page: PageRead) -> Onward:
        """Remember a list page with all its rows and say how to go on. One commit."""
        with self.frontier.answer():
            self.frontier.list_read(self.portal_id, page.visit, page.column, page.record, self.now)
            state = self.frontier.column(self.portal_id, page.column) or ColumnState(
                self.portal_id, page.column, page.visit.url, entry=False
            )
            since = state.unfinished_since or self.now
            seen = [self.frontier.found(self.portal_id, row, page.column, self.now, since) for row in page.rows]
            new = sum(not one.before for one in seen)
            self._rows[page.column] += len(page.rows)
            if page.first:
                self._answered.add(page.column)
                self._on_head[page.column] = frozenset(row.url for row in page.rows)
            steps, bounded, unfinished = self._from_head(page, new) if not page.walk else ((), (), None)
            for walk in self._walks_at(page):
                more, cut = self._along(self._advanced(walk, page), page, new, followed=bool(steps))
                steps += more
                bounded += cut
            self.frontier.save_column(self._updated(state, page, unfinished, since))
        wanted, known = self._sorted(page.rows, seen)
        return Onward(wanted, known, tuple(dict.fromkeys(steps)), bounded)

    def missed(self, column: str, visit: Visit, walk: str, gone: bool) -> None:
        """Remember that a list page gave nothing: one that is gone ends there, another is tried on later nights."""
        for one in self.frontier.walks(self.portal_id, column):
            if one.ended is None and visit.key in {waiting.key for waiting in one.waiting}:
                if gone or one.failures + 1 >= ATTEMPTS:
                    rest = tuple(waiting for waiting in one.waiting if waiting.key != visit.key)
                    changed = replace(one, waiting=rest, failures=0, ended=None if rest else self.now)
                    if not rest:
                        changed = replace(changed, rounds=one.rounds + 1)
                else:
                    changed = replace(one, failures=one.failures + 1, stepped=self.now)
                self.frontier.save_walk(changed)
        state = self.frontier.column(self.portal_id, column)
        if state is not None and not walk and self._head_pages[column] and state.unfinished_since is not None:
            nights = state.unfinished_nights + 1
            ended = gone or nights >= ATTEMPTS
            self.frontier.save_column(
                replace(
                    state,
                    unfinished_since=None if ended else state.unfinished_since,
                    unfinished_nights=0 if ended else nights,
                )
            )

    def led(self, column: str, visit: Visit, to: Visit) -> None:
        """Remember that a list page only led to another."""
        for one in self.frontier.walks(self.portal_id, column):
            if one.ended is None and visit.key in {waiting.key for waiting in one.waiting}:
                waiting = tuple(to if waiting.key == visit.key else waiting for waiting in one.waiting)
                self.frontier.save_walk(replace(one, waiting=waiting))

    # The quiet part of a night.

    def extras(self, spent: int, new_pages: int) -> Extras:
        """What to ask once heads and new rows are done, given the requests spent without anything new.

        Nothing where no head answered: a portal that is away is not asked for its old pages one by one. Pages due again
        are at most one for each entry column, and one for each new page of the night.
        """
        if self.period is not None or not self._answered:
            return Extras((), (), ())
        found = {one.key: one for one in self.frontier.columns(self.portal_id) if not one.entry}
        steps = [
            (one.column, Step(one.waiting[0], one.name))
            for one in self.frontier.walks(self.portal_id)
            if one.name == SWEEP and one.waiting and not self._walk_pages[one.column, one.name]
            and (one.column in self._answered or one.column in found)
        ]  # fmt: skip
        heads = [one for one in found.values() if one.key not in self._answered]
        due = list(self.frontier.due(self.portal_id, self.now + _SLACK, self.entries + new_pages))
        kinds: list[list[tuple[str, Step] | ColumnState | Address]] = [list(steps), list(heads), list(due)]
        kinds = [kind for kind in kinds if kind]
        turn = self.now.toordinal() % max(len(kinds), 1)
        kinds = kinds[turn:] + kinds[:turn]
        # Where robots.txt, heads and redirects take all there is, every third night does without.
        left = max(REQUESTS_PER_ENTRY * self.entries - spent, int(self.now.toordinal() % 3 == 0))
        chosen = [one for one in chain.from_iterable(zip_longest(*kinds)) if one is not None][:left]
        more = [one for one in due if one not in chosen][:new_pages]
        return Extras(
            tuple(one for one in chosen if isinstance(one, tuple)),
            tuple(one for one in chosen if isinstance(one, ColumnState)),
            tuple(one for one in (*chosen, *more) if isinstance(one, Address)),
        )

    def lost_columns(self) -> frozenset[str]:
        """The URLs of entry columns that had rows before, answered tonight, and had none."""
        states = (self.frontier.column(self.portal_id, column) for column in self._answered if not self._rows[column])
        return frozenset(one.url for one in states if one and one.entry and self._rows_before.get(one.key))

    # Parts.

    def _walk(self, column: str, name: str) -> Walk | None:
        return next((one for one in self.frontier.walks(self.portal_id, column) if one.name == name), None)

    def _sorted(self, rows: Sequence[Row], seen: Sequence[Seen]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
        wanted: list[Row] = []
        known: list[Row] = []
        for row, one in zip(rows, seen, strict=True):
            tonight = one.wanted and (self.period is None or self.period.holds(row.day))
            (wanted if tonight else known).append(row)
        return tuple(wanted), tuple(known)

    def _from_head(self, page: PageRead, new: int) -> tuple[tuple[Step, ...], tuple[Visit, ...], bool]:
        """Go on from a head while there is something new; a page without rows may only lead to the list."""
        self._head_pages[page.column] += 1
        leads = not page.rows and (page.first or self._head_pages[page.column] == 1)
        if not page.further or not (new or leads):
            return (), (), False
        first_time = page.column in self._first_time
        most = self.list_depth if first_time else max(self.list_depth, HEAD_PAGES)
        if self._head_pages[page.column] >= most:
            return (), page.further, False
        return tuple(Step(visit) for visit in page.further), (), not first_time

    def _walks_at(self, page: PageRead) -> tuple[Walk, ...]:
        """The walks that this page takes a step further, those that begin with it included."""
        walks = {one.name: one for one in self.frontier.walks(self.portal_id, page.column)}
        at = [
            one for one in walks.values()
            if one.ended is None and page.visit.key in {visit.key for visit in one.waiting}
        ]  # fmt: skip
        name = page.walk or SWEEP
        earlier = walks.get(name)
        if page.first and (earlier is None or earlier.ended is not None) and (self.period is None or page.walk):
            rounds = earlier.rounds if earlier else 0
            begun = Walk(self.portal_id, page.column, name, self.now, self.now, waiting=(page.visit,), rounds=rounds)
            at.append(begun)
        return tuple(at)

    def _advanced(self, walk: Walk, page: PageRead) -> Walk:
        """The walk after this page, ended where the list is: no further page, the same rows again, no rows for long."""
        key = short_digest(page.visit.key)
        seen = walk.seen | {key}
        digest = short_digest("\n".join(row.url for row in page.rows)) if page.rows else ""
        without_rows = 0 if page.rows else walk.without_rows + 1
        over = (
            (bool(digest) and digest == walk.rows_digest)
            or without_rows >= PAGES_WITHOUT_ROWS
            or walk.pages + 1 >= PAGES_OF_A_WALK
            or (walk.name != SWEEP and self.period is not None and self._is_over(page))
        )
        waiting = [visit for visit in walk.waiting if visit.key != page.visit.key]
        if not over:
            keys = {visit.key for visit in waiting}
            waiting += [
                visit for visit in page.further if short_digest(visit.key) not in seen and visit.key not in keys
            ]
        ended = not waiting
        return replace(
            walk,
            stepped=self.now,
            ended=self.now if ended else None,
            waiting=tuple(waiting),
            pages=walk.pages + 1,
            seen=frozenset() if ended else seen,
            rows_digest=digest or walk.rows_digest,
            without_rows=without_rows,
            failures=0,
            rounds=walk.rounds + ended,
        )

    def _is_over(self, page: PageRead) -> bool:
        assert self.period is not None
        pinned = frozenset() if page.first else self._on_head.get(page.column, frozenset())
        return self.period.is_over([row.day for row in page.rows if row.url not in pinned])

    def _along(
        self, walk: Walk, page: PageRead, new: int, followed: bool
    ) -> tuple[tuple[Step, ...], tuple[Visit, ...]]:
        """Save a walk and say how it goes on tonight: the first up to the depth, a later one while rows are new."""
        self.frontier.save_walk(walk)
        self._walk_pages[walk.column, walk.name] += 1
        if walk.ended is not None:
            return (), ()
        steps = tuple(Step(visit, walk.name) for visit in walk.waiting)
        if walk.name != SWEEP:
            return steps, ()
        if self._is_first_way(walk):
            return (() if followed else steps), ()
        if walk.rounds == 0 and walk.pages == self.list_depth:
            return (), walk.waiting
        on = page.walk == SWEEP and new and self._walk_pages[walk.column, walk.name] < self.list_depth
        return (steps if on and not followed else ()), ()

    def _is_first_way(self, walk: Walk) -> bool:
        return walk.name == SWEEP and walk.rounds == 0 and walk.pages < self.list_depth

    def _updated(self, state: ColumnState, page: PageRead, unfinished: bool | None, since: datetime) -> ColumnState:
        newest = max((row.day for row in page.rows if row.day), default=None)
        if unfinished is not None:
            state = replace(
                state,
                last_head=self.now if page.first or state.last_head is None else state.last_head,
                unfinished_since=since if unfinished else None,
                unfinished_nights=state.unfinished_nights if unfinished else 0,
            )
        elif page.first:
            state = replace(state, last_head=self.now)
        if page.rows and (page.first or not state.rows):
            state = replace(state, rows=len(page.rows))
        if newest and (state.newest is None or newest > state.newest):
            state = replace(state, newest=newest)
        return state
