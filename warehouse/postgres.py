"""A DuckLake catalog in Postgres: many machines read it, and one of them at a time writes.

The writer holds an advisory lock in a session of its own, which Postgres ends with the process or,
by keepalives, a minute after its machine has gone. Where the server was restarted the lock is taken
anew, and a publish makes sure of it before it commits: no second writer has come between.

Its password is libpq's affair: ``PGPASSWORD`` in the environment or ``~/.pgpass``, never part of
the address.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
import zlib
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import duckdb

from warehouse.catalog import Catalog
from warehouse.errors import CatalogDamaged, CatalogMissing, CatalogUnreachable, WarehouseError
from warehouse.lock import PAUSE, locked

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds in which a server that has answered this process before may come back."""
_BEAT = 10.0
"""Seconds between two looks at whether the lock is still held."""
_CLASS = 0x44415445
"""Advisory locks of ours: the first of their two keys; the second is made of the schema."""
_TIMEOUT = 20.0
_LOST = (
    "unable to connect", "connection refused", "server closed the connection", "terminating",
    "no connection to the server", "database system is", 'execute query "rollback"',
    "connection reset", "connection timed out", "ssl connection has been closed", "broken pipe",
)  # fmt: skip
"""Words of libpq and DuckDB, in lower case, where a server is away or has been restarted."""
_REFUSED = ("does not exist", "authentication failed", "no password", "permission denied",
            "pg_hba.conf")  # fmt: skip
"""Words of a server that is there and does not let us in."""
_KEEPALIVES = {
    "tcp_keepalives_idle": "20", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "4",
}  # fmt: skip
_answered: set[str] = set()
"""Catalogs that have answered this process."""
_held: dict[PostgresCatalog, WriterLock] = {}
"""Locks that this process holds."""


@dataclass(frozen=True)
class PostgresCatalog:
    """A schema of a Postgres database with a DuckLake catalog.

    Attributes:
        url: ``postgresql://user@host:port/database``, without a password.
    """

    url: str
    schema: str = "dateline"

    extensions = ("postgres_scanner",)

    def __str__(self) -> str:
        return f"{self.url} (schema {self.schema})"

    @property
    def target(self) -> str:
        """What DuckLake attaches."""
        return f"postgres:{self.url}"

    @contextmanager
    def opened(self, *, read_only: bool) -> Iterator[str]:
        """The server itself, which shows a transaction one state."""
        yield self.target

    def options(self, must_exist: bool) -> list[str]:
        """What DuckLake has to know beside it."""
        there = ["CREATE_IF_NOT_EXISTS false"] if must_exist else []
        return [f"METADATA_SCHEMA {_quote(self.schema)}", *there]

    @property
    def tables(self) -> str:
        """Where a session that has attached the lake finds the catalog's own tables."""
        return f'__ducklake_metadata_lake."{self.schema}"'

    def expect(self) -> None:
        """Nothing: the server is asked when the lake is attached, once for both."""

    def exists(self) -> bool:
        """Whether there is a catalog."""
        with session(self) as server:
            return bool(server.value("SELECT to_regclass($1) IS NOT NULL", self._name("snapshot")))

    def prepare(self) -> None:
        """Make sure of the lock, if this process holds it."""
        self.confirm_lock()

    def check_whole(self) -> str | None:
        """What is wrong with the catalog as far as it can be asked, in words; null if nothing is.

        Reads no more than that it has a snapshot: damage to its pages the server finds itself.
        """
        import asyncpg

        with session(self) as server:
            try:
                newest = server.value(
                    f"SELECT max(snapshot_id) FROM {self._name('snapshot')}"
                )  # fmt: skip
            except asyncpg.PostgresError as error:
                return str(error)
        return None if newest is not None else "it has no snapshot"

    def attach(self, connection: duckdb.DuckDBPyConnection, statement: str) -> None:
        """Attach the lake; a server that was there a moment ago is waited for.

        Raises:
            CatalogMissing: there is none.
            CatalogUnreachable: the server does not answer.
            WarehouseError: it does, and does not let us in.
            CatalogDamaged: the catalog cannot be read.
        """
        until = time.monotonic() + (PATIENCE if self.url in _answered else 0)
        while True:
            try:
                connection.execute(statement)
            except duckdb.Error as error:
                if not self.is_lost(error):
                    raise self._explained(error) from error
                if time.monotonic() >= until:
                    raise self._unreachable(error) from error
                time.sleep(PAUSE)
            else:
                _answered.add(self.url)
                return

    def is_lost(self, error: Exception) -> bool:
        """Whether an error says that the server was away, not that something is wrong."""
        words = str(error).lower()
        return any(lost in words for lost in _LOST) and not any(
            refusal in words for refusal in _REFUSED
        )

    def find_columns(self, connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
        """The columns of each table of the newest snapshot."""
        known: dict[str, set[str]] = {}
        query = (
            "SELECT t.table_name, c.column_name FROM {0}_table t JOIN {0}_column c"
            " ON c.table_id = t.table_id WHERE t.end_snapshot IS NULL AND c.end_snapshot IS NULL"
            " AND c.parent_column IS NULL"
        ).format(f'"{self.schema}".ducklake')
        for table, column in connection.execute(
            f"FROM postgres_query('__ducklake_metadata_lake', {_quote(query)})"
        ).fetchall():
            known.setdefault(table, set()).add(column)
        return known

    @contextmanager
    def lock(self, root: Path, wait: float = 0) -> Iterator[None]:
        """Hold the write lock, waiting so many seconds for the process that holds it.

        Raises:
            WarehouseLocked: another process holds it still, on whatever machine.
            CatalogUnreachable: the server does not answer.
        """
        held = WriterLock(self, wait)
        _held[self] = held
        try:
            yield
        finally:
            _held.pop(self, None)
            held.release()

    def confirm_lock(self) -> None:
        """Make sure that this process still holds the lock that it took, if it took one.

        Raises:
            WarehouseLocked: the session was lost, and another process has the lock now.
            CatalogUnreachable: the server does not answer.
        """
        if held := _held.get(self):
            held.confirm()

    def change(self, *statements: str) -> None:
        """Execute statements on the catalog's own tables, each by itself; ``{0}`` is their name
        up to the last part of it (``"schema".ducklake``)."""
        with session(self) as server:
            for statement in statements:
                server.execute(statement.replace("{0}", f'"{self.schema}".ducklake'))

    def overwrite_free(self) -> None:
        """Write the catalog's tables anew without what was deleted from them; under the lock."""
        with session(self) as server:
            for row in server.rows(
                "SELECT tablename FROM pg_tables WHERE schemaname = $1", self.schema
            ):
                server.execute(f'VACUUM (FULL) "{self.schema}"."{row["tablename"]}"')

    def rebuilding(self) -> Catalog:
        """An empty catalog beside this one, that is to take its place."""
        new = PostgresCatalog(self.url, f"{self.schema}_rebuilding")
        with session(self) as server:
            server.execute(f'DROP SCHEMA IF EXISTS "{new.schema}" CASCADE')
        return new

    def give_way(self, new: Catalog, stamp: str) -> str | None:
        """Put another catalog in this one's place; the name of the schema that keeps the old."""
        assert isinstance(new, PostgresCatalog)
        return self._rename(f"damaged_{stamp}", new)

    def set_aside(self, end: str) -> str | None:
        """Give the schema another name, which ends so; that name, if there is a schema."""
        return self._rename(end, None)

    def _rename(self, end: str, new: PostgresCatalog | None) -> str | None:
        """Set the schema aside and put another in its place, in one transaction."""
        kept = f"{self.schema}_{end}".lower()
        query = "SELECT true FROM pg_namespace WHERE nspname = $1"
        with session(self) as server:
            there = server.value(query, self.schema)
            steps = [f'ALTER SCHEMA "{self.schema}" RENAME TO "{kept}"'] if there else []
            if new is not None:
                steps.append(f'ALTER SCHEMA "{new.schema}" RENAME TO "{self.schema}"')
            if steps:
                server.execute("; ".join(steps))
        return kept if there else None

    def _name(self, table: str) -> str:
        return f'"{self.schema}".ducklake_{table}'

    def _explained(self, error: Exception) -> WarehouseError:
        words = str(error)
        if "creating a new DuckLake is explicitly disabled" in words:
            return CatalogMissing(f"there is no warehouse in {self}")
        if any(refusal in words for refusal in _REFUSED):
            return WarehouseError(f"the catalog {self} refuses us: {' '.join(words.split())}")
        return CatalogDamaged(self, words)

    def _unreachable(self, error: Exception) -> CatalogUnreachable:
        told = str(error).rpartition(": connection to")[2].strip() or str(error)
        return CatalogUnreachable(
            f"the catalog {self} does not answer: {' '.join(told.split())[:300]}. See that the"
            " server runs and may be reached from here, and that PGPASSWORD or ~/.pgpass has its"
            " password; then run the command again"
        )


def check_address(url: str, schema: str) -> None:
    """See that these can be a catalog's address.

    Raises:
        WarehouseError: they cannot, or the address holds a password.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise WarehouseError("a catalog is an address such as postgresql://user@host:5432/database")
    if parts.password is not None or "password=" in parts.query:
        raise WarehouseError(
            "the catalog's address holds a password, which would end up in logs and rows: take it"
            " out, and give it as PGPASSWORD in the environment or in ~/.pgpass"
        )
    if not schema.isidentifier() or schema != schema.lower() or len(schema) > 40:
        raise WarehouseError(
            f"{schema!r} is no name for a schema: give lower-case letters, digits and _"
        )


# --------------------------------------------------------------------------- sessions


class Session:
    """A session with the server, spoken to from any thread."""

    def __init__(self, url: str, name: str) -> None:
        import asyncpg

        self.closed = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        try:
            self._connection = self._run(
                asyncpg.connect(
                    url, timeout=_TIMEOUT, command_timeout=None,
                    server_settings={"application_name": name, **_KEEPALIVES},
                )
            )  # fmt: skip
        except BaseException:
            self._end()
            raise

    def value(self, query: str, *values: object, timeout: float | None = None) -> Any:
        """The one value that a query gives."""
        return self._run(self._connection.fetchval(query, *values, timeout=timeout))

    def rows(self, query: str, *values: object) -> list[Any]:
        """The rows that a query gives."""
        return list(self._run(self._connection.fetch(query, *values)))

    def execute(self, statement: str) -> None:
        """Execute statements; several together are one transaction."""
        self._run(self._connection.execute(statement))

    def close(self) -> None:
        """End the session, whatever has become of it."""
        if self.closed:
            return
        try:
            self._run(self._connection.close(timeout=5))
        except Exception:  # noqa: BLE001 - it is gone either way
            self._loop.call_soon_threadsafe(self._connection.terminate)
        self._end()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _end(self) -> None:
        self.closed = True
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


@contextmanager
def session(catalog: PostgresCatalog, name: str = "dateline") -> Iterator[Session]:
    """A session with the server of a catalog.

    Raises:
        CatalogUnreachable: it does not answer.
        WarehouseError: it does, and does not let us in.
    """
    opened = _open(catalog, name)
    try:
        yield opened
    finally:
        opened.close()


def _open(catalog: PostgresCatalog, name: str) -> Session:
    try:
        import asyncpg
    except ImportError as error:
        raise WarehouseError(
            "a catalog in Postgres needs more packages: run `pip install 'dateline[scale]'`"
        ) from error
    until = time.monotonic() + (PATIENCE if catalog.url in _answered else 0)
    while True:
        try:
            opened = Session(catalog.url, name)
        except (OSError, asyncpg.CannotConnectNowError, asyncpg.InterfaceError) as error:
            if time.monotonic() >= until:
                raise catalog._unreachable(error) from error
            time.sleep(PAUSE)
        except asyncpg.PostgresError as error:
            raise WarehouseError(f"the catalog {catalog} refuses us: {error}") from error
        else:
            _answered.add(catalog.url)
            return opened


# --------------------------------------------------------------------------- the writer's lock


class WriterLock:
    """The advisory lock of the process that writes."""

    def __init__(self, catalog: PostgresCatalog, wait: float) -> None:
        self._catalog = catalog
        self._key = zlib.crc32(catalog.schema.encode()) - 2**31
        self._name = f"dateline: process {os.getpid()} on {socket.gethostname()}"
        self._turn = threading.Lock()
        self._ended = threading.Event()
        self._session = _open(catalog, self._name)
        try:
            self._take(wait)
        except BaseException:
            self._session.close()
            raise
        self._beat = threading.Thread(target=self._watch, daemon=True)
        self._beat.start()

    def confirm(self) -> None:
        """Make sure of the lock: take it anew where the session was lost.

        Raises:
            WarehouseLocked: another process has it now.
            CatalogUnreachable: the server does not answer.
        """
        with self._turn:
            if self._is_held():
                return
            self._session.close()
            self._session = _open(self._catalog, self._name)
            self._take(0)

    def release(self) -> None:
        """Let go of the lock."""
        self._ended.set()
        self._beat.join(_TIMEOUT)
        with self._turn:
            self._session.close()

    def _take(self, wait: float) -> None:
        until = time.monotonic() + wait
        while not self._session.value("SELECT pg_try_advisory_lock($1, $2)", _CLASS, self._key):
            if time.monotonic() >= until:
                raise locked(self._catalog, self._holder())
            time.sleep(PAUSE)

    def _is_held(self) -> bool:
        if self._session.closed:
            return False
        try:
            held = self._session.value(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                " AND pid = pg_backend_pid() AND classid = $1::bigint::oid",
                _CLASS,
                timeout=_TIMEOUT,
            )
        except Exception:  # noqa: BLE001 - whatever it is, the session is of no use
            return False
        return bool(held)

    def _holder(self) -> str:
        name = self._session.value(
            "SELECT application_name || coalesce(' (' || host(client_addr) || ')', '')"
            " FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory'"
            " AND granted AND classid = $1::bigint::oid AND objid = ($2::bigint & 4294967295)::oid"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            _CLASS, self._key,
        )  # fmt: skip
        return str(name or "another process").removeprefix("dateline: ")

    def _watch(self) -> None:
        """Take the lock anew soon after a restart, so that nobody else comes first."""
        while not self._ended.wait(_BEAT):
            try:
                self.confirm()
            except WarehouseError:
                continue  # the publish makes sure, and says so


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
