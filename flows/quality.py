"""A run's numbers held against the nights before it: rows of `checks` that make the history."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import duckdb
import pandas as pd

from expectations.bands import DAYS
from expectations.judge import Key, judge, to_days
from expectations.measure import ALL_SOURCES, Measure, Tallies, Tally, add_tallies, tally
from expectations.measures import COPIES, COUNTED, FAILED, HELD, MEASURES, SILENCE, VOLUME
from expectations.own import load_own
from flows.run import Account
from flows.settings import Settings
from warehouse.lake import connect
from warehouse.store import Place, read_parquet
from warehouse.tables import ARTICLE_VERSIONS, RUNS

Record = dict[str, Any]

LISTING = ("feed", "sitemap", "site")
"""Kinds of sources that go on bringing news; a folder, a page or an archive ends."""


def judge_run(
    settings: Settings,
    account: Account,
    fetches: Sequence[Place],
    articles: Sequence[Place],
    stories: Sequence[Record] = (),
) -> list[Record]:
    """A row of `checks` for each measure of a run and each source that it has a value for.

    Args:
        settings: of the run.
        account: with the tallies of its batches.
        fetches, articles: its staged files of these tables.
        stories: its rows of `duplicates`.
    """
    own = load_own(settings.quality.expectations)
    with connect(settings.lake) as connection:
        records = read_history(connection, account.started_at)
        last = last_articles(connection)
    tallies: Tallies = {}
    add_tallies(tallies, account.tallies)
    add_tallies(tallies, count_run(settings, account, fetches, last))
    if stories:
        frame = pd.DataFrame(stories)
        origin = _sources_of(articles)
        add_tallies(tallies, tally({COPIES.table: frame}, origin, account.started_at, [COPIES]))
    measured = judge(
        tallies,
        (*MEASURES, *COUNTED, *own.measures),
        to_days(r for r in records if r["age"] > 0),
        account.run_id,
        _today(r for r in records if r["age"] == 0),
    )
    return [*measured, judge_balance(account)]


def judge_balance(account: Account) -> Record:
    """The row of `checks` that says whether all that came in a run is somewhere.

    What came is counted where it is handed out, and what became of it where that is decided.
    """
    missing = {"documents": account.items_missing, "rows": account.rows_missing}
    lost = {what: count for what, count in missing.items() if count}
    return {
        "run_id": account.run_id,
        "table_name": RUNS.name,
        "expectation": "adds_up",
        "source_id": ALL_SOURCES,
        "description": "All that came in was published, known, held back, or left out for a"
        " reason.",
        "severity": "critical",
        "owner": "pipeline",
        "hint": "See run_balance: a stage dropped what it was given (or, below zero, gave it"
        " twice). What is missing is asked for again with the next run; tell whoever writes the"
        " code.",
        "success": not lost,
        "rows_checked": account.items_in + account.rows_in,
        "rows_failed": sum(map(abs, lost.values())),
        "observed": json.dumps({f"{k} missing": v for k, v in lost.items()}) if lost else None,
    }


def read_history(connection: duckdb.DuckDBPyConnection, before: datetime) -> list[Record]:
    """Measured values of the four weeks before, each with its `age` in days; 0 is the same day.

    Ages are rounded, so that a night that begins some minutes earlier or later is a night apart.
    Failed runs do not count: what they brought comes again.
    """
    result = connection.execute(
        """
        SELECT c.table_name, c.expectation, c.source_id, c.value, c.rows_checked, c.deviation,
               c.success, c.observed,
               round(epoch($before::TIMESTAMPTZ - r.started_at) / 86400)::BIGINT AS age
        FROM checks c JOIN runs r USING (run_id)
        WHERE c.value IS NOT NULL AND r.state <> 'failed' AND r.started_at < $before
          AND r.started_at > $before::TIMESTAMPTZ - to_days($days)
        """,
        {"before": before, "days": DAYS + 1},
    )
    names = [d[0] for d in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def last_articles(connection: duckdb.DuckDBPyConnection) -> dict[str, datetime]:
    """When the last new article of each source was first seen."""
    rows = connection.execute(
        "SELECT source_id, max(first_seen_at) FROM articles GROUP BY source_id"
    ).fetchall()
    return dict(rows)


def count_run(
    settings: Settings,
    account: Account,
    fetches: Sequence[Place],
    last: Mapping[str, datetime],
) -> Tallies:
    """What a run counts itself: new articles, silence, failed fetches, documents held back."""
    found: Tallies = {}

    def add(measure: Measure, source: str, n: int, total: float) -> None:
        squares = total if measure.scale == "share" else total * total
        found[measure.table, measure.id, source] = Tally(n, total, squares)

    new: dict[str, int] = defaultdict(int)
    for (table, source), (came, held) in account.judged.items():
        if table == ARTICLE_VERSIONS.name:
            new[source] += came - held
            add(HELD, source, came, held)
    for name in (s.id for s in settings.sources if s.kind in LISTING):
        add(VOLUME, name, 1, new[name])
        if new[name] or name in last:
            silent = account.started_at - last.get(name, account.started_at)
            add(SILENCE, name, 1, 0.0 if new[name] else silent.total_seconds() / 3600)
    for name, (failed, tried) in count_fetches(fetches).items():
        add(FAILED, name, tried, failed)
    return found


def count_fetches(paths: Sequence[Place]) -> dict[str, tuple[int, int]]:
    """By source: failed and all fetches in these staged files."""
    counts: dict[str, tuple[int, int]] = {}
    for path in paths:
        table = read_parquet(path, columns=["source_id", "error_class"])
        for source, error in zip(*(c.to_pylist() for c in table.columns), strict=True):
            failed, tried = counts.get(source, (0, 0))
            counts[source] = (failed + (error is not None), tried + 1)
    return counts


def _sources_of(paths: Sequence[Place]) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in paths:
        table = read_parquet(path, columns=["article_id", "source_id"])
        found |= dict(zip(*(c.to_pylist() for c in table.columns), strict=True))
    return found


def _today(records: Iterable[Record]) -> dict[Key, float]:
    """What earlier runs of the same day have counted."""
    counted: dict[Key, float] = defaultdict(float)
    for row in records:
        if row["expectation"] == VOLUME.id:
            counted[row["table_name"], row["expectation"], row["source_id"]] += row["value"]
    return counted
