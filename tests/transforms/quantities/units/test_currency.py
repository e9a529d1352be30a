"""Every currency of ISO 4217 in the table is found by its code and by its name."""

from __future__ import annotations

import pytest

from tests.transforms.quantities.plain import bare, text_of
from transforms.quantities.find import find_quantities
from transforms.quantities.units.table import Unit, load_currencies, load_units

TABLE = [(unit, names, marks) for unit, names, marks in load_currencies() if unit.symbol]


def currency_of(body: str) -> tuple[str | None, float | None]:
    (row,) = find_quantities(text_of(body), bare(body), [], [])
    assert row.kind == "money"
    return row.currency, row.value


def test_the_table_holds_the_currencies_of_the_world() -> None:
    assert len({unit.symbol for unit, _, _ in TABLE}) >= 165


@pytest.mark.parametrize("unit", [u for u, _, _ in TABLE], ids=lambda u: str(u.symbol))
def test_a_code_stands_before_or_after_the_number(unit: Unit) -> None:
    assert currency_of(f"for {unit.symbol} 12.5 then") == (unit.symbol, 12.5)
    if unit.symbol in ("CUP", "KGS"):
        return  # after a number these are cups and kilograms
    assert currency_of(f"for 12.5 {unit.symbol} then") == (unit.symbol, 12.5)


@pytest.mark.parametrize(
    ("name", "unit"),
    [(name, unit) for unit, names, _ in TABLE for name in names if load_units()[0][name] == unit],
)
def test_a_name_stands_after_the_number(name: str, unit: Unit) -> None:
    assert currency_of(f"for 300 {name} then") == (unit.symbol, 300)


@pytest.mark.parametrize(
    ("mark", "unit"),
    [(m, u) for u, _, marks in TABLE for m in marks if not m.isalpha() and "_" not in m],
)
def test_a_sign_stands_before_the_number(mark: str, unit: Unit) -> None:
    sign = mark.upper() if mark.isascii() else mark
    assert currency_of(f"for {sign}5 million then") == (unit.symbol, 5e6)
