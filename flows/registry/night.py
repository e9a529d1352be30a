"""Entities across articles: what a night adds to them.

A night's mentions become sightings; each is given to a bearer of its name, names that are of one
entity are merged, and all of that becomes rows of `entities`, `entity_aliases` and
`entity_decisions` in the run's one transaction. Rows of mentions are never touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

from flows.collector import uncollected
from flows.knowledge import Knowledge, open_knowledge
from flows.registry.changes import Changes, stage, to_born
from flows.registry.current import bring_up_to_date
from flows.registry.follow import READ, open_index
from flows.registry.index import RegistryIndex
from flows.registry.pairs import decide_pairs
from transforms.entities.keys import entity_key
from transforms.registry.assign import assign_bearers
from transforms.registry.entity import Entity
from transforms.registry.knowledge import choose_thing
from transforms.registry.place import Point, choose_place
from transforms.registry.sighting import Sighting, find_sightings
from warehouse.lake import Warehouse
from warehouse.store import list_files, read_parquet
from warehouse.tables import MENTIONS


def register_staged(
    warehouse: Warehouse, run_id: str, started_at: datetime, knowledge_file: Path | None = None
) -> int:
    """Say of each name staged by a run which entity it stands for; how many were founded.

    Writes ``entities.parquet``, ``entity_aliases.parquet`` and ``entity_decisions.parquet`` beside
    the staged rows. The index is as before; `follow` brings it up to date after the publish.
    """
    staged = list_files(warehouse.staging(run_id), f"{MENTIONS.name}.parquet")
    seen: set[str] = set()
    sightings: list[Sighting] = []
    for path, _ in staged:
        rows = read_parquet(path, columns=READ).to_pylist()
        sightings += find_sightings(row for row in rows if row["article_id"] not in seen)
        seen |= {row["article_id"] for row in rows}
    knowledge = None
    if knowledge_file is not None:
        knowledge = open_knowledge(knowledge_file, warehouse.root / "index" / "knowledge.sqlite")
    with open_index(warehouse) as index, index.changes(keep=False):
        changes = register(index, sightings, run_id, started_at, knowledge)
    stage(warehouse, run_id, changes)
    return sum(entity.born == to_born(started_at) for entity in changes.entities.values())


@uncollected()
def register(
    index: RegistryIndex,
    sightings: Sequence[Sighting],
    run_id: str,
    started_at: datetime,
    knowledge: Knowledge | None = None,
) -> Changes:
    """What a night's sightings change; the index has it already when this returns."""
    changes = Changes()
    born = to_born(started_at)
    touched: dict[str, Entity] = {}
    founded_now: set[str] = set()
    points: dict[str, Point | None] = {}
    order = sorted(sightings, key=lambda s: (s.entity_id, s.article_id))
    index.look_ahead({s.entity_id for s in order}, {s.article_id for s in order})
    for entity_id, group in groupby(order, key=lambda s: s.entity_id):
        own = list(group)
        told = index.decided.moved((s.article_id, entity_id) for s in own)
        bearers = {b.entity: b for b in index.bearers(entity_id)}
        known = list((bearers | index.entities(set(told.values()) - bearers.keys())).values())
        assigned = assign_bearers(own, known, told, run_id, born)
        changes.decisions += assigned.splits
        for sighting, bearer in zip(own, assigned.bearers, strict=True):
            touched[bearer.entity] = bearer
            points[bearer.entity] = sighting.point
            bearer.forms |= sighting.forms
            index.add_forms(sighting.forms, bearer.entity)
            if not bearer.is_default:
                move = (sighting.article_id, entity_id)
                if told.get(move) != bearer.entity:
                    changes.alias(bearer, sighting, sighting.article_id)
                    index.decided.move(*move, bearer.entity)
        for founded in assigned.founded:
            changes.entities[founded.entity] = founded
            founded_now.add(founded.entity)
            if founded.is_default:
                changes.alias(founded, own[0], None)
    if knowledge is not None:
        for key in sorted(touched):
            if _link(touched[key], points.get(key), knowledge):
                changes.entities[key] = touched[key]
    for key, entity in touched.items():
        if key in founded_now:
            index.put(entity)
        else:
            index.update(entity)
    index.decided.add(changes.decisions)
    decisions = list(decide_pairs(index, touched, run_id))
    index.decided.add(decisions)
    changes.decisions += decisions
    bring_up_to_date(index, changes)
    return changes


def _link(entity: Entity, point: Point | None, knowledge: Knowledge) -> bool:
    """Link an entity that has no link to what the knowledge file has of its name."""
    if entity.knowledge_id:
        return False
    if entity.kind == "PLACE":
        things = knowledge.named(entity.entity_id)
        things = things or knowledge.named(entity_key("PLACE", entity.name))
        chosen = choose_place(entity, point, things)
    else:
        chosen = choose_thing(entity, knowledge.named(entity.entity_id))
    if chosen is None:
        return False
    thing, score = chosen
    entity.knowledge_id, entity.wikidata_id = thing.id, thing.wikidata_id
    entity.knowledge_score = score
    entity.country_code = entity.country_code or thing.country
    return True
