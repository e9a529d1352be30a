"""Numerals: values of digits and words, and what is left out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.quantities.numerals.digits import find_digits, parse_digits
from transforms.quantities.numerals.find import find_numerals, parse_words

ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spell(number: int) -> str:
    """The English words of a number below 10**15."""
    if number < 20:
        return ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens] + (f"-{ONES[ones]}" if ones else "")
    for size, word in (
        (10**12, "trillion"),
        (10**9, "billion"),
        (10**6, "million"),
        (1000, "thousand"),
        (100, "hundred"),
    ):  # fmt: skip
        if number >= size:
            many, rest = divmod(number, size)
            tail = (" and " if 0 < rest < 100 else " ") + spell(rest) if rest else ""
            return f"{spell(many)} {word}{tail}"
    raise AssertionError


@given(st.integers(0, 10**15 - 1))
def test_words_of_any_size_come_back(number: int) -> None:
    assert parse_words(spell(number)) == number


@given(st.integers(0, 10**12))
def test_digits_with_separators_come_back(number: int) -> None:
    assert parse_digits(f"{number:,}") == number
    assert parse_digits(str(number)) == number
    assert parse_digits(f"{number:,}".replace(",", "\u00a0")) == number


@given(st.integers(10**6, 10**12))
def test_thousands_parted_by_points_come_back_before_a_currency(number: int) -> None:
    dotted = f"{number:,}".replace(",", ".")
    assert [atom.value for atom in find_digits(f"{dotted} euros")] == [number]
    assert find_digits(f"version {dotted} of it") == []


@given(st.decimals(0, 10**6, places=3))
def test_decimals_come_back(number: object) -> None:
    assert parse_digits(f"{number:,}") == pytest.approx(float(str(number)))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("two thirds", 2 / 3),
        ("twenty-one fifths", 4.2),
        ("a quarter", 0.25),
        ("two and a half", 2.5),
        ("three and a half million", 3.5e6),
        ("a million and a half", 1.5e6),
        ("four dozen", 48),
        ("seven lakh crore", 7e12),
        ("six point two five", 6.25),
        ("half a million", 5e5),
        ("a twenty-first", 1 / 21),
        ("three twenty-firsts", 3 / 21),
        ("a hundred millionths", 1e-4),
        ("a couple of hundred", 200),
        ("a three-fifths", 0.6),
    ],
)
def test_fractions_and_scales(text: str, value: float) -> None:
    assert parse_words(text) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3 1/2", 3.5),
        ("4½", 4.5),
        ("1,3", 1.3),
        ("12,34,567", 1234567),
        ("2.5e3", 2500),
        (".75", 0.75),
    ],
)
def test_digit_styles(text: str, value: float) -> None:
    assert parse_digits(text) == pytest.approx(value)


def numerals(text: str) -> list[float | None]:
    words = list(re.finditer(r"[^\W\d_]+|\d+|[^\w\s]", text))
    places: dict[str, list[int]] = {}
    for index, word in enumerate(words):
        places.setdefault(word.group().lower(), []).append(index)
    found = find_numerals(
        text,
        [w.start() for w in words],
        [w.end() for w in words],
        places,
    )
    return [n.value if n.value is not None else n.low for n in found]


@pytest.mark.parametrize(
    "text",
    [
        "Call 555-867-5309 now.",
        "The server is 10.20.30.40.",
        "It began at 11:45 p.m.",
        "On 2021-03-09 it rained.",
        "See https://example.org/2020/12/page",
        "Filed 3/14/2022.",
    ],
)
def test_traps_give_no_numerals(text: str) -> None:
    assert numerals(text) == []


def test_vague_words_give_the_policys_ends() -> None:
    assert numerals("tens of thousands marched") == [10000]
    assert numerals("several hundred marched") == [200]
