"""Rules across tables: what a fact points to comes with it, and is not itself held back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from expectations.rule import Evidence, Rule, Severity, verdict_column

POINTS: dict[str, tuple[tuple[str, tuple[str, ...], Severity], ...]] = {
    "nested_quotes": (("outer_quote_id", ("quotes",), "critical"),),
    "claims": (
        ("quantity_id", ("quantities",), "critical"),
        ("quote_id", ("quotes", "nested_quotes"), "critical"),
        ("time_id", ("times",), "critical"),
        ("place_mention_id", ("mentions",), "critical"),
        ("actor_mention_id", ("mentions",), "critical"),
        # both tables are under judgement themselves when this is asked
        ("answers_id", ("claims", "events"), "warning"),
    ),
    "events": (
        ("quote_id", ("quotes", "nested_quotes"), "critical"),
        ("time_id", ("times",), "critical"),
        ("place_mention_id", ("mentions",), "critical"),
        ("actor_mention_id", ("mentions",), "critical"),
        ("target_mention_id", ("mentions",), "critical"),
    ),
}
"""By table: a column, the tables whose key it holds, and how bad it is where it holds none."""

ORDER = (
    "article_versions", "mentions", "quantities", "times", "quotes", "nested_quotes", "claims",
    "events",
)  # fmt: skip
"""Tables in the order in which they are judged: what is pointed to before what points."""


def reference_rules(table: str) -> Iterator[Rule]:
    """A rule for each column that points to a row of another table."""
    for column, targets, severity in POINTS.get(table, ()):
        yield _reference(column, targets, severity)


def _reference(column: str, targets: tuple[str, ...], severity: Severity) -> Rule:
    def holds(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
        known = evidence.keys or {}
        values = frame[column]
        if not set(targets) <= set(known):
            return pd.Series(pd.array([None] * len(values), dtype="boolean"))
        there = values.isin(frozenset().union(*(known[t] for t in targets)))
        return there.where(values.notna(), None)

    rule_id = f"points_to:{column}"
    return Rule(
        rule_id,
        f"The row that {column} names is in {' or '.join(targets)} and comes along.",
        severity,
        "Mostly the row it names was held back itself: mend that first and replay both with"
        " `dateline quarantine replay`.",
        "ExpectColumnValuesToBeInSet",
        {"column": verdict_column(rule_id), "value_set": [True]},
        columns=(column, "surface"),
        holds=holds,
        needs=("keys",),
    )
