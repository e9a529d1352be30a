"""Full text search: the words of headlines and texts in an index beside the lake.

A SQLite file with FTS5, which DuckDB's sqlite extension asks through `search` of warehouse/sql. It
is derived: each publish adds its texts, and where the lake has lost texts that the index has, it is
made anew. FTS5 rather than DuckDB's own full text search, since that one is built over from all
texts each time, keeps its index in a DuckDB file that one process may write, and knows no phrases.
The texts are not stored a second time.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb

from warehouse.lake import Warehouse, connect

CHUNK = 500
"""Texts held in memory at a time."""
_SCHEMA = """
CREATE VIRTUAL TABLE texts USING fts5(
    headline, text, content = '', tokenize = "porter unicode61 remove_diacritics 2"
);
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, article_id TEXT NOT NULL, version TEXT NOT NULL,
    UNIQUE (article_id, version)
);
CREATE TABLE indexed (run_id TEXT PRIMARY KEY, versions INTEGER NOT NULL);
"""


def index_texts(warehouse: Warehouse) -> int:
    """Bring the index up to what the lake holds; how many texts were read."""
    with connect(warehouse) as connection:
        connection.execute("DETACH DATABASE IF EXISTS search")
        runs: dict[str, int] = dict(
            connection.execute(
                "SELECT run_id, count(*) FROM lake.article_versions GROUP BY run_id"
            ).fetchall()
        )
        path = warehouse.search
        if path.is_file():
            known = _known(path)
            if known is not None and all(runs.get(run) == count for run, count in known.items()):
                return _add(connection, path, {r: c for r, c in runs.items() if r not in known})
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part)) as index:
            index.executescript(_SCHEMA)
        read = _add(connection, part, runs)
        for suffix in ("-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        part.replace(path)
        return read


def _known(path: Path) -> dict[str, int] | None:
    """The runs that an index holds, with how many texts; null where it cannot be read."""
    try:
        with closing(sqlite3.connect(path)) as index:
            return dict(index.execute("SELECT run_id, versions FROM indexed").fetchall())
    except sqlite3.DatabaseError:
        return None


def _add(connection: duckdb.DuckDBPyConnection, path: Path, runs: dict[str, int]) -> int:
    """Add the texts of these runs in one transaction."""
    if not runs:
        return 0
    read = 0
    with closing(sqlite3.connect(path, isolation_level=None)) as index:
        index.execute("PRAGMA journal_mode = WAL")  # readers go on while this is written
        index.execute("BEGIN IMMEDIATE")
        result = connection.execute(
            "SELECT article_id, version, headline, text FROM lake.article_versions"
            " WHERE run_id IN (SELECT unnest(?))",
            [list(runs)],
        )
        while rows := result.fetchmany(CHUNK):
            for article_id, version, headline, text in rows:
                added = index.execute(
                    "INSERT OR IGNORE INTO documents (article_id, version) VALUES (?, ?)",
                    (article_id, version),
                )
                if added.rowcount:
                    index.execute(
                        "INSERT INTO texts (rowid, headline, text) VALUES (?, ?, ?)",
                        (added.lastrowid, headline, text),
                    )
            read += len(rows)
        index.executemany("INSERT INTO indexed VALUES (?, ?)", runs.items())
        index.execute("COMMIT")
    return read
