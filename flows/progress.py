"""How long work shows itself: bars on a terminal, plain lines in a log."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn


class StageProgress:
    """A callable `(stage, done, total)` for the stages to report to; a context manager that tidies the terminal.

    In a log each stage prints when it begins, at every fifth of the way, and when it ends: enough to see that a night
    is moving, little enough to read.
    """

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._fifths: dict[str, int] = {}

    def __enter__(self) -> StageProgress:
        if self._console.is_terminal:
            self._bars = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=self._console,
            )
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._bars is not None:
            if stage not in self._tasks:
                self._tasks[stage] = self._bars.add_task(stage, total=total)
            self._bars.update(self._tasks[stage], completed=done, total=total)
            return
        fifth = done * 5 // total if total else 5
        if self._fifths.get(stage, -1) < fifth:
            self._fifths[stage] = fifth
            print(f"{stage}: {done} of {total}", file=sys.stderr, flush=True)
