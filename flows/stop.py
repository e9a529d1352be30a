"""Stopping in order: SIGTERM lets the batches under way end, and what is done is published."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from flows.log import say

T = TypeVar("T")


class Stop:
    """Whether somebody has asked the run to stop, and whether that cut anything off."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self.cut = False

    def ask(self) -> None:
        """Ask the run to stop at the next batch."""
        self._asked.set()

    @property
    def asked(self) -> bool:
        """Whether the run is to stop."""
        return self._asked.is_set()

    def until(self, items: Iterable[T]) -> Iterator[T]:
        """The items up to the time somebody asks to stop."""
        for item in items:
            if self.asked:
                self.cut = True
                return
            yield item


@contextmanager
def stop_on_sigterm() -> Iterator[Stop]:
    """A Stop that SIGTERM asks for. A second SIGTERM ends the process at once.

    Outside the main thread, where no signal can be taken, nobody asks.
    """
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def take(number: int, frame: FrameType | None) -> None:
        say("stop", "asked to stop: the batches under way are finished", level=logging.WARNING)
        stop.ask()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

    before = signal.signal(signal.SIGTERM, take)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGTERM, before)
