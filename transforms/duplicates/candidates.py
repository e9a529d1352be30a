"""Pairs of texts worth comparing: those that share one of their smallest shingle hashes.

Two texts of similarity J share none of their `KEYS` smallest hashes with a probability of about
(1 - J) ** KEYS, one in a million at 0.6. A text is looked up under its rarest hashes first and
gets a bounded number of candidates, so a phrase that is everywhere costs nothing, and the work for
a text does not grow with the number of texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from transforms.duplicates.sketch import NONE, Array, Sketches

KEYS = 16
"""Smallest hashes of a text under which it is found."""
FIRST = 16
"""Texts looked at under one hash: the first ones."""
BUDGET = 32
"""Texts looked at under the hashes of a text, from which on its commoner hashes are left out."""

Pairs = tuple[Array, Array]
"""Rows of two collections in step."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Which rows have which hash: two arrays in step, ascending by hash and then by row."""

    hashes: Array
    rows: Array

    def ranges(self, hashes: Array) -> Pairs:
        """Where each of `hashes` begins, and how often it is there."""
        begin = np.searchsorted(self.hashes, hashes, side="left")
        count = np.zeros(len(hashes), np.int64)
        # most are not there: only for the others it is worth looking where they end
        inside = np.flatnonzero(begin < len(self.hashes))
        there = inside[self.hashes[begin[inside]] == hashes[inside]]
        count[there] = np.searchsorted(self.hashes, hashes[there], side="right") - begin[there]
        return begin, count


def post(sketches: Sketches) -> Postings:
    """The postings of sketches; rows count from 0."""
    keys = sketches.shingles[:, :KEYS]
    rows = np.broadcast_to(np.arange(len(keys), dtype=np.uint32)[:, None], keys.shape)
    return ordered(keys[keys != NONE], rows[keys != NONE])


def ordered(hashes: Array, rows: Array) -> Postings:
    """Postings in their order."""
    by = np.lexsort((rows, hashes))
    return Postings(hashes[by], rows[by])


def pairs_within(postings: Postings) -> Pairs:
    """Pairs of rows that share a hash, each once; the lower row first."""
    ranges = postings.ranges(postings.hashes)
    a, b = pairs_between(postings, [ranges], [postings.rows])
    return _once(np.minimum(a, b)[a != b], np.maximum(a, b)[a != b])


def pairs_between(asked: Postings, ranges: Sequence[Pairs], rows: Iterable[Array]) -> Pairs:
    """Pairs of an asked row and a row that shares a hash with it, each once.

    Args:
        asked: postings of the rows that are asked for.
        ranges: for each part of the others, in order, what its `ranges` gave for ``asked.hashes``.
        rows: the rows of each part's postings. How the others are cut into parts changes nothing.
    """
    total = sum((count for _, count in ranges), np.zeros(len(asked.hashes), np.int64))
    left = _allowed(asked, total)
    found: list[Pairs] = []
    for (begin, count), part in zip(ranges, rows, strict=True):
        take = np.minimum(count, left)
        left = left - take
        ends = np.cumsum(take)
        inside = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - take, take)
        found.append((np.repeat(asked.rows, take), part[np.repeat(begin, take) + inside]))
    if not found:
        return _once(asked.rows[:0], asked.rows[:0])
    return _once(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _allowed(asked: Postings, counts: Array) -> Array:
    """How many rows may be looked at under each hash: the rarest hashes of a row come first."""
    capped = np.minimum(counts, FIRST)
    by = np.lexsort((asked.hashes, counts, asked.rows))
    spent = np.cumsum(capped[by]) - capped[by]
    starts = np.searchsorted(asked.rows[by], asked.rows[by], side="left")
    within = spent - spent[starts] < BUDGET
    allowed = np.zeros_like(capped)
    allowed[by] = np.where(within, capped[by], 0)
    return allowed


def _once(first: Array, second: Array) -> Pairs:
    coded = np.unique((first.astype(np.uint64) << np.uint64(32)) | second.astype(np.uint64))
    low = coded & np.uint64(0xFFFFFFFF)
    return (coded >> np.uint64(32)).astype(np.int64), low.astype(np.int64)
