"""The index of entities follows what the lake has published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import duckdb

from flows.registry.changes import Row, to_born, to_decision
from flows.registry.index import RegistryIndex
from transforms.registry.decision import Decision
from transforms.registry.entity import Entity
from transforms.registry.profile import Profile
from transforms.registry.sighting import Sighting, find_sightings
from warehouse.lake import Warehouse, connect

READ = (
    "article_id", "entity_id", "type", "canonical_name", "surface", "title", "title_of",
    "country_code", "latitude", "longitude", "start", "end", "rule",
)  # fmt: skip
"""Columns of mentions that sightings are made of."""
_COLUMNS = ", ".join(f'"{name}"' for name in READ)


@contextmanager
def open_index(warehouse: Warehouse) -> Iterator[RegistryIndex]:
    """The warehouse's index of entities, held to what the lake says."""
    index = RegistryIndex(warehouse.root / "index" / "entities.sqlite")
    try:
        with connect(warehouse) as connection:
            sync(index, connection)
        yield index
    finally:
        index.close()


def follow(warehouse: Warehouse) -> None:
    """Bring the index up to what has been published."""
    with open_index(warehouse):
        pass


def sync(index: RegistryIndex, connection: duckdb.DuckDBPyConnection) -> int:
    """Make the index what the lake says: how many runs were read.

    Costs a look at the runs where nothing is to be done. An index that holds a run which the lake
    does not is made anew.
    """
    published = connection.execute(
        "SELECT run_id, min(made_at) FROM ("
        " SELECT run_id, started_at AS made_at FROM lake.runs"
        " WHERE state IN ('published', 'stopped') UNION ALL"
        " SELECT run_id, recorded_at FROM lake.entity_decisions WHERE decided_by <> 'machine')"
        " GROUP BY run_id ORDER BY 2, 1"
    ).fetchall()
    if index.runs() - {run for run, _ in published}:
        index.clear()
    held = index.runs()
    missing = [(run, at) for run, at in published if run not in held]
    for run_id, at in missing:
        with index.changes(keep=True):
            _read_run(index, connection, run_id, at)
            index.add_run(run_id)
    return len(missing)


def _read_run(
    index: RegistryIndex, connection: duckdb.DuckDBPyConnection, run_id: str, at: datetime
) -> None:
    """Take in what a run has published."""
    # the time as a literal lets DuckLake skip the files of all other nights
    of_run = f"run_id = ? AND recorded_at = '{at.isoformat()}'::TIMESTAMPTZ"
    sightings = find_sightings(
        _rows(connection, f"SELECT {_COLUMNS} FROM lake.mentions WHERE {of_run}", [run_id])
    )
    aliases = list(_rows(connection, f"SELECT * FROM lake.entity_aliases WHERE {of_run}", [run_id]))
    entities = _rows(connection, f"SELECT * FROM lake.entities WHERE {of_run}", [run_id])
    decisions = _rows(
        connection, f"SELECT * FROM lake.entity_decisions WHERE {of_run} ORDER BY ordinal", [run_id]
    )
    named: dict[str, str] = {}
    for row in sorted(aliases, key=lambda row: row["entity_id"]):
        named.setdefault(row["entity"], row["entity_id"])
        if row["article_id"] is not None:
            usual = row["entity"] == row["entity_id"]
            index.decided.move(
                row["article_id"], row["entity_id"], None if usual else row["entity"]
            )
    for row in entities:
        _take_in(index, row, named)
    taken = [to_decision(row) for row in decisions]
    index.decided.add(taken)
    for decision in taken:
        sightings += _moved_sightings(connection, decision)
    _absorb(index, sightings)


def _take_in(index: RegistryIndex, row: Row, named: Mapping[str, str]) -> None:
    """Take in a row of `entities`: one that is new, or counts as another now."""
    known = index.entities([row["entity"]]).get(row["entity"])
    index.put(
        Entity(
            entity=row["entity"],
            entity_id=known.entity_id if known else named[row["entity"]],
            kind=row["type"],
            name=row["name"],
            born=to_born(row["born_at"].astimezone(UTC)),
            current=row["current"],
            country_code=row["country_code"],
            knowledge_id=row["knowledge_id"],
            wikidata_id=row["wikidata_id"],
            knowledge_score=row["knowledge_score"],
            profile=known.profile if known else Profile(),
            forms=known.forms if known else set(),
        )
    )


def _absorb(index: RegistryIndex, sightings: Sequence[Sighting]) -> None:
    """Add sightings to the entities that they are of."""
    order = sorted(sightings, key=lambda s: (s.entity_id, s.article_id))
    index.look_ahead({s.entity_id for s in order}, {s.article_id for s in order})
    for entity_id, group in groupby(order, key=lambda s: s.entity_id):
        own = list(group)
        told = index.decided.moved((s.article_id, entity_id) for s in own)
        bearers = index.entities({entity_id, *told.values()})
        for sighting in own:
            bearer = bearers[told.get((sighting.article_id, entity_id), entity_id)]
            bearer.profile.add(sighting.features)
            bearer.forms |= sighting.forms
            index.add_forms(sighting.forms, bearer.entity)
        for bearer in bearers.values():
            index.update(bearer)


def _moved_sightings(connection: duckdb.DuckDBPyConnection, decision: Decision) -> list[Sighting]:
    """What a split moves, so that what it founds is known by it."""
    if not decision.moves:
        return []
    articles = sorted({article for article, _ in decision.moves})
    rows = _rows(
        connection,
        f"SELECT {_COLUMNS} FROM mentions WHERE article_id IN (SELECT unnest(?))",
        [articles],
    )
    return [s for s in find_sightings(rows) if (s.article_id, s.entity_id) in decision.moves]


def _rows(connection: duckdb.DuckDBPyConnection, query: str, values: list[Any]) -> Iterator[Row]:
    result = connection.execute(query, values)
    names = [d[0] for d in result.description or []]
    while batch := result.fetchmany(10_000):
        yield from (dict(zip(names, row, strict=True)) for row in batch)
