"""The day that a text's own dateline states, where no publication date is known."""

from __future__ import annotations

from datetime import datetime

from transforms.article.dateline import find_dateline
from transforms.times.grammar import find_matches
from transforms.times.lexicon import find_lexemes
from transforms.times.reading import Setting
from transforms.times.resolve import resolve


def find_dateline_day(text: str) -> datetime | None:
    """Midnight of the day in "KABUL, July 26, 2020 (Reuters) -"; null without a year."""
    head = find_dateline(text)
    if head is None:
        return None
    lexemes = find_lexemes(head)
    setting = Setting(None, (), None, "", "", lambda: 0)
    for match in find_matches(lexemes.classes):
        if match.rule.name == "date.day" and (found := resolve(match, lexemes, setting)):
            return found.moment.at if found.moment else None
    return None
