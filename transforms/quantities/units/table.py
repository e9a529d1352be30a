"""The tables of units and currencies, by name and by symbol."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from transforms.quantities.lexicon import load_rows, word_list


class Unit(NamedTuple):
    """A unit: singular English name, UCUM symbol or ISO 4217 code (null if none), and kind."""

    name: str
    symbol: str | None
    kind: str


class UnitAt(NamedTuple):
    """A unit found in a text, and one past its last code point."""

    unit: Unit
    end: int


class Prefix(NamedTuple):
    """An SI prefix: word, symbol and factor."""

    word: str
    symbol: str
    factor: float


DOLLAR = Unit("US dollar", "USD", "money")
SIGNS_AFTER = word_list("signs_after")
"""Currency signs with letters that stand after a number too."""
WORDS_AS_CODES = word_list("words_as_codes")
"""Currency codes that are English words in lower case."""


@cache
def load_prefixes() -> tuple[Prefix, ...]:
    """The SI prefixes."""
    return tuple(Prefix(word, mark, float(by)) for word, mark, by in load_rows("prefixes.tsv"))


def load_currencies() -> Iterator[tuple[Unit, list[str], list[str]]]:
    """Each currency with its names in text and the signs that stand before a number."""
    for name, code, forms, marks in load_rows("currencies.tsv"):
        names = [form for form in forms.split("|") if form]
        yield Unit(name, code or None, "money"), names, marks.split()


@cache
def load_units() -> tuple[dict[str, Unit], dict[str, Unit]]:
    """Units by lower-case name, and by symbol, case kept."""
    names: dict[str, Unit] = {}
    symbols: dict[str, Unit] = {}
    for name, code, kind, forms, marks in load_rows("units.tsv"):
        unit = Unit(name, code or None, kind)
        for form in filter(None, forms.split("|")):
            if form == "*":
                _add_prefixed_names(names, unit)
            else:
                names[form] = unit
        for mark in filter(None, marks.split("|")):
            if mark == "*":
                _add_prefixed_symbols(symbols, unit)
            else:
                symbols[mark] = unit
    for unit, forms_, marks_ in load_currencies():
        _add_currency(names, symbols, unit, forms_, marks_)
    return names, symbols


def prefixed(unit: Unit, prefix: Prefix) -> Unit:
    """The unit with an SI prefix."""
    symbol = prefix.symbol.replace("µ", "u") + unit.symbol if unit.symbol else None
    return Unit(prefix.word + unit.name, symbol, unit.kind)


def _add_prefixed_names(names: dict[str, Unit], unit: Unit) -> None:
    bases = {unit.name}
    if unit.name.endswith("tre"):
        bases.add(unit.name[:-2] + "er")
    for prefix in load_prefixes():
        for base in bases:
            for form in (prefix.word + base, f"{prefix.word}{base}s", f"{prefix.word}-{base}"):
                names.setdefault(form, prefixed(unit, prefix))


def _add_prefixed_symbols(symbols: dict[str, Unit], unit: Unit) -> None:
    assert unit.symbol is not None
    for prefix in load_prefixes():
        for sign in {prefix.symbol, prefix.symbol.replace("µ", "μ")}:
            symbols.setdefault(sign + unit.symbol, prefixed(unit, prefix))
            if unit.symbol == "L":
                symbols.setdefault(sign + "l", prefixed(unit, prefix))


def _add_currency(
    names: dict[str, Unit], symbols: dict[str, Unit], unit: Unit, forms: list[str], marks: list[str]
) -> None:
    for form in forms:
        names.setdefault(form, unit)
    if unit.symbol:
        symbols[unit.symbol] = unit
        if unit.symbol.lower() not in WORDS_AS_CODES:
            names.setdefault(unit.symbol.lower(), unit)
    for mark in marks:
        if (not mark[0].isalpha() and len(mark) == 1) or mark in SIGNS_AFTER:
            symbols.setdefault(mark, unit)
