"""Which texts are one story: pairs that are alike, joined into clusters that cannot drift.

Pairs are joined from the most alike down (single linkage), so clusters do not depend on the order
in which texts come. A text that has hardly anything in common with the first text of a cluster
does not join, however alike it is to another member: a daily report does not become one story with
that of a year ago. Clusters that are known already keep their members and their names, and are
never joined to one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from transforms.duplicates.candidates import pairs_within, post
from transforms.duplicates.likeness import CONTAINED, likeness
from transforms.duplicates.sketch import Array, Sketches, sketch

LEASH = 0.35
"""Least similarity of a member to the first text of its cluster, where neither contains the
other."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two texts that are one story: rows, `second` of the known texts where `known` says so.

    Attributes:
        similarity: share of common shingles.
        containment: share of the shorter text's shingles in the longer one.
        identical: whether they have the same words in the same order.
        own: whether they are versions of one article.
    """

    first: int
    second: int
    similarity: float
    containment: float
    identical: bool
    known: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Texts that have their cluster already, as far as they may be like the new ones.

    Attributes:
        sketches: their sketches.
        clusters: the cluster of each, a number from 0.
        founders: for each cluster the row of its first text, or -1 where it is gone.
        pairs: rows of new texts, and in step with them of known texts, that are worth comparing.
        own: for each pair whether both are versions of one article.
    """

    sketches: Sketches
    clusters: Array
    founders: Array
    pairs: tuple[Array, Array]
    own: Array


@dataclass(frozen=True, slots=True)
class Clusters:
    """Clusters of new texts.

    Attributes:
        leaders: for each text the row of the first text of its cluster.
        known: for each text the known cluster it belongs to, or -1.
        links: the pairs within clusters that were found alike, the most alike first.
    """

    leaders: list[int]
    known: list[int]
    links: list[Link]


def cluster(
    texts: Sequence[str],
    headlines: Sequence[str | None] | None = None,
    sources: Sequence[str | None] | None = None,
) -> list[int]:
    """For each text the position of the first text of its story; its own where it stands alone.

    Two texts are one story where they have the same words, or where 60 % of all their three-word
    shingles are common to both and their numbers do not contradict it; 45 % do where the longer
    text has all of the shorter one, and 55 % where nearly all numbers agree. With `sources`, a text
    cut short by another outlet is one story with the whole. Which texts are together does not
    depend on their order. `headlines` tell texts of hardly a word apart.
    """
    sketches = sketch(texts, headlines, sources)
    order = by_words(sketches)
    leaders = find_clusters(sketches.take(order)).leaders
    positions: list[list[int]] = [[] for _ in texts]
    for place, leader in enumerate(leaders):
        positions[leader].append(int(order[place]))
    labels = list(range(len(texts)))
    for members in positions:
        for member in members:
            labels[member] = min(members)
    return labels


def by_words(sketches: Sketches) -> Array:
    """The rows in an order that depends on what the texts say, never on where they stood."""
    return np.lexsort((sketches.sources, sketches.words))


def find_clusters(sketches: Sketches, known: Known | None = None) -> Clusters:
    """The clusters of new texts among each other and with known ones.

    Args:
        sketches: of the new texts, those first that come first in a story: the rows' order must
            follow from the texts themselves.
        known: what the new texts may be like.
    """
    links = _links_within(sketches) + (_links_between(sketches, known) if known else [])
    links.sort(key=_strength)
    forest = _Forest(sketches, known)
    for link in links:
        forest.join(link)
    rows = range(len(sketches))
    return Clusters(
        [forest.find(row) for row in rows],
        [forest.known[forest.find(row)] for row in rows],
        [link for link in links if forest.holds(link)],
    )


def _strength(link: Link) -> tuple[bool, float, bool, int, int]:
    # a correction stays with its own article; what is known comes before what is new
    return (not link.own, -link.similarity, not link.known, link.first, link.second)


def _links_within(sketches: Sketches) -> list[Link]:
    """The pairs that are alike; of texts with the same words the first stands for all."""
    _, first, group = np.unique(sketches.words, return_index=True, return_inverse=True)
    firsts = first[group]
    chosen = np.unique(first)
    distinct = sketches.take(chosen)
    a, b = pairs_within(post(distinct))
    like = likeness(distinct, a, distinct, b)
    rows = zip(chosen[a[like.same]], chosen[b[like.same]], strict=True)
    values = zip(like.similarity[like.same], like.containment[like.same], strict=True)
    links = [
        Link(int(i), int(j), float(s), float(c), False)
        for (i, j), (s, c) in zip(rows, values, strict=True)
    ]
    copies = np.flatnonzero(firsts != np.arange(len(firsts)))
    return links + [Link(int(firsts[copy]), int(copy), 1.0, 1.0, True) for copy in copies]


def _links_between(sketches: Sketches, known: Known) -> list[Link]:
    a, b = known.pairs
    like = likeness(sketches, a, known.sketches, b)
    identical = sketches.words[a] == known.sketches.words[b]
    return [
        Link(
            int(a[n]),
            int(b[n]),
            1.0 if identical[n] else float(like.similarity[n]),
            1.0 if identical[n] else float(like.containment[n]),
            bool(identical[n]),
            known=True,
            own=bool(known.own[n]),
        )
        for n in np.flatnonzero(like.same)
    ]


class _Forest:
    """Disjoint sets of new texts, each with its first text and the known cluster it belongs to."""

    def __init__(self, sketches: Sketches, known: Known | None) -> None:
        self.sketches = sketches
        self.old = known
        self.parent = list(range(len(sketches)))
        self.members: list[list[int]] = [[row] for row in range(len(sketches))]
        self.known = [-1] * len(sketches)

    def find(self, row: int) -> int:
        """The first text of the set."""
        while self.parent[row] != row:
            self.parent[row] = self.parent[self.parent[row]]
            row = self.parent[row]
        return row

    def holds(self, link: Link) -> bool:
        """Whether both texts of the link are in one cluster."""
        if link.known and self.old is not None:
            return self.known[self.find(link.first)] == int(self.old.clusters[link.second])
        return not link.known and (
            self.find(link.first) == self.find(link.second)
            or -1 != self.known[self.find(link.first)] == self.known[self.find(link.second)]
        )

    def join(self, link: Link) -> None:
        """Join the link's sets, unless both are known or one would drift too far."""
        root = self.find(link.first)
        if link.known and self.old is not None:
            cluster = int(self.old.clusters[link.second])
            if self.known[root] == -1 and (link.own or self._near_known(root, cluster)):
                self.known[root] = cluster
            return
        first, second = sorted((root, self.find(link.second)))
        if first == second or (self.known[first] != -1 and self.known[second] != -1):
            return
        if not link.identical and not self._near(first, second):
            return
        self.parent[second] = first
        self.members[first] += self.members[second]
        self.known[first] = max(self.known[first], self.known[second])

    def _near(self, first: int, second: int) -> bool:
        """Whether all that would get another first text are near enough to it."""
        known = [self.known[root] for root in (first, second) if self.known[root] != -1]
        if known:
            return self._near_known(second if self.known[second] == -1 else first, known[0])
        rows = np.array(self.members[second])
        return self._all_near(rows, self.sketches, first)

    def _near_known(self, root: int, cluster: int) -> bool:
        assert self.old is not None
        founder = int(self.old.founders[cluster])
        return founder == -1 or self._all_near(
            np.array(self.members[root]), self.old.sketches, founder
        )

    def _all_near(self, rows: Array, others: Sketches, other: int) -> bool:
        like = likeness(self.sketches, rows, others, np.full(len(rows), other))
        return bool(((like.similarity >= LEASH) | (like.containment >= CONTAINED)).all())
