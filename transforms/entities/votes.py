"""Weights for mention types."""

from __future__ import annotations

from collections.abc import Mapping


class Votes(dict[str, float]):
    """Weight by mention type; a type without votes has none."""

    def add(self, kind: str, weight: float) -> None:
        """Give a type more weight."""
        self[kind] = self.get(kind, 0.0) + weight

    def pool(self, others: Mapping[str, float], times: float = 1.0) -> None:
        """Take in other votes, each so many times."""
        for kind, weight in others.items():
            self.add(kind, weight * times)

    def scale(self, most: float) -> None:
        """Shrink all in proportion to a sum of at most `most`."""
        total = sum(self.values())
        if total > most:
            for kind in self:
                self[kind] *= most / total

    def best(self, otherwise: str = "") -> str:
        """The type with most weight; of several, `otherwise` if among them, else the first."""
        return max(sorted(self), key=lambda kind: (self[kind], kind == otherwise))

    def lead(self) -> float:
        """How far the best type is ahead."""
        ranked = sorted(self.values(), reverse=True)
        return ranked[0] - (ranked[1] if len(ranked) > 1 else 0.0)
