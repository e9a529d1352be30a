"""From batches to a snapshot: extract, annotate, validate and stage each, then publish all.

A batch of articles is one task; processes do its work. Nothing is visible in the warehouse before
the whole run has passed; then one transaction publishes it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.utilities.annotations import quote

from flows.batch import (
    Held,
    Incoming,
    Staged,
    extract_items,
    quarantine_documents,
    stage_batch,
)
from flows.collect import Fetched, Record, fetch_pages
from flows.engine import Workers
from flows.fetch.archive import Archive, positioned
from flows.fetch.client import Client
from flows.forgotten import load_forgotten
from flows.fresh import drop_forgotten, find_new, is_forgotten, is_within
from flows.log import say
from flows.meter import Meter, Usage
from flows.plan import Planned
from flows.progress import Report
from flows.run import Account, is_published, stage_records
from flows.settings import Settings
from flows.stamp import stamps_of
from flows.stop import Stop
from flows.workers import Result, in_order, split_texts
from warehouse.lake import connect, known_quarantine
from warehouse.publish import (
    keep_records,
)
from warehouse.store import Place, list_files
from warehouse.tables import FETCHES, SOURCES

Batch = Sequence[Planned] | Sequence[Fetched]
"""Pages to fetch, or documents that are here already."""


@dataclass(frozen=True)
class Run:
    """A run under way: what every stage needs.

    Attributes:
        client: null where nothing is to be fetched.
        archive: null where what comes is not to be kept, or is kept already.
        stop: tells when to stop; what is done by then is published.
        window: articles published outside of it are left out; end exclusive.
    """

    settings: Settings
    account: Account
    published: datetime | None
    client: Client | None
    archive: Archive | None
    workers: Workers
    report: Report
    stop: Stop = field(default_factory=Stop)
    window: tuple[datetime, datetime] | None = None

    @property
    def zones(self) -> dict[str, str | None]:
        """The configured time zone of each source."""
        return {source.id: source.zone for source in self.settings.sources}

    def stage(self, table: Any, records: Sequence[Record], part: str) -> None:
        """Write records of the run next to its staged rows."""
        stage_records(self.settings.lake, self.account.run_id, table, records, part)

    def staged(self, name: str) -> list[Place]:
        """The staged files of a table."""
        folder = self.settings.lake.staging(self.account.run_id)
        return [path for path, _ in list_files(folder, f"{name}.parquet")]

    def keep(self) -> None:
        """Keep the account of a run that publishes nothing, for the next publish.

        A failed run leaves the sources as they were, so that they give the same again.
        """
        if self.account.state == "failed":
            for path in self.staged(SOURCES.name):
                path.unlink()
        self.account.write(self.settings.lake, self.settings)
        keep_records(self.settings.lake, self.account.run_id)

    @contextmanager
    def kept_if_failed(self) -> Iterator[None]:
        """Keep the account of a run that fails; its own failure goes through in any case.

        What fails when the run is published already, such as an index that the next run makes,
        does not make it a failed one.
        """
        try:
            yield
        except Exception as error:
            try:
                if is_published(self.settings.lake, self.account.run_id):
                    say("after", f"the run is published, but: {error}", level=logging.ERROR)
                else:
                    self.account.state, self.account.message = "failed", str(error)
                    self.keep()
            except Exception as other:  # noqa: BLE001 - such as a disk that is full for this too
                say(
                    "keep", f"the failed run could not be recorded either: {other}",
                    level=logging.ERROR,
                )  # fmt: skip
            raise


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
    usage = meter.usage
    # one session for both looks into the lake: to open one takes as long as a dozen questions
    with connect(lake) as connection:
        forgotten = load_forgotten(connection)
        items = sum(f.is_item for f in fetched)
        fetched = [f for f in fetched if not is_forgotten(f, forgotten)]
        came = [f for f in fetched if f.item is not None]
        outcomes: list[Incoming | Held] = []
        if came:
            outcomes, extracting = run.workers.pool.submit(
                extract_items, [f.item for f in came if f.item is not None], run.published
            ).result()
            usage |= extracting
        fetched, came, outcomes = drop_forgotten(fetched, came, outcomes, forgotten)
        left_out = Counter({"forgotten on request": items - sum(f.is_item for f in fetched)})
        held = [o for o in outcomes if isinstance(o, Held)]
        read = [o for o in outcomes if isinstance(o, Incoming)]
        wanted = [o for o in read if is_within(run.window, o)]
        left_out["published on other days than those asked for"] = len(read) - len(wanted)
        new = find_new(connection, wanted)
        known = known_quarantine(connection, [h.key for h in held])
    fresh = {(i.article_id, i.version) for i in new} | {h.key for h in held} - known
    records = _recorded(run, fetched, dict(zip(map(id, came), outcomes, strict=True)), fresh)
    folder = lake.staging(account.run_id) / f"batch-{number:06d}"
    if held:
        quarantine_documents(
            held, folder / "documents", run_id=account.run_id, as_of=account.started_at
        )
    staged = [
        run.workers.pool.submit(
            stage_batch,
            part,
            folder / f"part-{place}",
            model=run.settings.model,
            vague_policy=run.settings.vague_policy,
            run_id=account.run_id,
            as_of=account.started_at,
            zones=run.zones,
            stamps=stamps_of(run.settings, {i.source_id for i in part}),
            own=run.settings.quality.expectations,
        ).result()
        for place, part in enumerate(
            split_texts(new, lambda i: len(i.extracted.text), run.settings.characters)
        )
    ]
    run.stage(FETCHES, records, f"batch-{number:06d}/fetches")
    unchanged = sum(f.unchanged for f in fetched) + len(wanted) - len(new)
    failed = sum(bool(f.record.get("error_class")) for f in fetched)
    return BatchDone(
        len(batch), len(outcomes), records, failed, unchanged, +left_out, held, staged, usage
    )


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
