"""The DuckLake: where it lies, how it is opened, and who may write.

Layout of a warehouse folder::

    catalog.sqlite   DuckLake catalog
    dateline.duckdb  views and macros, for any DuckDB client
    data/            Parquet files, readable by anything
    staging/RUN/     checked rows and records of a run that is not yet published
    journal/RUN/     records of runs (runs, fetches, checks...) that no snapshot holds yet
    archive/         what was fetched, as WARC files

A run that publishes nothing leaves its records in the journal, and the next publish takes them
along. So a night that brings nothing new makes no snapshot, and its record is not lost.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.catalog import Catalog, SqliteCatalog
from warehouse.errors import CatalogDamaged as CatalogDamaged
from warehouse.errors import CatalogMissing
from warehouse.errors import WarehouseError as WarehouseError
from warehouse.errors import WarehouseLocked as WarehouseLocked
from warehouse.location import (
    IN_FOLDER,
    Location,
    choose_location,
    read_location,
    write_location,
)
from warehouse.postgres import PostgresCatalog
from warehouse.session import Limits, open_session
from warehouse.store import Place, list_files, secret_statement
from warehouse.tables import QUARANTINE, SOURCES, TABLES, Column, Table
from warehouse.views import (
    NAME,
    create_affected,
    create_views,
    has_views,
    table_view,
    write_views,
)

_LOOKS = 5
"""How often a session is begun anew where a publish comes between."""
_SQL_TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "timestamp": "TIMESTAMPTZ",
    "list<string>": "VARCHAR[]",
}
_STORE = {"http_retries": 8, "http_retry_wait_ms": 200, "http_retry_backoff": 2}
"""A store that answers 503 is asked for half a minute."""
LAYOUT = {"parquet_compression": "zstd", "parquet_version": "1"}
"""How files are written: two fifths smaller than DuckDB's default, and read as fast.

Not Parquet 2, which would be another 4 % smaller: DuckDB 1.5.5 fails with it to write lists that
hold an empty string ("not enough space in buffer").
"""
_NEWEST = {SOURCES.name: "updated_at DESC", QUARANTINE.name: "state = 'open', recorded_at"}
"""Which of several rows with one key counts: a source's last state; of a row held back a decision,
else the first time."""


@dataclass(frozen=True)
class Warehouse:
    """A warehouse: its folder, and where the rest of it lies if not there.

    Attributes:
        memory_limit: bytes that a DuckDB session takes at most, spilling to ``tmp/``; null leaves
            DuckDB its own limit.
    """

    root: Path
    memory_limit: int | None = None
    location: Location = IN_FOLDER

    @property
    def catalog(self) -> Path:
        """The SQLite file that holds the DuckLake catalog, where no server does."""
        return self.root / "catalog.sqlite"

    @property
    def database(self) -> Catalog:
        """The DuckLake catalog, wherever it is."""
        if self.location.catalog is not None:
            return PostgresCatalog(self.location.catalog, self.location.schema)
        return SqliteCatalog(self.catalog)

    @property
    def shared(self) -> Place:
        """The folder of all that other machines must reach: on the store, if there is one."""
        return self.location.place or self.root

    @property
    def data(self) -> Place:
        """Folder of the published Parquet files."""
        return self.shared / "data"

    @property
    def views(self) -> Path:
        """The DuckDB file with the views and macros."""
        return self.root / NAME

    @property
    def search(self) -> Path:
        """The SQLite file with the words of all texts."""
        return self.root / "index" / "search.sqlite"

    def staging(self, run_id: str) -> Place:
        """Folder of a run's checked rows until they are published."""
        return self.stagings / run_id

    def journal(self, run_id: str) -> Place:
        """Folder of a run's own records until a publish takes them along."""
        return self.journals / run_id

    @property
    def stagings(self) -> Place:
        """Folder of the staging of all runs."""
        return self.shared / "staging"

    @property
    def journals(self) -> Place:
        """Folder of the journals of all runs."""
        return self.shared / "journal"

    @property
    def archive(self) -> Path:
        """Folder of the WARC files with what was fetched: local, since they are added to, read from
        any place and blanked in place, which no object store allows."""
        return self.root / "archive"

    def exists(self) -> bool:
        """Whether `dateline init` has been here."""
        return self.database.exists()

    def has_data(self) -> bool:
        """Whether there are published files, with or without a catalog."""
        return next(list_files(self.data, "*.parquet"), None) is not None

    def __str__(self) -> str:
        where = self.location
        return f"{self.root} ({where})" if where.elsewhere else str(self.root)


def open_warehouse(
    root: Path, memory_limit: int | None = None, wanted: Location | None = None
) -> Warehouse:
    """The warehouse of a folder; `wanted` is where it is to lie if it does not exist.

    Raises:
        WarehouseError: it lies somewhere else.
    """
    return Warehouse(root, memory_limit, choose_location(root, wanted))


# --------------------------------------------------------------------------- opening


def create(warehouse: Warehouse) -> None:
    """Make an empty warehouse with every declared table; of an existing one only the views."""
    if not warehouse.exists():
        if warehouse.has_data():
            raise CatalogDamaged(warehouse.database, "it is missing")
        warehouse.root.mkdir(parents=True, exist_ok=True)
        warehouse.data.mkdir(parents=True, exist_ok=True)
        write_location(warehouse.root, warehouse.location)
        create_tables(warehouse)
        return
    warehouse.root.mkdir(parents=True, exist_ok=True)
    with connect(warehouse) as connection:
        if not has_current_views(connection):
            write_views(connection, warehouse.views)
    # a further machine has a folder of its own
    write_location(warehouse.root, warehouse.location)


def create_tables(warehouse: Warehouse) -> None:
    """Make the catalog, with every declared table, and the file of the views."""
    with connect(warehouse, read_only=False, must_exist=False) as connection:
        connection.execute("BEGIN")
        for table in TABLES:
            connection.execute(ddl(table))
        set_layout(connection)
        connection.execute("COMMIT")
        write_views(connection, warehouse.views)
    warehouse.database.prepare()


def has_current_views(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the session took its views from the warehouse's own file."""
    path = connection.execute("SELECT current_setting('search_path')").fetchone()
    return path is not None and "views.main" in path[0]


def set_layout(connection: duckdb.DuckDBPyConnection) -> None:
    """Have all files from now on written as LAYOUT says."""
    for name, value in LAYOUT.items():
        connection.execute(f"CALL lake.set_option({quote(name)}, {quote(value)})")


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
    for left in reversed(range(_LOOKS)):
        # before the catalog: what a publish takes along in between is in the one or the other
        journals = _find_journals(warehouse)
        with attach(warehouse, read_only=read_only, must_exist=must_exist) as connection:
            try:
                if must_exist:
                    _create_views(connection, warehouse, journals)
            except (duckdb.IOException, duckdb.HTTPException):
                # a publish has taken the journals along since: then they are in the catalog
                if not left or _find_journals(warehouse) == journals:
                    raise
                continue
            yield connection
            return


@contextmanager
def attach(
    warehouse: Warehouse, *, read_only: bool = True, must_exist: bool = True
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB session with the lake attached as ``lake``, whatever version made it; no views.

    Raises:
        WarehouseError: there is no warehouse, or its catalog cannot be read.
    """
    database = warehouse.database
    if must_exist:
        with _missing_told(warehouse):
            database.expect()
        if not read_only:
            database.prepare()
    with database.opened(read_only=read_only) as opened, session(warehouse) as connection:
        attach_as(connection, warehouse, "lake", opened, read_only=read_only, must_exist=must_exist)
        yield connection


def attach_as(
    connection: duckdb.DuckDBPyConnection,
    warehouse: Warehouse,
    name: str,
    opened: str,
    *,
    read_only: bool,
    must_exist: bool = True,
) -> None:
    """Attach a warehouse's lake under a name to a session, which need not be its own.

    Args:
        opened: what its catalog was opened as, which must last longer than the session.

    Raises:
        WarehouseError: there is none, or its catalog cannot be read.
    """
    database = warehouse.database
    _reach(connection, warehouse, name)
    options = [f"DATA_PATH {quote(str(warehouse.data) + '/')}", *database.options(must_exist)]
    if must_exist:
        options.append("OVERRIDE_DATA_PATH true")
    # small changes go to Parquet too, not into the catalog: so all rows can be read without it;
    # and DuckLake 1.0 gives wrong rows of the past once changes have left the catalog
    options.append("READ_ONLY" if read_only else "DATA_INLINING_ROW_LIMIT 0")
    target = quote(f"ducklake:{opened}")
    with _missing_told(warehouse):
        database.attach(connection, f"ATTACH {target} AS {name} ({', '.join(options)})")


@contextmanager
def session(warehouse: Warehouse, *, kept: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB session that can read where the warehouse lies, without the lake.

    Its engine is used again unless it is not to be `kept`.
    """
    # an engine that knows the keys to a store is nobody else's
    kept = kept and not warehouse.location.elsewhere
    with open_session(_limits(warehouse), load_extensions, kept=kept) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        _reach(connection, warehouse, "lake")
        yield connection


def _limits(warehouse: Warehouse) -> Limits:
    """The settings that keep a session within the memory it may take."""
    if warehouse.memory_limit is None:
        return ()
    return (
        f"SET memory_limit = '{warehouse.memory_limit // 2**20}MiB'",
        f"SET temp_directory = {quote(str(warehouse.root / 'tmp'))}",
    )


def _reach(connection: duckdb.DuckDBPyConnection, warehouse: Warehouse, name: str) -> None:
    """Have a session know what it needs to get to where a warehouse lies."""
    load_extensions(connection, warehouse.database.extensions)
    if (place := warehouse.location.place) is not None:
        load_extensions(connection, ("httpfs",))
        connection.execute(secret_statement(place, name))
        for setting, value in _STORE.items():
            connection.execute(f"SET {setting} = {value}")


@contextmanager
def _missing_told(warehouse: Warehouse) -> Iterator[None]:
    """Say of a catalog that is missing whether there should be one."""
    try:
        yield
    except CatalogMissing as error:
        if warehouse.has_data():
            raise CatalogDamaged(warehouse.database, "it is missing") from error
        raise WarehouseError(f"there is no warehouse in {warehouse}: run `dateline init`") from None


def load_extensions(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str] = ("ducklake", "sqlite_scanner")
) -> None:
    """Load DuckDB's extensions from their Python packages: no home folder, no network."""
    for name in names:
        spec = importlib.util.find_spec(f"duckdb_extension_{name}")
        if spec is None or not spec.submodule_search_locations:
            raise WarehouseError(
                f"DuckDB's extension {name} is missing: run"
                f" `pip install duckdb-extension-{name.replace('_', '-')}=={duckdb.__version__}`"
            )
        folder = Path(spec.submodule_search_locations[0]) / "extensions" / f"v{duckdb.__version__}"
        connection.execute(f"LOAD {quote(str(folder / f'{name}.duckdb_extension'))}")


def find_missing(warehouse: Warehouse, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Declared tables, and columns of those there are, that the lake lacks."""
    known = warehouse.database.find_columns(connection)
    return [t.name for t in TABLES if t.name not in known] + [
        f"{t.name}.{c.name}" for t in TABLES for c in t.published
        if t.name in known and c.name not in known[t.name]
    ]  # fmt: skip


def _create_views(
    connection: duckdb.DuckDBPyConnection,
    warehouse: Warehouse,
    journals: Mapping[str, Sequence[str]],
) -> None:
    """Views over the lake in the session: current rows, journals, and all of warehouse/sql."""
    if missing := find_missing(warehouse, connection):
        raise WarehouseError(
            f"the warehouse {warehouse.root} lacks {', '.join(missing)}: it was made by another"
            " version of dateline. `dateline migrate` brings it up to this one; or put"
            " catalog.sqlite and data/ aside and make it anew from its archive with"
            " `dateline ingest --replay`"
        )
    if warehouse.search.is_file():
        connection.execute(
            f"ATTACH {quote(str(warehouse.search))} AS search (TYPE sqlite, READ_ONLY)"
        )
    if has_views(connection, warehouse.views):
        connection.execute("SET search_path = 'session.main,views.main,lake.main'")
        for table in TABLES:
            if table.name in journals:
                _create_view(connection, table, journals[table.name])
        create_affected(connection, journals)
        return
    connection.execute("SET search_path = 'session.main,lake.main'")
    for table in TABLES:
        _create_view(connection, table, journals.get(table.name, []))
    create_views(connection)


def _create_view(
    connection: duckdb.DuckDBPyConnection, table: Table, pending: Sequence[str]
) -> None:
    """The view of a table's current rows, with those in files of the journal."""
    select = table_view(table)
    if pending:
        # copied: the next publish removes these files while this session may live on
        connection.execute(
            f"CREATE TEMP TABLE pending_{table.name} AS SELECT * FROM"
            f" read_parquet({literal(pending)})"
        )
        select += f" UNION ALL BY NAME SELECT * FROM pending_{table.name}"
        select = latest(select, table)
    connection.execute(f"CREATE VIEW {table.name} AS {select}")


def _find_journals(warehouse: Warehouse) -> dict[str, list[str]]:
    """The files of the journal by table."""
    found: dict[str, list[str]] = {}
    for path, _ in list_files(warehouse.journals, "*.parquet"):
        found.setdefault(path.stem, []).append(str(path))
    return found


def latest(select: str, table: Table) -> str:
    """A query for the one row of each key that counts, of all that `select` gives."""
    order = _NEWEST.get(table.name, "1")
    return (
        f"SELECT * FROM ({select}) QUALIFY row_number()"
        f" OVER (PARTITION BY {', '.join(table.key)} ORDER BY {order}) = 1"
    )


def ddl(table: Table) -> str:
    """The CREATE TABLE of a declared table; DuckLake knows NOT NULL and no other constraint."""
    columns = ", ".join(ddl_column(c) for c in table.published)
    return f"CREATE TABLE IF NOT EXISTS lake.{table.name} ({columns})"


def ddl_column(column: Column) -> str:
    """The column as CREATE TABLE and ADD COLUMN write it."""
    return f'"{column.name}" {sql_type(column)}{"" if column.nullable else " NOT NULL"}'


def sql_type(column: Column) -> str:
    """The SQL type of a column."""
    return _SQL_TYPES[column.type]


def quote(text: str) -> str:
    """`text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def literal(items: Sequence[str]) -> str:
    """`items` as an SQL list of string literals."""
    return "[" + ", ".join(quote(i) for i in items) + "]"


# --------------------------------------------------------------------------- asking


def snapshot_id(connection: duckdb.DuckDBPyConnection) -> int:
    """The id of the newest snapshot."""
    row = connection.execute("SELECT max(snapshot_id) FROM ducklake_snapshots('lake')").fetchone()
    return int(row[0]) if row and row[0] is not None else 0


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


def current_texts(
    connection: duckdb.DuckDBPyConnection, article_ids: Sequence[str]
) -> dict[str, tuple[str | None, str]]:
    """Headline and text of the current version of each of these articles."""
    if not article_ids:
        return {}
    rows: list[tuple[Any, ...]] = connection.execute(
        "SELECT article_id, headline, text FROM lake.article_versions"
        " WHERE superseded_at IS NULL AND article_id IN (SELECT unnest(?))",
        [list(article_ids)],
    ).fetchall()
    return {article: (headline, text) for article, headline, text in rows}


def known_quarantine(connection: duckdb.DuckDBPyConnection, keys: Sequence[str]) -> set[str]:
    """Those of these keys of held-back rows that the warehouse knows as open or discarded."""
    rows = connection.execute(
        "SELECT quarantine_id FROM quarantine"
        " WHERE state <> 'replayed' AND quarantine_id IN (SELECT unnest(?))",
        [list(keys)],
    ).fetchall()
    return {key for (key,) in rows}


# --------------------------------------------------------------------------- one run at a time


@contextmanager
def writer_lock(warehouse: Warehouse, wait: float = 0) -> Iterator[None]:
    """Hold the warehouse's write lock; it is let go of when the process dies.

    Args:
        wait: seconds to wait for the process that holds it.

    Raises:
        WarehouseLocked: another process holds it still.
    """
    with warehouse.database.lock(warehouse.root, wait):
        if read_location(warehouse.root) not in (None, warehouse.location):
            raise WarehouseError(f"the warehouse {warehouse.root} was moved: run the command again")
        yield
