"""What a night, or a person, changes of the registry, as rows and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flows.batch import write_table
from transforms.convert import to_arrow
from transforms.registry.decision import Decision
from transforms.registry.entity import Entity
from transforms.registry.sighting import Sighting
from transforms.text import key_of
from warehouse.lake import Warehouse
from warehouse.tables import ENTITIES, ENTITY_ALIASES, ENTITY_DECISIONS

VERSION = "3"

Row = dict[str, Any]


@dataclass(slots=True)
class Changes:
    """What a night or a person changes: entities, aliases of sightings, decisions."""

    entities: dict[str, Entity] = field(default_factory=dict)
    aliases: dict[tuple[str, str | None], Row] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)

    def alias(self, entity: Entity, sighting: Sighting, article_id: str | None) -> None:
        """Say which entity the mentions of a sighting stand for."""
        self.aliases[sighting.entity_id, article_id] = to_alias(
            sighting.entity_id, article_id, entity.entity, sighting.kind, sighting.name
        )


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


def to_alias(entity_id: str, article_id: str | None, entity: str, kind: str, name: str) -> Row:
    """A row of `entity_aliases`."""
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


def to_born(started_at: datetime) -> str:
    """What puts the entities that a run founds after those of earlier ones."""
    return started_at.isoformat()
