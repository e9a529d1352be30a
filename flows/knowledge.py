"""The knowledge file of the settings: read once into an index by name, and asked by it."""

from __future__ import annotations

import csv
import gzip
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import pyarrow.parquet as pq

from transforms.registry.knowledge import KnowledgeError, Thing, to_thing, to_thing_of_ftm

SCHEMA = 2
SHOWN = 40
"""Things of one name that are looked at, the best known first."""


class Knowledge:
    """Things by name; the index ``index/knowledge.sqlite`` follows the file it is made from."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database

    def named(self, entity_id: str) -> list[Thing]:
        """The things that mentions of this entity_id may be, the best known first."""
        rows = self.database.execute(
            "SELECT body FROM names JOIN things USING (n) WHERE name = ?"
            " ORDER BY weight DESC, n LIMIT ?",
            [entity_id, SHOWN],
        )
        return [_thing(body) for (body,) in rows]


def open_knowledge(path: Path, index: Path) -> Knowledge:
    """The knowledge of a file, through its index, which is made where the file is another.

    Raises:
        KnowledgeError: the file is not there, or cannot be read.
    """
    try:
        stat = path.stat()
    except OSError as error:
        raise KnowledgeError(f"the knowledge file {path} cannot be read: {error}") from error
    state = json.dumps([SCHEMA, str(path), stat.st_size, stat.st_mtime_ns])
    if index.is_file():
        database = sqlite3.connect(index)
        if database.execute("SELECT state FROM made").fetchone() == (state,):
            return Knowledge(database)
        database.close()
    _make(path, index, state)
    return Knowledge(sqlite3.connect(index))


def read_things(path: Path) -> Iterator[Thing]:
    """The things of a .csv, .parquet, .jsonl or .json file (FollowTheMoney), text also gzipped.

    Raises:
        KnowledgeError: it is of another kind, or a row of it cannot be used; names the row.
    """
    name = path.name.removesuffix(".gz")
    reader = next((r for end, r in _READERS.items() if name.endswith(end)), None)
    if reader is None:
        raise KnowledgeError(f"{path}: give a file that ends in {', '.join(_READERS)}")
    rows = reader(path)
    number = 0
    while True:
        number += 1
        try:
            thing = next(rows)
        except StopIteration:
            return
        except (KnowledgeError, ValueError, OSError, KeyError, AttributeError) as error:
            raise KnowledgeError(f"{path}, row {number}: {error}") from error
        if thing is not None:
            yield thing


def _csv(path: Path) -> Iterator[Thing | None]:
    with _open(path) as handle:
        for row in csv.DictReader(handle):
            yield to_thing(row)


def _parquet(path: Path) -> Iterator[Thing | None]:
    for batch in pq.ParquetFile(path).iter_batches(5_000):
        for row in batch.to_pylist():
            yield to_thing(row)


def _ftm(path: Path) -> Iterator[Thing | None]:
    with _open(path) as handle:
        for line in handle:
            if line.strip():
                yield to_thing_of_ftm(json.loads(line))


_READERS: dict[str, Callable[[Path], Iterator[Thing | None]]] = {
    ".csv": _csv, ".parquet": _parquet, ".jsonl": _ftm, ".json": _ftm,
}  # fmt: skip


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def _make(path: Path, index: Path, state: str) -> None:
    """Make the index; it appears under its name when it is whole."""
    index.parent.mkdir(parents=True, exist_ok=True)
    partial = index.with_name(f".{index.name}.partial")
    partial.unlink(missing_ok=True)
    database = sqlite3.connect(partial, isolation_level=None)
    database.execute("PRAGMA synchronous = OFF")
    database.executescript(
        "BEGIN; CREATE TABLE things (n INTEGER PRIMARY KEY, weight REAL, body TEXT);"
        " CREATE TABLE names (name TEXT, n INTEGER, PRIMARY KEY (name, n)) WITHOUT ROWID;"
        " CREATE TABLE made (state TEXT);"
    )
    for number, thing in enumerate(read_things(path)):
        values: list[Any] = [number, thing.weight, json.dumps(asdict(thing), ensure_ascii=False)]
        database.execute("INSERT INTO things VALUES (?, ?, ?)", values)
        database.executemany(
            "INSERT INTO names VALUES (?, ?)", [(key, number) for key in sorted(thing.keys())]
        )
    database.execute("INSERT INTO made VALUES (?)", [state])
    database.execute("COMMIT")
    database.close()
    partial.replace(index)


def _thing(body: str) -> Thing:
    values = json.loads(body)
    point = tuple(values["point"]) if values["point"] else None
    return Thing(**{**values, "names": tuple(values["names"]), "point": point})
