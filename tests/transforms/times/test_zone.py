"""Wall clocks and instants, also where clocks change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.times.lexicon import load_words
from transforms.times.zone import find_local_day, load_zone, to_utc

ZONES = st.sampled_from(["Europe/Athens", "America/New_York", "Asia/Kathmandu", "-05:00", "Z"])


@pytest.mark.parametrize(
    ("local", "zone", "instant"),
    [
        (datetime(2024, 7, 1, 12), "Europe/Athens", datetime(2024, 7, 1, 9)),
        (datetime(2024, 1, 1, 12), "Europe/Athens", datetime(2024, 1, 1, 10)),
        (datetime(2024, 1, 1, 12), "+05:30", datetime(2024, 1, 1, 6, 30)),
        # 02:30 comes twice in the night of the change back, and not at all in that of the other
        (datetime(2024, 11, 3, 1, 30), "America/New_York", datetime(2024, 11, 3, 5, 30)),
        (datetime(2024, 3, 10, 2, 30), "America/New_York", datetime(2024, 3, 10, 7, 30)),
    ],
)
def test_instant(local: datetime, zone: str, instant: datetime) -> None:
    assert to_utc(local, zone) == instant


@given(st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)), ZONES)
def test_the_instant_shows_the_clock_it_came_from(local: datetime, zone: str) -> None:
    shown = to_utc(local, zone).replace(tzinfo=UTC).astimezone(load_zone(zone))
    skipped = shown.replace(tzinfo=None) - local
    assert timedelta(0) <= skipped <= timedelta(hours=1)


@given(st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)), ZONES)
def test_the_local_day_is_the_published_one_or_a_neighbour(at: datetime, zone: str) -> None:
    day = find_local_day(at, zone)
    assert abs(day - datetime(at.year, at.month, at.day)) <= timedelta(1)
    assert find_local_day(datetime(at.year, at.month, at.day), zone) == datetime(
        at.year, at.month, at.day
    )


def test_every_zone_of_the_words_is_known() -> None:
    for kind, value in load_words()[0].values():
        if kind == "z":
            assert load_zone(value)
