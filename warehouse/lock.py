"""One writer at a time on one machine: a lock on a file, which the system lets go of when the
process dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from warehouse.errors import WarehouseLocked

PAUSE = 0.2
"""Seconds between two looks at a lock that another holds."""


@contextmanager
def hold_file(path: Path, wait: float = 0) -> Iterator[None]:
    """Hold the lock on a file, waiting so many seconds for the process that holds it.

    Raises:
        WarehouseLocked: another process holds it still.
    """
    with path.open("a+") as handle:
        until = time.monotonic() + wait
        while not _locked(handle):
            if time.monotonic() >= until:
                raise locked(path.parent, _holder(handle))
            time.sleep(PAUSE)
        handle.seek(0)
        handle.truncate()
        handle.write(f"process {os.getpid()}")
        handle.flush()
        yield


def locked(warehouse: object, holder: str) -> WarehouseLocked:
    """The error that somebody writes to the warehouse."""
    return WarehouseLocked(
        f"the warehouse {warehouse} is being written by {holder}: wait"
        " for it (--wait SECONDS), or try again later"
    )


def _locked(handle: IO[str]) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(handle: IO[str]) -> str:
    handle.seek(0)
    return handle.read().strip() or "another process"
