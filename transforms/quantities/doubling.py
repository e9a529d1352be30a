"""Verbs that multiply: "revenue doubled", "the firm halved its dividend"."""

from __future__ import annotations

from functools import cache

from transforms.language.document import Document
from transforms.quantities.concept.noun import NOUNS, Phrase, phrase
from transforms.quantities.concept.subject import find_subject
from transforms.quantities.item import Item
from transforms.quantities.lexicon import load_rows, word_list
from transforms.quantities.numerals.numeral import Numeral
from transforms.quantities.read import MULTIPLE

_SIZES = word_list("size_nouns")
"""Objects that name an amount of something, so that who doubles them is no rival of theirs."""
_NONE: frozenset[int] = frozenset()


@cache
def _verbs() -> dict[str, tuple[float, str]]:
    return {lemma: (float(by), way) for by, way, lemma in load_rows("doublings.tsv")}


def find_doublings(document: Document) -> list[Item]:
    """The verbs of a text that say by how much something grew or shrank, in order of position.

    A comparison with another's amount ("it doubled its rival's sales") is none of them, nor a
    verb with a particle ("doubled down").
    """
    found, verbs = [], _verbs()
    for index, lemma in enumerate(document.lemmas):
        if lemma not in verbs or document.pos[index] != "VERB":
            continue
        thing = _changed(document, index)
        if thing is None:
            continue
        value, way = verbs[lemma]
        start, end = document.starts[index], document.ends[index]
        item = Item(Numeral(start, end, value, "words"), start, end, index, index, value)
        item.unit, item.kind, item.rule = MULTIPLE, "ratio", "ratio.verb"
        item.change, item.concept = way, thing
        found.append(item)
    return found


def _changed(document: Document, verb: int) -> Phrase | None:
    """What is doubled: the object, or the subject of a verb without one; null where it is none."""
    relations = {document.deps[child]: child for child in document.children(verb)}
    if "prt" in relations or document.deps[verb] in ("amod", "compound"):
        return None
    if (thing := relations.get("dobj")) is not None:
        return phrase(document, thing, verb + 1, _NONE) if _is_own(document, thing) else None
    if any(
        document.lowers[child] in ("down", "up", "over", "as")
        for child in (verb + 1,)
        if child < len(document)
    ):
        return None
    subject = find_subject(document, verb, _NONE)
    if subject is None or document.pos[subject[1] - 1] not in NOUNS:
        return None
    return None if document.tags[subject[1] - 1] == "NNP" else subject


def _is_own(document: Document, thing: int) -> bool:
    """Whether the object is the doubler's own or an amount: "its staff", "the number of beds"."""
    if document.lemmas[thing] in _SIZES:
        return not any(document.tags[c] == "POS" for c in document.subtree(thing) if c < thing)
    return any(
        document.tags[child] == "PRP$" for child in document.children(thing) if child < thing
    )
