"""Which names are weighed against each other after a night, and what is decided of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.registry.index import RegistryIndex
from transforms.registry.decision import Decision, active
from transforms.registry.entity import Entity
from transforms.registry.merge import (
    decide,
    in_common,
    is_form,
    may_be_short,
    relate_entities,
    weigh_form,
    weigh_names,
)
from transforms.registry.score import REVIEW, Evidence, probability

Pair = tuple[str, str]
RIVALS = 5
"""Entities called by a short name, the most often first, whose company is looked at."""


def decide_pairs(
    index: RegistryIndex, touched: Mapping[str, Entity], run_id: str
) -> Iterator[Decision]:
    """Decisions on every pair of names that may be of one entity and of which one was seen."""
    entities = dict(touched)
    seen = [touched[key] for key in sorted(touched) if touched[key].kind != "PLACE"]
    index.decided.look_ahead(entity.entity for entity in seen)
    index.look_ahead_sharing(seen)
    pairs = _weigh_names(index, entities, seen)
    pairs.update(_weigh_shorts(index, entities, seen))
    index.decided.look_ahead(key for pair in pairs for key in pair)
    for (left, right), evidence in sorted(pairs.items()):
        known = index.decided.about([left, right])
        made = decide(entities[left], entities[right], evidence, known, run_id)
        if made is not None:
            yield made


def _weigh_names(
    index: RegistryIndex, entities: dict[str, Entity], seen: Sequence[Entity]
) -> dict[Pair, Evidence]:
    """Evidence on the entities seen and those with names that may be theirs."""
    near = {entity.entity: sorted(_near(index, entity)) for entity in seen}
    _fetch(index, entities, (key for keys in near.values() for key in keys))
    related = [
        (entity, entities[other], relation)
        for entity in seen
        for other in near[entity.entity]
        if other in entities and (relation := relate_entities(entity, entities[other])) is not None
    ]
    index.look_ahead_sharing(other for _, other, _ in related)
    return {
        (min(one.entity, other.entity), max(one.entity, other.entity)): weigh_names(
            relation, _rivals(index, one, other), one, other
        )
        for one, other, relation in related
    }


def _near(index: RegistryIndex, entity: Entity) -> set[str]:
    """Entities that may be one with this, or of which that has been decided before."""
    near = {e for e, other in index.sharing(entity).items() if relate_entities(entity, other)}
    if entity.knowledge_id:
        near |= index.known_as(entity.knowledge_id)
    near |= {e for d in active(index.decided.about([entity.entity])) for e in d.entities}
    return near - {entity.entity}


def _rivals(index: RegistryIndex, one: Entity, other: Entity) -> int:
    """How many other entities the name of one of the two may be of: the more of the two counts."""
    found = 0
    for entity in (one, other):
        near = index.sharing(entity).values()
        apart = {rival.current for rival in near if relate_entities(entity, rival)}
        found = max(found, len(apart - {one.current, other.current}))
    return found


def _weigh_shorts(
    index: RegistryIndex, entities: dict[str, Entity], seen: Sequence[Entity]
) -> Iterator[tuple[Pair, Evidence]]:
    """Evidence on short names, seen alone or as another's, and those that they may be short for."""
    keys = {key for entity in seen for key in (entity.entity, *entity.forms)}
    _fetch(index, entities, keys)
    shorts = [entities[key] for key in sorted(keys) if key in entities and is_form(entities[key])]
    index.decided.look_ahead(short.entity for short in shorts)
    index.look_ahead_called(short.entity_id for short in shorts)
    called = {short.entity: _called(index, short) for short in shorts}
    _fetch(index, entities, (key for of in called.values() for key in of.wanted))
    promising = {
        short.entity: list(_promising(entities, short, called[short.entity])) for short in shorts
    }
    _fetch(
        index, entities, (e for key, some in promising.items() if some for e in called[key].often)
    )
    for short in shorts:
        for full in promising[short.entity]:
            yield _weigh_form(entities, short, full, called[short.entity])


@dataclass(frozen=True, slots=True)
class _Called:
    """Who is called by a short name.

    Attributes:
        uses: for each entity that those called so count as, in how many articles.
        total: in how many articles any is.
        best: the one called so most often.
        before: those that the machine took it for before.
        often: those whose company is looked at.
    """

    uses: Mapping[str, int]
    total: int
    best: str | None
    before: Sequence[str]
    often: Sequence[str]

    @property
    def wanted(self) -> list[str]:
        """Those that it may stand for."""
        return list(dict.fromkeys([*([self.best] if self.best else []), *self.before]))

    def weigh(self, short: Entity, full: Entity, rival: float) -> Evidence:
        """Evidence that it stands for one of them."""
        own = self.uses.get(full.current, 0)
        return weigh_form(short, full, own, self.total - own, rival)


def _called(index: RegistryIndex, short: Entity) -> _Called:
    called, total = index.called(short.entity_id)
    standing = active(index.decided.about([short.entity]))
    before = [e for d in standing if d.kind == "merge" and not d.human for e in d.entities]
    uses: dict[str, int] = {}
    for _, current, count in called:
        uses[current] = uses.get(current, 0) + count
    best = max(((uses[c], count, e) for e, c, count in called), default=(0, 0, None))[2]
    often = sorted(called, key=lambda one: (-one[2], one[0]))[:RIVALS]
    return _Called(uses, total, best, before, [entity for entity, _, _ in often])


def _promising(entities: Mapping[str, Entity], short: Entity, called: _Called) -> Iterator[Entity]:
    """Those a short name may stand for, unless nothing would follow even without rivals.

    A surname that many share, of which a large registry has more, is given up here, before the
    company that each of them keeps is read.
    """
    for key in called.wanted:
        full = entities.get(key)
        if full is None or not may_be_short(short, full) or full.kind != short.kind:
            continue
        if key in called.before or probability(called.weigh(short, full, 0.0)) >= REVIEW:
            yield full


def _weigh_form(
    entities: Mapping[str, Entity], short: Entity, full: Entity, called: _Called
) -> tuple[Pair, Evidence]:
    company = {
        entities[e].current: in_common(short, entities[e]) for e in called.often if e in entities
    }
    rival = max((c for e, c in company.items() if e != full.current), default=0.0)
    pair = (min(short.entity, full.entity), max(short.entity, full.entity))
    return pair, called.weigh(short, full, rival)


def _fetch(index: RegistryIndex, entities: dict[str, Entity], keys: Iterable[str]) -> None:
    # not `set - keys()`: that looks at every key of the night
    entities.update(index.entities(sorted({key for key in keys if key not in entities})))
