"""Phrases that call the words of others untrue: "said the claim was false"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from transforms.claims.lexicon import load_nouns
from transforms.claims.party import find_actor
from transforms.language.document import Document
from transforms.quotes.cue import load_cues

_DEFINITE = frozenset(
    ["the", "this", "that", "these", "those", "such", "both", "its", "their", "his", "her"]
)
POINTS = frozenset(("that", "this", "it"))
_GROUNDS = frozenset(("truth", "basis", "foundation", "substance"))


class Denial(NamedTuple):
    """A noun for somebody's words, the word that calls them untrue, and who says so."""

    noun: int
    word: int
    speaker: int | None


def find_denials(document: Document) -> Iterator[Denial]:
    """Phrases that call words of others untrue."""
    nouns, false = load_nouns("words"), load_nouns("untrue")
    for token, lemma in enumerate(document.lemmas):
        if document.lowers[token] in POINTS and document.deps[token] == "nsubj":
            # "Moscow said that was a lie"
            verb = document.heads[token]
            word = _untrue(document, verb, false) if document.lemmas[verb] == "be" else None
            if word is not None and not any(
                document.deps[c] == "neg" for c in document.children(verb)
            ):
                yield Denial(token, word, None)
            continue
        if lemma not in nouns or document.pos[token] not in ("NOUN", "PROPN"):
            continue
        below = {document.lowers[c] for c in document.children(token)}
        owned = any(
            document.deps[c] == "poss" and document.pos[c] != "PRON"
            for c in document.children(token)
        )
        if not below & _DEFINITE and not owned:
            continue
        dep, head = document.deps[token], document.heads[token]
        if dep == "dobj":
            cue = load_cues().get((document.lemmas[head].lower(), "verb"))
            if cue is not None and cue.kind == "deny":
                yield Denial(token, head, find_actor(document, head))
                continue
        if dep == "pobj" and document.lemmas[document.heads[head]] in _GROUNDS:
            # "There was no truth to the claims"
            ground = document.heads[head]
            if any(document.lowers[c] == "no" for c in document.children(ground)):
                yield Denial(token, ground, None)
            continue
        if dep in ("dobj", "nsubj") and document.lemmas[head] in ("call", "label", "describe"):
            word = _untrue(document, head, false)
            if word is not None:
                yield Denial(token, word, find_actor(document, head))
                continue
        if dep in ("nsubj", "nsubjpass"):
            word = head if document.lemmas[head] in false else _untrue(document, head, false)
            if word is None:
                continue
            above = document.heads[head]
            if document.deps[head] in ("ccomp", "oprd") and document.lemmas[above] == "call":
                yield Denial(token, word, find_actor(document, above))
            elif not any(document.deps[c] == "neg" for c in document.children(head)):
                yield Denial(token, word, None)


def _untrue(document: Document, verb: int, false: frozenset[str]) -> int | None:
    """The word for "false" that is said with `verb`."""
    for child in document.children(verb):
        if document.deps[child] in ("acomp", "attr", "oprd", "xcomp", "ccomp", "prep"):
            for token in (child, *document.children(child)):
                if document.lemmas[token].lower() in false or document.lowers[token] in false:
                    return token
    return None
