"""Numerals of a text, in digits and words, with their values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from transforms.quantities.lexicon import number_words
from transforms.quantities.numerals.cardinal import read_cardinal
from transforms.quantities.numerals.digits import find_digits
from transforms.quantities.numerals.fraction import read_digit_fraction, read_fraction
from transforms.quantities.numerals.numeral import Atom, Numeral
from transforms.quantities.numerals.vague import read_vague
from transforms.quantities.policy import Policy, load_policy

_LETTERS = re.compile(r"[^\W\d_]+")
_JOINT = re.compile(
    r"(?:[ \t\u00a0]*(?:[-‐‑][ \t]*)?|[ ]?,[ ]|(?:,?[ ]|-)(?:and|&)(?:[ ]|-))(?:an?[ -])?$"
)
_ARTICLE = re.compile(r"(?:^|[^\w])(an?[ -])$")
_VAGUE_BEFORE = re.compile(r"(?:several|few|couple of)[ ]$")
_LONGEST = 28
"""Words in the longest number we read."""
_KINDS: dict[str, tuple[str, float]] = {**number_words(), "point": ("P", 0.0)}


def find_numerals(
    text: str,
    starts: Sequence[int],
    ends: Sequence[int],
    places: Mapping[str, Sequence[int]],
    policy: Policy | None = None,
) -> list[Numeral]:
    """The numerals of a text in order of position; traps (clock times, URLs...) are left out.

    Args:
        text: the text.
        starts, ends: offsets of its tokens.
        places: its lower-cased words, each with the tokens that it is.
        policy: what vague words mean; the project's own by default.
    """
    policy = policy or load_policy()
    atoms = find_digits(text)
    for word in places.keys() & (_KINDS.keys() | policy.words):
        kind, value = _KINDS.get(word, ("V", 0.0))
        atoms += [Atom(starts[at], ends[at], kind, value, word) for at in places[word]]
    return _group(text, sorted(atoms), policy)


def parse_words(text: str) -> float | None:
    """The value of a number in words ("two hundred and five", "three fifths"), or null."""
    atoms = [
        Atom(m.start(), m.end(), *_KINDS[m.group().lower()], m.group().lower())
        for m in _LETTERS.finditer(text)
        if m.group().lower() in _KINDS
    ]
    if not atoms:
        return None
    found = _read(text, atoms, load_policy())
    return found[0].value if found and found[1] == len(atoms) else None


def _group(text: str, atoms: Sequence[Atom], policy: Policy) -> list[Numeral]:
    found: list[Numeral] = []
    at = 0
    while at < len(atoms):
        read = _read(text, atoms[at : at + _LONGEST + 2], policy)
        if read is not None:
            found.append(read[0])
        at += read[1] if read else 1
    return found


def _read(text: str, atoms: Sequence[Atom], policy: Policy) -> tuple[Numeral, int] | None:
    """The longest numeral that begins at the first atom, and how many atoms it takes."""
    first = atoms[0]
    if first.kind == "V":
        return read_vague(text, atoms, policy)
    if first.kind == "P":
        return None
    if first.kind == "R":
        return read_digit_fraction(text, atoms)
    run = _run(text, atoms)
    for size in range(len(run), 0, -1):
        read = _value(text, run[:size])
        if read:
            return read, size
    return None


def _run(text: str, atoms: Sequence[Atom]) -> list[Atom]:
    """The atoms from the first one that may belong to one number."""
    run = [atoms[0]]
    for index in range(1, min(len(atoms), _LONGEST)):
        before, after = run[-1], atoms[index]
        if after.word == "dozens":  # "ten dozens" is a product, "dozens" alone is vague
            after = after._replace(kind="K", value=12.0)
        if before.word == "couple" and after.kind in "SHK":  # "a couple (of) hundred" is 200
            run[-1] = before._replace(kind="U")
        between = text[before.end : after.start]
        joined = _JOINT.match(between) or (before.word == "couple" and between == " of ")
        if len(between) > 9 or after.kind in "VR" or not joined:
            break
        if "," in between and not (before.kind in "SH" and after.kind in "UTSH"):
            break
        further = atoms[index + 1] if index + 1 < len(atoms) else None
        if ("and" in between or "&" in between) and not _may_and(before, after, further):
            break
        if after.kind == "D" and before.kind not in "SH":
            break
        if before.kind == "D" and after.kind not in "SHKF":
            break
        if run[0].kind == "D" and after.kind in "UT":
            break  # "a $54 billion two-year plan": words do not go on a number in digits
        run.append(after)
    return run


def _may_and(before: Atom, after: Atom, further: Atom | None) -> bool:
    """Whether "and" binds two number words into one number."""
    if after.kind in "FO":
        return True
    if further is not None and further.kind == "O" and after.kind in "UT":
        return further.word.endswith("s")
    if further is not None and further.kind == "F" and after.kind == "U" and before.kind == "U":
        return not further.word.endswith("s") or after.value > 1
    if before.kind in "SH" and after.kind in "UTDK":
        return 0 < after.value < before.value or after.kind == "K"
    return False


def _value(text: str, atoms: Sequence[Atom]) -> Numeral | None:
    first, last = atoms[0], atoms[-1]
    start = first.start
    match = _ARTICLE.search(text[max(0, start - 5) : start].lower())
    kinds = {a.kind for a in atoms}
    if kinds & {"O", "F"}:
        return read_fraction(text, atoms, match is not None)
    value = read_cardinal(atoms)
    if value is None or (first.kind in "SHK" and not match and _is_bare_scale(text, atoms)):
        return None
    if match and (first.kind in "SHK" or first.word == "couple"):
        start -= len(match.group(1))
    form = "digits" if first.kind == "D" else "words"
    scaled = next((a.value for a in reversed(atoms) if a.kind in "SH"), 1.0)
    return Numeral(start, last.end, value, form, scaled=scaled, grouped=first.word == "grouped")


def _is_bare_scale(text: str, atoms: Sequence[Atom]) -> bool:
    """Whether a scale word without a number or article is none: "couple", "mn", "few hundred"."""
    first = atoms[0]
    if len(atoms) == 1 and (first.word == "couple" or (first.kind in "SH" and len(first.word) < 4)):
        return True
    return bool(_VAGUE_BEFORE.search(text[max(0, first.start - 12) : first.start].lower()))
