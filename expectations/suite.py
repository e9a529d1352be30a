"""The rules as suites of Great Expectations, run on frames in memory.

The only module that imports Great Expectations, which takes seconds: import it where it is used.
Nothing is written and nothing leaves: the context lives in memory, analytics are off.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when the package is imported

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
import pyarrow as pa
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.expectations.expectation import BatchExpectation

from expectations.rule import Evidence, Rule, verdict_column
from expectations.screen import holds_everywhere


class BrokenRule(Exception):
    """An expectation could not be evaluated: the fault is the rule's, not the data's."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one rule on one frame."""

    rule: Rule
    success: bool
    checked: int
    failing: tuple[int, ...] = ()
    """Positions of all rows that broke the rule; none for rules about columns."""
    observed: Mapping[str, Any] = field(default_factory=dict)


def evaluate(rules: Sequence[Rule], frame: pd.DataFrame, evidence: Evidence) -> list[Outcome]:
    """The outcome of each rule on the frame, in the order of the rules.

    Raises:
        BrokenRule: an expectation raised.
    """
    if frame.empty and not any(rule.whole for rule in rules):
        return [Outcome(rule, True, 0) for rule in rules]
    frame = frame.reset_index(drop=True)
    judged = {
        verdict_column(rule.id): _aligned(rule.holds(frame, evidence), frame)
        for rule in rules
        if rule.holds is not None
    }
    seen = frame.assign(**judged)
    # most rules plainly hold; of the others some do, and of the rest it is asked which rows do not
    asked = [rule for rule in rules if not holds_everywhere(rule, seen)]
    batch = _batches().get_batch({"dataframe": seen}) if asked else None
    results = _validate(batch, asked, "BOOLEAN_ONLY")
    broken = [rule for rule in asked if not results[rule.id].success]
    results |= _validate(batch, broken, "COMPLETE")
    return [
        _outcome(rule, results[rule.id], len(frame))
        if rule.id in results
        else Outcome(rule, True, len(frame))
        for rule in rules
    ]


def _validate(batch: Any, rules: Sequence[Rule], result_format: str) -> dict[str, Any]:
    """The result of each rule by its id."""
    if not rules:
        return {}
    found = batch.validate(
        gx.ExpectationSuite(name="rules", expectations=[to_expectation(r) for r in rules]),
        result_format=result_format,
    )
    results = {r.expectation_config.meta["rule"]: r for r in found.results}
    for rule_id, result in results.items():
        if message := _exception(result.exception_info):
            raise BrokenRule(f"{rule_id}: {message}")
    return results


def _aligned(verdicts: pd.Series[Any], frame: pd.DataFrame) -> pd.Series[Any]:
    if len(verdicts) != len(frame):
        raise BrokenRule(f"a predicate gave {len(verdicts)} verdicts on {len(frame)} rows")
    return verdicts.reset_index(drop=True)


def _outcome(rule: Rule, found: Any, rows: int) -> Outcome:
    failing = tuple(sorted(found.result.get("unexpected_index_list") or ()))
    count = found.result.get("unexpected_count", 0)
    if count != len(failing):
        raise BrokenRule(f"{rule.id}: {count} rows failed, and only {len(failing)} were named")
    observed = {} if failing else dict(found.result.get("details") or {})
    return Outcome(rule, bool(found.success), rows, failing, observed)


def _exception(info: Mapping[str, Any]) -> str | None:
    """The message of the exception, which is given flat or by metric."""
    parts = [info] if "raised_exception" in info else list(info.values())
    messages = [str(p["exception_message"]) for p in parts if p.get("raised_exception")]
    return messages[0] if messages else None


def quiet(context: Any) -> None:
    """Keep Great Expectations' progress bars off."""
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)


@cache
def _batches() -> Any:
    """The batch definition that every frame goes through."""
    context = gx.get_context(mode="ephemeral")
    quiet(context)
    source = context.data_sources.add_pandas("frames")
    return source.add_dataframe_asset("frame").add_batch_definition_whole_dataframe("whole")


def to_expectation(rule: Rule, *, described: bool = False) -> Any:
    """The rule as an expectation, without its words unless they are to be shown.

    Great Expectations copies all fields of an expectation dozens of times in a validation.
    """
    kind = getattr(gxe, rule.expectation, None) or globals()[rule.expectation]
    words = {"description": rule.description, "severity": rule.severity} if described else {}
    return kind(**rule.arguments, **words, meta={"rule": rule.id})


class ExpectColumnsToBeOfDeclaredTypes(BatchExpectation):  # type: ignore[misc]
    """Expect each column to be Arrow-backed and of its declared logical type.

    Great Expectations compares Python types only, to which an int32 and an int64 are the same.
    """

    metric_dependencies = ("table.column_types",)
    types: dict[str, str]

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        found = {c["name"]: logical_type(c["type"]) for c in metrics["table.column_types"]}
        wrong = {
            name: f"{found[name]} instead of {declared}"
            for name, declared in self.types.items()
            if name in found and found[name] != declared
        }
        return {"success": not wrong, "result": {"observed_value": len(wrong), "details": wrong}}


def logical_type(dtype: Any) -> str:
    """The declared name of a column's type; of any other type its own name."""
    if not isinstance(dtype, pd.ArrowDtype):
        return str(dtype)
    arrow = dtype.pyarrow_dtype
    if pa.types.is_list(arrow) and pa.types.is_string(arrow.value_type):
        return "list<string>"
    names = {
        pa.string(): "string",
        pa.int64(): "int64",
        pa.float64(): "double",
        pa.bool_(): "bool",
        pa.timestamp("us", tz="UTC"): "timestamp",
    }
    return names.get(arrow, str(arrow))
