"""The gate stops a run of which too much was rejected, and says what and why."""

from __future__ import annotations

import json

from expectations.gate import Excess, explain, find_excess

JUDGED = {
    ("mentions", "post"): (100, 90), ("mentions", "gazette"): (300, 0),
    ("quotes", "post"): (10, 10), ("times", "gazette"): (200, 120),
}  # fmt: skip


def names(limits: dict[str, float]) -> list[tuple[str, str]]:
    return [(e.table, e.source) for e in find_excess(JUDGED, limits, 50)]


def test_tables_are_held_to_their_limit_or_to_that_of_all() -> None:
    assert names({"*": 0.5}) == [("times", "*")]
    assert names({"*": 0.5, "times": 0.6}) == []
    assert names({"*": 0.1}) == [("mentions", "*"), ("times", "*")]


def test_a_source_stops_the_publish_only_where_it_has_a_limit() -> None:
    assert names({"*": 1.0, "post": 0.5}) == [("mentions", "post")]
    assert names({"*": 1.0, "post": 0.5, "mentions/post": 0.95}) == []


def test_few_rows_stop_nothing() -> None:
    assert [e.table for e in find_excess(JUDGED, {"*": 0.2}, 250)] == ["mentions"]


def test_the_message_names_rule_counts_and_examples() -> None:
    check = {
        "table_name": "times", "source_id": "*", "expectation": "timex_grammar", "success": False,
        "severity": "critical", "rows_failed": 120,
        "observed": json.dumps({"examples": [{"time_id": "7", "surface": "in May"}]}),
    }  # fmt: skip
    told = explain([Excess("times", "*", 200, 120, 0.5)], [check], {})
    assert told == (
        "120 of 200 times were rejected (60%, at most 50%): timex_grammar 120 times"
        " (such as 'in May')"
    )
    told = explain([Excess("article_versions", "*", 60, 60, 0.5)], [], {"empty: no text": 60})
    assert "empty: no text (60 times)" in told
