"""A numeral read from a text, and the words and digit groups it is read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(slots=True)
class Numeral:
    """A numeral: span, value or ends, and how it is written.

    Attributes:
        form: digits, words, ordinal, fraction or vague.
        low, high: the ends of a vague number.
        scaled: the last scale that took part (1 for none).
        suffix: the scale letters attached to it.
        grouped: whether its thousands are parted.
        policy: name of the policy that valued a vague number.
    """

    start: int
    end: int
    value: float | None
    form: str
    low: float | None = None
    high: float | None = None
    scaled: float = 1.0
    suffix: str = ""
    grouped: bool = False
    policy: str = ""


class Atom(NamedTuple):
    """A number word or digit group: span, class (numbers.tsv; D digits, R fraction in digits,
    P point, V vague), value, and the word or the style of the digits.
    """

    start: int
    end: int
    kind: str
    value: float
    word: str
