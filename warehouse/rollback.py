"""Going back to a snapshot, forwards: what was current then is current again, nothing is lost.

Rows that came since are superseded, rows that were superseded since are inserted anew, both with
the time of the rollback. So what the warehouse said in the meantime can still be asked for, and
every later step of it too. Runs that are taken back stay listed as ``rolled_back``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import duckdb

from warehouse.lake import Warehouse, WarehouseError, connect
from warehouse.tables import ARTICLES, HISTORY, REGISTRY, SOURCES, Table

_KEPT = "SELECT run_id FROM lake.runs AT (VERSION => {})"


class NoSuchSnapshot(WarehouseError):
    """The snapshot cannot be gone back to; the message says why."""


def check_snapshot(warehouse: Warehouse, snapshot: int) -> list[str]:
    """The runs that going back to a snapshot would take back, oldest first.

    Raises:
        NoSuchSnapshot: there is none, it has expired, its tables are others, or persons have
            decided about entities since.
    """
    with connect(warehouse) as connection:
        known = [n for (n,) in connection.execute(
            "SELECT snapshot_id FROM ducklake_snapshots('lake') ORDER BY 1"
        ).fetchall()]  # fmt: skip
        if snapshot not in known:
            raise NoSuchSnapshot(
                f"there is no snapshot {snapshot}; there are {known[0]} to {known[-1]}, and those"
                " that `dateline maintain` has expired are gone"
            )
        try:
            for table in (*HISTORY, *REGISTRY, ARTICLES, SOURCES):
                columns = ", ".join(f'"{c.name}"' for c in table.published)
                connection.execute(
                    f"EXPLAIN SELECT {columns} FROM lake.{table.name} AT (VERSION => {snapshot})"
                )
        except duckdb.Error as error:
            raise NoSuchSnapshot(
                f"snapshot {snapshot} has other tables than this version of dateline: {error}"
            ) from error
        (decided,) = connection.execute(
            "SELECT count(*) FROM lake.entity_decisions WHERE decided_by <> 'machine' AND"
            " decision_id NOT IN (SELECT decision_id FROM lake.entity_decisions"
            f" AT (VERSION => {snapshot}))"
        ).fetchone() or (0,)
        if decided:
            raise NoSuchSnapshot(
                f"persons have made {decided} decisions about entities since snapshot {snapshot},"
                " which a rollback would take back unasked: choose a snapshot after the last of"
                " them (`dateline entities show` has their times)"
            )
        rows = connection.execute(
            "SELECT run_id FROM runs WHERE state NOT IN ('failed', 'rolled_back') AND run_id NOT IN"
            f" ({_KEPT.format(snapshot)}) ORDER BY started_at, run_id"
        ).fetchall()
    return [str(run) for (run,) in rows]


def restore(
    connection: duckdb.DuckDBPyConnection, snapshot: int, run_id: str, recorded_at: datetime
) -> Mapping[str, int]:
    """Make current what was current in a snapshot, inside a transaction; rows inserted by table."""
    rows = {
        table.name: _restore_recorded(connection, table, snapshot, run_id, recorded_at)
        for table in (*HISTORY, *REGISTRY)
    }
    for table in (ARTICLES, SOURCES):
        rows[table.name] = _restore_state(connection, table, snapshot)
    connection.execute(
        "UPDATE lake.runs SET state = 'rolled_back' WHERE state <> 'failed' AND run_id <> ?"
        f" AND run_id NOT IN ({_KEPT.format(snapshot)})",
        [run_id],
    )
    return rows


def _restore_recorded(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    snapshot: int,
    run_id: str,
    recorded_at: datetime,
) -> int:
    own = ", ".join(f'"{c.name}"' for c in table.columns)
    # what a row says never changes: key, run and time of recording are enough to tell it by
    told = ", ".join(f'"{name}"' for name in (*table.key, "run_id", "recorded_at"))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE now AS SELECT {told} FROM lake.{table.name}"
        " WHERE superseded_at IS NULL"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE back AS SELECT {own}, run_id, recorded_at"
        f" FROM lake.{table.name} AT (VERSION => {snapshot}) WHERE superseded_at IS NULL"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE extra AS SELECT * FROM now ANTI JOIN back USING ({told})"
    )
    connection.execute(
        f"UPDATE lake.{table.name} SET superseded_at = ? WHERE superseded_at IS NULL"
        f" AND ({told}) IN (SELECT ({told}) FROM extra)",
        [recorded_at],
    )
    row = connection.execute(
        f"INSERT INTO lake.{table.name} BY NAME SELECT {own}, ? AS run_id, ?::TIMESTAMPTZ AS"
        " recorded_at, NULL::TIMESTAMPTZ AS superseded_at"
        f" FROM back ANTI JOIN now USING ({told})"
        f" ORDER BY {', '.join(table.order or table.key)}",
        [run_id, recorded_at],
    ).fetchone()
    return int(row[0]) if row else 0


def _restore_state(connection: duckdb.DuckDBPyConnection, table: Table, snapshot: int) -> int:
    """Put the rows of a table without history back."""
    columns = ", ".join(f'"{c.name}"' for c in table.columns)
    (key,) = table.key
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE back AS SELECT {columns} FROM lake.{table.name}"
        f" AT (VERSION => {snapshot})"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE extra AS SELECT {columns} FROM lake.{table.name}"
        " EXCEPT SELECT * FROM back"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE gone AS SELECT * FROM back EXCEPT"
        f" SELECT {columns} FROM lake.{table.name}"
    )
    connection.execute(f"DELETE FROM lake.{table.name} WHERE {key} IN (SELECT {key} FROM extra)")
    row = connection.execute(
        f"INSERT INTO lake.{table.name} ({columns}) SELECT {columns} FROM gone ORDER BY {key}"
    ).fetchone()
    return int(row[0]) if row else 0
