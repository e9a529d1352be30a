"""Tables of number words, bounds, changes and labels, loaded once from the data folder."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[1] / "data" / "quantities"


def load_rows(name: str) -> Iterator[list[str]]:
    """The tab-separated rows of a data file, without its header."""
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            yield line.split("\t")


@cache
def number_words() -> dict[str, tuple[str, float]]:
    """Class and value of each number word."""
    return {
        word: (row[0], float(row[1])) for row in load_rows("numbers.tsv") for word in row[2].split()
    }


@cache
def bounds() -> tuple[dict[str, str], dict[str, str]]:
    """Modifier of each phrase that bounds a number, before it and after it."""
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for modifier, position, phrase in load_rows("bounds.tsv"):
        (before if position == "before" else after)[phrase] = modifier
    return before, after


@cache
def changes() -> dict[str, dict[str, str]]:
    """Direction of each word of change, by class: verb, adverb, noun."""
    found: dict[str, dict[str, str]] = {"verb": {}, "adverb": {}, "noun": {}}
    for direction, kind, words in load_rows("changes.tsv"):
        found[kind].update(dict.fromkeys(words.split(), direction))
    return found


@cache
def labels() -> frozenset[str]:
    """Words that make the number after them a name."""
    return frozenset(row[0] for row in load_rows("labels.tsv"))


@cache
def word_list(name: str) -> frozenset[str]:
    """A closed list of words by its name."""
    return frozenset(next(row[1] for row in load_rows("words.tsv") if row[0] == name).split())
