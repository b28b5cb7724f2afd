"""One writer a data folder: a nightly run and a re-extraction must not work on the same state at once."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


@contextmanager
def exclusive(data: Path) -> Iterator[None]:
    """Hold the data folder for writing; the lock vanishes with the process, however it ends.

    Raises `click.ClickException` naming the process that holds it. Readers of the warehouse need no lock.
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / ".lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise click.ClickException(
                f"{data}: process {holder} is working on this folder; wait for it or use another --data"
            ) from None
        lock.seek(0)
        lock.truncate()
        lock.write(str(os.getpid()))
        lock.flush()
        yield
