"""The log of a run: one JSON object a line, kept in the warehouse folder beside the rows.

``logs/RUN.jsonl`` has ``time``, ``level``, ``run_id``, ``event`` and ``message``, and what else the
event is about. The rows of `runs` say how a run ended; the log says how it got there.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warehouse.lake import Warehouse

LOG = logging.getLogger("dateline")
LOG.setLevel(logging.INFO)
LOG.propagate = False


def log_path(warehouse: Warehouse, run_id: str) -> Path:
    """Where the log of a run lies."""
    return warehouse.root / "logs" / f"{run_id}.jsonl"


def say(event: str, message: str, *, level: int = logging.INFO, **facts: Any) -> None:
    """Write an event to the log of the run under way; outside of one, nowhere."""
    LOG.log(level, message, extra={"event": event, "facts": facts})


class JsonLines(logging.Formatter):
    """A record as one JSON object."""

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self.run_id = run_id

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "run_id": self.run_id,
            "event": getattr(record, "event", record.name),
            "message": record.getMessage(),
        }
        line |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[1] is not None:
            line["traceback"] = "".join(traceback.format_exception(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False, default=str)


@contextmanager
def logged(warehouse: Warehouse, run_id: str, *, to_terminal: bool) -> Iterator[None]:
    """Write what is said meanwhile to the run's log, and on request to standard error too.

    Warnings of Python and of libraries are taken along.
    """
    path = log_path(warehouse, run_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    handlers: list[logging.Handler] = [logging.FileHandler(path, encoding="utf-8")]
    if to_terminal:
        handlers.append(logging.StreamHandler(sys.stderr))
    heard = (LOG, logging.getLogger("py.warnings"))
    logging.captureWarnings(True)
    # what others write to the terminal would stand between the lines of JSON
    passed_on, heard[1].propagate = heard[1].propagate, heard[1].propagate and not to_terminal
    for handler in handlers:
        handler.setFormatter(JsonLines(run_id))
        for logger in heard:
            logger.addHandler(handler)
    try:
        yield
    finally:
        logging.captureWarnings(False)
        heard[1].propagate = passed_on
        for handler in handlers:
            for logger in heard:
                logger.removeHandler(handler)
            handler.close()
