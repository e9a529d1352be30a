"""Replay: the warehouse made anew from the archive, run by run, with the network off."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner

from flows.collect import Fetched
from flows.decisions import make_again
from flows.discards import discard_again
from flows.engine import start_workers
from flows.fetch.archived import ArchivedRun, list_runs, read_run
from flows.fetch.erase import erase_archive
from flows.finish import finish
from flows.forgotten import load_forgotten, restore_tombstones
from flows.ingest import MAX_THREADS
from flows.job import Run
from flows.observe import progress, watched
from flows.process import process_batches
from flows.run import Account
from flows.settings import load_settings
from flows.workers import batched
from warehouse.lake import Warehouse, connect, snapshot_id, writer_lock
from warehouse.publish import clear_staging


@flow(
    name="replay",
    validate_parameters=False,
    task_runner=ThreadPoolTaskRunner(max_workers=MAX_THREADS),  # type: ignore[arg-type]
)
def replay(
    archive: str | None = None,
    config: str | None = None,
    warehouse: str | None = None,
    model: str | None = None,
    workers: int | None = None,
    wait: float | None = None,
) -> list[Account]:
    """Put the archived runs that the warehouse lacks through the pipeline; their accounts.

    Each run is published under its own name and time, so that versions and what superseded them
    come out as they were. Runs that were killed have nothing published to make anew.

    Args:
        archive: folder of an archive; default the warehouse's own. Another's files are copied.
        config, warehouse, model, workers, wait: as for `ingest`.

    Raises:
        ArchiveError: there is no archive, or a file is damaged.
        WarehouseLocked: another run is writing.
        ValidationStopped: a table failed; what came before it stands.
    """
    settings = load_settings(
        Path(config) if config else None,
        warehouse=warehouse,
        model=model,
        workers=workers,
        lock_wait=wait,
    )
    lake = settings.lake
    root = Path(archive) if archive else lake.archive
    accounts: list[Account] = []
    with (
        writer_lock(lake, settings.lock_wait),
        start_workers(settings) as engine,
        progress(settings) as shown,
    ):
        restore_tombstones(lake, root)
        for archived in _missing(lake, list_runs(root)):
            clear_staging(lake)
            make_again(lake, root, archived.started_at)
            account = Account(archived.run_id, archived.started_at, "replay")
            with watched(account, settings, shown) as report:
                run = Run(settings, account, archived.published, None, None, engine, report)
                with run.kept_if_failed():
                    _replay(run, archived, root)
            accounts.append(account)
        make_again(lake, root, None)
        discard_again(lake, root)
    return accounts


def _missing(lake: Warehouse, runs: list[ArchivedRun]) -> list[ArchivedRun]:
    """Those that ended well and that the warehouse lacks: also if a replay of them failed."""
    with connect(lake) as connection:
        query = "SELECT run_id FROM runs WHERE state <> 'failed'"
        known = {r for (r,) in connection.execute(query).fetchall()}
    return [run for run in runs if run.attempts is not None and run.run_id not in known]


def _replay(run: Run, archived: ArchivedRun, root: Path) -> None:
    lake, account = run.settings.lake, run.account
    copied = _copy([*archived.files, *archived.ends], root, lake.archive)
    with connect(lake) as connection:
        account.snapshot = snapshot_id(connection)
        forgotten = load_forgotten(connection)
    if copied and forgotten:
        erase_archive(lake.archive, forgotten)
    account.sources = len(archived.sources)
    account.sources_failed = sum(1 for s in archived.sources if s.get("last_error"))
    process_batches(run, batched(_attempts(archived), run.settings.batch_size), archived.attempts)
    finish(run, [s for s in archived.sources if s["source_id"] not in forgotten.sources])


def _copy(paths: Sequence[Path], root: Path, target: Path) -> bool:
    """Copy what is not there yet of another archive, each file whole or not at all; whether any."""
    copied = False
    for path in paths:
        kept = target / path.relative_to(root)
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            partial = kept.with_name(f".{kept.name}.partial")
            shutil.copy2(path, partial)
            partial.replace(kept)
            copied = True
    return copied


def _attempts(archived: ArchivedRun) -> Iterator[Fetched]:
    for attempt in read_run(archived):
        yield Fetched(attempt.record, attempt.item, unchanged=attempt.unchanged)
