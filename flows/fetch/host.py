"""What is known of one host: whose turn it is, when it may be asked, whether it is in trouble."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

TROUBLE = 5
PAUSE = 300.0


@dataclass
class Host:
    """State of one host; one request at a time holds its turn."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    next_at: float = 0.0
    failures: int = 0
    closed_until: float = 0.0

    @contextmanager
    def turn(
        self, delay: float, clock: Callable[[], float], sleep: Callable[[float], None]
    ) -> Iterator[float]:
        """The host for this thread alone, `delay` seconds after its last request ended.

        Yields the seconds waited.
        """
        began = clock()
        with self.lock:
            wait = self.next_at - clock()
            if wait > 0:
                sleep(wait)
            try:
                yield max(0.0, clock() - began)
            finally:
                self.next_at = max(self.next_at, clock() + delay)

    def is_open(self, now: float) -> bool:
        """Whether the circuit is open: the host is left alone after `TROUBLE` failures in a row."""
        return now < self.closed_until

    def record(self, trouble: bool, now: float) -> None:
        """Count an outcome; after a pause one request is let through, and decides."""
        self.failures = self.failures + 1 if trouble else 0
        if self.failures >= TROUBLE:
            self.closed_until = now + PAUSE
            self.failures = TROUBLE - 1


class Hosts:
    """Every host met so far."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hosts: dict[str, Host] = {}

    def of(self, name: str) -> Host:
        """The state of a host by its name and port."""
        with self._lock:
            return self._hosts.setdefault(name, Host())
