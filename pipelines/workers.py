"""Spreading work over processes: batches out, results back in order, bounded in memory."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TypeVar

from pipelines.errors import StageError

Batch = TypeVar("Batch")
Result = TypeVar("Result")

_AHEAD = 2


class WorkerError(StageError):
    """A worker process died (killed, out of memory); what was stored before stays, and a new run goes on from there."""


def mapped(
    task: Callable[[Batch], Result],
    batches: Iterable[Batch],
    workers: int,
    prepare: Callable[..., None],
    arguments: tuple[object, ...],
) -> Iterator[Result]:
    """`task` over `batches` in `workers` processes, each prepared once with `prepare(*arguments)`.

    Results come in the order of the batches; only a few batches are under way at a time. With one worker everything
    happens in this process. Processes are spawned: forking would copy the open database and the threads around it.
    """
    if workers <= 1:
        prepare(*arguments)
        yield from map(task, batches)
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, (prepare, arguments)) as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for batch in batches:
                waiting.append(pool.submit(task, batch))
                if len(waiting) >= workers * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool:
            raise WorkerError(
                "a worker process died (out of memory, or killed); run again: finished work is kept"
            ) from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _begin(prepare: Callable[..., None], arguments: tuple[object, ...]) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    prepare(*arguments)


def _end_with_parent() -> None:
    """A worker whose run was killed would wait for work for ever."""
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)
