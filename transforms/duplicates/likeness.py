"""How alike two texts are, from their sketches, and from when on they are one story."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.duplicates.sketch import NONE, Array, Sketches

CERTAIN = 0.8
"""Share of common shingles that settles it."""
LIKELY = 0.7
"""Share that does unless the texts have no number in common."""
NEAR = 0.6
"""Share that does where the numbers do not say otherwise: a dividend notice or a match report of
another day has the words of this one and other numbers."""
REVISED = 0.55
"""Share that does where there are numbers and nearly all of them agree: other words for the same
facts."""
GROWN = 0.45
"""Share that does where the longer text has all of the shorter one: a story that grew."""
WHOLE = 0.95
"""Share of the shorter text's shingles in the longer one for that."""
CONTAINED = 0.9
"""Share for texts of two outlets, of which one may have cut the other's short or built on it."""
CUT = 0.2
"""Share of common shingles that does for those."""
CUT_FROM = 40
"""Shingles a text must have to count as cut from another, not as a phrase they share."""
FEW_NUMBERS = 3
"""Fewer numbers say nothing."""
AGREEING = 0.5
"""Share of the numbers that two versions of one story have in common."""
EQUAL = 0.8
"""Share that tells that they are."""

_SLICE = 4096
"""Pairs compared at a time: bounds memory."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike pairs of texts are; arrays of one value a pair.

    Attributes:
        similarity: share of common shingles among all (Jaccard), exact up to `SAMPLE` shingles,
            estimated above.
        containment: share of the shorter text's shingles that the longer one has.
        same: whether the pair is one story.
    """

    similarity: Array
    containment: Array
    same: Array


def likeness(left: Sketches, first: Array, right: Sketches, second: Array) -> Likeness:
    """The likeness of ``left[first[i]]`` and ``right[second[i]]`` for each i."""
    similarity = np.zeros(len(first))
    agreeing = np.ones(len(first), dtype=bool)
    equal = np.zeros(len(first), dtype=bool)
    denied = np.zeros(len(first), dtype=bool)
    for at in range(0, len(first), _SLICE):
        part = slice(at, at + _SLICE)
        a, b = left.take(first[part]), right.take(second[part])
        common, in_a, in_b = _common(a.shingles, b.shingles)
        similarity[part] = common / np.maximum(in_a + in_b - common, 1)
        # of others the numbers decide nothing
        near = np.flatnonzero(similarity[part] >= CUT)
        common, in_a, in_b = _common(a.numbers[near], b.numbers[near])
        fewer, near = np.minimum(in_a, in_b), near + at
        agreeing[near] = (fewer < FEW_NUMBERS) | (common >= AGREEING * fewer)
        denied[near] = (fewer > FEW_NUMBERS) & (common == 0)
        equal[near] = (fewer >= FEW_NUMBERS) & (common >= EQUAL * np.maximum(in_a, in_b))
    sizes = (left.sizes[first].astype(np.float64), right.sizes[second].astype(np.float64))
    shorter = np.maximum(np.minimum(*sizes), 1)
    common = similarity / (1 + similarity) * (sizes[0] + sizes[1])
    containment = np.minimum(common / shorter, 1.0)
    outlets = (left.sources[first], right.sources[second])
    apart = (outlets[0] != outlets[1]) & (outlets[0] != 0) & (outlets[1] != 0)
    same = (
        (similarity >= CERTAIN)
        | ((similarity >= LIKELY) & ~denied)
        | ((similarity >= NEAR) & agreeing)
        | ((similarity >= REVISED) & equal)
        | ((similarity >= GROWN) & agreeing & (containment >= WHOLE))
        | ((similarity >= CUT) & (containment >= CONTAINED) & apart & (shorter >= CUT_FROM))
        | (left.words[first] == right.words[second])
    )
    return Likeness(similarity, containment, same)


def _common(a: Array, b: Array) -> tuple[Array, Array, Array]:
    """How many hashes rows have in common, and how many each has, where both samples are whole.

    A full row says nothing about hashes above its last one, so only those below are counted.
    """
    bound = np.minimum(_bound(a), _bound(b))[:, None]
    merged = np.sort(np.concatenate([a, b], axis=1), axis=1)
    twice = (merged[:, 1:] == merged[:, :-1]) & (merged[:, 1:] <= bound)
    return twice.sum(axis=1), (a <= bound).sum(axis=1), (b <= bound).sum(axis=1)


def _bound(rows: Array) -> Array:
    last = rows[:, -1]
    return np.where(last == NONE, NONE - np.uint32(1), last)
