"""Whether the rows of a batch may be published: good rows, rows held back, results of the rules."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from expectations.measure import ALL_SOURCES
from expectations.references import ORDER
from expectations.rule import Evidence, Rule, Version
from expectations.rules import rules_of
from expectations.suite import Outcome, evaluate
from warehouse.tables import (
    ARTICLE_VERSIONS,
    BY_NAME,
    CHECKS,
    FACTS,
    QUARANTINE,
    Table,
    arrow_schema,
)

SLICE = 50_000
"""Rows that are judged at a time."""

EXAMPLES = 10
"""Failing rows that are shown with a result."""

SHOWN = 200
"""Characters of a value that are shown in an example."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the expectations made of a batch. Every row is in `good` or `quarantined`, never both.

    Attributes:
        good: by table, the rows that broke no critical rule, in their order.
        quarantined: the others, as rows of the quarantine table.
        results: a row of the checks table for each rule.
        failed_tables: tables that broke a critical rule about the whole; they stop the publish.
    """

    good: dict[str, pd.DataFrame]
    quarantined: pd.DataFrame
    results: pd.DataFrame
    failed_tables: tuple[str, ...]


def check(
    frames: Mapping[str, pd.DataFrame],
    *,
    run_id: str,
    as_of: datetime,
    texts: pd.DataFrame | None = None,
    sources: Mapping[str, str] | None = None,
    extra: Mapping[str, Sequence[Rule]] | None = None,
    slice_rows: int = SLICE,
) -> Checked:
    """The rows that may be published and those that may not, with the result of every rule.

    Facts of an article version that is held back are held back too.

    Args:
        frames: by table, rows of the declared columns, before the publish adds its own.
        run_id: run the results belong to.
        as_of: when the batch was fetched, with a time zone.
        texts: article_id, version, text and, for facts of headlines, headline of the versions
            that facts point to; default the article versions among the frames. With neither,
            rules about texts are left out.
        sources: the source of each article; with it, a rule that was broken has a result for each
            source with a row that broke it, beside the one for all.
        extra: further rules by table, such as a user's own.
        slice_rows: rows judged at a time; it bounds memory and does not change the outcome.

    Raises:
        KeyError: a frame is of no declared table.
        expectations.rule.BrokenRule: a rule could not be evaluated.
    """
    evidence = find_evidence(frames, texts, as_of)
    judged: dict[str, _Judged] = {}
    # what is pointed to comes first: what becomes of it decides about what points
    for name in sorted(frames, key=_rank):
        rules = (*rules_of(name), *(extra or {}).get(name, ()))
        judged[name] = _judge(BY_NAME[name], frames[name], rules, evidence, slice_rows)
        if name == ARTICLE_VERSIONS.name:
            evidence = _without(evidence, frames[name], judged[name].good)
        elif name in (evidence.keys or {}):
            kept = _keys(BY_NAME[name], judged[name].good)
            evidence = replace(evidence, keys={**(evidence.keys or {}), name: kept})
    ordered = [judged[name] for name in frames]
    held = [record for j in ordered for record in j.held(run_id, as_of)]
    return Checked(
        good={j.table.name: j.good for j in ordered},
        quarantined=_to_frame(QUARANTINE, held),
        results=_to_frame(CHECKS, [r for j in ordered for r in j.results(run_id, sources or {})]),
        failed_tables=tuple(j.table.name for j in ordered if j.failed),
    )


def count_rows(
    frames: Mapping[str, pd.DataFrame], quarantined: pd.DataFrame, sources: Mapping[str, str]
) -> dict[tuple[str, str], tuple[int, int]]:
    """By table and source: how many rows came, and how many of them are held back."""
    came: Counter[tuple[str, str]] = Counter()
    held: Counter[tuple[str, str]] = Counter()
    for table, frame in frames.items():
        for article, count in frame["article_id"].value_counts().items():
            came[table, sources.get(str(article), ALL_SOURCES)] += int(count)
    pairs = zip(quarantined["table_name"], quarantined["article_id"], strict=True)
    for table, article in pairs:
        held[table, sources.get(article, ALL_SOURCES)] += 1
    return {key: (count, held[key]) for key, count in came.items()}


def merge_results(results: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The results of several batches of one run as one: counts added, examples joined."""
    merged: dict[tuple[str, ...], dict[str, Any]] = {}
    for frame in results:
        for row in _rows(frame):
            key = tuple(row[name] for name in CHECKS.key)
            row["observed"] = None if pd.isna(row["observed"]) else row["observed"]
            merged[key] = _add(merged[key], row) if key in merged else row
    return _to_frame(CHECKS, list(merged.values()))


def _add(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return one | {
        "success": one["success"] and other["success"],
        "rows_checked": one["rows_checked"] + other["rows_checked"],
        "rows_failed": one["rows_failed"] + other["rows_failed"],
        "observed": _join(one["observed"], other["observed"]),
    }


def _join(one: str | None, other: str | None) -> str | None:
    if one is None or other is None:
        return one or other
    first, second = json.loads(one), json.loads(other)
    both = second | first
    if "examples" in first and "examples" in second:
        both["examples"] = (first["examples"] + second["examples"])[:EXAMPLES]
    return _json(both)


# --------------------------------------------------------------------------- evidence


def find_evidence(
    frames: Mapping[str, pd.DataFrame], texts: pd.DataFrame | None, as_of: datetime
) -> Evidence:
    """What facts are judged against; versions that lack what is needed are no versions."""
    keys = {name: _keys(BY_NAME[name], f) for name, f in frames.items() if BY_NAME[name] in FACTS}
    texts = frames.get(ARTICLE_VERSIONS.name) if texts is None else texts
    if texts is None:
        return Evidence(as_of, keys=keys)
    if not {"article_id", "version", "text"} <= set(texts.columns):
        return Evidence(as_of, {}, {}, frozenset(), keys)
    found = dict(zip(_versions(texts), texts["text"].tolist(), strict=True))
    known = {k: v for k, v in found.items() if isinstance(v, str)}
    headlines = None
    if "headline" in texts.columns:
        said = (h if isinstance(h, str) else "" for h in texts["headline"].tolist())
        headlines = dict(zip(_versions(texts), said, strict=True))
    return Evidence(as_of, known, headlines, frozenset(found), keys)


def _rank(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _keys(table: Table, frame: pd.DataFrame) -> frozenset[str]:
    (key,) = table.key
    return frozenset(frame[key].dropna().tolist()) if key in frame.columns else frozenset()


def _versions(frame: pd.DataFrame) -> list[Version]:
    return list(zip(frame["article_id"].tolist(), frame["version"].tolist(), strict=True))


def _without(evidence: Evidence, versions: pd.DataFrame, good: pd.DataFrame) -> Evidence:
    """The evidence without the versions that are held back."""
    if not {"article_id", "version"} <= set(versions.columns):
        return replace(evidence, versions=frozenset())
    held = frozenset(_versions(versions)) - frozenset(_versions(good))
    return replace(evidence, versions=(evidence.versions or frozenset()) - held)


# --------------------------------------------------------------------------- one table


@dataclass(frozen=True, slots=True)
class _Judged:
    """A table's rows with what they broke."""

    table: Table
    frame: pd.DataFrame
    good: pd.DataFrame
    outcomes: list[Outcome]
    failed: bool

    def results(self, run_id: str, sources: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """Rows of the checks table: of all sources, then of each with a row that broke a rule."""
        of = self._sources(sources)
        totals = Counter(of)
        for outcome in self.outcomes:
            yield self._result(run_id, outcome, ALL_SOURCES, outcome.checked, outcome.failing)
            by_source: dict[str, list[int]] = {}
            for position in outcome.failing if of else ():
                by_source.setdefault(of[position], []).append(position)
            for source, failing in sorted(by_source.items()):
                yield self._result(run_id, outcome, source, totals[source], failing)

    def _sources(self, sources: Mapping[str, str]) -> list[str]:
        if not sources or "article_id" not in self.frame.columns:
            return []
        return [sources.get(a, ALL_SOURCES) for a in self.frame["article_id"].tolist()]

    def _result(
        self, run_id: str, outcome: Outcome, source: str, checked: int, failing: Sequence[int]
    ) -> dict[str, Any]:
        rule = outcome.rule
        return {
            "run_id": run_id,
            "table_name": self.table.name,
            "expectation": rule.id,
            "source_id": source,
            "description": rule.description,
            "severity": rule.severity,
            "owner": rule.owner,
            "hint": rule.hint,
            "success": outcome.success,
            "rows_checked": checked,
            "rows_failed": len(failing),
            "observed": self._observed(outcome, failing),
        }

    def _observed(self, outcome: Outcome, failing: Sequence[int]) -> str | None:
        if not failing:
            return _json(dict(outcome.observed)) if outcome.observed else None
        # with these the words around what a row points to can be shown
        place = ("article_id", "version", "start", "end", "surface")
        wanted = (*self.table.key, *place, *outcome.rule.columns)
        shown = [n for n in wanted if n in self.frame.columns]
        rows = self.frame[list(dict.fromkeys(shown))].iloc[list(failing[:EXAMPLES])]
        return _json({"examples": [_shortened(r) for r in _records(rows)]})

    def held(self, run_id: str, as_of: datetime) -> Iterator[dict[str, Any]]:
        """Rows of the quarantine table."""
        broken: dict[int, list[Rule]] = {}
        for outcome in self.outcomes:
            for position in outcome.failing:
                broken.setdefault(position, []).append(outcome.rule)
        if self.failed and not all(o.success or o.failing for o in self.outcomes):
            whole = [o.rule for o in self.outcomes if not o.success and not o.failing]
            broken = dict.fromkeys(range(len(self.frame)), whole)
        positions = [p for p in sorted(broken) if any(r.severity == "critical" for r in broken[p])]
        seen: Counter[str] = Counter()
        for position, row in zip(positions, _records(self.frame.iloc[positions]), strict=True):
            rules = sorted(broken[position], key=lambda r: r.severity != "critical")
            names = [r.id for r in rules]
            text = _json(row)
            key = _key(self.table.name, text, *names)
            seen[key] += 1
            yield {
                # the same row twice is two rows held back
                "quarantine_id": key if seen[key] == 1 else _key(key, str(seen[key])),
                "table_name": self.table.name,
                "article_id": row.get("article_id"),
                "rules": names,
                "reason": " ".join(
                    f"Broken: {r.description}" for r in rules if r.severity == "critical"
                ),
                "row_json": text,
                "state": "open",
                "run_id": run_id,
                "recorded_at": as_of,
            }


def _judge(
    table: Table,
    frame: pd.DataFrame,
    rules: Sequence[Rule],
    evidence: Evidence,
    slice_rows: int,
) -> _Judged:
    evidence = evidence.of(table)
    rules = [r for r in rules if evidence.has(r.needs)]
    frame = frame.reset_index(drop=True)
    declared = [r for r in rules if r.whole and not r.columns]
    outcomes = evaluate(declared, frame.iloc[:0], evidence)
    if not all(o.success for o in outcomes):
        return _Judged(table, frame, _empty(table), _count(outcomes, len(frame)), True)
    outcomes = _count(outcomes, len(frame))
    unique = evaluate([r for r in rules if r.whole and r.columns], frame[list(table.key)], evidence)
    rows = [r for r in rules if not r.whole]
    parts = [
        evaluate(rows, frame.iloc[first : first + slice_rows], evidence)
        for first in range(0, max(1, len(frame)), slice_rows)
    ]
    outcomes += unique + [_joined(same, slice_rows) for same in zip(*parts, strict=True)]
    held = np.zeros(len(frame), dtype=bool)
    for outcome in outcomes:
        if outcome.rule.severity == "critical":
            held[list(outcome.failing)] = True
    failed = not all(o.success for o in unique)
    good = frame[~held].reset_index(drop=True) if held.any() else frame
    return _Judged(table, frame, good, outcomes, failed)


def _count(outcomes: Sequence[Outcome], rows: int) -> list[Outcome]:
    """Outcomes of rules about columns, which were judged without rows."""
    return [replace(o, checked=rows) for o in outcomes]


def _joined(slices: Sequence[Outcome], slice_rows: int) -> Outcome:
    """The outcome on the whole frame from those on its slices."""
    return replace(
        slices[0],
        success=all(o.success for o in slices),
        checked=sum(o.checked for o in slices),
        failing=tuple(
            number * slice_rows + position
            for number, outcome in enumerate(slices)
            for position in outcome.failing
        ),
    )


# --------------------------------------------------------------------------- representation


def _empty(table: Table) -> pd.DataFrame:
    return _to_frame(table, [])


def _to_frame(table: Table, records: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    schema = arrow_schema(table.columns)
    arrays = [pa.array([r.get(f.name) for r in records], f.type) for f in schema]
    data = pa.Table.from_arrays(arrays, schema=schema)
    frame: pd.DataFrame = data.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in frame.astype(object).to_dict("records")]


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as what JSON can say: times in ISO 8601, numbers that are none as text."""
    return [{k: _plain(v) for k, v in row.items()} for row in _rows(frame)]


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(v) for v in value]
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, str | int | bool):
        return value
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _shortened(row: dict[str, Any]) -> dict[str, Any]:
    return {
        k: v[:SHOWN] + "…" if isinstance(v, str) and len(v) > SHOWN else v for k, v in row.items()
    }


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def _key(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
