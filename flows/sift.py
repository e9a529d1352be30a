"""Work on several documents that fails is done again on ever smaller parts of them.

A document on which our own code fails, or on which a process dies (killed for its memory, crashed
in a library), must not stop a night, and every night after it. So those are found that do not go
through, and the rest goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, CancelledError
from dataclasses import dataclass
from typing import Generic, TypeVar

from expectations.own import OwnExpectationsError
from flows.log import say
from flows.pool import Pool, Workers
from transforms.language.engine import EngineInvalid
from transforms.language.pipeline import ModelMissing, ModelUnexpected
from warehouse.errors import WarehouseError
from warehouse.store import StoreError

T = TypeVar("T")
R = TypeVar("R")

SURROUNDINGS = (
    OSError, ImportError, CancelledError, WarehouseError, StoreError, OwnExpectationsError,
    EngineInvalid, ModelMissing, ModelUnexpected,
)  # fmt: skip
"""Failures that no document is to blame for: they end the run."""
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Part(Generic[T, R]):
    """Some of the items, in order, with what the work gave; without that, the one on which it
    fails, and how."""

    items: Sequence[T]
    result: R | None
    failure: Exception | None = None


def sift(
    work: Callable[[Pool, Sequence[T]], R], items: Sequence[T], workers: Workers
) -> list[Part[T, R]]:
    """The work on all items or, where it fails, on parts of them; the parts in order.

    Parts are worked on by a process of their own, so that none is blamed for the end of a process
    that it shared.

    Raises:
        SURROUNDINGS: the work cannot be done here, whatever the items.
    """
    try:
        return [Part(items, work(workers.pool, items))]
    except SURROUNDINGS:
        raise
    except Exception as error:  # noqa: BLE001 - it is found out which item it belongs to
        if len(items) == 1 and not isinstance(error, BrokenExecutor):
            return [Part(items, None, error)]
        say(
            "fault", f"a batch of {len(items)} failed and is tried in parts: {error!r}",
            level=logging.WARNING,
        )  # fmt: skip
    with workers.apart() as pool:
        return _sift(work, items, pool)


def _sift(
    work: Callable[[Pool, Sequence[T]], R], items: Sequence[T], pool: Pool
) -> list[Part[T, R]]:
    try:
        return [Part(items, work(pool, items))]
    except SURROUNDINGS:
        raise
    except Exception as error:  # noqa: BLE001 - the same
        if len(items) == 1:
            return [Part(items, None, error)]
    middle = len(items) // 2
    return _sift(work, items[:middle], pool) + _sift(work, items[middle:], pool)


def explain(failure: Exception) -> str:
    """A fault of ours in a few words."""
    return f"dateline failed on it ({type(failure).__name__}: {str(failure)[:_LONGEST]})"
