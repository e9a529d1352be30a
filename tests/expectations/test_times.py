"""The grammar of TIMEX3 values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.times import EDTF, GRAMMAR, is_timex


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("DATE", "2026"),
        ("DATE", "20"),
        ("DATE", "202"),
        ("DATE", "BC0044"),
        ("DATE", "XXXX"),
        ("DATE", "2026-Q3"),
        ("DATE", "2026-QX"),
        ("DATE", "2026-H2"),
        ("DATE", "2026-SU"),
        ("DATE", "2026-W09"),
        ("DATE", "2026-W09-WE"),
        ("DATE", "XXXX-WXX-5"),
        ("DATE", "2024-02-29"),
        ("DATE", "2026-XX-XX"),
        ("DATE", "PRESENT_REF"),
        ("TIME", "2026-03-02T08"),
        ("TIME", "2026-03-02T08:30:15Z"),
        ("TIME", "2026-03-02T24:00"),
        ("TIME", "2026-03-02T08:30+05:30"),
        ("TIME", "XXXX-WXX-2TNI"),
        ("DURATION", "P1Y6M"),
        ("DURATION", "PXDE"),
        ("DURATION", "PT2.5H"),
        ("DURATION", "P1DT12H"),
        ("SET", "P1D"),
        ("SET", "XXXX-12-25"),
    ],
)
def test_values_of_the_grammar(kind: str, value: str) -> None:
    assert is_timex(kind, value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("DATE", ""),
        ("DATE", "2026-13"),
        ("DATE", "2026-00-01"),
        ("DATE", "2026-02-29"),
        ("DATE", "2026-3-2"),
        ("DATE", "2026-W54"),
        ("DATE", "2026-Q5"),
        ("DATE", "2026-03-02T08"),
        ("DATE", "P1D"),
        ("DATE", "Monday"),
        ("TIME", "2026-03-02"),
        ("TIME", "2026-03-02T08:61"),
        ("TIME", "2026-02-30TMO"),
        ("DURATION", "P"),
        ("DURATION", "PT"),
        ("DURATION", "P1"),
        ("DURATION", "1Y"),
        ("DURATION", "2026"),
        ("SET", "daily"),
        ("EVENT", "2026"),
    ],
)
def test_values_outside_the_grammar(kind: str, value: str) -> None:
    assert not is_timex(kind, value)


@given(st.sampled_from(list(GRAMMAR)), st.text(max_size=20))
def test_any_text_is_judged(kind: str, value: str) -> None:
    is_timex(kind, value)
    assert not is_timex(kind, value + "\n")


@given(st.dates())
def test_every_day_is_a_date(day: object) -> None:
    assert is_timex("DATE", str(day))
    assert is_timex("SET", str(day))
    assert not is_timex("DURATION", str(day))


@pytest.mark.parametrize(
    "value",
    ["2026", "202X", "2026-03~", "XXXX-12-25", "2026-33", "2026-03-02T08:30:00Z", "2026-03-02/.."],
)
def test_edtf(value: str) -> None:
    assert EDTF.fullmatch(value)


@pytest.mark.parametrize("value", ["", "2026-13", "../..", "2026-W09", "2026-03-02/", "T08:30"])
def test_no_edtf(value: str) -> None:
    assert not EDTF.fullmatch(value)
