"""Which rules plainly hold on a frame, told by one pass over a column.

Great Expectations takes milliseconds for a rule, whatever the rows; a batch has hundreds of rules
and nearly all hold. What is shown to hold here is not asked again; Great Expectations judges every
other rule, names the rows that break one, and has the last word where this pass is not sure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from expectations.rule import Rule


def holds_everywhere(rule: Rule, frame: pd.DataFrame) -> bool:
    """Whether every row passes for certain; false where a row fails or only the rule can tell."""
    known = _SCREENS.get(rule.expectation)
    column = rule.arguments.get("column")
    if known is None or column not in frame.columns or not set(rule.arguments) <= known[0]:
        return False
    values = pa.array(frame[column].array)
    return known[1](values, rule.arguments)


def _not_null(values: pa.Array, arguments: Mapping[str, Any]) -> bool:
    return bool(values.null_count == 0)


def _in_set(values: pa.Array, arguments: Mapping[str, Any]) -> bool:
    if pa.types.is_boolean(values.type):
        return arguments["value_set"] == [True] and pc.all(values, min_count=0).as_py() is True
    return pa.types.is_string(values.type) and set(_different(values)) <= set(
        arguments["value_set"]
    )


def _matches(values: pa.Array, arguments: Mapping[str, Any]) -> bool:
    if not pa.types.is_string(values.type):
        return False
    pattern = re.compile(arguments["regex"])
    return all(map(pattern.match, _different(values)))


def _between(values: pa.Array, arguments: Mapping[str, Any]) -> bool:
    if not (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)):
        return False
    if pa.types.is_floating(values.type) and pc.any(pc.is_nan(values), min_count=0).as_py():
        return False
    low, high = pc.min_max(values).as_py().values()
    if low is None:
        return True
    least = arguments.get("min_value")
    most = arguments.get("max_value")
    return bool(
        (-math.inf if least is None else least) <= low
        and high <= (math.inf if most is None else most)
    )


def _unique(values: pa.Array, arguments: Mapping[str, Any]) -> bool:
    return bool(values.null_count == 0 and pc.count_distinct(values).as_py() == len(values))


def _different(values: pa.Array) -> list[str]:
    found: list[str] = pc.unique(values.drop_null()).to_pylist()
    return found


_SCREENS: dict[str, tuple[frozenset[str], Callable[[pa.Array, Mapping[str, Any]], bool]]] = {
    "ExpectColumnValuesToNotBeNull": (frozenset({"column"}), _not_null),
    "ExpectColumnValuesToBeInSet": (frozenset({"column", "value_set"}), _in_set),
    "ExpectColumnValuesToMatchRegex": (frozenset({"column", "regex"}), _matches),
    "ExpectColumnValuesToBeBetween": (frozenset({"column", "min_value", "max_value"}), _between),
    "ExpectColumnValuesToBeUnique": (frozenset({"column"}), _unique),
}
"""By expectation: the arguments that are understood, and whether all values pass."""
