"""Units and currencies at a place of a text."""

from __future__ import annotations

import pytest

from transforms.quantities.units.currency import find_prefix
from transforms.quantities.units.find import find_unit


@pytest.mark.parametrize(
    ("text", "name", "symbol"),
    [
        (" kilometres", "kilometre", "km"),
        ("GW", "gigawatt", "GW"),
        (" megawatts", "megawatt", "MW"),
        (" mph", "mile per hour", "[mi_i]/h"),
        ("m²", "square metre", "m2"),
        (" GB", "gigabyte", "GBy"),
        (" Turkish lira", "Turkish lira", "TRY"),
        (" pesos", "peso", None),
        (" euros per tonne", "euro per tonne", "EUR"),
        (" litres a second", "litre per second", "L/s"),
        ("-year", "year", "a"),
    ],
)
def test_units_after_a_number(text: str, name: str, symbol: str | None) -> None:
    found = find_unit(text, 0)
    assert found is not None
    assert (found.unit.name, found.unit.symbol) == (name, symbol)
    assert found.end == len(text)


@pytest.mark.parametrize("text", [" in Paris", " people", "", " a", " C-section", " F.C. fans"])
def test_what_is_no_unit(text: str) -> None:
    assert find_unit(text, 0) is None


@pytest.mark.parametrize(
    ("sign", "code"),
    [
        ("$", "USD"),
        ("US $", "USD"),
        ("A$", "AUD"),
        ("$US", "USD"),
        ("€", "EUR"),
        ("Rs ", "INR"),
        ("CHF ", "CHF"),
    ],
)
def test_signs_before_a_number(sign: str, code: str) -> None:
    found = find_prefix("for " + sign, 4 + len(sign))
    assert found is not None
    assert (found[0].symbol, found[1]) == (code, 4)
