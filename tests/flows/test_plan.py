"""Which pages are asked for, and when again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.ingest import is_covered
from flows.plan import Visit, due, known_visits, plan, unfinished_sources
from flows.run import stage_records
from flows.sources.candidate import Candidate
from tests.empty import put_empty
from warehouse.lake import Warehouse, connect
from warehouse.publish import keep_records
from warehouse.tables import FETCHES, RUNS

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


PAGE = "https://news.example/ferry"


def record_run(
    lake: Warehouse, run_id: str, state: str, *fetches: tuple[str, str | None], day: int = 0
) -> None:
    at = FIRST + timedelta(days=day)
    counts = [c.name for c in RUNS.columns if c.type == "int64"]
    run: dict[str, Any] = dict.fromkeys(counts, 0)
    run |= {"run_id": run_id, "kind": "ingest", "started_at": at, "state": state}
    run |= {"code_version": "0"}
    stage_records(lake, run_id, RUNS, [run])
    rows = [
        {"fetch_id": f"{run_id}{n}", "run_id": run_id, "source_id": "desk", "url": url,
         "status": None if error else 200, "robots": "allowed", "error_class": error,
         "opt_outs": [], "started_at": at, "seconds": 0.1}
        for n, (url, error) in enumerate(fetches)
    ]  # fmt: skip
    stage_records(lake, run_id, FETCHES, rows)
    keep_records(lake, run_id)


@pytest.fixture
def lake(tmp_path: Path) -> Warehouse:
    made = Warehouse(tmp_path / "lake")
    put_empty(made)
    return made


def test_what_a_failed_run_fetched_is_fetched_again(lake: Warehouse) -> None:
    record_run(lake, "failed", "failed", (PAGE, None))
    with connect(lake) as connection:
        assert known_visits(connection, [PAGE]) == {}
        planned = plan(connection, [Candidate("desk", PAGE)], ages=AGES, sources=set(), now=FIRST)
        assert [p.candidate.url for p in planned] == [PAGE]
    record_run(lake, "good", "unchanged", (PAGE, None))
    with connect(lake) as connection:
        assert known_visits(connection, [PAGE])[PAGE].at == FIRST


def test_a_source_whose_page_could_not_be_had_is_asked_for_all_it_lists(lake: Warehouse) -> None:
    record_run(lake, "r0", "published", (PAGE, "timeout"), (PAGE + "/gone", "http_404"))
    with connect(lake) as connection:
        assert unfinished_sources(connection, FIRST + timedelta(days=1)) == {"desk"}
        assert unfinished_sources(connection, FIRST + timedelta(days=9)) == set()
    record_run(lake, "r1", "published", (PAGE, None), day=1)
    with connect(lake) as connection:
        assert unfinished_sources(connection, FIRST + timedelta(days=1)) == set()


def test_a_missed_night_is_covered_by_a_later_run_that_ended_well(lake: Warehouse) -> None:
    record_run(lake, "before", "published")
    record_run(lake, "failed", "failed", day=2)
    missed = FIRST + timedelta(days=1)
    assert not is_covered(lake, missed)
    record_run(lake, "after", "unchanged", day=3)
    assert is_covered(lake, missed)
    assert not is_covered(lake, FIRST + timedelta(days=4))
