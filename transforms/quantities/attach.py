"""The counted or measured noun phrase of a quantity."""

from __future__ import annotations

from transforms.language.document import Document
from transforms.quantities.item import Item
from transforms.quantities.lexicon import changes

_NOUNS = frozenset({"NOUN", "PROPN"})
_INSIDE = frozenset(
    {
        "compound",
        "amod",
        "nmod",
        "poss",
        "advmod",
        "npadvmod",
        "nummod",
        "punct",
        "case",
        "det",
        "quantmod",
    }
)
_SUBJECT = ("nsubj", "nsubjpass", "csubj")
_PRONOUNS = frozenset(
    {
        "it",
        "they",
        "he",
        "she",
        "we",
        "i",
        "you",
        "that",
        "which",
        "who",
        "this",
        "there",
        "these",
        "those",
        "what",
        "them",
        "him",
        "us",
        "me",
    }
)


def phrase(document: Document, head: int, floor: int) -> tuple[int, int] | None:
    """Tokens of the noun phrase of `head`, no further left than `floor`, without its article."""
    first = head
    for child in document.children(head):
        if child >= head:
            break
        if child >= floor and document.deps[child] in _INSIDE:
            below = min(document.subtree(child))
            first = min(first, max(below, floor))
    while first < head and (
        document.pos[first] in ("DET", "PUNCT", "ADP", "PART", "CCONJ")
        or document.tags[first] in ("PRP$", "POS", ":", "HYPH")
    ):
        first += 1
    if document.lowers[head] in _PRONOUNS:
        return None
    return first, head + 1


def _object(document: Document, prep: int) -> int | None:
    for child in document.children(prep):
        if document.deps[child] in ("pobj", "pcomp") and child > prep:
            return child
    return None


def _prepositional(document: Document, token: int, words: tuple[str, ...]) -> int | None:
    """The object of the first preposition among `words` that follows or depends on a token."""
    after = token + 1
    if after < len(document) and document.lowers[after] in words:
        found = _object(document, after)
        if found is not None:
            return found
    for child in document.children(token):
        if child > token and document.lowers[child] in words:
            found = _object(document, child)
            if found is not None:
                return found
    return None


def find_counted(document: Document, item: Item) -> tuple[int, int] | None:
    """Tokens of the noun that a bare number counts, or null."""
    last = item.last
    floor = last + 1
    deps, heads, pos = document.deps, document.heads, document.pos
    if floor < len(document) and document.lowers[floor] == "of":
        found = _object(document, floor)
        if found is not None:
            return phrase(document, found, floor + 1)
    for token in range(last, item.first - 1, -1):
        head = heads[token]
        if head > last and pos[head] in _NOUNS and head - last <= 8 and deps[token] in (
            "nummod", "compound", "quantmod", "amod", "nmod", "det", "npadvmod", "advmod", "poss",
        ):  # fmt: skip
            return phrase(document, head, floor)
    at = floor
    while (
        at < len(document)
        and at - floor < 4
        and (
            document.tags[at] in ("JJ", "JJR", "JJS", "NN", "VBN", "HYPH", "NNP", "VBG")
            or document.lowers[at] == "-"
        )
    ):
        if document.tags[at] == "NN" and not (
            at + 1 < len(document) and document.tags[at + 1] in ("NN", "NNS")
        ):
            break
        at += 1
    if (
        at < len(document)
        and document.tags[at] in ("NNS", "NNPS")
        and document.sentence_of(document.starts[at]) == document.sentence_of(item.start)
    ):
        return (floor if document.lowers[floor] != "-" else floor + 1, at + 1)
    return None


def find_measured(document: Document, item: Item) -> tuple[int, int] | None:
    """Tokens of what a percentage, measure or sum of money is of, or null."""
    last = item.last
    found = _prepositional(document, last, ("of",))
    if found is not None:
        return phrase(document, found, last + 2)
    deps, heads, pos, lowers = document.deps, document.heads, document.pos, document.lowers
    nouns = changes()["noun"]
    token = last
    for inner in range(last, item.first - 1, -1):
        if not item.first <= heads[inner] <= last or heads[inner] == inner:
            token = inner
            break
    for _ in range(7):
        head = heads[token]
        if head == token:
            return _subject(document, token, item)
        dep = deps[token]
        if (
            pos[head] in _NOUNS
            and head > last
            and dep
            in (
                "nummod",
                "compound",
                "amod",
                "nmod",
                "quantmod",
                "npadvmod",
                "det",
                "advmod",
                "poss",
            )
        ):
            if document.lemmas[head] in nouns:
                within = _prepositional(document, head, ("in", "of", "to", "on"))
                if within is not None:
                    return phrase(document, within, head + 1)
            return phrase(document, head, last + 1)
        if pos[head] == "ADP" and head < item.first:
            above = heads[head]
            if pos[above] in _NOUNS and above < head:
                return phrase(document, above, 0)
            token = head
            continue
        if pos[head] in ("VERB", "AUX"):
            if item.kind in ("money",) and document.lemmas[head] in (
                "pay",
                "spend",
                "charge",
                "offer",
                "bid",
                "fetch",
                "raise",
                "receive",
                "give",
            ):
                bought = _prepositional(document, head, ("for", "on"))
                if bought is not None and bought > last:
                    return phrase(document, bought, last + 1)
            return _subject(document, head, item) or _other(document, head, item)
        if (
            pos[head] in _NOUNS
            and head < item.first
            and dep
            in ("appos", "nummod", "npadvmod", "nmod", "relcl", "acl", "dep", "advmod", "amod")
        ):
            return phrase(document, head, 0)
        if lowers[head] == "for" and dep == "pobj":
            token = head
            continue
        token = head
    return None


def _other(document: Document, verb: int, item: Item) -> tuple[int, int] | None:
    """Tokens of another argument of a verb without a named subject: "buy flats at $100"."""
    for child in document.children(verb):
        if document.deps[child] == "dobj" and not item.first <= child <= item.last:
            return phrase(document, child, 0) if document.pos[child] in _NOUNS else None
    for child in document.children(verb):
        if child > item.last and document.lowers[child] in ("for", "to", "from", "on"):
            found = _object(document, child)
            if found is not None and document.pos[found] in _NOUNS:
                return phrase(document, found, child + 1)
    return None


def _subject(document: Document, verb: int, item: Item) -> tuple[int, int] | None:
    """Tokens of the subject of the clause, sought upwards through conjunction and control."""
    for _ in range(5):
        for child in document.children(verb):
            if document.deps[child] in _SUBJECT and not item.first <= child <= item.last:
                if document.lowers[child] in _PRONOUNS:
                    if document.deps[verb] == "relcl":
                        return phrase(document, document.heads[verb], 0)
                    return None
                if document.pos[child] not in _NOUNS:
                    member = _prepositional(document, child, ("of",))
                    return phrase(document, member, child + 1) if member is not None else None
                return phrase(document, child, 0)
        head = document.heads[verb]
        if head == verb:
            return None
        if document.deps[verb] in ("relcl", "acl") and document.pos[head] in _NOUNS:
            return phrase(document, head, 0)
        verb = head
    return None
