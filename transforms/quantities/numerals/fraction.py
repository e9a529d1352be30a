"""Fractions and mixed numbers, in words and in digits."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.quantities.lexicon import number_words
from transforms.quantities.numerals.cardinal import read_cardinal, read_ordinal, read_parts
from transforms.quantities.numerals.numeral import Atom, Numeral

_OF_SCALE = re.compile(r"[ ](?:of[ ])?an?[ ](million|billion|trillion|thousand|hundred|dozen)\b")
_PART_FOLLOWS = re.compile(
    r"[ ]of\b|[ ]*[.,;:)]|[ ]*$|[ ](?:since|from|in|to|on|than|more|less|and|as)\b"
    r"|[ ](?:higher|lower|over|below|above)\b"
)
_ARTICLE = re.compile(r"\ban?[ -]$", re.IGNORECASE)
_NOT_ALONE = frozenset({"quarter", "quarters", "halves"})
"""Named fractions that mean something else without an article or a numerator."""


def read_digit_fraction(text: str, atoms: Sequence[Atom]) -> tuple[Numeral, int]:
    """The fraction in digits at the first atom ("3 1/2 million"), and how many atoms it takes."""
    first = atoms[0]
    value, end, size, scale = first.value, first.end, 1, 1.0
    if len(atoms) > 1 and atoms[1].kind == "S":
        between = text[first.end : atoms[1].start]
        if between.strip(" -") == "":
            value, end, size, scale = value * atoms[1].value, atoms[1].end, 2, atoms[1].value
    form = "fraction" if value < 1 else "digits"
    return Numeral(first.start, end, value, form, scaled=scale), size


def read_fraction(text: str, atoms: Sequence[Atom], article: bool) -> Numeral | None:
    """The fraction, mixed number or ordinal that a run of number words spells, or null.

    Args:
        text: the text.
        atoms: the run; at least one is an ordinal or a named fraction.
        article: whether "a" or "an" stands before it.
    """
    at = next(i for i, atom in enumerate(atoms) if atom.kind in "OF")
    if atoms[at].kind == "F":
        return _named(text, atoms, at, article)
    if at != len(atoms) - 1:
        return None
    return _mixed(text, atoms) or _ordinal_or_parts(text, atoms, article)


def _named(text: str, atoms: Sequence[Atom], at: int, article: bool) -> Numeral | None:
    """A number with "half" or "quarter" in it: "two and a half million", "three quarters"."""
    front, part, rest = atoms[:at], atoms[at], atoms[at + 1 :]
    if any(a.kind not in "SK" for a in rest):
        return None
    start, end = atoms[0].start, atoms[-1].end
    if not front and part.word in _NOT_ALONE and not article:
        return None
    value = _named_value(text, front, part) if front else part.value
    if value is None:
        return None
    if rest:
        times = read_cardinal(rest)
        if times is None:
            return None
        value *= times
    else:
        value, end = _of_scale(text, value, end)
    if article and (not front or front[0].kind in "SK"):
        start -= 2
    form = "fraction" if value < 1 or not rest else "words"
    return Numeral(start, end, value, form, scaled=rest[-1].value if rest else 1.0)


def _named_value(text: str, front: Sequence[Atom], part: Atom) -> float | None:
    joined = "and" in text[front[-1].end : part.start]
    if len(front) == 1 and front[0].kind == "U" and not joined:
        return front[0].value * part.value
    whole, top = _split(text, front, part)
    base = read_cardinal(whole)
    if base is None or not (joined or top):
        return None
    tail = (read_cardinal(top) or 0.0) * part.value if top else part.value
    return base + tail * (whole[-1].value if whole[-1].kind in "SK" else 1.0)


def _of_scale(text: str, value: float, end: int) -> tuple[float, int]:
    """The part times the scale after it, and its end: "half a million", "a third of a billion"."""
    match = _OF_SCALE.match(text, end)
    if not match:
        return value, end
    return value * number_words()[match.group(1)][1], match.end()


def _ordinal_or_parts(text: str, atoms: Sequence[Atom], article: bool) -> Numeral | None:
    start, end = atoms[0].start, atoms[-1].end
    if not atoms[-1].word.endswith("s"):
        ordinal = read_ordinal(atoms)
        if ordinal is not None and not (article and _is_part(text, end, atoms)):
            return Numeral(start, end, ordinal, "ordinal")
    value = read_parts(atoms, article)
    if value is None:
        return None
    said = _ARTICLE.search(text, max(0, start - 4), start) if article else None
    if said and read_parts(atoms, article=False) is None:
        start = said.start()
    if not text[end:].startswith(" a"):
        value, end = _of_scale(text, value, end)
    return Numeral(start, end, value, "fraction")


def _is_part(text: str, end: int, atoms: Sequence[Atom]) -> bool:
    """Whether an ordinal after "a" is a part: "a third of", "a fifth." but not "a third man"."""
    if atoms[-1].word in ("first", "second") and len(atoms) == 1:
        return False
    return bool(_PART_FOLLOWS.match(text, end))


def _mixed(text: str, atoms: Sequence[Atom]) -> Numeral | None:
    """The mixed number or ordinal of words with "and": "twenty and three fifths"."""
    joints = [
        i
        for i in range(1, len(atoms))
        if re.search(r"and|&", text[atoms[i - 1].end : atoms[i].start])
    ]
    if not joints:
        return None
    cut = joints[-1]
    start, end = atoms[0].start, atoms[-1].end
    article = bool(re.search(r"\ban?[ -]$", text[atoms[cut - 1].end : atoms[cut].start]))
    plural = atoms[-1].word.endswith("s")
    ordinal = None if plural or article else read_ordinal(atoms)
    if ordinal is not None:
        return Numeral(start, end, ordinal, "ordinal")
    if not (plural or article or len(atoms) - cut > 1):
        return None
    part, base = read_parts(atoms[cut:], article), read_cardinal(atoms[:cut])
    if part is None or base is None:
        return None
    # "five billion and three fifths" shares the scale, as "a million and a half" does
    scale = atoms[cut - 1].value if atoms[cut - 1].kind == "S" else 1.0
    return Numeral(start, end, base + part * scale, "fraction")


def _split(text: str, front: Sequence[Atom], part: Atom) -> tuple[Sequence[Atom], Sequence[Atom]]:
    """The whole and the numerator before a named fraction: "five billion and | three quarters"."""
    for i in range(len(front) - 1, 0, -1):
        if "and" in text[front[i - 1].end : front[i].start]:
            if "and" in text[front[-1].end : part.start]:
                return front, ()
            return front[:i], front[i:]
    return front, ()
