"""The sign before a number: "-3", "minus 3", "+0.2%"."""

from __future__ import annotations

import re

_MINUS = re.compile(r"(?:^|[\s(\[$£€:~≈<>=≤≥])[-−–]$")
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
