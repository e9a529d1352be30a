"""Quantities found in sentences: value, unit, kind, bound, change, concept, and what is none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.quantities.plain import bare, text_of
from transforms.language.document import Name
from transforms.language.pipeline import SpacyPipeline
from transforms.quantities.find import find_quantities
from warehouse.tables import Mention, Quantity, Time


def check(body: str, rows: list[Quantity]) -> None:
    last = 0
    for row in rows:
        assert 0 <= row.start < row.end <= len(body)
        assert last <= row.start
        last = row.end
        assert row.rule
        assert (row.value_low is None) == (row.value_high is None)
        if row.value_low is not None and row.value_high is not None:
            assert row.value_low <= (row.value_low if row.value is None else row.value)
            assert (row.value_high if row.value is None else row.value) <= row.value_high
            assert row.value_low < row.value_high
        if row.value_from is not None and row.value_to is not None:
            ends = (row.value_low, row.value_high)
            assert row.value is not None or set(ends) == {row.value_from, row.value_to}
        assert (row.value_si is not None) == (row.value is not None and row.unit_si is not None)
        assert row.currency is None or row.kind == "money"
        if row.part_of_start is not None:
            assert (row.part_of_start, row.part_of_end) in {(r.start, r.end) for r in rows}
        assert row.value is not None or row.value_low is not None
        if row.concept is not None:
            assert body[row.concept_start : row.concept_end] == row.concept


PIECES = st.sampled_from(
    [
        "5",
        "12",
        "3.4",
        "$",
        "£",
        "US$",
        "%",
        "percent",
        "million",
        "bn",
        "k",
        "-",
        "–",
        "to",
        "from",
        "between",
        "and",
        "or",
        ",",
        ".",
        "(",
        ")",
        "one",
        "two",
        "half",
        "third",
        "dozen",
        "dozens",
        "of",
        "a",
        "the",
        "years",
        "old",
        "people",
        "km/h",
        "m²",
        "°",
        '"',
        "'",
        "/",
        "per",
        "hour",
        "+",
        "~",
        "-7",
        "1990s",
        "20%",
        "½",
        "10,000",
        "second",
        "hundred",
        "point",
        "minus",
        "twice",
        "sixfold",
        "1/0",
        "1e999",
        "No.",
        "#",
        "Rs",
        "€5",
        "PS3m",
        "Y=9",
        "x10",
        "10^9",
        "aged",
        "rose",
        "no",
        "none",
        "casualties",
        "including",
        "of them",
        "of whom",
        "±",
        "more than",
        "less than",
        "but",
        "in his 30s",
        "not",
        "over-65s",
        "6'2\"",
        "per 100,000",
        "twice",
        "double the",
        "couple of",
        "several",
        "in",
    ]
)


@given(st.lists(PIECES, max_size=14), st.sampled_from(["", " "]))
@settings(max_examples=400, deadline=None)
def test_number_soup_never_crashes(pieces: list[str], joint: str) -> None:
    body = joint.join(pieces)
    check(body, find_quantities(text_of(body), bare(body), [], []))


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_random_unicode_never_crashes(body: str) -> None:
    check(body, find_quantities(text_of(body), bare(body), [], []))


@given(
    st.integers(2, 10**9),
    st.sampled_from([("km", "kilometre"), ("kg", "kilogram"), ("%", "percent")]),
)
@settings(max_examples=60, deadline=None)
def test_measures_round_trip(number: int, unit: tuple[str, str]) -> None:
    body = f"It was {number:,} {unit[0]} then."
    (row,) = find_quantities(text_of(body), bare(body), [], [])
    assert (row.value, row.unit) == (number, unit[1])


AMOUNTS = ["$1.2b", "1.2b", "£3m", "10k", "5 km", "-3", "€5/h", "6'2\"", "3½", "40%", "CHF 7", "2x"]


@given(st.integers(1, 400), st.integers(1, 59), st.integers(1, 59))
def test_hours_minutes_and_seconds_are_one_duration(hours: int, minutes: int, seconds: int) -> None:
    body = f"{hours} hours, {minutes} minutes and {seconds} seconds"
    (row,) = find_quantities(text_of(body), bare(body), [], [])
    assert (row.start, row.end, row.unit) == (0, len(body), "hour")
    assert row.value == pytest.approx(hours + minutes / 60 + seconds / 3600)


@given(
    st.integers(10, 99), st.integers(10, 99), st.sampled_from([" x ", "x", " by ", "-by-", " × "])
)
def test_the_sides_of_a_thing_share_their_unit(one: int, other: int, joint: str) -> None:
    body = f"{one}{joint}{other} cm"
    rows = find_quantities(text_of(body), bare(body), [], [])
    assert [(row.value, row.unit) for row in rows] == [
        (one, "centimetre"),
        (other, "centimetre"),
    ]


@pytest.mark.parametrize("amount", AMOUNTS)
def test_where_the_text_ends_changes_no_value(amount: str) -> None:
    whole = f"for {amount}"
    rows = [find_quantities(text_of(body), bare(body), [], []) for body in (whole, whole + " then")]
    first, second = [[(r.start, r.end, r.value, r.unit) for r in found] for found in rows]
    assert first == second
    assert len(first) == 1


def find(language: SpacyPipeline, body: str) -> list[Quantity]:
    (document,) = language.parse([body])
    rows = find_quantities(text_of(body), document, [], [])
    check(body, rows)
    return rows


CASES: list[tuple[str, dict[str, Any]]] = [
    (
        "The board will pay $4.5 billion for the mill.",
        {"value": 4.5e9, "unit": "US dollar", "unit_symbol": "USD", "kind": "money"},
    ),
    ("It sold for HK$30 million.", {"value": 3e7, "unit_symbol": "HKD"}),
    ("Oil cost $81 a barrel.", {"value": 81, "unit": "US dollar per barrel"}),
    (
        "The levy brought in between $10 and 15 billion.",
        {"value_low": 1e10, "value_high": 1.5e10, "unit": "US dollar"},
    ),
    ("Turnout fell 3.5 percent in May.", {"value": 3.5, "unit": "percent", "change": "down"}),
    ("Prices were up 7% in the port.", {"value": 7, "change": "up", "concept": "Prices"}),
    ("Rates climbed by 25 basis points.", {"value": 25, "unit": "basis point", "change": "up"}),
    ("The ridge is 40 square kilometres wide.", {"value": 40, "unit_symbol": "km2"}),
    ("He drove at 90 km/h.", {"value": 90, "unit_symbol": "km/h"}),
    ("The boat is 5 feet 6 inches wide.", {"value": 5.5, "unit": "foot"}),
    ("It was -12 °C in the valley.", {"value": -12, "unit_symbol": "Cel"}),
    (
        "More than 300 miners walked out.",
        {"value": 300, "modifier": "more_than", "concept": "miners", "kind": "count"},
    ),
    (
        "At least twelve fishermen drowned.",
        {"value": 12, "modifier": "at_least", "concept": "fishermen"},
    ),
    (
        "Dozens of farmers gathered.",
        {"value": None, "value_low": 12, "value_high": 120, "concept": "farmers"},
    ),
    (
        "About a third of the vines died.",
        {"value": 1 / 3, "modifier": "approx", "kind": "fraction"},
    ),
    ("The guard is 61 years old.", {"value": 61, "kind": "age", "unit": "year"}),
    ("The siege lasted three months.", {"value": 3, "kind": "duration", "unit": "month"}),
    ("Exports grew sixfold.", {"value": 6, "unit": "time"}),
    ("One in five pupils stayed home.", {"value": 0.2, "kind": "ratio"}),
    ("She finished in 14th place.", {"value": 14, "kind": "ordinal"}),
    ("Between 20 and 30 trucks burned.", {"value_low": 20, "value_high": 30, "concept": "trucks"}),
    ("The 8- to 10-metre wall held.", {"value_low": 8, "value_high": 10, "unit": "metre"}),
]


@pytest.mark.parametrize(("body", "want"), CASES)
def test_sentences(language: SpacyPipeline, body: str, want: dict[str, Any]) -> None:
    rows = find(language, body)
    assert any(
        all(
            getattr(row, key) == (pytest.approx(value) if isinstance(value, float) else value)
            for key, value in want.items()
        )
        for row in rows
    ), rows


@pytest.mark.parametrize(
    "body",
    [
        "The bridge opened in 1987.",
        "He was born on 14 March in Turin.",
        "No one knew, and the one on the left smiled.",
        "The RAV4 and the A380 were shown.",
        "Doors open at 7:30 p.m.",
        "Write to 42 Elm Road.",
        "The U.N. cited Article 51 of the charter.",
        "Rovers won 3-1 in the rain.",
    ],
)
def test_what_is_no_quantity(language: SpacyPipeline, body: str) -> None:
    assert find(language, body) == []


def test_two_currencies_are_two_rows(language: SpacyPipeline) -> None:
    first, second = find(language, "The club cost $3.2bn (£2.5bn).")
    assert (first.value, first.unit_symbol) == (3.2e9, "USD")
    assert (second.value, second.unit_symbol) == (2.5e9, "GBP")
    assert first.concept == second.concept == "club"


def test_times_and_mentions_reject_and_tell_ages() -> None:
    body = "Ann Lee, 44, of Flight 77 left on the 9th."
    document = bare(body)
    mention = Mention(start=0, end=7, rule="t", type="PERSON", canonical_name="Ann Lee")
    flight = Mention(start=16, end=25, rule="t", type="OTHER", canonical_name="Flight 77")
    (age, *rest) = find_quantities(text_of(body), document, [], [mention, flight])
    assert (age.kind, age.value, age.unit) == ("age", 44, "year")
    assert all(row.kind == "ordinal" for row in rest)
    day = "They met 12 then."
    time = Time(start=9, end=11, rule="t", timex_type="DATE")
    assert find_quantities(text_of(day), bare(day), [time], []) == []


def test_names_of_the_parse_are_not_needed() -> None:
    body = "It sank 3 km away."
    document = bare(body)
    document.names.append(Name(0, 1, "ORG"))
    (row,) = find_quantities(text_of(body), document, [], [])
    assert row.unit == "kilometre"
