"""The Parquet files of a warehouse against its catalog: missing ones, and ones nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

import duckdb

from warehouse.lake import Warehouse
from warehouse.store import Place, Stat, list_files

_OURS = "ducklake-*.parquet"
"""How DuckLake names what it writes; the name holds a UUID, so it is enough to know a file by."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of the newest snapshot as the catalog has it: below data/, rows, bytes."""

    path: str
    rows: int
    size: int


def stored_files(warehouse: Warehouse, connection: duckdb.DuckDBPyConnection) -> list[Stored]:
    """The data files of the newest snapshot, in the catalog's order."""
    meta = warehouse.database.tables
    rows = connection.execute(
        "SELECT CASE WHEN f.path_is_relative THEN s.path || t.path || f.path ELSE f.path END,"
        f" f.record_count, f.file_size_bytes FROM {meta}.ducklake_data_file f"
        f" JOIN {meta}.ducklake_table t USING (table_id)"
        f" JOIN {meta}.ducklake_schema s USING (schema_id)"
        " WHERE f.end_snapshot IS NULL AND t.end_snapshot IS NULL ORDER BY f.data_file_id"
    ).fetchall()
    return [Stored(*row) for row in rows]


def find_missing_files(
    warehouse: Warehouse, connection: duckdb.DuckDBPyConnection
) -> Iterator[str]:
    """What is wrong with the files of the newest snapshot, in words: gone, or of another size."""
    known = stored_files(warehouse, connection)
    there = {str(place): about.st_size for place, about in list_files(warehouse.data, "*.parquet")}
    for stored in known:
        size = there.get(str(warehouse.data / stored.path))
        if size is None:
            yield f"{stored.path} is missing ({stored.rows:,} rows)"
        elif size != stored.size:
            yield f"{stored.path} has {size:,} bytes instead of {stored.size:,}"


def find_orphans(
    warehouse: Warehouse, connection: duckdb.DuckDBPyConnection, before: datetime
) -> list[tuple[Place, Stat]]:
    """Files that killed writers left: last written before `before`, and in no snapshot's list.

    The folder is read first and the catalog after it: what a writer commits in between is known.
    """
    found = [
        (path, about)
        for path, about in list_files(warehouse.data, _OURS)
        if about.st_mtime < before.timestamp()
    ]
    meta = warehouse.database.tables
    known = {
        PurePosixPath(name).name
        for (name,) in connection.execute(
            f"SELECT path FROM {meta}.ducklake_data_file"
            f" UNION ALL SELECT path FROM {meta}.ducklake_delete_file"
            f" UNION ALL SELECT path FROM {meta}.ducklake_files_scheduled_for_deletion"
        ).fetchall()
    }
    return [(path, about) for path, about in found if path.name not in known]
