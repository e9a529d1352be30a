"""Whether a word tells something of what is counted: its readings, and what each asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from transforms.claims.lexicon import Word, load_lemmas, load_nouns, load_words
from transforms.language.document import Document

_POS = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "PROPN": "noun", "ADJ": "adj"}
_TORN = frozenset(("VBN", "VBD", "VBG", "JJ", "NN", "NNS"))
SUBJECTS = ("nsubj", "nsubjpass")


class Trigger(NamedTuple):
    """The token that tells a happening, and how; and the noun that a tally is one of."""

    token: int
    word: Word
    rule: str
    tallied: int | None = None


class Counted(NamedTuple):
    """What is counted: head token, first and last token of number and noun, and its class.

    The kind is person, thing, money, number (no noun is there), or null for other nouns.
    """

    head: int
    first: int
    last: int
    name: str | None
    kind: str | None


def readings_of(document: Document, token: int) -> tuple[Word, ...]:
    """The ways in which `token` may tell a happening, whatever its tag as verb or adjective."""
    lemma, word = document.lemmas[token].lower(), document.lowers[token]
    known = load_lemmas()
    if lemma not in known and word not in known:
        return ()
    pos = _POS.get(document.pos[token])
    if pos is None:
        return ()
    words = load_words()
    found = words.get((lemma, pos), ())
    if document.tags[token] in _TORN:
        # participles are tagged as verb, adjective or noun by chance: "the injured", "two missing"
        for other in ("verb", "adj", "noun"):
            if other != pos:
                found += words.get((lemma, other), ())
            if lemma != word:
                found += words.get((word, other), ())
    return found


def fits(document: Document, word: Word, token: int, counted: Counted) -> bool:
    """Whether `word` may be told of `counted`, and has beside it what it needs."""
    if word.counted in ("person", "thing", "money"):
        bare = counted.kind == "number" and document.deps[counted.head] in SUBJECTS
        if counted.kind != word.counted and not (bare and word.counted == "person"):
            return False
    elif word.counted != "any":
        if word.counted not in (counted.name, document.lemmas[counted.head].lower()):
            return False
    elif counted.kind == "money":
        return False
    if word.needs is None:
        return True
    if word.needs == "@passive":
        return any(document.deps[c] in ("auxpass", "nsubjpass") for c in document.children(token))
    if word.needs.startswith("@"):
        return _is_beside(document, token, load_nouns(word.needs[1:]))
    return has_word(document, token, word.needs)


def _is_beside(document: Document, token: int, nouns: frozenset[str]) -> bool:
    """Whether a word of the list stands below `token`, or directly above it."""
    near = (*document.subtree(token), document.heads[token])
    return any(document.lemmas[other].lower() in nouns for other in near)


def has_word(document: Document, token: int, needed: str) -> bool:
    """Whether a word with the lemma `needed` depends on `token`, at one remove at most."""
    for child in document.children(token):
        if needed in (document.lemmas[child].lower(), document.lowers[child]):
            return True
        if document.pos[child] not in ("VERB", "AUX") and any(
            needed == document.lemmas[below].lower() for below in document.children(child)
        ):
            return True
        if needed in ("flee", "dead", "missing") and document.lemmas[child] == needed:
            return True
    return False


def pick(
    document: Document, token: int, roles: tuple[str, ...], counted: Counted, rule: str
) -> Iterator[Trigger]:
    """The first reading of `token` in which the counted noun has one of the roles."""
    words = readings_of(document, token)
    # a word with a condition goes before the same one without
    for word in sorted(words, key=lambda w: (w.needs is None, w.counted == "any")):
        if word.role in roles and fits(document, word, token, counted):
            yield Trigger(token, word, rule)
            return


def voice_of(document: Document, verb: int) -> tuple[str, ...]:
    """What the subject of `verb` is to it: object of a passive, else subject."""
    passive = any(document.deps[c] == "auxpass" for c in document.children(verb))
    return ("object",) if passive else ("subject",)
