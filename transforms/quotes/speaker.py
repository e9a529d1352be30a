"""What a speaker's words are: a person's name, an organisation's, a description or a pronoun."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from transforms.language.document import Document
from warehouse.tables import Mention

DATA = Path(__file__).parent.parent / "data" / "quotes"

FIRST = frozenset(("i", "we", "us", "me", "our", "my"))
THIRD = frozenset(("he", "she", "it", "they", "him", "her", "his", "its", "their", "them"))
_OTHER = frozenset(("this", "that", "these", "those", "who", "which", "one", "you"))


@cache
def load_bodies() -> frozenset[str]:
    """Nouns for bodies of people that speak as one: ministry, police, company."""
    return _load_words(DATA / "bodies.txt")


@cache
def load_works() -> frozenset[str]:
    """Nouns for what somebody wrote or said, whose words are his: report, poll, statement."""
    return _load_words(DATA / "works.txt")


@cache
def load_tallies() -> frozenset[str]:
    """Nouns for a count, which is what it is put at: "put the toll at 12"."""
    return _load_words(DATA / "tallies.txt")


@cache
def load_spokespeople() -> frozenset[str]:
    """Nouns for people and papers that headlines quote beside a colon."""
    return _load_words(DATA / "spokespeople.txt") | load_bodies()


def _load_words(path: Path) -> frozenset[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def type_of(document: Document, token: int, named: Mention | None) -> str:
    """The type of the speaker headed by `token`, given the mention that its words stand for.

    A name within a description does not make it a name ("Pentagon officials"), unless it stands
    beside it and is a person's ("spokesman John Doe").
    """
    word = document.lowers[token]
    if word in FIRST | THIRD | _OTHER:
        return "pronoun"
    at = document.starts[token]
    if named is not None and named.type == "PERSON":
        return "person"
    if named is not None and named.start <= at < named.end:
        return "organisation"
    bodies = load_bodies()
    if document.lemmas[token].lower() in bodies or word in bodies:
        return "organisation"
    return "organisation" if document.pos[token] == "PROPN" and named is not None else "unnamed"
