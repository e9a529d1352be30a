"""Short forms of the index: which entities are called by one, and how often."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable

from flows.registry.keys import look_up, pack, unpack

DDL = """
CREATE TABLE forms (form, entity, uses INTEGER, PRIMARY KEY (form, entity)) WITHOUT ROWID;
CREATE INDEX forms_by_use ON forms (form, uses DESC, entity) WHERE entity <> '' AND uses > 1;
"""
CALLED = 30
"""Entities called by a short form that are looked at, those called so most often first."""
_TOTAL = ""
"""In the place of an entity: all uses of a form."""
_USED = (
    f"SELECT f.form, f.uses FROM wanted CROSS JOIN forms f ON f.form = wanted.key"
    f" AND f.entity = '{_TOTAL}'"
)
_OFTEN = f"""SELECT wanted.key, (SELECT json_group_array(json_array(entity, uses)) FROM (
    SELECT entity, uses FROM forms WHERE form = wanted.key AND entity <> '' AND uses > 1
    ORDER BY uses DESC, entity LIMIT {CALLED}
)), (SELECT json_group_array(entity) FROM (
    SELECT entity FROM forms WHERE form = wanted.key AND entity <> '' AND uses = 1
    ORDER BY entity LIMIT {CALLED}
)) FROM wanted"""


class Forms:
    """Uses of short forms; those noted are held in memory until they are written."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        self.drop()

    def drop(self) -> None:
        """Forget all that is held; what was not written is lost."""
        self._read: dict[str, tuple[dict[str, int], int]] = {}
        self._noted: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, forms: Iterable[str], entity: str) -> None:
        """Count a use of each of these short forms for an entity."""
        for form in forms:
            self._noted[form][entity] += 1

    def look_ahead(self, forms: Iterable[str]) -> None:
        """Read the uses of these, in one pass."""
        missing = {form for form in forms if form not in self._read}
        if not missing:
            return
        self._read.update((form, ({}, 0)) for form in missing)
        totals = dict(look_up(self.database, _USED, map(pack, missing)))
        for form, often, once in look_up(self.database, _OFTEN, totals):
            uses = {unpack(entity): count for entity, count in json.loads(often)}
            uses.update((unpack(entity), 1) for entity in json.loads(once))
            self._read[unpack(form)] = uses, totals[form]

    def called(self, form: str) -> tuple[list[tuple[str, int]], int]:
        """The entities most often called by a form, and how often; and how often any was."""
        self.look_ahead([form])
        read, total = self._read[form]
        noted = self._noted.get(form)
        if noted:
            # who was called so now may have been before, and not be among those read
            uses = read | {e: self._before(form, e) + count for e, count in noted.items()}
            total += noted.total()
        else:
            uses = read
        often = sorted(uses.items(), key=lambda one: (-one[1], one[0]))
        return often[:CALLED], total

    def _before(self, form: str, entity: str) -> int:
        read, total = self._read[form]
        if entity in read or len(read) < CALLED or not total:
            return read.get(entity, 0)
        row = self.database.execute(
            "SELECT uses FROM forms WHERE form = ? AND entity = ?", [pack(form), pack(entity)]
        ).fetchone()
        return int(row[0]) if row else 0

    def write(self) -> None:
        """Store the uses noted, in order of key, and forget all that is held."""
        rows = []
        for form, noted in sorted(self._noted.items()):
            rows += [(pack(form), pack(entity), uses) for entity, uses in sorted(noted.items())]
            rows.append((pack(form), _TOTAL, noted.total()))
        self.database.executemany(
            "INSERT INTO forms VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET uses = uses + excluded.uses",
            rows,
        )
        self.drop()
