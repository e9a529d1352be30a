"""Which pages are asked for, and when again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from flows.collect import Visit, due

FIRST = datetime(2026, 3, 1, 2, tzinfo=UTC)
AGES = (1, 6, 24, 72, 168)


def visit(last_hours: float) -> Visit:
    return Visit(FIRST + timedelta(hours=last_hours), FIRST, None, None, None)


@pytest.mark.parametrize(
    ("last", "now", "wanted"),
    [
        (0, 0.5, False),  # just seen
        (0, 1, True),
        (1, 5, False),
        (0, 24, True),  # one visit makes up for the ages of 1, 6 and 24 hours
        (24, 48, False),
        (24, 72, True),
        (72, 167, False),
        (72, 500, True),  # a week that was missed
        (168, 5000, False),  # old enough to stay as it is
    ],
)
def test_a_page_is_asked_for_again_as_it_comes_of_an_age(
    last: float, now: float, wanted: bool
) -> None:
    assert due(visit(last), AGES, FIRST + timedelta(hours=now)) is wanted


def test_an_unknown_page_is_asked_for_and_without_ages_no_other() -> None:
    assert due(None, AGES, FIRST)
    assert not due(visit(0), (), FIRST + timedelta(days=9))
    assert due(visit(0), (0,), FIRST)
