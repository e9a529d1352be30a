"""The currency sign or code before a number: "US$", "€", "CHF"."""

from __future__ import annotations

from functools import cache

from transforms.quantities.lexicon import word_list
from transforms.quantities.units.table import DOLLAR, WORDS_AS_CODES, Unit, load_currencies

_COUNTRY_LETTERS = word_list("sign_letters")
"""Lower-case letters that may stand apart before a sign: "us $", "c $"."""
_CODES_IN_LOWER = word_list("codes_in_lower")
"""Codes and names that may stand before a number in lower case, a space between."""
_FULL_NAMES = word_list("names_before")
"""Names of currencies that stand before a number as signs do."""


@cache
def load_signs() -> dict[str, Unit]:
    """Currencies by sign or code in lower case; "PS", a lost pound sign, keeps its case."""
    found: dict[str, Unit] = {}
    for unit, names, marks in load_currencies():
        for mark in marks:
            found[mark if mark == "PS" else mark.replace("_", " ").lower()] = unit
        if unit.symbol:
            found.setdefault(unit.symbol.lower(), unit)
        for name in names:
            if name in _FULL_NAMES:
                found[name] = unit
    found["us$"] = found["us $"] = found["u.s. $"] = DOLLAR
    return found


@cache
def _marked() -> tuple[str, ...]:
    """Signs of letters with vowel marks, which are no letters to Python: "ரூ"."""
    return tuple(
        s
        for s in load_signs()
        if not (s.isascii() or s.isalnum()) and len(s) > 1 and all(ord(c) > 0x900 for c in s)
    )


def find_prefix(text: str, start: int) -> tuple[Unit, int] | None:
    """The currency sign or code that ends at `start` (a space may part them), and its start."""
    stop = start
    while stop > 0 and text[stop - 1] in " \u00a0\u202f":
        stop -= 1
    if stop == 0 or start - stop > 1:
        return None
    last = text[stop - 1]
    if last == "=" and text[stop - 2 : stop] == "Y=" and stop == start:
        return load_signs()["y="], stop - 2
    for mark in _marked():
        if text.startswith(mark, stop - len(mark)):
            return load_signs()[mark], stop - len(mark)
    if last.isalnum() or last == ".":
        return _code(text, stop, glued=stop == start)
    return _sign(text, stop) if last.lower() in load_signs() else None


def _sign(text: str, stop: int) -> tuple[Unit, int]:
    """The sign that ends at `stop`, with the letters of its country: "US$", "HK $"."""
    table = load_signs()
    begin = stop - 1
    gap = begin - 1 if begin and text[begin - 1] == " " else begin
    for edge in (begin, gap):
        head = edge
        while head > 0 and edge - head < 5 and (text[head - 1].isalpha() or text[head - 1] == "."):
            head -= 1
        sign, letters = text[head:stop], text[head:edge]
        if not letters or letters.startswith(".") or sign.lower() not in table:
            continue
        if edge != begin and letters == "A":
            continue  # the article: "A $400 fine"
        if edge == begin or letters.isupper() or letters.lower() in _COUNTRY_LETTERS:
            return table[sign.lower()], head
    return table[text[begin]], begin


def _code(text: str, stop: int, *, glued: bool) -> tuple[Unit, int] | None:
    """The code, name or letters ("CHF", "Rs", "$US") that end at `stop`."""
    table = load_signs()
    head = stop
    while head > 0 and stop - head < 8 and (text[head - 1].isalpha() or text[head - 1] == "."):
        head -= 1
    if head and text[head - 1] in "$£" and glued:
        sign = text[head - 1 : stop].lower()
        return (table[sign], head - 1) if sign in table else None
    if head and text[head - 1].isalnum():
        return None
    word = text[head:stop]
    if word == "PS" and glued:
        return table["PS"], head
    lower = word.lower()
    if lower not in table:
        return None
    known = word.isupper() or lower in _CODES_IN_LOWER or lower in _FULL_NAMES
    if known or (glued and len(lower) == 3 and lower not in WORDS_AS_CODES):
        return table[lower], head
    return None
