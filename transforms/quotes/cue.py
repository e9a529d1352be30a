"""Verbs and nouns that ascribe words to someone, with what they govern."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from transforms.language.document import Document

_KINDS = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "ADJ": "adj"}

CUES = Path(__file__).parent.parent / "data" / "quotes" / "cues.tsv"


class Cue(NamedTuple):
    """A cue's class, what it governs (frames c, i, o, q) and prepositions that head content."""

    kind: str
    frames: frozenset[str]
    prepositions: frozenset[str]


@cache
def load_cues() -> dict[tuple[str, str], Cue]:
    """The cues by lemma and part of speech (``verb``, ``noun`` or ``adj``)."""
    cues: dict[tuple[str, str], Cue] = {}
    lines = [i for i in CUES.read_text(encoding="utf-8").splitlines() if not i.startswith("#")]
    for line in lines[1:]:
        lemma, pos, kind, frames, prepositions = line.split("\t")
        heads = frozenset() if prepositions == "-" else frozenset(prepositions.split(","))
        cues[lemma, pos] = Cue(kind, frozenset(frames.replace("-", "")), heads)
    return cues


def class_of(document: Document, token: int) -> str | None:
    """What the cue at `token` does; null for one without a class, as a colon."""
    if document.lemmas[token] == "accord" or document.lowers[token] == "according":
        return "say"
    kind = _KINDS.get(document.pos[token])
    cue = load_cues().get((document.lemmas[token].lower(), kind)) if kind else None
    return cue.kind if cue else None
