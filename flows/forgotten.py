"""Tombstones: what was forgotten on request, so that nothing brings it back.

They are in the table `forgotten`, and in ``archive/forgotten.jsonl``, a line each, with a line
``{"done": REQUEST}`` once all of a request is carried out; so a warehouse that is made anew from
its archive forgets again, and what a killed process left is finished by the next. URLs are kept as
hashes: a tombstone does not tell what lies there. A person's names are hashed together with the
request, so that they cannot be looked up among the keys of names that any warehouse has.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Set
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from transforms.text import key_of
from warehouse.erase import keep_tombstones
from warehouse.lake import Warehouse, connect

FILE = "forgotten.jsonl"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A row of the table `forgotten`."""

    kind: str
    key: str
    request_id: str
    forgotten_at: datetime
    reason: str | None = None

    @property
    def forgotten_id(self) -> str:
        """The key of its row."""
        return key_of(self.kind, self.key)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What is not to come back: hashes of URLs, keys of articles and sources, names by request."""

    urls: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.urls or self.articles or self.sources or self.names)

    def has_url(self, *urls: str | None) -> bool:
        """Whether any of these addresses is forgotten."""
        return bool(self.urls) and any(key_of(url) in self.urls for url in urls if url)

    def naming(self, keys: Set[str]) -> str | None:
        """The request by which a person with one of these keys of full names is forgotten."""
        for request, names in self.names.items():
            if any(name_key(request, key) in names for key in keys):
                return request
        return None


def name_key(request_id: str, key: str) -> str:
    """What a tombstone keeps of the key of a person's full name."""
    return key_of(request_id, key)


def load_forgotten(connection: duckdb.DuckDBPyConnection) -> Forgotten:
    """All that the warehouse has forgotten."""
    return to_forgotten(
        connection.execute("SELECT kind, key, request_id FROM lake.forgotten").fetchall()
    )


def to_forgotten(rows: Iterable[tuple[str, str, str]]) -> Forgotten:
    """Kinds, keys and requests by kind."""
    found: dict[str, set[str]] = {"url": set(), "article": set(), "source": set()}
    names: dict[str, set[str]] = {}
    for kind, key, request in rows:
        (names.setdefault(request, set()) if kind == "person" else found[kind]).add(key)
    return Forgotten(
        frozenset(found["url"]),
        frozenset(found["article"]),
        frozenset(found["source"]),
        {request: frozenset(keys) for request, keys in names.items()},
    )


def write_tombstones(archive: Path, tombstones: Iterable[Tombstone]) -> None:
    """Append tombstones to the archive; they are on disk when this returns."""
    _append(archive, [asdict(t) | {"forgotten_at": t.forgotten_at.isoformat()} for t in tombstones])


def write_done(archive: Path, request_id: str) -> None:
    """Say that a request is carried out."""
    _append(archive, [{"done": request_id}])


def _append(archive: Path, rows: Iterable[dict[str, object]]) -> None:
    archive.mkdir(parents=True, exist_ok=True)
    path = archive / FILE
    torn = path.is_file() and path.read_bytes()[-1:] not in (b"", b"\n")
    with path.open("a", encoding="utf-8") as handle:
        # a line that a kill cut off must not take the next one with it
        handle.write("\n" if torn else "")
        for row in rows:
            handle.write(json.dumps(row, ensure_ascii=False) + "\n")
        handle.flush()
        os.fsync(handle.fileno())


def read_tombstones(archive: Path) -> tuple[list[Tombstone], set[str]]:
    """The tombstones of an archive, and the requests that are not carried out in full."""
    path = archive / FILE
    found: list[Tombstone] = []
    done: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            row = json.loads(line)
        except ValueError:
            continue  # a line that a kill cut off; its request was never acknowledged
        if "done" in row:
            done.add(row["done"])
        else:
            at = datetime.fromisoformat(row.pop("forgotten_at"))
            found.append(Tombstone(**row, forgotten_at=at))
    return found, {t.request_id for t in found} - done


def restore_tombstones(lake: Warehouse, archive: Path) -> int:
    """Put tombstones of an archive that the warehouse lacks into it; how many. Under the lock."""
    archived, _ = read_tombstones(archive)
    with connect(lake) as connection:
        known = {
            key
            for (key,) in connection.execute("SELECT forgotten_id FROM lake.forgotten").fetchall()
        }
    missing = list({t.forgotten_id: t for t in archived if t.forgotten_id not in known}.values())
    if missing:
        with connect(lake, read_only=False) as connection:
            connection.execute("BEGIN")
            keep_tombstones(connection, map(to_row, missing))
            connection.execute("COMMIT")
        if archive != lake.archive:
            write_tombstones(lake.archive, missing)
            for request in {t.request_id for t in missing}:
                write_done(lake.archive, request)
    return len(missing)


def to_row(tombstone: Tombstone) -> tuple[object, ...]:
    """The columns of the table `forgotten`, in order."""
    return (
        tombstone.forgotten_id,
        tombstone.kind,
        tombstone.key,
        tombstone.request_id,
        tombstone.forgotten_at,
        tombstone.reason,
    )
