"""The algebra of moments and the intervals of TIMEX3 values."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.times.value import MONTHS, SPANS, easter, shift, snap, to_interval, truncate

INSTANTS = st.datetimes(datetime(1000, 1, 1), datetime(3000, 1, 1))


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        ("2024-02", datetime(2024, 2, 1), datetime(2024, 3, 1)),
        ("2023-12-31", datetime(2023, 12, 31), datetime(2024, 1, 1)),
        ("2020-W53", datetime(2020, 12, 28), datetime(2021, 1, 4)),
        ("1989-Q4", datetime(1989, 10, 1), datetime(1990, 1, 1)),
        ("199", datetime(1990, 1, 1), datetime(2000, 1, 1)),
        ("19", datetime(1900, 1, 1), datetime(2000, 1, 1)),
        ("2024-03-10T17:00-05:00", datetime(2024, 3, 10, 22), datetime(2024, 3, 10, 22, 1)),
        ("2024-03-10T24:00", datetime(2024, 3, 11), datetime(2024, 3, 11, 0, 1)),
        ("XXXX-07-25", None, None),
        ("PRESENT_REF", None, None),
        ("2023-02-30", None, None),
        (None, None, None),
    ],
)
def test_interval(value: str | None, start: datetime | None, end: datetime | None) -> None:
    assert to_interval(value) == (start, end)


@given(INSTANTS, st.sampled_from([*MONTHS, *SPANS]))
def test_a_moment_and_its_value_denote_the_same_start(at: datetime, grain: str) -> None:
    moment = truncate(at, grain)
    start, end = to_interval(str(moment))
    assert truncate(moment.at, grain) == moment
    assert start == moment.at
    assert end is not None
    assert end > start
    if grain != "WE":
        assert start <= at < end


@given(INSTANTS, st.integers(-400, 400), st.sampled_from([*MONTHS, *SPANS]))
def test_shift_can_be_undone(at: datetime, count: int, grain: str) -> None:
    moment = truncate(at, grain)
    there = shift(moment, count, grain)
    if there is not None and there.at.year > 1000:
        assert shift(there, -count, grain) == moment


@given(INSTANTS, st.integers(1, 7), st.integers(-1, 1))
def test_snap_gives_the_weekday_within_a_week(at: datetime, weekday: int, direction: int) -> None:
    day = truncate(at, "D").at
    found = snap(day, weekday, direction)
    assert found is not None
    assert found.at.isoweekday() == weekday
    gap = (found.at - day).days
    assert {-1: -7 <= gap < 0, 0: -7 < gap <= 0, 1: 0 < gap <= 7}[direction]


def test_easter() -> None:
    assert easter(2024) == datetime(2024, 3, 31)
    assert easter(2000) == datetime(2000, 4, 23)
