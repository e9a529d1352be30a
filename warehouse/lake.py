"""The DuckLake: where it lies, how it is opened, and how a run is published to it.

Layout of a warehouse folder::

    catalog.sqlite   DuckLake catalog
    data/            Parquet files, readable by anything
    staging/RUN/     checked rows and records of a run that is not yet published
    journal/RUN/     records of runs (runs, fetches, checks...) that no snapshot holds yet

A run that publishes nothing leaves its records in the journal, and the next publish takes them
along. So a night that brings nothing new makes no snapshot, and its record is not lost.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import duckdb

from warehouse.tables import (
    ARTICLE_VERSIONS,
    ARTICLES,
    BY_NAME,
    FACTS,
    OPERATIONS,
    QUARANTINE,
    SOURCES,
    TABLES,
    Column,
    Table,
)

_SQL_TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "timestamp": "TIMESTAMPTZ",
    "list<string>": "VARCHAR[]",
}
_EXTENSIONS = ("ducklake", "sqlite_scanner")
_JOURNALED = (SOURCES, *OPERATIONS, QUARANTINE)
_NEWEST = {SOURCES.name: "updated_at DESC", QUARANTINE.name: "recorded_at"}
"""Which of several rows with one key counts: a source's last state, a held-back row's first."""


class WarehouseError(Exception):
    """The warehouse cannot be used; the message says why and what to do."""


class WarehouseLocked(WarehouseError):
    """Another run is writing."""


@dataclass(frozen=True)
class Warehouse:
    """A warehouse folder."""

    root: Path

    @property
    def catalog(self) -> Path:
        """The SQLite file that holds the DuckLake catalog."""
        return self.root / "catalog.sqlite"

    @property
    def data(self) -> Path:
        """Folder of the published Parquet files."""
        return self.root / "data"

    def staging(self, run_id: str) -> Path:
        """Folder of a run's checked rows until they are published."""
        return self.root / "staging" / run_id

    def journal(self, run_id: str) -> Path:
        """Folder of a run's own records until a publish takes them along."""
        return self.root / "journal" / run_id

    def exists(self) -> bool:
        """Whether `dateline init` has been here."""
        return self.catalog.is_file()


# --------------------------------------------------------------------------- opening


def create(warehouse: Warehouse) -> None:
    """Make an empty warehouse with every declared table; an existing one is left as it is."""
    if warehouse.exists():
        return
    warehouse.data.mkdir(parents=True, exist_ok=True)
    with connect(warehouse, read_only=False, must_exist=False) as connection:
        connection.execute("BEGIN")
        for table in TABLES:
            connection.execute(ddl(table))
        connection.execute("COMMIT")


@contextmanager
def connect(
    warehouse: Warehouse, *, read_only: bool = True, must_exist: bool = True
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB session with the lake attached as ``lake`` and the views of warehouse/sql.

    Unqualified names give current rows (views); ``lake.<table>`` gives every row, superseded ones
    too. Readers neither block a publish nor are blocked by it.

    Raises:
        WarehouseError: there is no warehouse, or its catalog cannot be read.
    """
    if must_exist and not warehouse.exists():
        raise WarehouseError(f"there is no warehouse in {warehouse.root}: run `dateline init`")
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("SET TimeZone = 'UTC'")
        _load_extensions(connection)
        options = f"DATA_PATH {quote(str(warehouse.data) + '/')}"
        if must_exist:
            options += ", OVERRIDE_DATA_PATH true"
        if read_only:
            options += ", READ_ONLY"
        try:
            connection.execute(
                f"ATTACH {quote('ducklake:sqlite:' + str(warehouse.catalog))} AS lake ({options})"
            )
        except duckdb.Error as error:
            raise WarehouseError(
                f"the catalog {warehouse.catalog} cannot be opened: {error}. If the file is"
                " damaged, restore it from a backup; the Parquet files in data/ are untouched"
            ) from error
        if must_exist:
            _create_views(connection, warehouse)
        yield connection
    finally:
        connection.close()


def _load_extensions(connection: duckdb.DuckDBPyConnection) -> None:
    """Load the extensions from their Python packages: no home folder, no network."""
    for name in _EXTENSIONS:
        spec = importlib.util.find_spec(f"duckdb_extension_{name}")
        if spec is None or not spec.submodule_search_locations:
            raise WarehouseError(
                f"DuckDB's extension {name} is missing: run"
                f" `pip install duckdb-extension-{name.replace('_', '-')}=={duckdb.__version__}`"
            )
        folder = Path(spec.submodule_search_locations[0]) / "extensions" / f"v{duckdb.__version__}"
        connection.execute(f"LOAD {quote(str(folder / f'{name}.duckdb_extension'))}")


def _create_views(connection: duckdb.DuckDBPyConnection, warehouse: Warehouse) -> None:
    """Views over the lake in the session: current rows, journals, and all of warehouse/sql."""
    known = {
        name
        for (name,) in connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'lake'"
        ).fetchall()
    }
    missing = [t.name for t in TABLES if t.name not in known]
    if missing:
        raise WarehouseError(
            f"the warehouse {warehouse.root} lacks the tables {', '.join(missing)}: it was made by"
            " another version of dateline; create a new one with `dateline init` and ingest again"
        )
    for table in TABLES:
        where = " WHERE superseded_at IS NULL" if table.recorded else ""
        select = f"SELECT * FROM lake.{table.name}{where}"
        pending = sorted(map(str, (warehouse.root / "journal").rglob(f"{table.name}.parquet")))
        if pending:
            # copied: the next publish removes these files while this session may live on
            connection.execute(
                f"CREATE TEMP TABLE pending_{table.name} AS SELECT * FROM"
                f" read_parquet({_literal(pending)})"
            )
            select += f" UNION ALL BY NAME SELECT * FROM pending_{table.name}"
            select = _latest(select, table.key, _NEWEST.get(table.name, "1"))
        connection.execute(f"CREATE VIEW memory.main.{table.name} AS {select}")
    connection.execute("SET search_path = 'memory.main,lake.main'")
    for path in sorted((Path(__file__).parent / "sql").glob("*.sql")):
        connection.execute(path.read_text(encoding="utf-8"))


def _latest(select: str, key: Sequence[str], order: str) -> str:
    return (
        f"SELECT * FROM ({select}) QUALIFY row_number()"
        f" OVER (PARTITION BY {', '.join(key)} ORDER BY {order}) = 1"
    )


def ddl(table: Table) -> str:
    """The CREATE TABLE of a declared table; DuckLake knows NOT NULL and no other constraint."""
    columns = ", ".join(_ddl_column(c) for c in table.published)
    return f"CREATE TABLE IF NOT EXISTS lake.{table.name} ({columns})"


def _ddl_column(column: Column) -> str:
    return f'"{column.name}" {_SQL_TYPES[column.type]}{"" if column.nullable else " NOT NULL"}'


def quote(text: str) -> str:
    """`text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def _literal(items: Sequence[str]) -> str:
    return "[" + ", ".join(quote(i) for i in items) + "]"


# --------------------------------------------------------------------------- one run at a time


@contextmanager
def writer_lock(warehouse: Warehouse) -> Iterator[None]:
    """Hold the warehouse's write lock; the system lets go of it when the process dies.

    Raises:
        WarehouseLocked: another process holds it.
    """
    path = warehouse.root / "run.lock"
    with path.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = _holder(handle)
            raise WarehouseLocked(
                f"the warehouse {warehouse.root} is being written by {holder}: wait for it, or try"
                " again later"
            ) from error
        handle.seek(0)
        handle.truncate()
        handle.write(f"process {os.getpid()}")
        handle.flush()
        yield


def _holder(handle: IO[str]) -> str:
    handle.seek(0)
    return handle.read().strip() or "another process"


def keep_records(warehouse: Warehouse, run_id: str) -> None:
    """Move a run's own records from staging to the journal, and drop the rest of its staging."""
    journal = warehouse.journal(run_id)
    journal.mkdir(parents=True, exist_ok=True)
    staging = warehouse.staging(run_id)
    for table in _JOURNALED:
        for number, path in enumerate(sorted(staging.rglob(f"{table.name}.parquet"))):
            part = journal / f"{number:06d}"
            part.mkdir(exist_ok=True)
            path.replace(part / path.name)
    shutil.rmtree(staging, ignore_errors=True)


def unknown_quarantine(warehouse: Warehouse, run_id: str) -> int:
    """How many rows a run holds back that no earlier run has held back."""
    staged = _by_table(warehouse.staging(run_id)).get(QUARANTINE.name, [])
    if not staged:
        return 0
    with connect(warehouse) as connection:
        row = connection.execute(
            f"SELECT count(*) FROM read_parquet({_literal(staged)}) s"
            " WHERE s.quarantine_id NOT IN (SELECT quarantine_id FROM lake.quarantine)"
        ).fetchone()
    return int(row[0]) if row else 0


def clear_staging(warehouse: Warehouse) -> None:
    """Remove what killed runs left behind; only to be called under the writer lock."""
    shutil.rmtree(warehouse.root / "staging", ignore_errors=True)


# --------------------------------------------------------------------------- publishing


@dataclass(frozen=True)
class Published:
    """What a publish did: the snapshot it made, and rows inserted by table."""

    snapshot: int
    rows: Mapping[str, int]


def publish(warehouse: Warehouse, run_id: str, recorded_at: datetime) -> Published:
    """Make a run's staged rows and records, and all journals, visible, in one transaction.

    Staged are Parquet files named for their tables anywhere below ``staging/RUN``. Articles
    staged anew supersede their current version with its facts. Nothing is loaded into memory
    whole, so the cost follows the run, not the warehouse.
    """
    staged = _by_table(warehouse.staging(run_id))
    journals = sorted((warehouse.root / "journal").glob("*/"))
    records = _by_table(warehouse.root / "journal")
    for name, paths in staged.items():
        records.setdefault(name, []).extend(paths)
    rows: dict[str, int] = {}
    with connect(warehouse, read_only=False) as connection:
        connection.execute("BEGIN TRANSACTION")
        _supersede(connection, staged.get(ARTICLE_VERSIONS.name, []), recorded_at)
        _choose(connection, staged.get(ARTICLE_VERSIONS.name, []))
        for table in (ARTICLE_VERSIONS, *FACTS):
            rows[table.name] = _insert_recorded(
                connection, table, staged.get(table.name, []), run_id, recorded_at
            )
        rows[ARTICLES.name] = _merge(connection, ARTICLES, staged.get(ARTICLES.name, []))
        for table in _JOURNALED:
            rows[table.name] = _merge(connection, table, records.get(table.name, []))
        connection.execute("COMMIT")
        snapshot = snapshot_id(connection)
    for journal in journals:
        shutil.rmtree(journal)
    shutil.rmtree(warehouse.staging(run_id), ignore_errors=True)
    return Published(snapshot, rows)


def snapshot_id(connection: duckdb.DuckDBPyConnection) -> int:
    """The id of the newest snapshot."""
    row = connection.execute("SELECT max(snapshot_id) FROM ducklake_snapshots('lake')").fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def _by_table(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*.parquet")):
        if path.stem in BY_NAME:
            found.setdefault(path.stem, []).append(str(path))
    return found


def _supersede(
    connection: duckdb.DuckDBPyConnection, versions: Sequence[str], recorded_at: datetime
) -> None:
    """Close the current version, and its facts, of each article that is staged anew."""
    if not versions:
        return
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE superseded AS SELECT v.article_id, v.recorded_at"
        " FROM lake.article_versions v WHERE v.superseded_at IS NULL AND v.article_id IN"
        f" (SELECT article_id FROM read_parquet({_literal(versions)}))"
    )
    bounds = connection.execute(
        "SELECT min(recorded_at), max(recorded_at) FROM superseded"
    ).fetchone()
    if bounds is None or bounds[0] is None:
        return
    for table in (ARTICLE_VERSIONS, *FACTS):
        # the literal bounds let DuckLake skip the files of all other nights
        connection.execute(
            f"UPDATE lake.{table.name} SET superseded_at = ? WHERE superseded_at IS NULL"
            " AND recorded_at BETWEEN ? AND ?"
            " AND article_id IN (SELECT article_id FROM superseded)",
            [recorded_at, *bounds],
        )


def _choose(connection: duckdb.DuckDBPyConnection, versions: Sequence[str]) -> None:
    """Choose the first batch of each article: two addresses in one run may lead to one article."""
    if versions:
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE chosen AS"
            " SELECT article_id, min(parse_dirpath(filename)) AS batch"
            f" FROM read_parquet({_literal(versions)}, filename = true) GROUP BY article_id"
        )


def _insert_recorded(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    paths: Sequence[str],
    run_id: str,
    recorded_at: datetime,
) -> int:
    if not paths:
        return 0
    result = connection.execute(
        f"INSERT INTO lake.{table.name} BY NAME SELECT s.* EXCLUDE (filename), ? AS run_id,"
        " ?::TIMESTAMPTZ AS recorded_at, NULL::TIMESTAMPTZ AS superseded_at"
        f" FROM read_parquet({_literal(paths)}, filename = true) s"
        " JOIN chosen c ON c.article_id = s.article_id AND c.batch = parse_dirpath(s.filename)"
        f" ORDER BY {', '.join(f's.{n}' for n in table.order)}",
        [run_id, recorded_at],
    ).fetchone()
    return int(result[0]) if result else 0


def _merge(connection: duckdb.DuckDBPyConnection, table: Table, paths: Sequence[str]) -> int:
    """Insert new keys and update changed rows; rows that say the same are left alone.

    Not MERGE: with an update of one row in a file of several it aborts the process (DuckLake on
    DuckDB 1.5.5).
    """
    if not paths:
        return 0
    columns = ", ".join(f'"{c.name}"' for c in table.columns)
    match = " AND ".join(f't."{k}" = s."{k}"' for k in table.key)
    newest = _NEWEST.get(table.name, "1")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE incoming AS SELECT {columns} FROM"
        f" ({_latest(f'SELECT * FROM read_parquet({_literal(paths)})', table.key, newest)})"
    )
    if table in (SOURCES, ARTICLES):
        # when and where an article was first seen stays
        kept = [
            c.name
            for c in table.columns
            if c.name not in (*table.key, "first_seen_at", "source_id", "duplicate_cluster")
        ]
        changed = " OR ".join(f't."{n}" IS DISTINCT FROM s."{n}"' for n in kept)
        updates = ", ".join(f'"{n}" = s."{n}"' for n in kept)
        connection.execute(
            f"UPDATE lake.{table.name} t SET {updates} FROM incoming s"
            f" WHERE {match} AND ({changed})"
        )
    result = connection.execute(
        f"INSERT INTO lake.{table.name} ({columns}) SELECT {columns} FROM incoming s"
        f" WHERE NOT EXISTS (SELECT 1 FROM lake.{table.name} t WHERE {match})"
    ).fetchone()
    return int(result[0]) if result else 0


def current_versions(
    connection: duckdb.DuckDBPyConnection, article_ids: Sequence[str]
) -> dict[str, str]:
    """The current version of each of these articles that the warehouse knows."""
    rows: list[tuple[Any, ...]] = connection.execute(
        "SELECT article_id, current_version FROM lake.articles WHERE article_id IN"
        " (SELECT unnest(?))",
        [list(article_ids)],
    ).fetchall()
    return dict(rows)
