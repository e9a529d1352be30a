"""Words given without quotation marks, read off the dependency parse."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.language.document import Document
from transforms.quotes.according import find_according
from transforms.quotes.adjective import find_felt
from transforms.quotes.content import Content
from transforms.quotes.cue import load_cues
from transforms.quotes.noun import find_named
from transforms.quotes.verb import find_governed

_PHRASES = frozenset(("according",))


def find_contents(document: Document) -> Iterator[Content]:
    """What verbs, nouns, adjectives and `according to` ascribe, in order of the cues."""
    cues = load_cues()
    lemmas, pos = document.lemmas, document.pos
    for token, lemma in enumerate(lemmas):
        if lemma == "accord" or document.lowers[token] in _PHRASES:
            yield from find_according(document, token)
            continue
        kind = pos[token]
        if kind in ("VERB", "AUX"):
            cue = cues.get((lemma.lower(), "verb"))
            if cue is not None:
                yield from find_governed(document, token, cue)
        elif kind == "NOUN":
            cue = cues.get((lemma, "noun"))
            if cue is not None:
                yield from find_named(document, token, cue)
        elif kind == "ADJ":
            cue = cues.get((lemma.lower(), "adj"))
            if cue is not None:
                yield from find_felt(document, token, cue)
