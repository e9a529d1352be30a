"""Clean nights raise no alarm, and each injected fault is named, with its source.

`python -m benchmarks.nights` asks the same of more and fuller nights.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from benchmarks.nights import FAULTS, Desk, Night, inject, nights
from expectations.bands import DAYS, LEAST_DAYS, Day, find_band
from expectations.check import check
from expectations.judge import judge
from expectations.measure import Tally, add_tallies, tally
from expectations.measures import FAILED, MEASURES, SILENCE, VOLUME

SCALE = 1.0
NIGHTS = 30


@pytest.fixture(scope="module")
def clean() -> tuple[Desk, list[set[tuple[str, str]]]]:
    return nights(7, NIGHTS, SCALE, warm=14)


def test_thirty_clean_nights_raise_at_most_one_alarm(
    clean: tuple[Desk, list[set[tuple[str, str]]]],
) -> None:
    assert sum(bool(alarms) for alarms in clean[1]) <= 1, clean[1]


@pytest.mark.parametrize(
    ("fault", "expectation", "source"),
    [f for f in FAULTS if not f[1].startswith(("text_", "published_")) or f[1] == "text_size"],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_an_injected_fault_is_named(
    clean: tuple[Desk, list[set[tuple[str, str]]]],
    fault: Callable[[Night], None],
    expectation: str,
    source: str,
) -> None:
    found = inject(clean[0], fault, 14 + NIGHTS, 7, SCALE, rules=False)
    assert (expectation, source) in found
    assert all(of in (source, "*") for _, of in found), "and no other source with it"


def test_rules_name_walls_letters_and_dates_row_by_row() -> None:
    night = Night(3, 7, 0.3)
    for fault in {f for f, rule, _ in FAULTS if rule.startswith(("text_is", "text_no", "pub"))}:
        fault(night)
    results = check(night.frames(), run_id="r", as_of=night.as_of, sources=night.sources).results
    failed = results[~results["success"]]
    found = set(zip(failed["expectation"], failed["source_id"], strict=True))
    assert {("text_is_no_wall", "herald"), ("text_no_mojibake", "coast"),
            ("published_not_after_fetch", "gazette")} <= found  # fmt: skip


def test_batches_of_any_number_add_up_to_the_same() -> None:
    night = Night(3, 7, 0.3)
    frames = night.frames()
    # texts are held against others of their batch, so this one has to differ
    apart = [m for m in MEASURES if m.id != "repeated_share"]
    whole = tally(frames, night.sources, night.as_of, apart)
    parts: dict[tuple[str, str, str], Tally] = {}
    articles = sorted(night.sources)
    for some in (articles[::2], articles[1::2]):
        batch = {n: f[f["article_id"].isin(some)] for n, f in frames.items()}
        add_tallies(parts, tally(batch, night.sources, night.as_of, apart))
    assert parts.keys() == whole.keys()
    for key, one in whole.items():
        assert (one.n, one.words) == (parts[key].n, parts[key].words)
        assert one.total == pytest.approx(parts[key].total)


def days(*values: float, n: int = 100) -> list[Day]:
    return [Day(age + 1, value, n) for age, value in enumerate(values)]


def test_nothing_is_judged_before_there_is_a_history() -> None:
    known = days(*[9.0] * (LEAST_DAYS - 1))
    assert find_band(VOLUME, known, 1).high is None
    assert find_band(VOLUME, [*known, Day(LEAST_DAYS, 9.0, 1)], 1).high is not None
    assert find_band(FAILED, [], 40).holds(1.0)


def test_one_bad_night_does_not_move_the_band() -> None:
    usual = days(*[20.0, 22.0, 19.0, 21.0, 23.0, 18.0] * 4)
    moved = [Day(25, 400.0, 1), *usual]
    assert find_band(VOLUME, moved, 1).high == pytest.approx(
        find_band(VOLUME, usual, 1).high, rel=0.2
    )


def test_few_values_are_judged_no_more_sharply_than_they_allow() -> None:
    (dated,) = (m for m in MEASURES if m.id == "dated_share")
    history = days(*[0.98, 0.97, 1.0, 0.99] * 7)
    assert find_band(dated, history, 2).holds(0.5)
    assert not find_band(dated, history, 6).holds(0.0)
    assert not find_band(dated, history, 200).holds(0.8)


def test_a_source_that_is_quiet_at_weekends_may_be() -> None:
    week = [30, 8, 9, 31, 28, 33, 29]  # Sunday lies one day back
    known = days(*[float(week[(age) % 7]) for age in range(1, DAYS + 1)])
    assert find_band(VOLUME, known, 1).holds(30)
    assert not find_band(VOLUME, known, 1).holds(0)


def test_a_silent_source_stays_an_alarm_for_as_long_as_it_is_silent() -> None:
    key = (SILENCE.table, SILENCE.id, "post")
    now = 20
    known = dict.fromkeys(range(now), 0.0)
    for night in range(now, now + 40):
        hours = 24.0 * (night - now + 1)
        history = [Day(night - n, value, 1) for n, value in known.items() if night - n <= DAYS]
        (row,) = judge({key: Tally(1, hours, hours**2)}, [SILENCE], {key: history}, "r")
        assert row["success"] == (hours <= 36)
        known[night] = hours


def test_runs_of_one_day_are_judged_together() -> None:
    key = (VOLUME.table, VOLUME.id, "post")
    known = {key: days(*[30.0] * 20)}
    now = datetime(2026, 3, 1, tzinfo=UTC).isoformat()
    (row, _) = reversed(judge({key: Tally(1, 20.0, 400.0)}, [VOLUME], known, now, {key: 400.0}))
    assert (row["success"], row["value"]) == (False, 20.0)
