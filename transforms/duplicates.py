"""Near-duplicates among texts: MinHash signatures of word shingles, compared by LSH bands.

A wire story run by several outlets is one cluster. Everything stays as rows; views count clusters.
Broder 1997 (resemblance), Leskovec et al., Mining of Massive Datasets, chapter 3 (banding).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

VERSION = "1"

PERMUTATIONS = 64
BANDS = 16
SHINGLE = 4
SIMILAR = 0.6
"""Estimated share of common shingles from which two texts are one story."""

Signature = npt.NDArray[np.uint32]

_WORD = re.compile(r"\w+")
_PRIME = np.uint64((1 << 31) - 1)
# multipliers and offsets of the hash family; any fixed odd sequence serves, this one is a LCG's
_SEEDS = np.cumprod(np.full(2 * PERMUTATIONS, 48271, dtype=object)) % int(_PRIME)
_A = _SEEDS[:PERMUTATIONS].astype(np.uint64).reshape(-1, 1)
_B = _SEEDS[PERMUTATIONS:].astype(np.uint64).reshape(-1, 1)


def signature(text: str) -> Signature:
    """The MinHash signature of a text: `PERMUTATIONS` numbers, the same on every machine."""
    words = _WORD.findall(text.lower())
    spans = range(max(1, len(words) - SHINGLE + 1))
    shingles = {zlib.crc32(" ".join(words[i : i + SHINGLE]).encode()) for i in spans}
    hashes = np.array(sorted(shingles), dtype=np.uint64) % _PRIME
    smallest: Signature = ((_A * hashes + _B) % _PRIME).min(axis=1).astype(np.uint32)
    return smallest


def cluster(signatures: Sequence[Signature]) -> list[int]:
    """For each text the index of the first text of its story, in the order given."""
    leader = list(range(len(signatures)))
    buckets: dict[tuple[int, bytes], list[int]] = {}
    rows = PERMUTATIONS // BANDS
    for index, own in enumerate(signatures):
        near: set[int] = set()
        for band in range(BANDS):
            key = (band, own[band * rows : (band + 1) * rows].tobytes())
            members = buckets.setdefault(key, [])
            near.update(members)
            members.append(index)
        for other in sorted(near):
            if float(np.mean(signatures[other] == own)) >= SIMILAR:
                leader[index] = leader[other]
                break
    return leader
