"""How two names of people or bodies can be one name: blocks to find them, relations to judge them.

Rules for names, not a distance of strings: "John Major" and "Joan Major" are one letter apart and
two people; "Bill" and "William" share three letters and may be one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from transforms.entities.cluster import plain_words
from transforms.entities.cues import load_first_names
from transforms.entities.places import fold_name
from transforms.registry.tables import load_nicknames

BODIES = ("ORG", "GROUP", "EVENT")
_SMALL = frozenset({"of", "the", "and", "for", "in", "on", "de", "la", "du", "des", "a", "to"})
_ALIKE = (
    (re.compile(r"gh|q|ck?|kh?"), "k"), (re.compile(r"ph"), "f"), (re.compile(r"dh|th"), "t"),
    (re.compile(r"d"), "t"), (re.compile(r"sch|sh|sz|cz|z|ts"), "s"), (re.compile(r"w|b"), "v"),
    (re.compile(r"g"), "k"), (re.compile(r"x"), "ks"), (re.compile(r"[aeiouyhj]"), ""),
)  # fmt: skip
"""Letters that transcriptions put for one another."""
_BRITISH = ((re.compile(r"isation\b"), "ization"), (re.compile(r"\bcentre\b"), "center"),
            (re.compile(r"\bdefence\b"), "defense"), (re.compile(r"our\b"), "or"))  # fmt: skip


@lru_cache(maxsize=50_000)
def words_of(kind: str, name: str) -> tuple[str, ...]:
    """The words of a name that count, folded."""
    if kind == "PERSON":
        return tuple(w for word in plain_words(name) for w in fold_name(word).split())
    folded = fold_name(name)
    for british, american in _BRITISH:
        folded = british.sub(american, folded)
    return tuple(word for word in folded.split() if word not in _SMALL)


@lru_cache(maxsize=50_000)
def skeleton(word: str) -> str:
    """The consonants of a word, those that transcriptions mix up taken for one."""
    found = word
    for letters, one in _ALIKE:
        found = letters.sub(one, found)
    return re.sub(r"(.)\1+", r"\1", found) or word[:1]


def is_short(kind: str, name: str) -> bool:
    """Whether a name is one word, as surnames and acronyms are, which many may share."""
    return len(words_of(kind, name)) < 2


class Blocks(NamedTuple):
    """Keys under which a name is found, and those to ask for the names it may be."""

    stored: frozenset[str]
    asked: frozenset[str]


@lru_cache(maxsize=20_000)
def blocks_of(kind: str, name: str) -> Blocks:
    """Keys that two names share which may be one; none for a name that only its use can tell.

    For people skeletons of surname and given name, or of one it may be short for; an initial asks
    for the given names that begin so, and they ask for it; and all words in any order. For bodies
    all words in any order; acronyms ask for names, and names for acronyms.
    """
    words = words_of(kind, name)
    if kind == "PERSON" and len(words) > 1:
        return _blocks_of_person(words)
    if kind in BODIES and len(words) == 1:
        acronym = 3 <= len(words[0]) <= 6 and name.isupper()
        return _blocks({f"b {words[0]}"}, {f"a {words[0]}"}) if acronym else _blocks(set(), set())
    if kind in BODIES:
        same = {f"w {' '.join(sorted(words))}"}
        initials = "".join(word[0] for word in words)
        if len(initials) < 3:
            return _blocks(same, same)
        return _blocks(same | {f"a {initials}"}, same | {f"b {initials}"})
    return _blocks(set(), set())


def _blocks_of_person(words: tuple[str, ...]) -> Blocks:
    last = skeleton(words[-1])
    firsts = {words[0], *load_nicknames().get(words[0], ())}
    starts = {first[0] for first in firsts}
    if len(words[0]) == 1:
        same = {f"{last} j {words[0]}"}
        return _blocks(same, same | {f"{last} i {words[0]}"})
    # by surname first: what a name is stored under lies together
    same = {f"{last} p {skeleton(first)}" for first in firsts}
    same.add(f"o {' '.join(sorted(words))}")
    return _blocks(
        same | {f"{last} i {start}" for start in starts},
        same | {f"{last} j {start}" for start in starts},
    )


def _blocks(stored: set[str], asked: set[str]) -> Blocks:
    return Blocks(frozenset(stored), frozenset(asked))


def relate(kind: str, one: str, other: str) -> str | None:
    """How one name can be the other: order, middle, nickname, initial, spelling, words, acronym.

    Null where they cannot be one name, or where only the use of the short one could tell.
    """
    a, b = words_of(kind, one), words_of(kind, other)
    if kind in BODIES:
        if len(a) > 1 and len(b) > 1:
            return "words" if sorted(a) == sorted(b) else None
        (short,), full = sorted((a, b), key=len) if min(len(a), len(b)) == 1 else ((None,), ())
        return "acronym" if len(full) > 2 and short == "".join(w[0] for w in full) else None
    if kind != "PERSON" or min(len(a), len(b)) < 2:
        return None
    if sorted(a) == sorted(b):
        return "order"
    last = a[-1] == b[-1]
    if not last and not _misspelt(a[-1], b[-1]):
        return None
    first = _first(a[0], b[0])
    if first is None or not _middles_agree(a[1:-1], b[1:-1]):
        return None
    if not last:
        written = first == "nickname" and skeleton(a[-1]) == skeleton(b[-1])
        return "spelling" if first == "same" or written else None
    if first == "same":
        return "middle"
    return first


def _first(one: str, other: str) -> str | None:
    if one == other:
        return "same"
    if one[0] == other[0] and min(len(one), len(other)) == 1:
        return "initial"
    nicknames = load_nicknames()
    full_one, full_other = nicknames.get(one, frozenset()), nicknames.get(other, frozenset())
    if other in full_one or one in full_other or full_one & full_other:
        return "nickname"
    known = load_first_names()
    if one in known and other in known:
        return None
    return "spelling" if _misspelt(one, other) else None


def _middles_agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    return all(
        any(word == w or (1 in (len(word), len(w)) and word[0] == w[0]) for w in rest)
        for word in short
    )


def _misspelt(one: str, other: str) -> bool:
    """Whether two words may be transcriptions or slips of one; short words are too alike."""
    short, long = sorted((one, other), key=len)
    if len(short) < 5 or long == f"{short}a":  # Berg and Borg; Volkov and Volkova
        return False
    if one[0] != other[0] and skeleton(one) != skeleton(other):
        return False
    allowed = 1
    if skeleton(one) == skeleton(other):
        allowed = max(1, min(len(one), len(other)) // 3)
    elif min(len(one), len(other)) < 7:
        return False
    if abs(len(one) - len(other)) > allowed:
        return False
    return edit_distance(one, other) <= allowed


def edit_distance(one: str, other: str) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours between two words."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
