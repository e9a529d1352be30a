"""What a quantity counts, as a place in the parse."""

from __future__ import annotations

from bisect import bisect_left

from transforms.claims.lexicon import class_of
from transforms.claims.reading import Counted
from transforms.language.document import Document
from warehouse.tables import Quantity

KINDS = frozenset(("count", "cardinal", "range", "money", "measure"))
_INNER = frozenset(("nummod", "quantmod", "compound", "amod", "nmod", "det", "advmod", "predet"))
_REACH = 6
_MANY = frozenset(("dozen", "hundred", "thousand", "million", "score"))
_UNITS = frozenset(("head", "pair", "group", "team", "number", "wave", "convoy", "herd", "family"))


def to_counted(document: Document, quantity: Quantity) -> Counted | None:
    """The phrase that a quantity counts: its number, and the noun beside it where it has one.

    A measure counts what stands after its "of" ("two tonnes of cocaine"), and else nothing.
    """
    first = document.token_at(quantity.start)
    last = max(first, bisect_left(document.starts, quantity.end) - 1)
    head = _top(document, first, last)
    if quantity.kind == "money":
        return Counted(head, first, last, "money", "money")
    if quantity.kind == "measure":
        noun = _measured(document, head)
        if noun is None:
            return None
        name, kind = class_of(document.lemmas[noun])
        return None if kind != "thing" else Counted(head, first, max(last, noun), name, kind)
    concept = _concept(document, quantity, last)
    if concept is not None:
        head, last = concept, max(last, concept)
    else:
        while document.deps[head] in _INNER:
            above = document.heads[head]
            noun = document.pos[above] in ("NOUN", "PROPN")
            if not noun or not head < above <= head + _REACH:
                break
            head = above
            last = max(last, head)
    name, kind = _class(document, quantity, head, number=first <= head <= last and concept is None)
    return Counted(head, first, last, name, kind)


def _measured(document: Document, unit: int) -> int | None:
    """The head of what a unit measures: "3.2 tonnes of cocaine"."""
    for child in document.children(unit):
        if document.deps[child] == "prep" and document.lowers[child] == "of":
            return next((c for c in document.children(child) if document.deps[c] == "pobj"), None)
    return None


def _class(
    document: Document, quantity: Quantity, head: int, number: bool
) -> tuple[str | None, str | None]:
    """Class and kind of the noun; bare numbers are mostly of people: "twelve were killed"."""
    name, kind = class_of(document.lemmas[head])
    if name is None and document.tags[head] == "NNPS":
        # "three Russians", "two Kenyans"
        return ("person", "person")
    if name in (None, "person") and quantity.concept:
        for word in reversed(quantity.concept.split()):
            told = class_of(word)
            if told[0] is not None:
                return told
    if name is None:
        for child in document.children(head):
            # "70 head of cattle"
            if document.lowers[child] == "of" and document.lemmas[head].lower() in _UNITS:
                return class_of(document.lemmas[next(iter(document.children(child)), head)])
    bare = document.pos[head] in ("NUM", "PRON", "DET", "ADJ", "X")
    bare = bare or document.lemmas[head].lower() in _MANY
    if name is None and bare and number:
        return ("person", "number") if not quantity.concept else (None, None)
    return name, kind


def _top(document: Document, first: int, last: int) -> int:
    """The token of [first, last] that the others depend on."""
    for token in range(last, first - 1, -1):
        if not first <= document.heads[token] <= last or document.heads[token] == token:
            if document.pos[token] == "ADP":
                # "from 40 to 52": the number after "to" is the one that holds now
                return last
            return token
    return last


def _concept(document: Document, quantity: Quantity, last: int) -> int | None:
    """The head of the counted noun where it stands right after the number."""
    if quantity.concept_start is None or quantity.concept_end is None:
        return None
    if quantity.concept_start < quantity.end or quantity.concept_start > quantity.end + 12:
        return None
    begin = document.token_at(quantity.concept_start)
    end = max(begin, bisect_left(document.starts, quantity.concept_end) - 1)
    if document.lowers[last + 1 : last + 2] == ["of"]:
        return None
    return _top(document, begin, end)
