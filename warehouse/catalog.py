"""The catalog in a file: whether it can be trusted, and the mode in which readers and the writer
share it.

It is a SQLite file in write-ahead mode: a reader that holds a transaction open, however long, does
not keep the writer from its commit, nor the writer the reader. In SQLite's usual mode a publish
fails with "database is locked" after five seconds of such a reader.

A reader gets a copy of the file as it was at one moment, for two reasons. DuckDB's sqlite extension
(1.5.5) reads each table of the catalog over a connection of its own, bounded by row ids that it
asked for before: where a commit comes between, rows are missed, such as those that say what was
deleted. And a process that opens and closes a SQLite file by two libraries, Python's and DuckDB's,
loses the locks of both (https://sqlite.org/howtocorrupt.html, 2.2): so while this process writes by
DuckDB, Python does not touch the file.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage, rmtree
from typing import Protocol

import duckdb

from warehouse.errors import CatalogDamaged, CatalogMissing, WarehouseError
from warehouse.lock import hold_file

_MAGIC = b"SQLite format 3\0"
_WAL = 2
"""The header's version of the file format in write-ahead mode."""
_PATIENCE = 30.0
"""Seconds to wait for others to let go of the file."""

ROOM = 1_000_000
"""Free bytes below which a disk counts as full."""
_ENDS = ("-wal", "-shm", "-journal")
_COPIES = "session-"
_COLUMNS = (
    "SELECT t.table_name, c.column_name FROM {0}ducklake_table t JOIN {0}ducklake_column c"
    " ON c.table_id = t.table_id WHERE t.end_snapshot IS NULL AND c.end_snapshot IS NULL"
    " AND c.parent_column IS NULL"
)

_written: Counter[Path] = Counter()
"""Catalogs that this process has attached to write, each with how often."""
_lock = threading.Lock()


class Catalog(Protocol):
    """What a warehouse asks of its catalog, wherever that is: a file, or a server's schema."""

    @property
    def extensions(self) -> tuple[str, ...]:
        """DuckDB's extensions that read it, beside those that are always there."""

    @property
    def target(self) -> str:
        """What DuckLake attaches."""

    @contextmanager
    def opened(self, *, read_only: bool) -> Iterator[str]:
        """The same for a session, which ends before this does."""

    @property
    def tables(self) -> str:
        """Where a session that has attached the lake finds the catalog's own tables."""

    def options(self, must_exist: bool) -> list[str]:
        """What DuckLake has to know beside it."""

    def exists(self) -> bool:
        """Whether there is a catalog."""

    def expect(self) -> None:
        """Raise where it is missing or visibly damaged."""

    def prepare(self) -> None:
        """Make it ready for a writer."""

    def attach(self, connection: duckdb.DuckDBPyConnection, statement: str) -> None:
        """Attach the lake; raises WarehouseError."""

    def is_lost(self, error: Exception) -> bool:
        """Whether an error says that the catalog was away for a moment."""

    def check_whole(self) -> str | None:
        """What is wrong with it, in words; null if nothing is."""

    def find_columns(self, connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
        """The columns of each table of the newest snapshot."""

    @contextmanager
    def lock(self, root: Path, wait: float = 0) -> Iterator[None]:
        """Hold the write lock; raises WarehouseLocked."""

    def confirm_lock(self) -> None:
        """Make sure that this process holds the lock that it took; raises WarehouseLocked."""

    def change(self, *statements: str) -> None:
        """Execute statements on the catalog's own tables: ``{0}_table`` is ``ducklake_table``."""

    def overwrite_free(self) -> None:
        """Write it anew without what was deleted from it; only under the lock."""

    def rebuilding(self) -> Catalog:
        """An empty catalog beside this one, that is to take its place."""

    def give_way(self, new: Catalog, stamp: str) -> str | None:
        """Put another catalog in this one's place; where the old one is kept, if there is one."""

    def set_aside(self, end: str) -> str | None:
        """Have it lie under another name, which ends so; that name, if there is a catalog."""


@dataclass(frozen=True)
class SqliteCatalog:
    """A SQLite file with a DuckLake catalog."""

    path: Path

    extensions = ()
    tables = "__ducklake_metadata_lake"

    def __str__(self) -> str:
        return str(self.path)

    @property
    def target(self) -> str:
        """What DuckLake attaches."""
        return f"sqlite:{self.path}"

    @contextmanager
    def opened(self, *, read_only: bool) -> Iterator[str]:
        """The file, or for a reader a copy of it.

        Raises:
            WarehouseError: another program holds the file.
            CatalogDamaged: it cannot be read.
            OSError: there is no room for a copy.
        """
        if read_only and not _written[self.path]:
            with _copied(self) as copy:
                yield f"sqlite:{copy}"
            return
        with _lock:
            _written[self.path] += 1
        try:
            yield self.target
        finally:
            with _lock:
                _written[self.path] -= 1

    def options(self, must_exist: bool) -> list[str]:
        """Nothing that DuckLake would have to know beside it."""
        return []

    def exists(self) -> bool:
        """Whether the file is there."""
        return self.path.is_file()

    def expect(self) -> None:
        """Raise where the file is missing or visibly damaged.

        Raises:
            CatalogMissing, CatalogDamaged: it is.
        """
        if not self.exists():
            raise CatalogMissing(f"there is no warehouse in {self.path.parent}")
        if _written[self.path]:
            return
        damage = find_damage(self.path)
        if damage is not None:
            raise CatalogDamaged(self, damage)

    def prepare(self) -> None:
        """Bring the file into the mode in which a writer does not wait for readers, and clear what
        killed readers left."""
        if not _written[self.path]:
            write_ahead(self.path)
        for folder in _copies(self.path).glob(f"{_COPIES}*"):
            if not _is_alive(folder.name):
                rmtree(folder, ignore_errors=True)

    def attach(self, connection: duckdb.DuckDBPyConnection, statement: str) -> None:
        """Attach the lake.

        Raises:
            WarehouseError: another program holds the file.
            CatalogDamaged: it cannot be read.
            OSError: the disk is full or broken.
        """
        try:
            connection.execute(statement)
        except duckdb.Error as error:
            if "locked" in str(error):
                raise WarehouseError(
                    f"the catalog {self.path} is locked by another program: {error}"
                ) from error
            if "disk I/O error" in str(error) or "disk is full" in str(error):
                # even a reader of a log written ahead needs some room beside it
                free = disk_usage(self.path.parent).free
                number = errno.ENOSPC if free < ROOM else errno.EIO
                raise OSError(number, os.strerror(number), str(self.path)) from error
            raise CatalogDamaged(self, str(error)) from error

    def is_lost(self, error: Exception) -> bool:
        """False: a file is not away for a moment."""
        return False

    def check_whole(self) -> str | None:
        """What SQLite finds wrong in the whole file, in words; null if nothing is."""
        return check_whole(self.path)

    def find_columns(self, connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
        """The columns of each table of the newest snapshot."""
        if not _written[self.path]:
            return find_columns(self.path)
        known: dict[str, set[str]] = {}
        for table, column in connection.execute(_COLUMNS.format(f"{self.tables}.")).fetchall():
            known.setdefault(table, set()).add(column)
        return known

    @contextmanager
    def lock(self, root: Path, wait: float = 0) -> Iterator[None]:
        """Hold the write lock of the folder.

        Raises:
            WarehouseLocked: another process holds it.
        """
        with hold_file(root / "run.lock", wait):
            yield

    def confirm_lock(self) -> None:
        """Nothing: the system takes no lock away from a process that lives."""

    def change(self, *statements: str) -> None:
        """Execute statements on the catalog's own tables, in one transaction."""
        with closing(sqlite3.connect(self.path, timeout=_PATIENCE)) as database, database:
            for statement in statements:
                database.execute(statement.replace("{0}", "ducklake"))

    def overwrite_free(self) -> None:
        """Write the file anew without what was deleted from it; only under the lock."""
        overwrite_free(self.path)

    def rebuilding(self) -> Catalog:
        """An empty catalog beside this one, that is to take its place."""
        new = SqliteCatalog(self.path.with_name("catalog.rebuilding.sqlite"))
        for end in ("", *_ENDS):
            new._beside(end).unlink(missing_ok=True)
        return new

    def give_way(self, new: Catalog, stamp: str) -> str | None:
        """Put another catalog in this one's place; the file that the old one is kept in."""
        assert isinstance(new, SqliteCatalog)
        write_ahead(new.path)
        kept = self.set_aside(f"damaged-{stamp}")
        new.path.rename(self.path)
        for end in _ENDS:
            new._beside(end).unlink(missing_ok=True)
        return kept

    def set_aside(self, end: str) -> str | None:
        """Give the file another name, which ends so; that name, if there is a file."""
        kept = None
        if self.path.exists():
            kept = self.path.with_name(f"catalog.{end}.sqlite")
            self.path.rename(kept)
        # a log of the old catalog must not be taken for one of the new
        for ending in _ENDS:
            log = self._beside(ending)
            if log.exists() and kept is not None:
                log.rename(f"{kept}{ending}")
            log.unlink(missing_ok=True)
        return None if kept is None else str(kept)

    def _beside(self, end: str) -> Path:
        return self.path.with_name(f"{self.path.name}{end}")


@contextmanager
def _copied(catalog: SqliteCatalog) -> Iterator[Path]:
    """A copy of a catalog as it is now, for as long as it is read."""
    with tempfile.TemporaryDirectory(
        prefix=f"{_COPIES}{os.getpid()}-", dir=_find_room(catalog.path)
    ) as folder:
        copy = Path(folder) / catalog.path.name
        try:
            with (
                closing(
                    sqlite3.connect(f"{catalog.path.as_uri()}?mode=ro", uri=True, timeout=_PATIENCE)
                ) as source,
                closing(sqlite3.connect(copy)) as target,
            ):
                source.backup(target)
                # nobody writes to it, so that it needs no log
                target.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise WarehouseError(
                    f"the catalog {catalog.path} is locked by another program: {error}"
                ) from error
            if "full" in str(error) or "disk I/O" in str(error):
                number = errno.ENOSPC if disk_usage(folder).free < ROOM else errno.EIO
                raise OSError(number, os.strerror(number), str(copy)) from error
            raise CatalogDamaged(catalog, str(error)) from error
        except sqlite3.DatabaseError as error:
            raise CatalogDamaged(catalog, str(error)) from error
        yield copy


def _copies(catalog: Path) -> Path:
    """Where copies of a catalog lie."""
    return catalog.parent / "tmp"


def _find_room(catalog: Path) -> Path | None:
    """A folder for a copy: the warehouse's own; null, the system's, where that has no room for it
    or may not be written."""
    folder = _copies(catalog)
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    fits = os.access(folder, os.W_OK) and disk_usage(folder).free > catalog.stat().st_size + ROOM
    return folder if fits else None


def _is_alive(name: str) -> bool:
    """Whether the process lives that a folder of a copy is named for."""
    number = name.removeprefix(_COPIES).partition("-")[0]
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True


def find_damage(catalog: Path) -> str | None:
    """What is wrong with the file as far as its first bytes tell, in words; null if nothing is.

    Costs one read, so that every session can ask.
    """
    with catalog.open("rb") as handle:
        head = handle.read(100)
        size = handle.seek(0, 2)
    if len(head) < 100 or head[:16] != _MAGIC:
        return "it is no SQLite file"
    page = int.from_bytes(head[16:18]) or 65_536
    page = 65_536 if page == 1 else page
    pages = int.from_bytes(head[28:32])
    # bytes 24 and 92: only where they agree does the header know the number of pages. While there
    # is a log, pages of it may just be on their way into the file, the header first
    settled = head[24:28] == head[92:96] and not _has_log(catalog)
    if settled and size < pages * page:
        return f"it is cut short: {size:,} of {pages * page:,} bytes are left"
    return None


def _has_log(catalog: Path) -> bool:
    log = catalog.with_name(f"{catalog.name}-wal")
    return log.is_file() and log.stat().st_size > 0


def check_whole(catalog: Path) -> str | None:
    """What SQLite finds wrong in the whole file, in words; null if nothing is. Reads all of it."""
    damage = find_damage(catalog)
    if damage is not None:
        return damage
    try:
        with closing(sqlite3.connect(f"{catalog.as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute("PRAGMA quick_check(1)").fetchall()
            told = str(rows[0][0]) if rows else "ok"
            if told == "ok":
                database.execute("SELECT max(snapshot_id) FROM ducklake_snapshot").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if told == "ok" else told.replace("\n", " ")


def write_ahead(catalog: Path) -> bool:
    """Bring the catalog into write-ahead mode; false where readers of the old mode hold it."""
    with catalog.open("rb") as handle:
        head = handle.read(20)
    if len(head) == 20 and head[18] == head[19] == _WAL:
        return True
    try:
        with closing(sqlite3.connect(catalog, timeout=1.0)) as database:
            (mode,) = database.execute("PRAGMA journal_mode = WAL").fetchone()
    except sqlite3.OperationalError:
        return False
    return str(mode) == "wal"


def overwrite_free(catalog: Path) -> None:
    """Write the file anew without what was deleted from it; only under the writer lock.

    Raises:
        sqlite3.OperationalError: a reader held the file for half a minute.
    """
    with closing(sqlite3.connect(catalog, timeout=_PATIENCE, isolation_level=None)) as database:
        database.execute("PRAGMA secure_delete = ON")
        database.execute("VACUUM")
        # what was in the log before is overwritten with it
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def find_columns(catalog: Path) -> dict[str, set[str]]:
    """The columns of each table of the newest snapshot.

    Read from the file itself: DuckDB takes a tenth of a second to load the schema, which a session
    that asks no table need not spend.

    Raises:
        sqlite3.DatabaseError: the file cannot be read.
    """
    known: dict[str, set[str]] = {}
    with closing(
        sqlite3.connect(f"{catalog.as_uri()}?mode=ro", uri=True, timeout=_PATIENCE)
    ) as database:
        for table, column in database.execute(_COLUMNS.format("")):
            known.setdefault(table, set()).add(column)
    return known
