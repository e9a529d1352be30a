"""What looks like a quantity and is none: dates, labels, names with numbers, bullets."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from transforms.language.document import Document
from transforms.quantities.concept.noun import PRENOMINAL
from transforms.quantities.item import Item
from transforms.quantities.lexicon import labels, word_list
from transforms.quantities.year import is_year

_MONTHS = word_list("months")
_ZONES = word_list("zones")
_SLASHED = word_list("slash_names")
_ONE_AFTER = word_list("one_determiners")
"""Words that make "one" after them a pronoun: "this one"."""
_COUPLE = word_list("couple_after")
_CLOCK = re.compile(
    r"[ ](?:o['’]clock|in[ ]the[ ](?:morning|afternoon|evening)|at[ ]night"
    r"|this[ ](?:morning|afternoon|evening)|tonight)\b",
    re.IGNORECASE,
)
_DAYS = re.compile(r"[ ]\d{1,2}(?:,[ ]\d{1,2})*,?[ ](?:and|or|to)[ ]$")
_PART_LETTERS = re.compile(r"-[A-Z]{1,3}\b(?!-)")
_BULLET = re.compile(r"[ ]?[.)](?:[ \t]|$)")
_ELEVEN = re.compile(r"[-‑]Eleven\b")
_CALIBRE = re.compile(r"[ -]calib(?:er|re)\b")
_CAPITAL = re.compile(r"[.][ ][A-Z]")
_HIGHEST_BULLET = 40
_TITLE_CASE = 0.7
"""Share of capitalised words from which a line is a headline in title case."""


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
    digits = document.text[item.start : item.start + 1].isdigit()
    if blocked or (digits and any(a < item.start or b > item.end for a, b in named)):
        return True
    if not digits and document.text[item.start : item.end].lower() == "one":
        return not _counts_one(document, item)
    rules = _DIGITS if digits else _WORDS
    return any(rule(document, item) for rule in rules)


def is_capitalised_name(document: Document, item: Item) -> bool:
    """Whether a number in words is part of a name: "the Big Four", "Three Mile Island"."""
    text, words = document.text, document.words
    if item.numeral.form != "words" or not text[item.start].isupper():
        return False
    if not all(w[:1].isupper() for w in words[item.first : item.last + 1] if w[:1].isalpha()):
        return False
    first, last = _sentence(document, item)
    capital = sum(w[:1].isupper() for w in words[first:last])
    if capital > _TITLE_CASE * (last - first) and last - first > 3:
        return False
    before = item.first - 1
    after = item.last + 1
    if item.unit is not None and item.first > first and item.last > item.first:
        return True  # "of Ten Mile, Tennessee"
    if after < last and document.tags[after] == "NNP" and (item.first > first or item.unit):
        return document.pos[after] == "PROPN" and not _counts_plural(document, item.last)
    possessive = (
        before > first and document.tags[before] == "POS" and words[before - 1][0].isupper()
    )
    capital_before = before > first and words[before][:1].isupper() and words[before][1:].islower()
    return item.first > first and (possessive or capital_before)


def _sentence(document: Document, item: Item) -> tuple[int, int]:
    if not document.sentences:
        return 0, len(document)
    return document.sentences[document.sentence_of(document.starts[item.first])]


def _is_date(document: Document, item: Item) -> bool:
    """Whether a month stands beside the number."""
    first, last = item.first, item.last
    before = document.words[first - 1] if first else ""
    after = document.words[last + 1] if last + 1 < len(document) else ""
    value = item.value or 0.0
    if before.lower() in _MONTHS and before[:1].isupper() and value <= 2100:
        return True
    days = _DAYS.search(document.text, max(0, item.start - 16), item.start)
    if days and value <= 31:
        month = document.words[document.token_at(days.start())]
        if month.lower() in _MONTHS and month[:1].isupper():
            return True
    return after.lower() in _MONTHS and after[:1].isupper() and 0 < value <= 31


def _is_clock(document: Document, item: Item) -> bool:
    """Whether an hour of the day follows "at": "at 4 in the morning", "at five o'clock"."""
    return (item.value or 0) <= 24 and bool(_CLOCK.match(document.text, item.end))


def _is_pair(document: Document, item: Item) -> bool:
    """Whether "a couple" are two people and no number: "a couple who married"."""
    if document.lowers[item.last] != "couple" or item.last + 1 >= len(document):
        return False
    after = item.last + 1
    return document.lowers[after] not in _COUPLE and document.tags[after] not in ("NNS", "JJ")


def _is_bullet(document: Document, item: Item) -> bool:
    """Whether the number opens a line, a sentence or a clause of a list: "1.", "2)"."""
    text = document.text
    if not _BULLET.match(text, item.end) or (item.value or 0) > _HIGHEST_BULLET:
        return False
    line = text.rfind("\n", 0, item.start) + 1
    if not text[line : item.start].strip(" \t("):
        return True
    if text[item.end :].lstrip(" ")[:1] == ")":
        return "(" not in text[max(line, item.start - 60) : item.start]
    if text[line : item.start].rstrip(" ")[-1:] in (":", ";") and _CAPITAL.match(text, item.end):
        return True
    first, last = _sentence(document, item)
    return (item.first == first and item.last + 2 >= last) or (
        item.first == first and text[item.end + 2 : item.end + 3].isupper()
    )


def _is_military(document: Document, item: Item) -> bool:
    """Whether a numeral is a clock time of four digits: "0401 GMT"."""
    surface = document.text[item.start : item.end]
    if len(surface) != 4 or not surface.isdigit():
        return False
    after = document.words[item.last + 1] if item.last + 1 < len(document) else ""
    return surface[0] == "0" or after in _ZONES


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


def _is_labelled(document: Document, item: Item) -> bool:
    """Whether a word before the number makes a label of it: "Article 51", "phase 3"."""
    first = item.first
    if not first or item.start - document.ends[first - 1] > 1 or item.numeral.grouped:
        return False
    before = document.lowers[first - 1]
    if before in ("#", "№"):
        return True
    if before not in labels():
        return False
    verb = document.tags[first - 1] in ("VB", "VBD", "VBG", "VBP", "VBZ")
    if verb and (document.words[first - 1].islower() or _counts_plural(document, item.last)):
        return False
    determined = first > 1 and document.pos[first - 2] == "DET"
    digits = document.text[item.start].isdigit()
    return not (_counts_plural(document, item.last) and (determined or not digits))


def _is_of_name(document: Document, item: Item) -> bool:
    """Whether the number follows a name and counts nothing: "Falcon 9", "Boeing's 787"."""
    first = item.first
    if not first or item.start - document.ends[first - 1] > 1 or item.numeral.grouped:
        return False
    tag = document.tags[first - 1]
    if tag in ("NNP", "NNPS"):
        return not _counts_plural(document, item.last)
    head = document.heads[item.last]
    counted = head > item.last and document.deps[item.last] in PRENOMINAL
    if counted or "." in document.text[item.start : item.end]:
        return False
    if tag == "POS" and first > 1:
        return document.tags[first - 2] == "NNP"
    named = document.lowers[first - 1] == "of" and first > 1 and document.tags[first - 2] == "NNP"
    return named and document.words[first - 2][:1].isupper()


def is_code(document: Document, item: Item) -> bool:
    """Whether the number is a code: "Form 10-K", a .45-calibre gun, 9/11."""
    if document.text[item.start : item.end] in _SLASHED or (
        item.value == 7 and _ELEVEN.match(document.text, item.end)
    ):
        return True
    if _CALIBRE.match(document.text, item.end):
        return True
    return bool(_PART_LETTERS.match(document.text, item.end))


_Rule = Callable[[Document, Item], bool]
_DIGITS: tuple[_Rule, ...] = (
    _is_date, _is_clock, is_year, _is_bullet, _is_military, is_code, _is_address_or_model,
    _is_labelled, _is_of_name,
)  # fmt: skip
_WORDS: tuple[_Rule, ...] = (_is_labelled, _is_clock, _is_pair)


def _counts_plural(document: Document, last: int) -> bool:
    """Whether a numeral counts a plural that stands close after it."""
    head = document.heads[last]
    plural = head > last and document.tags[head] in ("NNS", "NNPS")
    return plural and document.deps[last] == "nummod" and head - last <= 2


def _counts_one(document: Document, item: Item) -> bool:
    """Whether "one" counts something: a noun after it, or "one of"."""
    first, last = item.first, item.last
    before = document.lowers[first - 1] if first else ""
    after = document.lowers[last + 1] if last + 1 < len(document) else ""
    if before in _ONE_AFTER:
        return document.deps[first] == "nummod" and document.heads[first] > last
    if after in ("another", "'s", "’s", "day"):
        return False
    if after == "of":
        return True
    head = document.heads[last]
    return (
        head > last
        and document.deps[last] in ("nummod", "compound", "quantmod")
        and document.pos[head] in ("NOUN", "PROPN")
    )
