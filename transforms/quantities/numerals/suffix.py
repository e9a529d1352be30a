"""Scale letters attached to digits: "3.2bn", "10k"."""

from __future__ import annotations

import re

from transforms.quantities.lexicon import word_list
from transforms.quantities.numerals.numeral import Numeral

_LETTERS = re.compile(r"[^\W\d_]+")
_SUFFIX = {
    "k": 1e3, "K": 1e3, "m": 1e6, "M": 1e6, "mn": 1e6, "mln": 1e6, "mm": 1e6, "bn": 1e9, "Bn": 1e9,
    "BN": 1e9, "b": 1e9, "B": 1e9, "bln": 1e9, "tn": 1e12, "trn": 1e12, "tr": 1e12, "T": 1e12,
    "mio": 1e6,
}  # fmt: skip
_WEAK = frozenset({"m", "b", "B", "K", "T", "mm"})
"""Suffixes that are units as well, so only money makes a scale of them."""
_NOUN_AFTER = re.compile(r"[ ]([a-z]{2,})\b")
_MEASURED = re.compile(
    r"-(?:tonne|ton|barrel|hectare|acre|lit(?:re|er)|gallon|strong|dollar|euro|pound|seat|member)s?\b"
)
"""What millions are of behind a hyphen: "a 1.2m-tonne mill"."""
_AFTER_METRES = word_list("after_metres")


def read_suffix(text: str, numeral: Numeral, money: bool) -> None:
    """Extends a numeral in digits by the scale letters attached to it ("3.2bn", "10k")."""
    letters = _LETTERS.match(text, numeral.end)
    spaced = False
    if not letters and text[numeral.end : numeral.end + 1] in (" ", "\u00a0"):
        letters = _LETTERS.match(text, numeral.end + 1)
        spaced = True
    if not letters or numeral.value is None or numeral.form != "digits":
        return
    word = letters.group()
    decimal = "." in text[numeral.start : numeral.end]
    nxt = text[letters.end() : letters.end() + 1]
    if word not in _SUFFIX or nxt == "'" or nxt.isdigit() or (nxt and nxt in "/²³^"):
        return
    apart = ("bn", "mn", "mln", "bln", "trn", "tn", "mio", "M")
    if spaced and word not in apart and not (money and word in ("m", "b", "k")):
        return
    if word in _WEAK and not money and not _counts(text, letters.end(), word, decimal=decimal):
        return
    numeral.value *= _SUFFIX[word]
    numeral.scaled *= _SUFFIX[word]
    numeral.suffix = word
    numeral.end = letters.end()


def _counts(text: str, end: int, word: str, *, decimal: bool) -> bool:
    """Whether "1.2m" counts things: a noun follows that no metre could have."""
    if word in ("b", "B"):
        return decimal or (text[end : end + 1] != "-" and _NOUN_AFTER.match(text, end) is not None)
    if word in ("K", "T", "mm"):
        return word == "K"
    if _MEASURED.match(text, end):
        return True
    after = _NOUN_AFTER.match(text, end)
    return after is not None and after.group(1) not in _AFTER_METRES
