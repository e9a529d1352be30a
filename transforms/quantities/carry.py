"""What a quantity leaves unsaid and takes from the one before: concept, bound, change."""

from __future__ import annotations

import re

from transforms.language.document import Document
from transforms.quantities.concept.aside import find_bracket
from transforms.quantities.item import Item
from transforms.quantities.lexicon import word_list

_SAME = word_list("restating")
"""What stands between two statements of the same amount, spaces as underscores."""
_EARLIER = re.compile(
    r"\b(?:(?:up|down)[ ]from|compared[ ](?:with|to)|against|versus|vs\.?)[ ]$", re.IGNORECASE
)
"""Words before a number that stands against the one before it."""
_MEASURES = re.compile(r"-(?!plus\b|odd\b|strong\b)\w")
_ELLIPSIS = frozenset({"conj", "dobj", "nummod", "nsubj", "nsubjpass", "appos", "attr"})
_NEAR = 14
"""Tokens over which a bare number takes the noun of the count before it."""


def carry(document: Document, previous: Item, item: Item) -> None:
    """Takes from the quantity before what this one leaves unsaid."""
    between = document.text[previous.end : item.start]
    same = between.replace(" ", "_") in _SAME
    if same and item.unit and item.change == "none":
        item.change = previous.change
    if same and previous.unit and item.unit:
        item.concept = previous.concept
        item.modifier = previous.modifier if item.modifier == "exact" else item.modifier
        item.change = previous.change
    elif _is_earlier(document, previous, item):
        item.concept, item.kind, item.rule = previous.concept, "count", "count.earlier"
    elif item.concept is None:
        if (
            previous.unit
            and item.unit
            and (
                _share_bracket(document, previous, item) or _is_bracketed(document, previous, item)
            )
        ):
            item.concept = previous.concept
        elif _is_ellipsis(document, previous, item):
            item.concept, item.kind, item.rule = previous.concept, "count", "count.ellipsis"


def _share_bracket(document: Document, previous: Item, item: Item) -> bool:
    """Whether both stand in one pair of brackets."""
    opened = find_bracket(document, item)
    return opened is not None and opened == find_bracket(document, previous)


def _is_bracketed(document: Document, previous: Item, item: Item) -> bool:
    """Whether a bracket with the quantity in it opens right after the one before: "(save $3)"."""
    return find_bracket(document, item) == previous.last


def _is_earlier(document: Document, previous: Item, item: Item) -> bool:
    """Whether a bare number is set against the count before: "370 calls, up from 336"."""
    if item.kind != "cardinal" or previous.kind != "count":
        return False
    if item.first - previous.last > _NEAR:
        return False
    return bool(_EARLIER.search(document.text, max(0, item.opens - 16), item.opens))


def _counts_things(document: Document, item: Item) -> bool:
    """Whether a count is a whole number of things and no degree: not "an 8.1-magnitude quake"."""
    return not _MEASURES.match(document.text, item.end) and (
        item.value is None or item.value == int(item.value)
    )


def _is_ellipsis(document: Document, previous: Item, item: Item) -> bool:
    """Whether a bare number leaves out the noun said before: "killed 5 people and hurt 12"."""
    if item.kind != "cardinal" or previous.kind != "count" or item.numeral.form == "zero":
        return False
    if item.first - previous.last > _NEAR or not _counts_things(document, previous):
        return False
    dep = document.deps[item.last]
    if dep == "pobj" and document.starts[document.heads[item.last]] >= item.opens:
        dep = "dobj"  # "injured over 5,000": the bound is parsed as a preposition
    if dep not in _ELLIPSIS:
        return False
    subject = document.deps[item.last] in ("nsubj", "nsubjpass")
    if not subject and any(m in document.text[previous.end : item.start] for m in ";:—"):
        return False
    number = document.sentence_of(document.starts[item.first])
    return number == document.sentence_of(document.starts[previous.first])
