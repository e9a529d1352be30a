"""Stretches of text between quotation marks, of any style, balanced or not."""

from __future__ import annotations

import re
from typing import NamedTuple

_MARK = re.compile(
    r"''|``|[\"“”„‟«»]|\n[ \t]*\n|(?<!\w)‘(?=\w)|(?<=[.,!?…])['’](?!\w)|(?<!\w)'(?=\w)"
)
_OPEN, _CLOSE = frozenset("“„‟«‘"), frozenset("”»")


class Quoted(NamedTuple):
    """Words between marks: [start, end) without the marks, [outer, after) with them."""

    outer: int
    start: int
    end: int
    after: int


def _opens(text: str, start: int, end: int) -> bool:
    """Whether an undirected mark opens, told by the space around it."""
    before = text[start - 1 : start]
    behind = text[end : end + 1]
    return (not before or before.isspace() or before in "([—–―-") and not behind.isspace()


def find_quoted(text: str) -> list[Quoted]:
    """The outermost quoted stretches of `text`, in order.

    A mark left open ends with its paragraph: publishers leave it open where the quotation runs on
    into the next paragraph, which opens anew.
    """
    found: list[Quoted] = []
    opened: tuple[int, int, bool] | None = None
    for match in _MARK.finditer(text):
        mark, start, end = match.group(), match.start(), match.end()
        if mark[0] == "\n":
            if opened is not None and not opened[2]:
                _add(found, text, opened[0], opened[1], start, start)
            opened = None
            continue
        single = mark in ("'", "’", "‘")
        if opened is None:
            opens = mark in _OPEN or mark == "``"
            if opens or (mark not in _CLOSE and mark != "’" and _opens(text, start, end)):
                opened = (start, end, single)
        elif single == opened[2] and (
            mark not in _OPEN or (mark == "“" and text[opened[0]] == "„")
        ):
            _add(found, text, opened[0], opened[1], start, end)
            opened = None
        elif opened[2] and mark not in ("‘", "'"):
            # An apostrophe taken for a single mark must not swallow what real marks enclose.
            opened = (start, end, False) if mark not in _CLOSE else None
    if opened is not None and not opened[2]:
        _add(found, text, opened[0], opened[1], len(text), len(text))
    return found


def _add(found: list[Quoted], text: str, outer: int, start: int, end: int, after: int) -> None:
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    end -= len(inner) - len(inner.rstrip())
    if end > start:
        found.append(Quoted(outer, start, end, after))
