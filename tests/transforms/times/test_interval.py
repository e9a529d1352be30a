"""The intervals of TIMEX3 values."""

from datetime import datetime

import pytest

from transforms.times.interval import to_interval


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
