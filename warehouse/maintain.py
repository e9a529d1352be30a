"""Keeping a warehouse small and sound: flush, merge, rewrite, expire, delete, verify.

Every step is a transaction of its own, so a process that is killed leaves a whole warehouse, and
the next call goes on. No step takes away a snapshot or file that somebody who began to read less
than `grace` ago may need.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import PurePosixPath

import duckdb

from warehouse.files import find_missing_files, find_orphans
from warehouse.lake import CatalogDamaged, Warehouse, connect
from warehouse.retention import Retention, expired
from warehouse.store import list_files
from warehouse.verify import verify

_DELETED_SHARE = 0.25
"""Share of deleted rows from which a file is written anew without them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to maintain.

    Attributes:
        grace: how long files stay that nobody needs any more, for those who may still read them,
            and files that nobody knows, for those who may be about to publish them.
        small_file: bytes below which files are merged, and about as many as a merged one has.
        verify_since: rows recorded since then have hashes and offsets verified; null: all rows.
    """

    retention: Retention = field(default_factory=Retention)
    grace: timedelta = timedelta(hours=24)
    small_file: int = 64_000_000
    verify_since: datetime | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What a step did, or would do: how many of what, bytes where that says something."""

    name: str
    what: str
    count: int
    bytes: int | None = None
    problem: bool = False


def maintain(warehouse: Warehouse, plan: Plan, now: datetime) -> Iterator[Step]:
    """Do, or with `dry_run` only say, what there is to do; steps as they are done.

    Only under the writer lock, unless it is a dry run.

    Raises:
        CatalogDamaged: the catalog cannot be read; nothing was done.
    """
    damage = warehouse.database.check_whole()
    if damage is not None:
        raise CatalogDamaged(warehouse.database, damage)
    with connect(warehouse, read_only=plan.dry_run) as connection:
        missing = list(find_missing_files(warehouse, connection))
        for words in missing:
            yield Step("files", words, 1, problem=True)
        if not missing:
            # a merge would stop at the first missing file, and a deletion may be the cause
            yield _flush(warehouse, connection, plan)
            # what has deleted rows cannot be merged
            yield _rewrite(warehouse, connection, plan)
            yield _merge(warehouse, connection, plan)
            yield _expire(connection, plan, now)
            yield _clean(warehouse, connection, plan, now)
            yield _orphans(warehouse, connection, plan, now)
            yield from _verify(warehouse, connection, plan)


def _flush(warehouse: Warehouse, connection: duckdb.DuckDBPyConnection, plan: Plan) -> Step:
    """Rows that other tools put into the catalog go to Parquet."""
    meta = warehouse.database.tables
    tables = [
        name
        for (name,) in connection.execute(
            f"SELECT table_name FROM {meta}.ducklake_inlined_data_tables"
        ).fetchall()
    ]
    rows = sum(
        _number(connection, f'SELECT count(*) FROM {meta}."{name}" WHERE end_snapshot IS NULL')
        for name in tables
    )
    if rows and not plan.dry_run:
        connection.execute("CALL ducklake_flush_inlined_data('lake')")
    return Step("flush", "rows moved from the catalog to Parquet", rows)


def _merge(warehouse: Warehouse, connection: duckdb.DuckDBPyConnection, plan: Plan) -> Step:
    """Small files of a table are put together; snapshots see the rows that they saw."""
    before, size = _small(warehouse, connection, plan)
    if before and not plan.dry_run:
        # set each time: the merged size follows the settings
        connection.execute(
            f"CALL lake.set_option('target_file_size', '{plan.small_file // 1000}KB')"
        )
        connection.execute(
            f"CALL ducklake_merge_adjacent_files('lake', max_file_size => {plan.small_file})"
        )
        before -= _small(warehouse, connection, plan)[0]
    return Step("merge", f"files below {plan.small_file // 1_000_000} MB merged", before, size)


def _small(
    warehouse: Warehouse, connection: duckdb.DuckDBPyConnection, plan: Plan
) -> tuple[int, int]:
    """How many small files lie beside others of their table, and their bytes."""
    row = connection.execute(
        "SELECT coalesce(sum(n), 0)::BIGINT, coalesce(sum(size), 0)::BIGINT FROM ("
        f" SELECT count(*) AS n, sum(file_size_bytes) AS size"
        f" FROM {warehouse.database.tables}.ducklake_data_file"
        f" WHERE end_snapshot IS NULL AND file_size_bytes < {plan.small_file}"
        " GROUP BY table_id HAVING count(*) > 1)"
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def _rewrite(warehouse: Warehouse, connection: duckdb.DuckDBPyConnection, plan: Plan) -> Step:
    meta = warehouse.database.tables
    count = _number(
        connection,
        f"SELECT count(*) FROM {meta}.ducklake_data_file f JOIN {meta}.ducklake_delete_file d"
        " USING (data_file_id) WHERE f.end_snapshot IS NULL AND d.end_snapshot IS NULL"
        f" AND d.delete_count > {_DELETED_SHARE} * f.record_count",
    )
    if count and not plan.dry_run:
        connection.execute(
            f"CALL ducklake_rewrite_data_files('lake', delete_threshold => {_DELETED_SHARE})"
        )
    return Step("rewrite", "files written anew without their deleted rows", count)


def _expire(connection: duckdb.DuckDBPyConnection, plan: Plan, now: datetime) -> Step:
    snapshots = dict(
        connection.execute(
            "SELECT snapshot_id, snapshot_time FROM ducklake_snapshots('lake')"
        ).fetchall()
    )
    followed = dict(pairwise(sorted(snapshots)))
    # one that was the newest within the grace may be what somebody reads: DuckLake would go on
    # answering, without the files that are gone
    gone = [
        number
        for number in expired(snapshots, plan.retention, now)
        if snapshots[followed[number]] <= now - plan.grace
    ]
    if gone and not plan.dry_run:
        connection.execute(f"CALL ducklake_expire_snapshots('lake', versions => {gone})")
    return Step("expire", f"of {len(snapshots):,} snapshots expired", len(gone))


def _clean(
    warehouse: Warehouse, connection: duckdb.DuckDBPyConnection, plan: Plan, now: datetime
) -> Step:
    """Delete files that no snapshot needs, those that nobody has needed for the grace."""
    meta = warehouse.database.tables
    names = {
        PurePosixPath(path).name
        for (path,) in connection.execute(
            f"SELECT path FROM {meta}.ducklake_files_scheduled_for_deletion WHERE"
            f" schedule_start::TIMESTAMPTZ <= '{(now - plan.grace).isoformat()}'::TIMESTAMPTZ"
        ).fetchall()
    }
    sizes = [
        about.st_size
        for path, about in list_files(warehouse.data, "*.parquet")
        if path.name in names
    ]
    if names and not plan.dry_run:
        before = (now - plan.grace).isoformat()
        connection.execute(
            f"CALL ducklake_cleanup_old_files('lake', older_than => '{before}'::TIMESTAMPTZ)"
        )
    return Step("clean", "files deleted that no snapshot needs", len(sizes), sum(sizes))


def _orphans(
    warehouse: Warehouse, connection: duckdb.DuckDBPyConnection, plan: Plan, now: datetime
) -> Step:
    """Delete files that killed writers left."""
    orphans = find_orphans(warehouse, connection, now - plan.grace)
    size = sum(about.st_size for _, about in orphans)
    if not plan.dry_run:
        for path, _ in orphans:
            path.unlink(missing_ok=True)
    return Step("orphans", "files deleted that killed writers left", len(orphans), size)


def _verify(
    warehouse: Warehouse, connection: duckdb.DuckDBPyConnection, plan: Plan
) -> Iterator[Step]:
    """A step for each rule that held, with the rows looked at, and for each table that broke it."""
    held: dict[str, int] = {}
    for finding in verify(connection, warehouse, plan.verify_since):
        held[finding.rule] = held.get(finding.rule, 0) + finding.rows - finding.broken
        if finding.broken:
            words = f"{finding.table}: not true: {finding.rule}; see {finding.examples}"
            yield Step("verify", words, finding.broken, problem=True)
    for rule, rows in held.items():
        yield Step("verify", f"rows for which {rule}", rows)


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
