"""The nightly flow: discover, fetch, extract, annotate, validate, publish.

A batch of articles is one task; processes do its work. Nothing is visible in the warehouse before
the whole run has passed; then one transaction publishes it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner

from expectations.check import merge_results
from flows.batch import (
    Held,
    Incoming,
    Staged,
    extract_items,
    quarantine_documents,
    read_tables,
    stage_batch,
    write_table,
)
from flows.collect import (
    Fetched,
    Record,
    alternate_hosts,
    due,
    fetch_pages,
    known_visits,
    list_source,
    make_client,
    read_source_files,
    source_record,
    source_states,
    visit_record,
)
from flows.fetch.client import Client
from flows.progress import Report, bars
from flows.run import Account, stage_records
from flows.settings import Settings, SourceSettings, load_settings
from flows.sources.candidate import Candidate
from flows.sources.discover import Discovered
from flows.story import cluster_staged, keep_stories
from flows.workers import batched, in_order, start_pool, warm_up
from transforms.convert import as_arrow
from warehouse.lake import (
    connect,
    current_versions,
    snapshot_id,
    writer_lock,
)
from warehouse.publish import clear_staging, keep_records, publish, unknown_quarantine
from warehouse.tables import CHECKS, FETCHES, SOURCES

MAX_THREADS = 16


class ValidationStopped(Exception):
    """A table failed an expectation that guards the warehouse; nothing was published."""


@flow(
    name="ingest",
    validate_parameters=False,
    task_runner=ThreadPoolTaskRunner(max_workers=MAX_THREADS),  # type: ignore[arg-type]
)
def ingest(
    config: str | None = None,
    published: str | None = None,
    warehouse: str | None = None,
    model: str | None = None,
    workers: int | None = None,
) -> Account:
    """Ingest the configured sources into the warehouse; the account of the run.

    Args:
        config: path of the TOML file; default dateline.toml.
        published: ISO 8601 publication time for texts that state none.
        warehouse, model, workers: stand above the configuration.

    Raises:
        WarehouseLocked: another run is writing.
        ValidationStopped: a table failed; the last snapshot stands.
    """
    settings = load_settings(
        Path(config) if config else None, warehouse=warehouse, model=model, workers=workers
    )
    default = datetime.fromisoformat(published) if published else None
    started = datetime.now(UTC)
    account = Account(f"{started:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:6]}", started)
    with (
        writer_lock(settings.lake),
        start_pool(settings.processes, settings.model) as pool,
        make_client(settings.fetch) as client,
        bars() as report,
    ):
        warm_up(pool, settings.processes)
        clear_staging(settings.lake)
        run = Run(settings, account, default, client, pool, report)
        try:
            _run(run)
        except Exception as error:
            account.state, account.message = "failed", str(error)
            run.close()
            raise
        finally:
            # batches that wait for a worker are of no use to a run that has ended
            pool.shutdown(wait=False, cancel_futures=True)
    return account


@dataclass(frozen=True)
class Run:
    """A run under way: what every stage needs."""

    settings: Settings
    account: Account
    published: datetime | None
    client: Client
    pool: ProcessPoolExecutor
    report: Report

    def stage(self, table: Any, records: Sequence[Record], part: str) -> None:
        """Write records of the run next to its staged rows."""
        stage_records(self.settings.lake, self.account.run_id, table, records, part)

    def staged(self, name: str) -> list[Path]:
        """The staged files of a table."""
        folder = self.settings.lake.staging(self.account.run_id)
        return sorted(folder.rglob(f"{name}.parquet"))

    def close(self) -> None:
        """Keep the account of a run that publishes nothing, for the next publish."""
        self.account.write(self.settings.lake, self.settings, self.settings.model)
        keep_records(self.settings.lake, self.account.run_id)


def _run(run: Run) -> None:
    account, lake = run.account, run.settings.lake
    with connect(lake) as connection:
        known = source_states(connection)
        account.snapshot = snapshot_id(connection)
    candidates = _discover(run, known)
    _process(run, candidates)
    results = merge_results([read_tables([p], CHECKS.name) for p in run.staged(CHECKS.name)])
    for path in run.staged(CHECKS.name):
        path.unlink()
    folder = lake.staging(account.run_id) / "run"
    folder.mkdir(parents=True, exist_ok=True)
    write_table(as_arrow(CHECKS, results), folder, CHECKS)
    if account.failed_tables:
        raise ValidationStopped(
            f"nothing was published: {', '.join(sorted(account.failed_tables))} broke an"
            " expectation that guards the warehouse; `dateline report` names it, and the last"
            f" snapshot ({account.snapshot}) stands"
        )
    if not account.articles_new and not unknown_quarantine(lake, account.run_id):
        account.state = "unchanged"
        run.close()
        return
    clock = perf_counter()
    run.report("publish", 0, 1)
    stories = cluster_staged(lake, account.run_id)
    account.seconds["duplicates"] += perf_counter() - clock
    account.state = "published"
    account.write(lake, run.settings, run.settings.model)
    account.snapshot = publish_run(run)
    keep_stories(lake, stories)
    run.report("publish", 1, 1)


@task(cache_policy=NO_CACHE, persist_result=False, name="publish")
def publish_run(run: Run) -> int:
    """Make the run visible; the snapshot it made."""
    return publish(run.settings.lake, run.account.run_id, run.account.started_at).snapshot


# --------------------------------------------------------------------------- discover


def _discover(run: Run, known: dict[str, Record]) -> list[Candidate]:
    """The pages that the sources on the network list."""
    clock = perf_counter()
    sources = run.settings.sources
    run.account.sources = len(sources)
    futures = [
        discover_source.submit(s, run.client, known.get(s.id)) if s.kind != "files" else None
        for s in sources
    ]
    listed: list[Candidate] = []
    records: list[Record] = []
    states: list[Record] = []
    for number, (source, future) in enumerate(zip(sources, futures, strict=True), 1):
        found = future.result() if future else None
        now = datetime.now(UTC)
        states.append(source_record(source, known.get(source.id), found, now))
        if found is not None:
            listed += found.candidates
            if found.response is not None or found.error is not None:
                records.append(visit_record(run.account.run_id, source, found, now))
            run.account.sources_failed += found.error is not None
        run.report("sources", number, len(sources))
    run.account.add_fetches(records, 0)
    run.stage(FETCHES, records, "sources")
    run.stage(SOURCES, states, "sources")
    pages = alternate_hosts(listed)
    run.account.pages_listed = len(pages)
    run.account.seconds["discover"] += perf_counter() - clock
    return pages


@task(cache_policy=NO_CACHE, persist_result=False, task_run_name="discover {source.id}")
def discover_source(source: SourceSettings, client: Client, known: Record | None) -> Discovered:
    """What one source lists."""
    return list_source(source, client, known)


# --------------------------------------------------------------------------- batches

Batch = Sequence[Candidate] | Sequence[Fetched]


@dataclass(frozen=True, slots=True)
class BatchDone:
    """What became of one batch."""

    size: int
    records: list[Record]
    unchanged: int
    held: list[Held]
    staged: Staged | None
    seconds: dict[str, float]


def _process(run: Run, candidates: Sequence[Candidate]) -> None:
    """Every batch through its task, a bounded number at a time."""
    account = run.account
    total = len(candidates) or None
    files = any(s.kind == "files" for s in run.settings.sources)
    done_items = 0
    for done in in_order(
        lambda numbered: process_batch.submit(run, *numbered),
        enumerate(_batches(run, candidates)),
        run.settings.processes + 1,
    ):
        account.add_fetches(done.records, done.unchanged)
        account.add_held(done.held)
        if done.staged:
            account.add_staged(done.staged)
        account.add_seconds(done.seconds)
        done_items += done.size
        run.report("articles", done_items, None if files else total)
    run.report("articles", done_items, done_items)


def _batches(run: Run, candidates: Sequence[Candidate]) -> Iterator[Batch]:
    """Batches of pages to fetch, then of documents from files, streamed."""
    size = run.settings.batch_size
    yield from batched(candidates, size)
    for source in run.settings.sources:
        if source.kind == "files":
            yield from batched(read_source_files(source, run.account.run_id, _now), size)


@task(cache_policy=NO_CACHE, persist_result=False, task_run_name="batch {number}")
def process_batch(run: Run, number: int, batch: Batch) -> BatchDone:
    """Fetch, extract, annotate, validate and stage one batch."""
    lake, account = run.settings.lake, run.account
    clock = perf_counter()
    fetched = _fetched(run, batch)
    seconds = {"fetch": perf_counter() - clock}
    items = [f.item for f in fetched if f.item is not None]
    outcomes: list[Incoming | Held] = []
    if items:
        outcomes, seconds["extract"] = run.pool.submit(extract_items, items, run.published).result()
    held = [o for o in outcomes if isinstance(o, Held)]
    found = [o for o in outcomes if isinstance(o, Incoming)]
    with connect(lake) as connection:
        current = current_versions(connection, [i.article_id for i in found])
    # two addresses may lead to one article: the first stands
    new = {i.article_id: i for i in reversed(found) if current.get(i.article_id) != i.version}
    folder = lake.staging(account.run_id) / f"batch-{number:06d}"
    if held:
        quarantine_documents(
            held, folder / "documents", run_id=account.run_id, as_of=account.started_at
        )
    staged = None
    if new:
        staged = run.pool.submit(
            stage_batch,
            [i for i in found if new.get(i.article_id) is i],
            folder,
            model=run.settings.model,
            run_id=account.run_id,
            as_of=account.started_at,
        ).result()
    records = [f.record for f in fetched if f.record]
    run.stage(FETCHES, records, f"batch-{number:06d}/fetches")
    unchanged = sum(f.unchanged for f in fetched) + len(found) - len(new)
    return BatchDone(len(batch), records, unchanged, held, staged, seconds)


def _fetched(run: Run, batch: Batch) -> list[Fetched]:
    candidates = [c for c in batch if isinstance(c, Candidate)]
    if not candidates:
        return [f for f in batch if isinstance(f, Fetched)]
    with connect(run.settings.lake) as connection:
        visits = known_visits(connection, [c.url for c in candidates])
    now = run.account.started_at
    wanted = [c for c in candidates if due(visits.get(c.url), run.settings.fetch, now)]
    return fetch_pages(
        wanted,
        visits,
        run.client,
        run_id=run.account.run_id,
        connections=run.settings.fetch.connections,
        clock=_now,
    )


def _now() -> datetime:
    return datetime.now(UTC)
