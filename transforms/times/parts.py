"""The named parts of a matched rule: classes, values, number, year, modifier."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.times.grammar import Match
from transforms.times.lexicon import Lexemes
from transforms.times.number import parse_number, parse_year

SIDES = {"e": "START", "g": "END"}
"""Mod of "earlier this week" and "later this week"."""


class Parts:
    """The named parts of a match with their classes and values."""

    def __init__(self, match: Match, lexemes: Lexemes) -> None:
        self.rule, self._found, self._lexemes = match.rule, match.found, lexemes
        self._names = {name for name, text in match.found.groupdict().items() if text}

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def kind(self, name: str) -> str:
        """Classes of the part without a leading article; empty if absent."""
        return (self._found[name] or "").lstrip("t") if name in self._names else ""

    def definite(self, name: str) -> bool:
        """Whether the part opens with "the"."""
        return name in self._names and self._found[name].startswith("t")

    def values(self, name: str) -> Sequence[str]:
        """Values of the part's lexemes."""
        return self._lexemes.values[self._found.start(name) : self._found.end(name)]

    def value(self, *names: str) -> str | None:
        """Value of the last lexeme of the first part that is there."""
        for name in names:
            if name in self._names:
                return self.values(name)[-1]
        return None

    def number(self, name: str = "number") -> float | None:
        """The count, 1 for an article; null if vague."""
        number: float | None = 1.0
        if name in self:
            number = parse_number(self._found[name], self.values(name))
        return number + 0.5 if number is not None and "half" in self else number

    def year(self, name: str = "year") -> int | None:
        """The explicit year."""
        return parse_year(self._found[name], self.values(name)) if name in self else None

    def modifier(self) -> str | None:
        """The TIMEX3 mod."""
        if "phase" in self:
            return self.value("phase")
        if "side" in self:
            return self.value("side") if self.kind("side") == "E" else SIDES.get(self.kind("side"))
        return self.value("end", "soft", "about")
