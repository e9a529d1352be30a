"""The nightly flow: discover and fetch what is new, then extract, annotate, validate, publish."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner

from flows.collect import (
    Planned,
    Record,
    list_source,
    make_client,
    plan,
    read_source_files,
    source_record,
    source_states,
    visit_record,
)
from flows.fetch.archive import Archive, positioned
from flows.fetch.client import Client
from flows.process import Batch, Run, finish, process_batches
from flows.progress import bars
from flows.run import Account
from flows.settings import SourceSettings, load_settings
from flows.sources.candidate import Candidate
from flows.sources.discover import Discovered
from flows.workers import batched, start_pool, warm_up
from warehouse.lake import connect, snapshot_id, writer_lock
from warehouse.publish import clear_staging
from warehouse.tables import FETCHES

MAX_THREADS = 16


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
    lake = settings.lake
    archive = Archive(lake.archive, account.run_id, started, default) if settings.archive else None
    with (
        writer_lock(lake),
        start_pool(settings.processes, settings.model) as pool,
        make_client(settings.fetch) as client,
        archive or nullcontext(),
        bars() as report,
    ):
        warm_up(pool, settings.processes)
        clear_staging(lake)
        run = Run(settings, account, default, client, archive, pool, report)
        try:
            _run(run, client)
        except Exception as error:
            account.state, account.message = "failed", str(error)
            run.keep()
            raise
        finally:
            # batches that wait for a worker are of no use to a run that has ended
            pool.shutdown(wait=False, cancel_futures=True)
    return account


def _run(run: Run, client: Client) -> None:
    with connect(run.settings.lake) as connection:
        known = source_states(connection)
        run.account.snapshot = snapshot_id(connection)
    candidates, states = _discover(run, client, known)
    with connect(run.settings.lake) as connection:
        planned = plan(
            connection, candidates, run.settings.fetch.revisit_hours, run.account.started_at
        )
    run.account.pages_listed = len(planned)
    files = any(s.kind == "files" for s in run.settings.sources)
    process_batches(run, _batches(run, planned), None if files else len(planned))
    finish(run, states)


def _discover(
    run: Run, client: Client, known: dict[str, Record]
) -> tuple[list[Candidate], list[Record]]:
    """The pages that the sources on the network list, and the sources' states."""
    clock = perf_counter()
    sources = run.settings.sources
    run.account.sources = len(sources)
    futures = [
        discover_source.submit(s, client, known.get(s.id)) if s.kind != "files" else None
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
                records.append(
                    _kept(run, visit_record(run.account.run_id, source, found, now), found)
                )
            run.account.sources_failed += found.error is not None
        run.report("sources", number, len(sources))
    run.account.add_fetches(records, 0)
    run.stage(FETCHES, records, "sources")
    run.account.seconds["discover"] += perf_counter() - clock
    return listed, states


def _kept(run: Run, record: Record, found: Discovered) -> Record:
    """The record with where the source's answer is archived, unless it is that of the last time."""
    if run.archive is None:
        return record
    new = found.response if found.response is not None and not found.unchanged else None
    position = run.archive.add(record, None, new)
    return record if position is None else record | positioned(position)


@task(cache_policy=NO_CACHE, persist_result=False, task_run_name="discover {source.id}")
def discover_source(source: SourceSettings, client: Client, known: Record | None) -> Discovered:
    """What one source lists."""
    return list_source(source, client, known)


def _batches(run: Run, planned: list[Planned]) -> Iterator[Batch]:
    """Batches of pages to fetch, then of documents from files, streamed."""
    size = run.settings.batch_size
    yield from batched(planned, size)
    for source in run.settings.sources:
        if source.kind == "files":
            yield from batched(
                read_source_files(source, run.account.run_id, lambda: datetime.now(UTC)), size
            )
