"""Documents that do not go through: held back until a version can read them."""

from __future__ import annotations

import logging
from concurrent.futures import BrokenExecutor
from traceback import format_exception

from flows.batch import Held, Item
from flows.log import say
from flows.sift import explain

FAULT, CRASH = "fault", "crash"
"""Rules of the quarantine that such a document broke: `document:fault`, `document:crash`."""


def hold(item: Item, failure: Exception) -> Held:
    """The document as it goes to the quarantine; the log has where our code failed."""
    died = isinstance(failure, BrokenExecutor) or type(failure).__name__ == "KilledWorker"
    if died:
        reason = (
            "the process that read it died, out of memory or in a library: raise the memory, or"
            " report it, then `dateline quarantine replay`"
        )
    else:
        reason = (
            f"{explain(failure)}: report what `dateline runs logs` says of it, and replay it with a"
            " version that is mended"
        )
    tell(item.source_id, item.where, failure)
    return Held(item.source_id, item.where, CRASH if died else FAULT, reason, item.body, item)


def tell(source_id: str, where: str, failure: Exception) -> None:
    """Put into the log on what the work failed, and where in our code."""
    say(
        "fault", f"{where}: {failure!r}", level=logging.ERROR,
        source=source_id, where=where, traceback="".join(format_exception(failure)),
    )  # fmt: skip
