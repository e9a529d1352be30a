"""What looks like a quantity and is none: years, dates, names with numbers, scores, labels."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.language.document import Document
from transforms.quantities.item import Item
from transforms.quantities.lexicon import bounds, labels, word_list

_MONTHS = word_list("months")
_YEAR_BEFORE = word_list("year_before")
_SCORE = re.compile(
    r"\b(?:win|won|wins|beat|beaten|lead|led|draw|drew|lost|lose|loss|defeat|victory|score|scored|"
    r"goal|match|game|half|down|up|ahead|behind|set|vote|voted|record|season)\b"
)
_DASHED = re.compile(r"\d+[-–‑]\d+")


def is_year(value: float | None, surface: str) -> bool:
    """Whether a numeral could be a year by its form alone."""
    return value is not None and len(surface) == 4 and surface.isdigit() and 1500 <= value <= 2199


def is_name(
    document: Document,
    item: Item,
    blocked: Sequence[tuple[int, int]],
    named: Sequence[tuple[int, int]],
) -> bool:
    """Whether a numeral without unit is a year, date, label, or part of a name.

    Args:
        document: the parsed text.
        item: the numeral; it has no unit, currency or scale.
        blocked: spans of dates and clock times found before that overlap it.
        named: spans of names that overlap it.
    """
    text, tags, lowers = document.text, document.tags, document.lowers
    start, end = item.start, item.end
    surface = text[start:end]
    first, last = item.first, item.last
    before = lowers[first - 1] if first else ""
    after = lowers[last + 1] if last + 1 < len(lowers) else ""
    after_word = document.words[last + 1] if after else ""
    near = first > 0 and start - document.ends[first - 1] <= 1
    if blocked or (surface[:1].isdigit() and any(a < start or b > end for a, b in named)):
        return True
    if surface[:1].isdigit():
        if (
            before in _MONTHS
            and document.words[first - 1][:1].isupper()
            and (item.value or 0) <= 2100
        ):
            return True
        if after in _MONTHS and after_word[:1].isupper() and (item.value or 99) <= 31:
            return True
        if is_year(item.value, surface) and _is_year(document, item, before, after):
            return True
        if _bullet(text, start, end) or _military(surface, document.words[last + 1 : last + 2]):
            return True
        if _is_address_or_model(document, item):
            return True
    elif surface.lower() == "one":
        return not _counts_one(document, first, last, before, after)
    if before in labels() and near and tags[first - 1] not in ("VB", "VBD", "VBP", "VBZ"):
        return not _counted(document, last)
    if before in ("#", "№"):
        return True
    if (
        near
        and surface[:1].isdigit()
        and tags[first - 1] in ("NNP", "NNPS")
        and not item.numeral.grouped
    ):
        head = document.heads[last]
        plural = head > last and tags[head] == "NNS" and document.deps[last] == "nummod"
        return not (plural and head - last <= 2 and document.words[first - 1] not in ("S&P",))
    return False


def _is_year(document: Document, item: Item, before: str, after: str) -> bool:
    if before in bounds()[0] and before not in (
        "about",
        "over",
        "past",
        "circa",
        "around",
        "within",
    ):
        return False
    head = document.heads[item.last]
    nummod = document.deps[item.last] == "nummod"
    noun = nummod and head > item.last and document.tags[head] == "NNS"
    if 1900 <= (item.value or 0) <= 2099:
        counted = noun and head == item.last + 1 and before not in _YEAR_BEFORE and item.first > 0
        return not (counted and document.tags[item.first - 1][:2] in ("VB", "JJ", "DT"))
    return (not noun and before in _YEAR_BEFORE) or after in ("ad", "bc", "ce", "bce")


def _military(surface: str, after: Sequence[str]) -> bool:
    """Whether a numeral is a clock time of four digits: "0401 GMT"."""
    four = len(surface) == 4 and surface.isdigit()
    return four and (
        surface[0] == "0" or (bool(after) and after[0] in ("GMT", "UTC", "EST", "EDT"))
    )


def _is_address_or_model(document: Document, item: Item) -> bool:
    """Whether an integer leads a proper noun in the singular: "575 Elm Road", "787 Dreamliner"."""
    head = document.heads[item.last]
    return (
        item.last < head <= item.last + 3
        and document.tags[head] == "NNP"
        and document.deps[item.last] in ("nummod", "compound")
        and not item.numeral.grouped
        and "." not in document.text[item.start : item.end]
    )


def _bullet(text: str, start: int, end: int) -> bool:
    line = text.rfind("\n", 0, start) + 1
    return not text[line:start].strip(" \t(") and bool(re.match(r"[.)](?:[ \t]|$)", text[end:]))


def _counts_one(document: Document, first: int, last: int, before: str, after: str) -> bool:
    """Whether "one" counts something: a noun after it, or "one of"."""
    if before in ("no", "this", "that", "which", "the", "each", "every", "any", "another", "some"):
        return document.deps[first] == "nummod" and document.heads[first] > last
    if after in ("another", "'s", "’s", "day"):
        return False
    if after == "of":
        return True
    return _counted(document, last)


def _counted(document: Document, last: int) -> bool:
    head = document.heads[last]
    return (
        head > last
        and document.deps[last] in ("nummod", "compound", "quantmod")
        and document.pos[head] in ("NOUN", "PROPN")
    )


def is_score(document: Document, low: Item, high: Item) -> bool:
    """Whether two numerals with a hyphen between are a score and not a range."""
    text = document.text
    if high.unit or low.unit or high.prefixed or low.prefixed:
        return False
    if not _DASHED.fullmatch(text[low.start : high.end]):
        return False
    a, b = low.value or 0, high.value or 0
    if a >= b:
        return True
    if a > 200 or b > 200:
        return False
    after = document.pos[high.last + 1] if high.last + 1 < len(document) else ""
    if after == "NOUN" and document.tags[high.last + 1] == "NNS":
        return False
    around = text[max(0, low.start - 40) : high.end + 40].lower()
    named = low.first > 0 and document.tags[low.first - 1] in ("NNP", "NNPS")
    return named or bool(_SCORE.search(around))
