"""What a speaker's words are: a person's name, an organisation's, a description or a pronoun."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from transforms.language.document import Document
from warehouse.tables import Mention

BODIES = Path(__file__).parent.parent / "data" / "quotes" / "bodies.txt"

FIRST = frozenset(("i", "we", "us", "me", "our", "my"))
THIRD = frozenset(("he", "she", "it", "they", "him", "her", "his", "its", "their", "them"))
_OTHER = frozenset(("this", "that", "these", "those", "who", "which", "one", "you"))


@cache
def load_bodies() -> frozenset[str]:
    """Nouns for bodies of people that speak as one: ministry, police, company."""
    lines = BODIES.read_text(encoding="utf-8").splitlines()
    return frozenset(
        word for line in lines if line and not line.startswith("#") for word in line.split()
    )


def type_of(document: Document, token: int, inside: Sequence[Mention]) -> str:
    """The type of the speaker headed by `token`, given the mentions within its words.

    A name within a description does not make it a name ("Pentagon officials"), unless it stands
    beside it and is a person's ("spokesman John Doe").
    """
    word = document.lowers[token]
    if word in FIRST | THIRD | _OTHER:
        return "pronoun"
    at = document.starts[token]
    for mention in inside:
        if mention.start <= at < mention.end:
            return "person" if mention.type == "PERSON" else "organisation"
    if any(m.type == "PERSON" for m in inside):
        return "person"
    bodies = load_bodies()
    if document.lemmas[token].lower() in bodies or word in bodies:
        return "organisation"
    return "organisation" if document.pos[token] == "PROPN" and inside else "unnamed"
