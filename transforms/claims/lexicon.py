"""Happenings, the words that tell them, and the classes of what is counted."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent.parent / "data" / "claims"


class Happening(NamedTuple):
    """A happening: its PLOVER type, whether that needs an actor, and which rows tell it."""

    event_type: str | None
    by_actor: bool
    claim: bool
    event: bool


class Word(NamedTuple):
    """A way to tell a happening.

    Attributes:
        role: what the counted noun is to the word (object, subject, is, self, of, toll, deep).
        counted: person, thing, money, any, a class, or the lemma of the noun that may be counted.
        needs: lemma of a word that must depend on it, or null.
        happening: what it tells.
        counting: whether it tells that only of something counted.
    """

    role: str
    counted: str
    needs: str | None
    happening: str
    counting: bool


def _rows(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")][1:]


@cache
def load_happenings() -> dict[str, Happening]:
    """The happenings by name."""
    return {
        name: Happening(
            None if kind == "-" else kind,
            when == "actor",
            row in ("claim", "both"),
            row in ("event", "both"),
        )
        for name, kind, when, row, _ in _rows("happenings.tsv")
    }


@cache
def load_words() -> dict[tuple[str, str], tuple[Word, ...]]:
    """The readings of each word, by lemma and part of speech (verb, noun, adj)."""
    words: dict[tuple[str, str], list[Word]] = defaultdict(list)
    for lemma, pos, role, counted, needs, happening in _rows("words.tsv"):
        needed = None if needs == "-" else needs
        word = Word(role.removesuffix("!"), counted, needed, happening, role.endswith("!"))
        words[lemma, pos].append(word)
    return {key: tuple(found) for key, found in words.items()}


def is_state(word: str) -> bool:
    """Whether a word says how somebody is, and so stands for people: "30 hurt", "16 missing"."""
    return (word, "adj") in load_words()


@cache
def load_lemmas() -> frozenset[str]:
    """The lemmas of all words: what a token must have to be looked at."""
    return frozenset(lemma for lemma, _ in load_words())


@cache
def load_classes() -> dict[str, tuple[str, str]]:
    """Class and kind (person or thing) of each noun by its lemma; the first class stands."""
    classes: dict[str, tuple[str, str]] = {}
    for name, kind, words in _rows("classes.tsv"):
        for word in words.split():
            classes.setdefault(word, (name, kind))
    return classes


def class_of(lemma: str) -> tuple[str | None, str | None]:
    """Class and kind of a noun; a noun made of another (schoolteacher) is of that one's class."""
    classes = load_classes()
    lemma = lemma.lower()
    if lemma not in classes:
        lemma = lemma.rpartition("-")[2]
    if lemma not in classes and len(lemma) > 4:
        singular = {"ies": "y", "men": "man"}.get(lemma[-3:])
        lemma = lemma[:-3] + singular if singular else lemma.removesuffix("s")
    return classes.get(lemma, (None, None))


@cache
def load_attacks() -> frozenset[str]:
    """Nouns for acts and weapons that somebody stands behind."""
    lines = (DATA / "attacks.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(w for line in lines if not line.startswith("#") for w in line.split())


@cache
def load_nouns(name: str) -> frozenset[str]:
    """A list of nouns.tsv, by its name there."""
    return frozenset(next(words.split() for key, words in _rows("nouns.tsv") if key == name))
