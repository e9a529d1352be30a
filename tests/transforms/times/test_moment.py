"""The algebra of moments: truncate, shift, snap, and the values they spell."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from transforms.times.interval import to_interval
from transforms.times.moment import MONTHS, SPANS, Moment, shift, snap, truncate
from transforms.times.windows import move

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


@given(st.integers(1600, 2400))
def test_a_leap_day_comes_every_fourth_year_but_three_of_four_centuries(year: int) -> None:
    february = Moment(datetime(year, 2, 1), "M")
    march = shift(february, 1, "M")
    assert march is not None
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    assert (march.at - february.at).days == (29 if leap else 28)


@given(INSTANTS, st.integers(-60, 60))
def test_a_month_further_is_the_next_name_of_the_calendar(at: datetime, count: int) -> None:
    moved = shift(truncate(at, "M"), count, "M")
    assert moved is not None
    assert moved.at.month == (at.month - 1 + count) % 12 + 1
    assert moved.at.day == 1


@given(INSTANTS)
def test_an_iso_week_holds_its_day_and_ends_with_its_weekend(at: datetime) -> None:
    week, weekend = truncate(at, "W"), truncate(at, "WE")
    iso = at.isocalendar()
    assert str(week) == f"{iso.year:04d}-W{iso.week:02d}"
    assert week.at <= at < week.at + timedelta(7)
    assert weekend.at == week.at + timedelta(5)


@given(st.integers(1000, 3000), st.sampled_from(["Q", "HY", "M", "D", "H", "MIN", "S"]))
def test_the_first_instant_of_a_year_opens_its_units(year: int, grain: str) -> None:
    first = datetime(year, 1, 1)
    assert truncate(first, grain).at == first
    before = shift(truncate(first, grain), -1, grain)
    assert before is not None
    assert before.at.year == year - 1
    assert to_interval(str(before))[1] == first


@given(INSTANTS, st.integers(-500, 500), st.sampled_from(["M", "Q", "Y", "DE"]))
def test_a_day_moved_by_months_stays_its_day_or_ends_the_month(
    at: datetime, count: int, unit: str
) -> None:
    day = truncate(at, "D").at
    moved = move(day, count, unit)
    if moved is not None:
        month_end = (moved + timedelta(1)).day == 1
        assert moved.day == day.day or (month_end and moved.day < day.day)
        assert move(day, 0, unit) == day
