"""Time expressions in a parsed text, resolved against its publication date."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import datetime

from transforms.language.document import Document
from transforms.text import Text
from transforms.times.grammar import Match, find_matches
from transforms.times.lexicon import Lexemes, find_lexemes
from transforms.times.resolve import Setting, resolve
from transforms.times.tense import find_tense
from transforms.times.value import Moment
from warehouse.tables import Time

VERSION = "1"

_AGE = re.compile(r"(?:-olds?\b| olds?\b|s-old| of age\b)")
_YEAR_CUE = re.compile(
    r"(?:\b(?:in|since|until|till|by|from|to|through|during|before|after|of|for|between|and|than"
    r"|around|about|circa|the|over|at|on|late|early|mid|says?|whole|all|pre|post)"
    r"|[(,;–—-]|\d{4}['’]s|^)\s*$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\s+(?!(?:was|is|has|as|[a-z]+ss)\b)(?:[a-z]+s|people|men|women|percent)\b")
_SEASON_CUE = re.compile(r"\b(?:in|by|until|since|during|through|for|over)\s$", re.IGNORECASE)
_MONEY = re.compile(r"(?:[$£€]\s?|[A-Z]{2,3}\s|#|No\.?\s)$")
_RATE = re.compile(r"(?:million|billion|thousand|hundred|percent|%|\d|times|once|twice)\s*$")


def find_times(text: Text, document: Document) -> list[Time]:
    """The time expressions of a text in order of position, with values and intervals.

    Without a publication date what is absolute is kept and the rest stays underspecified
    ("XXXX-07-25"); intervals are naive UTC and `end_at` is exclusive.
    """
    lexemes = find_lexemes(text.text)
    published = text.published_at
    today = datetime(published.year, published.month, published.day) if published else None
    sentences = [document.starts[token] for token, _ in document.sentences]
    times: list[Time] = []
    last: Moment | None = None
    day: Moment | None = None
    day_sentence = -1
    for match in find_matches(lexemes.classes):
        first, end_item = match.found.span()
        start, end = lexemes.starts[first], lexemes.ends[end_item - 1]
        if not _is_time(match, lexemes, text.text, start, end, document):
            continue
        sentence = bisect_right(sentences, start)
        setting = Setting(
            today,
            last,
            day if sentence == day_sentence else None,
            lambda start=start: find_tense(document, start),  # type: ignore[misc]
        )
        found = resolve(match, lexemes, setting)
        if found is None:
            continue
        kind, value = found.timex_type, found.value
        # "$5 million a year", "twice a week": the unit is a rate.
        rated = kind == "DURATION" and match.found.groupdict().get("one")
        if rated and _RATE.search(text.text, max(0, start - 12), start):
            kind = "SET"
        if found.moment is not None and found.anchor != "text":
            last = found.moment
            if found.moment.grain == "D" and match.rule.family in ("date", "numeric", "weekday"):
                day, day_sentence = found.moment, sentence
        times.append(
            Time(
                start=start,
                end=end,
                rule=match.rule.name,
                timex_type=kind,
                timex_value=value,
                modifier=found.modifier,
                start_at=found.start_at,
                end_at=found.end_at,
                anchor=found.anchor,
                anchor_value=found.anchor_value,
            )
        )
    return times


def _is_time(
    match: Match, lexemes: Lexemes, text: str, start: int, end: int, document: Document
) -> bool:
    """Whether the context lets the words be a time: ages, names and amounts are none."""
    name, family = match.rule.name, match.rule.family
    if family == "duration" and _AGE.match(text, end):
        return False
    if family == "year" and lexemes.classes[match.found.start() : match.found.end()] == "Y":
        before = text[max(0, start - 12) : start]
        if _MONEY.search(before) or _COUNTED.match(text, end):
            return False
        label = _name_label(document, start, end)
        if label:
            return label == "DATE"
        # Four digits below 1600 are an address or an amount more often than a year.
        return text[start:end] >= "1600" and _YEAR_CUE.search(before) is not None
    if family == "season" and lexemes.classes[match.found.start() : match.found.end()] == "tS":
        if lexemes.values[match.found.end() - 1] not in ("SP", "FA"):
            return True
        # "the fall of the house", "the spring broke": only a preposition of time tells.
        return bool(_SEASON_CUE.search(text, max(0, start - 10), start)) and not text.startswith(
            " of ", end
        )
    tag = document.tags[document.token_at(start)] if document.tags else "NN"
    if name == "date.month_only" and lexemes.classes[match.found.start()] == "M":
        # "Jan" without its full stop is a person more often than a month.
        bare = len(text[start:end]) <= 3 and text[start:end] != "May"
        return not bare and tag[:2] in ("NN", "CD")
    return name != "set.adverb" or tag[:2] != "JJ"


def _name_label(document: Document, start: int, end: int) -> str:
    """Label of the name that holds the span and more, or of a date; empty if there is none."""
    for name in document.names:
        if document.starts[name.first] <= start and end <= document.ends[name.last - 1]:
            wider = name.last - name.first > 1 and name.label not in ("TIME", "CARDINAL")
            return name.label if wider or name.label == "DATE" else ""
    return ""
