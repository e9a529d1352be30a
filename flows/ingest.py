"""The nightly flow: discover and fetch what is new, then extract, annotate, validate, publish."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator, Set
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from prefect import flow, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner

from flows.collect import (
    Record,
    list_source,
    source_record,
    source_states,
    visit_record,
)
from flows.documents import Documents
from flows.engine import start_workers
from flows.fetch.archive import Archive, positioned
from flows.fetch.client import Client
from flows.fetch.open import make_client
from flows.finish import clear, finish
from flows.forgotten import Forgotten, load_forgotten, restore_tombstones
from flows.job import Run
from flows.log import say
from flows.observe import progress, watched
from flows.plan import Planned, plan, unfinished_sources
from flows.process import Batch, process_batches
from flows.run import Account
from flows.settings import SourceSettings, load_settings
from flows.sources.candidate import Candidate
from flows.sources.discover import Discovered
from flows.sources.state import rests
from flows.stop import stop_on_sigterm
from flows.tell import told
from flows.workers import batched, die_with_parent
from warehouse.lake import Warehouse, connect, create, snapshot_id, writer_lock
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
    force: str | None = None,
    by: str | None = None,
    wait: float | None = None,
) -> Account:
    """Ingest the configured sources into the warehouse; the account of the run.

    A scheduled run whose time another run has covered since does nothing: nights that were missed
    pile up in Prefect, and the first of them that starts takes what is new since the last success.

    Args:
        config: path of the TOML file; default dateline.toml.
        published: ISO 8601 publication time for texts that state none.
        force: why what passes is to be published though too much is rejected.
        by: who says so.
        warehouse, model, workers, wait: stand above the configuration.

    Raises:
        WarehouseLocked: another run is writing.
        ValidationStopped: a table failed; the last snapshot stands.
    """
    # a run that `dateline serve` started does not outlive it, even where that was killed
    die_with_parent()
    settings = load_settings(
        Path(config) if config else None,
        warehouse=warehouse,
        model=model,
        workers=workers,
        lock_wait=wait,
    )
    default = datetime.fromisoformat(published) if published else None
    started = datetime.now(UTC)
    account = Account(f"{started:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:6]}", started)
    account.forced_because, account.forced_by = force, by
    lake = settings.lake
    create(lake)
    if runtime.deployment.id and is_covered(lake, runtime.flow_run.scheduled_start_time):
        account.state = "unchanged"
        return account
    archive = Archive(lake.archive, account.run_id, started, default) if settings.archive else None
    with (
        writer_lock(lake, settings.lock_wait),
        start_workers(settings) as engine,
        make_client(settings.fetch) as client,
        closing(archive) if archive else nullcontext(),
        progress(settings) as shown,
        watched(account, settings, shown) as report,
        stop_on_sigterm() as stop,
    ):
        clear(lake)
        restore_tombstones(lake, lake.archive)
        run = Run(settings, account, default, client, archive, engine, report, stop)
        with told(settings, "ingest"), run.kept_if_failed():
            _run(run, client)
    return account


def is_covered(lake: Warehouse, scheduled: datetime) -> bool:
    """Whether a run that ended well has begun since `scheduled`."""
    with connect(lake) as connection:
        found = connection.execute(
            "SELECT 1 FROM runs WHERE started_at >= ? AND state IN ('published', 'unchanged')"
            " AND coalesce(kind, 'ingest') = 'ingest' LIMIT 1",
            [scheduled],
        ).fetchone()
    return found is not None


def _run(run: Run, client: Client) -> None:
    with connect(run.settings.lake) as connection:
        known = source_states(connection)
        forgotten = load_forgotten(connection)
        unfinished = unfinished_sources(connection, run.account.started_at)
        run.account.snapshot = snapshot_id(connection)
    run = _without(run, forgotten.sources)
    with run.account.stage("discover"):
        candidates, states = _discover(run, client, known, unfinished, forgotten)
    sources = run.settings.sources
    with connect(run.settings.lake) as connection:
        planned = plan(
            connection,
            candidates,
            ages=run.settings.fetch.revisit_hours,
            sources={s.location for s in sources},
            now=run.account.started_at,
        )
    run.account.pages_listed = len(planned)
    total = None if any(s.streamed for s in sources) else len(planned)
    process_batches(run, _batches(run, planned, known, states), total)
    finish(run, states)


def _without(run: Run, forgotten: Set[str]) -> Run:
    """The run without the sources that were forgotten on request, though they are configured."""
    kept = tuple(s for s in run.settings.sources if s.id not in forgotten)
    return replace(run, settings=run.settings.model_copy(update={"sources": kept}))


def _discover(
    run: Run,
    client: Client,
    known: dict[str, Record],
    unfinished: set[str],
    forgotten: Forgotten,
) -> tuple[list[Candidate], list[Record]]:
    """The pages that the sources on the network list, and the sources' states."""
    started = run.account.started_at
    sources = [s for s in run.settings.sources if not rests(known.get(s.id), s.location, started)]
    run.account.sources = len(sources)
    futures = [
        discover_source.submit(s, client, known.get(s.id), s.id in unfinished)
        if not s.streamed
        else None
        for s in sources
    ]
    listed: list[Candidate] = []
    records: list[Record] = []
    states: list[Record] = []
    for number, (source, future) in enumerate(zip(sources, futures, strict=True), 1):
        found = future.result() if future else None
        now = datetime.now(UTC)
        if found is not None:
            states.append(source_record(source, known.get(source.id), found, now))
            listed += found.candidates
            if found.response is not None or found.error is not None:
                records.append(
                    _kept(
                        run, visit_record(run.account.run_id, source, found, now), found, forgotten
                    )
                )
            run.account.sources_failed += found.error is not None
            if found.error is not None:
                say(
                    "source", f"{source.id}: {found.error}", level=logging.WARNING,
                    source=source.id, location=source.location,
                )  # fmt: skip
        run.report("sources", number, len(sources))
    run.account.add_fetches(records, 0)
    run.stage(FETCHES, records, "sources")
    run.account.count("discover", len(sources), len(listed), run.account.sources_failed)
    return listed, states


def _kept(run: Run, record: Record, found: Discovered, forgotten: Forgotten) -> Record:
    """The record with where the source's answer is archived.

    That is not kept where it is that of the last time, or lists what was forgotten on request:
    beside the address stand headline and summary.
    """
    if run.archive is None:
        return record
    listed = forgotten.has_url(*(c.url for c in found.candidates))
    new = found.response if not found.unchanged and not listed else None
    position = run.archive.add(record, None, new)
    return record if position is None else record | positioned(position)


@task(cache_policy=NO_CACHE, persist_result=False, task_run_name="discover {source.id}")
def discover_source(
    source: SourceSettings, client: Client, known: Record | None, whole: bool
) -> Discovered:
    """What one source lists; `whole`: also what it listed the last time."""
    return list_source(source, client, known, whole=whole)


def _batches(
    run: Run, planned: list[Planned], known: dict[str, Record], states: list[Record]
) -> Iterator[Batch]:
    """Batches of pages to fetch, then of documents that sources hold themselves, streamed.

    The states that the latter end in are added to `states`.
    """
    size, started = run.settings.batch_size, run.account.started_at
    yield from batched(planned, size)
    for source in run.settings.sources:
        before = known.get(source.id)
        if source.streamed and not rests(before, source.location, started):
            documents = Documents(source, before, run.client, run.account.run_id, _now)
            yield from batched(documents, size)
            states.append(documents.state())
            run.account.sources_failed += documents.failed


def _now() -> datetime:
    return datetime.now(UTC)
