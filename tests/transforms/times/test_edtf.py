"""TIMEX3 values in EDTF."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.times import EDTF
from transforms.times.edtf import to_edtf
from transforms.times.interval import to_interval
from transforms.times.moment import MONTHS, SPANS, truncate


@pytest.mark.parametrize(
    ("value", "modifier", "edtf"),
    [
        ("2026-03-02", None, "2026-03-02"),
        ("2026-03", "APPROX", "2026-03~"),
        ("202", None, "202X"),
        ("19", None, "19XX"),
        ("2026-Q1", None, "2026-33"),
        ("2026-H2", None, "2026-41"),
        ("2025-WI", None, "2025-24"),
        ("2026-W09", None, "2026-02-23/2026-03-01"),
        ("2026-W09-WE", None, "2026-02-28/2026-03-01"),
        ("XXXX-12-25", None, "XXXX-12-25"),
        ("2026-03-02TNI", None, "2026-03-02"),
        ("2026-03-02T19:15", None, "2026-03-02T19:15:00"),
        ("XXXX-WXX-5", None, None),
        ("XXXX-XX-XX", None, None),
        ("PAST_REF", None, None),
        ("P3D", None, None),
        (None, None, None),
    ],
)
def test_values(value: str | None, modifier: str | None, edtf: str | None) -> None:
    assert to_edtf(value, modifier, *to_interval(value)) == edtf


def test_an_open_end_is_two_dots() -> None:
    assert to_edtf("PXX", None, datetime(2026, 3, 2), None) == "2026-03-02/.."
    assert to_edtf("PXX", None, None, datetime(2026, 3, 2)) == "../2026-03-01"


@given(st.datetimes(datetime(1000, 1, 1), datetime(3000, 1, 1)), st.sampled_from([*MONTHS, *SPANS]))
def test_every_moment_has_a_spelling(at: datetime, grain: str) -> None:
    value = str(truncate(at, grain))
    edtf = to_edtf(value, None, *to_interval(value))
    assert edtf is not None
    assert EDTF.fullmatch(edtf)
