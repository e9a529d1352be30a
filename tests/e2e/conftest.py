"""One pool of workers for all runs of a file: each would load the language model anew."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest

from flows import pool as pooled
from flows.workers import start_pool


class Kept:
    """A pool that the runs which use it leave open."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self.submit = pool.submit

    def __enter__(self) -> Kept:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def shutdown(self, **_: bool) -> None:
        pass


@pytest.fixture(scope="module", autouse=True)
def pools() -> Iterator[None]:
    pools: dict[tuple[int, str | None], ProcessPoolExecutor] = {}

    def start(processes: int, model: str | None) -> Kept:
        key = (processes, model)
        if key not in pools:
            pools[key] = start_pool(processes, model)
        return Kept(pools[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pooled, "start_pool", start)
        yield
    for pool in pools.values():
        pool.shutdown(cancel_futures=True)
