"""What follows from texts and facts is held to its declaration before it is published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows import finish as ending
from flows.audit import ValidationStopped
from flows.finish import finish
from flows.settings import Settings
from tests.flows.test_balance import FATES, ask, begun, put, warehouse
from warehouse.tables import ARTICLES, BY_NAME, DUPLICATES, ENTITIES, READINGS, RUNS, Table


def spoil(path: Path, table: Table, **said: object) -> None:
    """Change the first row of a staged file."""
    rows = pq.read_table(path).to_pylist()
    rows[0] |= said
    schema = pa.schema([f.with_nullable(True) for f in pq.read_schema(path)])
    pq.write_table(pa.Table.from_pylist(rows, schema), path)


@pytest.fixture
def made(tmp_path: Path) -> Settings:
    return warehouse(tmp_path)


@pytest.mark.parametrize(
    ("table", "said", "told"),
    [
        (ARTICLES, {"current_version": "0" * 16}, "1 of 1 articles broke current_version_comes"),
        (READINGS, {"stamp": "none"}, "readings broke pattern:stamp"),
        (DUPLICATES, {"relation": "cousin"}, "duplicates broke enumeration:relation"),
        (ENTITIES, {"type": "STAR"}, "entities broke enumeration:type"),
        (RUNS, {"state": "fine"}, "runs broke enumeration:state"),
    ],
)
def test_a_bad_row_that_others_need_stops_the_publish(
    made: Settings, monkeypatch: pytest.MonkeyPatch, table: Table, said: dict[str, Any], told: str
) -> None:
    real = ending.audited

    def audited(run: Any, results: Any, tables: Any) -> Any:
        if table in tables:
            spoil(run.staged(table.name)[0], table, **said)
        return real(run, results, tables)

    monkeypatch.setattr(ending, "audited", audited)
    with begun(made) as run:
        put(run, [[FATES["good"](1)]])
        with pytest.raises(ValidationStopped, match=told) as stopped:
            finish(run, [])
    assert next(iter(v for v in said.values())) in str(stopped.value)  # an example is shown
    assert ask(made, "SELECT count(*) FROM lake.article_versions") == [(0,)]


def test_a_bad_record_of_a_fetch_or_source_is_held_back(made: Settings) -> None:
    state = {"source_id": "desk", "kind": "files", "location": "texts", "failures": -1}
    good = {"source_id": "post", "kind": "feed", "location": "https://post.example/feed",
            "failures": 0}  # fmt: skip
    with begun(made) as run:
        put(run, [[FATES["good"](1), FATES["refused"](1), FATES["missing page"](2)]])
        (fetches,) = run.staged("fetches")
        spoil(fetches, BY_NAME["fetches"], robots="perhaps")
        at = run.account.started_at
        finish(run, [state | {"updated_at": at}, good | {"updated_at": at}])
    assert run.account.state == "published"
    assert ask(made, "SELECT url FROM fetches") == [("https://post.example/2",)]
    assert ask(made, "SELECT source_id FROM sources") == [("post",)]
    held = ask(made, "SELECT table_name, source_id, location, rules, row_json FROM quarantine"
                     " ORDER BY table_name")  # fmt: skip
    assert [row[:4] for row in held] == [
        ("fetches", "desk", "https://post.example/1", ["enumeration:robots"]),
        ("sources", "desk", "texts", ["bounds:failures"]),
    ]
    assert json.loads(held[0][4])["robots"] == "perhaps"
    failed = ask(made, "SELECT table_name, rows_failed FROM checks WHERE NOT success ORDER BY ALL")
    assert failed == [("fetches", 1), ("sources", 1)]
    assert ask(made, "SELECT adds_up FROM run_balance") == [(True,)]
