"""Whether words tell an event, or only sound like one: who can do what to whom."""

from __future__ import annotations

from transforms.claims.content import find_content
from transforms.claims.lexicon import Word, class_of, load_attacks, load_nouns
from transforms.claims.party import Party
from transforms.claims.reading import Counted, fits
from transforms.language.document import Document
from transforms.quotes.speaker import load_bodies

_PERSONAL = frozenset(("him", "her", "them", "he", "she", "they", "us", "me", "we", "i"))
_ASKS = frozenset(("ask", "order", "request"))
_STRIKES = frozenset(("hit", "strike"))
_ARMED = frozenset(("soldier", "militant", "police", "weapon"))
_THINGS = frozenset(("captured", "attacked"))
_COMPLEMENTS = {
    "agreed": ("to", "on", "with"),
    "threatened": ("with",),
}
"""Prepositions with which, or with an infinitive, a verb tells its event: "agreed to meet"."""


def can_suffer(document: Document, word: Word, verb: int, target: int) -> bool:
    """Whether the happening can be told of the target."""
    name, kind = class_of(document.lemmas[target])
    if document.pos[target] == "PRON":
        if word.happening == "deployed" or document.lowers[target] not in _PERSONAL | {"all"}:
            return False
        kind = "person"
    if document.pos[target] in ("PROPN", "NUM"):
        kind = "person"
    if word.happening == "signed":
        return document.lemmas[target] in load_nouns("agreements")
    if word.happening == "rejected":
        return document.lemmas[target] in load_nouns("refused")
    return fits(document, word, verb, Counted(target, target, target, name, kind))


def is_told(document: Document, verb: int, word: Word) -> bool:
    """Whether the verb has the complement with which it tells its event."""
    below, happening = document.children(verb), word.happening
    if happening == "demanded" and document.lemmas[verb].lower() in _ASKS:
        # "asked him to leave", "asked for a loan"; not "asked a question", "ordered a meal"
        return find_content(document, verb, happening) is not None
    if word.role == "object":
        return True
    deps = {document.deps[c] for c in below}
    prepositions = {document.lowers[c] for c in below if document.deps[c] in ("prep", "dative")}
    if happening == "agreed" and document.tags[verb] in ("VBP", "VBZ"):
        # "34 % agree that" is an opinion
        return False
    if happening in _COMPLEMENTS:
        # "agreed in May to return them": far from its verb an infinitive is parsed as a purpose
        purpose = any(document.deps[c] == "advcl" and document.tags[c] == "VB" for c in below)
        return "xcomp" in deps or purpose or bool(prepositions & set(_COMPLEMENTS[happening]))
    if happening == "protested":
        return "dobj" not in deps and not prepositions & {"into", "to"}
    if happening == "demanded" and document.lemmas[verb] == "demand":
        return bool(deps & {"dobj", "ccomp", "xcomp", "nsubjpass"})
    return True


def can_do(
    document: Document, verb: str, happening: str, actor: Party | None, target: Party | None
) -> bool:
    """Whether these parties can do that to each other, rather than in a figure of speech."""
    if happening == "met":
        return _is_party(document, actor) and (target is None or _is_party(document, target))
    if verb in _STRIKES and not _is_force(document, actor):
        # a storm hits a coast too
        return False
    if happening in _THINGS and target is not None and target.mention_id is None:
        if document.pos[target.token] == "NUM":
            return True
        return class_of(document.lemmas[target.token])[0] is not None or document.lemmas[
            target.token
        ] in load_nouns("targets")
    if happening == "accused" and actor is None:
        return _is_party(document, target)
    if happening in ("agreed", "threatened", "protested", "accused", "demanded"):
        return _is_party(document, actor)
    return True


def _is_force(document: Document, party: Party | None) -> bool:
    """Whether a phrase names a weapon, an attack, or those who use force."""
    if party is None:
        return False
    lemma = document.lemmas[party.token].lower()
    return lemma in load_attacks() or class_of(lemma)[0] in _ARMED


def _is_party(document: Document, party: Party | None) -> bool:
    """Whether a phrase names people or a body that acts."""
    if party is None:
        return False
    lemma = document.lemmas[party.token].lower()
    return (
        party.mention_id is not None
        or document.lowers[party.token] in _PERSONAL | {"it", "who"}
        or class_of(lemma)[1] == "person"
        or lemma in load_bodies()
        or lemma in load_nouns("parties")
    )


def has_child(document: Document, verb: int, needed: str) -> bool:
    """Whether the word `needed` depends on the verb."""
    return any(document.lowers[c] == needed for c in document.children(verb))
