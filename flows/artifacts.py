"""Prefect artifacts: what a run did, shown in Prefect's own pages to those who run its server.

A run does not fail with those pages: what could not be shown is in its log.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import httpx
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.exceptions import PrefectException

from flows.log import say
from flows.progress import Report
from flows.run import STAGES, Account


def wanted() -> bool:
    """Whether there is a server whose pages somebody may look at."""
    return "PREFECT_API_URL" in os.environ


def with_progress(report: Report, run_id: str) -> Report:
    """The same reporter that also moves a progress artifact for each label."""
    shown: dict[str, tuple[UUID, int]] = {}

    def told(label: str, done: int, total: int | None) -> None:
        report(label, done, total)
        if not total:
            return
        percent = int(100 * done / total)
        with _told():
            if label not in shown:
                made = create_progress_artifact(
                    progress=percent, key=_key(label), description=f"{label} of run {run_id}"
                )
                assert isinstance(made, UUID)  # a coroutine only where a loop runs, as none does
                shown[label] = made, percent
            elif percent != shown[label][1]:
                update_progress_artifact(artifact_id=shown[label][0], progress=percent)
                shown[label] = shown[label][0], percent

    return told


def publish_account(account: Account) -> None:
    """What came in and what each stage cost, as a markdown and two table artifacts."""
    held = [{"reason": why, "count": n} for why, n in account.held_back.most_common(50)]
    with _told():
        create_markdown_artifact(_markdown(account), key="run", description=account.run_id)
        create_table_artifact(_stages(account), key="stages", description=account.run_id)
        if held:
            create_table_artifact(held, key="held-back", description=account.run_id)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (httpx.HTTPError, PrefectException) as error:
        say("artifact", f"Prefect's server took no artifact: {error}", level=logging.WARNING)


def _key(label: str) -> str:
    return "progress-" + "".join(c if c.isalnum() else "-" for c in label.lower())


def _markdown(account: Account) -> str:
    lines = [f"# Run {account.run_id}: {account.state}", ""]
    if account.message:
        lines += [account.message, ""]
    lines += [
        f"- {account.articles_in:,} articles looked at, {account.articles_new:,} new versions",
        f"- {account.rows_out:,} fact rows, {account.rows_quarantined:,} rows held back",
        f"- {account.fetch_failures:,} failed fetches",
        f"- {account.sources_failed} of {account.sources} sources could not be read",
        f"- snapshot {account.snapshot}",
    ]
    return "\n".join(lines)


def _stages(account: Account) -> list[dict[str, Any]]:
    rows = []
    for stage in STAGES:
        if stage in account.usage:
            rows_in, rows_out, held = account.counts.get(stage, (0, 0, 0))
            used = account.usage[stage]
            rate = round(rows_in / used.seconds, 1) if used.seconds else None
            rows.append(
                {
                    "stage": stage, "in": rows_in, "out": rows_out, "held back": held,
                    "seconds": round(used.seconds, 2), "in a second": rate,
                    "peak MB": round(used.peak_memory / 1e6),
                }
            )  # fmt: skip
    return rows
