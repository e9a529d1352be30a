"""The sign of a number: "-3", "minus 3", "+0.2%", "10 degrees below zero"."""

from __future__ import annotations

import re

from transforms.quantities.item import Item

_MINUS = re.compile(r"(?:^|[\s(\[$£€:~≈<>=≤≥])[-−–]$")
_BELOW = re.compile(r"[ ]below[ ]zero\b")
_TEMPERATURES = frozenset({"degree", "celsius", "fahrenheit"})
_WORD = re.compile(r"\b(?:minus|negative)[ -]$", re.IGNORECASE)


def find_sign(text: str, begin: int, *, spelled: bool) -> tuple[str, int]:
    """The sign ("-", "+" or "") of the number that begins at `begin`, and where it begins.

    Args:
        text: the text.
        begin: where the number, or the currency sign before it, begins.
        spelled: whether it is in words; a dash before words is no sign.
    """
    if not spelled and _MINUS.search(text[max(0, begin - 2) : begin]):
        return "-", begin - 1
    word = _WORD.search(text[max(0, begin - 9) : begin])
    if word:
        return "-", begin - len(word.group())
    if (
        text[begin - 1 : begin] == "+"
        and begin
        and not text[max(0, begin - 2) : begin - 1].isalnum()
    ):
        return "+", begin
    return "", begin


def read_below(text: str, item: Item) -> None:
    """Turns the sign of a temperature below zero: "10 degrees below zero"."""
    match = _BELOW.match(text, item.end)
    if match is None or item.value is None or item.kind or item.prefixed:
        return
    if item.unit is None or item.unit.name in _TEMPERATURES:
        item.value, item.end, item.sign = -abs(item.value), match.end(), "-"
