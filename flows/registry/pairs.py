"""Which names are weighed against each other after a night, and what is decided of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from flows.registry.index import RegistryIndex
from transforms.registry.decision import Decision, active
from transforms.registry.entity import Entity
from transforms.registry.merge import (
    decide,
    in_common,
    may_be_short,
    relate_entities,
    weigh_form,
    weigh_names,
)
from transforms.registry.score import Evidence

RIVALS = 5
"""Entities called by a short name, the most often first, whose company is looked at."""


def decide_pairs(
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
        shorts |= {key, *entity.forms}
        sharing = index.sharing(entity)
        near = {e for e, other in sharing.items() if relate_entities(entity, other)}
        if entity.knowledge_id:
            near |= index.known_as(entity.knowledge_id)
        near |= {e for d in active(index.decided.about([key])) for e in d.entities}
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
        known = index.decided.about([left, right])
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
    standing = active(index.decided.about([short.entity]))
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
