"""What stands at a bare number: "the index fell to 5,884", "the rate is 4.1"."""

from __future__ import annotations

from collections.abc import Container

from transforms.language.document import Document
from transforms.quantities.concept.measured import LEFT, climb, top_of
from transforms.quantities.concept.noun import Phrase, is_noun, phrase
from transforms.quantities.item import Item
from transforms.quantities.lexicon import changes, word_list

_REACHED = word_list("reached_verbs")
_LEVEL = frozenset({"to", "at", "by", "from", "of", "above", "below", "near", "around", "under"})


def find_level(document: Document, item: Item, taken: Container[int]) -> Phrase | None:
    """Tokens of what stands at a bare number: "the index fell to 5,884", "the rate is 4.1"."""
    token = top_of(document, item)
    head, dep = document.heads[token], document.deps[token]
    if head == token:
        return None
    if head == item.first - 1 and dep in LEFT and is_noun(document, head, taken):
        return phrase(document, head, 0, taken)  # "magnitude 6.4"
    adposition = document.lowers[head] if document.pos[head] == "ADP" and head < token else ""
    if document.pos[token] == "ADP":
        adposition = document.lowers[token]
    if dep == "dobj" and document.lemmas[head] in _REACHED:
        return climb(document, item, token, taken)
    if document.tags[head] in ("JJR", "RBR") and head == item.last + 1:
        return climb(document, item, token, taken)  # "40k cheaper"
    if adposition in _LEVEL or (dep == "attr" and document.lemmas[head] == "be"):
        return climb(document, item, token, taken)
    if document.lemmas[head] in changes()["verb"] and dep in ("dobj", "npadvmod", "advmod"):
        return climb(document, item, token, taken)
    return None
