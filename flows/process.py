"""From batches to a snapshot: extract, annotate, validate and stage each, then publish all.

A batch of articles is one task; processes do its work. Nothing is visible in the warehouse before
the whole run has passed; then one transaction publishes it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.utilities.annotations import quote

from flows.batch import (
    Held,
    Incoming,
    Staged,
    quarantine_documents,
)
from flows.collect import Fetched, Record, fetch_pages
from flows.faults import hold
from flows.fetch.archive import positioned
from flows.forgotten import load_forgotten
from flows.fresh import drop_forgotten, find_new, is_forgotten, is_within
from flows.job import Run
from flows.log import say
from flows.meter import Meter, Usage
from flows.plan import Planned
from flows.run import Account
from flows.withhold import NAMED, hold_out
from flows.work import extract, stage
from flows.workers import Result, in_order
from warehouse.lake import connect, known_quarantine
from warehouse.tables import FETCHES

Batch = Sequence[Planned] | Sequence[Fetched]
"""Pages to fetch, or documents that are here already."""


# --------------------------------------------------------------------------- batches


@dataclass(frozen=True, slots=True)
class BatchDone:
    """What became of one batch."""

    size: int
    extracted: int
    records: list[Record]
    failed: int
    unchanged: int
    left_out: Counter[str]
    held: list[Held]
    staged: list[Staged]
    usage: dict[str, Usage]


def process_batches(run: Run, batches: Iterable[Batch], total: int | None) -> None:
    """Every batch through its task, a bounded number at a time; `total` items, if that is known."""
    done_items = 0
    numbered = enumerate(hand_out(run, batches))
    for number, done in enumerate(in_order(_leader(run), numbered, run.workers.under_way)):
        take_in(run.account, done)
        _log_batch(number, done)
        done_items += done.size
        run.report("articles", done_items, total)
    run.report("articles", done_items, total if run.stop.cut else done_items)


def _leader(run: Run) -> Callable[[tuple[int, Batch]], Result[BatchDone]]:
    """What has a batch led: a task of Prefect; or a thread, where its work becomes tasks itself."""
    leaders = run.workers.leaders
    if leaders is None:
        return lambda numbered: _submit(run, *numbered)
    return lambda numbered: leaders.submit(process_batch.fn, run, *numbered)


def _submit(run: Run, number: int, batch: Batch) -> PrefectFuture[BatchDone]:
    """Start a batch, quoted: Prefect would look through all of it for futures of other tasks, and
    through the account while that changes."""
    quoted: Any = quote(run)
    return process_batch.submit(quoted, number, quote(batch), return_state=False)


def hand_out(run: Run, batches: Iterable[Batch]) -> Iterator[Batch]:
    """The batches until somebody asks to stop, with what is in them counted.

    Pages are known before the first batch, and what a stop leaves of them is counted as left out.
    """
    account, asked = run.account, 0
    account.items_in += account.pages_listed
    for batch in run.stop.until(batches):
        asked += sum(isinstance(one, Planned) for one in batch)
        account.items_in += sum(isinstance(one, Fetched) and one.is_item for one in batch)
        yield batch
    if run.stop.cut:
        account.left_out["left for the next run: stopped on request"] = account.pages_listed - asked


def take_in(account: Account, done: BatchDone) -> None:
    """Count what became of a batch."""
    account.add_fetches(done.records, done.unchanged)
    account.items_failed += done.failed
    account.left_out.update(done.left_out)
    account.add_held(done.held)
    for staged in done.staged:
        account.add_staged(staged)
    account.add_usage(done.usage)
    account.add_extracted(done.extracted, done.held)


def _log_batch(number: int, done: BatchDone) -> None:
    """Say what became of a batch, and what went wrong in it."""
    new = sum(staged.versions for staged in done.staged)
    say(
        "batch", f"batch {number}: {done.size} looked at, {new} new",
        batch=number, looked_at=done.size, unchanged=done.unchanged,
        new=new, rows=sum(staged.rows for staged in done.staged),
        seconds={stage: round(used.seconds, 3) for stage, used in done.usage.items()},
    )  # fmt: skip
    for record in done.records:
        if record.get("error_class"):
            say(
                "fetch", f"{record['url']}: {record['error']}", level=logging.WARNING,
                source=record["source_id"], url=record["url"], error_class=record["error_class"],
            )  # fmt: skip
    for held in done.held:
        say(
            "held", f"{held.where}: {held.reason}", level=logging.WARNING,
            source=held.source_id, where=held.where, rule=held.rule,
        )  # fmt: skip
    for staged in done.staged:
        for reason, count in staged.quarantined.items():
            say("rows held", f"{count} rows: {reason}", level=logging.WARNING, rows=count)


@task(cache_policy=NO_CACHE, persist_result=False, task_run_name="batch {number}")
def process_batch(run: Run, number: int, batch: Batch) -> BatchDone:
    """Fetch, extract, annotate, validate and stage one batch."""
    lake, account = run.settings.lake, run.account
    meter = Meter()
    with meter.stage("fetch", alone=False):
        fetched = _fetched(run, batch)
    # one session for both looks into the lake: to open one takes as long as a dozen questions
    with connect(lake) as connection:
        forgotten = load_forgotten(connection)
        items = sum(f.is_item for f in fetched)
        fetched = [f for f in fetched if not is_forgotten(f, forgotten)]
        came = [f for f in fetched if f.item is not None]
        documents = [f.item for f in came if f.item is not None]
        outcomes, extracting = extract(documents, run.published, run.workers)
        fetched, came, outcomes = drop_forgotten(fetched, came, outcomes, forgotten)
        left_out = Counter({"forgotten on request": items - sum(f.is_item for f in fetched)})
        fetched, came, outcomes, left_out[NAMED] = hold_out(
            connection, lake.archive, account.started_at, fetched, came, outcomes, forgotten
        )
        held = [o for o in outcomes if isinstance(o, Held)]
        read = [o for o in outcomes if isinstance(o, Incoming)]
        wanted = [o for o in read if is_within(run.window, o)]
        left_out["published on other days than those asked for"] = len(read) - len(wanted)
        new = find_new(connection, wanted)
        known = known_quarantine(connection, [h.key for h in held])
    folder = lake.staging(account.run_id) / f"batch-{number:06d}"
    staged, failures = stage(run.settings, account, run.zones, new, folder, run.workers)
    if failures:
        read_from = {(d.source_id, d.where): d for d in documents}
        faults = {(i.source_id, i.where): failure for i, failure in failures}
        broken = {place: hold(read_from[place], failure) for place, failure in faults.items()}
        outcomes = [broken.get((o.source_id, o.where), o) for o in outcomes]
        held += broken.values()
        with connect(lake) as connection:
            known = known_quarantine(connection, [h.key for h in held])
    fresh = {(i.article_id, i.version) for i in new} | {h.key for h in held} - known
    records = _recorded(run, fetched, dict(zip(map(id, came), outcomes, strict=True)), fresh)
    if held:
        quarantine_documents(
            held, folder / "documents", run_id=account.run_id, as_of=account.started_at
        )
    run.stage(FETCHES, records, f"batch-{number:06d}/fetches")
    unchanged = sum(f.unchanged for f in fetched) + len(wanted) - len(new)
    failed = sum(bool(f.record.get("error_class")) for f in fetched)
    return BatchDone(
        len(batch), len(outcomes), records, failed, unchanged, +left_out, held, staged,
        meter.usage | extracting,
    )  # fmt: skip


def _fetched(run: Run, batch: Batch) -> list[Fetched]:
    planned = [p for p in batch if isinstance(p, Planned)]
    if not planned:
        return [f for f in batch if isinstance(f, Fetched)]
    assert run.client is not None
    return fetch_pages(
        planned,
        run.client,
        run_id=run.account.run_id,
        connections=run.settings.fetch.connections,
    )


def _recorded(
    run: Run,
    fetched: Sequence[Fetched],
    outcomes: Mapping[int, Incoming | Held],
    fresh: Set[object],
) -> list[Record]:
    """The rows of `fetches`, with the article each became and where its bytes are archived.

    `fresh` holds what the warehouse does not know: versions of articles, and keys of documents that
    are held back.
    """
    records = []
    for one in fetched:
        record, outcome = one.record, outcomes.get(id(one))
        told: object = outcome.key if isinstance(outcome, Held) else None
        if isinstance(outcome, Incoming):
            told = (outcome.article_id, outcome.version)
            if record:
                record = record | {"article_id": outcome.article_id}
        if run.archive is not None and (record or told in fresh):
            # a file is read again every night: only what is new in it is kept
            item = one.item if one.response is not None or told in fresh else None
            position = run.archive.add(record, item, one.response, unchanged=one.unchanged)
            if record and position is not None:
                record = record | positioned(position)
        if record:
            records.append(record)
    return records
