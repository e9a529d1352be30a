"""Names in a text: the model's, corrected, and those that rules are sure of."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

from transforms.entities.cluster import cluster_names
from transforms.entities.link import find_readings
from transforms.entities.places import Place, fold_name, load_gazetteer
from transforms.language.document import Document
from transforms.text import Text
from warehouse.tables import Mention

VERSION = "1"

_DATA = Path(__file__).parent.parent / "data" / "entities" / "names.tsv"
_TYPES = {
    "PERSON": "PERSON",
    "ORG": "ORG",
    "GPE": "PLACE",
    "LOC": "PLACE",
    "FAC": "PLACE",
    "NORP": "GROUP",
    "LANGUAGE": "GROUP",
    "EVENT": "EVENT",
    "PRODUCT": "OTHER",
    "WORK_OF_ART": "OTHER",
    "LAW": "OTHER",
}
_KINDS = {
    "agency": "ORG",
    "platform": "ORG",
    "organisation": "ORG",
    "event": "EVENT",
    "group": "GROUP",
}
_HEAD = re.compile(r"(?:the|a|an|mr\.?|mrs\.?|ms\.?|dr\.?)\s+", re.IGNORECASE)
_TAIL = re.compile(r"(?:['\u2019]s|['\u2019]|[\s,;:])+$")
_ACRONYM = re.compile(r"\b([A-Z]{2,6}) \(([a-z][\w' -]{5,80})\)")
_DATELINE = re.compile(
    r"^[ \t]*([A-Z][A-Z.' -]{2,28}[A-Z])"
    r"(?=(?:,[^\n]{1,30}?)?\s*(?:\([^()\n]{1,30}\)\s*)?(?:[\u2013\u2014]|--|- )"
    r"|,? (?:\d{4}-\d|[A-Z][a-z]{2,8}\.? \d|\d{1,2} [A-Z][a-z]{2}))",
    re.MULTILINE,
)
_CAPITALS = re.compile(r"\b[A-Z]{4,}(?: [A-Z]{4,})?\b")
_WELL_KNOWN = 400_000
"""Inhabitants from which a city in capitals is taken for itself and not for another word."""
_TRAILING_NUMBER = re.compile(r"\s+\d{2,}[\d/-]*$|\s+\d+[/-]\d+$|\s*\n\s*\n.*$", re.DOTALL)
_BEFORE_PLACE = re.compile(r"\b(?:in|near|outside|around|across) $")
_NUMBERLESS = frozenset({"PERSON", "ORG", "PLACE"})
_RULES_OF_MODEL = frozenset(_TYPES)
_WORD = re.compile(r"[^\W_]+")
_BRACKETED = re.compile(r"\s*\(([A-Z][A-Za-z]{1,7})\)")

Found = tuple[int, int, str, str]
"""Start, end, mention type and rule."""


@cache
def load_names() -> tuple[re.Pattern[str], dict[str, str]]:
    """The pattern of all names a newsroom knows, and the mention type of each."""
    types = {}
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, name = line.split("\t")
            types[name] = _KINDS[kind]
    longest = sorted(types, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)"), types


def find_mentions(text: Text, document: Document) -> list[Mention]:
    """Names in order of position, not overlapping, each with its fullest form in the document.

    Args:
        text: the article version the document was parsed from.
        document: its parse.
    """
    taken = bytearray(len(document.text))
    modelled = _modelled(document)
    known = _known(document.text)
    # a longer name of the model's is another name: "Associated Press Managing Editors"
    held = {(s, e) for s, e, _, _ in known if not _inside(s, e, modelled)}
    kept = _fill([f for f in known if f[:2] in held], taken)
    kept += _fill(modelled, taken)
    kept += _fill(_datelines(document.text), taken)
    kept += _fill(_capitals(document.text), taken)
    kept = agree_types(document.text, kept)
    kept += _fill(spread_names(document, kept), taken)
    kept.sort()
    aliases = _acronyms(document.text, kept)
    surfaces = [(document.text[start:end], kind) for start, end, kind, _ in kept]
    names = cluster_names(surfaces, aliases)
    return [
        Mention(start=start, end=end, rule=rule, type=kind, canonical_name=name)
        for (start, end, kind, rule), name in zip(kept, names, strict=True)
    ]


def agree_types(text: str, found: list[Found]) -> list[Found]:
    """The names with one type for one surface: what rules or most of its mentions say.

    A name is a place where a state or country follows its comma, or a preposition of place stands
    before it, if the gazetteer has it: models take towns for people in headlines.
    """
    gazetteer = load_gazetteer()
    votes: dict[str, Counter[str]] = {}
    surnames = {
        text[s:e].split()[-1] for s, e, kind, _ in found if kind == "PERSON" and " " in text[s:e]
    }
    after = {start: (kind, text[start:end]) for start, end, kind, _ in found}
    for start, end, kind, rule in found:
        surface = text[start:end]
        count = votes.setdefault(surface, Counter())
        count[kind] += 1 if rule in _RULES_OF_MODEL else 5
        if surface in surnames and rule != "known":
            count["PERSON"] += 3
        elif kind in ("PERSON", "ORG") and fold_name(surface) in gazetteer:
            follows = after.get(end + 2) if text[end : end + 2] == ", " else None
            if follows is not None and follows[0] == "PLACE" and _is_wide(follows[1]):
                count["PLACE"] += 4
            elif _BEFORE_PLACE.search(text, max(0, start - 8), start):
                count["PLACE"] += 2
    best = {surface: max(sorted(count), key=count.__getitem__) for surface, count in votes.items()}
    return [(s, e, best[text[s:e]], rule) for s, e, _, rule in found]


def spread_names(document: Document, found: list[Found]) -> list[Found]:
    """The further places in a text of names that are sure somewhere in it."""
    text = document.text
    types = {text[s:e]: kind for s, e, kind, rule in found if rule not in ("MONEY", "LAW")}
    # one short word may be a word of the language as well
    sure = [n for n in types if len(n) > 3 and n[0].isupper() and n.lower() != n]
    first: dict[str, list[str]] = {}
    for name in sorted(sure, key=len, reverse=True):
        first.setdefault(name.split()[0], []).append(name)
        if not name.isupper() and types[name] != "PERSON":
            loud = name.upper()  # in headlines
            types.setdefault(loud, types[name])
            first.setdefault(loud.split()[0], []).append(loud)
    more: list[Found] = []
    for word, start in zip(document.words, document.starts, strict=True):
        for name in first.get(word, ()):
            end = start + len(name)
            if text.startswith(name, start) and not text[end : end + 1].isalnum():
                more.append((start, end, types[name], "spread"))
                break
    return more


def _inside(start: int, end: int, wider: list[Found]) -> bool:
    return any(s <= start and end <= e and e - s > end - start for s, e, _, _ in wider)


def _fill(found: list[Found], taken: bytearray) -> list[Found]:
    """Those that overlap nothing taken before; they are taken then."""
    kept = []
    for start, end, kind, rule in found:
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            kept.append((start, end, kind, rule))
    return kept


def _datelines(text: str) -> list[Found]:
    """Places in capitals that open a line: "BEIRUT, Lebanon (AP) - "."""
    return [
        (at.start(1), at.end(1), "PLACE", "dateline")
        for at in _DATELINE.finditer(text)
        if any(not p.is_alternate and p.population >= 5_000 for _, p in find_readings(at[1]))
    ]


def _capitals(text: str) -> list[Found]:
    """Countries and great cities in headlines that are all capitals."""
    found = []
    for run in _CAPITALS.finditer(text):
        words = list(_WORD.finditer(text, run.start(), run.end()))
        spans = [(run.start(), run.end())]
        spans += [w.span() for w in words] if len(words) > 1 else []
        for start, end in spans:
            if any(_is_well_known(p) for _, p in find_readings(text[start:end])):
                found.append((start, end, "PLACE", "capitals"))
    return found


def _is_well_known(place: Place) -> bool:
    size = place.kind == "country" or place.population >= _WELL_KNOWN
    return size and place.kind in ("country", "city") and not place.is_alternate


def _is_wide(name: str) -> bool:
    """Whether a state or country has the name."""
    return any(p.kind in ("admin1", "country") for _, p in find_readings(name))


def _known(text: str) -> list[Found]:
    pattern, types = load_names()
    found = [(m.start(), m.end(), types[m[0]], "known") for m in pattern.finditer(text)]
    found += [
        (m.start(1), m.end(1), "ORG", "acronym")
        for m in _ACRONYM.finditer(text)
        if _abbreviates(m[1], m[2])
    ]
    return found


def _modelled(document: Document) -> list[Found]:
    found = []
    for name in document.names:
        kind = _TYPES.get(name.label)
        if kind is None:
            continue
        start, end = document.starts[name.first], document.ends[name.last - 1]
        surface = document.text[start:end]
        if (head := _HEAD.match(surface)) is not None:
            start += head.end()
        if (tail := _TAIL.search(document.text[start:end])) is not None:
            end = start + tail.start()
        if kind in _NUMBERLESS:
            cut = _TRAILING_NUMBER.search(document.text[start:end])
            end = start + cut.start() if cut is not None else end
        if any(c.isalpha() for c in document.text[start:end]):
            found.append((start, end, kind, name.label))
    return found


def _acronyms(text: str, kept: list[Found]) -> dict[str, str]:
    """Acronym to the name it stands for, as brackets introduce them either way round."""
    full = {m[1]: m[2] for m in _ACRONYM.finditer(text) if _abbreviates(m[1], m[2])}
    for start, end, kind, _ in kept:
        after = _BRACKETED.match(text, end) if kind == "ORG" else None
        if after is not None and _abbreviates(after[1], text[start:end]):
            full[after[1]] = text[start:end]
    return full


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
