"""Tonight's measures held against the nights before: rows of the checks table."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from expectations.bands import KINDS, Band, Day, distance, find_band
from expectations.measure import Measure, Tallies, Tally, with_totals

Key = tuple[str, str, str]
"""Table, measure, source."""

WORDS = 40
"""Words of a mix that are kept; the rest count together."""


def judge(
    tallies: Tallies,
    measures: Iterable[Measure],
    history: Mapping[Key, Sequence[Day]],
    run_id: str,
    earlier: Mapping[Key, float] | None = None,
) -> list[dict[str, Any]]:
    """A row of the checks table for each measure and source that has a value tonight.

    Args:
        tallies: by source; for all sources together they are added up here, but for hours.
        measures: those that are judged.
        history: the days before tonight.
        run_id: the run.
        earlier: of numbers a day, what earlier runs of the same day have counted already.
    """
    known = {(m.table, m.id): m for m in measures}
    rows = []
    for key, tally in sorted(with_totals(tallies).items()):
        measure = known.get(key[:2])
        if measure is None or (measure.scale == "hours" and key[2] == "*"):
            continue
        rows.append(_judged(measure, key, tally, history.get(key, ()), run_id, earlier or {}))
    return rows


def _judged(
    measure: Measure,
    key: Key,
    tally: Tally,
    history: Sequence[Day],
    run_id: str,
    earlier: Mapping[Key, float],
) -> dict[str, Any]:
    value, told = _value(measure, tally, history)
    if measure.scale == "hours":
        # a silence that goes on is not what is usual
        history = [day for day in history if 24 * day.age >= value]
    band = find_band(measure, history, tally.n)
    if measure.scale == "mix" and tally.n < KINDS:
        band = Band(None, None, band.days)
    judged = value
    if measure.scale == "count" and key in earlier:
        judged = value + earlier[key]
        told = {"of_the_day": judged}
    holds = band.holds(judged)
    return {
        "run_id": run_id,
        "table_name": measure.table,
        "expectation": measure.id,
        "source_id": key[2],
        "description": measure.description,
        "severity": measure.severity,
        "owner": measure.owner,
        "hint": measure.hint,
        "success": holds,
        "rows_checked": tally.n,
        "rows_failed": 0,
        "value": value,
        "low": band.low,
        "high": band.high,
        "deviation": tally.deviation,
        "days": band.days,
        "observed": json.dumps(told, ensure_ascii=False) if told else None,
    }


def _value(
    measure: Measure, tally: Tally, history: Sequence[Day]
) -> tuple[float, dict[str, Any] | None]:
    if measure.scale == "mix":
        kept = dict(tally.words.most_common(WORDS))
        rest = tally.n - sum(kept.values())
        words = Counter(kept | ({"…": rest} if rest else {}))
        return distance(words, history), {"words": dict(words)}
    if measure.scale == "count":
        return tally.total, None
    if measure.scale == "size":
        return math.exp(tally.mean), None
    return tally.mean, None


def to_days(records: Iterable[Mapping[str, Any]]) -> dict[Key, list[Day]]:
    """History by table, measure and source from rows of checks, each with its `age` in days.

    Several runs of one day are one day: counts are added, the others averaged by what they rest on.
    """
    grouped: dict[tuple[Key, int], list[Mapping[str, Any]]] = {}
    for row in records:
        key = (row["table_name"], row["expectation"], row["source_id"])
        grouped.setdefault((key, int(row["age"])), []).append(row)
    days: dict[Key, list[Day]] = {}
    for (key, age), rows in sorted(grouped.items(), key=lambda item: item[0]):
        days.setdefault(key, []).append(_day(age, rows, added=key[1] == "volume"))
    return days


def _day(age: int, rows: Sequence[Mapping[str, Any]], *, added: bool) -> Day:
    n = sum(int(r["rows_checked"]) for r in rows)
    total = sum(r["value"] for r in rows)
    weighted = sum(r["value"] * r["rows_checked"] for r in rows) / n if n else total / len(rows)
    words: Counter[str] = Counter()
    for row in rows:
        if row.get("observed"):
            words.update(json.loads(row["observed"]).get("words", {}))
    return Day(
        age,
        total if added else weighted,
        n,
        max(r["deviation"] or 0.0 for r in rows),
        all(r["success"] for r in rows),
        words,
    )
