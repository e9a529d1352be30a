"""Going back in time: what the sources list of past days, a slice of days a run.

The pages that a source dates before are fetched, read, checked and published by the code of every
night. A slice whose pages the warehouse knows has nothing to do: so a backfill that was stopped or
killed goes on where it was, and pages that failed are tried again.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import duckdb
from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner

from flows.collect import list_source
from flows.documents import Documents
from flows.engine import start_workers
from flows.fetch.archive import Archive
from flows.fetch.client import Client
from flows.finish import clear, finish
from flows.job import Run
from flows.log import say
from flows.observe import progress, watched
from flows.plan import Planned, alternate_hosts, known_visits
from flows.pool import Workers
from flows.process import Batch, process_batches
from flows.progress import Report
from flows.run import Account
from flows.settings import Settings, SourceSettings
from flows.sources.candidate import Candidate
from flows.stop import Stop, stop_on_sigterm
from flows.tell import told
from flows.workers import batched
from transforms.article.dates import parse_date
from warehouse.lake import Warehouse, WarehouseLocked, connect, snapshot_id, writer_lock

MAX_THREADS = 16
WAIT = 5.0
"""Seconds between two looks at whether the run that is writing has ended."""
RUNS = 20
"""Runs of the past that the cost is told by."""
ASSUMED = {"extract": 0.02, "parse": 0.12, "annotate": 0.05, "validate": 0.02, "stage": 0.002}
"""Processor seconds a page by stage, where nothing has run yet: two cores of 2024."""
ASSUMED_BYTES = 60_000


@dataclass(frozen=True, slots=True)
class Slice:
    """Pages that a run takes.

    Attributes:
        first, end: the days, end exclusive.
        listed: pages that the sources date so.
        pages: those of them that the warehouse does not know.
        source: a source that holds its documents itself, of which those of these days are taken.
    """

    first: datetime
    end: datetime
    listed: int
    pages: tuple[Candidate, ...]
    source: SourceSettings | None = None

    @property
    def name(self) -> str:
        """The days, or the source, in words."""
        if self.source is not None:
            return f"documents of {self.source.id}"
        last = self.end - timedelta(days=1)
        days = f"{self.first:%Y-%m-%d}"
        return days if last <= self.first else f"{days} to {last:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a backfill is expected to take.

    Attributes:
        requests: pages to ask for.
        fetch_seconds: of the host that takes longest, at the configured pace.
        worker_seconds: processor time of the workers.
        seconds: wall time: the longer of the two, the workers being as many as configured.
        bytes: to be transferred and archived.
        runs: runs of the past that this is told by; 0: it is assumed.
    """

    requests: int
    fetch_seconds: float
    worker_seconds: float
    seconds: float
    bytes: int
    runs: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a backfill would do.

    Attributes:
        slices: oldest first; also those with nothing to do.
        undated: pages that no source dates, which are left to the nights.
        failures: sources that could not be listed, with the reason.
    """

    slices: tuple[Slice, ...]
    undated: int
    failures: Mapping[str, str]
    cost: Cost

    @property
    def todo(self) -> tuple[Slice, ...]:
        """The slices with something to do."""
        return tuple(s for s in self.slices if s.pages or s.source is not None)


# --------------------------------------------------------------------------- the plan


def plan_backfill(
    settings: Settings,
    client: Client,
    first: datetime,
    end: datetime,
    *,
    sources: Sequence[str] = (),
    days: int = 1,
    report: Report,
) -> Plan:
    """What of [first, end) the sources list and the warehouse does not know, and what it costs.

    Args:
        sources: ids; none is all.
        days: in a slice.
    """
    chosen = [s for s in settings.sources if not sources or s.id in sources]
    listed: list[Candidate] = []
    failures: dict[str, str] = {}
    for number, source in enumerate(chosen, 1):
        if not source.streamed:
            found = list_source(source, client, None, whole=True)
            listed += found.candidates
            if found.error is not None:
                failures[source.id] = str(found.error)
        report("sources", number, len(chosen))
    dated = [(date_of(page), page) for page in alternate_hosts(listed)]
    with connect(settings.lake) as connection:
        known = known_visits(connection, [page.url for _, page in dated])
        done = _documents_done(connection, first, end)
        slices = [
            _slice(start, min(start + timedelta(days=days), end), dated, known)
            for start in _starts(first, end, days)
        ]
        slices += [
            Slice(first, end, 0, (), source)
            for source in chosen
            if source.streamed and source.id not in done
        ]
        cost = find_cost(connection, settings, [p for s in slices for p in s.pages])
    return Plan(tuple(slices), sum(at is None for at, _ in dated), failures, cost)


def date_of(page: Candidate) -> datetime | None:
    """The day a source gives a page: the first date it states that can be read."""
    found = (parse_date(date.value) for date in page.dates)
    return next((at for at in found if at is not None), None)


def _starts(first: datetime, end: datetime, days: int) -> Iterator[datetime]:
    while first < end:
        yield first
        first += timedelta(days=days)


def _slice(
    first: datetime,
    end: datetime,
    dated: Sequence[tuple[datetime | None, Candidate]],
    known: Mapping[str, object],
) -> Slice:
    pages = [page for at, page in dated if at is not None and first <= at < end]
    return Slice(first, end, len(pages), tuple(p for p in pages if p.url not in known))


def _documents_done(
    connection: duckdb.DuckDBPyConnection, first: datetime, end: datetime
) -> set[str]:
    """Sources whose documents of these days were taken by a backfill that ended well."""
    rows = connection.execute(
        "SELECT message FROM runs WHERE kind = 'backfill' AND state IN ('published', 'unchanged')"
        " AND slice_from = ? AND slice_to = ? AND message LIKE 'documents of %'",
        [first, end],
    ).fetchall()
    return {str(message).removeprefix("documents of ") for (message,) in rows}


def find_cost(
    connection: duckdb.DuckDBPyConnection, settings: Settings, pages: Sequence[Candidate]
) -> Cost:
    """What these pages are expected to cost, told by the last runs."""
    rows = connection.execute(
        f"SELECT stage, sum(coalesce(cpu_seconds, seconds)) / sum(rows_in) FROM run_stages"
        f" WHERE stage IN ({', '.join(repr(s) for s in ASSUMED)}) AND run_id IN (SELECT run_id"
        "  FROM runs WHERE articles_new > 0 ORDER BY started_at DESC LIMIT ?)"
        " GROUP BY stage HAVING sum(rows_in) > 0",
        [RUNS],
    ).fetchall()
    (runs, size, seconds) = connection.execute(
        "SELECT (SELECT least(count(*), ?) FROM runs WHERE articles_new > 0),"
        " avg(bytes), avg(seconds) FROM fetches WHERE status = 200 AND article_id IS NOT NULL",
        [RUNS],
    ).fetchone() or (0, None, None)
    # validate and stage are told by row: their share is small, and comes to more than it is
    spent = ASSUMED | {s: float(t) for s, t in rows if s in ("extract", "parse", "annotate")}
    worker = len(pages) * sum(spent.values())
    hosts: dict[str, int] = {}
    for page in pages:
        host = urlsplit(page.url).netloc
        hosts[host] = hosts.get(host, 0) + 1
    fetch = max(hosts.values(), default=0) * max(settings.fetch.delay, float(seconds or 0.0))
    return Cost(
        requests=len(pages),
        fetch_seconds=fetch,
        worker_seconds=worker,
        seconds=max(fetch, worker / settings.processes),
        bytes=round(len(pages) * float(size or ASSUMED_BYTES)),
        runs=int(runs),
    )


# --------------------------------------------------------------------------- the work


def run_backfill(settings: Settings, plan: Plan, client: Client) -> list[Account]:
    """Run the slices of a plan that have something to do, oldest first; their accounts.

    The warehouse is locked a slice at a time, so that a night can come between.

    Raises:
        ValidationStopped: a table failed; the slices before stand.
    """

    # what a flow takes as arguments would be sent to Prefect's server, all pages of it
    @flow(
        name="backfill",
        task_runner=ThreadPoolTaskRunner(max_workers=MAX_THREADS),  # type: ignore[arg-type]
    )
    def backfill() -> list[Account]:
        accounts: list[Account] = []
        with (
            start_workers(settings) as workers,
            progress(settings) as report,
            stop_on_sigterm() as stop,
            told(settings, "backfill"),
        ):
            for number, part in enumerate(plan.todo):
                report("slices", number, len(plan.todo))
                if stop.asked:
                    break
                accounts.append(_run_slice(settings, part, client, workers, report, stop))
            else:
                report("slices", len(plan.todo), len(plan.todo))
        return accounts

    return backfill()


def _run_slice(
    settings: Settings, part: Slice, client: Client, workers: Workers, report: Report, stop: Stop
) -> Account:
    started = datetime.now(UTC)
    run_id = f"{started:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:6]}"
    account = Account(
        run_id, started, "backfill", slice_from=part.first, slice_to=part.end,
        message=part.name if part.source else None,
    )  # fmt: skip
    lake = settings.lake
    archive = Archive(lake.archive, run_id, started, None) if settings.archive else None
    with (
        waiting_lock(lake, report),
        closing(archive) if archive else nullcontext(),
        watched(account, settings, report) as told,
    ):
        clear(lake)
        run = Run(
            settings, account, None, client, archive, workers, told, stop,
            window=(part.first, part.end) if part.source else None,
        )  # fmt: skip
        with run.kept_if_failed():
            with connect(lake) as connection:
                account.snapshot = snapshot_id(connection)
            account.sources = len({page.source_id for page in part.pages}) or 1
            account.pages_listed = len(part.pages)
            total = None if part.source else len(part.pages)
            process_batches(run, _batches(run, part, client), total)
            # the sources' states are the nights': a backfill leaves them
            finish(run, [])
    return account


def _batches(run: Run, part: Slice, client: Client) -> Iterator[Batch]:
    size = run.settings.batch_size
    yield from batched([Planned(page) for page in part.pages], size)
    if part.source is not None:
        # from the first document on, wherever the nights have come to
        documents = Documents(part.source, None, client, run.account.run_id, _now)
        yield from batched(documents, size)
        run.account.sources_failed += documents.failed


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def waiting_lock(
    lake: Warehouse, report: Report, sleep: Callable[[float], None] = time.sleep
) -> Iterator[None]:
    """Hold the write lock, waiting for a run that has it."""
    waited = 0
    while True:
        lock = writer_lock(lake)
        try:
            lock.__enter__()
        except WarehouseLocked as error:
            if not waited:
                say("wait", str(error))
            waited += 1
            report("waiting for a run", waited, None)
            sleep(WAIT)
            continue
        break
    try:
        yield
    finally:
        lock.__exit__(None, None, None)
