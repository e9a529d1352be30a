"""Vague number words, valued by a policy: "dozens", "several hundred", "tens of thousands"."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.quantities.numerals.numeral import Atom, Numeral
from transforms.quantities.policy import Policy


def read_vague(text: str, atoms: Sequence[Atom], policy: Policy) -> tuple[Numeral, int] | None:
    """The vague number at the first atom, and how many atoms it takes; null where it is none."""
    first = atoms[0]
    word = policy.words[first.word]
    size, end, scale = 1, first.end, 1.0
    while size < len(atoms):
        after = atoms[size]
        factor = _factor(text[end : after.start], after, policy, plural=word.plural)
        if factor is None:
            break
        scale *= factor
        end = after.end
        size += 1
    if scale == 1.0 and not word.alone and not (word.plural and text.startswith(" of", end)):
        return None
    value = word.value * scale if word.value is not None else None
    low, high = word.low * scale, word.high * scale
    numeral = Numeral(first.start, end, value, "vague", low, high, scaled=scale, policy=policy.name)
    return numeral, size


def _factor(between: str, after: Atom, policy: Policy, *, plural: bool) -> float | None:
    """What the next number word multiplies by: "of thousands", "hundred", "of a million"."""
    if between == " " and after.kind in ("S" if plural else "SHK"):
        return after.value
    if plural and between == " of ":
        if after.kind == "V":
            return policy.words[after.word].low
        if after.kind in "SH":
            return after.value
    return None
