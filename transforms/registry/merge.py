"""Whether two names are of one entity: the decision the machine makes, and what it takes back."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from transforms.entities.cues import load_first_names
from transforms.registry.decision import Decision, active, taken_back
from transforms.registry.entity import Entity
from transforms.registry.name import BODIES, is_short, relate, words_of
from transforms.registry.score import (
    MERGE,
    REVIEW,
    Evidence,
    context,
    probability,
    score_form,
    score_names,
)
from transforms.text import key_of

SEEN = 3
"""Articles that two entities must have together before a person is asked about them."""


def relate_entities(one: Entity, other: Entity) -> str | None:
    """How the name of one entity can be that of another; null where it cannot.

    Two bearers of one name are told apart by `assign_bearers` and not looked at here.
    """
    person = (one.kind == "PERSON", other.kind == "PERSON")
    if one.entity_id == other.entity_id or person[0] != person[1]:
        return None
    if one.knowledge_id and other.knowledge_id:
        return "knowledge" if one.knowledge_id == other.knowledge_id else None
    return relate(one.kind, one.name, other.name)


def weigh_names(relation: str, rivals: int, one: Entity, other: Entity) -> Evidence:
    """Evidence that two entities with related names are one.

    Args:
        rivals: other entities to which one of the two names is related.
    """
    keys = (one.entity_id, other.entity_id)
    return score_names(relation, rivals, one.profile, other.profile, keys)


def weigh_form(short: Entity, full: Entity, uses: int, others: int, rival: float) -> Evidence:
    """Evidence that a short name stands for the entity that is called so elsewhere.

    Args:
        uses: articles in which it is short for this entity.
        others: articles in which it is short for another.
        rival: what the company it keeps says for another that is called so, from `in_common`.
    """
    common = _common(short, full, uses)
    keys = (short.entity_id, full.entity_id)
    evidence = score_form(uses, others, common, short.profile, full.profile, keys)
    return evidence | {"rival": -rival} if rival > 0 else evidence


def in_common(one: Entity, other: Entity) -> float:
    """What the company that two entities keep says for their being one, in log-odds."""
    return sum(context(one.profile, other.profile).values())


def _common(short: Entity, full: Entity, uses: int) -> float:
    """What is against a short name that many may share: a given name; "House", "City", "Ford" of a
    body, the more the oftener it is said where nothing tells whose it is."""
    word, words = words_of(short.kind, short.name)[0], words_of(full.kind, full.name)
    if full.kind == "PERSON":
        return -2.0 if word != words[-1] and word in load_first_names() else 0.0
    if word not in words:
        return 0.0
    return -1.5 - math.log(max(1.0, short.profile.articles / max(1, uses)))


def is_form(short: Entity) -> bool:
    """Whether an entity's name is one that may be the short form of others."""
    return (
        short.kind in ("PERSON", *BODIES) and short.is_default and is_short(short.kind, short.name)
    )


def may_be_short(short: Entity, full: Entity) -> bool:
    """Whether one entity's name can be the short form of another's."""
    return is_form(short) and short.entity != full.entity and not is_short(full.kind, full.name)


def decide(
    one: Entity, other: Entity, evidence: Evidence, known: Sequence[Decision], run: str
) -> Decision | None:
    """What the evidence on a pair calls for, given all decisions about either: a merge, a
    suggestion, an undo of the machine's own merge, or nothing.

    What a person has decided about the two is left alone.
    """
    left, right = sorted((one.entity, other.entity))
    about = [d for d in known if _joins(d, left, right)]
    standing = active(known)
    merged = next((d for d in about if d.kind == "merge" and d in standing), None)
    if frozenset((left, right)) in taken_back(known):
        return None
    if any(d.human for d in about if d.kind in ("merge", "split") and d in standing):
        return None
    score = probability(evidence)
    told = {"score": score, "evidence": json.dumps(evidence, sort_keys=True)}
    if merged is not None:
        if score >= REVIEW:
            return None
        return Decision(
            key_of("undo", merged.decision_id, run),
            "undo",
            merged.left,
            merged.right,
            undoes=merged.decision_id,
            **told,  # type: ignore[arg-type]
        )
    if score >= MERGE:
        kind = "merge"
    elif score >= REVIEW and one.profile.articles + other.profile.articles >= SEEN:
        kind = "suggest"
        if any(d.kind == "suggest" for d in about):
            return None
    else:
        return None
    return Decision(key_of(kind, left, right, run), kind, (left,), (right,), **told)  # type: ignore[arg-type]


def _joins(decision: Decision, left: str, right: str) -> bool:
    return (left in decision.left and right in decision.right) or (
        right in decision.left and left in decision.right
    )
