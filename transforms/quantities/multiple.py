"""Multiples in one word: "sixfold", "twice as many", "triple the rate"."""

from __future__ import annotations

import re

from transforms.language.document import Document
from transforms.quantities.item import Item
from transforms.quantities.lexicon import load_rows, number_words, word_list
from transforms.quantities.numerals.numeral import Numeral
from transforms.quantities.read import MULTIPLE

_FOLD = re.compile(r"([a-z]+?)-?fold")
_WORDS = {w: float(value) for value, words in load_rows("multiples.tsv") for w in words.split()}
_COMPARED = word_list("compared")
"""Words after "twice" or "double" that make it a multiple: "twice as many", "double the rate"."""


def find_multiples(document: Document) -> list[Item]:
    """The multiples of a text that are one word, in order of position."""
    found = []
    folds = {word for word in document.places() if word.endswith("fold")}
    for index in document.find_words(_WORDS.keys() | folds):
        word = document.lowers[index]
        value = _fold(word) if word in folds else _WORDS[word]
        if value is None or (word in _WORDS and not _compares(document, index)):
            continue
        start, end = document.starts[index], document.ends[index]
        numeral = Numeral(start, end, value, "words")
        item = Item(numeral, start, end, index, index, value, unit=MULTIPLE, kind="ratio")
        item.rule = "ratio.multiple"
        found.append(item)
    return found


def _fold(word: str) -> float | None:
    """The value of "sixfold", or null."""
    match = _FOLD.fullmatch(word)
    entry = number_words().get(match.group(1)) if match else None
    return entry[1] if entry and entry[0] in "UTH" else None


def _compares(document: Document, index: int) -> bool:
    """Whether the word is a multiple and not a count of times or a verb: "twice as many"."""
    after = document.lowers[index + 1] if index + 1 < len(document) else ""
    if after == "as" and index + 2 < len(document):
        return document.pos[index + 2] in ("ADJ", "ADV")
    return after in _COMPARED and document.pos[index] != "VERB"
