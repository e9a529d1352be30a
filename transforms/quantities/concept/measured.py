"""What a percentage, sum of money, measure or duration is of."""

from __future__ import annotations

from collections.abc import Container

from transforms.language.document import Document
from transforms.quantities.concept.noun import (
    EMPTY,
    PRENOMINAL,
    Phrase,
    is_noun,
    object_after,
    object_of,
    phrase,
)
from transforms.quantities.concept.subject import find_subject
from transforms.quantities.item import Item
from transforms.quantities.lexicon import changes, word_list

LEFT = frozenset({"appos", "nummod", "npadvmod", "nmod", "relcl", "acl", "dep", "advmod", "amod"})
"""Relations by which a measure stands after the noun it belongs to."""
_PAYS = word_list("pay_verbs")
_TRADES = word_list("trade_verbs")
_HOLDS = word_list("level_verbs")
_ADVERBIAL = word_list("adverbial")
_NO_FORM = word_list("time_nouns") | word_list("in_idioms")
_TAKES = word_list("take_verbs")
MOVES = changes()["verb"].keys() | word_list("moved_verbs")
_CAUSED = frozenset({"npadvmod", "advmod", "oprd", "acomp", "dep", "amod", "xcomp", "ccomp"})
_CLIMB = 9
"""Steps up the tree after which nothing that is found belongs to the quantity."""


def find_measured(document: Document, item: Item, taken: Container[int]) -> Phrase | None:
    """Tokens of the noun phrase that a quantity measures, or null.

    Args:
        document: the parsed text.
        item: the quantity, with its kind.
        taken: tokens of all quantities; units and numbers are never what is measured.
    """
    found = object_after(document, item.last, ("of",), taken)
    if found is not None and found > item.last:
        return phrase(document, found, item.last + 2, taken)
    if document.lowers[item.last + 1 : item.last + 3] == ["worth", "of"]:
        goods = object_of(document, item.last + 2)
        if goods is not None and is_noun(document, goods, taken):
            return phrase(document, goods, item.last + 3, taken)
    if item.kind == "money":
        form = _in_form_of(document, item, taken)
        if form is not None:
            return form
    if item.kind == "duration" and _is_adverbial(document, item):
        return None
    worth = document.token_at(item.opens) - 1
    if worth > 0 and document.lowers[worth] == "worth" and is_noun(document, worth - 1, taken):
        return phrase(document, worth - 1, 0, taken)
    token = top_of(document, item)
    return climb(document, item, token, taken) or phrase(document, token, 0, taken)


def _in_form_of(document: Document, item: Item, taken: Container[int]) -> Phrase | None:
    """What a sum is paid as, where it follows at once: "$3 million in damages"."""
    after = item.last + 1
    if document.lowers[after : after + 1] != ["in"] or document.heads[after] < item.first:
        return None
    within = object_of(document, after)
    if within is None or not is_noun(document, within, taken):
        return None
    if document.tags[within] not in ("NN", "NNS") or document.lemmas[within] in _NO_FORM:
        return None
    return phrase(document, within, after + 1, taken)


def _is_adverbial(document: Document, item: Item) -> bool:
    """Whether a duration only places an event in time: "nine days later", "after 55 minutes"."""
    after = document.lowers[item.last + 1] if item.last + 1 < len(document) else ""
    before = document.lowers[item.first - 1] if item.first else ""
    return after in _ADVERBIAL or before == "after"


def top_of(document: Document, item: Item) -> int:
    """The token of the quantity that its other tokens hang from."""
    for token in range(item.last, item.first - 1, -1):
        head = document.heads[token]
        if not item.first <= head <= item.last or head == token:
            return token
    return item.last


def climb(document: Document, item: Item, token: int, taken: Container[int]) -> Phrase | None:
    """The first phrase on the way up from the quantity that it can be of."""
    heads, deps, pos = document.heads, document.deps, document.pos
    empty: Phrase | None = None
    for _ in range(_CLIMB):
        head = heads[token]
        if head == token:
            return find_subject(document, token, taken) or empty
        if pos[head] in ("VERB", "AUX"):
            return _argument(document, head, token, item, taken) or empty
        if is_noun(document, head, taken):
            if head > item.last and deps[token] in PRENOMINAL:
                return _after(document, head, item, taken)
            behind = pos[token] == "ADP" or deps[token] in LEFT
            if head < item.first and behind:
                if document.lemmas[head] not in EMPTY and not (
                    item.kind == "age" and document.lemmas[head] == "age"
                ):
                    return _changed(document, head, item, taken)
                empty = empty or phrase(document, head, 0, taken)
                within = object_after(document, head, ("in", "for", "to"), taken)
                if within is not None and heads[within] != token:
                    return phrase(document, within, head + 1, taken)
        token = head
    return empty


def _changed(document: Document, head: int, item: Item, taken: Container[int]) -> Phrase | None:
    """The noun before the quantity, or that which changes: "a drop of 12 % in traffic"."""
    after = item.last + 1
    if document.lemmas[head] in changes()["noun"] and document.lowers[after : after + 1] == ["in"]:
        within = object_of(document, after)
        if within is not None and is_noun(document, within, taken):
            return phrase(document, within, after + 1, taken)
    return phrase(document, head, 0, taken)


def _after(document: Document, head: int, item: Item, taken: Container[int]) -> Phrase | None:
    """The noun that the quantity stands before; of a change, that which changes."""
    if document.lemmas[head] in changes()["noun"]:
        within = object_after(document, head, ("in", "of", "to", "on"), taken)
        if within is not None:
            return phrase(document, within, head + 1, taken)
    return phrase(document, head, item.last + 1, taken)


def _argument(
    document: Document, verb: int, token: int, item: Item, taken: Container[int]
) -> Phrase | None:
    """The argument of a verb that a quantity attached to it by `token` belongs to."""
    lemma, dep = document.lemmas[verb], document.deps[token]
    adposition = document.lowers[token] if document.pos[token] == "ADP" else ""
    if dep == "dobj" and lemma in _PAYS and item.kind == "money":
        bought = object_after(document, verb, ("for", "on"), taken)
        if bought is None:
            bought = object_after(document, item.last, ("for", "on"), taken)
        if bought is not None and bought > item.last:
            return phrase(document, bought, item.last + 1, taken)
    if dep == "dobj" and lemma in _TAKES:
        taken_from = object_after(document, verb, ("from", "off", "to"), taken)
        if taken_from is not None and taken_from > item.last:
            return phrase(document, taken_from, item.last + 1, taken)
    moved = lemma in MOVES and (adposition in ("by", "to", "from") or dep in _CAUSED)
    traded = lemma in _TRADES and adposition in ("for", "at")
    held = adposition == "at" and lemma in _HOLDS
    if moved or traded or held or document.tags[token] in ("JJR", "RBR"):
        thing = _object(document, verb, taken)
        if thing is not None and thing < item.first:
            return phrase(document, thing, verb + 1, taken)
    return find_subject(document, verb, taken) or _other(document, verb, item, taken)


def _object(document: Document, verb: int, taken: Container[int]) -> int | None:
    for child in document.children(verb):
        if document.deps[child] == "dobj" and is_noun(document, child, taken):
            return child
    return None


def _other(document: Document, verb: int, item: Item, taken: Container[int]) -> Phrase | None:
    """Another argument of a verb without a named subject: "buy flats at $100"."""
    thing = _object(document, verb, taken)
    if thing is not None:
        return phrase(document, thing, 0, taken)
    for child in document.children(verb):
        if child > item.last and document.lowers[child] in ("for", "to", "from", "on"):
            found = object_after(document, child - 1, (document.lowers[child],), taken)
            if found is not None:
                return phrase(document, found, child + 1, taken)
    return None
