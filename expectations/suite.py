"""The rules of a table on a frame: which hold, and which rows break the others.

What plainly holds is told by `screen`; all else is asked of Great Expectations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from expectations.rule import BrokenRule, Evidence, Rule, verdict_column
from expectations.screen import holds_everywhere


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
    asked = [rule for rule in rules if not holds_everywhere(rule, seen)]
    if not asked:
        return [Outcome(rule, True, len(frame)) for rule in rules]
    from expectations.ask import ask  # here: Great Expectations is slow to import

    answers = ask(asked, seen)
    outcomes = []
    for rule in rules:
        answer = answers.get(rule.id)
        if answer is None:
            outcomes.append(Outcome(rule, True, len(frame)))
        else:
            outcomes.append(
                Outcome(rule, answer.success, len(frame), answer.failing, answer.observed)
            )
    return outcomes


def _aligned(verdicts: pd.Series[Any], frame: pd.DataFrame) -> pd.Series[Any]:
    if len(verdicts) != len(frame):
        raise BrokenRule(f"a predicate gave {len(verdicts)} verdicts on {len(frame)} rows")
    return verdicts.reset_index(drop=True)
