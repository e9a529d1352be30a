"""Entities across articles: what a night adds to them, and what persons decide about them.

A night's mentions become sightings; each is given to a bearer of its name, names that are of one
entity are merged, and all of that becomes rows of `entities`, `entity_aliases` and
`entity_decisions` in the run's one transaction. Rows of mentions are never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from flows.batch import write_table
from flows.knowledge import Knowledge, open_knowledge
from flows.registry_index import RegistryIndex
from transforms.convert import to_arrow
from transforms.registry.assign import assign_bearers
from transforms.registry.decision import Decision, active, moved
from transforms.registry.entity import Entity
from transforms.registry.knowledge import choose_thing
from transforms.registry.merge import (
    decide,
    in_common,
    may_be_short,
    relate_entities,
    weigh_form,
    weigh_names,
)
from transforms.registry.profile import Profile
from transforms.registry.resolve import resolve_entities
from transforms.registry.score import Evidence
from transforms.registry.sighting import Sighting, find_sightings
from transforms.text import key_of
from warehouse.lake import Warehouse, connect
from warehouse.publish import publish
from warehouse.tables import ENTITIES, ENTITY_ALIASES, ENTITY_DECISIONS, MENTIONS

VERSION = "1"
_READ = (
    "article_id", "entity_id", "type", "canonical_name", "surface", "title", "title_of",
    "country_code", "start", "end", "rule",
)  # fmt: skip
_COLUMNS = ", ".join(f'"{name}"' for name in _READ)

Row = dict[str, Any]

RIVALS = 5
"""Entities called by a short name, the most often first, whose company is looked at."""


@dataclass(slots=True)
class Changes:
    """What a night or a person changes: entities, aliases of sightings, decisions."""

    entities: dict[str, Entity] = field(default_factory=dict)
    aliases: dict[tuple[str, str | None], Row] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)

    def alias(self, entity: Entity, sighting: Sighting, article_id: str | None) -> None:
        """Say which entity the mentions of a sighting stand for."""
        self.aliases[sighting.entity_id, article_id] = _alias(
            sighting.entity_id, article_id, entity.entity, sighting.kind, sighting.name
        )


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


# --------------------------------------------------------------------------- a night


def register_staged(
    warehouse: Warehouse, run_id: str, started_at: datetime, knowledge_file: Path | None = None
) -> int:
    """Say of each name staged by a run which entity it stands for; how many were founded.

    Writes ``entities.parquet``, ``entity_aliases.parquet`` and ``entity_decisions.parquet`` beside
    the staged rows. The index is as before; `follow` brings it up to date after the publish.
    """
    paths = sorted(warehouse.staging(run_id).rglob(f"{MENTIONS.name}.parquet"))
    seen: set[str] = set()
    sightings: list[Sighting] = []
    for path in paths:
        rows = pq.read_table(path, columns=list(_READ)).to_pylist()
        sightings += find_sightings(row for row in rows if row["article_id"] not in seen)
        seen |= {row["article_id"] for row in rows}
    knowledge = None
    if knowledge_file is not None:
        knowledge = open_knowledge(knowledge_file, warehouse.root / "index" / "knowledge.sqlite")
    with open_index(warehouse) as index, index.changes(keep=False):
        changes = register(index, sightings, run_id, started_at, knowledge)
    stage(warehouse, run_id, changes)
    return sum(entity.born == _born(started_at) for entity in changes.entities.values())


def follow(warehouse: Warehouse) -> None:
    """Bring the index up to what has been published."""
    with open_index(warehouse):
        pass


def register(
    index: RegistryIndex,
    sightings: Sequence[Sighting],
    run_id: str,
    started_at: datetime,
    knowledge: Knowledge | None = None,
) -> Changes:
    """What a night's sightings change; the index has it already when this returns."""
    changes = Changes()
    born = _born(started_at)
    touched: dict[str, Entity] = {}
    founded_now: set[str] = set()
    order = sorted(sightings, key=lambda s: (s.entity_id, s.article_id))
    for entity_id, group in groupby(order, key=lambda s: s.entity_id):
        own = list(group)
        told = index.moved((s.article_id, entity_id) for s in own)
        bearers = {b.entity: b for b in index.bearers(entity_id)}
        known = list((bearers | index.entities(set(told.values()) - bearers.keys())).values())
        assigned = assign_bearers(own, known, told, run_id, born)
        changes.decisions += assigned.splits
        for sighting, bearer in zip(own, assigned.bearers, strict=True):
            touched[bearer.entity] = bearer
            index.add_forms(sighting, bearer.entity)
            if not bearer.is_default:
                move = (sighting.article_id, entity_id)
                if told.get(move) != bearer.entity:
                    changes.alias(bearer, sighting, sighting.article_id)
                    index.move(*move, bearer.entity)
        for founded in assigned.founded:
            changes.entities[founded.entity] = founded
            founded_now.add(founded.entity)
            if founded.is_default:
                changes.alias(founded, own[0], None)
    if knowledge is not None:
        for key in sorted(touched):
            if _link(touched[key], knowledge):
                changes.entities[key] = touched[key]
    for key, entity in touched.items():
        if key in founded_now:
            index.put(entity)
        else:
            index.update(entity)
    index.add_decisions(changes.decisions)
    decisions = list(_decide_pairs(index, touched, run_id))
    index.add_decisions(decisions)
    changes.decisions += decisions
    _resolve(index, changes)
    return changes


def _link(entity: Entity, knowledge: Knowledge) -> bool:
    """Link an entity that has no link to what the knowledge file has of its name."""
    if entity.knowledge_id or entity.kind == "PLACE":
        return False
    chosen = choose_thing(entity, knowledge.named(entity.entity_id))
    if chosen is None:
        return False
    thing, score = chosen
    entity.knowledge_id, entity.wikidata_id = thing.id, thing.wikidata_id
    entity.knowledge_score = score
    entity.country_code = thing.country
    return True


def _decide_pairs(
    index: RegistryIndex, touched: Mapping[str, Entity], run_id: str
) -> Iterator[Decision]:
    """Decisions on every pair of names that may be of one entity and of which one was seen."""
    pairs: dict[tuple[str, str], Evidence] = {}
    entities = dict(touched)
    shorts: set[str] = set()
    for key in sorted(touched):
        entity = touched[key]
        if entity.kind == "PLACE":
            continue
        forms = index.forms_of(key)
        shorts |= {key, *forms}
        sharing = index.sharing(entity)
        near = {e for e, other in sharing.items() if relate_entities(entity, other)}
        if entity.knowledge_id:
            near |= index.known_as(entity.knowledge_id)
        near |= {e for d in active(index.decisions_about([key])) for e in d.entities}
        _fetch(index, entities, near)
        for other in sorted(e for e in near if e in entities and e != key):
            relation = relate_entities(entity, entities[other])
            if relation is not None:
                rivals = _rivals(index, entity, entities[other])
                pairs[min(key, other), max(key, other)] = weigh_names(
                    relation, rivals, entity, entities[other]
                )
    _fetch(index, entities, shorts)
    for key in sorted(s for s in shorts if s in entities):
        pairs.update(_weigh_forms(index, entities, entities[key]))
    for (left, right), evidence in sorted(pairs.items()):
        known = index.decisions_about([left, right])
        made = decide(entities[left], entities[right], evidence, known, run_id)
        if made is not None:
            yield made


def _rivals(index: RegistryIndex, one: Entity, other: Entity) -> int:
    """How many other entities the name of one of the two may be of: the more of the two counts."""
    found = 0
    for entity in (one, other):
        near = index.sharing(entity).values()
        apart = {rival.current for rival in near if relate_entities(entity, rival)}
        found = max(found, len(apart - {one.current, other.current}))
    return found


def _weigh_forms(
    index: RegistryIndex, entities: dict[str, Entity], short: Entity
) -> Iterator[tuple[tuple[str, str], Evidence]]:
    """Evidence on a short name and the entity it is most often short for, and on those that the
    machine took it for before."""
    called, total = index.called(short.entity_id)
    standing = active(index.decisions_about([short.entity]))
    before = [e for d in standing if d.kind == "merge" and not d.human for e in d.entities]
    grouped: dict[str, int] = {}
    for _, current, count in called:
        grouped[current] = grouped.get(current, 0) + count
    best = max(((grouped[c], count, e) for e, c, count in called), default=None)
    wanted = list(dict.fromkeys([*([best[2]] if best else []), *before]))
    often = sorted(called, key=lambda one: (-one[2], one[0]))[:RIVALS]
    _fetch(index, entities, [*wanted, *(e for e, _, _ in often)])
    company = {
        entities[e].current: in_common(short, entities[e]) for e, _, _ in often if e in entities
    }
    for key in wanted:
        full = entities.get(key)
        if full is None or not may_be_short(short, full) or full.kind != short.kind:
            continue
        own = grouped.get(full.current, 0)
        rival = max((c for e, c in company.items() if e != full.current), default=0.0)
        pair = (min(short.entity, key), max(short.entity, key))
        yield pair, weigh_form(short, full, own, total - own, rival)


def _fetch(index: RegistryIndex, entities: dict[str, Entity], keys: Iterable[str]) -> None:
    # not `set - keys()`: that looks at every key of the night
    entities.update(index.entities(sorted({key for key in keys if key not in entities})))


def _resolve(index: RegistryIndex, changes: Changes) -> None:
    """Bring what entities count as, and the entities that mentions stand for, up to the decisions
    made now."""
    done: set[str] = set()
    for decision in [d for d in changes.decisions if d.kind != "suggest"]:
        for entity in decision.entities:
            if entity in done:
                continue
            names, decisions = index.connected(entity)
            done |= names
            entities = index.entities(sorted(names))
            births = {key: found.rank for key, found in entities.items()}
            for key, current in resolve_entities(births, decisions).items():
                if entities[key].current != current:
                    entities[key].current = current
                    changes.entities[key] = entities[key]
                    index.set_current(key, current)
            _place(index, changes, decisions)
    for key in changes.entities:
        changes.entities[key] = index.entities([key])[key]


def _place(index: RegistryIndex, changes: Changes, decisions: Sequence[Decision]) -> None:
    """Bring the mentions that splits move to where the splits that stand put them."""
    told = moved(active(decisions))
    for move in sorted({move for decision in decisions for move in decision.moves}):
        article_id, entity_id = move
        now = index.moved([move]).get(move, entity_id)
        then = told.get(move, entity_id)
        if now == then:
            continue
        index.move(article_id, entity_id, None if then == entity_id else then)
        usual = index.entities([entity_id])[entity_id]
        changes.aliases[entity_id, article_id] = _alias(
            entity_id, article_id, then, usual.kind, usual.name
        )


# --------------------------------------------------------------------------- a person's decision


def publish_decision(
    warehouse: Warehouse, run_id: str, decision: Decision, made_at: datetime
) -> None:
    """Publish a decision with all that follows from it; only under the writer lock."""
    with open_index(warehouse) as index, index.changes(keep=False):
        changes = apply_decision(index, decision, made_at)
    stage(warehouse, run_id, changes)
    publish(warehouse, run_id, made_at)
    follow(warehouse)


def apply_decision(index: RegistryIndex, decision: Decision, made_at: datetime) -> Changes:
    """What follows from a decision; the index has it already when this returns."""
    changes = Changes(decisions=[decision])
    if decision.founds:
        of = index.entities([decision.right[0]])[decision.right[0]]
        founded = Entity(
            entity=decision.founds,
            entity_id=min(entity_id for _, entity_id in decision.moves),
            kind=of.kind,
            name=of.name,
            born=_born(made_at),
            current=decision.founds,
        )
        changes.entities[founded.entity] = founded
        index.put(founded)
    index.add_decisions([decision])
    _resolve(index, changes)
    return changes


# --------------------------------------------------------------------------- rows


def stage(warehouse: Warehouse, run_id: str, changes: Changes) -> None:
    """Write the rows of what has changed where the publish finds them."""
    folder = warehouse.staging(run_id) / "registry"
    folder.mkdir(parents=True, exist_ok=True)
    entities = [_entity_row(entity) for _, entity in sorted(changes.entities.items())]
    aliases = [row for _, row in sorted(changes.aliases.items(), key=lambda x: x[1]["alias_id"])]
    decisions = [_decision_row(d, n) for n, d in enumerate(changes.decisions)]
    for table, rows in (
        (ENTITIES, entities), (ENTITY_ALIASES, aliases), (ENTITY_DECISIONS, decisions)
    ):  # fmt: skip
        write_table(to_arrow(table.columns, rows), folder, table)


def _entity_row(entity: Entity) -> Row:
    return {
        "entity": entity.entity,
        "current": entity.current,
        "type": entity.kind,
        "name": entity.name,
        "born_at": datetime.fromisoformat(entity.born),
        "country_code": entity.country_code,
        "knowledge_id": entity.knowledge_id,
        "wikidata_id": entity.wikidata_id,
        "knowledge_score": entity.knowledge_score,
        "extractor_version": VERSION,
    }


def _alias(entity_id: str, article_id: str | None, entity: str, kind: str, name: str) -> Row:
    return {
        "alias_id": key_of(entity_id, article_id),
        "entity_id": entity_id,
        "article_id": article_id,
        "entity": entity,
        "type": kind,
        "name": name,
        "extractor_version": VERSION,
    }


def _decision_row(decision: Decision, ordinal: int) -> Row:
    return {
        "decision_id": decision.decision_id,
        "kind": decision.kind,
        "entities": list(decision.left),
        "others": list(decision.right),
        "founds": decision.founds,
        "moves": [f"{article} {entity_id}" for article, entity_id in decision.moves],
        "undoes": decision.undoes,
        "score": decision.score,
        "evidence": decision.evidence,
        "decided_by": decision.decided_by,
        "note": decision.note,
        "ordinal": ordinal,
        "extractor_version": VERSION,
    }


def to_decision(row: Mapping[str, Any]) -> Decision:
    """The decision in a row of `entity_decisions`."""
    moves = [tuple(move.split(" ", 1)) for move in row["moves"]]
    return Decision(
        decision_id=row["decision_id"],
        kind=row["kind"],
        left=tuple(row["entities"]),
        right=tuple(row["others"]),
        founds=row["founds"],
        moves=tuple((article, entity_id) for article, entity_id in moves),
        undoes=row["undoes"],
        score=row["score"],
        evidence=row["evidence"],
        decided_by=row["decided_by"],
        note=row["note"],
    )


def _born(started_at: datetime) -> str:
    return started_at.isoformat()


# --------------------------------------------------------------------------- following the lake


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
            index.move(row["article_id"], row["entity_id"], None if usual else row["entity"])
    for row in entities:
        _take_in(index, row, named)
    taken = [to_decision(row) for row in decisions]
    index.add_decisions(taken)
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
            born=_born(row["born_at"].astimezone(UTC)),
            current=row["current"],
            country_code=row["country_code"],
            knowledge_id=row["knowledge_id"],
            wikidata_id=row["wikidata_id"],
            knowledge_score=row["knowledge_score"],
            profile=known.profile if known else Profile(),
        )
    )


def _absorb(index: RegistryIndex, sightings: Sequence[Sighting]) -> None:
    """Add sightings to the entities that they are of."""
    order = sorted(sightings, key=lambda s: (s.entity_id, s.article_id))
    for entity_id, group in groupby(order, key=lambda s: s.entity_id):
        own = list(group)
        told = index.moved((s.article_id, entity_id) for s in own)
        bearers = index.entities({entity_id, *told.values()})
        for sighting in own:
            bearer = bearers[told.get((sighting.article_id, entity_id), entity_id)]
            bearer.profile.add(sighting.features)
            index.add_forms(sighting, bearer.entity)
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
