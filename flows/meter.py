"""What a stage costs: wall time, processor time and memory of this process."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used; two of them add up.

    Attributes:
        seconds: wall time.
        cpu_seconds: of the process, where nothing else ran in it; null where something did.
        peak_memory: largest resident set in the meantime, in bytes.
    """

    seconds: float = 0.0
    cpu_seconds: float | None = None
    peak_memory: int = 0

    def __add__(self, other: Usage) -> Usage:
        known = [c for c in (self.cpu_seconds, other.cpu_seconds) if c is not None]
        return Usage(
            self.seconds + other.seconds,
            sum(known) if known else None,
            max(self.peak_memory, other.peak_memory),
        )


class Meter:
    """Measures stages by name; what a stage used in several turns adds up."""

    def __init__(self) -> None:
        self.usage: dict[str, Usage] = {}

    @contextmanager
    def stage(self, name: str, *, alone: bool = True) -> Iterator[None]:
        """Measure what is done inside.

        Args:
            alone: nothing else runs in this process meanwhile. Otherwise its processor time and its
                peak cannot be told apart from the others', and are not counted as the stage's own.
        """
        if alone:
            _forget_peak()
        clock, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            used = Usage(
                time.perf_counter() - clock,
                time.process_time() - cpu if alone else None,
                peak_memory(),
            )
            self.usage[name] = self.usage.get(name, Usage()) + used


def peak_memory() -> int:
    """The largest resident set of this process, in bytes, since a stage last began alone."""
    try:
        status = _STATUS.read_text(encoding="ascii")
    except OSError:  # only Linux has it
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def _forget_peak() -> None:
    """Let the kernel count this process's largest resident set anew (proc(5), clear_refs)."""
    try:
        _RESET.write_text("5", encoding="ascii")
    except OSError:  # not Linux, or not allowed: the peak is then the process's whole life's
        return
