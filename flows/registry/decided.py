"""What has been decided about entities, in the index: moves of mentions, and the decisions."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict

from flows.registry.keys import look_up, pack, unpack
from transforms.registry.decision import Decision, Move, from_values

DDL = """
CREATE TABLE moved (article_id, entity_id, entity, PRIMARY KEY (article_id, entity_id))
    WITHOUT ROWID;
CREATE TABLE decisions (n INTEGER PRIMARY KEY, body TEXT);
CREATE TABLE about (entity, n INTEGER, PRIMARY KEY (entity, n)) WITHOUT ROWID;
"""


class Decided:
    """What a person or the machine has decided; what is new is held until it is written."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        self.drop()

    def drop(self) -> None:
        """Forget all that is held; what was not written is lost."""
        self._moved: dict[str, dict[str, str]] = {}
        self._moves: dict[Move, str | None] = {}
        self._about: dict[str, list[int]] = {}
        self._bodies: dict[int, Decision] = {}
        self._made: list[Decision] = []
        self._made_about: defaultdict[str, list[int]] = defaultdict(list)

    # ----------------------------------------------------------------- moves

    def look_ahead_moved(self, articles: Iterable[str]) -> None:
        """Read where mentions of these articles have been moved, in one pass."""
        missing = {article for article in articles if article not in self._moved}
        if not missing:
            return
        self._moved.update((article, {}) for article in missing)
        rows = look_up(
            self.database,
            "SELECT m.article_id, m.entity_id, m.entity FROM wanted CROSS JOIN moved m"
            " ON m.article_id = wanted.key",
            map(pack, missing),
        )
        for article, entity_id, entity in rows:
            self._moved[unpack(article)][unpack(entity_id)] = unpack(entity)

    def move(self, article_id: str, entity_id: str, entity: str | None) -> None:
        """Say which entity the mentions of an article stand for; null: the usual one."""
        self._moves[article_id, entity_id] = entity

    def moved(self, moves: Iterable[Move]) -> dict[Move, str]:
        """Those of these mentions that do not stand for the usual entity."""
        moves = list(moves)
        self.look_ahead_moved(article for article, _ in moves)
        found = {}
        for move in moves:
            entity = self._moves.get(move, self._moved[move[0]].get(move[1]))
            if entity is not None:
                found[move] = entity
        return found

    # ----------------------------------------------------------------- decisions

    def look_ahead(self, entities: Iterable[str]) -> None:
        """Read the decisions about these, in one pass."""
        missing = {entity for entity in entities if entity not in self._about}
        if not missing:
            return
        self._about.update((entity, []) for entity in missing)
        rows = look_up(
            self.database,
            "SELECT a.entity, a.n FROM wanted CROSS JOIN about a ON a.entity = wanted.key",
            map(pack, missing),
        )
        numbers = set()
        for entity, number in rows:
            self._about[unpack(entity)].append(number)
            numbers.add(number)
        bodies = look_up(
            self.database,
            "SELECT d.n, d.body FROM wanted CROSS JOIN decisions d ON d.n = wanted.key",
            numbers - self._bodies.keys(),
        )
        self._bodies.update((n, from_values(json.loads(body))) for n, body in bodies)

    def add(self, decisions: Iterable[Decision]) -> None:
        """Append decisions."""
        for decision in decisions:
            for entity in decision.entities:
                self._made_about[entity].append(len(self._made))
            self._made.append(decision)

    def about(self, entities: Iterable[str]) -> list[Decision]:
        """All decisions about any of these entities, in the order they were made."""
        entities = list(entities)
        self.look_ahead(entities)
        before = {n for entity in entities for n in self._about[entity]}
        made = {n for e in entities if e in self._made_about for n in self._made_about[e]}
        return [self._bodies[n] for n in sorted(before)] + [self._made[n] for n in sorted(made)]

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

    def write(self) -> None:
        """Store what is new, and forget all that is held."""
        moves = [(pack(a), pack(e), to) for (a, e), to in sorted(self._moves.items())]
        self.database.executemany(
            "DELETE FROM moved WHERE article_id = ? AND entity_id = ?", [m[:2] for m in moves]
        )
        self.database.executemany(
            "INSERT INTO moved VALUES (?, ?, ?)",
            [(article, entity_id, pack(to)) for article, entity_id, to in moves if to is not None],
        )
        about: list[tuple[int | str, int]] = []
        for decision in self._made:
            body = json.dumps(asdict(decision))
            number = self.database.execute(
                "INSERT INTO decisions (body) VALUES (?) RETURNING n", [body]
            ).fetchone()[0]
            about += [(pack(entity), number) for entity in decision.entities]
        about.sort(key=lambda row: (isinstance(row[0], str), row))  # as the B-tree has them
        self.database.executemany("INSERT INTO about VALUES (?, ?)", about)
        self.drop()
