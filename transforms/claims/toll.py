"""Counts told by what they are the number of: "the death toll rose from 40 to 52"."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.claims.lexicon import class_of
from transforms.claims.reading import SUBJECTS, Counted, Trigger, pick
from transforms.language.document import Document
from transforms.quotes.speaker import load_tallies

_BESIDE = (*SUBJECTS, "dobj")
_STEPS = 4
_SUMS = frozenset(("total", "toll"))
_ADDS = frozenset(("bring", "raise", "take", "push", "rise", "climb", "reach", "grow"))


def find_toll(document: Document, token: int, counted: Counted) -> Iterator[Trigger]:
    """What the tally that rises to, stands at or is put at the counted number is a tally of.

    `token` is the word that the number's preposition hangs on: the tally itself, its verb, or a
    word between them.
    """
    for noun in _nouns(document, token):
        found = list(_told(document, noun, counted))
        if found:
            yield found[0]
            return


def find_tally(document: Document, counted: Counted) -> int | None:
    """The noun for a count that `counted` is said to be: "put the number at four"; else null."""
    prep = document.heads[counted.head]
    if document.deps[counted.head] != "pobj" or document.lowers[prep] not in ("at", "to"):
        return None
    tallies = load_tallies()
    nouns = _nouns(document, document.heads[prep])
    return next((n for n in nouns if document.lemmas[n].lower() in tallies), None)


def is_sum(document: Document, tally: int) -> bool:
    """Whether a tally adds up more than what its own clause tells: "bringing the total to 31"."""
    verb = document.lemmas[document.heads[tally]].lower()
    return document.lemmas[tally].lower() in _SUMS and verb in _ADDS


def _nouns(document: Document, token: int) -> Iterator[int]:
    """What may be the tally: `token` and the words above it to their verb, with its parties."""
    for _ in range(_STEPS):
        yield token
        yield from (c for c in document.children(token) if document.deps[c] in _BESIDE)
        head = document.heads[token]
        if document.pos[token] in ("VERB", "AUX") or head == token:
            return
        token = head


def _told(document: Document, noun: int, counted: Counted) -> Iterator[Trigger]:
    """What a tally says happened: by itself (toll), before it (death count) or after "of"."""
    yield from pick(document, noun, ("toll",), counted, "toll")
    if document.lemmas[noun].lower() not in load_tallies():
        return
    for child in document.children(noun):
        if document.deps[child] == "compound":
            yield from pick(document, child, ("self",), counted, "toll")
        if document.lowers[child] == "of":
            for below in document.children(child):
                yield from _tallied(document, below, counted)


def _tallied(document: Document, noun: int, counted: Counted) -> Iterator[Trigger]:
    """What "the number of" says of its noun: "of people killed", "of destroyed houses"."""
    name, kind = class_of(document.lemmas[noun])
    whose = counted if name is None else counted._replace(head=noun, name=name, kind=kind)
    for word, roles in (
        (noun, ("of", "self", "is")),
        *((inner, ("is", "object")) for inner in document.children(noun)),
    ):
        for trigger in pick(document, word, roles, whose, "toll"):
            own = trigger.token == noun and name is None
            yield trigger if own else trigger._replace(tallied=noun)
