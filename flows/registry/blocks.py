"""Blocks of the index: names that may be one name, brought together."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from flows.registry.keys import look_up, pack, unpack

DDL = """
CREATE TABLE blocks (block TEXT, entity, PRIMARY KEY (block, entity)) WITHOUT ROWID;
"""
CANDIDATES = 30
"""Entities with a block in common that are looked at."""
_FEW = f"""SELECT wanted.key, (SELECT json_group_array(entity) FROM (
    SELECT entity FROM blocks WHERE block = wanted.key ORDER BY entity LIMIT {CANDIDATES}
)) AS found FROM wanted WHERE found <> '[]'"""


class Blocks:
    """Entities by block; what was noted is held in memory until it is written."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        self.drop()

    def drop(self) -> None:
        """Forget all that is held; what was not written is lost."""
        self._read: dict[str, list[str]] = {}
        self._noted: defaultdict[str, set[str]] = defaultdict(set)

    def put(self, blocks: Iterable[str], entity: str) -> None:
        """Note that an entity is to be found under these blocks."""
        for block in blocks:
            self._noted[block].add(entity)

    def look_ahead(self, blocks: Iterable[str]) -> None:
        """Read what is under these, in one pass."""
        missing = {block for block in blocks if block not in self._read}
        if not missing:
            return
        self._read.update((block, []) for block in missing)
        for block, found in look_up(self.database, _FEW, missing):
            self._read[block] = [unpack(entity) for entity in json.loads(found)]

    def under(self, blocks: Iterable[str]) -> list[str]:
        """Entities under any of these, block by block, a bounded number in all."""
        blocks = sorted(blocks)
        self.look_ahead(blocks)
        found: list[str] = []
        for block in blocks:
            here = self._read[block]
            if block in self._noted:
                here = sorted(self._noted[block].union(here))
            found += here[: CANDIDATES - len(found)]
            if len(found) == CANDIDATES:
                break
        return list(dict.fromkeys(found))

    def write(self) -> None:
        """Store what was noted, in order of key, and forget all that is held."""
        self.database.executemany(
            "INSERT OR IGNORE INTO blocks VALUES (?, ?)",
            [(b, pack(e)) for b in sorted(self._noted) for e in sorted(self._noted[b])],
        )
        self.drop()
