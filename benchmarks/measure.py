"""Whole processes measured by the operating system's own account."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What a command cost, its children included; memory is of the largest process."""

    user: float
    wall: float
    memory: int


def run(arguments: Sequence[str], *, cwd: Path) -> Cost:
    """The cost of a `dateline` command.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    command = [sys.executable, "-m", "flows.cli", *arguments]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    clock = time.perf_counter()
    with subprocess.Popen(
        command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(usage.ru_utime, time.perf_counter() - clock, usage.ru_maxrss * 1024)


def best(arguments: Sequence[str], *, cwd: Path, runs: int = 3) -> Cost:
    """The cheapest of several runs: noise only ever adds."""
    return min((run(arguments, cwd=cwd) for _ in range(runs)), key=lambda cost: cost.user)
