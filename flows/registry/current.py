"""What entities count as, and mentions stand for, after decisions."""

from __future__ import annotations

from collections.abc import Sequence

from flows.registry.changes import Changes, to_alias
from flows.registry.index import RegistryIndex
from transforms.registry.decision import Decision, active, moved
from transforms.registry.resolve import resolve_entities


def bring_up_to_date(index: RegistryIndex, changes: Changes) -> None:
    """Bring what entities count as, and the entities that mentions stand for, up to the decisions
    made now."""
    done: set[str] = set()
    for decision in [d for d in changes.decisions if d.kind != "suggest"]:
        for entity in decision.entities:
            if entity in done:
                continue
            names, decisions = index.decided.connected(entity)
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
        now = index.decided.moved([move]).get(move, entity_id)
        then = told.get(move, entity_id)
        if now == then:
            continue
        index.decided.move(article_id, entity_id, None if then == entity_id else then)
        usual = index.entities([entity_id])[entity_id]
        changes.aliases[entity_id, article_id] = to_alias(
            entity_id, article_id, then, usual.kind, usual.name
        )
