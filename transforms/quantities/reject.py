"""What looks like a quantity and is none: dates, labels, names with numbers, bullets."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from transforms.language.document import Document
from transforms.quantities.capital import counts_plural, sentence_of
from transforms.quantities.code import is_called, is_code, is_label, is_listed_label
from transforms.quantities.concept.noun import PRENOMINAL
from transforms.quantities.item import Item
from transforms.quantities.lexicon import labels, word_list
from transforms.quantities.moment import is_clock, is_date, is_military
from transforms.quantities.year import is_year

_ONE_AFTER = word_list("one_determiners")
"""Words that make "one" after them a pronoun: "this one"."""
_COUPLE = word_list("couple_after")
_BULLET = re.compile(r"[ ]?[.)](?:[ \t]|$)")
_CAPITAL = re.compile(r"[.][ ][A-Z]")
_INNER_CAPITAL = re.compile(r"[a-z]{1,4}[A-Z]\w*")
"""A product by its letters: "iOS", "macOS"."""
_TIE_BREAK = re.compile(r"\d[-–]\d[ ]\($")
_HIGHEST_BULLET = 40


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
        return is_code(document, item) or not _counts_one(document, item)
    rules = _DIGITS if digits else _WORDS
    return any(rule(document, item) for rule in rules)


def _is_pair(document: Document, item: Item) -> bool:
    """Whether "a couple" are two people and "a baker's dozen" no twelve."""
    if document.lowers[item.last] == "dozen":  # a baker's dozen is thirteen, and mostly a name
        return item.first > 1 and document.lowers[item.first - 2] == "baker"
    if document.lowers[item.last] != "couple" or item.last + 1 >= len(document):
        return False
    after = item.last + 1
    return document.lowers[after] not in _COUPLE and document.tags[after] not in ("NNS", "JJ")


def _is_bullet(document: Document, item: Item) -> bool:
    """Whether the number opens a line, a sentence or a clause of a list: "1.", "2)"."""
    text = document.text
    if _TIE_BREAK.search(text[max(0, item.start - 8) : item.start]):
        return True
    if not _BULLET.match(text, item.end) or (item.value or 0) > _HIGHEST_BULLET:
        return False
    line = text.rfind("\n", 0, item.start) + 1
    if not text[line : item.start].strip(" \t("):
        return True
    if text[item.end :].lstrip(" ")[:1] == ")":
        return "(" not in text[max(line, item.start - 60) : item.start]
    if text[line : item.start].rstrip(" ")[-1:] in (":", ";") and _CAPITAL.match(text, item.end):
        return True
    first, last = sentence_of(document, item)
    return (item.first == first and item.last + 2 >= last) or (
        item.first == first and text[item.end + 2 : item.end + 3].isupper()
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


def _is_labelled(document: Document, item: Item) -> bool:
    """Whether a word before the number makes a label of it: "Article 51", "phase 3"."""
    first = item.first
    if not first or item.start - document.ends[first - 1] > 1 or item.numeral.grouped:
        return False
    before = document.lowers[first - 1]
    if before in ("#", "№"):
        return True
    plural = is_label(before) and document.words[first - 1][0].isupper()
    if before not in labels() and not (plural and document.text[item.start].isdigit()):
        return False
    verb = document.tags[first - 1] in ("VB", "VBD", "VBG", "VBP", "VBZ")
    if verb and (document.words[first - 1].islower() or counts_plural(document, item.last)):
        return False
    determined = first > 1 and document.pos[first - 2] == "DET"
    digits = document.text[item.start].isdigit()
    return not (counts_plural(document, item.last) and (determined or not digits))


def _is_of_name(document: Document, item: Item) -> bool:
    """Whether the number follows a name and counts nothing: "Falcon 9", "Boeing's 787"."""
    first = item.first
    if not first or item.start - document.ends[first - 1] > 1 or item.numeral.grouped:
        return False
    tag = document.tags[first - 1]
    if tag in ("NNP", "NNPS") or _INNER_CAPITAL.fullmatch(document.words[first - 1]):
        return not counts_plural(document, item.last)
    head = document.heads[item.last]
    counted = head > item.last and document.deps[item.last] in PRENOMINAL
    if counted or "." in document.text[item.start : item.end]:
        return False
    if tag == "POS" and first > 1:
        return document.tags[first - 2] == "NNP"
    named = document.lowers[first - 1] == "of" and first > 1 and document.tags[first - 2] == "NNP"
    return named and document.words[first - 2][:1].isupper()


_Rule = Callable[[Document, Item], bool]
_DIGITS: tuple[_Rule, ...] = (
    is_date, is_clock, is_year, _is_bullet, is_military, is_code, is_called, is_listed_label,
    _is_address_or_model, _is_labelled, _is_of_name,
)  # fmt: skip
_WORDS: tuple[_Rule, ...] = (is_code, _is_labelled, is_clock, _is_pair)


def _counts_one(document: Document, item: Item) -> bool:
    """Whether "one" counts something: a noun after it, or "one of"."""
    first, last = item.first, item.last
    before = document.lowers[first - 1] if first else ""
    after = document.lowers[last + 1] if last + 1 < len(document) else ""
    if before in _ONE_AFTER and document.pos[first - 1] != "SCONJ":
        return document.deps[first] == "nummod" and document.heads[first] > last
    if after in ("another", "'s", "’s", "day"):
        return False
    if before == "at" and after in ("point", "time", "stage"):
        return False
    if after == "of":
        return True
    head = document.heads[last]
    return (
        head > last
        and document.deps[last] in ("nummod", "compound", "quantmod")
        and document.pos[head] in ("NOUN", "PROPN")
    )
