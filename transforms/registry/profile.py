"""What an entity was seen with, over all articles."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

KEPT = 150
"""Features of an entity that are kept, those seen most often first."""


@dataclass(slots=True)
class Profile:
    """In how many articles an entity was seen, and in how many with each feature."""

    articles: int = 0
    features: Counter[str] = field(default_factory=Counter)
    _kinds: dict[str, set[str]] | None = field(default=None, repr=False, compare=False)

    def add(self, features: Iterable[str]) -> None:
        """Count one more article."""
        self.articles += 1
        self._kinds = None
        self.features.update(sorted(features))
        if len(self.features) > 2 * KEPT:
            self.features = Counter(dict(self._most()))

    def of(self, prefix: str) -> set[str]:
        """The features of one kind, which begin with these two characters."""
        if self._kinds is None:
            self._kinds = {}
            for feature in self.features:
                self._kinds.setdefault(feature[:2], set()).add(feature)
        return self._kinds.get(prefix, set())

    def to_json(self) -> str:
        """The profile as JSON that `from_json` reads; the same profile gives the same text."""
        most = dict(self._most()) if len(self.features) > KEPT else dict(self.features)
        return json.dumps([self.articles, most], sort_keys=True, separators=(",", ":"))

    @staticmethod
    def from_json(text: str) -> Profile:
        """The profile that `to_json` wrote."""
        articles, features = json.loads(text)
        return Profile(articles, Counter(features))

    def _most(self) -> list[tuple[str, int]]:
        return sorted(self.features.items(), key=lambda item: (-item[1], item[0]))[:KEPT]
