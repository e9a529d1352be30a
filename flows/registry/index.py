"""The index of entities: what a night looks up by name, so that it need not read the warehouse.

``index/entities.sqlite`` of the warehouse is derived data: it follows the runs that the lake holds,
and may be deleted at any time. Every question is a look-up in a B-tree, and every answer bounded.
A night tries its changes in a transaction that is rolled back; what is published is then read back
from the lake (`flows.registry.follow`), which is the only way anything gets in here for good.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows.registry import decided
from flows.registry.decided import Decided
from transforms.registry.entity import Entity
from transforms.registry.name import blocks_of
from transforms.registry.profile import Profile

SCHEMA = 3
CANDIDATES = 30
"""Entities with a block, a short form or an outside id in common that are looked at."""
PENDING = 200_000
"""Blocks, and forms, noted before they are stored."""
BEARERS = 50
"""Bearers of one name that are told apart."""
_DDL = """
CREATE TABLE runs (run TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE entities (
    entity TEXT PRIMARY KEY, entity_id TEXT, kind TEXT, name TEXT, born TEXT, current TEXT,
    country_code TEXT, knowledge_id TEXT, wikidata_id TEXT, knowledge_score REAL, forms TEXT,
    profile TEXT
);
CREATE TABLE merged (entity TEXT PRIMARY KEY, current TEXT) WITHOUT ROWID;
CREATE INDEX by_knowledge ON entities (knowledge_id) WHERE knowledge_id IS NOT NULL;
CREATE INDEX by_entity_id ON entities (entity_id) WHERE entity <> entity_id;
CREATE TABLE blocks (block TEXT, entity TEXT, PRIMARY KEY (block, entity)) WITHOUT ROWID;
CREATE TABLE forms (form TEXT, entity TEXT, uses INTEGER, PRIMARY KEY (form, entity))
    WITHOUT ROWID;
CREATE INDEX forms_by_use ON forms (form, uses DESC, entity)
    WHERE entity <> '' AND uses > 1;
"""
_NAMED = (
    "entity, entity_id, kind, name, born, current, country_code, knowledge_id, wikidata_id,"
    " knowledge_score, forms"
)
_ENTITY = f"{_NAMED}, profile"
_CALLED = (
    "SELECT entity, coalesce(current, entity), uses FROM forms LEFT JOIN merged USING (entity)"
    " WHERE form = ? AND entity <> ''"
)


class RegistryIndex:
    """The index file, made where there is none. Only to be used under the writer lock."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._blocks: list[tuple[str, str]] = []
        self._forms: Counter[tuple[str, str]] = Counter()
        self.database = sqlite3.connect(path, isolation_level=None)
        self._set_up()
        if self._one("PRAGMA user_version") != SCHEMA:
            self.clear()

    @property
    def decided(self) -> Decided:
        """What has been decided about its entities."""
        return Decided(self.database)

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()

    def clear(self) -> None:
        """Empty the index."""
        self.database.close()
        self.path.unlink(missing_ok=True)
        for end in ("-journal", "-wal", "-shm"):
            self.path.with_name(f"{self.path.name}{end}").unlink(missing_ok=True)
        self.database = sqlite3.connect(self.path, isolation_level=None)
        self._set_up()
        self.database.executescript(
            f"BEGIN;{_DDL}{decided.DDL} PRAGMA user_version = {SCHEMA}; COMMIT;"
        )

    def _set_up(self) -> None:
        # it can be made anew: what a fall of the system may cost is not worth waiting for the disk
        self.database.execute("PRAGMA synchronous = OFF")
        # changed pages are written, not the pages they were: a night changes as many in a small
        # index as in a large one, but there each is another page
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA cache_size = -98304")

    @contextmanager
    def changes(self, *, keep: bool) -> Iterator[None]:
        """A transaction: kept at its end, or only tried; an exception always takes it back."""
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield
            if keep:
                self._write()
        except BaseException:
            self._take_back()
            raise
        if keep:
            self.database.execute("COMMIT")
        else:
            self._take_back()

    def _take_back(self) -> None:
        self._blocks.clear()
        self._forms.clear()
        self.database.execute("ROLLBACK")

    def _write(self) -> None:
        """Store the blocks and forms noted since the last question about any, in order of key.

        So each page of a large index is looked for once, and not again for every name.
        """
        if self._blocks:
            self.database.executemany(
                "INSERT OR IGNORE INTO blocks VALUES (?, ?)", sorted(set(self._blocks))
            )
            self._blocks.clear()
        if self._forms:
            self.database.executemany(
                "INSERT INTO forms VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET uses = uses + excluded.uses",
                [(form, entity, uses) for (form, entity), uses in sorted(self._forms.items())],
            )
            self._forms.clear()

    # ----------------------------------------------------------------- runs

    def runs(self) -> set[str]:
        """The runs it holds."""
        return {run for (run,) in self._all("SELECT run FROM runs")}

    def add_run(self, run: str) -> None:
        """Say that it holds a run."""
        self.database.execute("INSERT INTO runs VALUES (?)", [run])

    # ----------------------------------------------------------------- entities

    def entities(self, keys: Iterable[str]) -> dict[str, Entity]:
        """These entities, by key."""
        rows = (self._all(f"SELECT {_ENTITY} FROM entities WHERE entity = ?", key) for key in keys)
        return {row[0]: _entity(row) for found in rows for row in found}

    def bearers(self, entity_id: str) -> list[Entity]:
        """The entities that mentions of this entity_id may stand for, the oldest first."""
        # most names have one bearer, whose key is the entity_id: only others are in an index of it
        rows = self._all(
            f"SELECT {_ENTITY} FROM entities WHERE entity = ?1 AND entity_id = ?1 UNION ALL"
            f" SELECT {_ENTITY} FROM entities WHERE entity_id = ?1 AND entity <> entity_id"
            " ORDER BY born, entity LIMIT ?2",
            entity_id,
            BEARERS,
        )
        return [_entity(row) for row in rows]

    def put(self, entity: Entity) -> None:
        """Store an entity, under its blocks too."""
        self.database.execute(
            f"INSERT OR REPLACE INTO entities ({_ENTITY})"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                entity.entity, entity.entity_id, entity.kind, entity.name, entity.born,
                entity.current, entity.country_code, entity.knowledge_id, entity.wikidata_id,
                entity.knowledge_score, " ".join(sorted(entity.forms)), entity.profile.to_json(),
            ],
        )  # fmt: skip
        self._merge(entity.entity, entity.current)
        stored = blocks_of(entity.kind, entity.name).stored
        self._blocks += [(block, entity.entity) for block in stored]
        if len(self._blocks) > PENDING:
            self._write()

    def update(self, entity: Entity) -> None:
        """Store what an entity has been seen with, called and linked to, since it was put."""
        self.database.execute(
            "UPDATE entities SET country_code = ?, knowledge_id = ?, wikidata_id = ?,"
            " knowledge_score = ?, forms = ?, profile = ? WHERE entity = ?",
            [
                entity.country_code,
                entity.knowledge_id,
                entity.wikidata_id,
                entity.knowledge_score,
                " ".join(sorted(entity.forms)),
                entity.profile.to_json(),
                entity.entity,
            ],
        )

    def set_current(self, entity: str, current: str) -> None:
        """Say what an entity counts as."""
        self.database.execute("UPDATE entities SET current = ? WHERE entity = ?", [current, entity])
        self._merge(entity, current)

    def _merge(self, entity: str, current: str) -> None:
        """Note an entity that counts as another, of which there are few."""
        self.database.execute("DELETE FROM merged WHERE entity = ?", [entity])
        if entity != current:
            self.database.execute("INSERT INTO merged VALUES (?, ?)", [entity, current])

    def sharing(self, entity: Entity) -> dict[str, Entity]:
        """Entities that share a block with this one, without their profiles."""
        asked = sorted(blocks_of(entity.kind, entity.name).asked)
        if not asked:
            return {}
        self._write()
        rows = self._all(
            f"SELECT {_NAMED} FROM entities WHERE entity IN (SELECT entity FROM blocks"
            f" WHERE block IN ({', '.join('?' * len(asked))}) LIMIT ?)",
            *asked,
            CANDIDATES,
        )
        return {row[0]: _named(row) for row in rows if row[0] != entity.entity}

    def known_as(self, knowledge_id: str) -> set[str]:
        """Entities that are linked to an id of the knowledge file."""
        rows = self._all(
            "SELECT entity FROM entities WHERE knowledge_id = ? ORDER BY born, entity LIMIT ?",
            knowledge_id,
            CANDIDATES,
        )
        return {key for (key,) in rows}

    # ----------------------------------------------------------------- forms

    def add_forms(self, forms: Iterable[str], entity: str) -> None:
        """Count a use of each of these short forms for an entity."""
        for form in forms:
            self._forms[form, entity] += 1
            self._forms[form, ""] += 1  # all uses of the form
        if len(self._forms) > PENDING:
            self._write()

    def called(self, form: str) -> tuple[list[tuple[str, str, int]], int]:
        """The entities most often called by a form, what each counts as, and how often; and how
        often any was."""
        self._write()
        often = self._all(
            f"{_CALLED} AND uses > 1 ORDER BY uses DESC, entity LIMIT ?",
            form,
            CANDIDATES,
        )
        once = self._all(
            f"{_CALLED} AND uses = 1 ORDER BY entity LIMIT ?",
            form,
            CANDIDATES - len(often),
        )
        total = self._one("SELECT uses FROM forms WHERE form = ? AND entity = ''", form)
        return often + once, total or 0

    # ----------------------------------------------------------------- asking

    def _all(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.database.execute(sql, values).fetchall()

    def _one(self, sql: str, *values: Any) -> Any:
        row = self.database.execute(sql, values).fetchone()
        return row[0] if row else None


def _named(row: Sequence[Any]) -> Entity:
    *values, forms = row
    entity = Entity(*values)
    entity.forms = set(forms.split())
    return entity


def _entity(row: Sequence[Any]) -> Entity:
    *values, profile = row
    entity = _named(values)
    entity.profile = Profile.from_json(profile)
    return entity
