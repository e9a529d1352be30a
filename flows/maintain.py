"""`dateline maintain`: what the settings say, done under the writer lock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from flows.discards import discard_again
from flows.fetch.archived import list_runs
from flows.forget import finish_forgetting
from flows.forgotten import restore_tombstones
from flows.settings import Settings
from warehouse.lake import WarehouseError, connect, writer_lock
from warehouse.maintain import Plan, Step, maintain
from warehouse.publish import clear_staging
from warehouse.rebuild import Rebuilt, rebuild
from warehouse.retention import Retention


def run_maintenance(
    settings: Settings, *, dry_run: bool, grace_hours: float | None = None, verify_all: bool = False
) -> Iterator[Step]:
    """Maintain the configured warehouse; steps as they are done.

    Raises:
        WarehouseLocked: a run is writing (not for a dry run, which takes no lock).
        CatalogDamaged: the catalog cannot be read; nothing was done.
    """
    lake = settings.lake
    with connect(lake):
        pass  # says first what is wrong with the place, if anything is
    now = datetime.now(UTC)
    kept = settings.maintain
    plan = Plan(
        retention=Retention(kept.keep_all_days, kept.keep_daily_days, kept.keep_weekly_days),
        grace=timedelta(hours=kept.grace_hours if grace_hours is None else grace_hours),
        small_file=round(kept.small_file_mb * 1_000_000),
        verify_since=None if verify_all else now - timedelta(days=kept.verify_days),
        dry_run=dry_run,
    )
    if dry_run:
        yield from maintain(lake, plan, now)
        return
    if finish_forgetting(lake, settings.lock_wait):
        yield Step("forget", "requests finished that were killed midway", 1)
    with writer_lock(lake, settings.lock_wait):
        clear_staging(lake)
        yield from maintain(lake, plan, now)


def rebuild_catalog(settings: Settings) -> tuple[Rebuilt, int]:
    """Make the catalog anew from the Parquet files; what was found, and how many archived runs the
    warehouse lacks, which a replay brings back.

    Raises:
        WarehouseError: the catalog is whole, or there is nothing to make one from.
        WarehouseLocked: a run is writing.
    """
    lake, now = settings.lake, datetime.now(UTC)
    if lake.exists() and lake.database.check_whole() is None:
        raise WarehouseError(
            f"the catalog {lake.database} is whole: there is nothing to mend. To make it anew all"
            " the same, move it away first"
        )
    if not lake.exists() and not lake.has_data():
        raise WarehouseError(f"there is no warehouse in {lake.root}: run `dateline init`")
    with writer_lock(lake, settings.lock_wait):
        clear_staging(lake)
        rebuilt = rebuild(lake, f"{now:%Y%m%dT%H%M%SZ}")
        restore_tombstones(lake, lake.archive)
        discard_again(lake, lake.archive)
        with connect(lake) as connection:
            known = {r for (r,) in connection.execute("SELECT run_id FROM runs").fetchall()}
    runs = list_runs(lake.archive) if lake.archive.is_dir() else []
    return rebuilt, sum(1 for r in runs if r.attempts is not None and r.run_id not in known)
