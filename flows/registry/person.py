"""What follows from the decision of a person."""

from __future__ import annotations

from datetime import datetime

from flows.registry.changes import Changes, stage, to_born
from flows.registry.current import bring_up_to_date
from flows.registry.follow import follow, open_index
from flows.registry.index import RegistryIndex
from transforms.registry.decision import Decision
from transforms.registry.entity import Entity
from warehouse.lake import Warehouse
from warehouse.publish import publish


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
            born=to_born(made_at),
            current=decision.founds,
        )
        changes.entities[founded.entity] = founded
        index.put(founded)
    index.decided.add([decision])
    bring_up_to_date(index, changes)
    return changes
