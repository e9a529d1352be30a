"""Batches through processes: in order, bounded, with one language pipeline a process."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from functools import cache
from itertools import chain, islice
from typing import Protocol, TypeVar

from transforms.language.pipeline import SpacyPipeline, load_language

T = TypeVar("T")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


@cache
def language(model: str) -> SpacyPipeline:
    """The language pipeline of this process, loaded once."""
    return load_language(model)


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of up to `size` items."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def split_texts(items: Iterable[T], length: Callable[[T], int], most: int) -> Iterator[list[T]]:
    """The same in parts of at most so many characters, so that long texts do not take more memory.

    A text that is longer by itself is a part of its own. `length` says how many an item has.
    """
    part: list[T] = []
    taken = 0
    for one in items:
        own = length(one)
        if part and taken + own > most:
            yield part
            part, taken = [], 0
        part.append(one)
        taken += own
    if part:
        yield part


def start_pool(processes: int, model: str | None) -> ProcessPoolExecutor:
    """A pool whose processes load `model`, if any, at once, and die with their parent."""
    # not fork: the parent may hold threads of DuckDB, Arrow and an HTTP server
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, context, _prepare, (model,))


def warm_up(pool: Executor, processes: int) -> None:
    """Start the pool's processes now, so that loading overlaps with other waiting."""
    for _ in range(processes):
        pool.submit(os.getpid)


def _prepare(model: str | None) -> None:
    die_with_parent()
    if model is not None:
        language(model)


def die_with_parent() -> None:
    """End this process as soon as the one that started it has ended, however that came."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_die_with, args=(parent,), daemon=True).start()


def _die_with(parent: multiprocessing.process.BaseProcess) -> None:
    """A parent that was killed cannot tell its workers to stop."""
    parent.join()
    os._exit(1)


def spread(
    function: Callable[[T], R], batches: Iterable[T], processes: int, model: str | None = None
) -> Iterator[R]:
    """`function` of each batch, in order; a single batch runs in this process.

    At most two batches a process are under way, so memory does not grow with the input.
    """
    iterator = iter(batches)
    head = list(islice(iterator, 2))
    if len(head) < 2 or processes == 1:
        yield from map(function, chain(head, iterator))
        return
    with start_pool(processes, model) as pool:

        def submit(batch: T) -> Future[R]:
            return pool.submit(function, batch)

        yield from in_order(submit, chain(head, iterator), 2 * processes)


class Result(Protocol[R_co]):
    """What will be a result: a future of the standard library or of Prefect."""

    def result(self) -> R_co:
        """The result, waited for."""
        ...


def in_order(submit: Callable[[T], Result[R]], batches: Iterable[T], under_way: int) -> Iterator[R]:
    """Results in the order of `batches`, with at most `under_way` submitted and not yet given."""
    waiting: deque[Result[R]] = deque()
    for batch in batches:
        waiting.append(submit(batch))
        if len(waiting) >= under_way:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
