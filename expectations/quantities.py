"""Rules of quantities: ranges, money, and what is counted."""

from __future__ import annotations

from typing import Any

import pandas as pd

from expectations.codes import load_currencies
from expectations.rule import Evidence, expect
from expectations.spans import span_complete, span_within_text

READING = "The number was read wrongly: compare the surface and the rule that made the row."
ENDS = ("surface", "value", "value_low", "value_high", "rule")


@expect(
    "The lower end of a range is not above the upper one.",
    hint=READING,
    columns=ENDS,
)
def ends_ordered(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where value_low <= value_high; null where an end is unknown."""
    return frame["value_low"] <= frame["value_high"]


@expect(
    "The value lies between the ends of its range.",
    hint=READING,
    columns=ENDS,
)
def value_within_ends(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where no known end excludes the value."""
    value = frame["value"]
    return ~((value < frame["value_low"]) | (value > frame["value_high"]))


@expect(
    "A range has both ends.",
    severity="warning",
    hint=READING,
    columns=(*ENDS, "kind"),
)
def range_has_ends(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where a row of kind range has both ends; null for other kinds."""
    both = frame["value_low"].notna() & frame["value_high"].notna()
    return both.where((frame["kind"] == "range").fillna(False).astype(bool), None)


@expect(
    "The numbers before and after a change are the ends of its range.",
    hint=READING,
    columns=(*ENDS, "value_from", "value_to"),
)
def change_has_ends(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where value_from and value_to are the two ends, in either order; null without them."""
    pair = frame[["value_from", "value_to"]]
    told = pair.notna().all(axis=1)
    low = pair.min(axis=1) == frame["value_low"].fillna(frame["value"])
    high = pair.max(axis=1) == frame["value_high"].fillna(frame["value"])
    half = pair.notna().any(axis=1) & ~told
    return (low & high & ~half).where(told | half, None)


@expect(
    "A number in SI units has its unit, and a number in the surface unit beside it.",
    hint="transforms/data/quantities/si.tsv has a factor without unit.",
    columns=("surface", "unit", "value", "value_si", "unit_si"),
)
def si_complete(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where value_si stands exactly where value and unit_si do."""
    both = frame["value"].notna() & frame["unit_si"].notna()
    return frame["value_si"].notna() == both


@expect(
    "The place of the whole that a quantity is a part of has both ends in order.",
    hint=READING,
    columns=("surface", "part_of_start", "part_of_end"),
)
def whole_span_complete(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where the span of the whole is whole, or there is none."""
    return span_complete(frame, "part_of_start", "part_of_end")


@expect(
    "The symbol of money is a currency code of ISO 4217, alone or per something.",
    hint="transforms/data/quantities/currencies.tsv has a code that ISO 4217 does not know.",
    columns=("surface", "kind", "unit", "unit_symbol"),
)
def currency_known(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where what stands before a slash is a known code; null for other kinds."""
    symbol = frame["unit_symbol"]
    known = symbol.str.replace(r"/.*", "", regex=True).isin(load_currencies())
    money = (frame["kind"] == "money").fillna(False).astype(bool)
    return known.where(money & symbol.notna(), None)


@expect(
    "The place of the counted noun has both ends, the second after the first.",
    hint=READING,
    columns=("surface", "concept", "concept_start", "concept_end"),
)
def concept_span_complete(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where the span of the concept is whole, or there is none."""
    return span_complete(frame, "concept_start", "concept_end")


@expect(
    "The counted noun stands within the text.",
    hint=READING,
    columns=("surface", "concept", "concept_start", "concept_end"),
    needs=("texts",),
)
def concept_inside_text(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where concept_end <= len(text)."""
    return span_within_text(frame, evidence, "concept_end")


QUANTITY_RULES = (
    ends_ordered,
    value_within_ends,
    range_has_ends,
    change_has_ends,
    si_complete,
    currency_known,
    concept_span_complete,
    concept_inside_text,
    whole_span_complete,
)
