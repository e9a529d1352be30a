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
    of_table = _TABLE_SCREENS.get(rule.expectation)
    if of_table is not None:
        return of_table(frame, rule.arguments)
    known = _SCREENS.get(rule.expectation)
    column = rule.arguments.get("column")
    if known is None or column not in frame.columns or not set(rule.arguments) <= known[0]:
        return False
    values = pa.array(frame[column].array)
    return known[1](values, rule.arguments)


def _not_null(values: pa.Array, arguments: Mapping[str, Any]) -> bool:
    return bool(values.null_count == 0)


def _in_set(values: pa.Array, arguments: Mapping[str, Any]) -> bool:
    if pa.types.is_null(values.type):
        return True  # verdicts on rows of which none was judged
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


def _declared_columns(frame: pd.DataFrame, arguments: Mapping[str, Any]) -> bool:
    return sorted(frame.columns) == sorted(arguments["column_set"])


def _declared_types(frame: pd.DataFrame, arguments: Mapping[str, Any]) -> bool:
    found = {str(name): logical_type(dtype) for name, dtype in frame.dtypes.items()}
    return all(found.get(name, kind) == kind for name, kind in arguments["types"].items())


def _unique_together(frame: pd.DataFrame, arguments: Mapping[str, Any]) -> bool:
    columns = frame[list(arguments["column_list"])]
    return not columns.isna().any(axis=None) and not columns.duplicated().any()


_TABLE_SCREENS: dict[str, Callable[[pd.DataFrame, Mapping[str, Any]], bool]] = {
    "ExpectTableColumnsToMatchSet": _declared_columns,
    "ExpectColumnsToBeOfDeclaredTypes": _declared_types,
    "ExpectCompoundColumnsToBeUnique": _unique_together,
}
"""By expectation about the table: whether it plainly holds."""


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
