"""Rules run through Great Expectations name every row that breaks them, and own up to faults."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from expectations.rule import BrokenRule, Evidence, Rule, expect
from expectations.spans import verdicts
from expectations.suite import evaluate

EVIDENCE = Evidence(datetime(2026, 1, 1, tzinfo=UTC))
NUMBERS = pd.DataFrame({"n": pd.array(range(5000), dtype=pd.ArrowDtype(pa.int64()))})


def native(**arguments: Any) -> Rule:
    return Rule(
        "low", "n is low.", "critical", "", "ExpectColumnValuesToBeBetween",
        {"column": "n"} | arguments,
    )  # fmt: skip


@expect("n is even, if it is small.", hint="", columns=("n",))
def even(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    return verdicts(n % 2 == 0 if n < 4000 else None for n in frame["n"].tolist())


def test_every_failing_row_is_named() -> None:
    low, evens = evaluate([native(max_value=10), even], NUMBERS, EVIDENCE)
    assert low.failing == tuple(range(11, 5000))
    assert evens.failing == tuple(range(1, 4000, 2))
    assert (low.checked, low.success, evens.success) == (5000, False, False)


def test_rows_are_named_by_position_whatever_the_index_says() -> None:
    part = NUMBERS.iloc[100:120]
    (low,) = evaluate([native(max_value=115)], part, EVIDENCE)
    assert low.failing == (16, 17, 18, 19)


def test_a_rule_that_cannot_be_evaluated_says_so() -> None:
    with pytest.raises(BrokenRule, match="low"):
        evaluate([native(min_value=3, column="absent")], NUMBERS, EVIDENCE)

    @expect("Too few verdicts.", hint="", columns=())
    def short(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
        return verdicts([True])

    with pytest.raises(BrokenRule, match="1 verdicts"):
        evaluate([short], NUMBERS, EVIDENCE)
