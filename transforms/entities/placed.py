"""Places that their surroundings give away: after a preposition, before a state, roads."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from functools import cache

from transforms.entities.context import is_wide
from transforms.entities.found import Found
from transforms.entities.places import fold_name, load_gazetteer
from transforms.language.document import Document

_WITHIN = frozenset({"in", "near", "outside", "around", "across", "throughout", "northern",
                     "southern", "eastern", "western", "downtown", "nearby"})  # fmt: skip
_LONGEST = 4
_DIVISIONS = frozenset(
    {"district", "province", "governorate", "municipality", "prefecture", "oblast", "canton",
     "neighborhood", "neighbourhood", "peninsula", "archipelago", "valley", "mountains"}
)  # fmt: skip
_SHORT = frozenset({*month_abbr[1:], "Sept"})
MONTHS = frozenset(month_name[1:]) | _SHORT | {f"{month}." for month in _SHORT}
ROAD = re.compile(
    r"\b(?:(?:U\.?S\.?|State|County|Interstate|Farm-to-Market|Old|[A-Z][a-z]+ (?:State|County))"
    r"[ -])?(?:Highway|Route|Interstate|Road|Loop|Hwy\.?)[ -]\d+[A-Z]?\b"
    r"|\b(?:FM|I|US|CR|SR)[- ]\d{1,4}\b"
    r"|\b(?:(?:N|S|E|W|North|South|East|West|Old)\.? )?"
    r"(?!The )(?:[A-Z]\w+ |\d+(?:st|nd|rd|th) ){1,3}"
    r"(?:Street|Avenue|Boulevard|Road|Drive|Lane|Parkway|Turnpike|St\.(?! [A-Z])|Ave\.?|Blvd\.?"
    r"|Rd\.|Dr\.(?! [A-Z]))(?!\w)"
)
_OF = re.compile(r"\b(?:City|Town|Village|Township|Borough) of ([A-Z]\w+(?: [A-Z]\w+)?)")
_PARTY = re.compile(
    r"\b(?:D|R|I|DFL)-((?:[A-Z]\.){2}|[A-Z][a-z]{1,4}\.|[A-Z][A-Za-z]+(?: [A-Z][a-z]+){0,2})"
    r"(?=[,;).\s]|$)"
)
_ARTICLES = frozenset({"The", "In", "From", "At", "For", "But", "And", "On", "With", "Of", "While"})
_BIG_WORDS = frozenset({"NNP", "NNPS"})


def find_roads(text: str) -> list[Found]:
    """Roads with a number or a word that says so."""
    return [Found(m.start(), m.end(), "PLACE", "road") for m in ROAD.finditer(text)]


def find_seats(text: str) -> list[Found]:
    """Seats of members after their party: "D-Salem"; and names after "City of"."""
    found = [Found(m.start(1), m.end(1), "PLACE", "seat") for m in _PARTY.finditer(text)]
    for m in _OF.finditer(text):
        for name in (m[1], m[1].split()[0]):
            if fold_name(name) in load_gazetteer():
                found.append(Found(m.start(1), m.start(1) + len(name), "PLACE", "seat"))
                break
    return found


def find_placed(document: Document, taken: bytearray) -> list[Found]:
    """Capitalised words of the gazetteer that nothing took, where places stand."""
    found = []
    words, text = document.words, document.text
    for at, word in enumerate(words):
        if at == 0 or not word[0].isupper() or taken[document.starts[at]] or word in MONTHS:
            continue
        before = document.lowers[at - 1] in _WITHIN
        if words[at - 1][0].isupper() and (not before or word.isupper()):
            continue  # capitals all over say nothing
        last = _last(document, at)
        end = document.ends[last - 1]
        if _is_said_to_be(document, at, last):
            found.append(Found(document.starts[at], end, "PLACE", "placed"))
            continue
        stated = text.startswith(", ", end) and is_wide(text, end + 2)
        stated = stated and document.lowers[at - 1] != "the"
        if (before or stated) and fold_name(text[document.starts[at] : end]) in load_gazetteer():
            found.append(Found(document.starts[at], end, "PLACE", "placed"))
    return found


def _is_said_to_be(document: Document, first: int, last: int) -> bool:
    """Whether the words are a district or the like by the noun after them: "the Zorro district"."""
    if last >= len(document) or document.lowers[first - 1] != "the":
        return False
    return document.words[last] in _DIVISIONS and document.tags[first] == "NNP"


@cache
def _countries() -> dict[str, list[list[str]]]:
    """Names of countries as words in small letters, by the first of them."""
    found: dict[str, list[list[str]]] = {}
    for place in load_gazetteer().countries.values():
        words = fold_name(place.display).split()
        found.setdefault(words[0], []).append(words)
    return found


def find_countries(document: Document, taken: bytearray) -> list[Found]:
    """Countries that nothing took, where they are no part of a longer name."""
    found = []
    words, lowers, by_word = document.words, document.lowers, _countries()
    for at, lower in enumerate(lowers):
        if lower not in by_word or not words[at][0].isupper() or taken[document.starts[at]]:
            continue
        for name in by_word[lower]:
            last = at + len(name)
            if lowers[at:last] != name:
                continue
            joined = [words[i] for i in (at - 1, last) if 0 <= i < len(words)]
            if not any(w[0].isupper() and w.isalpha() and w not in _ARTICLES for w in joined):
                found.append(
                    Found(document.starts[at], document.ends[last - 1], "PLACE", "country")
                )
    return found


def _last(document: Document, first: int) -> int:
    """One past the last of the capitalised proper nouns that begin at a token."""
    last = first
    while (
        last < min(len(document), first + _LONGEST)
        and document.words[last][0].isupper()
        and document.tags[last] in _BIG_WORDS
        and (last == first or document.text[document.ends[last - 1]] == " ")
    ):
        last += 1
    return max(last, first + 1)
