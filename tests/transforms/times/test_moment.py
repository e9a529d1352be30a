"""The algebra of moments: truncate, shift, snap, and the values they spell."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from transforms.times.interval import to_interval
from transforms.times.moment import MONTHS, SPANS, shift, snap, truncate

INSTANTS = st.datetimes(datetime(1000, 1, 1), datetime(3000, 1, 1))


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
