"""Parts of a counted whole: "12 people, three of them children", "20 of the 30 passengers"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.language.document import Document
from transforms.quantities.concept.noun import Phrase, is_noun, phrase
from transforms.quantities.item import Item
from transforms.quantities.lexicon import word_list

_BEFORE = word_list("part_before")
"""Words before a part, spaces as underscores: "including", "of whom"."""
_AFTER = word_list("part_after")
"""Words after a part: "of them", "of whom"."""
_OF = word_list("part_of")
"""Words between a part and its whole: "of the", "out of"."""
_LIST = word_list("part_list")
_LOOKS_BACK = re.compile(
    r"[ ]of[ ](?:them|these|those(?=[ ](?:are|is|was|were|have|has|had|will|remain|died)\b))\b"
)
"""Words after a part whose whole may stand in the sentence before: "Eight of them are held"."""
_PARTS = frozenset(
    {"count", "cardinal", "fraction", "percent", "range", "ratio", "money", "measure"}
)


def find_wholes(document: Document, items: Sequence[Item]) -> None:
    """Sets the whole of each item that counts a part of another one of its sentence."""
    for index, item in enumerate(items):
        if item.kind not in _PARTS:
            continue
        whole = _following(document, item, items[index + 1 : index + 2]) or _preceding(
            document, item, items[max(0, index - 4) : index]
        )
        if whole is not None:
            item.whole = whole
            _complete(document, item)


def _following(document: Document, item: Item, after: Sequence[Item]) -> Item | None:
    """The whole that stands after the part: "20 of the 30 passengers"."""
    for whole in after:
        for end in (item.end, item.concept_end(document)):
            between = document.text[end : whole.opens].strip().lower().replace(" ", "_")
            if between in _OF and _may_hold(whole, item):
                return whole
    return None


def _preceding(document: Document, item: Item, before: Sequence[Item]) -> Item | None:
    """The nearest whole before the part, in its sentence: "12 people, including three children"."""
    if not before:
        return None
    sentence = document.sentence_of(item.start)
    opened = _words(document, item.opens, back=True)
    closed = _words(document, item.end, back=False)
    if opened & _BEFORE or closed & _AFTER:
        reach = int(bool(_LOOKS_BACK.match(document.text, item.end)))
        for whole in reversed(before):
            if document.sentence_of(whole.start) < sentence - reach:
                break
            if whole.whole is None and _may_hold(whole, item):
                return whole
    for whole in reversed(before):
        if document.sentence_of(whole.start) == sentence and _is_announced(document, whole):
            return whole if _may_hold(whole, item) else None
    last = before[-1]
    if last.whole is None or not _is_listed(document, before, last.whole):
        return None
    joint = document.text[last.concept_end(document) : item.opens].strip().lower()
    if joint.replace(" ", "_") in _LIST and _may_hold(last.whole, item):
        return last.whole
    return None


def _is_listed(document: Document, before: Sequence[Item], whole: Item) -> bool:
    """Whether a list of parts of the whole has been opened: "including three children, ..."."""
    return any(
        item.whole is whole and _words(document, item.opens, back=True) & _BEFORE for item in before
    )


def _is_announced(document: Document, whole: Item) -> bool:
    """Whether the whole opens its sentence with "of": "Of the 300 passengers, 12 were hurt"."""
    first, _ = document.sentences[document.sentence_of(whole.start)]
    opening = document.lowers[first : document.token_at(whole.opens)]
    return opening[:1] == ["of"] and len(opening) <= 2


def _words(document: Document, offset: int, *, back: bool) -> frozenset[str]:
    """The one or two words before or after an offset, joined by an underscore."""
    text = document.text
    part = text[max(0, offset - 24) : offset] if back else text[offset : offset + 24]
    words = part.lower().replace(",", " ").split()
    words = words[-2:] if back else words[:2]
    return frozenset({"_".join(words), words[-1 if back else 0]} if words else ())


def _may_hold(whole: Item, part: Item) -> bool:
    """Whether one quantity can be the whole of another: same unit, and not smaller."""
    if part.kind in ("percent", "fraction", "ratio"):
        return whole.kind in ("count", "money", "measure", "cardinal")
    if (whole.unit.name if whole.unit else None) != (part.unit.name if part.unit else None):
        return False
    if whole.kind not in ("count", "cardinal", "range", "money", "measure"):
        return False
    top = whole.high if whole.value is None else whole.value
    least = part.low if part.value is None else part.value
    return top is not None and least is not None and least <= top


def _complete(document: Document, item: Item) -> None:
    """Gives a part without noun that of its predicate ("three were children") or of its whole."""
    if item.kind not in ("cardinal", "count", "fraction"):
        return
    assert item.whole is not None
    inherited = item.concept is None or item.rule == "count.ellipsis"
    if inherited:
        item.concept = _predicate(document, item) or item.whole.concept
    if item.whole.kind == "cardinal" and item.kind == "count":
        item.whole.concept, item.whole.kind = item.concept, "count"
    if item.kind == "cardinal" and item.concept is not None:
        item.kind, item.rule = "count", "count.part"


def _predicate(document: Document, item: Item) -> Phrase | None:
    """The noun that a part is said to be: "of whom three were children"."""
    after = item.last + 3  # "three of them (young) children"
    if document.text[item.end :].startswith((" of them ", " of whom ")):
        for last in range(after, min(after + 2, len(document))):
            if document.tags[last] in ("NNS", "NNPS"):
                return after, last + 1
            if document.pos[last] != "ADJ":
                break
    verb = document.heads[item.last]
    if document.lemmas[verb] != "be" or document.deps[item.last] != "nsubj":
        return None
    for child in document.children(verb):
        if document.deps[child] == "attr" and child > verb and is_noun(document, child, ()):
            return phrase(document, child, verb + 1, ())
    return None
