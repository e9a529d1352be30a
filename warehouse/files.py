"""The Parquet files of a warehouse against its catalog: missing ones, and ones nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.lake import Warehouse

_META = "__ducklake_metadata_lake"
_OURS = "ducklake-*.parquet"
"""How DuckLake names what it writes; the name holds a UUID, so it is enough to know a file by."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of the newest snapshot as the catalog has it: below data/, rows, bytes."""

    path: str
    rows: int
    size: int


def stored_files(connection: duckdb.DuckDBPyConnection) -> list[Stored]:
    """The data files of the newest snapshot, in the catalog's order."""
    rows = connection.execute(
        "SELECT CASE WHEN f.path_is_relative THEN s.path || t.path || f.path ELSE f.path END,"
        f" f.record_count, f.file_size_bytes FROM {_META}.ducklake_data_file f"
        f" JOIN {_META}.ducklake_table t USING (table_id)"
        f" JOIN {_META}.ducklake_schema s USING (schema_id)"
        " WHERE f.end_snapshot IS NULL AND t.end_snapshot IS NULL ORDER BY f.data_file_id"
    ).fetchall()
    return [Stored(*row) for row in rows]


def find_missing_files(
    warehouse: Warehouse, connection: duckdb.DuckDBPyConnection
) -> Iterator[str]:
    """What is wrong with the files of the newest snapshot, in words: gone, or of another size."""
    for stored in stored_files(connection):
        path = warehouse.data / stored.path
        if not path.is_file():
            yield f"{stored.path} is missing ({stored.rows:,} rows)"
        elif path.stat().st_size != stored.size:
            yield f"{stored.path} has {path.stat().st_size:,} bytes instead of {stored.size:,}"


def find_orphans(
    warehouse: Warehouse, connection: duckdb.DuckDBPyConnection, before: datetime
) -> list[Path]:
    """Files that killed writers left: last written before `before`, and in no snapshot's list.

    The folder is read first and the catalog after it: what a writer commits in between is known.
    """
    found = [
        path
        for path in sorted(warehouse.data.rglob(_OURS))
        if path.stat().st_mtime < before.timestamp()
    ]
    known = {
        Path(name).name
        for (name,) in connection.execute(
            f"SELECT path FROM {_META}.ducklake_data_file"
            f" UNION ALL SELECT path FROM {_META}.ducklake_delete_file"
            f" UNION ALL SELECT path FROM {_META}.ducklake_files_scheduled_for_deletion"
        ).fetchall()
    }
    return [path for path in found if path.name not in known]
