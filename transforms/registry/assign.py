"""Which bearer of a name each sighting is of; two people of one name are told apart by context."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from transforms.registry.decision import Decision, Move
from transforms.registry.entity import Entity, found_entity
from transforms.registry.name import is_short
from transforms.registry.score import SPLIT, Evidence, probability, score_same_name
from transforms.registry.sighting import Sighting
from transforms.text import key_of


@dataclass(slots=True)
class Assigned:
    """The bearer of each sighting, in step; the entities founded, and the splits that did it."""

    bearers: list[Entity]
    founded: list[Entity] = field(default_factory=list)
    splits: list[Decision] = field(default_factory=list)


def assign_bearers(
    sightings: Sequence[Sighting],
    known: Sequence[Entity],
    moved: Mapping[Move, str],
    run: str,
    born: str,
) -> Assigned:
    """The bearer of each of these sightings of one entity_id, in order of article.

    Profiles of the bearers grow. A name that is no person's has one bearer unless somebody has
    split it: a body has no office, and the company it is named in tells next to nothing (of 42
    pairs of newswire articles that share a body's one-word name, but no other name or country, 39
    meant one).

    Args:
        known: its bearers, the oldest first.
        moved: where a split has said who is meant.
        run, born: of entities that are founded now.
    """
    bearers = list(known)
    assigned = Assigned([])
    for sighting in sightings:
        told = moved.get((sighting.article_id, sighting.entity_id))
        bearer = next((b for b in bearers if b.entity == told), None)
        evidence: Evidence | None = None
        if bearer is None:
            bearer, evidence = _likeliest(sighting, bearers)
        if bearer is None or evidence is not None:
            key = sighting.entity_id
            if bearer is not None:
                key = key_of(sighting.entity_id, sighting.article_id)
            new = found_entity(key, sighting, born)
            if bearer is not None and evidence is not None:
                assigned.splits.append(_split(new, bearer, evidence, run))
            bearers.append(new)
            assigned.founded.append(new)
            bearer = new
        bearer.profile.add(sighting.features)
        assigned.bearers.append(bearer)
    _name_founded(assigned, sightings)
    return assigned


def _likeliest(
    sighting: Sighting, bearers: Sequence[Entity]
) -> tuple[Entity | None, Evidence | None]:
    """The bearer a sighting fits best, with the evidence against it where it fits none."""
    if not bearers:
        return None, None
    person = sighting.kind == "PERSON"
    if len(bearers) == 1 and not person:
        return bearers[0], None
    short = is_short(sighting.kind, sighting.name)
    seen = found_entity("", sighting, "")
    seen.profile.add(sighting.features)
    scored = [(score_same_name(seen.profile, bearer.profile, short), bearer) for bearer in bearers]
    evidence, best = max(
        scored, key=lambda one: (probability(one[0]), one[1].profile.articles, one[1].entity)
    )
    return best, evidence if person and probability(evidence) < SPLIT else None


def _split(new: Entity, from_: Entity, evidence: Evidence, run: str) -> Decision:
    return Decision(
        decision_id=key_of("split", new.entity, from_.entity, run),
        kind="split",
        left=(new.entity,),
        right=(from_.entity,),
        founds=new.entity,
        score=probability(evidence),
        evidence=json.dumps(evidence, sort_keys=True),
    )


def _name_founded(assigned: Assigned, sightings: Sequence[Sighting]) -> None:
    """Give each founded entity the form that most of its sightings have."""
    for entity in assigned.founded:
        names = Counter(
            s.name for s, b in zip(sightings, assigned.bearers, strict=True) if b is entity
        )
        entity.name = min(names, key=lambda n: (n.isupper(), -names[n], -len(n), n))
