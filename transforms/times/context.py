"""Whether the words around let an expression be a time: ages, names and amounts are none."""

from __future__ import annotations

import re

from transforms.language.document import Document
from transforms.times.grammar import Match
from transforms.times.lexicon import Lexemes

_AGE = re.compile(r"(?:-olds?\b| olds?\b|s-old| of age\b)")
_YEAR_CUE = re.compile(
    r"(?:\b(?:in|since|until|till|by|from|to|through|during|before|after|of|for|between|and|than"
    r"|around|about|circa|the|over|on|late|early|mid|says?|whole|all|pre|post|years?|fiscal)"
    r"|[(,;–—-]|\d{4}['’]s|^)\s*$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\s+(?!(?:was|is|has|as|[a-z]+ss)\b)(?:[a-z]+s|people|men|women|percent)\b")
_SEASON_CUE = re.compile(r"\b(?:in|by|until|since|during|through|for|over)\s$", re.IGNORECASE)
_MONEY = re.compile(r"(?:[$£€]\s?|[A-Z]{2,3}\s|#|No\.?\s)$")
_CLOCK_CUE = re.compile(
    r"(?:\b(?:at|by|about|around|until|till|from|to|before|after|between|and|since|approximately)"
    r"|[-–(,|]|^)\s*$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"\s*(?:$|[\"”’']*\s+[A-Z])")
_LINK = re.compile(r"[<>](?![.,)|&]|$)")
_VERBAL = re.compile("[LSd]")
_NAME = re.compile(r" [A-Z]")
_NTH = re.compile(r"\b(?:first|second|third|fourth|fifth|other)\s$", re.IGNORECASE)
_UNITS = re.compile("[UV]")
_CAPITAL = re.compile(r"[A-Z][a-z]")
_PROSE = re.compile(r"\b[a-z]{5}")
_CAPITAL_BEFORE = re.compile(r"\b[A-Z][a-z]{1,20} $")
_CAUSE = re.compile(r" (?:against|for|of|on) (?:the )?[A-Z]")
_MONTH_CUE = re.compile(
    r"\b(?:after|and|before|between|by|coming|during|early|for|from|in|last|late|mid|next|of|since"
    r"|the|this|through|to|until)[\s-]$",
    re.IGNORECASE,
)
_TITLES = frozenset({"WORK_OF_ART", "PRODUCT", "ORG", "PERSON", "FAC", "LAW"})


def drop_verbs(lexemes: Lexemes, document: Document) -> str:
    """The classes, with `_` for "last", "spring", "fall" and "end" where they are verbs.

    So are "before" and "after" where a noun follows: only "the day before" is a day by itself.
    """
    classes = _LINK.sub("_", lexemes.classes)
    if not document.tags:
        return classes
    return _VERBAL.sub(
        lambda found: (
            "_"
            if document.tags[document.token_at(lexemes.starts[found.start()])].startswith("VB")
            else found[0]
        ),
        classes,
    )


def is_time(match: Match, lexemes: Lexemes, document: Document, start: int, end: int) -> bool:
    """Whether the match is a time in its context."""
    text = document.text
    name, family = match.rule.name, match.rule.family
    classes = lexemes.classes[match.found.start() : match.found.end()]
    if family == "duration" and _AGE.match(text, end):
        return False
    if family == "duration" and classes.endswith("-V"):
        return lexemes.values[match.found.end() - 1] != "Q"  # "three-quarters of the vote"
    if classes == "Y" or name == "date.years":
        return _is_year(text, start, end, document)
    if classes == "C":
        return _CLOCK_CUE.search(text, max(0, start - 14), start) is not None
    if (
        classes[-1] in "SU"
        and family in ("season", "ordinal")
        and _is_named(text, lexemes.starts[match.found.end() - 1], end)
    ):
        return False  # "the Summer Olympics"
    if classes == "tS":
        return _is_season(lexemes.values[match.found.end() - 1], text, start, end)
    if family != "holiday" and _is_titled(match, lexemes, text, start, end):
        return False
    named = family == "deictic" or (family == "holiday" and _NAME.match(text, end))
    if named and name_label(document, start, end) == "ORG":
        return False  # "USA Today", "Easter Seals"
    if family == "weekday" and _NTH.search(text, max(0, start - 12), start):
        return False  # "the first Monday of each month"
    if classes == "W" and name_label(document, start, end) in ("WORK_OF_ART", "EVENT", "PRODUCT"):
        return False  # "Super Tuesday", "Bloody Sunday"
    if name == "set.adverb":
        return _is_adverb(lexemes.values[match.found.start()], text, start, end, document)
    if name == "date.month_only" and classes == "M":
        return _is_month(text, start, end, document)
    if classes == "W" and text[start:end] in ("Sun.", "Sat.", "Mon.", "Wed."):
        # the paper or the star at the end of a sentence more often than the day
        return not _SENTENCE_END.match(text, end)
    if family in ("relative", "duration", "weekday") and text[end - 2].islower():
        return not (text[start].isupper() and _is_title(document, start, end))
    return True


def _is_year(text: str, start: int, end: int, document: Document) -> bool:
    before = text[max(0, start - 12) : start]
    if _MONEY.search(before):
        return False
    if _COUNTED.match(text, end) and not before.endswith(("pre-", "post-")):
        return False
    label = name_label(document, start, end)
    if label and label != "DATE":
        return False
    # Four digits below 1600 are an address or an amount more often than a year.
    digits = text[start:end].lstrip("'’")
    likely = len(digits) == 2 or digits >= "1600"
    return (label == "DATE" and likely) or (likely and _YEAR_CUE.search(before) is not None)


def _is_named(text: str, start: int, end: int) -> bool:
    """Whether a capital word in the middle of a name, "Winter Games", begins at `start`."""
    return text[start].isupper() and _NAME.match(text, end) is not None


def _is_titled(match: Match, lexemes: Lexemes, text: str, start: int, end: int) -> bool:
    """Whether a unit or "Noon" has the capital of a name: "60 Minutes", "High Noon".

    A line without small words is a headline, whose capitals tell nothing.
    """
    first, last = match.found.span()
    if lexemes.classes[first] == "K":
        return bool(
            _CAPITAL.match(text, start) and _CAPITAL_BEFORE.search(text, max(0, start - 24), start)
        )
    for unit in _UNITS.finditer(lexemes.classes, first + 1, last):
        if _CAPITAL.match(text, lexemes.starts[unit.start()]):
            before = text[max(0, start - 80) : start].rpartition("\n")[2]
            after = text[end : end + 80].partition("\n")[0]
            return bool(_PROSE.search(before) or _PROSE.search(after))
    return False


def _is_season(season: str, text: str, start: int, end: int) -> bool:
    if season not in ("SP", "FA"):
        return True
    # "the fall of the house", "the spring broke": only a preposition of time tells.
    cue = _SEASON_CUE.search(text, max(0, start - 10), start)
    return bool(cue) and not text.startswith(" of ", end)


def _is_month(text: str, start: int, end: int, document: Document) -> bool:
    # "Jan" without its full stop is a person more often than a month.
    if len(text[start:end]) <= 3 and text[start:end] != "May":
        return False
    if text.startswith("March", start) and _CAUSE.match(text, end):
        # "the annual March for Life", but "in March for Ohio"
        before = text[max(0, start - 9) : start]
        if not _MONTH_CUE.search(before) or before.endswith("the "):
            return False
    token = document.token_at(start)
    if document.tags and document.tags[token][:2] not in ("NN", "CD"):
        return False
    return name_label(document, start, end, wider=False) not in _TITLES


def _is_adverb(value: str, text: str, start: int, end: int, document: Document) -> bool:
    """ "rose annually", "daily flights"; but "a quarterly dividend", "the daily Granma"."""
    if (text[start].isupper() and start) or _NAME.match(text, end):
        return False
    tag = document.tags[document.token_at(start)] if document.tags else "RB"
    return value in ("P1D", "PT1H") or tag[:2] == "RB"


def _is_title(document: Document, start: int, end: int) -> bool:
    return name_label(document, start, end, wider=False) in ("WORK_OF_ART", "ORG")


def name_label(document: Document, start: int, end: int, *, wider: bool = True) -> str:
    """Label of the name that holds the span, and more unless it is a date; empty if none does."""
    for name in document.names:
        if document.starts[name.first] <= start and end <= document.ends[name.last - 1]:
            larger = name.last - name.first > 1 and name.label not in ("TIME", "CARDINAL")
            return name.label if larger or not wider or name.label == "DATE" else ""
    return ""
