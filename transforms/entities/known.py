"""Names that newsrooms use and models miss, and acronyms that brackets introduce."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from transforms.entities.cues import read_rows
from transforms.entities.found import Found

_KINDS = {
    "agency": "ORG",
    "platform": "ORG",
    "organisation": "ORG",
    "exchange": "ORG",
    "index": "OTHER",
    "event": "EVENT",
    "league": "EVENT",
    "group": "GROUP",
    "place": "PLACE",
    "other": "OTHER",
}
_ACRONYM = re.compile(r"\b([A-Z]{2,6}) \(([A-Za-z][\w' -]{5,80})\)")
_BRACKETED = re.compile(r"\s*\(([A-Z][A-Za-z]{1,7})\)")
_WORD = re.compile(r"[^\W_]+")


@cache
def load_names() -> tuple[re.Pattern[str], dict[str, str]]:
    """The pattern of all names a newsroom knows, and the mention type of each."""
    types = {name: _KINDS[kind] for kind, name in read_rows("names.tsv")}
    types |= {name.upper(): kind for name, kind in types.items() if " " in name}
    longest = sorted(types, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)"), types


def find_known(text: str) -> list[Found]:
    """Names of the list, and acronyms explained in brackets."""
    pattern, types = load_names()
    found = [Found(m.start(), m.end(), types[m[0]], "known") for m in pattern.finditer(text)]
    found += [
        Found(m.start(1), m.end(1), "ORG", "acronym")
        for m in _ACRONYM.finditer(text)
        if _abbreviates(m[1], m[2])
    ]
    return found


def find_acronyms(text: str, found: list[Found]) -> dict[str, str]:
    """Acronym to the name it stands for, as brackets introduce them either way round."""
    full = {m[1]: m[2] for m in _ACRONYM.finditer(text) if _abbreviates(m[1], m[2])}
    for name in found:
        after = _BRACKETED.match(text, name.end) if name.kind == "ORG" else None
        if after is not None and _abbreviates(after[1], text[name.start : name.end]):
            full[after[1]] = text[name.start : name.end]
    return full


def find_bracketed(text: str, found: Iterable[Found]) -> list[Found]:
    """Short names in brackets right after the bodies whose letters they have: "Union (HRU)"."""
    short = []
    for name in found:
        after = _BRACKETED.match(text, name.end) if name.kind == "ORG" else None
        if after is not None and len(after[1]) > 1 and after[1].isupper():
            full = text[name.start : name.end]
            if _abbreviates(after[1], full) or _in_order(after[1].casefold(), full.casefold()):
                short.append(Found(after.start(1), after.end(1), "ORG", "acronym"))
    return short


def _abbreviates(acronym: str, name: str) -> bool:
    """Whether the letters of an acronym come in the name in order, the first ones at word starts.

    Small words may be skipped: "NDS" of "national directorate of security".
    """
    initials = [word[0].casefold() for word in _WORD.findall(name)]
    letters = acronym.casefold()
    if not initials or letters[0] != initials[0]:
        return False
    at = 0
    for initial in initials:
        if at < len(letters) and initial == letters[at]:
            at += 1
    return at == len(letters) or (len(initials) == 1 and _in_order(letters, name.casefold()))


def _in_order(letters: str, name: str) -> bool:
    rest = iter(name)
    return all(letter in rest for letter in letters)
