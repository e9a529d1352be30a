"""Full names as keys: those of a person, and those of whoever may be named in a text.

No parser and no model: a name is told by its first and last word, so that it is found in any
language that writes names with capitals, or has none, and whatever finders of names make of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from transforms.entities.cluster import plain_words
from transforms.entities.places import fold_name
from transforms.registry.tables import load_nicknames

_WORD = re.compile(r"[^\W\d_]+(?:['\u2018\u2019-][^\W\d_]+)*")
_BETWEEN = re.compile(r"\.?[\s\"\u201c\u201d'\u2018\u2019()]{1,4}")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_PARTICLES = frozenset(
    {"al", "bin", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "ibn",
     "la", "le", "of", "ter", "van", "von", "y", "zu"}
)  # fmt: skip
_MIDDLE = 2
"""Words between the first and the last of a name, particles and initials not counted."""
_LONGEST = 6


def keys_of_name(name: str) -> frozenset[str]:
    """What a person of this name may be called: first and last word, in order of the alphabet.

    Middle names, order, accents, titles and suffixes make no difference; short forms of the given
    name are keys too. None for a single word or an initial, which many people share.
    """
    words = _words(" ".join(plain_words(name)))
    if len(words) < 2 or min(len(words[0]), len(words[-1])) < 2:
        return frozenset()
    return frozenset(_key(first, words[-1]) for first in {words[0], *_nicknames(words[0])})


def keys_in(text: str) -> frozenset[str]:
    """The keys of all full names that may stand in a text."""
    found: set[str] = set()
    words = list(_WORD.finditer(text))
    for i, word in enumerate(words):
        if not _may_name(word[0]):
            continue
        first = _words(word[0])
        if not first or len(first[0]) < 2:
            continue
        middle, before = 0, word
        for other in words[i + 1 : i + _LONGEST]:
            between = text[before.end() : other.start()]
            short = len(before[0]) < 3
            if not _BETWEEN.fullmatch(between) or (between[0] == "." and not short):
                break
            names = _may_name(other[0])
            if names:
                last = _words(_POSSESSIVE.sub("", other[0]))
                if last and len(last[-1]) > 1:
                    found.add(_key(first[0], last[-1]))
            elif other[0].casefold() not in _PARTICLES:
                break
            middle += names and len(other[0]) > 1
            if middle > _MIDDLE:
                break
            before = other
    return frozenset(found)


def keys_in_all(texts: Iterable[str | None]) -> frozenset[str]:
    """The keys of all full names that may stand in any of these texts."""
    return frozenset().union(*(keys_in(text) for text in texts if text))


def _may_name(word: str) -> bool:
    """Whether a word is written as names are: not all in small letters, where there are such."""
    return word != word.lower() or word == word.upper()


def _words(name: str) -> list[str]:
    return fold_name(name).split()


def _key(first: str, last: str) -> str:
    return " ".join(sorted((first, last)))


@cache
def _nicknames(first: str) -> frozenset[str]:
    """The short forms of a given name, or the names it may be short for."""
    table = load_nicknames()
    short = {short for short, full in table.items() if first in full}
    return frozenset(short | table.get(first, frozenset()))
