"""The entities of the index: those that were asked for are held in memory until all is written."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from flows.registry.keys import look_up, pack, unpack
from transforms.registry.entity import Entity
from transforms.registry.profile import Profile

DDL = """
CREATE TABLE entities (
    entity PRIMARY KEY, entity_id, kind TEXT, name TEXT, born TEXT, current, country_code TEXT,
    knowledge_id TEXT, wikidata_id TEXT, knowledge_score REAL, forms TEXT, profile TEXT
);
CREATE INDEX by_knowledge ON entities (knowledge_id) WHERE knowledge_id IS NOT NULL;
CREATE INDEX by_entity_id ON entities (entity_id) WHERE entity <> entity_id;
CREATE TABLE merged (entity PRIMARY KEY, current) WITHOUT ROWID;
"""
BEARERS = 50
"""Bearers of one name that are told apart."""
_COLUMNS = (
    "entity", "entity_id", "kind", "name", "born", "current", "country_code", "knowledge_id",
    "wikidata_id", "knowledge_score", "forms", "profile",
)  # fmt: skip
_NAMED = ", ".join(f"e.{name}" for name in _COLUMNS)
_KEYS = (0, 1, 5)
_PUT = (
    f"INSERT INTO entities ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
    " ON CONFLICT DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name != "entity")
)


class Entities:
    """Entities by key, by the entity_id of mentions and by outside id.

    An entity is read once and then the same object for all who ask, until `drop`.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        self.drop()

    def drop(self) -> None:
        """Forget all that is held; what was not written is lost."""
        self._rows: dict[str, Sequence[Any] | None] = {}
        self._held: dict[str, Entity] = {}
        self._changed: set[str] = set()
        self._current: dict[str, str] = {}
        self._merged: dict[str, str] = {}
        self._bearers: dict[str, list[str]] = {}
        self._founded: defaultdict[str, set[str]] = defaultdict(set)
        self._linked: defaultdict[str, set[str]] = defaultdict(set)

    @property
    def pending(self) -> int:
        """How many wait to be written."""
        return len(self._changed)

    # ----------------------------------------------------------------- reading

    def look_ahead(self, keys: Iterable[str]) -> None:
        """Read these in one pass."""
        missing = {k for k in keys if k not in self._held and k not in self._rows}
        if not missing:
            return
        self._rows.update(dict.fromkeys(missing))
        found = look_up(
            self.database,
            f"SELECT {_NAMED} FROM wanted CROSS JOIN entities e ON e.entity = wanted.key",
            map(pack, missing),
        )
        self._rows.update((unpack(row[0]), row) for row in found)

    def look_ahead_bearers(self, entity_ids: Iterable[str]) -> None:
        """Read all bearers of these names in one pass."""
        missing = {e for e in entity_ids if e not in self._bearers}
        if not missing:
            return
        self._bearers.update((e, []) for e in missing)
        self.look_ahead(missing)
        # most names have one bearer, whose key is the entity_id: only others are in an index of it
        more = look_up(
            self.database,
            "SELECT e.entity_id, e.entity FROM wanted CROSS JOIN entities e"
            " ON e.entity_id = wanted.key WHERE e.entity <> e.entity_id",
            map(pack, missing),
        )
        for entity_id, entity in more:
            self._bearers[unpack(entity_id)].append(unpack(entity))
        self.look_ahead(e for key in missing for e in self._bearers[key])

    def get(self, keys: Iterable[str]) -> dict[str, Entity]:
        """These entities, by key; those that there are."""
        keys = list(keys)
        self.look_ahead(keys)
        return {key: found for key in keys if (found := self._one(key)) is not None}

    def named(self, keys: Iterable[str]) -> dict[str, Entity]:
        """As `get`; their profiles are empty where nobody has asked for them yet."""
        keys = list(keys)
        self.look_ahead(keys)
        found = {}
        for key in keys:
            if key in self._held:
                found[key] = self._held[key]
            elif (row := self._rows.get(key)) is not None:
                found[key] = _entity(row[:-1])
        return found

    def bearers(self, entity_id: str) -> list[Entity]:
        """The entities that mentions of this entity_id may stand for, the oldest first."""
        self.look_ahead_bearers([entity_id])
        keys = {entity_id, *self._bearers[entity_id], *self._founded.get(entity_id, ())}
        found = [e for e in self.get(sorted(keys)).values() if e.entity_id == entity_id]
        return sorted(found, key=lambda e: e.rank)[:BEARERS]

    def known_as(self, knowledge_id: str, limit: int) -> set[str]:
        """Entities that are linked to an id of the knowledge file, the oldest first."""
        rows = self.database.execute(
            "SELECT entity FROM entities WHERE knowledge_id = ? ORDER BY born, entity LIMIT ?",
            [knowledge_id, limit],
        )
        keys = {unpack(key) for (key,) in rows} | self._linked[knowledge_id]
        found = [e for e in self.named(sorted(keys)).values() if e.knowledge_id == knowledge_id]
        return {e.entity for e in sorted(found, key=lambda e: e.rank)[:limit]}

    def currents(self, keys: Iterable[str]) -> dict[str, str]:
        """What each counts as, without reading those that nobody has asked for."""
        keys = list(keys)
        unknown = {k for k in keys if k not in self._held and k not in self._merged}
        if unknown:
            self._look_ahead_merged(unknown)
        return {k: self._held[k].current if k in self._held else self._merged[k] for k in keys}

    def _look_ahead_merged(self, keys: set[str]) -> None:
        self._merged.update((key, key) for key in keys)
        merged = look_up(
            self.database,
            "SELECT m.entity, m.current FROM wanted CROSS JOIN merged m ON m.entity = wanted.key",
            map(pack, keys),
        )
        self._merged.update((unpack(entity), unpack(current)) for entity, current in merged)

    def _one(self, key: str) -> Entity | None:
        if key in self._held:
            return self._held[key]
        row = self._rows.pop(key, None)
        if row is None:
            self._rows[key] = None
            return None
        entity = _entity(row[:-1])
        entity.profile = Profile.from_json(row[-1])
        self._held[key] = entity
        return entity

    # ----------------------------------------------------------------- changing

    def put(self, entity: Entity) -> None:
        """Hold an entity that is new, or takes the place of one of its key."""
        self._rows.pop(entity.entity, None)
        self._held[entity.entity] = entity
        self._founded[entity.entity_id].add(entity.entity)
        self._current[entity.entity] = entity.current
        self.update(entity)

    def update(self, entity: Entity) -> None:
        """Note that an entity has changed since it was put or read."""
        self._changed.add(entity.entity)
        if entity.knowledge_id:
            self._linked[entity.knowledge_id].add(entity.entity)

    def set_current(self, key: str, current: str) -> None:
        """Say what an entity counts as."""
        entity = self.get([key])[key]
        entity.current = self._current[key] = current
        self._changed.add(key)

    def write(self) -> None:
        """Store what has changed, in order of key, and forget all that is held."""
        self.database.executemany(_PUT, [_values(self._held[key]) for key in sorted(self._changed)])
        told = sorted(self._current.items())
        self.database.executemany(
            "DELETE FROM merged WHERE entity = ?", [(pack(entity),) for entity, _ in told]
        )
        self.database.executemany(
            "INSERT INTO merged VALUES (?, ?)",
            [(pack(entity), pack(current)) for entity, current in told if entity != current],
        )
        self.drop()


def _values(entity: Entity) -> tuple[Any, ...]:
    return (
        pack(entity.entity), pack(entity.entity_id), entity.kind, entity.name, entity.born,
        pack(entity.current), entity.country_code, entity.knowledge_id, entity.wikidata_id,
        entity.knowledge_score, " ".join(sorted(entity.forms)), entity.profile.to_json(),
    )  # fmt: skip


def _entity(row: Sequence[Any]) -> Entity:
    *values, forms = row
    for place in _KEYS:
        values[place] = unpack(values[place])
    entity = Entity(*values)
    entity.forms = set(forms.split())
    return entity
