"""What has been decided about entities, in the index: moves of mentions, and the decisions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from transforms.registry.decision import Decision, Move, from_values

DDL = """
CREATE TABLE moved (
    article_id TEXT, entity_id TEXT, entity TEXT, PRIMARY KEY (article_id, entity_id)
) WITHOUT ROWID;
CREATE TABLE decisions (n INTEGER PRIMARY KEY, decision_id TEXT UNIQUE, kind TEXT, body TEXT);
CREATE TABLE about (entity TEXT, n INTEGER, PRIMARY KEY (entity, n)) WITHOUT ROWID;
"""


class Decided:
    """The tables of the index that hold what a person or the machine has decided."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database

    def move(self, article_id: str, entity_id: str, entity: str | None) -> None:
        """Say which entity the mentions of an article stand for; null: the usual one."""
        self.database.execute(
            "DELETE FROM moved WHERE article_id = ? AND entity_id = ?", [article_id, entity_id]
        )
        if entity is not None:
            self.database.execute(
                "INSERT INTO moved VALUES (?, ?, ?)", [article_id, entity_id, entity]
            )

    def moved(self, moves: Iterable[Move]) -> dict[Move, str]:
        """Those of these mentions that do not stand for the usual entity."""
        found = {}
        for move in moves:
            entity = self._one(
                "SELECT entity FROM moved WHERE article_id = ? AND entity_id = ?", *move
            )
            if entity is not None:
                found[move] = entity
        return found

    def add(self, decisions: Iterable[Decision]) -> None:
        """Append decisions."""
        for decision in decisions:
            cursor = self.database.execute(
                "INSERT INTO decisions (decision_id, kind, body) VALUES (?, ?, ?)",
                [decision.decision_id, decision.kind, json.dumps(asdict(decision))],
            )
            self.database.executemany(
                "INSERT INTO about VALUES (?, ?)",
                [(entity, cursor.lastrowid) for entity in decision.entities],
            )

    def about(self, entities: Iterable[str]) -> list[Decision]:
        """All decisions about any of these entities, in the order they were made."""
        found: dict[int, str] = {}
        for entity in entities:
            found.update(
                self._all(
                    "SELECT n, body FROM decisions WHERE n IN"
                    " (SELECT n FROM about WHERE entity = ?)",
                    entity,
                )
            )
        return [_decision(found[n]) for n in sorted(found)]

    def connected(self, entity: str) -> tuple[set[str], list[Decision]]:
        """All entities that decisions tie to this one, over any number of steps; and those."""
        seen = {entity}
        ahead = [entity]
        while ahead:
            told = self.about([ahead.pop()])
            near = {e for d in told if d.kind != "suggest" for e in d.entities}
            ahead += sorted(near - seen)
            seen |= near
        return seen, self.about(sorted(seen))

    def _all(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.database.execute(sql, values).fetchall()

    def _one(self, sql: str, *values: Any) -> Any:
        row = self.database.execute(sql, values).fetchone()
        return row[0] if row else None


def _decision(body: str) -> Decision:
    return from_values(json.loads(body))
