"""What a rule is: an expectation on a table, in words that a person can act on.

A rule names a class of Great Expectations and its arguments. What Great Expectations has no class
for is a predicate over the frame; its verdicts become a column of their own, and the expectation
is that they are true. This module does not import Great Expectations, so rules are cheap to read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

import pandas as pd

from warehouse.tables import Table

Severity = Literal["critical", "warning", "info"]
"""Critical holds a row back, or stops the publish if the rule is the table's; the others report."""

Version = tuple[str, str]
"""article_id and version."""


class BrokenRule(Exception):
    """A rule could not be evaluated: the fault is the rule's, not the data's."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What rows are judged against beside themselves; null where it is not at hand.

    Attributes:
        as_of: when the batch was fetched.
        texts: the text of each article version.
        headlines: the headline of each, empty where it has none.
        versions: the article versions that are or will be in the warehouse.
        keys: by table, the keys of the facts that come along.
    """

    as_of: datetime
    texts: Mapping[Version, str] | None = None
    headlines: Mapping[Version, str] | None = None
    versions: frozenset[Version] | None = None
    keys: Mapping[str, frozenset[str]] | None = None

    def has(self, needs: tuple[str, ...]) -> bool:
        """Whether all of these attributes are known."""
        return all(getattr(self, name) is not None for name in needs)

    def of(self, table: Table) -> Evidence:
        """The evidence for rows of `table`: its texts are what their spans are into."""
        return self if table.spans == "text" else replace(self, texts=self.headlines)


Predicate = Callable[[pd.DataFrame, Evidence], "pd.Series[Any]"]
"""Verdicts on the rows of a frame: true, false, or null where there is nothing to judge."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One expectation.

    Attributes:
        id: unique within its table.
        description: what is expected, as a statement.
        severity: what a failure does.
        hint: where to look when it fails.
        expectation: class of ``great_expectations.expectations``.
        arguments: its arguments.
        columns: columns that show what is wrong with a row.
        whole: whether it is about the table as a whole rather than row by row.
        holds: the predicate whose verdicts are checked, for rules without a class of their own.
        needs: attributes of the evidence without which it cannot be judged.
        owner: who acts on a failure: ``pipeline`` who writes the code, ``sources`` who chooses
            the sources, or a name; the setting ``quality.owners`` says who that is.
    """

    id: str
    description: str
    severity: Severity
    hint: str
    expectation: str
    arguments: Mapping[str, Any]
    columns: tuple[str, ...] = ()
    whole: bool = False
    holds: Predicate | None = field(default=None, compare=False)
    needs: tuple[str, ...] = ()
    owner: str = "pipeline"


def verdict_column(rule_id: str) -> str:
    """Name of the column that holds the verdicts of a predicate."""
    return f"holds:{rule_id}"


def expect(
    description: str,
    *,
    hint: str,
    columns: tuple[str, ...],
    severity: Severity = "critical",
    needs: tuple[str, ...] = (),
    owner: str = "pipeline",
) -> Callable[[Predicate], Rule]:
    """A decorator that makes a rule, with its name for an id, of a predicate."""

    def make(holds: Predicate) -> Rule:
        rule_id = holds.__name__
        return Rule(
            id=rule_id,
            description=description,
            severity=severity,
            hint=hint,
            expectation="ExpectColumnValuesToBeInSet",
            arguments={"column": verdict_column(rule_id), "value_set": [True]},
            columns=columns,
            holds=holds,
            needs=needs,
            owner=owner,
        )

    return make
