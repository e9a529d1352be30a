"""Numbers in words and digits inside time expressions."""

from __future__ import annotations

from collections.abc import Sequence


def parse_number(classes: str, values: Sequence[str]) -> float | None:
    """The number that lexemes of the classes n N Y w h a spell; null for a vague quantity (v)."""
    total = current = 0.0
    for kind, value in zip(classes, values, strict=True):
        if kind == "v":
            return None
        if kind == "h":
            size = float(value)
            if size == 100:
                current = max(current, 1.0) * size
            else:
                total, current = total + max(current, 1.0) * size, 0.0
        elif kind in "nNYw":
            current += float(value)
    return total + current


def parse_year(classes: str, values: Sequence[str]) -> int | None:
    """The year that a digit year or words like "nineteen ninety-six" spell; null if none."""
    if classes == "Y":
        return int(values[0])
    numbers = [int(v) for c, v in zip(classes, values, strict=True) if c == "w"]
    if classes == "wh":
        return 2000 if numbers == [2] and values[1] == "1000" else None
    if "h" in classes or len(numbers) < 2 or numbers[0] not in (17, 18, 19, 20):
        return None
    rest = numbers[1:]
    if rest[0] < 10 or (len(rest) == 2 and (rest[0] < 20 or rest[1] > 9)):
        return None
    return numbers[0] * 100 + sum(rest)


def to_duration(number: float | None, unit: str) -> str:
    """The TIMEX3 duration of `number` units; X for an unknown number."""
    clock = "T" if unit in ("H", "MIN", "S") else ""
    letter = {"MIN": "M", "WE": "WE"}.get(unit, unit)
    if number is None:
        return f"P{clock}X{letter}"
    if number != int(number):
        whole, part = int(number), number - int(number)
        smaller = {"Y": ("M", 12), "H": ("M", 60), "MIN": ("S", 60)}.get(unit)
        if smaller and abs(part * smaller[1] - round(part * smaller[1])) < 1e-6:
            rest = f"{round(part * smaller[1])}{smaller[0]}"
            return f"P{clock}{f'{whole}{letter}' if whole else ''}{rest}"
        return f"P{clock}{number:g}{letter}"
    whole = int(number)
    if unit in ("DE", "CE"):
        return f"P{whole * (10 if unit == 'DE' else 100)}Y"
    if unit == "Q":
        return f"P{whole * 3}M"
    if unit == "WE":
        return f"P{whole * 2}D" if whole == 1 else f"P{whole}WE"
    return f"P{clock}{whole}{letter}"
