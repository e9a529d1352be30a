"""Where a run's batches are worked on: processes of this machine, or Dask workers on any.

A batch is led from this process, which fetches, looks up what is known and counts; extracting,
annotating, checking and staging are done by whoever takes it. The functions, what goes in and what
comes out are the same, so the rows are too.
"""

from __future__ import annotations

import contextvars
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import (
    ThreadPoolExecutor,
)
from contextlib import closing, contextmanager, nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.pool import Processes, Workers
from flows.settings import Settings
from flows.stamp import code_version, model_name, versions
from flows.workers import Result
from warehouse.lake import WarehouseError

if TYPE_CHECKING:
    from prefect_dask.task_runners import DaskTaskRunner

R = TypeVar("R")

_AHEAD = 2
"""Batches for each worker that are under way at a time."""


class ClusterUnreachable(WarehouseError):
    """There is nobody to work on batches."""


class VersionMismatch(WarehouseError):
    """A worker would write other rows than this process: it has other code, model or libraries."""


@contextmanager
def start_workers(settings: Settings) -> Iterator[Workers]:
    """The workers that the settings ask for, until the run ends.

    Raises:
        WarehouseError: workers on other machines could not reach what they need.
        VersionMismatch: a worker has another version of what decides rows.
    """
    if settings.scale.engine == "dask":
        with _dask(settings) as workers:
            yield workers
        return
    with closing(Processes(settings.processes, settings.model)) as pool:
        yield Workers(pool, settings.processes + 1, pool.apart)


# --------------------------------------------------------------------------- Dask


@contextmanager
def _dask(settings: Settings) -> Iterator[Workers]:
    """Workers of the cluster at the configured address, or of one for this run."""
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise WarehouseError(
            "scale.engine = \"dask\" needs more packages: run `pip install 'dateline[scale]'`"
        ) from error
    local: dict[str, Any] = {
        "n_workers": settings.processes, "threads_per_worker": 1, "processes": True,
        "host": "127.0.0.1", "dashboard_address": None,
    }  # fmt: skip
    # it tells of each connection; what goes wrong it still says
    logging.getLogger("distributed").setLevel(logging.WARNING)
    address = settings.scale.address
    runner = DaskTaskRunner(address=address) if address else DaskTaskRunner(cluster_kwargs=local)
    with runner:
        count = _count_workers(runner, address)
        _check_versions(runner, settings.model)
        with ThreadPoolExecutor(_AHEAD * count) as leaders:
            try:
                pool = _DaskPool(runner, settings.model)
                # Dask itself tries elsewhere what a worker died on, and then says which task it was
                yield Workers(pool, _AHEAD * count, lambda: nullcontext(pool), leaders)
            finally:
                leaders.shutdown(wait=False, cancel_futures=True)


def _count_workers(runner: DaskTaskRunner, address: str | None) -> int:
    """How many threads of workers there are.

    Raises:
        ClusterUnreachable: the scheduler does not answer, or has no worker.
    """
    try:
        count = sum(runner.client.nthreads().values())  # type: ignore[no-untyped-call]
    except OSError as error:
        raise ClusterUnreachable(
            f"the Dask scheduler {address} does not answer: {error}. Nothing was published; see"
            " that it runs and may be reached from here"
        ) from error
    if not count:
        raise ClusterUnreachable(
            f"the Dask scheduler {address} has no workers: start some with `dask worker {address}"
            " --nthreads 1`"
        )
    return count


def _check_versions(runner: DaskTaskRunner, model: str) -> None:
    wanted = rows_version(model)
    for worker, found in runner.client.run(rows_version, model).items():
        _compare(worker, found, wanted)


def _compare(worker: str, found: str, wanted: str) -> None:
    if found != wanted:
        raise VersionMismatch(
            f"the worker {worker} would write other rows than this machine: it has {found}, and"
            f" this has {wanted}. Install the same version of dateline, with its lock, on both"
        )


@cache
def rows_version(model: str) -> str:
    """What decides rows beside the texts and settings: code, data and libraries, and the model."""
    return f"{code_version()} {model_name(model)} {versions()}"


@task(cache_policy=NO_CACHE, persist_result=False, task_run_name="{name} {number}")
def work(
    name: str,
    number: int,
    wanted: str,
    model: str,
    function: Callable[..., R],
    args: tuple[Any, ...],
    named: dict[str, Any],
) -> R:
    """What a Dask worker does of a batch; one that joined late is held to the same versions."""
    _compare("that took a batch", rows_version(model), wanted)
    return function(*args, **named)


class _DaskPool:
    """Dask's workers, as Prefect's task runner gives them."""

    def __init__(self, runner: DaskTaskRunner, model: str) -> None:
        self._runner = runner
        self._model = model
        self._count = 0
        # tasks are children of the flow, whatever thread hands them in
        self._context = contextvars.copy_context()

    def submit(self, function: Callable[..., R], /, *args: Any, **named: Any) -> Result[R]:
        """Have a function called as a task of Prefect on a worker."""
        self._count += 1
        parameters = {
            "name": function.__name__, "number": self._count, "wanted": rows_version(self._model),
            "model": self._model, "function": function, "args": args, "named": named,
        }  # fmt: skip
        context = self._context.copy()
        submit: Any = self._runner.submit
        future: Result[R] = context.run(submit, work, parameters)
        return future
