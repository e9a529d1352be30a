"""What the sentence says of a quantity: kind, concept, bound, change, negation."""

from __future__ import annotations

from collections.abc import Container, Sequence

from transforms.language.document import Document
from transforms.quantities.age import find_aged
from transforms.quantities.bound import find_bound_after, find_bound_before
from transforms.quantities.carry import carry
from transforms.quantities.change import find_change
from transforms.quantities.concept.aside import (
    find_beside,
    find_labelled,
    find_listed,
)
from transforms.quantities.concept.counted import find_counted
from transforms.quantities.concept.level import find_level
from transforms.quantities.concept.measured import MOVES, find_measured, top_of
from transforms.quantities.concept.noun import Phrase
from transforms.quantities.density import read_density
from transforms.quantities.item import Item, locate
from transforms.quantities.lexicon import word_list
from transforms.quantities.negation import is_negated
from transforms.quantities.subset import find_wholes

_COMPARED = word_list("compared")


def describe(document: Document, items: Sequence[Item]) -> None:
    """Fills in kind, concept, modifier, change and negation of each item, in order of position."""
    for item in items:
        locate(document, item)
    amounts = [item for item in items if item.kind != "ordinal"]
    taken = {t for item in amounts for t in range(item.first, item.last + 1)}
    previous: Item | None = None
    for item in items:
        _bound(document, item)
        _name(document, item, taken)
        if item.kind == "count" and item.unit is None:
            read_density(document, item)
        _change(document, item)
        if previous is not None:
            carry(document, previous, item)
        item.negated = is_negated(document, item)
        previous = item
    find_wholes(document, items)


def _name(document: Document, item: Item, taken: Container[int]) -> None:
    """Sets kind and concept."""
    kind = item.kind or (item.unit.kind if item.unit else "")
    if item.rule == "ratio.verb":
        return  # the verb itself said of what
    if kind == "multiple":
        kind = "ratio" if _is_multiple(document, item) else "count"
    if kind in ("", "rank", "ordinal"):
        item.concept = find_counted(document, item, taken)
        if not kind:
            kind = _plain_kind(item)
        if item.concept is None and kind == "fraction":
            item.concept = find_level(document, item, taken)
        if item.concept is None and kind in ("cardinal", "range"):
            item.concept = (
                find_labelled(document, item)
                or find_beside(document, item, taken)
                or find_level(document, item, taken)
            )
    elif item.rule == "age.group":
        pass  # "the over-65s" are whom they count
    elif item.rule == "age.bound":
        item.concept = find_aged(document, item, taken)
    elif kind == "age":
        item.concept = _aged(document, item, taken)
    elif item.rule in ("ratio.in", "ratio.per"):
        item.concept = find_counted(document, item, taken) or find_measured(document, item, taken)
    else:
        item.kind = kind
        item.concept = (
            find_listed(document, item, taken)
            or (None if _is_prenominal(document, item) else find_beside(document, item, taken))
            or find_measured(document, item, taken)
        )
    item.kind = kind


def _is_multiple(document: Document, item: Item) -> bool:
    """Whether "times" multiplies ("four times as many") and does not count occasions."""
    if not document.lowers[item.last].startswith("time"):
        return True
    after = item.last + 1
    if after >= len(document):
        return False
    return document.lowers[after] in _COMPARED or document.tags[after] in ("JJR", "RBR")


def _is_prenominal(document: Document, item: Item) -> bool:
    """Whether the quantity stands before the noun it belongs to: "(1.5mm internal diameter)"."""
    return document.heads[top_of(document, item)] > item.last


def _plain_kind(item: Item) -> str:
    """The kind of a number without unit."""
    if item.numeral.form == "zero":
        return "count"
    if item.numeral.form == "fraction" and abs(item.value or 0) < 1:
        return "fraction"
    if item.concept:
        return "count"
    if item.joined and item.value is None:
        return "range"
    return "fraction" if item.numeral.form == "fraction" else "cardinal"


def _aged(document: Document, item: Item, taken: Container[int]) -> Phrase | None:
    if item.rule in ("age.person", "age.apposition") or _is_relative(document, item):
        return find_aged(document, item, taken)
    return find_measured(document, item, taken)


def _is_relative(document: Document, item: Item) -> bool:
    """Whether an age is said by a clause with "who": "his son Maro, who was 10"."""
    return item.rule == "age.is" and "who" in document.lowers[max(0, item.first - 3) : item.first]


def _bound(document: Document, item: Item) -> None:
    """Sets the modifier, where it begins, and the change."""
    kind = item.kind or (item.unit.kind if item.unit else "")
    item.modifier, item.opens = find_bound_before(document.text, item.start, kind)
    if item.rule == "range.bounds" or _is_moved_up(document, item):
        item.modifier = "exact"
    elif item.was is not None and item.modifier not in ("exact", "approx"):
        item.modifier = "approx"  # the bounds are of its ends, not of the range


def _is_moved_up(document: Document, item: Item) -> bool:
    """Whether "up to" is no bound but the way something moved: "pushed the yield up to 4.5"."""
    if item.modifier != "at_most" or document.text[item.opens :][:6].lower() != "up to ":
        return False
    verb = document.heads[document.token_at(item.opens)]
    return document.lemmas[verb] in MOVES and document.pos[verb] == "VERB"


def _change(document: Document, item: Item) -> None:
    """Sets the change, and the modifier where it stands after the number or its noun."""
    if item.modifier == "exact" and item.rule != "range.bounds":
        places = {item.end, item.concept_end(document)}
        item.modifier = find_bound_after(document.text, sorted(places))
    if item.rule == "ratio.verb":
        return
    first = item.first if item.opens >= item.start else document.token_at(item.opens)
    item.change = find_change(document, item, first)
