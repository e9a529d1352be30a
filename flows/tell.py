"""Telling how a piece of work went when it has ended, whichever way: its own error comes first."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from flows.alerts import alert
from flows.log import say
from flows.settings import Settings
from flows.status import RUN_FAILED, Trouble


@contextmanager
def told(settings: Settings, work: str) -> Iterator[None]:
    """Send the digest of alerts when the work has ended.

    A failure of the work goes through as it is and is in the digest, where the run has not left it
    in the warehouse. That it could not be told is logged and on standard error, and never takes the
    place of a failure of the work, or makes one.
    """
    failed = None
    try:
        yield
    except Exception as error:
        failed = failure(work, error)
        raise
    finally:
        for words in _undelivered(settings, failed):
            say("alert", words, level=logging.ERROR)
            print(f"dateline: {words}", file=sys.stderr)


def failure(work: str, error: BaseException) -> Trouble:
    """The failure of a piece of work, as somebody should look at it."""
    key = RUN_FAILED if work == "ingest" else f"{work}:failed"
    said = str(error) or type(error).__name__
    hint = "`dateline runs list` has the runs, and `dateline runs logs` what they said."
    return Trouble(key, "critical", f"The last {work} failed: {said}", "pipeline", hint)


def _undelivered(settings: Settings, failed: Trouble | None) -> list[str]:
    try:
        failures = alert(settings, failed=failed)
    except Exception as error:  # noqa: BLE001 - whatever it is, the work's own end counts
        said = f"{type(error).__name__}: {error}" if isinstance(error, OSError) else repr(error)
        return [
            f"no alert was sent ({said}): see whether the warehouse folder can be read and"
            " written; what was not told is told after the next run"
        ]
    return [
        f"alert not delivered: {words}. Mend [alerts] in the configuration or its environment; it"
        " is told again after the next run"
        for words in failures
    ]
