"""Short forms of given names, walks of life of offices, classes of Wikidata."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent.parent / "data" / "registry"


@cache
def load_nicknames() -> dict[str, frozenset[str]]:
    """For each short form of a given name the names it may stand for."""
    found: dict[str, frozenset[str]] = {}
    for shorts, full in _rows("nicknames.tsv"):
        for short in shorts.split("|"):
            found[short] = found.get(short, frozenset()) | frozenset(full.split("|"))
    return found


@cache
def load_fields() -> dict[str, frozenset[str]]:
    """For each word of an office the fields it belongs to."""
    found: dict[str, frozenset[str]] = {}
    for field, words in _rows("fields.tsv"):
        for word in words.split("|"):
            found[word] = found.get(word, frozenset()) | {field}
    return found


@cache
def load_classes() -> dict[str, str]:
    """The type of mention that instances of a Wikidata class are."""
    return {c: kind for kind, classes in _rows("wikidata.tsv") for c in classes.split("|")}


def _rows(name: str) -> list[list[str]]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
