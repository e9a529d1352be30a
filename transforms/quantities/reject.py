"""What looks like a quantity and is none: years, dates, names with numbers, scores, labels."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.language.document import Document
from transforms.quantities.item import Item
from transforms.quantities.lexicon import labels, word_list
from transforms.quantities.year import is_year

_MONTHS = word_list("months")


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
        if is_year(document, item):
            return True
        if _bullet(text, start, end) or _military(surface, document.words[last + 1 : last + 2]):
            return True
        if _is_address_or_model(document, item):
            return True
    elif surface.lower() == "one":
        return not _counts_one(document, first, last, before, after)
    if before in labels() and near and tags[first - 1] not in ("VB", "VBD", "VBP", "VBZ"):
        return not (_counted(document, last) and _is_plural(document, last))
    if before in ("#", "№"):
        return True
    if (
        near
        and surface[:1].isdigit()
        and tags[first - 1] in ("NNP", "NNPS")
        and not item.numeral.grouped
    ):
        return not _is_plural(document, last)
    return False


def _is_plural(document: Document, last: int) -> bool:
    """Whether a numeral counts a plural that stands close after it."""
    head = document.heads[last]
    plural = head > last and document.tags[head] in ("NNS", "NNPS")
    return plural and document.deps[last] == "nummod" and head - last <= 2


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
