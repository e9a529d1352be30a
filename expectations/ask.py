"""Rules asked of Great Expectations, on frames in memory.

The only module beside `datadocs` that imports Great Expectations, which takes seconds and memory:
import it where something is to be asked. Nothing is written and nothing leaves: the context lives
in memory, analytics are off.
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
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.expectations.expectation import BatchExpectation

from expectations.rule import BrokenRule, Rule
from expectations.screen import logical_type


@dataclass(frozen=True, slots=True)
class Answer:
    """What Great Expectations says of a rule: positions of the rows that broke it, or details."""

    success: bool
    failing: tuple[int, ...] = ()
    observed: Mapping[str, Any] = field(default_factory=dict)


def ask(rules: Sequence[Rule], frame: pd.DataFrame) -> dict[str, Answer]:
    """The answer to each rule by its id, with all rows that broke it.

    Raises:
        BrokenRule: an expectation raised.
    """
    batch = _batches().get_batch({"dataframe": frame})
    results = _validate(batch, rules, "BOOLEAN_ONLY")
    # which rows break a rule is asked only of those that some do
    broken = [rule for rule in rules if not results[rule.id].success]
    results |= _validate(batch, broken, "COMPLETE")
    return {rule.id: _answer(rule, results[rule.id]) for rule in rules}


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


def _answer(rule: Rule, found: Any) -> Answer:
    failing = tuple(sorted(found.result.get("unexpected_index_list") or ()))
    count = found.result.get("unexpected_count", 0)
    if count != len(failing):
        raise BrokenRule(f"{rule.id}: {count} rows failed, and only {len(failing)} were named")
    observed = {} if failing else dict(found.result.get("details") or {})
    return Answer(bool(found.success), failing, observed)


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
