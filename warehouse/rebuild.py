"""A new catalog from the Parquet files alone, where the old one is damaged or missing.

The files hold more than the last state: rows as they were before they were superseded, copies from
merges, and what killed writers left. What counts follows from the rows themselves:

- A publish writes the row of `runs` after all facts, so a run of which that row is readable is
  whole. Rows of other runs are left out.
- Of the copies of a row the one that was superseded is the later. What a run superseded that is
  left out was not superseded.
- Where two runs have a current version of one article, the earlier was never committed, since the
  later did not know it: it is left out.

Rows are written to new files, and the old ones become orphans, which `maintain` deletes. Only under
the writer lock. A process that is killed leaves the old catalog as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import duckdb

from warehouse.catalog import Catalog
from warehouse.lake import Warehouse, connect, ddl, literal, quote
from warehouse.store import Place, list_files
from warehouse.tables import (
    ARTICLE_VERSIONS,
    ARTICLES,
    ENTITY_DECISIONS,
    HISTORY,
    QUARANTINE,
    REGISTRY,
    RUNS,
    SOURCES,
    TABLES,
    Table,
)

_RECORDED = (*HISTORY, *REGISTRY)
_ORDER = {
    SOURCES.name: "updated_at DESC",
    QUARANTINE.name: "state = 'open', recorded_at",
    # names of files hold the time they were written
    ARTICLES.name: "o.current_version IS DISTINCT FROM version, filename DESC",
}
"""Which of several rows with one key counts, where the run does not tell."""


@dataclass(frozen=True)
class Beside(Warehouse):
    """The same warehouse with a new catalog, until that takes the place of the old one."""

    new: Catalog | None = None

    @property
    def database(self) -> Catalog:
        """The new one."""
        assert self.new is not None
        return self.new


@dataclass(slots=True)
class Rebuilt:
    """What was found: rows by table, runs left out as not committed, files that are torn."""

    rows: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    torn: list[Place] = field(default_factory=list)
    kept: str | None = None
    """Where the old catalog lies now."""


def rebuild(warehouse: Warehouse, stamp: str) -> Rebuilt:
    """Make a new catalog; the old one is kept beside it under a name with `stamp`."""
    rebuilt = Rebuilt()
    database = warehouse.database
    new = Beside(warehouse.root, location=warehouse.location, new=database.rebuilding())
    with connect(new, read_only=False, must_exist=False) as connection:
        connection.execute(f"SET temp_directory = {quote(str(warehouse.root / 'staging'))}")
        for table in TABLES:
            connection.execute(ddl(table))
            _open(connection, table, list(_files(warehouse, table, connection, rebuilt)))
        _choose_runs(connection, rebuilt)
        connection.execute("BEGIN")
        for table in sorted(TABLES, key=lambda table: table is ARTICLES):
            rebuilt.rows[table.name] = _fill(connection, table)
        connection.execute("COMMIT")
    rebuilt.kept = database.give_way(new.database, stamp)
    return rebuilt


def _files(
    warehouse: Warehouse, table: Table, connection: duckdb.DuckDBPyConnection, rebuilt: Rebuilt
) -> Iterator[str]:
    """The readable data files of a table."""
    for path, _ in list_files(warehouse.data / "main" / table.name, "*.parquet"):
        if path.name.endswith("-delete.parquet"):
            continue
        try:
            connection.execute(f"SELECT num_rows FROM parquet_file_metadata({quote(str(path))})")
        except duckdb.Error:
            rebuilt.torn.append(path)
        else:
            yield str(path)


def _open(connection: duckdb.DuckDBPyConnection, table: Table, paths: Sequence[str]) -> None:
    """The view ``old_<table>`` of all rows in the files, as the declaration types them."""
    columns = ", ".join(f'"{c.name}"' for c in table.published)
    if not paths:
        select = f"SELECT {columns}, '' AS filename FROM lake.{table.name} WHERE false"
    else:
        # the empty table gives columns that old files lack
        select = (
            f"SELECT {columns}, filename FROM (SELECT *, NULL::VARCHAR AS filename"
            f" FROM lake.{table.name} WHERE false UNION ALL BY NAME"
            f" SELECT * FROM read_parquet({literal(paths)}, union_by_name = true, filename = true))"
        )
    connection.execute(f"CREATE TEMP VIEW old_{table.name} AS {select}")


def _choose_runs(connection: duckdb.DuckDBPyConnection, rebuilt: Rebuilt) -> None:
    """The tables ``whole`` (runs that count) and ``times`` (when they were recorded)."""
    connection.execute(
        f"CREATE TEMP TABLE whole AS SELECT run_id FROM old_{RUNS.name} UNION"
        f" SELECT run_id FROM old_{ENTITY_DECISIONS.name} WHERE decided_by <> 'machine'"
    )
    everything = " UNION ".join(f"SELECT run_id, recorded_at FROM old_{t.name}" for t in _RECORDED)
    connection.execute(f"CREATE TEMP TABLE recorded AS {everything}")
    while True:
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE times AS SELECT DISTINCT recorded_at FROM recorded"
            " WHERE run_id IN (FROM whole)"
        )
        gone = connection.execute(
            "DELETE FROM whole WHERE run_id IN (SELECT run_id FROM (SELECT run_id,"
            " row_number() OVER (PARTITION BY article_id ORDER BY recorded_at DESC, run_id DESC)"
            f" AS place FROM ({_once(ARTICLE_VERSIONS)}) WHERE superseded_at IS NULL)"
            " WHERE place > 1) RETURNING run_id"
        ).fetchall()
        if not gone:
            break
    rebuilt.left_out = sorted(
        run
        for (run,) in connection.execute(
            "SELECT DISTINCT run_id FROM recorded WHERE run_id NOT IN (FROM whole)"
        ).fetchall()
    )


def _once(table: Table) -> str:
    """A query for each recorded row of the runs that count, in its last state."""
    keys = ", ".join(f'"{k}"' for k in table.key)
    columns = ", ".join(f'"{c.name}"' for c in table.columns)
    superseded = "CASE WHEN superseded_at IN (FROM times) THEN superseded_at END"
    return (
        f"SELECT {columns}, run_id, recorded_at, {superseded} AS superseded_at"
        f" FROM old_{table.name} WHERE run_id IN (FROM whole) QUALIFY row_number() OVER"
        f" (PARTITION BY {keys}, run_id ORDER BY {superseded} NULLS LAST, filename DESC) = 1"
    )


def _fill(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    keys = ", ".join(f'"{k}"' for k in table.key)
    names = {c.name for c in table.columns}
    if table.recorded:
        query = _once(table)
    else:
        columns = ", ".join(f'o."{c.name}"' for c in table.columns)
        joined = where = ""
        if table is ARTICLES:
            # an article without a version is one of a run that does not count
            columns = columns.replace('o."current_version"', "version AS current_version")
            joined = (
                " JOIN (SELECT article_id, version FROM lake.article_versions"
                " WHERE superseded_at IS NULL) USING (article_id)"
            )
        elif "run_id" in names:
            where = " WHERE run_id IN (FROM whole)"
        query = (
            f"SELECT {columns} FROM old_{table.name} o{joined}{where} QUALIFY row_number() OVER"
            f" (PARTITION BY {keys} ORDER BY {_ORDER.get(table.name, 'filename DESC')}) = 1"
        )
    order = ", ".join(f'"{name}"' for name in table.order)
    done = connection.execute(
        f"INSERT INTO lake.{table.name} BY NAME SELECT * FROM ({query}) ORDER BY {order}"
    ).fetchone()
    return int(done[0]) if done else 0
