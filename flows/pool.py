"""Who works on documents: this process, or others of this machine. No Prefect here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
)
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol, TypeVar

from flows.workers import Result, start_pool, warm_up

R = TypeVar("R")


class Pool(Protocol):
    """Who works on batches."""

    def submit(self, function: Callable[..., R], /, *args: Any, **named: Any) -> Result[R]:
        """Have a function of arguments called by a worker."""


class Here:
    """Work is done by this process, at once."""

    def submit(self, function: Callable[..., R], /, *args: Any, **named: Any) -> Future[R]:
        """Call the function of arguments."""
        future: Future[R] = Future()
        try:
            future.set_result(function(*args, **named))
        except Exception as error:  # noqa: BLE001 - whoever asks for the result gets it
            future.set_exception(error)
        return future


@dataclass(frozen=True, slots=True)
class Workers:
    """Who works on batches, and who leads them.

    Attributes:
        under_way: batches that are worked on or wait for a worker at a time.
        apart: a pool that nobody else uses, one at a time.
        leaders: threads that lead a batch each; null: Prefect's own, with a task for each batch.
    """

    pool: Pool
    under_way: int
    apart: Callable[[], AbstractContextManager[Pool]]
    leaders: Executor | None = None


def work_here() -> Workers:
    """No workers: this process does all, one thing after the other."""
    here = Here()
    return Workers(here, 1, lambda: nullcontext(here))


class Processes:
    """Worker processes of this machine. Where one dies, what all of them had in hand is lost, and
    new ones take their place."""

    def __init__(self, count: int, model: str | None) -> None:
        self._count = count
        self._model = model
        self._lock = Lock()
        self._one = Lock()
        self._closed = False
        self._pool = self._start()

    def submit(self, function: Callable[..., R], /, *args: Any, **named: Any) -> Future[R]:
        """Have a function of arguments called by one of the processes.

        Raises:
            CancelledError: the run has ended.
        """
        with self._lock:
            if self._closed:
                raise CancelledError("the run has ended")
            try:
                return self._pool.submit(function, *args, **named)
            except BrokenExecutor:
                self._pool.shutdown(wait=False, cancel_futures=True)
                self._pool = self._start()
                return self._pool.submit(function, *args, **named)

    @contextmanager
    def apart(self) -> Iterator[Pool]:
        """One process more, that only the caller uses.

        Raises:
            BrokenExecutor: it dies before it has anything to do, so no work is to blame.
        """
        with self._one, closing(Processes(1, self._model)) as pool:
            pool.submit(os.getpid).result()
            yield pool

    def close(self) -> None:
        """End the processes; batches that wait for one are of no use any more."""
        with self._lock:
            self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _start(self) -> ProcessPoolExecutor:
        pool = start_pool(self._count, self._model)
        warm_up(pool, self._count)
        return pool
