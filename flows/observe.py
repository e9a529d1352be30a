"""A run as others see it: its log, its lineage events, its artifacts and its progress."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

from flows import artifacts
from flows.lineage import emit, end_event, read_checks, start_event
from flows.log import logged, say
from flows.progress import Report, bars, silent
from flows.run import Account
from flows.settings import Settings


@contextmanager
def progress(settings: Settings) -> Iterator[Report]:
    """The reporter asked for: bars, or nothing where the log goes to the terminal."""
    with nullcontext(silent) if settings.log_format == "json" else bars() as report:
        yield report


@contextmanager
def watched(account: Account, settings: Settings, report: Report) -> Iterator[Report]:
    """Tell of a run from its begin to its end, whichever that is; the reporter to tell progress.

    The run's state must be set when this ends; an exception that goes through leaves it failed.
    """
    lineage = settings.lineage
    tells = lineage.url is not None or lineage.file is not None
    with logged(settings.lake, account.run_id, to_terminal=settings.log_format == "json"):
        say(
            "begin", f"{account.kind} {account.run_id} begins", kind=account.kind,
            sources=len(settings.sources), processes=settings.processes,
        )  # fmt: skip
        if tells:
            emit(start_event(account, settings, datetime.now(UTC)), lineage)
        if artifacts.wanted():
            report = artifacts.with_progress(report, account.run_id)
        try:
            yield report
        except BaseException as error:
            account.state, account.message = "failed", str(error) or type(error).__name__
            say("failed", account.message, level=logging.ERROR)
            logging.getLogger("dateline").error(
                "traceback", exc_info=error, extra={"event": "traceback"}
            )
            if tells:
                emit(end_event(account, settings, datetime.now(UTC), {}, ()), lineage)
            raise
        say("end", f"{account.kind} {account.run_id}: {account.state}", **_facts(account))
        if tells:
            checks = read_checks(settings.lake, account.run_id)
            event = end_event(account, settings, datetime.now(UTC), account.written, checks)
            emit(event, lineage)
        if artifacts.wanted():
            artifacts.publish_account(account)


def _facts(account: Account) -> dict[str, Any]:
    counts = (
        "state", "items_in", "items_failed", "articles_in", "articles_new", "articles_unchanged",
        "articles_skipped", "rows_out", "rows_quarantined", "fetch_failures", "snapshot",
    )  # fmt: skip
    stages = {name: round(used.seconds, 3) for name, used in account.usage.items()}
    return {name: getattr(account, name) for name in counts} | {"seconds": stages}
