"""Line editing for the SQL shell by the standard library: history between sessions and completion of names."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

HISTORY_LINES = 2000
_QUALIFIED = re.compile(r"([\w\"]+)\.([\w]*)$")
_KEYWORDS = [
    "SELECT",
    "DISTINCT",
    "FROM",
    "WHERE",
    "GROUP",
    "BY",
    "ALL",
    "ORDER",
    "HAVING",
    "LIMIT",
    "JOIN",
    "LEFT",
    "USING",
    "ON",
    "AS",
    "AND",
    "OR",
    "NOT",
    "IN",
    "IS",
    "NULL",
    "LIKE",
    "BETWEEN",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "UNION",
    "WITH",
    "DESC",
    "ASC",
    "DESCRIBE",
    "SUMMARIZE",
    "QUALIFY",
    "FILTER",
    "OVER",
    "PARTITION",
    "count",
    "sum",
    "min",
    "max",
    "list",
    "unnest",
    "year",
    "contains",
    "coalesce",
    "any_value",
]


class Names:
    """The names a query can be completed with: tables, their columns, and words of SQL."""

    def __init__(self, columns: Sequence[tuple[str, str]]) -> None:
        """`columns` are pairs of table and column."""
        self._columns: dict[str, list[str]] = {}
        for table, column in columns:
            self._columns.setdefault(table, []).append(column)
        self._all = sorted({*self._columns, *(column for _, column in columns), *_KEYWORDS, ".help", ".tables"})

    def matching(self, word: str) -> list[str]:
        """What a word can become; after `table.` the columns of that table."""
        if qualified := _QUALIFIED.fullmatch(word):
            table, begun = qualified.groups()
            return [f"{table}.{name}" for name in self._columns.get(table, ()) if name.startswith(begun)]
        return [name for name in self._all if name.lower().startswith(word.lower())] if word else []


def history_file() -> Path:
    """Where the shell remembers, under XDG_STATE_HOME."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "xietong" / "sql_history"


@contextlib.contextmanager
def line_editing(names: Names) -> Iterator[None]:
    """History and completion for `input()` while the shell runs; nothing where there is no terminal or no readline."""
    try:
        import readline
    except ImportError:
        yield
        return
    if not sys.stdin.isatty():
        yield
        return
    path = history_file()
    with contextlib.suppress(OSError):
        readline.read_history_file(path)
    readline.set_history_length(HISTORY_LINES)
    readline.set_completer_delims(" \t\n,()=<>+-*/;'")
    readline.set_completer(lambda word, number: (*names.matching(word), None)[number])
    readline.parse_and_bind("bind ^I rl_complete" if "libedit" in (readline.__doc__ or "") else "tab: complete")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            readline.write_history_file(path)
