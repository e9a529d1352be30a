"""Cups, games and championships by their last word."""

from __future__ import annotations

import re

from transforms.entities.found import Found

_EVENT = re.compile(
    r"\b((?:[A-Z][\w.'\u2019]*(?:-[A-Z]\w+)? ){1,4})"
    r"(Cup|Open|Masters|Championships?|Games|Grand Prix|Olympics|Marathon|Trophy|Festival"
    r"|CUP|OPEN|MASTERS|CHAMPIONSHIPS?|GAMES|GRAND PRIX|OLYMPICS|MARATHON|TROPHY)\b(?! [A-Z][a-z])"
)
_NO_PART = frozenset(
    {"in", "at", "of", "for", "the", "to", "from", "with", "on", "as", "by", "a", "an", "and", "v",
     "after", "before", "into", "beat", "win", "wins", "lead", "leads", "take", "takes", "out",
     "draw", "play", "second", "first", "third", "sunday", "saturday", "friday", "thursday",
     "monday", "tuesday", "wednesday", "if", "this", "his", "her", "their", "our", "when", "while"}
)  # fmt: skip


def find_events(text: str) -> list[Found]:
    """Names that end in a word for a contest, from the first word that can be part of one."""
    found = []
    for m in _EVENT.finditer(text):
        start = m.start()
        for word in re.finditer(r"\S+", m[1]):
            if word[0].casefold() in _NO_PART:
                start = m.start() + word.end() + 1
        if start < m.start(2):
            found.append(Found(start, m.end(), "EVENT", "contest"))
    return found
