"""Nouns that stand for a name said before, as descriptions.tsv has them."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from transforms.entities.cues import read_rows


class Noun(NamedTuple):
    """What a description's noun can stand for.

    Attributes:
        kind: mention type of the name.
        own: words in a name that make it one: "ministry".
        said: nouns said of a name that make it one: "envoy" a diplomat.
        is_open: whether a name of which nothing else is known may be meant: "company".
    """

    kind: str
    own: frozenset[str]
    said: frozenset[str]
    is_open: bool


@cache
def load_nouns() -> dict[str, Noun]:
    """The nouns in small letters."""
    nouns = {}
    for kind, words, own, said, is_open in read_rows("descriptions.tsv"):
        for word in words.split("|"):
            nouns[word] = Noun(kind, _words(own), _words(said), is_open == "yes")
    return nouns


@cache
def load_closed() -> frozenset[str]:
    """Words in a name that make it a body of a certain kind: no company or group at large."""
    return frozenset().union(*(n.own for n in load_nouns().values() if not n.is_open))


def _words(cell: str) -> frozenset[str]:
    return frozenset() if cell == "-" else frozenset(cell.split("|"))
