"""A user's own expectations: a Python file named in the settings."""

from __future__ import annotations

import runpy
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from expectations.measure import Measure
from expectations.measures import COUNTED, MEASURES
from expectations.rule import Rule
from expectations.rules import rules_of
from warehouse.tables import BY_NAME


class OwnExpectationsError(Exception):
    """The file of own expectations cannot be used; the message says where and why."""


@dataclass(frozen=True)
class Own:
    """A user's own rules by table, and measures."""

    rules: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    measures: tuple[Measure, ...] = ()


@cache
def load_own(path: Path | None) -> Own:
    """What the file declares: ``RULES``, a dictionary from table to rules, and ``MEASURES``.

    Raises:
        OwnExpectationsError: it cannot be run, or declares what is no rule or measure, one of a
            table that is not declared, or an id that is taken.
    """
    if path is None:
        return Own()
    try:
        names = runpy.run_path(str(path))
    except Exception as error:
        raise OwnExpectationsError(f"{path}: {type(error).__name__}: {error}") from error
    rules, measures = names.get("RULES", {}), tuple(names.get("MEASURES", ()))
    if not isinstance(rules, dict):
        raise OwnExpectationsError(f"{path}: RULES is no dictionary from table to rules")
    for table, listed in rules.items():
        _check(path, table, listed, Rule)
    for measure in measures:
        _check(path, getattr(measure, "table", None), [measure], Measure)
    return Own({table: tuple(listed) for table, listed in rules.items()}, measures)


def _check(path: Path, table: Any, listed: Sequence[Any], kind: type[Any]) -> None:
    if table not in BY_NAME:
        raise OwnExpectationsError(f"{path}: there is no table {table!r}: {', '.join(BY_NAME)}")
    taken = {r.id for r in rules_of(table)}
    taken |= {m.id for m in (*MEASURES, *COUNTED) if m.table == table}
    for one in listed:
        if not isinstance(one, kind):
            raise OwnExpectationsError(
                f"{path}: {table} has {one!r}, which is no {kind.__name__}: a rule is made by"
                " @expect, or a Rule of an expectation of Great Expectations"
            )
        if one.id in taken:
            raise OwnExpectationsError(f"{path}: {table} has an expectation {one.id!r} already")
        taken.add(one.id)
