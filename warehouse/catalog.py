"""The catalog file: whether it can be trusted, and the mode in which readers and the writer share
it.

It is a SQLite file in write-ahead mode: a reader that holds a transaction open, however long, does
not keep the writer from its commit, nor the writer the reader. In SQLite's usual mode a publish
fails with "database is locked" after five seconds of such a reader.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_MAGIC = b"SQLite format 3\0"
_WAL = 2
"""The header's version of the file format in write-ahead mode."""
_PATIENCE = 30.0
"""Seconds to wait for others to let go of the file."""


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
        for table, column in database.execute(
            "SELECT t.table_name, c.column_name FROM ducklake_table t JOIN ducklake_column c"
            " ON c.table_id = t.table_id WHERE t.end_snapshot IS NULL AND c.end_snapshot IS NULL"
            " AND c.parent_column IS NULL"
        ):
            known.setdefault(table, set()).add(column)
    return known
