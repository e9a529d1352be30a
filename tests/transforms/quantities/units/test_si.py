"""Conversions to the SI agree with pint, unit by unit."""

from __future__ import annotations

import pint
import pytest

from transforms.quantities.lexicon import load_rows
from transforms.quantities.units.si import find_si

REGISTRY: pint.UnitRegistry = pint.UnitRegistry()
PINT = {
    "percentage point": "percent", "basis point": "percent / 100", "per mille": "permille",
    "part per million": "ppm", "decade": "10 * year", "part per billion": "ppm / 1000", "time": "1",
    "barrel": "oil_bbl", "ton": "ton", "fluid ounce": "US_fluid_ounce", "troy ounce": "troy_ounce",
    "minute of arc": "arcminute", "second of arc": "arcsecond", "celsius": "degC",
    "fahrenheit": "degF", "quarter": "year / 4", "horsepower": "horsepower",
    "brake horsepower": "horsepower", "metric horsepower": "metric_horsepower",
    "British thermal unit": "Btu", "therm": "1e5 * Btu", "electronvolt": "eV",
    "foot pound-force": "foot * force_pound", "kilopound per square inch": "ksi",
    "knot": "knot", "furlong": "660 * foot", "fathom": "6 * foot", "newton metre": "newton * metre",
    "carat": "carat", "acre": "43560 * foot ** 2", "acre foot": "43560 * foot ** 3",
    "roentgen": "roentgen", "kilowatt hour": "kilowatt * hour", "watt hour": "watt * hour",
    "megawatt hour": "megawatt * hour", "gigawatt hour": "gigawatt * hour",
    "terawatt hour": "terawatt * hour", "milliampere hour": "milliampere * hour",
    "ampere hour": "ampere * hour", "mile per gallon": "mile / gallon", "astronomical unit": "au",
    "revolution per minute": "revolution / minute", "pound per square inch": "psi",
    "kilogram per cubic metre": "kilogram / metre ** 3", "dram": "dram", "stone": "stone",
    "mile per hour": "mile / hour", "kilometre per hour": "kilometre / hour",
    "metre per second": "metre / second", "foot per second": "foot / second",
    "ton per day": "ton / day", "barrel per day": "oil_bbl / day",
    "cubic foot per second": "foot ** 3 / second", "kilogram": "kilogram", "long ton": "long_ton",
    "nautical mile": "nautical_mile", "light year": "light_year", "kiloton": "1e6 * kilogram",
    "megaton": "1e9 * kilogram", "micrometre": "micrometer",
}  # fmt: skip
"""How pint writes a unit, where it is not by our name."""
UCUM = {"har": "hectare", "N.m": "newton * metre", "Ohm": "ohm", "m2": "metre ** 2"}


def in_pint(name: str) -> str:
    if name in PINT:
        return PINT[name]
    for word, power in (("square ", 2), ("cubic ", 3)):
        if name.startswith(word):
            return f"{name.removeprefix(word)} ** {power}"
    return name


def si_in_pint(symbol: str) -> str:
    parts = [UCUM.get(part, part) for part in symbol.split("/")]
    powers = [f"({p[:-1]} ** {p[-1]})" if p[-1] in "23" and len(p) < 4 else p for p in parts]
    return " / ".join(powers)


NAMES = [row[0] for row in load_rows("si.tsv")]


@pytest.mark.parametrize("name", NAMES)
def test_factor_is_pints(name: str) -> None:
    si = find_si(name)
    assert si is not None
    unit, target = in_pint(name), si_in_pint(si.unit)
    for value in (1.0, 40.0):
        if name in ("celsius", "fahrenheit"):
            want = REGISTRY.Quantity(value, unit).to("kelvin").magnitude
        else:
            want = (value * REGISTRY(unit)).to(target if target != "1" else "").magnitude
        assert value * si.factor + si.offset == pytest.approx(want, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "factor", "unit"),
    [
        ("kilometre", 1000, "m"),
        ("megawatt", 1e6, "W"),
        ("microgram", 1e-9, "kg"),
        ("litre per second", 1e-3, "m3/s"),
        ("kilogram per cubic metre", 1, "kg/m3"),
        ("metre per second per second", 1, "m/s/s"),
    ],
)
def test_prefixes_and_rates_are_derived(name: str, factor: float, unit: str) -> None:
    si = find_si(name)
    assert si is not None
    assert (si.factor, si.unit) == (pytest.approx(factor), unit)


@pytest.mark.parametrize(
    "name", ["US dollar", "euro per litre", "calorie", "kilometre per game", "decibel", "night"]
)
def test_what_has_no_size_has_no_si(name: str) -> None:
    assert find_si(name) is None
