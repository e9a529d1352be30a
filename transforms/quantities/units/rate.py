"""Rates: a unit per something, "80 dollars a barrel", "/hour"."""

from __future__ import annotations

import re
from functools import cache

from transforms.quantities.lexicon import word_list
from transforms.quantities.units.table import Unit, UnitAt, load_units

_RATE = re.compile(
    r"(?:[ \u00a0]?/[ \u00a0]?|(?:[ -])(?:per|a|an|each|every)[ -]|[ ]?p/)"
    r"((?:(?:square|cubic|sq)[ ])?[^\W\d_]+\.?(?:[²³])?)",
    re.IGNORECASE,
)
_AGO = re.compile(r"[ ](?:ago|earlier|later|before|after|since)\b")
_NOUNS = word_list("rate_nouns")
"""Nouns that "a" makes a rate of; after "per" any noun does."""
_ALSO = {"annum": "year", "pop": "unit", "feet": "foot", "square feet": "square foot"}


@cache
def _below() -> dict[str, Unit]:
    """Units that a rate can be per: by name, by symbol in text, and by UCUM symbol."""
    names, symbols = load_units()
    known = [u for u in (*symbols.values(), *names.values()) if u.kind in ("measure", "duration")]
    found = {unit.symbol: unit for unit in known if unit.symbol}
    for table in (symbols, names):
        for form, unit in table.items():
            if unit.kind in ("measure", "duration"):
                found[form] = unit
    return found


def per(unit: Unit, noun: str) -> Unit:
    """The rate of a unit per a noun, or per the unit it names: "US dollar per barrel"."""
    noun = _ALSO.get(noun, noun)
    below = _below().get(noun)
    name = f"{unit.name} per {below.name if below else noun}"
    if unit.kind == "money":
        return Unit(name, unit.symbol, "money")
    known = unit.symbol is not None and below is not None and below.symbol
    symbol = f"{unit.symbol}/{below.symbol}" if known and below else None
    return Unit(name, symbol, "measure" if unit.kind == "duration" else unit.kind)


def per_amount(unit: Unit, amount: float, below: Unit) -> Unit:
    """The rate of a unit per so many of another: "litre per 100 kilometre"."""
    if amount == 1:
        return per(unit, below.name)
    name = f"{unit.name} per {amount:g} {below.name}"
    if unit.kind == "money":
        return Unit(name, unit.symbol, "money")
    symbol = f"{unit.symbol}/({amount:g}.{below.symbol})" if unit.symbol and below.symbol else None
    return Unit(name, symbol, unit.kind)


def with_rate(text: str, found: UnitAt) -> UnitAt:
    """The unit with the rate that follows it, if one does."""
    if found.unit.kind == "multiple":
        return found
    rate = find_rate(text, found.end)
    if rate is None or (found.unit.kind == "duration" and rate[2] in ("each", "every")):
        return found
    return UnitAt(per(found.unit, rate[0]), rate[1])


def find_rate(text: str, at: int) -> tuple[str, int, str] | None:
    """The noun of a rate that begins at `at` ("a share", "/hour"), its end, and its joint."""
    match = _RATE.match(text, at)
    if not match:
        return None
    noun = match.group(1)
    if noun not in _below():
        noun = noun.lower()
        noun = noun if noun in _below() else noun.rstrip(".")
    end = match.start(1) + len(match.group(1).rstrip("." if noun[-1] != "." else ""))
    joint = text[at : match.start(1)].strip(" -").lower()
    if joint in ("a", "an") and _AGO.match(text, end):
        return None  # "3.9 billion a year earlier"
    if noun == "cent" or (joint not in ("per", "/") and noun not in _NOUNS):
        return None
    if joint == "/" and noun not in _NOUNS and noun not in _below():
        return None
    return noun, end, joint
