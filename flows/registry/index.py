"""The index of entities: what a night looks up by name, so that it need not read the warehouse.

``index/entities.sqlite`` of the warehouse is derived data: it follows the runs that the lake holds,
and may be deleted at any time. Every question is a look-up in a B-tree, and every answer bounded.

What is read or changed is held in memory until the transaction ends. A night only tries its
changes: they are never written, and what is published is then read back from the lake
(`flows.registry.follow`), which is the only way anything gets in here for good. Whoever knows what
will be asked for says so (`look_ahead`), so that each page of a large index is read once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.registry import blocks, decided, entities, forms
from flows.registry.blocks import Blocks
from flows.registry.decided import Decided
from flows.registry.entities import Entities
from flows.registry.forms import Forms
from transforms.registry.entity import Entity
from transforms.registry.name import blocks_of

SCHEMA = 4
PENDING = 20_000
"""Changed entities held before they are stored, where they are to be kept."""
_RUNS = "CREATE TABLE runs (run TEXT PRIMARY KEY) WITHOUT ROWID;"


class RegistryIndex:
    """The index file, made where there is none. Only to be used under the writer lock."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._keep = False
        self._open()
        if self.database.execute("PRAGMA user_version").fetchone() != (SCHEMA,):
            self.clear()

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()

    def clear(self) -> None:
        """Empty the index."""
        self.database.close()
        self.path.unlink(missing_ok=True)
        for end in ("-journal", "-wal", "-shm"):
            self.path.with_name(f"{self.path.name}{end}").unlink(missing_ok=True)
        self._open()
        ddl = f"{_RUNS}{entities.DDL}{blocks.DDL}{forms.DDL}{decided.DDL}"
        self.database.executescript(f"BEGIN;{ddl} PRAGMA user_version = {SCHEMA}; COMMIT;")

    def _open(self) -> None:
        self.database = sqlite3.connect(self.path, isolation_level=None)
        # it can be made anew: what a fall of the system may cost is not worth waiting for the disk
        self.database.execute("PRAGMA synchronous = OFF")
        # changed pages are written, not the pages they were: a night changes as many in a small
        # index as in a large one, but there each is another page
        self.database.execute("PRAGMA journal_mode = WAL")
        # reading and writing go by order of key, so a page is not come back to
        self.database.execute("PRAGMA cache_size = -8192")
        self._entities = Entities(self.database)
        self._blocks = Blocks(self.database)
        self._forms = Forms(self.database)
        self.decided = Decided(self.database)
        """What has been decided about its entities."""

    @property
    def _parts(self) -> tuple[Entities, Blocks, Forms, Decided]:
        return self._entities, self._blocks, self._forms, self.decided

    @contextmanager
    def changes(self, *, keep: bool) -> Iterator[None]:
        """A transaction: kept at its end, or only tried; an exception always takes it back."""
        self._keep = keep
        self.database.execute("BEGIN IMMEDIATE" if keep else "BEGIN")
        try:
            yield
            if keep:
                self._write()
        except BaseException:
            self._end("ROLLBACK")
            raise
        self._end("COMMIT" if keep else "ROLLBACK")

    def _end(self, how: str) -> None:
        for part in self._parts:
            part.drop()
        self.database.execute(how)

    def _write(self) -> None:
        for part in self._parts:
            part.write()

    # ----------------------------------------------------------------- runs

    def runs(self) -> set[str]:
        """The runs it holds."""
        return {run for (run,) in self.database.execute("SELECT run FROM runs")}

    def add_run(self, run: str) -> None:
        """Say that it holds a run."""
        self.database.execute("INSERT INTO runs VALUES (?)", [run])

    # ----------------------------------------------------------------- entities

    def look_ahead(self, entity_ids: Iterable[str], articles: Iterable[str]) -> None:
        """Read in one pass the bearers of these names, and where these articles were moved to."""
        self.decided.look_ahead_moved(articles)
        self._entities.look_ahead_bearers(entity_ids)

    def entities(self, keys: Iterable[str]) -> dict[str, Entity]:
        """These entities, by key. Until the transaction ends each is one object for all."""
        return self._entities.get(keys)

    def bearers(self, entity_id: str) -> list[Entity]:
        """The entities that mentions of this entity_id may stand for, the oldest first."""
        return self._entities.bearers(entity_id)

    def put(self, entity: Entity) -> None:
        """Add an entity, or put it in the place of one of its key."""
        self._entities.put(entity)
        self._blocks.put(blocks_of(entity.kind, entity.name).stored, entity.entity)
        self._store_some()

    def update(self, entity: Entity) -> None:
        """Say that an entity was seen, called or linked since it was put or read."""
        self._entities.update(entity)
        self._store_some()

    def _store_some(self) -> None:
        if self._keep and self._entities.pending > PENDING:
            self._write()

    def set_current(self, entity: str, current: str) -> None:
        """Say what an entity counts as."""
        self._entities.set_current(entity, current)

    def look_ahead_sharing(self, entities: Iterable[Entity]) -> None:
        """Read in one pass all that share a block with any of these."""
        asked = [blocks_of(entity.kind, entity.name).asked for entity in entities]
        self._blocks.look_ahead(block for some in asked for block in some)
        self._entities.look_ahead(key for some in asked for key in self._blocks.under(some))

    def sharing(self, entity: Entity) -> dict[str, Entity]:
        """Entities that share a block with this one; their profiles may not be filled."""
        keys = self._blocks.under(blocks_of(entity.kind, entity.name).asked)
        return self._entities.named(key for key in keys if key != entity.entity)

    def known_as(self, knowledge_id: str) -> set[str]:
        """Entities that are linked to an id of the knowledge file."""
        return self._entities.known_as(knowledge_id, blocks.CANDIDATES)

    # ----------------------------------------------------------------- forms

    def add_forms(self, forms: Iterable[str], entity: str) -> None:
        """Count a use of each of these short forms for an entity."""
        self._forms.add(forms, entity)

    def look_ahead_called(self, forms: Iterable[str]) -> None:
        """Read in one pass who is called by these."""
        forms = list(forms)
        self._forms.look_ahead(forms)
        self._entities.currents(
            entity for form in forms for entity, _ in self._forms.called(form)[0]
        )

    def called(self, form: str) -> tuple[list[tuple[str, str, int]], int]:
        """The entities most often called by a form, what each counts as, and how often; and how
        often any was."""
        often, total = self._forms.called(form)
        currents = self._entities.currents(entity for entity, _ in often)
        return [(entity, currents[entity], uses) for entity, uses in often], total
