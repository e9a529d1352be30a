"""Whether a run may be published: not where too large a share of what came was rejected."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from expectations.measure import ALL_SOURCES

Judged = Mapping[tuple[str, str], tuple[int, int]]
"""By table and source: rows that came, and how many of them were rejected."""

DEFAULT = "*"
"""Name of the limit of tables that have none of their own."""

EXAMPLES = 3

PLACE = ("version", "start", "end")
"""Columns that say where something stands, and nothing to a reader."""


@dataclass(frozen=True, slots=True)
class Excess:
    """A table, or what one source brought of it, of which too much was rejected."""

    table: str
    source: str
    came: int
    held: int
    limit: float

    @property
    def words(self) -> str:
        """The counts, and the setting that they exceed."""
        of = "" if self.source == ALL_SOURCES else f" of {self.source}"
        return (
            f"{self.held:,} of {self.came:,} {self.table}{of} were rejected"
            f" ({self.held / self.came:.0%}, at most {self.limit:.0%})"
        )


def find_excess(judged: Judged, limits: Mapping[str, float], min_rows: int) -> list[Excess]:
    """Where more was rejected than the limits allow, tables before their sources.

    A limit is named for a table, a source (all its tables), ``table/source``, or ``*`` for tables
    that have none of their own. Sources without a limit stop nothing: one bad source is no reason
    to lose a night.
    """
    tables: dict[str, tuple[int, int]] = {}
    for (table, _), (came, held) in judged.items():
        before = tables.get(table, (0, 0))
        tables[table] = (before[0] + came, before[1] + held)
    found = [
        _excess(table, ALL_SOURCES, counts, limits.get(table, limits.get(DEFAULT, 1.0)), min_rows)
        for table, counts in sorted(tables.items())
    ]
    for (table, source), counts in sorted(judged.items()):
        limit = limits.get(f"{table}/{source}", limits.get(source))
        if limit is not None:
            found.append(_excess(table, source, counts, limit, min_rows))
    return [excess for excess in found if excess]


def _excess(
    table: str, source: str, counts: tuple[int, int], limit: float, min_rows: int
) -> Excess | None:
    came, held = counts
    if came < min_rows or held <= limit * came:
        return None
    return Excess(table, source, came, held, limit)


def explain(
    excesses: Sequence[Excess],
    checks: Iterable[Mapping[str, Any]],
    reasons: Mapping[str, int],
) -> str:
    """What stopped the publish: each excess with the rules behind it, counts and examples.

    Args:
        excesses: what exceeded a limit.
        checks: results of the rules.
        reasons: why documents gave no article, with how often.
    """
    failed = [c for c in checks if not c["success"] and c["severity"] == "critical"]
    told = []
    for excess in excesses:
        rules = [
            c for c in failed
            if c["table_name"] == excess.table and c["source_id"] == excess.source
        ]  # fmt: skip
        rules.sort(key=lambda c: -c["rows_failed"])
        parts = [f"{c['expectation']} {c['rows_failed']:,} times{_examples(c)}" for c in rules[:3]]
        if not parts:
            parts = [f"{reason} ({count:,} times)" for reason, count in list(reasons.items())[:3]]
        told.append(f"{excess.words}: {'; '.join(parts) or 'see the quarantine'}")
    return ". ".join(told)


def explain_broken(checks: Sequence[Mapping[str, Any]]) -> str:
    """Which rules were broken, of which table, how often, with examples."""
    return "; ".join(
        f"{c['rows_failed'] or c['rows_checked']:,} of {c['rows_checked']:,} {c['table_name']}"
        f" broke {c['expectation']} ({c['description'].rstrip('.')}){_examples(c)}"
        for c in checks
    )


def _examples(check: Mapping[str, Any]) -> str:
    rows = json.loads(check["observed"] or "{}").get("examples", [])[:EXAMPLES]
    shown = []
    for row in rows:
        values = [v for k, v in row.items() if not k.endswith("_id") and k not in PLACE and v]
        if values:
            shown.append(" ".join(str(v)[:40] for v in values[:3]))
    return f" (such as {', '.join(repr(s) for s in shown)})" if shown else ""
