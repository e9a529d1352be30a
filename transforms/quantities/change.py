"""Direction of change: "rose 3 %", "up from 12", "a 5 % drop"."""

from __future__ import annotations

from transforms.language.document import Document
from transforms.quantities.item import Item
from transforms.quantities.lexicon import changes, word_list

_GIVES = frozenset(
    {
        "raise",
        "add",
        "boost",
        "lift",
        "improve",
        "advance",
        "cut",
        "lose",
        "shed",
        "contract",
        "recover",
    }
)
_LEVEL = frozenset(
    {
        "to",
        "at",
        "above",
        "below",
        "near",
        "around",
        "of",
        "in",
        "for",
        "from",
        "on",
        "with",
        "as",
        "than",
        "since",
        "through",
        "after",
        "against",
        "before",
    }
)


_PHRASAL = word_list("phrasal_verbs")
"""Verbs whose "up" or "down" is no direction: "make up 40 %", "put down $500"."""
_MOTIONS = word_list("motion_verbs")


def find_change(document: Document, item: Item, bound_first: int) -> str:
    """The direction that the text states for a quantity: up, down or none.

    Args:
        document: the parsed text.
        item: the quantity, with its kind.
        bound_first: first token of its bound, or of the quantity itself.
    """
    if item.kind in ("ordinal", "rank", "age"):
        return "none"
    words = changes()
    lowers, deps, heads, lemmas = document.lowers, document.deps, document.heads, document.lemmas
    if item.sign == "+":
        return "up"
    if item.sign == "-" and item.kind == "percent":
        return "down"
    before = lowers[bound_first - 1] if bound_first else ""
    after = lowers[item.last + 1] if item.last + 1 < len(lowers) else ""
    if before in ("to", "at", "from") and not item.low:
        return "none"
    phrasal = bound_first > 1 and lemmas[bound_first - 2] in _PHRASAL
    if (before in ("up", "down", "by") and not phrasal) or after in ("higher", "lower"):
        if before in words["adverb"] and item.kind != "duration":
            return words["adverb"][before]
        if after in words["adverb"]:
            return words["adverb"][after]
    if item.kind == "duration":
        return "none"
    token = item.last
    for _ in range(5):
        head = heads[token]
        if head == token or (head >= item.first and head <= item.last and head == token):
            return "none"
        if item.first <= head <= item.last:
            token = head
            continue
        dep = deps[token]
        if document.pos[head] in ("VERB", "AUX") and dep in (
            "dobj",
            "npadvmod",
            "attr",
            "advmod",
            "dep",
            "oprd",
            "nummod",
            "conj",
            "ccomp",
            "acomp",
            "obl",
            "nmod",
            "nsubj",
            "quantmod",
        ):
            if dep in ("nsubj", "conj", "ccomp") or head > item.last:
                return "none"
            direction = words["verb"].get(lemmas[head], "") or _particle(document, head)
            if not direction:
                return "none"
            if (
                item.kind in ("count", "cardinal", "money")
                and dep == "dobj"
                and lemmas[head] in _GIVES
            ):
                return "none" if item.kind != "money" or lemmas[head] != "lose" else "down"
            return direction
        if document.pos[head] == "ADP":
            if lowers[head] == "by" or (
                item.rule.startswith("range.from") and lowers[head] in ("from", "to")
            ):
                token = head
                verb = heads[head]
                if document.pos[verb] in ("VERB", "AUX", "ADV", "NOUN"):
                    kind = "noun" if document.pos[verb] == "NOUN" else "verb"
                    return words[kind].get(lemmas[verb], "") or _particle(document, verb) or "none"
            return "none"
        if dep in ("npadvmod", "quantmod", "nummod", "advmod", "amod", "compound"):
            token = head
            if lowers[head] in ("higher", "lower"):
                return words["adverb"][lowers[head]]
            if document.pos[head] == "NOUN" and head > item.last:
                return "none"  # "a 5 % rise": an amount under a noun is told as a level
            continue
        return "none"
    return "none"


def _particle(document: Document, verb: int) -> str:
    """The direction in which a verb of motion goes by its particle: "went up by", or empty."""
    if document.lemmas[verb] not in _MOTIONS:
        return ""
    for child in document.children(verb):
        if document.deps[child] in ("prt", "advmod") and child > verb:
            return changes()["adverb"].get(document.lowers[child], "")
    return ""
