"""How likely two entities are one: log-odds of the names and of what they were seen with."""

from __future__ import annotations

import math
from collections.abc import Mapping

from transforms.registry.profile import Profile

MERGE = 0.85
"""Probability from which on the machine merges."""
REVIEW = 0.5
"""Probability from which on it asks a person; a merge of its own that falls below is undone."""
SPLIT = 0.25
"""Probability below which bearers of one name are told apart."""

_NAMES = {
    "order": 1.0, "middle": 1.5, "nickname": 1.5, "initial": 0.7, "spelling": 0.5, "words": 2.5,
    "acronym": 0.0, "knowledge": 4.0,
}  # fmt: skip
_SAME_NAME = 3.0
_SAME_SHORT = 1.5
"""Of a surname alone, which more people share: offices that contradict each other, and no name in
common, are enough to tell two apart; being in other company and another country is not."""

Evidence = dict[str, float]


def probability(evidence: Mapping[str, float]) -> float:
    """The probability that log-odds add up to."""
    return 1 / (1 + math.exp(-sum(evidence.values())))


def score_same_name(one: Profile, other: Profile, short: bool) -> Evidence:
    """Evidence that two bearers of one name are one.

    Args:
        short: whether it is one word.
    """
    return {"name": _SAME_SHORT if short else _SAME_NAME} | context(one, other)


def score_names(
    relation: str, rivals: int, one: Profile, other: Profile, keys: tuple[str, str]
) -> Evidence:
    """Evidence that two names that are related are of one entity.

    Args:
        rivals: other entities that either name may be of just as well.
        keys: entity_id of the two: names that one article has beside each other are two.
    """
    evidence = {relation: _NAMES[relation]} | context(one, other)
    if rivals:
        evidence["rivals"] = -math.log2(1 + rivals)
    if seen := _beside(one, other, keys):
        evidence["beside"] = 7.0 * seen
    return evidence


def score_form(
    uses: int, others: int, common: float, one: Profile, other: Profile, keys: tuple[str, str]
) -> Evidence:
    """Evidence that a short name alone stands for the entity that is called so elsewhere.

    Args:
        uses: articles in which it is short for this entity.
        others: articles in which it is short for another.
        common: what is against it, as many are called so.
        one, other: profiles of the short name and of the entity.
        keys: entity_id of the two.
    """
    share = 1.5 * math.log((uses + 0.5) / (others + 0.5))
    evidence = {"form": max(-4.0, min(3.5, share))} | context(one, other)
    if common:
        evidence["common"] = common
    if seen := _beside(one, other, keys):
        evidence["beside"] = 2.0 * seen
    return evidence


def _beside(one: Profile, other: Profile, keys: tuple[str, str]) -> float:
    """Against: how many of the articles with the rarer name have both, as two."""
    both = max(other.features[f"n:{keys[0]}"], one.features[f"n:{keys[1]}"])
    rarer = min(one.articles, other.articles)
    return -min(1.0, both / rarer) if both and rarer else 0.0


def context(one: Profile, other: Profile) -> Evidence:
    """What offices, those served, names beside and countries add; unknown adds nothing."""
    evidence: Evidence = {}
    names, others = one.of("n:"), other.of("n:")
    if shared := len(names & others):
        evidence["together"] = min(3.0, 1.2 * math.log2(1 + shared))
    elif names and others:
        evidence["apart"] = -0.7
    for name, prefix, same, different in (
        ("office", "t:", 1.0, -0.4), ("field", "f:", 0.5, -1.6), ("serves", "s:", 1.2, -0.8),
        ("country", "c:", 0.4, -1.3),
    ):  # fmt: skip
        a, b = one.of(prefix), other.of(prefix)
        if a and b:
            evidence[name] = same if a & b else different
    return evidence
