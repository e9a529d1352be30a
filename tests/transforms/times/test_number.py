"""Numbers and durations spelled in words and digits."""

import pytest

from transforms.times.lexicon import find_lexemes
from transforms.times.number import parse_number, parse_year, to_duration


@pytest.mark.parametrize(
    ("text", "number"),
    [("twenty-four", 24), ("two thousand", 2000), ("three hundred", 300), ("2 1/2", 2.5)],
)
def test_number(text: str, number: float) -> None:
    lexemes = find_lexemes(text)
    kept = [(c, v) for c, v in zip(lexemes.classes, lexemes.values, strict=True) if c != "-"]
    assert parse_number("".join(c for c, _ in kept), [v for _, v in kept]) == number


@pytest.mark.parametrize(
    ("text", "year"),
    [("1987", 1987), ("nineteen ninety-six", 1996), ("twenty twenty", 2020), ("ninety-six", None)],
)
def test_year(text: str, year: int | None) -> None:
    lexemes = find_lexemes(text)
    assert parse_year(lexemes.classes, lexemes.values) == year


@pytest.mark.parametrize(
    ("number", "unit", "value"),
    [(2, "DE", "P20Y"), (1.5, "MIN", "PT1M30S"), (None, "W", "PXW"), (3, "Q", "P9M")],
)
def test_duration(number: float | None, unit: str, value: str) -> None:
    assert to_duration(number, unit) == value
