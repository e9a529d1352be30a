"""Days of holidays, fixed and movable."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.times.holidays import find_days, load_feasts
from transforms.times.lexicon import load_words

RULES = sorted({value for kind, value in load_words()[0].values() if kind == "H"})


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        ("fixed:12-25", "2024-12-25"),
        ("nth:11-4-4", "2024-11-28"),
        ("nth:11-4-4+1", "2024-11-29"),
        ("nth:11-1-1+1", "2024-11-05"),
        ("nth:05-1--1", "2024-05-27"),
        ("easter:0", "2024-03-31"),
        ("easter:0", "2000-04-23"),
        ("easter:-47", "2024-02-13"),
        ("orthodox:0", "2024-05-05"),
        ("feast:yom_kippur", "2024-10-12"),
        ("feast:eid_al_adha", "2024-06-16"),
        ("feast:lunar_new_year", "2024-02-10"),
        ("feast:diwali", "2024-10-31"),
    ],
)
def test_day(rule: str, day: str) -> None:
    first = datetime.fromisoformat(day)
    assert find_days(rule, first.year) == [(first, first + timedelta(1))]


def test_a_feast_of_many_days_and_one_that_comes_twice() -> None:
    ((first, end),) = find_days("feast:ramadan_beginning..eid_al_fitr", 2024)
    assert (first, (end - first).days) == (datetime(2024, 3, 11), 30)
    assert len(find_days("feast:eid_al_fitr", 2000)) == 2
    assert find_days("feast:eid_al_fitr", 1600) == []


@given(st.sampled_from(RULES), st.integers(1950, 2090))
def test_every_holiday_falls_into_its_year(rule: str, year: int) -> None:
    for first, end in find_days(rule, year):
        assert first.year == year
        assert first < end <= first + timedelta(31)


def test_feasts_are_in_order() -> None:
    for days in load_feasts().values():
        assert list(days) == sorted(set(days))
